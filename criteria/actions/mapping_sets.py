"""Saying what became of each criterion of the replaced set."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.access import NotReady
from accounts.models import User
from criteria.actions.holding import DraftConflict, hold, record
from criteria.models import Correspondence, CriteriaSet, Criterion, Relation

TAKEN_LINE = "Cặp tiêu chí này đã có trong bảng đối chiếu."


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be written."""

    former: Criterion | None
    current: Criterion | None
    relation: Relation
    note: str = ""


def lines_seen(criteria_set: CriteriaSet) -> str:
    """The mapping as it stands, in few characters."""
    rows = criteria_set.correspondences.order_by("pk").values_list(
        "pk", "former", "current", "relation", "note"
    )
    return hashlib.sha256(str(list(rows)).encode()).hexdigest()[:16]


def add_line(criteria_set: CriteriaSet, line: Line, *, by: User, now: datetime) -> None:
    """One more line of the mapping.

    Raises:
        NotAllowed: not a coordinator who may draft it.
        NotReady: published meanwhile, the set replaces none, or the pair is there already.
    """
    with transaction.atomic():
        hold(criteria_set, by=by, now=now)
        _write(criteria_set, [line])
        record(
            "criteria_set_mapped", criteria_set, by=by, now=now, details={"added": [_told(line)]}
        )


def remove_line(criteria_set: CriteriaSet, pk: int, *, by: User, now: datetime) -> None:
    """Take a line out; one that is gone already stays gone.

    Raises:
        NotAllowed: not a coordinator who may draft it.
        NotReady: published meanwhile.
    """
    with transaction.atomic():
        hold(criteria_set, by=by, now=now)
        found = criteria_set.correspondences.filter(pk=pk).first()
        if found is None:
            return
        told = f"{found} ({found.relation})"
        found.delete()
        record("criteria_set_mapped", criteria_set, by=by, now=now, details={"removed": [told]})


def confirm_suggestions(
    criteria_set: CriteriaSet, lines: Sequence[Line], *, seen: str, by: User, now: datetime
) -> None:
    """Write the suggested lines that a person ticked.

    Raises:
        NotAllowed: not a coordinator who may draft it.
        DraftConflict: the mapping changed since the suggestions were shown.
        NotReady: published meanwhile, or nothing was ticked.
    """
    if not lines:
        raise NotReady("Chưa đánh dấu dòng nào để xác nhận.")
    with transaction.atomic():
        hold(criteria_set, by=by, now=now)
        if lines_seen(criteria_set) != seen:
            raise DraftConflict(
                "Bảng đối chiếu đã được thay đổi ở nơi khác; chưa ghi dòng nào. Hãy xem lại."
            )
        _write(criteria_set, lines)
        record(
            "criteria_set_mapped",
            criteria_set,
            by=by,
            now=now,
            details={"added": [_told(line) for line in lines]},
        )


def suggestions(criteria_set: CriteriaSet) -> Iterator[Line]:
    """Criteria not mapped yet that bear the same code and the same title in both sets."""
    if criteria_set.replaces is None:
        return
    lines = list(criteria_set.correspondences.all())
    former_done = {line.former_id for line in lines}
    current_done = {line.current_id for line in lines}
    current = {(one.code, one.title): one for one in criteria_set.criteria.all()}
    for one in criteria_set.replaces.criteria.all():
        same = current.get((one.code, one.title))
        if same and one.pk not in former_done and same.pk not in current_done:
            yield Line(one, same, Relation.KEPT)


def _write(criteria_set: CriteriaSet, lines: Sequence[Line]) -> None:
    for line in lines:
        same = criteria_set.correspondences.filter(former=line.former, current=line.current)
        if same.exists():
            raise NotReady(TAKEN_LINE)
        Correspondence.objects.create(
            criteria_set=criteria_set,
            former=line.former,
            current=line.current,
            relation=line.relation,
            note=line.note,
        )


def _told(line: Line) -> str:
    former = line.former.code if line.former else "–"
    current = line.current.code if line.current else "–"
    return f"{former} → {current} ({line.relation})"
