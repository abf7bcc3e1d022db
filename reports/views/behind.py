"""The list behind a figure of the overview: which units, how they stand, whose turn it is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from accounts.models import User
from assessments.deriving.words import MET, OUTCOMES
from assessments.models import Assessment
from assessments.workflow import Status
from criteria.scale import Outcome
from reports.forms import BehindForm
from reports.rollup.deadlines import days_late, days_left, extended_deadlines
from reports.rollup.frame import Frame
from reports.rollup.heat import WEAKEST_FIRST
from reports.rollup.loading import files_of_place
from reports.rollup.rows import StateRow
from reports.views.days import AsOf
from reports.views.overview import picture_of, reading_of
from reports.views.picture import Picture
from reports.views.reach import reaches
from reports.workbook import MEDIA_TYPE, Sheet, file_response, write_sheets
from wards.models import Unit

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Part:
    """The criterion or group that is asked about: where its letters stand in a word."""

    code: str
    title: str
    owner: str
    start: int
    end: int

    def outcome_in(self, word: str) -> Outcome:
        """The outcome of the part: a group is what its weakest criterion is."""
        found = {OUTCOMES[letter] for letter in word[self.start : self.end]}
        return next((one for one in WEAKEST_FIRST if one in found), Outcome.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of the list; `outcome` is None when no criterion is asked about."""

    unit: Unit
    row: StateRow
    outcome: Outcome | None
    of: int
    days_late: int = 0
    days_left: int = 0
    """By the file's own deadline; known only where those not handed in are asked for."""

    @property
    def own_met(self) -> int:
        """How many criteria the station finds met."""
        return self.row.own_outcomes.count(MET)

    @property
    def verified_met(self) -> int | None:
        """How many the province found met; None until it has concluded."""
        return self.row.verified_outcomes.count(MET) if self.row.verified_outcomes else None


@dataclass(frozen=True, slots=True)
class Behind:
    """Everything the list shows: the part asked about, the lines, and how many there are of each
    outcome before one of them was chosen."""

    part: Part | None
    lines: Sequence[Line]
    counts: Sequence[tuple[Outcome, int]]
    of: int
    is_late_list: bool = False
    """Whether it is those who have not handed in, with their days."""


