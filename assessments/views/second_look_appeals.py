"""Phúc tra: what the station may contest and has contested, and what another reviewer decides."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import READERS, STATION, NotAllowed, NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions import appealing
from assessments.actions.appealing import Window
from assessments.forms.second_look import AppealDecisionForm, AppealForm
from assessments.models import Appeal, Assessment, Submission, Verdict
from assessments.views.review_page import fetch, sentence_of
from assessments.views.review_reading import entry_of
from assessments.views.second_look_page import HandedIn, errors_of, listing
from assessments.workflow import CONCLUDED, Status
from criteria.models import Criterion

WAITING = Q(decided_at__isnull=True)
NOT_VERIFIED_YET = (
    "Phiếu chưa có kết luận thẩm định. Khi có kết luận, đơn vị được đề nghị phúc tra tại đây."
)


@dataclass(frozen=True, slots=True)
class Contest:
    """One verdict that may be contested, or was."""

    criterion: Criterion
    entry: dict[str, Any]
    """What the station handed in of it."""
    verdict: Verdict | None
    appeal: Appeal | None


@dataclass(frozen=True, slots=True)
class ContestPage:
    """What a file offers to contest, as one person sees it."""

    assessment: Assessment
    period: Window | None
    contests: list[Contest]
    refused: str
    """Why nothing can be contested by this person now; empty when something can."""

    @property
    def open_contests(self) -> list[Contest]:
        """Verdicts that were not contested yet."""
        return [one for one in self.contests if one.appeal is None]

    @property
    def appeals(self) -> list[Appeal]:
        """What was contested."""
        return [one.appeal for one in self.contests if one.appeal is not None]

    @classmethod
    def load(cls, request: PortalRequest, pk: uuid.UUID, now: datetime) -> "ContestPage":
        """The page; 404 when the file is out of reach."""
        assessment = fetch(request, pk)
        period = (
            appealing.window(assessment.verified_at, now=now) if assessment.verified_at else None
        )
        return cls(assessment, period, _contests(assessment), _why_not(request, assessment, period))


def _why_not(request: PortalRequest, assessment: Assessment, period: Window | None) -> str:
    if period is None or assessment.status not in CONCLUDED:
        return NOT_VERIFIED_YET
    if assessment.status != Status.VERIFIED:
        status = Status(assessment.status).label
        return f"Phiếu đang ở trạng thái “{status}” nên không đề nghị phúc tra được nữa."
    if not period.is_open:
        return appealing.too_late(period.closes_at).split(". ")[0] + "."
    return sentence_of(appealing.require_contesting, assessment, request.user)


def _contests(assessment: Assessment) -> list[Contest]:
    appeals = {
        one.criterion_id: one for one in Appeal.objects.filter(assessment=assessment).with_views()
    }
    verdicts: list[Verdict] = []
    submission: Submission | None = None
    if assessment.status in CONCLUDED:
        submission = assessment.submissions.order_by("-number").first()
    if submission is not None:
        verdicts = list(submission.verdicts.select_related("criterion", "decided_by"))
    found = []
    for verdict in verdicts:
        appeal = appeals.pop(verdict.criterion_id, None)
        entry = entry_of(submission, verdict.criterion)
        if appeal is not None or appealing.is_contestable(verdict, entry["outcome"]):
            found.append(Contest(verdict.criterion, entry, verdict, appeal))
    # Contested in a submission that was followed by another one.
    found += [
        Contest(one.criterion, entry_of(one.submission, one.criterion), None, one)
        for one in appeals.values()
    ]
    return sorted(found, key=lambda one: one.criterion.position)


@allow(*STATION, *READERS)
@require_safe
def appeals(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Of one file: until when verdicts may be contested, which, and what became of it."""
    page = ContestPage.load(request, pk, timezone.now())
    return render(
        request,
        "assessments/second_look/appeals.html",
        {"page": page, "assessment": page.assessment},
    )


