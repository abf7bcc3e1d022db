"""Verbs of the annual report: ask for a version, make its file again, say which one counts."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.deriving.days import day_of, end_of
from criteria.models import Programme, Round
from reports.models import AnnualReport, JobState, ReportState

ONLY_COORDINATOR = "Chỉ cán bộ tổng hợp của tỉnh được lập và đánh dấu báo cáo năm."
NOT_FINISHED = "Chưa đánh dấu được: tệp báo cáo chưa lập xong hoặc bản này không còn là bản nháp."

# What a job starts from, whether it is new or made again.
FRESH_JOB = {
    "job_state": JobState.WAITING,
    "job_progress": 0,
    "job_step": "",
    "job_error": "",
    "job_attempts": 0,
    "job_lease": None,
    "job_heartbeat": None,
}


def may_make_reports(user: User, programme: Programme) -> bool:
    """Whether this person coordinates the programme."""
    return Role.COORDINATOR in user.scope.roles and (
        programme.province_id is None or user.scope.serves(Role.COORDINATOR, programme.province_id)
    )


def request_report(
    programme: Programme,
    year: int,
    *,
    as_of: date,
    by: User | None,
    now: datetime,
    slot: str | None = None,
) -> AnnualReport:
    """The next version of the report of a year, waiting to be made.

    `by` is None for the command line and for automatic reports. Asking again while the same
    report is still being made returns that one.

    Raises:
        NotAllowed: not a coordinator of the programme's province.
        NotReady: a year outside the programme or after `as_of`, or a day that has not come.
        IntegrityError: the automatic report of this slot exists already.
    """
    _require_coordinator(programme, by)
    _require_sensible(programme, year, as_of=as_of, now=now)
    with transaction.atomic():
        # One at a time per programme, so that versions are numbered without gaps.
        Programme.objects.select_for_update().get(pk=programme.pk)
        versions = AnnualReport.objects.filter(programme=programme, year=year)
        unfinished = versions.filter(
            as_of=as_of, slot__isnull=True, job_state__in=[JobState.WAITING, JobState.RUNNING]
        ).first()
        if unfinished is not None and slot is None:
            return unfinished
        last = versions.aggregate(last=Max("version"))["last"] or 0
        report = AnnualReport.objects.create(
            programme=programme,
            year=year,
            version=last + 1,
            as_of=as_of,
            slot=slot,
            requested_at=now,
            requested_by=by,
        )
        record("report_requested", report, by=by, now=now, slot=slot or "")
    return report


def make_again(report: AnnualReport, *, by: User, now: datetime) -> None:
    """Have the file made once more, from the same frozen figures when there are any.

    Raises:
        NotAllowed: not a coordinator of the programme's province.
        NotReady: it is being made right now.
    """
    _require_coordinator(report.programme, by)
    with transaction.atomic():
        changed = AnnualReport.objects.filter(
            pk=report.pk, job_state__in=[JobState.DONE, JobState.FAILED]
        ).update(**FRESH_JOB)
        if not changed:
            raise NotReady("Báo cáo đang được lập; đồng chí chờ trong giây lát.")
        record("report_requested", report, by=by, now=now, again=True)
    report.refresh_from_db()


def issue_report(report: AnnualReport, *, by: User, now: datetime) -> None:
    """Make this version the official one; the one before it is superseded.

    Its file is made again from the same frozen figures, without the mark of a draft.

    Raises:
        NotAllowed: not a coordinator of the programme's province.
        NotReady: the file is not finished, or the version is no draft any more.
    """
    _require_coordinator(report.programme, by)
    with transaction.atomic():
        before = AnnualReport.objects.filter(
            programme=report.programme_id, year=report.year, state=ReportState.OFFICIAL
        )
        superseded = list(before.values_list("version", flat=True))
        before.update(state=ReportState.SUPERSEDED)
        changed = AnnualReport.objects.filter(
            pk=report.pk, state=ReportState.DRAFT, job_state=JobState.DONE
        ).update(state=ReportState.OFFICIAL, **FRESH_JOB)
        if not changed:
            raise NotReady(NOT_FINISHED)
        record(
            "report_issued",
            report,
            by=by,
            now=now,
            superseded=superseded,
            figures_sha256=report.figures_sha256,
            draft_sha256=report.file_sha256,
        )
    report.refresh_from_db()


def note_download(report: AnnualReport, *, by: User, now: datetime) -> None:
    """Write down who took the file out."""
    with transaction.atomic():
        record("report_downloaded", report, by=by, now=now, file_sha256=report.file_sha256)


def slot_of(programme: Programme, year: int) -> str:
    """The name under which the automatic report of a year is made once."""
    return f"annual:{programme.code}:{year}"


def due_slots(programme: Programme, *, today: date) -> Iterator[tuple[int, date]]:
    """Years whose automatic report is due by `today`, each with the day its figures speak of.

    Inputs are due before a day ("trước ngày 15/11"), so the report takes the figures of its eve.
    The running year always has one. An earlier year has one when its round was open by then:
    whatever was missed while no scheduler ran is made later, with the figures of the same day.
    """
    opened = {round_.year: round_.opened_at for round_ in Round.objects.filter(programme=programme)}
    for year in range(programme.starts, min(programme.ends, today.year) + 1):
        due = programme.due_day(year)
        if due is None or today < (eve := due - timedelta(days=1)):
            continue
        if year == today.year or (year in opened and opened[year] <= end_of(eve)):
            yield year, eve


def ensure_due_report(
    programme: Programme, year: int, *, as_of: date, now: datetime
) -> AnnualReport | None:
    """The automatic report of a year, made once; None when it was made before."""
    slot = slot_of(programme, year)
    if AnnualReport.objects.filter(slot=slot).exists():
        return None
    try:
        return request_report(programme, year, as_of=as_of, by=None, now=now, slot=slot)
    except IntegrityError:
        # Another scheduler was first; the unique slot is what decides.
        return None


def record(
    event: str, report: AnnualReport, *, by: User | None, now: datetime, **details: object
) -> None:
    """Write an act on a report into the audit trail, in the transaction of the act."""
    province = report.programme.province
    audit.record(
        event,
        report,
        by=by,
        now=now,
        province_code=province.code if province else "",
        details={
            "programme": report.programme.code,
            "year": report.year,
            "version": report.version,
            "as_of": report.as_of.isoformat(),
            **details,
        },
    )


def _require_coordinator(programme: Programme, by: User | None) -> None:
    if by is not None and not may_make_reports(by, programme):
        raise NotAllowed(ONLY_COORDINATOR)


def _require_sensible(programme: Programme, year: int, *, as_of: date, now: datetime) -> None:
    if not programme.starts <= year <= programme.ends:
        raise NotReady(
            f"Năm {year} nằm ngoài thời gian của chương trình "
            f"({programme.starts}–{programme.ends}). Chưa lập báo cáo nào."
        )
    if as_of > day_of(now):
        raise NotReady("Ngày chốt số liệu chưa đến. Chưa lập báo cáo nào.")
    if as_of.year < year:
        raise NotReady(f"Năm {year} chưa bắt đầu vào ngày {as_of:%d/%m/%Y}. Chưa lập báo cáo nào.")
