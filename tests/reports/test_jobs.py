"""The annual report as a job: asked for, frozen, rendered, kept; crashes and second deliveries."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.access import NotAllowed, NotReady
from accounts.audit import first_broken
from accounts.models import AuditEntry
from assessments.models import Assessment
from criteria.models import Programme, Round
from reports import actions, jobs, tasks
from reports.figures import figures_sha256
from reports.models import AnnualReport, JobState, ReportState
from reports.pdf import figures_digest
from tests import cast

# WeasyPrint leaves its colour profile to the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")

EVE = date(2023, 11, 14)
LATER = cast.NOW + timedelta(days=30)


def ask(programme: Programme, people: cast.People, as_of: date = cast.DAY) -> AnnualReport:
    return actions.request_report(programme, 2023, as_of=as_of, by=people.coordinator, now=cast.NOW)


def work(report: AnnualReport, now: datetime = cast.NOW) -> bool:
    done = jobs.run(report.pk, clock=lambda: now)
    report.refresh_from_db()
    return done


def content_of(report: AnnualReport) -> bytes:
    with report.file.open("rb") as file:
        return file.read()


def files() -> list[Path]:
    return [path for path in Path(default_storage.path("reports")).rglob("*") if path.is_file()]


def events(report: AnnualReport) -> list[str]:
    entries = AuditEntry.objects.about("reports.annualreport", report.pk).order_by("sequence")
    return list(entries.values_list("event", flat=True))


@pytest.fixture(autouse=True)
def _own_media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "reports").mkdir()


@pytest.fixture
def quick_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the renderer where its bytes do not matter: figures in, bytes out."""

    def render(figures: dict[str, object], *, draft: bool) -> bytes:
        return f"%PDF {figures_sha256(figures)} {draft}".encode()

    monkeypatch.setattr(jobs, "render_annual_report", render)


def test_from_request_to_file(programme: Programme, round_: Round, people: cast.People) -> None:
    report = ask(programme, people)
    assert (report.version, report.job_state) == (1, JobState.WAITING)

    assert work(report)

    assert report.job_state == JobState.DONE
    assert report.job_progress == 100
    content = content_of(report)
    assert content.startswith(b"%PDF-1.")
    assert sha256(content).hexdigest() == report.file_sha256
    assert report.figures["as_of"] == "2023-11-10"
    assert figures_digest(report.figures) == report.figures_sha256
    assert events(report) == ["report_requested", "report_frozen", "report_rendered"]
    assert first_broken() is None


@pytest.mark.usefixtures("quick_pdf", "round_")
def test_versions_are_numbered_and_asking_twice_is_asking_once(
    programme: Programme, people: cast.People
) -> None:
    first = ask(programme, people)
    assert ask(programme, people) == first
    work(first)
    assert ask(programme, people).version == 2


@pytest.mark.usefixtures("round_")
def test_who_and_what_is_refused(programme: Programme, people: cast.People) -> None:
    for stranger in (people.commander, people.reviewer, people.leader, people.ministry_viewer):
        with pytest.raises(NotAllowed):
            actions.request_report(programme, 2023, as_of=cast.DAY, by=stranger, now=cast.NOW)
    for year, as_of, why in (
        (2022, cast.DAY, "nằm ngoài thời gian"),
        (2031, cast.DAY, "nằm ngoài thời gian"),
        (2024, cast.DAY, "chưa bắt đầu"),
        (2023, date(2023, 11, 11), "chưa đến"),
    ):
        with pytest.raises(NotReady, match=why):
            actions.request_report(
                programme, year, as_of=as_of, by=people.coordinator, now=cast.NOW
            )
    assert not AnnualReport.objects.exists()
    assert not AuditEntry.objects.filter(event="report_requested").exists()


@pytest.mark.usefixtures("quick_pdf")
def test_figures_once_frozen_stay(
    programme: Programme, assessment: Assessment, people: cast.People
) -> None:
    report = ask(programme, people)
    work(report)
    frozen = report.figures_sha256
    cast.recognise(assessment, people)

    actions.make_again(report, by=people.coordinator, now=LATER)
    work(report, LATER)

    assert report.figures_sha256 == frozen == figures_sha256(report.figures)
    assert len(files()) == 1


