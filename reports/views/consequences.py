"""What would follow from a reorganisation: it is carried out, looked at, and taken back."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count

from accounts.models import Role, User
from assessments.models import (
    OPEN_STATES,
    Assessment,
    Inspection,
    Recognition,
    Registration,
    Remedy,
    RoundLock,
)
from assessments.workflow import Status
from criteria.models import Programme, Round, TargetScope
from criteria.roster import units_in_scope
from reports.rollup import RoadmapRow, roadmap_rows
from reports.views.reach import readable_programmes
from wards.actions.reorganising import reorganise
from wards.boundaries import Draft
from wards.models import Posting, Unit

ROWS_SHOWN = 8
"""Target dates shown of one programme."""

NOBODY_LEFT = (
    "Phiếu và nội dung đã nhập ở lại với đơn vị cũ. Từ ngày hiệu lực không còn ai ở đơn vị để làm "
    "tiếp và nộp; muốn tính kết quả thì nộp trước ngày đó."
)
STILL_REVIEWED = (
    "Công an tỉnh vẫn thẩm định và kết luận được; kết quả thuộc về đơn vị cũ. Nếu trả lại thì "
    "không còn ai bổ sung."
)
STILL_DECIDED = (
    "Vẫn đề nghị và ghi quyết định công nhận cho đơn vị cũ được; đơn vị sau không đương nhiên được "
    "công nhận."
)
FATES = {
    Status.NOT_STARTED: NOBODY_LEFT,
    Status.IN_PROGRESS: NOBODY_LEFT,
    Status.RETURNED: NOBODY_LEFT,
    Status.SUBMITTED: STILL_REVIEWED,
    Status.UNDER_REVIEW: STILL_REVIEWED,
    Status.VERIFIED: STILL_DECIDED,
    Status.PROPOSED: STILL_DECIDED,
}
"""What becomes of an open file of a unit that ends; concluded roads are history already."""


@dataclass(frozen=True, slots=True)
class FileFate:
    """Open files in one state, and what becomes of them."""

    status: Status
    files: list[Assessment]

    @property
    def sentence(self) -> str:
        """What becomes of them."""
        return FATES[self.status]


@dataclass(frozen=True, slots=True)
class RoundFate:
    """An open round, and the units that would get a file if it were opened again."""

    round: Round
    units: list[Unit]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class RowChange:
    """One target date before and after; either is missing where the row comes or goes."""

    before: RoadmapRow | None
    after: RoadmapRow | None

    @property
    def row(self) -> RoadmapRow:
        """Whichever there is, for what both share."""
        found = self.after or self.before
        if found is None:
            raise LookupError("A change has a row on one side at least.")
        return found

    @property
    def is_change(self) -> bool:
        """Whether any figure differs."""
        return self.figures(self.before) != self.figures(self.after)

    @staticmethod
    def figures(row: RoadmapRow | None) -> tuple[int, int, int] | None:
        """Roster, requirement and recognised on the day."""
        return (row.roster_now, row.required_now, row.recognised) if row else None


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A programme's target dates from the day on that would change."""

    programme: Programme
    rows: list[RowChange]


@dataclass
class Consequences:
    """Everything that would follow, in groups."""

    ending: list[Unit] = field(default_factory=list)
    staying: list[Unit] = field(default_factory=list)
    beginning: list[Unit] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    files: list[FileFate] = field(default_factory=list)
    rounds: list[RoundFate] = field(default_factory=list)
    plans: list[PlanChange] = field(default_factory=list)
    recognitions: list[Recognition] = field(default_factory=list)
    remedies: list[tuple[Unit, int]] = field(default_factory=list)
    inspections: list[Inspection] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)

    @property
    def commanders(self) -> list[Posting]:
        """Postings of commanders that end: each may go on in a new unit."""
        return [one for one in self.postings if one.role == Role.COMMANDER]

    @property
    def open_files(self) -> int:
        """How many files are still on their way."""
        return sum(len(fate.files) for fate in self.files)

    @property
    def open_remedies(self) -> int:
        """How many acts are still to be done."""
        return sum(number for _, number in self.remedies)


