"""Writing and handing in an agency's yearly report on the duties that a programme gives it.

Nothing is refused for being late: the documents set a day and no sanction. What was handed in is
never changed; a correction is a further report of the same year.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts import audit, notices
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.actions.audience import others, paragraphs, people_of
from assessments.actions.submitting import RECEIPT_ALPHABET
from assessments.deadlines import clock_words
from assessments.duties import YearlyTask
from assessments.models import DutyAnswer, DutyProgress, DutyReport
from assessments.querysets import DutyReportQuerySet
from criteria.models import Duty
from wards.models import Agency, Posting

NOT_YOUR_AGENCY = "Chỉ cán bộ báo cáo của cơ quan này được lập và nộp báo cáo."
NEEDS_TEXT = (DutyProgress.DOING, DutyProgress.NOT_DONE)
"""What is not finished has to be explained; what is done or did not arise may stand alone."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said of one duty."""

    progress: str = ""
    text: str = ""

    @property
    def obstacle(self) -> str:
        """What keeps it from being handed in; empty when nothing does."""
        if not self.progress:
            return "chưa chọn tình hình thực hiện"
        if self.progress in NEEDS_TEXT and not self.text.strip():
            return "cần nêu kết quả đến nay, vướng mắc hoặc lý do chưa thực hiện"
        return ""


@dataclass(frozen=True, slots=True)
class DutyDraft:
    """What a rapporteur typed; replies by the id of the duty."""

    replies: Mapping[int, Reply] = field(default_factory=dict)
    difficulties: str = ""
    proposals: str = ""
    paper_number: str = ""
    paper_date: date | None = None

    @classmethod
    def of(cls, report: DutyReport) -> "DutyDraft":
        """What a report says."""
        return cls(
            {one.duty_id: Reply(one.progress, one.text) for one in report.answers.all()},
            report.difficulties,
            report.proposals,
            report.paper_number,
            report.paper_date,
        )


@dataclass(frozen=True, slots=True)
class Missing:
    """A duty that cannot be handed in as it is, and why."""

    duty: Duty
    obstacle: str


class DutyConflict(NotReady):
    """The draft was saved elsewhere after this form was opened; both versions are kept."""

    def __init__(self, current: DutyReport) -> None:
        super().__init__(
            f"Nội dung đã được đồng chí {current.updated_by} thay đổi ở nơi khác lúc "
            f"{clock_words(current.updated_at)}. Hãy so sánh hai bản và chọn bản giữ lại."
        )
        self.current = current


class AlreadyHandedIn(NotReady):
    """This report was handed in meanwhile (MSENT)."""

    def __init__(self, report: DutyReport) -> None:
        at = clock_words(report.submitted_at) if report.submitted_at else ""
        super().__init__(
            f"Báo cáo đã được nộp lúc {at} (mã tiếp nhận {report.receipt}) nên không sửa được. "
            "Nội dung vừa nhập được giữ bên dưới để sao chép."
        )
        self.report = report