@pytest.mark.usefixtures("quick_pdf", "round_")
def test_re_01_a_worker_killed_in_mid_report_is_replaced(
    programme: Programme, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the file was written and before the row said so: nothing is left behind."""
    report = ask(programme, people)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_flush", _die)
        with pytest.raises(Killed):
            work(report)
    report.refresh_from_db()
    assert report.job_state == JobState.RUNNING
    assert len(files()) == 1
    soon, late = cast.NOW + timedelta(seconds=119), cast.NOW + timedelta(seconds=121)
    assert jobs.startable(soon) == []
    assert jobs.startable(late) == [report.pk]

    assert work(report, late)

    assert report.job_state == JobState.DONE
    assert [path.name for path in files()] == [Path(report.file.name).name]
    assert events(report).count("report_frozen") == 1


@pytest.mark.usefixtures("quick_pdf", "round_")
def test_re_02_a_second_delivery_does_nothing(
    programme: Programme, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(programme, people)
    second: list[bool] = []
    render = jobs.render_annual_report

    def render_and_deliver_again(*args: object, **more: object) -> bytes:
        second.append(jobs.run(report.pk, clock=lambda: cast.NOW))
        return render(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "render_annual_report", render_and_deliver_again)
    assert work(report)
    assert not work(report)
    assert second == [False]
    assert len(files()) == 1
    assert events(report).count("report_rendered") == 1


@pytest.mark.usefixtures("quick_pdf", "round_")
def test_re_02_who_was_taken_for_dead_writes_nothing(
    programme: Programme, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(programme, people)
    render = jobs.render_annual_report
    late = cast.NOW + timedelta(minutes=5)

    def so_slow_that_another_takes_over(*args: object, **more: object) -> bytes:
        monkeypatch.setattr(jobs, "render_annual_report", render)
        assert jobs.run(report.pk, clock=lambda: late)
        return b"%PDF of the slow one"

    monkeypatch.setattr(jobs, "render_annual_report", so_slow_that_another_takes_over)
    assert not work(report)
    assert report.job_state == JobState.DONE
    assert b"slow" not in content_of(report)
    assert len(files()) == 1
    assert events(report).count("report_rendered") == 1


@pytest.mark.usefixtures("round_")
def test_three_failures_are_enough_and_say_so(
    programme: Programme, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **more: object) -> bytes:
        raise OSError(28, "No space left on device")

    report = ask(programme, people)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "render_annual_report", broken)
        for attempt in (1, 2):
            assert not work(report)
            assert report.job_state == JobState.WAITING
            assert report.job_error.startswith(f"Lần {attempt} ")
        assert not work(report)
    assert report.job_state == JobState.FAILED
    assert "Đã thử 3 lần" in report.job_error
    assert events(report)[-1] == "report_failed"
    assert jobs.startable(LATER) == []
    assert files() == []
    actions.make_again(report, by=people.coordinator, now=LATER)
    assert work(report, LATER)


@pytest.mark.usefixtures("round_")
def test_a_report_that_kills_its_workers_is_given_up(
    programme: Programme, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "render_annual_report", _die)
    report = ask(programme, people)
    now = cast.NOW
    for _ in range(3):
        with pytest.raises(Killed):
            work(report, now)
        now += timedelta(minutes=3)
    assert not work(report, now)
    assert report.job_state == JobState.FAILED
    assert "gián đoạn" in report.job_error


@pytest.mark.usefixtures("quick_pdf", "round_")
def test_one_official_report_a_year(programme: Programme, people: cast.People) -> None:
    first, second = ask(programme, people), None
    with pytest.raises(NotReady, match="chưa lập xong"):
        actions.issue_report(first, by=people.coordinator, now=cast.NOW)
    work(first)
    with pytest.raises(NotAllowed):
        actions.issue_report(first, by=people.leader, now=cast.NOW)
    actions.issue_report(first, by=people.coordinator, now=cast.NOW)
    assert first.state == ReportState.OFFICIAL
    assert not first.is_finished
    work(first)
    # Issued without the mark of a draft.
    assert content_of(first).endswith(b"False")

    second = ask(programme, people)
    work(second)
    actions.issue_report(second, by=people.coordinator, now=LATER)

    first.refresh_from_db()
    assert (first.state, second.state) == (ReportState.SUPERSEDED, ReportState.OFFICIAL)
    issued = AuditEntry.objects.filter(event="report_issued").first()
    assert issued is not None
    assert issued.details["superseded"] == [1]


@pytest.mark.usefixtures("round_")
def test_re_03_a_dead_broker_does_not_refuse_the_request(
    programme: Programme,
    people: cast.People,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise ConnectionError("broker is gone")

    monkeypatch.setattr("celery.app.base.Celery.send_task", refuse)
    report = ask(programme, people)
    with django_capture_on_commit_callbacks(execute=True) as called:  # type: ignore[attr-defined]
        jobs.announce(report.pk)
    assert len(called) == 1
    assert "No worker could be woken" in caplog.text
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)
    tasks.start_waiting_jobs()
    report.refresh_from_db()
    assert report.is_finished


def at(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    moment = timezone.make_aware(datetime.fromisoformat(text))
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.mark.usefixtures("round_")
def test_re_12_the_scheduler_asks_once_from_the_eve_on(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "2023-11-13T23:59:59")
    tasks.produce_due_reports()
    assert not AnnualReport.objects.exists()

    at(monkeypatch, "2023-11-14T00:00:01")
    for _ in range(3):
        tasks.produce_due_reports()

    report = AnnualReport.objects.get()
    assert report.slot == "annual:tra-vinh-2023:2023"
    assert report.as_of == EVE
    assert report.requested_by is None
    tasks.make_report(str(report.pk))
    report.refresh_from_db()
    assert report.is_finished


@pytest.mark.usefixtures("round_")
def test_re_13_a_missed_slot_is_made_later_with_its_own_day(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "2024-02-01T08:00:00")
    tasks.produce_due_reports()
    report = AnnualReport.objects.get()
    assert (report.year, report.as_of) == (2023, EVE)

    # Years that went by without a round are not made up for; the running one is due in any case.
    at(monkeypatch, "2026-11-22T08:00:00")
    tasks.produce_due_reports()
    made = AnnualReport.objects.order_by("year").values_list("year", "as_of")
    assert list(made) == [(2023, EVE), (2026, date(2026, 11, 14))]


@pytest.mark.usefixtures("round_")
def test_two_schedulers_at_once_make_one(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second finds no row yet, and is stopped by the unique slot."""
    assert actions.ensure_due_report(programme, 2023, as_of=EVE, now=LATER) is not None
    with monkeypatch.context() as patch:
        patch.setattr("django.db.models.QuerySet.exists", lambda self: False)
        assert actions.ensure_due_report(programme, 2023, as_of=EVE, now=LATER) is None
    assert AnnualReport.objects.count() == 1


class Killed(BaseException):
    """What kill -9 looks like from inside: nothing gets to clean up."""


def _die(*args: object, **more: object) -> None:
    raise Killed(uuid.uuid4())