@allow(*READERS)
@require_safe
def overview_units(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """Units by criterion or group, outcome and status, the weakest first."""
    reading, asked = reading_of(request, code, year)
    picture = picture_of(reading, year, asked)
    if picture.round is None:
        raise Http404
    found, form = _asked(request, picture)
    page = Paginator(found.lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "picture": picture,
        "asked": asked,
        "reading": reading,
        "form": form,
        "behind": found,
        "page_obj": page,
        "lines": _linked(page.object_list, found.part, request.user),
        "other_figures": _kept(request),
    }
    return render(request, "reports/overview_units.html", context, status=asked.status)


@allow(*READERS)
@require_safe
def overview_units_workbook(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """The whole list as a workbook."""
    reading, asked = reading_of(request, code, year)
    picture = picture_of(reading, year, asked)
    if picture.round is None or asked.status != 200:
        raise Http404
    found, _ = _asked(request, picture)
    name = f"don-vi-{code}-{year}-{asked.day:%Y-%m-%d}.xlsx"
    return file_response(write_sheets([_sheet(picture, asked, found)]), MEDIA_TYPE, name)


def _kept(request: PortalRequest) -> str:
    """The parameters of the list without its page."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return f"?{asked.urlencode()}" if asked else ""


def _asked(request: PortalRequest, picture: Picture) -> tuple[Behind, BehindForm]:
    parts = parts_of(picture.frame)
    form = BehindForm(request.GET, parts=[(one.code, one.title) for one in parts.values()])
    wanted = form.cleaned_data if form.is_valid() else {}
    part = parts.get(wanted.get("muc", ""))
    status, outcome = wanted.get("trang_thai", ""), wanted.get("ket_qua", "")
    lines = lines_of(picture, part)
    if status:
        lines = [one for one in lines if one.row.status == status]
    if wanted.get("chua_nop"):
        lines = _latest_first(picture, [one for one in lines if one.row.submitted_on is None])
    counted = Counter(one.outcome for one in lines if one.outcome is not None)
    counts = [(one, counted[one]) for one in WEAKEST_FIRST if counted[one]]
    total = len(lines)
    if part is not None and outcome:
        lines = [one for one in lines if one.outcome == outcome]
    return Behind(part, lines, counts, total, bool(wanted.get("chua_nop"))), form


def _latest_first(picture: Picture, missing: Sequence[Line]) -> list[Line]:
    """Those who have not handed in with their days, the latest first."""
    if picture.round is None:
        return []
    files = Assessment.objects.filter(round=picture.round)
    extended, deadline = extended_deadlines(files, picture.as_of), picture.round.deadline
    found = []
    for one in missing:
        due_at = extended.get(one.row.assessment, deadline)
        late, left = days_late(due_at, picture.as_of), days_left(due_at, picture.as_of)
        found.append(replace(one, days_late=late, days_left=left))
    return sorted(found, key=lambda one: -one.days_late)


def parts_of(frame: Frame) -> Mapping[str, Part]:
    """Groups and criteria by code; a criterion that bears the code of a group comes first."""
    places = {one.code: place for place, one in enumerate(frame.criteria)}
    groups = {
        one.code: Part(
            one.code, one.name, "", places[one.criteria[0]], places[one.criteria[-1]] + 1
        )
        for one in frame.groups
    }
    criteria = {
        one.code: Part(
            one.code,
            one.title,
            "Công an phường" if one.ward_alone or not one.owner else one.owner,
            place,
            place + 1,
        )
        for place, one in enumerate(frame.criteria)
    }
    return {**groups, **criteria}


def lines_of(picture: Picture, part: Part | None) -> list[Line]:
    """The units that are looked at, those weakest in the part first, then in the order of lists."""
    if picture.round is None:
        return []
    of = len(picture.frame.criteria)
    files = files_of_place(
        picture.round,
        as_of=picture.as_of,
        plan=picture.plan,
        province=picture.province,
        marks=picture.marks,
    )
    if part is None:
        return [Line(unit, row, None, of) for unit, row in files]
    # Few different words: most files meet a group in whole.
    outcomes = {word: part.outcome_in(word) for word in {row.outcomes for _, row in files}}
    found = [Line(unit, row, outcomes[row.outcomes], of) for unit, row in files]
    return sorted(found, key=lambda one: WEAKEST_FIRST.index(one.outcome or Outcome.UNANSWERED))


def _linked(lines: Iterable[Line], part: Part | None, user: User) -> list[tuple[Line, str]]:
    """Lines with the address of the unit's page; none where the reader may not open it."""
    anchor = f"#{part.code}" if part is not None else ""
    return [
        (one, f"{reverse('unit', args=[one.unit.pk])}{anchor}" if reaches(user, one.unit) else "")
        for one in lines
    ]


def _sheet(picture: Picture, asked: AsOf, found: Behind) -> Sheet:
    title = f"{found.part.code}. {found.part.title}" if found.part else "Các đơn vị"
    headings = (
        "Đơn vị",
        "Mã",
        "Tỉnh",
        "Tình trạng phiếu",
        "Từ ngày",
        "Nộp ngày",
        "Tự đánh giá đạt",
        "Tỉnh xác nhận đạt",
        "Số tiêu chí",
        "Kết quả",
        *(("Quá hạn (ngày)",) if found.is_late_list else ()),
    )
    return Sheet(
        "Đơn vị",
        title,
        f"{picture.programme.name} · Số liệu đến hết ngày {asked.day:%d/%m/%Y}",
        headings,
        [
            (
                one.unit.heading_name,
                one.unit.code,
                one.unit.province.name,
                str(Status(one.row.status).label),
                one.row.status_since,
                one.row.submitted_on,
                one.own_met,
                one.verified_met,
                one.of,
                str(one.outcome.label) if one.outcome is not None else None,
                *((one.days_late,) if found.is_late_list else ()),
            )
            for one in found.lines
        ],
    )
