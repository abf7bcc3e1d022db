"""A year from verified to recognised: what the coordinator acts on, and what the leader reads."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import PortalRequest, allow
from accounts.models import Role
from assessments.forms.verdicts import ReasonForm
from assessments.models import Assessment, Recognition, Submission, Transition, Verdict
from assessments.querysets import AssessmentQuerySet
from assessments.views.recognition_rows import rows_of
from assessments.workflow import CONCLUDED, Status
from criteria.models import Round
from criteria.scale import COUNTS_AS_MET

ROWS_BESIDE, ROWS_ALONE = 10, 25
"""Of each kind of file beside the others, and on a page of one kind alone."""
RECOGNITIONS_SHOWN = 25
"""The year's latest; the register has them all."""


@dataclass(frozen=True, slots=True)
class ConcludedRow:
    """One concluded file: n of m after review, what was not found met, the forms it needs."""

    assessment: Assessment
    submission: Submission | None
    unmet: tuple[Verdict, ...]
    reason: str
    """Why it was not recognised, where that is the case."""
    form: ReasonForm
    opened: str
    """Which of its forms was refused and stands open, if any."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Files of one kind: how the address names it, its title, what is said where there are none."""

    code: str
    title: str
    none: str


READY = Kind(
    "du-dieu-kien",
    "Đủ điều kiện đề nghị",
    "Chưa có đơn vị nào đã thẩm định đạt đủ tiêu chí mà chưa đề nghị.",
)
PROPOSED = Kind(
    "da-de-nghi", "Đã đề nghị, chờ quyết định", "Không có đề nghị nào đang chờ quyết định."
)
UNMET = Kind("chua-du", "Đã thẩm định, chưa đủ tiêu chí", "Không có đơn vị nào.")
DECLINED = Kind("khong-cong-nhan", "Không được công nhận", "Không có đơn vị nào.")
KINDS = (READY, PROPOSED, UNMET, DECLINED)


@dataclass(frozen=True, slots=True)
class Section:
    """The files of a kind: a page of them, and the way to all others."""

    kind: Kind
    page: Page[uuid.UUID]
    rows: list[ConcludedRow]
    is_alone: bool
    url: str

    @property
    def is_cut(self) -> bool:
        """Whether there are files that are not shown and have no page here."""
        return not self.is_alone and self.page.paginator.num_pages > 1


@dataclass(frozen=True, slots=True)
class RefusedAct:
    """An act on one file that was refused, with what was typed."""

    pk: uuid.UUID
    act: str
    sentence: str
    form: ReasonForm | None = None


def _concluded(shown: list[uuid.UUID]) -> AssessmentQuerySet:
    unmet = Verdict.objects.exclude(outcome__in=COUNTS_AS_MET).select_related("criterion")
    latest = (
        Submission.objects.filter(number=F("assessment__submissions_made"))
        .defer("snapshot")
        .annotate(
            found_met=Count("verdicts", filter=Q(verdicts__outcome__in=COUNTS_AS_MET)),
        )
        .prefetch_related(Prefetch("verdicts", unmet, to_attr="unmet"))
    )
    declined = Transition.objects.filter(target=Status.NOT_RECOGNISED).order_by("pk")
    return (
        Assessment.objects.filter(pk__in=shown)
        .with_places()
        .select_related("verified_by")
        .prefetch_related(
            Prefetch("submissions", latest, to_attr="latest"),
            Prefetch("transitions", declined, to_attr="declined"),
        )
    )


def _row(assessment: Any, refused: RefusedAct | None) -> ConcludedRow:
    submission = assessment.latest[0] if assessment.latest else None
    own = refused is not None and refused.pk == assessment.pk
    form = refused.form if refused is not None and own and refused.form is not None else None
    return ConcludedRow(
        assessment=assessment,
        submission=submission,
        unmet=tuple(submission.unmet) if submission else (),
        reason=assessment.declined[-1].comment if assessment.declined else "",
        form=form or ReasonForm(auto_id=f"{assessment.pk}-%s"),
        opened=refused.act if refused is not None and own else "",
    )


def _years(request: PortalRequest) -> list[int]:
    # Asked of each round: most of the country's files are concluded, and few of them are needed.
    concluded = Assessment.objects.visible_to(request.user).filter(
        round=OuterRef("pk"), verified_at__isnull=False
    )
    found = set(Round.objects.filter(Exists(concluded)).values_list("year", flat=True))
    recognised = Recognition.objects.visible_to(request.user).order_by()
    found |= set(recognised.values_list("for_year", flat=True).distinct())
    return sorted(found, reverse=True)


