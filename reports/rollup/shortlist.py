"""Who may be chosen for a year, loaded in a fixed number of queries and ranked."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import Role
from assessments.deriving.days import end_of
from assessments.models import Baseline, BaselineFinding, Recognition, Registration
from criteria.models import Criterion, Programme, TargetScope
from criteria.scale import Outcome
from reports.rollup.achievements import known_achievements
from reports.rollup.loading import latest_of, standings
from reports.rollup.picking import Balance, Basis, Candidate, Goal, Unmet, rank
from reports.rollup.plan import Level, Plan
from reports.rollup.roadmap import load_plan
from reports.rollup.standing import Standing
from reports.rollup.targets import as_approved, restated
from wards.models import Posting, Province, Unit


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The candidates of a year in order, and what a choice is weighed against."""

    programme: Programme
    province: Province
    year: int
    as_of: date
    candidates: tuple[Candidate, ...]
    recognised: tuple[Recognition, ...]
    goal: Goal | None
    reviewers: int
    listed: frozenset[uuid.UUID]

    @property
    def ranked(self) -> list[tuple[int, Candidate]]:
        """Each with its place, from 1."""
        return list(enumerate(self.candidates, start=1))

    @property
    def by_survey(self) -> bool:
        """Whether any unit is known by a survey only."""
        return any(one.basis == Basis.SURVEY for one in self.candidates)

    @property
    def nothing_known(self) -> bool:
        """Whether nothing is known of any unit."""
        return not any(one.is_known for one in self.candidates)

    def balance(self, chosen: Collection[uuid.UUID]) -> Balance:
        """What choosing these comes to; units that are no candidates count for nothing."""
        here = frozenset(one.unit.pk for one in self.candidates)
        return Balance(here & frozenset(chosen), self.listed, self.reviewers, self.goal)


