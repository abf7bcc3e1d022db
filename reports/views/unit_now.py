"""How one unit stands in the programme and round asked for, on the day asked for."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import PortalRequest
from accounts.models import User
from assessments.deriving.days import end_of
from assessments.models import Assessment
from assessments.workflow import Status
from criteria.models import Programme, Round
from reports.rollup import Blocker, Standing, standings
from reports.rollup.closing import closing_cases
from reports.rollup.path import MINIMUM_CLOSINGS, Path, count_closings, shortest_path, unmet_of
from reports.rollup.plan import Plan
from reports.rollup.roadmap import load_plan
from reports.rollup.stays import MINIMUM_CASES, RECENT_YEARS, kept_stays
from reports.rollup.waiting import (
    Wait,
    Waiting,
    by_party,
    gathered,
    longest_waits,
    unit_sentence,
    waits_until,
)
from reports.views.days import AsOf, asked_day
from wards.models import Unit

PROGRAMME, YEAR = "chuong-trinh", "ky"
NOT_PROPOSED = "Còn tiêu chí chưa đạt nên chưa đề nghị công nhận được."


@dataclass
class UnitNow:
    """The unit's files, the one looked at, and what follows from it; parts come when asked for."""

    unit: Unit
    asked: AsOf
    files: Sequence[Assessment]
    """The latest round first, those opened after the day too."""
    file: Assessment | None
    minimum: int = MINIMUM_CLOSINGS
    minimum_files: int = MINIMUM_CASES
    recent_years: int = RECENT_YEARS

    @property
    def day(self) -> date:
        """The day the figures speak of."""
        return self.asked.day

    @property
    def waits_until(self) -> date:
        """The day to which waits are counted."""
        return waits_until(self.unit, self.day)

    @cached_property
    def plan(self) -> Plan | None:
        """The plan of the programme of the file; None without one."""
        return load_plan(self.file.round.programme) if self.file is not None else None

    @cached_property
    def standing(self) -> Standing | None:
        """How the unit stands in the round; None without a file on the day."""
        if self.file is None:
            return None
        found = standings(
            self.file.round,
            as_of=self.day,
            units={self.unit.pk},
            known=[self.unit],
            plan=self.plan,
        )
        return found[0] if found else None

    @cached_property
    def sentence(self) -> str:
        """The sentence at the top; empty without a file."""
        return unit_sentence(self.standing, as_of=self.day) if self.standing else ""

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        """What is in the way, in the order of criteria."""
        return self.standing.blockers if self.standing is not None else ()

    @cached_property
    def waiting(self) -> list[Waiting]:
        """What is in the way, by who must act."""
        standing = self.standing
        if standing is None or standing.status is None:
            return []
        return by_party(gathered(standing.blockers, standing.status))

    @property
    def oldest(self) -> Wait | None:
        """What has waited longest."""
        found = longest_waits([self.standing] if self.standing else [], as_of=self.day)
        return found[0] if found else None

    @property
    def next_step(self) -> str:
        """What happens next with the file; one that falls short is not proposed."""
        if self.standing is None:
            return ""
        falls_short = self.standing.status == Status.VERIFIED and unmet_of(self.blockers)
        return NOT_PROPOSED if falls_short else self.standing.next_step

    @cached_property
    def path(self) -> Path | None:
        """What remains to recognition; None where the road has ended, or has not begun."""
        standing, file = self.standing, self.file
        if standing is None or standing.status is None or file is None or self.plan is None:
            return None
        if not self.blockers:
            return None
        programme, province = file.round.programme, self.unit.province
        codes = [one.criterion for one in unmet_of(self.blockers)]
        cases = (
            closing_cases(
                programme,
                province,
                as_of=self.day,
                criteria_set=file.round.criteria_set,
                codes=codes,
            )
            if codes
            else ()
        )
        return shortest_path(
            standing.status,
            self.blockers,
            count_closings(cases),
            kept_stays(programme, province, self.plan, as_of=self.day),
        )

    @property
    def round(self) -> Round | None:
        """The round looked at."""
        return self.file.round if self.file is not None else None

    @cached_property
    def programmes(self) -> list[tuple[Programme, str, bool]]:
        """The programmes the unit has files in: each with its address, and whether it is shown."""
        found = {one.round.programme_id: one.round.programme for one in self.files}
        here = self.round.programme_id if self.round is not None else None
        return [
            (one, self._address({PROGRAMME: one.code}), one.pk == here) for one in found.values()
        ]

    @cached_property
    def years(self) -> list[tuple[int, str, bool]]:
        """The years of the programme shown: each with its address, and whether it is shown."""
        here = self.round
        if here is None:
            return []
        code = here.programme.code
        return [
            (year, self._address({PROGRAMME: code, YEAR: str(year)}), year == here.year)
            for year in sorted(
                one.round.year for one in self.files if one.round.programme_id == here.programme_id
            )
        ]

    def _address(self, wanted: dict[str, str]) -> str:
        day = {} if self.asked.is_today else {"ngay": self.day.isoformat()}
        return f"?{urlencode({**wanted, **day})}"


def unit_and_files(user: User, pk: uuid.UUID) -> tuple[Unit, list[Assessment]]:
    """A unit within reach, and its files, the latest round first; one query where it has any.

    Raises:
        Http404: it does not exist, or is out of reach.
    """
    files = list(
        Assessment.objects.visible_to(user)
        .filter(unit=pk)
        .select_related(
            "round__programme", "round__criteria_set", "unit__district", "unit__province"
        )
        .order_by("-round__year", "round__programme__code")
    )
    if files:
        return files[0].unit, files
    return get_object_or_404(Unit.objects.visible_to(user).with_places(), pk=pk), []


def load_now(pk: uuid.UUID, request: PortalRequest) -> UnitNow:
    """The unit on the day and in the round that `?chuong-trinh=` and `?ky=` ask for.

    Without them the round is the latest reached by the day.

    Raises:
        Http404: the unit is not within reach, or has no file in what is asked for.
    """
    unit, files = unit_and_files(request.user, pk)
    asked = asked_day(request, **{name: request.GET.get(name, "") for name in (PROGRAMME, YEAR)})
    wanted = dict(asked.kept)
    chosen = [
        one
        for one in files
        if wanted.get(PROGRAMME, one.round.programme.code) == one.round.programme.code
        and wanted.get(YEAR, str(one.round.year)) == str(one.round.year)
    ]
    if wanted and not chosen:
        raise Http404
    return UnitNow(unit, asked, files, _latest(chosen, asked.day))


def _latest(files: Sequence[Assessment], day: date) -> Assessment | None:
    """The file of the latest year reached by the day; one opened ahead, when there is no other."""
    opened = [one for one in files if max(one.opened_at, one.round.opened_at) <= end_of(day)]
    reached = [one for one in opened if one.round.year <= day.year]
    return next(iter(reached), opened[-1] if opened else None)
