"""The file on paper: a marked draft at any time, or what was handed in with all that was said."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from assessments.deadlines import full_words
from assessments.judging import values_by_indicator
from assessments.models import (
    Appeal,
    Decision,
    SecondReview,
    Submission,
    Verdict,
)
from assessments.printing import (
    PrintedCriterion,
    PrintedFile,
    PrintedGroup,
    PrintedLine,
    PrintedView,
    PrintingFailed,
    Receipt,
    render_file,
)
from assessments.views.station_page import StationPage, handed_in_words
from assessments.views.station_receipt import FrozenRow, frozen_groups
from assessments.views.station_rows import Row, grouped
from assessments.views.station_words import Line, lines_of
from assessments.workflow import CONCLUDED
from criteria.models import Group
from criteria.scale import COUNTS_AS_MET, Outcome
from wards.models import ProvinceKind

Said = TypeVar("Said", Appeal, SecondReview)

DRAFT = "BẢN NHÁP"
NOT_PRINTED = (
    "Chưa lập được bản in: phiếu quá dài hoặc máy chủ đang bận. Nội dung phiếu không thay đổi. "
    "Đồng chí thử lại sau ít phút; nếu vẫn không được, báo quản trị hệ thống."
)
SAMPLE = "DỮ LIỆU MẪU"
EARLIER = "Thẩm định lần nộp trước"
SHOWN = {
    Outcome.MET: "Đạt",
    Outcome.NO_CASE: "Đạt (không phát sinh)",
    Outcome.EXEMPT: "Đạt (bất khả kháng)",
    Outcome.NOT_MET: "Chưa đạt",
    Outcome.AWAITING: "Chờ xếp loại",
    Outcome.UNANSWERED: "Chưa có",
}


@allow(*STATION, *READERS)
@require_safe
def print_file(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The file as PDF: while the station works on it a draft, afterwards what was handed in."""
    page = StationPage(request, pk)
    now = timezone.now()
    if page.assessment.is_editable or page.latest is None:
        printed = draft_of(page, now)
    else:
        shown = page.assessment.submissions.select_related("submitted_by").get(
            number=page.latest.number
        )
        printed = handed_in(page, shown, now)
    try:
        content = render_file(printed)
    except PrintingFailed:
        messages.error(request, NOT_PRINTED)
        return redirect("assessment", page.assessment.pk)
    response = HttpResponse(content, content_type="application/pdf")
    kind = "nhap" if printed.receipt is None else "phieu"
    name = f"{kind}-{page.assessment.unit.code}-{page.assessment.round.year}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def draft_of(page: StationPage, now: datetime) -> PrintedFile:
    """The answers as they stand, marked on every page."""
    rows = page.rows
    criteria = {
        one.pk: one for one in page.assessment.round.criteria_set.criteria.with_indicators()
    }
    values = values_by_indicator(page.assessment.answers.all())
    evidence: dict[int, list[str]] = {}
    for attachment in page.attachments():
        label = attachment.evidence.label
        if not attachment.evidence.is_usable:
            label = f"{label} ({attachment.evidence.get_scan_display().lower()})"
        evidence.setdefault(attachment.criterion_id, []).append(label)
    groups = [
        (
            group.group,
            [
                _draft_row(
                    row,
                    lines_of(criteria[row.criterion.pk], values),
                    evidence.get(row.criterion.pk, []),
                )
                for row in group.rows
            ],
        )
        for group in grouped(rows, rows)
    ]
    printed_at = f"{timezone.localtime(now):%H:%M %d/%m/%Y}"
    return _printed(
        page,
        groups,
        now,
        marks=[DRAFT],
        footer=f"Bản nháp in lúc {printed_at}, chưa phải phiếu đã nộp",
        answered=sum(not row.unanswered for row in rows),
        met=sum(row.met for row in rows),
        place_day=None,
        reservations=[
            f"{gap.criterion.code}. {gap.criterion.title}: {gap.sentence}" for gap in page.blocking
        ]
        + [f"{one.criterion.code}. Lưu ý: {one.sentence}" for one in page.cautions()],
    )


def handed_in(page: StationPage, shown: Submission, now: datetime) -> PrintedFile:
    """What was handed in, with its receipt and every view that was told."""
    file = page.assessment
    concluded = file.status in CONCLUDED
    appeals = _by_criterion(
        Appeal.objects.filter(assessment=file)
        .visible_to(page.user)
        .select_related("filed_by", "first_by", "decided_by")
    )
    seconds = _by_criterion(
        SecondReview.objects.filter(submission__assessment=file, decided_at__isnull=False)
        .visible_to(page.user)
        .select_related("decided_by")
    )
    frozen = frozen_groups(page, shown, None)
    groups = [
        (
            group.group,
            [
                _frozen_row(
                    row,
                    page.verdicts.get(row.criterion.pk),
                    concluded,
                    appeals.get(row.criterion.pk, []),
                    seconds.get(row.criterion.pk, []),
                )
                for row in group.rows
            ],
        )
        for group in frozen
    ]
    told = list(page.verdicts.values()) if concluded else []
    outcomes = [row.outcome for group in frozen for row in group.rows]
    submitted_at = timezone.localtime(shown.submitted_at)
    return _printed(
        page,
        groups,
        now,
        marks=[],
        footer=f"Mã tiếp nhận {shown.receipt} · SHA-256 {shown.sha256[:16]}…",
        answered=sum(outcome != Outcome.UNANSWERED for outcome in outcomes),
        met=shown.met,
        place_day=submitted_at.date(),
        found_met=sum(_found_met(one) for one in told) if told else None,
        receipt=Receipt(
            code=shown.receipt,
            number=shown.number,
            submitted_at=f"{submitted_at:%H:%M:%S ngày %d/%m/%Y}",
            submitted_by=str(shown.submitted_by),
            in_time=handed_in_words(shown)[0].lower(),
            sha256=shown.sha256,
        ),
        signer=str(shown.submitted_by),
    )


