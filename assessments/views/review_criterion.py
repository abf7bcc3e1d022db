"""One criterion under review: what the station handed in on the left, the verdict on the right."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import FORBIDDEN, READERS, NotAllowed, NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions import reviewing
from assessments.forms.verdicts import VerdictForm
from assessments.models import Assessment, Decision, Submission, Verdict
from assessments.readiness import latest_submission
from assessments.views.review_answers import evidence_lines, indicator_lines, removed_labels
from assessments.views.review_page import (
    assigned_elsewhere,
    crumbs,
    fetch,
    why_not_claim,
    why_not_review,
)
from assessments.views.review_reading import CriterionRow, ReviewFile, entry_of
from assessments.views.review_reasons import ReasonGroup, reason_groups
from assessments.workflow import Status
from criteria.models import Criterion
from criteria.scale import Outcome


@dataclass(frozen=True, slots=True)
class Refused:
    """A verdict that was not written: the sentence, its status, and the verdict that stands."""

    sentence: str
    status: int
    current: Verdict | None = None
    typed: dict[str, Any] = field(default_factory=dict)

    @property
    def standing_words(self) -> str:
        """The verdict that stands, without its comment."""
        current = self.current
        return _words(current.decision, current.outcome) if current else ""

    @property
    def typed_words(self) -> str:
        """The verdict that was typed, without its comment."""
        return _words(self.typed["decision"], self.typed["outcome"]) if self.typed else ""


def _words(decision: str, outcome: str) -> str:
    label = Decision(decision).label
    return f"{label}: {Outcome(outcome).label}" if decision == Decision.ADJUST else label


def _load(request: PortalRequest, pk: uuid.UUID, code: str) -> tuple[ReviewFile, int]:
    file = ReviewFile.load(fetch(request, pk))
    position = file.position(code) if file else None
    if file is None or position is None:
        raise Http404
    return file, position


@dataclass(frozen=True, slots=True)
class Shown:
    """What a verdict is about, without the rest of the file: enough to save it."""

    assessment: Assessment
    submission: Submission
    criterion: Criterion


def _shown(request: PortalRequest, pk: uuid.UUID, code: str) -> Shown:
    assessment = fetch(request, pk)
    submission = latest_submission(assessment)
    if submission is None:
        raise Http404
    criterion = get_object_or_404(assessment.round.criteria_set.criteria, code=code)
    return Shown(assessment, submission, criterion)


def _initial(file: ReviewFile, row: CriterionRow) -> dict[str, Any]:
    verdict = row.verdict
    shown = {"submission": file.submission.number, "version": verdict.version if verdict else 0}
    if verdict is None:
        return shown
    outcome = verdict.outcome if verdict.decision == Decision.ADJUST else ""
    return {
        **shown,
        "decision": verdict.decision,
        "outcome": outcome,
        "comment": verdict.comment,
        "explanation": verdict.explanation,
    }


def _started_from(
    request: PortalRequest, initial: dict[str, Any], groups: list[ReasonGroup]
) -> dict[str, Any]:
    """The verdict with the reason chosen by its link (`?ly-do=2`), where no script puts it in."""
    wanted = request.GET.get("ly-do", "")
    reasons = [reason for group in groups for reason in group.reasons]
    if not wanted.isascii() or not wanted.isdigit() or not 0 < int(wanted[:4]) <= len(reasons):
        return initial
    started = {"decision": Decision.MORE.value, **initial}
    return {**started, "comment": reasons[int(wanted[:4]) - 1].text}


def _errors(form: VerdictForm) -> list[dict[str, str]]:
    places = {
        "decision": "#ket-qua",
        "outcome": "#dieu-chinh",
        "comment": "#id_comment",
        "explanation": "#giai-trinh",
    }
    return [
        {"text": str(error), "url": places.get(name, "#ket-qua")}
        for name, errors in form.errors.items()
        for error in errors
    ]


def _page(
    request: PortalRequest,
    file: ReviewFile,
    position: int,
    form: VerdictForm | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    assessment, row = file.assessment, file.rows[position]
    before = entry_of(file.previous, row.criterion) if file.previous else None
    earlier = list(
        Verdict.objects.filter(
            submission__assessment=assessment,
            submission__number__lt=file.submission.number,
            criterion=row.criterion,
            is_carried=False,
        )
        .select_related("submission", "decided_by")
        .defer("submission__snapshot")
        .order_by("-submission__number")
    )
    indicators = indicator_lines(row, before)
    evidence = evidence_lines(assessment, row, before, file.revised)
    groups = reason_groups(
        assessment,
        row,
        indicators=indicators,
        evidence=evidence,
        earlier=earlier,
        user=request.user,
    )
    if form is None:
        initial = _started_from(request, _initial(file, row), groups)
        form = VerdictForm(initial=initial, entry=row.entry)
    errors = _errors(form) if form.is_bound else []
    locked = why_not_review(assessment, request.user)
    status = refused.status if refused else 400 if errors else 200
    rows = file.rows
    next_open = file.next_open(position)
    return render(
        request,
        "assessments/review/criterion.html",
        {
            "assessment": assessment,
            "crumbs": crumbs(assessment, row.criterion.code),
            "file": file,
            "row": row,
            "position": position + 1,
            "previous_row": rows[position - 1] if position else None,
            "next_row": rows[position + 1] if position + 1 < len(rows) else None,
            "next_open": next_open if next_open is not row else None,
            "before": before if row.changes else None,
            "indicators": indicators,
            "evidence": evidence,
            "removed": removed_labels(row, before, file.revised),
            "earlier": earlier,
            "reason_groups": groups,
            "form": form,
            "errors": errors,
            "refused": refused,
            "locked": locked,
            "may_claim": assessment.status == Status.SUBMITTED
            and not why_not_claim(assessment, request.user),
            "assigned_elsewhere": assigned_elsewhere(assessment, request.user),
        },
        status=status,
    )


@allow(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def review_criterion(request: PortalRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """The criterion as handed in, and the verdict on it; a refusal keeps what was typed."""
    if request.method != "POST":
        return _page(request, *_load(request, pk, code))
    shown = _shown(request, pk, code)
    if Role.REVIEWER not in request.roles:
        raise NotAllowed(FORBIDDEN)
    form = VerdictForm(request.POST, entry=entry_of(shown.submission, shown.criterion))
    refused: Refused | None
    if _is_of_another_submission(request, shown.submission):
        # Said first: what was typed may not even fit what the station claims now.
        refused = Refused(reviewing.SUBMITTED_AGAIN, 409)
    elif not form.is_valid():
        return _page(request, *_load(request, pk, code), form)
    else:
        refused = _save(request, shown, form)
    if refused is not None:
        # The next press knows what stands now, and overwrites it knowingly.
        file, position = _load(request, pk, code)
        row, typed = file.rows[position], request.POST.copy()
        standing = refused.current or row.verdict
        typed["version"] = str(standing.version if standing else 0)
        typed["submission"] = str(file.submission.number)
        again = VerdictForm(typed, entry=row.entry)
        return _page(request, file, position, again, refused)
    return _onwards(request, shown)


def _is_of_another_submission(request: PortalRequest, submission: Submission) -> bool:
    number = request.POST.get("submission", "")
    return number.isascii() and number.isdigit() and int(number[:6]) != submission.number


def _save(request: PortalRequest, shown: Shown, form: VerdictForm) -> Refused | None:
    typed = form.cleaned_data
    try:
        reviewing.save_verdict(
            shown.assessment,
            shown.criterion,
            decision=typed["decision"],
            outcome=typed["outcome"],
            comment=typed["comment"],
            explanation=typed["explanation"],
            version=typed["version"],
            submission=typed["submission"],
            by=request.user,
            now=timezone.now(),
        )
    except reviewing.VerdictConflict as conflict:
        if _same(conflict.current, typed, request):
            return None
        return Refused(conflict.sentence, 409, conflict.current, typed)
    except NotAllowed as refusal:
        return Refused(refusal.sentence, 403)
    except NotReady as refusal:
        return Refused(refusal.sentence, 409)
    return None


def _same(current: Verdict, typed: dict[str, Any], request: PortalRequest) -> bool:
    """Whether this is the same request again: sent twice, written once."""
    outcome = current.outcome if current.decision == Decision.ADJUST else ""
    return (
        current.decided_by_id == request.user.pk
        and current.decision == typed["decision"]
        and outcome == typed["outcome"]
        and current.comment == typed["comment"]
        and current.explanation == typed["explanation"]
    )


def _onwards(request: PortalRequest, shown: Shown) -> HttpResponse:
    assessment, criterion = shown.assessment, shown.criterion
    messages.success(request, f"Đã ghi kết quả thẩm định {criterion.code}.")
    if request.POST.get("then") == "stay":
        return redirect("review_criterion", assessment.pk, criterion.code)
    left = list(
        assessment.round.criteria_set.criteria.exclude(
            pk__in=shown.submission.verdicts.order_by().values("criterion")
        ).values_list("position", "code")
    )
    if not left:
        messages.info(
            request,
            f"Đã thẩm định đủ {shown.submission.of}/{shown.submission.of} tiêu chí; đồng chí kết "
            "luận hoặc trả lại phiếu ở trang này.",
        )
        return redirect("review_conclude", assessment.pk)
    later = (code for position, code in left if position > criterion.position)
    return redirect("review_criterion", assessment.pk, next(later, left[0][1]))
