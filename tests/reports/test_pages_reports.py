"""The pages of the annual report: asked for, watched, read, issued; a file never leaves altered."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from criteria.models import Programme, Round
from reports import jobs
from reports.models import AnnualReport, JobState, ReportState
from tests import cast

SignIn = Callable[[User], Client]
ASK = "/bao-cao/yeu-cau/"
WANTED = {"programme": "tra-vinh-2023", "year": "2023", "as_of": "2023-11-10"}
pytestmark = pytest.mark.usefixtures("round_", "quick_pdf")


@pytest.fixture
def quick_pdf(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(
        jobs,
        "render_annual_report",
        lambda figures, draft, **more: b"%PDF-1.7 " + str(draft).encode(),
    )


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Which reports a worker was woken for."""
    called: list[object] = []
    monkeypatch.setattr(jobs, "announce", called.append)
    return called


def ask(client: Client, **changed: str) -> AnnualReport:
    answer = client.post(ASK, WANTED | changed)
    assert answer.status_code == 302, answer.content.decode()
    return AnnualReport.objects.latest("version")


def work(report: AnnualReport) -> None:
    jobs.run(report.pk, clock=timezone.now)
    report.refresh_from_db()


def test_asking_makes_a_waiting_row_and_wakes_a_worker(
    people: cast.People, sign_in: SignIn, woken: list[object]
) -> None:
    client = sign_in(people.coordinator)
    report = ask(client)
    assert report.requested_by == people.coordinator
    assert report.job_state == JobState.WAITING
    assert woken == [report.pk]
    page = client.get(f"/bao-cao/{report.pk}/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert f'hx-get="/bao-cao/{report.pk}/tien-trinh/"' in page
    assert "Xem lại tiến trình" in page
    assert "Tải PDF" not in page


def test_the_polling_stops_once_it_is_over(
    people: cast.People, sign_in: SignIn, woken: list[object]
) -> None:
    client = sign_in(people.coordinator)
    report = ask(client)
    address = f"/bao-cao/{report.pk}/tien-trinh/"
    AnnualReport.objects.update(job_progress=45, job_step="Dựng tệp PDF", job_state="running")
    answer = client.get(address)
    assert "Dựng tệp PDF" in answer.content.decode()
    assert "every 2s" in answer.content.decode()
    assert "HX-Refresh" not in answer.headers
    AnnualReport.objects.update(job_state="waiting")
    work(report)
    answer = client.get(address)
    assert answer.headers["HX-Refresh"] == "true"
    assert "every 2s" not in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "status", "sentence"),
    [
        ({"as_of": "2999-01-01"}, 400, "chưa đến"),
        ({"as_of": "31/02/2023"}, 400, "không phải một ngày hợp lệ"),
        ({"as_of": ""}, 400, "Hãy chọn một ngày."),
        ({"year": "1999"}, 400, "Hãy chọn một năm trong danh sách."),
        ({"programme": "khong-co"}, 400, "Hãy chọn một chương trình trong danh sách."),
        ({"year": "2026"}, 409, "chưa bắt đầu vào ngày 10/11/2023"),
    ],
)
def test_a_refused_request_keeps_what_was_typed(
    changed: dict[str, str], status: int, sentence: str, people: cast.People, sign_in: SignIn
) -> None:
    answer = sign_in(people.coordinator).post(ASK, WANTED | changed)
    assert answer.status_code == status
    page = answer.content.decode()
    assert "Chưa lập được báo cáo" in page
    assert sentence in page
    assert (WANTED | changed)["as_of"] in page
    assert not AnnualReport.objects.exists()


def test_the_file_leaves_as_an_attachment_and_leaves_a_trace(
    people: cast.People, sign_in: SignIn, woken: list[object]
) -> None:
    report = ask(sign_in(people.coordinator))
    work(report)
    answer = sign_in(people.leader).get(f"/bao-cao/{report.pk}/tep/")
    assert answer.status_code == 200
    assert sha256(answer.content).hexdigest() == report.file_sha256
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="bao-cao-tra-vinh-2023-nam-2023-ban-1.pdf"'
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    trace = AuditEntry.objects.get(event="report_downloaded")
    assert (trace.actor_id, trace.subject_id) == (people.leader.pk, str(report.pk))