def _printed(
    page: StationPage,
    groups: list[tuple[Group, list[PrintedCriterion]]],
    now: datetime,
    *,
    marks: list[str],
    footer: str,
    answered: int,
    met: int,
    place_day: date | None,
    found_met: int | None = None,
    receipt: Receipt | None = None,
    signer: str = "",
    reservations: Iterable[str] = (),
) -> PrintedFile:
    file, round_ = page.assessment, page.assessment.round
    province = file.unit.province
    kind = "thành phố" if province.kind == ProvinceKind.CITY else "tỉnh"
    dated = (
        f"ngày {place_day:%d} tháng {place_day:%m} năm {place_day:%Y}"
        if place_day
        else "ngày ….. tháng ….. năm …….."
    )
    return PrintedFile(
        marks=" · ".join([*marks, *([SAMPLE] if round_.is_sample else [])]),
        footer=footer,
        parent=f"Công an {kind} {province.name}",
        station=file.unit.station_name,
        year=round_.year,
        programme=round_.programme.name,
        basis=str(round_.criteria_set.name),
        window=f"{round_.window_starts:%d/%m/%Y} – {round_.window_ends:%d/%m/%Y}",
        deadline=full_words(file.due_at),
        status=file.get_status_display(),
        answered=answered,
        met=met,
        of=sum(len(criteria) for _, criteria in groups),
        found_met=found_met,
        groups=[PrintedGroup(str(group), criteria) for group, criteria in groups],
        place_and_date=f"{province.name}, {dated}",
        signer=signer,
        printed_at=now.isoformat(timespec="seconds"),
        receipt=receipt,
        conclusion=file.conclusion,
        reviewer=str(file.reviewer) if file.conclusion and file.reviewer else "",
        reservations=list(reservations),
    )


def _draft_row(row: Row, lines: list[Line], evidence: list[str]) -> PrintedCriterion:
    result, verdict = row.result, row.verdict
    views = [_review_view(verdict, EARLIER)] if verdict is not None else []
    return PrintedCriterion(
        code=row.criterion.code,
        title=row.criterion.title,
        outcome=SHOWN[Outcome(result.outcome)],
        verdict="",
        lines=[_line(line) for line in lines],
        note=result.note,
        explanation=result.explanation,
        evidence=evidence,
        views=views,
    )


def _frozen_row(
    row: FrozenRow,
    verdict: Verdict | None,
    concluded: bool,
    appeals: list[Appeal],
    seconds: list[SecondReview],
) -> PrintedCriterion:
    # While the review goes on, what is known is what was said of an earlier submission.
    title = "Thẩm định" if concluded else EARLIER
    views = [_review_view(verdict, title)] if verdict is not None else []
    for appeal in appeals:
        views += _appeal_views(appeal)
    for second in seconds:
        views.append(
            PrintedView(
                "Thẩm định lần hai",
                SHOWN[Outcome(second.outcome)],
                second.comment,
                str(second.decided_by),
            )
        )
    return PrintedCriterion(
        code=row.criterion.code,
        title=row.criterion.title,
        outcome=SHOWN[row.outcome],
        verdict=_verdict_word(verdict) if concluded else "",
        lines=[_line(line) for line in row.lines],
        note=row.entry["note"],
        explanation=row.entry.get("explanation", ""),
        evidence=[item["label"] for item in row.entry["evidence"]],
        views=views,
    )


def _line(line: Line) -> PrintedLine:
    return PrintedLine(
        code=line.indicator.code,
        title=line.indicator.title,
        requirement=line.requirement,
        answer=line.answer,
        detail=line.detail,
        outcome=SHOWN[line.judgement.outcome],
    )


def _verdict_word(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    if verdict.decision == Decision.MORE:
        return "Yêu cầu bổ sung"
    return SHOWN[Outcome(verdict.outcome)]


def _found_met(verdict: Verdict) -> bool:
    return verdict.decision != Decision.MORE and verdict.outcome in COUNTS_AS_MET


def _review_view(verdict: Verdict, title: str) -> PrintedView:
    said = verdict.get_decision_display()
    if verdict.explanation:
        said = f"{said}; {verdict.get_explanation_display().lower()}"
    return PrintedView(title, said, verdict.comment, str(verdict.decided_by))


def _appeal_views(appeal: Appeal) -> list[PrintedView]:
    first = SHOWN[Outcome(appeal.first_outcome)]
    views = [
        PrintedView("Thẩm định lần đầu", first, appeal.first_comment, str(appeal.first_by)),
        PrintedView("Đề nghị phúc tra", "", appeal.text, str(appeal.filed_by)),
    ]
    if appeal.outcome:
        found = SHOWN[Outcome(appeal.outcome)]
        views.append(PrintedView("Phúc tra", found, appeal.comment, str(appeal.decided_by)))
    return views


def _by_criterion(found: Iterable[Said]) -> dict[int, list[Said]]:
    by: dict[int, list[Said]] = {}
    for one in found:
        by.setdefault(one.criterion_id, []).append(one)
    return by
