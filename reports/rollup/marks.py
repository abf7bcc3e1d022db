"""Which edition of the files of a programme one looks at: what was read of it may be kept."""

from collections.abc import Hashable
from dataclasses import dataclass

from django.db.models import Q, Sum

from assessments.models import FileMark
from criteria.models import Round
from reports.rollup.plan import Plan
from wards.models import Province


@dataclass(frozen=True, slots=True)
class Marks:
    """Each differs from what it was before any change of what it stands for.

    None where nobody can tell: then nothing is kept.
    """

    reached: Hashable | None = None
    """Of what the units of the whole programme have reached, in all its years."""
    here: Hashable | None = None
    """Of how the files of one round stand, or those in one province; of the drafts among them."""


def load_marks(plan: Plan, round_: Round | None = None, province: Province | None = None) -> Marks:
    """The marks of a programme and of one round of it, in one query."""
    if plan.edition is None:
        return Marks()
    here = Q(round=round_) & (Q(province=province) if province is not None else Q())
    found = FileMark.objects.filter(round__in=plan.rounds).aggregate(
        reached=Sum("states"),
        states=Sum("states", filter=here),
        drafts=Sum("drafts", filter=here),
    )
    return Marks((plan.edition, found["reached"]), (plan.edition, found["states"], found["drafts"]))


def marks_of_files(plan: Plan, province: Province | None) -> Hashable | None:
    """The mark of all files of a programme, or of those in one province, of all its years.

    One query; None where nobody can tell.
    """
    if plan.edition is None:
        return None
    here = FileMark.objects.filter(round__in=plan.rounds)
    if province is not None:
        here = here.filter(province=province)
    found = here.aggregate(states=Sum("states"), drafts=Sum("drafts"))
    return plan.edition, found["states"], found["drafts"]