@pytest.mark.parametrize("damage", ["altered", "gone"])
def test_px_12_an_altered_file_does_not_leave(
    damage: str, people: cast.People, sign_in: SignIn, woken: list[object]
) -> None:
    client = sign_in(people.coordinator)
    report = ask(client)
    work(report)
    path = Path(default_storage.path(report.file.name))
    if damage == "altered":
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(bytes(content))
    else:
        path.unlink()
    answer = client.get(f"/bao-cao/{report.pk}/tep/", follow=True)
    assert "không còn khớp với tệp đã lập" in answer.content.decode()
    assert not AuditEntry.objects.filter(event="report_downloaded").exists()

    client.post(f"/bao-cao/{report.pk}/lap-lai/")
    before = report.file_sha256
    work(report)
    assert report.file_sha256 == before
    assert client.get(f"/bao-cao/{report.pk}/tep/").status_code == 200


def test_issuing_one_supersedes_the_other(
    people: cast.People, sign_in: SignIn, woken: list[object]
) -> None:
    client = sign_in(people.coordinator)
    first = ask(client)
    work(first)
    client.post(f"/bao-cao/{first.pk}/chinh-thuc/")
    work(first)
    second = ask(client, as_of="2023-11-14")
    work(second)
    page = client.post(f"/bao-cao/{second.pk}/chinh-thuc/", follow=True).content.decode()
    assert "Bản 2 là báo cáo chính thức năm 2023" in page
    work(second)
    listed = client.get("/bao-cao/").content.decode()
    for state in ("Chính thức", "Đã thay thế"):
        assert state in listed
    first.refresh_from_db()
    assert first.state == ReportState.SUPERSEDED
    # A second time there is nothing to do, and it is said.
    page = client.post(f"/bao-cao/{second.pk}/chinh-thuc/", follow=True).content.decode()
    assert "không còn là bản nháp" in page


def test_stations_read_the_official_version_alone(
    people: cast.People, sign_in: SignIn, woken: list[object]
) -> None:
    client = sign_in(people.coordinator)
    report = ask(client)
    work(report)
    assert "Chưa có báo cáo nào" in sign_in(people.commander).get("/bao-cao/").content.decode()
    client.post(f"/bao-cao/{report.pk}/chinh-thuc/")
    sign_in(people.coordinator).post(f"/bao-cao/{report.pk}/chinh-thuc/")
    work(report)
    for person in (people.commander, people.rapporteur):
        page = sign_in(person).get("/bao-cao/").content.decode()
        assert f"/bao-cao/{report.pk}/" in page
        assert "Lập bản mới" not in page
        page = sign_in(person).get(f"/bao-cao/{report.pk}/").content.decode()
        assert "Lập lại tệp" not in page


def test_a_failed_report_says_what_to_do(
    people: cast.People, sign_in: SignIn, woken: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **more: object) -> bytes:
        raise MemoryError

    client = sign_in(people.coordinator)
    report = ask(client)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "render_annual_report", broken)
        for _ in range(3):
            work(report)
    page = client.get(f"/bao-cao/{report.pk}/").content.decode()
    assert "Lập báo cáo không thành công" in page
    assert "Số liệu đã chốt được giữ nguyên" in page
    client.post(f"/bao-cao/{report.pk}/lap-lai/")
    work(report)
    assert report.is_finished
    assert len(woken) == 2


def test_a_file_that_is_not_there_yet(
    people: cast.People, sign_in: SignIn, woken: list[object]
) -> None:
    client = sign_in(people.coordinator)
    report = ask(client)
    page = client.get(f"/bao-cao/{report.pk}/tep/", follow=True).content.decode()
    assert "chưa lập xong" in page
    page = client.post(f"/bao-cao/{report.pk}/lap-lai/", follow=True).content.decode()
    assert "Báo cáo đang được lập" in page


def test_a_coordinator_of_no_programme_gets_no_form(
    programme: Programme, round_: Round, places: cast.Places, sign_in: SignIn
) -> None:
    far = cast.person("xa", "Tổng Hợp Xa", cast.Role.COORDINATOR, province=places.elsewhere)
    client = sign_in(far)
    assert client.get("/bao-cao/").context["form"] is None
    assert client.post(ASK, WANTED).status_code == 403
    assert not AnnualReport.objects.exists()