def _sorted_out(assessments: AssessmentQuerySet) -> dict[Kind, list[uuid.UUID]]:
    """Which concluded files are of which kind, by name; one query, and no file is read whole."""
    unmet = Verdict.objects.exclude(outcome__in=COUNTS_AS_MET).filter(
        submission__assessment=OuterRef("pk"), submission__number=OuterRef("submissions_made")
    )
    found: dict[Kind, list[uuid.UUID]] = {kind: [] for kind in KINDS}
    kinds = {Status.PROPOSED.value: PROPOSED, Status.NOT_RECOGNISED.value: DECLINED}
    listed = assessments.annotate(has_unmet=Exists(unmet)).order_by("unit__sort_key", "unit__code")
    for pk, status, has_unmet in listed.values_list("pk", "status", "has_unmet"):
        found[kinds.get(status, UNMET if has_unmet else READY)].append(pk)
    return found


def _page(
    files: list[uuid.UUID], alone: str, asked: str, opened: uuid.UUID | None
) -> Page[uuid.UUID]:
    """The page that is asked for, or the one with the file on which an act was refused."""
    size = ROWS_ALONE if alone else ROWS_BESIDE
    number: str | int = asked if alone else 1
    if opened in files:
        number = files.index(opened) // size + 1
    return Paginator(files, size).get_page(number)


def _sections(
    assessments: AssessmentQuerySet, year: int, alone: str, asked: str, refused: RefusedAct | None
) -> list[Section]:
    """The kinds of files there are, or the one that is asked for; only what is shown is read."""
    found = _sorted_out(assessments)
    opened = refused.pk if refused is not None else None
    pages = {
        kind: _page(found[kind], alone, asked, opened)
        for kind in KINDS
        if alone in {"", kind.code} and (found[kind] or kind is not DECLINED)
    }
    shown = [pk for page in pages.values() for pk in page.object_list]
    rows = {one.pk: _row(one, refused) for one in _concluded(shown)}
    return [
        Section(
            kind,
            page,
            [rows[pk] for pk in page.object_list if pk in rows],
            bool(alone),
            reverse("recognition_list", query={"nam": year, "loai": kind.code}),
        )
        for kind, page in pages.items()
    ]


def year_page(
    request: PortalRequest, *, year: int | None = None, refused: RefusedAct | None = None
) -> HttpResponse:
    """The year's files and recognitions; with status 409 when an act on one was refused."""
    years = _years(request)
    wanted = request.GET.get("nam", "")
    if wanted and not (wanted.isascii() and wanted.isdigit() and len(wanted) == 4):
        raise BadRequest(f"Not a year: {wanted!r}")
    chosen = year or (int(wanted) if wanted else (years[0] if years else 0))
    alone = request.GET.get("loai", "")
    if alone and alone not in {kind.code for kind in KINDS}:
        raise BadRequest(f"Not a kind: {alone!r}")
    visible = Assessment.objects.visible_to(request.user)
    waiting = CONCLUDED - {Status.RECOGNISED}
    rounds = list(Round.objects.filter(year=chosen).values_list("pk", flat=True))
    concluded = visible.filter(status__in=waiting, round__in=rounds)
    recognitions = list(
        Recognition.objects.visible_to(request.user)
        .filter(for_year=chosen)
        .select_related("document", "unit__district", "unit__province")
        .order_by("-decided_on", "unit__sort_key", "pk")[: RECOGNITIONS_SHOWN + 1]
    )
    return render(
        request,
        "assessments/recognition/list.html",
        {
            "years": years,
            "year": chosen,
            "sections": _sections(concluded, chosen, alone, request.GET.get("page", ""), refused),
            "alone": alone,
            "recognised": rows_of(recognitions[:RECOGNITIONS_SHOWN], timezone.localdate()),
            "more_recognised": len(recognitions) > RECOGNITIONS_SHOWN,
            "refused": refused.sentence if refused else "",
            "may_act": Role.COORDINATOR in request.roles,
        },
        status=409 if refused else 200,
    )


@allow(Role.COORDINATOR, Role.LEADER)
@require_safe
def recognition_list(request: PortalRequest) -> HttpResponse:
    """Verified, proposed, recognised and declined files of a year."""
    return year_page(request)


def back_to_year(assessment: Assessment) -> HttpResponse:
    """To the list of the file's year."""
    return redirect(reverse("recognition_list", query={"nam": assessment.round.year}))
