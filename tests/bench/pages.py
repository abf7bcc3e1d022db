"""The pages that are measured, by whoever opens them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from assessments.models import Assessment, Recognition
from assessments.workflow import Status
from criteria.models import Programme, Round
from reports.country.people import VIEWER

LARGEST = "901"
MINISTRY, LEADER = VIEWER, f"mau.{LARGEST}.lanhdao"
COORDINATOR, REVIEWER = f"mau.{LARGEST}.tonghop", f"mau.{LARGEST}.thamdinh"
COMMANDER = f"mau.{LARGEST}.truong01"
PAST_DAYS = 400
"""How long ago the day of the past lies: in the round before."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as somebody opens it."""

    username: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Overviews:
    """The pages with a budget of time: of the country, of its largest province, and past days."""

    country: Page
    country_past: Page
    province: Page
    province_past: Page
    matrix: Page

    @property
    def listed(self) -> tuple[Page, ...]:
        """All of them, a past day after today's."""
        return (
            *(self.country, self.country_past, self.province, self.province_past),
            self.matrix,
        )


def overviews(round_: Round, today: date) -> Overviews:
    """The overviews of a round."""
    address = reverse("overview", args=[round_.programme.code, round_.year])
    past = f"ngay={today - timedelta(days=PAST_DAYS)}"
    province = f"{address}?tinh={LARGEST}"
    return Overviews(
        country=Page(MINISTRY, "overview of the country", address),
        country_past=Page(MINISTRY, "  on a day of the past", f"{address}?{past}"),
        province=Page(MINISTRY, "overview of the largest province", province),
        province_past=Page(MINISTRY, "  on a day of the past", f"{province}&{past}"),
        matrix=Page(MINISTRY, "  with its matrix sorted by criteria", f"{province}&xep=con-thieu"),
    )


def everyday(round_: Round) -> list[Page]:
    """Pages of everybody, person by person."""
    programme = round_.programme
    return [
        *_of_readers(MINISTRY, programme, round_),
        *_of_the_whole(programme, round_),
        *_of_readers(LEADER, programme, round_),
        *(Page(LEADER, name, reverse(name)) for name in ("recognition_list", "audit")),
        *_of_coordinator(programme, round_),
        *_of_reviewer(round_),
        *_of_commander(round_),
    ]


def _of_readers(who: str, programme: Programme, round_: Round) -> list[Page]:
    plain = (
        *("home", "unit_list", "province_list", "reorganisation_list", "programme_list"),
        *("reports", "duty_reports", "inspection_list", "finding_list", "unvisited_list"),
        *("recognition_register", "commendation_list", "remedy_list", "review_queue"),
        *("appeal_list", "criteria_sets", "notices"),
    )
    code, year = programme.code, round_.year
    file = _file(round_)
    recognised = Recognition.objects.filter(unit__province__code=LARGEST).order_by("pk").first()
    found = [Page(who, name, reverse(name)) for name in plain]
    found += [
        Page(who, "unit_list, searched", f"{reverse('unit_list')}?q=an"),
        Page(who, "unit", reverse("unit", args=[file.unit_id])),
        Page(who, "unit_history", reverse("unit_history", args=[file.unit_id])),
        Page(who, "province", reverse("province", args=[LARGEST])),
        Page(who, "programme", reverse("programme", args=[code])),
        Page(who, "registrations", reverse("registrations", args=[code, year])),
        Page(who, "forecast", reverse("forecast", args=[code, year])),
        Page(who, "round", reverse("round", args=[round_.pk])),
    ]
    if recognised is not None:
        found.append(Page(who, "recognition", reverse("recognition", args=[recognised.pk])))
    return found


def _of_the_whole(programme: Programme, round_: Round) -> list[Page]:
    code, year = programme.code, round_.year
    return [
        Page(MINISTRY, "roadmap", reverse("roadmap", args=[code])),
        Page(MINISTRY, "wall", reverse("wall", args=[code, year])),
    ]


def _of_coordinator(programme: Programme, round_: Round) -> list[Page]:
    plain = ("home", "recognition_list", "inheritance_list", "remedy_list", "review_queue", "audit")
    found = [Page(COORDINATOR, name, reverse(name)) for name in plain]
    picker = reverse("picker", args=[programme.code, round_.year + 1])
    return [*found, Page(COORDINATOR, "picker", picker)]


def _of_reviewer(round_: Round) -> list[Page]:
    file = _file(round_)
    return [
        Page(REVIEWER, "home", reverse("home")),
        Page(REVIEWER, "review_queue", reverse("review_queue")),
        Page(REVIEWER, "second_review_list", reverse("second_review_list")),
        Page(REVIEWER, "review", reverse("review", args=[file.pk])),
        Page(REVIEWER, "review_criterion", reverse("review_criterion", args=[file.pk, "M05"])),
    ]


def _of_commander(round_: Round) -> list[Page]:
    own = round_.assessments.filter(unit__postings__user__username=COMMANDER).order_by("pk")[0]
    return [
        Page(COMMANDER, "home", reverse("home")),
        Page(COMMANDER, "unit", reverse("unit", args=[own.unit_id])),
        Page(COMMANDER, "task list", reverse("assessment", args=[own.pk])),
        Page(COMMANDER, "criterion", reverse("criterion", args=[own.pk, "M05"])),
        Page(COMMANDER, "check", reverse("check", args=[own.pk])),
    ]


def _file(round_: Round) -> Assessment:
    """A file of the largest province: in review, or whichever there is."""
    files = round_.assessments.filter(unit__province__code=LARGEST).order_by("pk")
    return files.filter(status=Status.UNDER_REVIEW).first() or files[0]
