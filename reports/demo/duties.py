"""Sample duty reports: in time, late, corrected, one draft; most agencies have sent nothing."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.actions import create_user
from accounts.models import Role, User
from assessments.actions import duty_reports
from assessments.actions.duty_reports import DutyDraft, Reply
from assessments.duties import YearlyTask, task_of
from assessments.models import DutyProgress, DutyReport
from criteria.models import Programme
from reports.demo.people import SINCE
from wards.actions.posting import post
from wards.models import Agency
from wards.postings import attach_scope

FINANCE = "so.taichinh"
DONE = "Đã ban hành 01 văn bản hướng dẫn; 11/11 phường được kiểm tra, đạt 100% kế hoạch (mẫu)."
DOING = "Đã hoàn thành khoảng 60% khối lượng, phần còn lại thực hiện trong quý I (mẫu)."
DIFFICULTIES = "Nguồn kinh phí phân bổ chậm so với kế hoạch (mẫu)."
PROPOSALS = "Đề nghị thống nhất biểu mẫu số liệu giữa các cơ quan (mẫu)."


@dataclass(frozen=True, slots=True)
class Sent:
    """Who handed in what for a year, and when."""

    username: str
    full_name: str
    agency: str
    on: date
    corrected_on: date | None = None


SENT = (
    Sent(FINANCE, "", "so-tai-chinh", date(2023, 11, 10)),
    Sent("so.tuphap", "Lê Thị Thu Trang", "so-tu-phap", date(2023, 11, 13), date(2023, 11, 24)),
    Sent("qs.tinh", "Trần Quốc Bảo", "bo-chi-huy-quan-su-tinh", date(2023, 11, 17)),
)
"""Finance in time, Justice in time and corrected, the Military Command three days late."""


def report_duties(programme: Programme) -> None:
    """Play the reports of 2023, and leave the Department of Finance a draft of 2024."""
    password = User.objects.get(username=FINANCE).password
    for sent in SENT:
        agency = Agency.objects.select_related("province").get(code=sent.agency)
        if sent.full_name:
            _join(sent, agency, password)
        user = attach_scope(User.objects.get(username=sent.username), sent.on)
        _hand_in(programme, agency, user, sent.on, number=1)
        if sent.corrected_on is not None:
            _hand_in(programme, agency, user, sent.corrected_on, number=2)
    finance = Agency.objects.select_related("province").get(code="so-tai-chinh")
    begun = date(2024, 10, 28)
    user = attach_scope(User.objects.get(username=FINANCE), begun)
    _save(task_of(programme, finance, 2024, begun), user, _morning(begun), number=1, whole=False)


def _join(sent: Sent, agency: Agency, password: str) -> None:
    now = _morning(sent.on)
    user = create_user(
        username=sent.username,
        full_name=sent.full_name,
        email=f"{sent.username}@mau.example",
        password=None,
        by=None,
        now=now,
        must_change_password=False,
    )
    # The common password, hashed already: hashing is slow on purpose.
    User.objects.filter(pk=user.pk).update(password=password)
    post(user, Role.RAPPORTEUR, agency=agency, starts=SINCE, by=None, now=now)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8, 30)))


def _hand_in(programme: Programme, agency: Agency, user: User, day: date, *, number: int) -> None:
    task = task_of(programme, agency, 2023, day)
    report = _save(task, user, _morning(day), number=number, whole=True)
    duty_reports.hand_in(
        task,
        number=number,
        version=report.version,
        by=user,
        now=_morning(day) + timedelta(hours=2),
    )


def _save(task: YearlyTask, user: User, now: datetime, *, number: int, whole: bool) -> DutyReport:
    duties = duty_reports.duties_of(task)
    first = Reply(DutyProgress.DONE if whole else DutyProgress.DOING, DONE if whole else "")
    further = Reply(DutyProgress.DOING, DOING)
    replies = {duty.pk: further if place else first for place, duty in enumerate(duties)}
    draft = DutyDraft(replies, DIFFICULTIES, PROPOSALS if whole else "")
    report = duty_reports.save(task, draft, number=number, version=0, by=user, now=now)
    DutyReport.objects.filter(pk=report.pk).update(is_sample=True)
    return report
