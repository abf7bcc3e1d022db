"""One file under review: its criteria, how far the review is, and accepting the plain ones."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import READERS, NotReady, PortalRequest, allow
from accounts.models import Role, User
from assessments.actions import reviewing
from assessments.actions.holding import all_or_nothing
from assessments.models import Assessment, Decision
from assessments.views.review_page import (
    assigned_elsewhere,
    crumbs,
    fetch,
    may_release,
    why_not_claim,
    why_not_review,
)
from assessments.views.review_reading import CriterionRow, ReviewFile
from assessments.workflow import CONCLUDED, Status, find_move

DECIDERS = frozenset({Role.COORDINATOR, Role.LEADER})
"""Who sees what follows a concluded review."""
SINCE_THE_RETURN = frozenset({"changed", "was_asked"})
"""Filters that say something only once a file came back."""
NOT_THE_SAME = (
    "Phiếu hoặc kết quả thẩm định đã thay đổi sau khi đồng chí mở trang. "
    "Chưa ghi mục nào; hãy xem lại danh sách dưới đây."
)


def _filters(file: ReviewFile) -> dict[str, tuple[str, tuple[CriterionRow, ...], str]]:
    return {
        "all": ("Tất cả", file.rows, ""),
        "open": ("Chưa thẩm định", file.open_rows, "unanswered"),
        "was_asked": ("Lần trước yêu cầu", file.answered_rows, "awaiting"),
        "changed": ("Đã sửa", file.changed_rows, "working"),
        "adjusted": ("Đã điều chỉnh", file.adjusted_rows, "not-met"),
        "asked": ("Yêu cầu bổ sung", file.asked_rows, "awaiting"),
    }


def history(assessment: Assessment) -> list[tuple[Any, str]]:
    """Every change of status, newest first, with what the table of moves calls it."""
    found = []
    for transition in assessment.transitions.select_related("made_by").order_by("-pk"):
        move = find_move(transition.source, Status(transition.target))
        found.append((transition, move.label if move else transition.get_target_display()))
    return found


@allow(*READERS)
@require_safe
def review(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The file: every criterion with the station's result, the verdict, and what changed."""
    return show_file(request, pk)


def show_file(request: PortalRequest, pk: uuid.UUID, *, status: int = 200) -> HttpResponse:
    """The page, also with why something was not done.

    Raises:
        BadRequest: a filter that is not there.
    """
    assessment = fetch(request, pk)
    file = ReviewFile.load(assessment)
    context: dict[str, Any] = {
        "assessment": assessment,
        "crumbs": crumbs(assessment),
        "history": history(assessment),
    }
    if file is None:
        return render(request, "assessments/review/file.html", context, status=status)
    filters = _filters(file)
    chosen = request.GET.get("loc", "all")
    if chosen not in filters:
        raise BadRequest(f"Unknown filter {chosen!r}")
    refused = why_not_review(assessment, request.user)
    context |= {
        "file": file,
        "groups": file.grouped(filters[chosen][1]),
        "chosen": chosen,
        "chips": [
            (name, label, len(rows), state, name == chosen)
            for name, (label, rows, state) in filters.items()
            if name not in SINCE_THE_RETURN or file.previous is not None
        ],
        "refused": refused,
        "may_claim": assessment.status == Status.SUBMITTED
        and not why_not_claim(assessment, request.user),
        "assigned_elsewhere": assigned_elsewhere(assessment, request.user),
        "may_release": may_release(assessment, request.user, is_in_charge=not refused),
        "may_recognise": assessment.status in CONCLUDED and bool(request.roles & DECIDERS),
        "next_open": file.next_open(),
    }
    return render(request, "assessments/review/file.html", context, status=status)


@allow(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def review_accept(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Accept several criteria at once: claimed as met, with evidence, without a verdict yet.

    The page lists them and asks; only those that were listed, ticked and still plain are accepted.
    """
    assessment = fetch(request, pk)
    file = ReviewFile.load(assessment)
    if file is None:
        return redirect("review", pk)
    refused, status = "", 200
    if request.method == "POST":
        try:
            done = _accept(request, file)
        except NotReady as refusal:
            refused, status = refusal.sentence, 409
            file = ReviewFile.load(assessment) or file
        else:
            messages.success(request, f"Đã công nhận kết quả tự đánh giá của {done} tiêu chí.")
            return redirect("review", pk)
    return render(
        request,
        "assessments/review/accept.html",
        {
            "assessment": assessment,
            "crumbs": crumbs(assessment, "Công nhận nhiều tiêu chí"),
            "file": file,
            "refused": refused,
            "locked": why_not_review(assessment, request.user),
            "ticked": request.POST.getlist("criterion") if status == 409 else None,
        },
        status=status,
    )


def _accepted_by(row: CriterionRow, user: User) -> bool:
    verdict = row.verdict
    return (
        verdict is not None
        and verdict.decision == Decision.ACCEPT
        and verdict.decided_by_id == user.pk
    )


def _accept(request: PortalRequest, file: ReviewFile) -> int:
    wanted = set(request.POST.getlist("criterion"))
    if not wanted:
        raise NotReady("Chưa chọn tiêu chí nào để công nhận.")
    plain = {row.criterion.code: row for row in file.plain_rows}
    # A request sent twice finds what the first one wrote.
    done = {row.criterion.code for row in file.rows if _accepted_by(row, request.user)}
    same = request.POST.get("submission") == str(file.submission.number)
    if not same or not wanted <= plain.keys() | done:
        raise NotReady(NOT_THE_SAME)
    # All or none: a list that was confirmed is not half written.
    with all_or_nothing(file.assessment):
        for code in sorted(wanted - done):
            reviewing.save_verdict(
                file.assessment,
                plain[code].criterion,
                decision=Decision.ACCEPT,
                comment="",
                version=0,
                submission=file.submission.number,
                by=request.user,
                now=timezone.now(),
            )
    return len(wanted)