class Unanswered(NotReady):
    """Duties without a whole reply; `missing` lists them."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(
            f"Chưa nộp được: còn {len(missing)} nhiệm vụ chưa trả lời đủ. "
            "Nội dung đã lưu vẫn còn nguyên."
        )
        self.missing = missing


def duties_of(task: YearlyTask) -> list[Duty]:
    """What the programme gives this agency, in the order of the document."""
    return list(
        Duty.objects.filter(programme=task.programme, agency=task.agency).order_by("position", "pk")
    )


def missing_in(draft: DutyDraft, duties: list[Duty]) -> list[Missing]:
    """The duties whose reply is not whole."""
    found = [(duty, draft.replies.get(duty.pk, Reply()).obstacle) for duty in duties]
    return [Missing(duty, obstacle) for duty, obstacle in found if obstacle]


def save(
    task: YearlyTask, draft: DutyDraft, *, number: int, version: int, by: User, now: datetime
) -> DutyReport:
    """Keep the draft of the `number`-th report of the year; version 0 begins it.

    Raises:
        NotAllowed: not a rapporteur of the agency.
        NotReady: the year is not one to report on.
        AlreadyHandedIn: that report was handed in meanwhile.
        DutyConflict: saved elsewhere since version `version` was shown.
    """
    _require_rapporteur(task.agency, by)
    _require_year(task, timezone.localdate(now))
    values = {
        "difficulties": draft.difficulties,
        "proposals": draft.proposals,
        "paper_number": draft.paper_number,
        "paper_date": draft.paper_date,
        "updated_at": now,
        "updated_by": by,
    }
    with transaction.atomic():
        if version:
            held = _reports(task).filter(number=number, version=version, submitted_at__isnull=True)
            saved = bool(held.update(version=F("version") + 1, **values))
        else:
            saved = _begin(task, number, values)
        if not saved:
            raise _refusal(task, number)
        report = _reports(task).select_related("updated_by").get(number=number)
        _write_replies(report, draft, duties_of(task))
        _record("duty_report_saved", report, by=by, now=now)
    return report


def hand_in(task: YearlyTask, *, number: int, version: int, by: User, now: datetime) -> DutyReport:
    """Hand in the draft as version `version` shows it, and return it with its receipt.

    `now` is the database's time at which the complete request had come. The same press twice gives
    the same receipt. What comes after the last day is taken, and marked wherever it is shown.

    Raises:
        NotAllowed: not a rapporteur of the agency.
        NotReady: the year is not one to report on, or nothing was written yet.
        DutyConflict: changed by somebody else since it was checked.
        Unanswered: duties without a whole reply.
    """
    _require_rapporteur(task.agency, by)
    _require_year(task, timezone.localdate(now))
    with transaction.atomic():
        handed_in = _reports(task).filter(number=number, submitted_at__isnull=False)
        if taken := handed_in.first():
            return taken
        held = _reports(task).filter(number=number, version=version, submitted_at__isnull=True)
        claimed = held.update(submitted_at=now, submitted_by=by, receipt=_receipt(task.year))
        if not claimed:
            if taken := handed_in.first():
                return taken
            raise _refusal(task, number)
        report = handed_in.select_related("programme", "agency__province", "submitted_by").get()
        missing = missing_in(DutyDraft.of(report), duties_of(task))
        if missing:
            raise Unanswered(missing)
        late = replace(task, first=task.first or report).days_late
        _record(
            "duty_report_submitted", report, by=by, now=now, receipt=report.receipt, days_late=late
        )
        _tell(report, late=late, by=by, now=now)
    return report


def rapporteurs(agency: Agency, day: date) -> list[User]:
    """Who reports for this agency on this day."""
    postings = Posting.objects.active_on(day).filter(agency=agency, role=Role.RAPPORTEUR)
    return [one.user for one in postings.select_related("user").order_by("pk")]


def _reports(task: YearlyTask) -> DutyReportQuerySet:
    return DutyReport.objects.filter(programme=task.programme, agency=task.agency, year=task.year)


def _require_rapporteur(agency: Agency, user: User) -> None:
    if agency.pk not in user.scope.agencies:
        raise NotAllowed(NOT_YOUR_AGENCY)


def _require_year(task: YearlyTask, today: date) -> None:
    programme = task.programme
    if not programme.starts <= task.year <= programme.ends:
        raise NotReady(
            f"Chương trình từ năm {programme.starts} đến năm {programme.ends}, không có báo cáo "
            f"năm {task.year}."
        )
    if task.year > today.year:
        raise NotReady(f"Năm {task.year} chưa bắt đầu nên chưa lập được báo cáo.")


def _begin(task: YearlyTask, number: int, values: dict[str, Any]) -> bool:
    """Write the row of a new draft; False when there is one, or that number is not the next."""
    last = _reports(task).order_by("-number").first()
    if number != (last.number if last else 0) + 1 or (last and not last.is_submitted):
        return False
    try:
        with transaction.atomic():
            DutyReport.objects.create(
                programme=task.programme,
                agency=task.agency,
                year=task.year,
                number=number,
                **values,
            )
    except IntegrityError:
        # Somebody else began it between the question and the answer.
        return False
    return True


def _refusal(task: YearlyTask, number: int) -> NotReady:
    reports = _reports(task).select_related("updated_by").prefetch_related("answers")
    if taken := reports.filter(number=number, submitted_at__isnull=False).first():
        return AlreadyHandedIn(taken)
    if current := reports.filter(submitted_at__isnull=True).first():
        return DutyConflict(current)
    return NotReady("Chưa có bản nháp nào được lưu. Hãy mở lại trang báo cáo và lưu trước khi nộp.")


def _write_replies(report: DutyReport, draft: DutyDraft, duties: list[Duty]) -> None:
    report.answers.all().delete()
    DutyAnswer.objects.bulk_create(
        DutyAnswer(report=report, duty=duty, progress=reply.progress, text=reply.text)
        for duty in duties
        if (reply := draft.replies.get(duty.pk)) is not None and (reply.progress or reply.text)
    )


def _receipt(year: int) -> str:
    token = "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(8))
    return f"NV{year}-{token[:4]}-{token[4:]}"


def _record(event: str, report: DutyReport, *, by: User, now: datetime, **details: object) -> None:
    province = report.agency.province
    audit.record(
        event,
        report,
        by=by,
        now=now,
        province_code=province.code if province is not None else "",
        details={
            "programme": report.programme.code,
            "agency": report.agency.code,
            "year": report.year,
            "number": report.number,
            "version": report.version,
            **details,
        },
    )


def _tell(report: DutyReport, *, late: int, by: User, now: datetime) -> None:
    """Confirm to the agency with the receipt, and tell the province's coordinators."""
    today = timezone.localdate(now)
    in_time = f"nộp muộn {late} ngày" if late else "đúng hạn"
    which = f"báo cáo nhiệm vụ năm {report.year}"
    path = reverse("duty_handed_in", args=[report.pk])
    notices.tell(
        rapporteurs(report.agency, today),
        key=f"duty-receipt:{report.pk}",
        event="duty_report_received",
        title=f"{report.agency}: {which} đã được tiếp nhận, mã {report.receipt}",
        body=paragraphs(
            f"Nộp lúc {clock_words(now)}{f', muộn {late} ngày' if late else ''}; "
            f"người nộp: đồng chí {by}.",
            "Không cần gửi lại. Khi cần sửa, đồng chí lập bản sửa và nộp lần nữa; "
            "bản đã nộp vẫn được giữ.",
        ),
        path=path,
        now=now,
    )
    if report.agency.province is None:
        return
    coordinators = people_of(report.agency.province, Role.COORDINATOR, day=today)
    verb = "nộp" if report.number == 1 else f"nộp bản sửa (lần {report.number})"
    notices.tell(
        others(coordinators, by.pk),
        key=f"duty-handed-in:{report.pk}",
        event="duty_report_submitted",
        title=f"{report.agency} đã {verb} {which}{f', {in_time}' if report.number == 1 else ''}",
        body=f"Mã tiếp nhận {report.receipt}, nộp lúc {clock_words(now)}.",
        path=path,
        now=now,
        mail=False,
    )