@allow(*STATION)
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_new(request: PortalRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """Contest the verdict on one criterion."""
    if request.method != "POST":
        return _contest_page(request, pk, code, AppealForm())
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _contest_page(request, pk, code, form, status=400)
    page, contest = _contest(request, pk, code)
    text = form.cleaned_data["text"]
    made = contest.appeal
    if made is not None and made.filed_by_id == request.user.pk and made.text == text:
        return redirect("appeals", pk)  # sent twice, filed once
    try:
        appealing.file_appeal(
            page.assessment, contest.criterion, text=text, by=request.user, now=timezone.now()
        )
    except (NotReady, NotAllowed) as refusal:
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return _contest_page(request, pk, code, form, refused=refusal.sentence, status=status)
    messages.success(
        request,
        f"Đã gửi đề nghị phúc tra tiêu chí {code}. Cán bộ thẩm định khác sẽ xem xét và kết luận.",
    )
    return redirect("appeals", pk)


def _contest(request: PortalRequest, pk: uuid.UUID, code: str) -> tuple[ContestPage, Contest]:
    page = ContestPage.load(request, pk, timezone.now())
    found = next((one for one in page.contests if one.criterion.code == code), None)
    if found is None:
        criterion = get_object_or_404(page.assessment.round.criteria_set.criteria, code=code)
        found = Contest(criterion, entry_of(None, criterion), None, None)
    return page, found


def _contest_page(
    request: PortalRequest,
    pk: uuid.UUID,
    code: str,
    form: AppealForm,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    # Loaded anew: the page shows the state that a refusal speaks of.
    page, contest = _contest(request, pk, code)
    locked = page.refused
    if not locked and contest.appeal is not None:
        locked = "Tiêu chí này đã được đề nghị phúc tra; mỗi tiêu chí chỉ đề nghị một lần."
    elif not locked and contest.verdict is None:
        locked = appealing.NOT_CONTESTABLE
    return render(
        request,
        "assessments/second_look/appeal_new.html",
        {
            "page": page,
            "assessment": page.assessment,
            "contest": contest,
            "form": form,
            "errors": errors_of(form),
            "locked": locked,
            "refused": refused,
        },
        status=status,
    )


@allow(*READERS)
@require_safe
def appeal_list(request: PortalRequest) -> HttpResponse:
    """Everything contested within one's reach: what waits for a decision first."""
    reviews = Role.REVIEWER in request.roles
    mine = Q(pk__in=Appeal.objects.awaiting(request.user).values("pk"))
    filters = {
        "waiting": ("Chờ kết luận", WAITING),
        **({"mine": ("Tôi có thể kết luận", mine)} if reviews else {}),
        "decided": ("Đã kết luận", ~WAITING),
        "all": ("Tất cả", Q()),
    }
    rows = Appeal.objects.visible_to(request.user).with_views().order_by("filed_at", "pk")
    return render(
        request,
        "assessments/second_look/appeal_list.html",
        {"listing": listing(request, rows.defer("submission__snapshot"), filters)},
    )


def _appeal(request: PortalRequest, pk: uuid.UUID) -> Appeal:
    return get_object_or_404(Appeal.objects.visible_to(request.user).with_views(), pk=pk)


@allow(*READERS)
@require_safe
def appeal(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """All views of one contested verdict side by side, with the form for whoever may decide."""
    return _appeal_page(request, _appeal(request, pk), AppealDecisionForm())


@allow(Role.REVIEWER)
@require_POST
def appeal_decide(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Decide what was contested."""
    contested = _appeal(request, pk)
    form = AppealDecisionForm(request.POST)
    if not form.is_valid():
        return _appeal_page(request, contested, form, status=400)
    outcome, comment = form.cleaned_data["outcome"], form.cleaned_data["comment"]
    told = (contested.decided_by_id, contested.outcome, contested.comment)
    if told == (request.user.pk, outcome, comment):
        return redirect("appeal", pk)  # sent twice, decided once
    try:
        appealing.decide_appeal(
            contested, outcome=outcome, comment=comment, by=request.user, now=timezone.now()
        )
    except (NotReady, NotAllowed) as refusal:
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return _appeal_page(
            request, _appeal(request, pk), form, refused=refusal.sentence, status=status
        )
    messages.success(
        request,
        f"Đã kết luận phúc tra tiêu chí {contested.criterion.code} của "
        f"{contested.assessment.unit.full_name}.",
    )
    return redirect("appeal", pk)


def _why_not_decide(contested: Appeal, request: PortalRequest) -> str:
    if contested.decided_at is not None:
        return "Đề nghị này đã có kết luận phúc tra."
    if contested.assessment.status != Status.VERIFIED:
        return appealing.NOT_CONCLUDED.split(". ")[0] + "."
    return sentence_of(appealing.require_deciding, contested, request.user)


def _appeal_page(
    request: PortalRequest,
    contested: Appeal,
    form: AppealDecisionForm,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    handed_in = HandedIn(contested.assessment, contested.submission, contested.criterion)
    locked = _why_not_decide(contested, request)
    return render(
        request,
        "assessments/second_look/appeal.html",
        {
            **handed_in.as_context(),
            "appeal": contested,
            "own": handed_in.row.entry,
            "crumbs": [
                ("Thẩm định", reverse("review_queue")),
                ("Phúc tra", reverse("appeal_list")),
                (f"{contested.assessment.unit.heading_name}, {contested.criterion.code}", ""),
            ],
            "form": form,
            "errors": errors_of(form),
            "locked": locked,
            "shows_form": not locked or bool(refused),
            "refused": refused,
        },
        status=status,
    )