def load_shortlist(
    programme: Programme, province: Province, year: int, *, as_of: date
) -> Shortlist:
    """The units of a province that may be chosen for a year, by what is known at `as_of`."""
    day = min(max(as_of, date(year, 1, 1)), date(year, 12, 31))
    plan = load_plan(programme)
    units = plan.field.concerned_on(day)
    if programme.province_id is None:
        units = [unit for unit in units if unit.province_id == province.pk]
    recognised = {
        row.unit_id: row
        for row in Recognition.objects.filter(programme=programme, unit__in=units)
        .in_force_on(as_of)
        .select_related("document", "unit__district", "unit__province")
        .order_by("decided_on")
    }
    open_units = [unit for unit in units if unit.pk not in recognised]
    listed = _listed(programme, year, as_of, units)
    known = _known(programme, plan, open_units, as_of)
    due = _due(plan, year, day)
    candidates = [
        _candidate(unit, known.get(unit.pk), due.get(unit.pk, ""), listed.get(unit.pk, ()))
        for unit in open_units
    ]
    return Shortlist(
        programme,
        province,
        year,
        as_of,
        tuple(rank(candidates)),
        tuple(recognised[unit.pk] for unit in units if unit.pk in recognised),
        _goal(programme, province, plan, year, as_of),
        reviewers_serving(province, units, as_of),
        frozenset(listed),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one unit."""

    basis: Basis
    label: str
    said_by: str
    of: int
    unmet: tuple[Unmet, ...]


def _candidate(unit: Unit, known: Known | None, due: str, registered: Iterable[str]) -> Candidate:
    if known is None:
        return Candidate(unit, due=due, registered=tuple(registered))
    return Candidate(
        unit,
        known.basis,
        known.label,
        known.said_by,
        known.of,
        known.unmet,
        due,
        tuple(registered),
    )


def _listed(
    programme: Programme, year: int, as_of: date, units: Iterable[Unit]
) -> dict[uuid.UUID, list[str]]:
    here = {unit.pk for unit in units}
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    rows = Registration.objects.filter(programme=programme, year=year)
    for row in rows.known_at(end_of(as_of)).order_by("source"):
        if row.unit_id in here:
            found[row.unit_id].append(row.get_source_display())
    return dict(found)


def _known(
    programme: Programme, plan: Plan, units: list[Unit], as_of: date
) -> dict[uuid.UUID, Known]:
    """By criteria of the latest round where there is a result, else by the latest survey.

    None of the units is recognised.
    """
    found = _by_survey(programme, as_of)
    round_ = latest_of(plan.rounds, as_of=as_of)
    if round_ is not None:
        for standing in standings(
            round_,
            as_of=as_of,
            units={unit.pk for unit in units},
            plan=plan,
            known=units,
            recognitions={},
            with_blockers=False,
        ):
            if set(standing.outcomes.values()) - {Outcome.UNANSWERED}:
                found[standing.unit.pk] = _by_criteria(standing)
    return found


def _by_criteria(standing: Standing) -> Known:
    round_ = standing.round
    label = f"{round_.criteria_set.label}, kỳ {round_.year}" if round_ is not None else ""
    unmet = []
    for one in standing.frame.criteria:
        outcome = standing.outcomes.get(one.code, Outcome.UNANSWERED)
        if outcome != Outcome.MET:
            unmet.append(
                Unmet(one.code, one.title, outcome, one.owner, one.ward_alone, one.needs_building)
            )
    return Known(
        Basis.CRITERIA,
        label,
        "tỉnh xác nhận" if standing.is_concluded else "tự đánh giá",
        len(standing.frame.criteria),
        tuple(unmet),
    )


def _by_survey(programme: Programme, as_of: date) -> dict[uuid.UUID, Known]:
    """Per unit that the latest survey found failing, the groups it failed."""
    latest = Baseline.objects.filter(programme=programme, on__lte=as_of).order_by("-on")
    findings = list(
        BaselineFinding.objects.filter(baseline__in=latest.values("pk")[:1]).select_related(
            "baseline__document", "group", "criterion__group", "indicator__criterion__group"
        )
    )
    if not findings:
        return {}
    survey = findings[0].baseline
    groups = {}
    failed: dict[uuid.UUID, set[int]] = defaultdict(set)
    for row in findings:
        criterion = row.criterion or (row.indicator.criterion if row.indicator else None)
        group = row.group or (criterion.group if criterion else None)
        if group is not None:
            groups[group.pk] = group
            failed[row.unit_id].add(group.pk)
    inside: dict[int, list[Criterion]] = defaultdict(list)
    for one in Criterion.objects.filter(group__in=groups).order_by("position"):
        inside[one.group_id].append(one)
    unmet = {
        pk: Unmet(
            f"Nhóm {group.code}",
            group.name,
            ward_alone=all(one.ward_alone for one in inside[pk]),
            needs_building=any(one.needs_building for one in inside[pk]),
        )
        for pk, group in groups.items()
    }
    in_order = sorted(groups.values(), key=lambda group: group.position)
    label = f"khảo sát ngày {survey.on:%d/%m/%Y} ({survey.document.number})"
    return {
        unit: Known(
            Basis.SURVEY,
            label,
            "chỉ biết nhóm chưa đạt",
            len(groups),
            tuple(unmet[group.pk] for group in in_order if group.pk in missing),
        )
        for unit, missing in failed.items()
    }


def _due(plan: Plan, year: int, day: date) -> dict[uuid.UUID, str]:
    """The units that the rule for new units asks for by the end of the year."""
    found: dict[uuid.UUID, str] = {}
    for level in plan.levels(day):
        if level.scope.startswith("new_units") and level.by.year <= year:
            for unit in level.units:
                found[unit.pk] = f"{level.scope_label}: đến hạn năm {level.by.year}"
    return found


def _goal(
    programme: Programme, province: Province, plan: Plan, year: int, as_of: date
) -> Goal | None:
    """The target of the year, or the next one after it."""
    ahead = [
        level
        for level in plan.levels(as_of)
        if is_for(level, programme, province) and level.by.year >= year
    ]
    if not ahead:
        return None
    first = min(level.by for level in ahead)
    level = [one for one in ahead if one.by == first][-1]
    here = {unit.pk for unit in plan.field.on(level.units, min(level.by, as_of))}
    facts = known_achievements(programme, as_of=as_of, ids=plan.ids)
    reached = here & facts.reaching(plan.counting, by_year=level.by.year, on=as_of)
    wording = as_approved(level.target, of=len(level.units))
    return Goal(
        restated(level.required, len(level.units), len(here)),
        frozenset(here),
        frozenset(reached),
        f"{wording} đến {level.by:%d/%m/%Y} ({level.target.document_number})",
    )


def is_for(level: Level, programme: Programme, province: Province) -> bool:
    """Whether a target asks something of this province as a whole."""
    if programme.province_id is not None:
        return level.scope == TargetScope.ALL
    return (
        level.target.scope == TargetScope.EACH_PROVINCE and level.target.scope_code == province.code
    )


def reviewers_serving(province: Province, units: Iterable[Unit], as_of: date) -> int:
    """How many reviewers serve where the units lie, on the day."""
    provinces = {province.pk, *(unit.province_id for unit in units)}
    serving = Posting.objects.active_on(as_of).filter(role=Role.REVIEWER, province_id__in=provinces)
    return serving.order_by().values("user").distinct().count()