def consequences_of(draft: Draft, *, by: User, now: datetime) -> Consequences:
    """What `reorganise` would do with this draft; nothing of it stays.

    Raises:
        NotAllowed: as `reorganise`.
        NotReady: as `reorganise`, so that whatever is refused is refused here already.
    """
    with transaction.atomic():
        found = _before(draft)
        programmes = _programmes(draft, by)
        rows = {one.pk: roadmap_rows(one, as_of=draft.on) for one in programmes}
        row = reorganise(draft, key=uuid.uuid4(), by=by, now=now)
        begun = Unit.objects.filter(origins__reorganisation=row).with_places().distinct()
        found.beginning = sorted(
            (unit for unit in begun if unit.valid_from == draft.on and _is_new(unit, draft)),
            key=lambda unit: [new.code for new in draft.new_units].index(unit.code),
        )
        for programme in programmes:
            changes = _changes(rows[programme.pk], roadmap_rows(programme, as_of=draft.on), draft)
            if changes:
                found.plans.append(PlanChange(programme, changes))
        found.rounds = _rounds(programmes, {unit.pk for unit in begun}, draft)
        transaction.set_rollback(True)
    return found


def _is_new(unit: Unit, draft: Draft) -> bool:
    return unit.pk not in {one.pk for one in draft.successors}


def _before(draft: Draft) -> Consequences:
    ended = [] if draft.keeps_predecessor else list(draft.predecessors)
    staying = [*draft.successors, *(draft.predecessors if draft.keeps_predecessor else ())]
    files: dict[str, list[Assessment]] = defaultdict(list)
    for file in (
        Assessment.objects.filter(unit__in=ended, status__in=list(FATES))
        .with_places()
        .order_by("-round__year", "unit__sort_key", "unit__code")
    ):
        files[file.status].append(file)
    remedies = dict(
        Remedy.objects.filter(unit__in=ended, state__in=OPEN_STATES)
        .order_by()
        .values_list("unit")
        .annotate(number=Count("pk"))
    )
    return Consequences(
        ending=ended,
        staying=staying,
        postings=list(
            Posting.objects.filter(unit__in=ended)
            .exclude(ends__lt=draft.on)
            .select_related("user", "unit__district")
            .order_by("unit__sort_key", "role", "pk")
        ),
        files=[FileFate(status, files[status]) for status in FATES if files[status]],
        recognitions=list(
            Recognition.objects.filter(unit__in=draft.predecessors)
            .in_force_on(draft.eve)
            .select_related("document", "unit__district", "programme")
        ),
        remedies=[(unit, remedies[unit.pk]) for unit in ended if unit.pk in remedies],
        inspections=list(
            Inspection.objects.filter(unit__in=ended)
            .still_planned()
            .with_places()
            .order_by("planned_for", "unit__sort_key", "pk")
        ),
        registrations=list(
            Registration.objects.filter(unit__in=ended, year__gte=draft.on.year)
            .select_related("unit__district", "programme")
            .order_by("year", "unit__sort_key")
        ),
    )


def _programmes(draft: Draft, by: User) -> list[Programme]:
    """Programmes whose figures the person reads and that may concern one of the units."""
    kinds = {unit.kind for unit in (*draft.predecessors, *draft.successors)}
    kinds |= {new.kind for new in draft.new_units}
    readable = readable_programmes(by).filter(ends__gte=draft.on.year)
    return [one for one in readable.order_by("code") if kinds & set(one.unit_kinds)]


def _changes(
    before: Sequence[RoadmapRow], after: Sequence[RoadmapRow], draft: Draft
) -> list[RowChange]:
    """The next target of the whole programme, and every later row that changes."""
    old, new = _by_key(before, draft.on), _by_key(after, draft.on)
    found = [RowChange(old.get(key), new.get(key)) for key in {**new, **old}]
    following = next((one for one in found if one.row.scope == TargetScope.ALL), None)
    return [one for one in found if one is following or one.is_change][:ROWS_SHOWN]


def _by_key(rows: Iterable[RoadmapRow], day: date) -> dict[tuple[date, str, str], RoadmapRow]:
    return {(row.by, row.scope, row.scope_label): row for row in rows if row.by >= day}


def _rounds(
    programmes: Sequence[Programme], begun: set[uuid.UUID], draft: Draft
) -> list[RoundFate]:
    """Rounds whose figures are counted on the day or later."""
    rounds = Round.objects.filter(programme__in=programmes, window_ends__gte=draft.on)
    found = []
    closed = set(
        RoundLock.objects.filter(round__in=rounds, unlocked_at__isnull=True).values_list(
            "round", flat=True
        )
    )
    for one in rounds.select_related("programme__document", "programme__province"):
        filed = set(one.assessments.filter(unit__in=begun).values_list("unit", flat=True))
        units = [
            unit
            for unit in units_in_scope(one.programme, one.window_ends)
            if unit.pk in begun - filed
        ]
        found.append(RoundFate(one, units, one.pk in closed))
    return found
