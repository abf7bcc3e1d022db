"""The virus scanner: asked, infected, down, slow, back again (RELIABILITY FL-08)."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from assessments import scanning
from assessments.actions import evidence as actions
from assessments.actions.scanning import scan_waiting
from assessments.models import Assessment, Evidence, Scan
from assessments.readiness import gaps
from assessments.uploads import UploadRefused, check_upload
from assessments.views.station_rows import build_rows
from tests import cast
from tests.assessments.station import text_of, url

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VIRUS = cast.PDF + b"%" + EICAR
MSCAN = "Tệp đang chờ kiểm tra mã độc, chưa được tính là minh chứng."


@dataclass
class Scanner:
    """A daemon that speaks INSTREAM as ClamAV does, and misbehaves when told to."""

    address: str
    mood: str = "well"
    seen: list[bytes] = field(default_factory=list)

    def answer(self, line: socket.socket) -> None:
        """Read one command and its chunks; answer as the mood is."""
        command = b""
        while not command.endswith(b"\0"):
            command += line.recv(1)
        assert command == b"zINSTREAM\0"
        content = b""
        if self.mood == "hangs up":
            return
        while size := int.from_bytes(self._exactly(line, 4), "big"):
            content += self._exactly(line, size)
        self.seen.append(content)
        if self.mood == "silent":
            time.sleep(1)
        elif self.mood == "odd":
            line.sendall(b"\xff\xfe what?\0")
        elif self.mood == "too small":
            line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        elif EICAR in content:
            line.sendall(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
        else:
            line.sendall(b"stream: OK\0")

    @staticmethod
    def _exactly(line: socket.socket, size: int) -> bytes:
        found = b""
        while len(found) < size and (more := line.recv(size - len(found))):
            found += more
        return found


@pytest.fixture
def scanner(tmp_path: Path, settings: object) -> Iterator[Scanner]:
    """A scanner on a socket of its own."""
    place = tmp_path / "clamd.sock"
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(str(place))
    door.listen()
    running = Scanner(str(place))
    settings.CLAMAV_ADDRESS = running.address

    def serve() -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line:
                try:
                    running.answer(line)
                except OSError:
                    continue

    threading.Thread(target=serve, daemon=True).start()
    yield running
    door.shutdown(socket.SHUT_RDWR)
    door.close()


def add(assessment: Assessment, people: cast.People, content: bytes = cast.PDF) -> Evidence:
    return actions.attach_file(
        assessment,
        assessment.round.criteria_set.criteria.get(code="C02"),
        check_upload(cast.upload(content=content)),
        by=people.officer,
        now=cast.NOW,
    ).evidence


def waiting(assessment: Assessment, people: cast.People, content: bytes = cast.PDF) -> Evidence:
    """Evidence that came while the scanner was silent."""
    kept = add(assessment, people, content)
    Evidence.objects.filter(pk=kept.pk).update(scan=Scan.WAITING)
    kept.refresh_from_db()
    return kept


def test_without_a_scanner_nothing_is_asked(assessment: Assessment, people: cast.People) -> None:
    kept = add(assessment, people)
    assert (kept.scan, kept.is_usable) == (Scan.NOT_ASKED, True)


def test_fl_08_a_clean_file_is_taken(
    assessment: Assessment, people: cast.People, scanner: Scanner
) -> None:
    assert add(assessment, people).scan == Scan.CLEAN
    assert scanner.seen == [cast.PDF]


def test_fl_08_a_large_file_goes_in_chunks(scanner: Scanner) -> None:
    content = bytes(range(256)) * 4_000
    assert scanning.scan(content).state == Scan.CLEAN
    assert scanner.seen == [content]


def test_fl_08_eicar_is_refused_with_its_name(
    assessment: Assessment, people: cast.People, scanner: Scanner, sign_in
) -> None:
    response = sign_in(people.officer).post(
        url("evidence_add", assessment, "C02"),
        {"uploads": [cast.upload("kế hoạch.pdf", VIRUS)], "not_secret": "on"},
    )
    assert response.status_code == 400
    sentence = "Tệp “kế hoạch.pdf” không được nhận: phát hiện mã độc (Win.Test.EICAR_HDB-1)."
    assert sentence in text_of(response)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("mood", ["hangs up", "silent", "odd", "too small"])
def test_fl_08_a_scanner_that_fails_lets_nothing_pass(
    assessment: Assessment, people: cast.People, scanner: Scanner, monkeypatch, mood: str
) -> None:
    monkeypatch.setattr(scanning, "ANSWER_SECONDS", 0.2)
    scanner.mood = mood
    assert add(assessment, people, VIRUS).scan == Scan.WAITING


@pytest.mark.parametrize("address", ["/khong/co.sock", "127.0.0.1:1", "127.0.0.1:cong"])
def test_fl_08_a_scanner_that_is_not_there_lets_nothing_pass(
    assessment: Assessment, people: cast.People, settings, address: str
) -> None:
    settings.CLAMAV_ADDRESS = address
    kept = add(assessment, people)
    assert (kept.scan, kept.is_usable) == (Scan.WAITING, False)


def test_fl_08_what_waits_is_told_and_served_to_nobody(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = waiting(assessment, people)
    for who in (people.officer, people.commander, people.reviewer, people.leader):
        client = sign_in(who)
        response = client.get(reverse("evidence_file", args=[kept.pk]))
        assert response["Location"] == reverse("evidence_page", args=[kept.pk])
        assert client.get(reverse("evidence_picture", args=[kept.pk])).status_code == 404
        page = client.get(reverse("evidence_page", args=[kept.pk]))
        assert MSCAN in text_of(page)
        assert reverse("evidence_file", args=[kept.pk]) not in text_of(page)
        fragment = client.get(
            reverse("evidence_preview", args=[kept.pk]), headers={"HX-Request": "true"}
        )
        assert MSCAN in text_of(fragment)
        assert "<img" not in text_of(fragment)
    page = text_of(sign_in(people.officer).get(url("criterion", assessment, "C02")))
    assert MSCAN in page
    assert reverse("evidence_file", args=[kept.pk]) not in page


@pytest.mark.parametrize("scan", [Scan.WAITING, Scan.INFECTED])
def test_fl_08_what_is_not_served_does_not_count(
    assessment: Assessment, people: cast.People, scan: Scan
) -> None:
    cast.answer(assessment, "C02", by=people.officer)
    kept = add(assessment, people)

    def counted() -> tuple[int, list[str]]:
        row = next(r for r in build_rows(assessment, {}) if r.criterion.code == "C02")
        told = [gap.sentence for gap in gaps(assessment) if gap.criterion.code == "C02"]
        return row.evidence_count, told

    assert counted() == (1, [])
    Evidence.objects.filter(pk=kept.pk).update(scan=scan)
    count, told = counted()
    assert count == 0
    assert told


def test_fl_08_the_form_is_saved_while_the_scanner_is_down(
    assessment: Assessment, people: cast.People, sign_in, settings
) -> None:
    settings.CLAMAV_ADDRESS = "/khong/co.sock"
    response = sign_in(people.officer).post(
        url("criterion", assessment, "C02"),
        {
            "version": assessment.results.get(criterion__code="C02").version,
            "note": "Vẫn được lưu",
            "uploads": [cast.upload()],
            "not_secret": "on",
            "action": "save",
        },
    )
    assert response.status_code == 302
    assert assessment.results.get(criterion__code="C02").note == "Vẫn được lưu"
    assert Evidence.objects.get().scan == Scan.WAITING


def test_fl_08_what_waited_is_scanned_when_the_scanner_is_back(
    assessment: Assessment, people: cast.People, scanner: Scanner, sign_in
) -> None:
    clean = waiting(assessment, people)
    infected = add(assessment, people, cast.PDF + b"% other")
    infected.file.open("wb").write(VIRUS)
    infected.file.close()
    Evidence.objects.filter(pk=infected.pk).update(scan=Scan.WAITING)
    assert scan_waiting(now=cast.NOW) == 2
    clean.refresh_from_db()
    infected.refresh_from_db()
    assert (clean.scan, infected.scan) == (Scan.CLEAN, Scan.INFECTED)
    # Both arrived at the same instant, so nothing says which of them is scanned first.
    told = AuditEntry.objects.filter(event="evidence_scanned")
    assert {entry.details["state"]: entry.details["signature"] for entry in told} == {
        "clean": "",
        "infected": "Win.Test.EICAR_HDB-1",
    }
    client = sign_in(people.officer)
    assert client.get(reverse("evidence_file", args=[clean.pk])).getvalue() == cast.PDF
    response = client.get(reverse("evidence_file", args=[infected.pk]))
    assert "phát hiện mã độc" in text_of(client.get(response["Location"]))
    assert "phát hiện mã độc" in text_of(client.get(url("criterion", assessment, "C02")))
    assert scan_waiting(now=cast.NOW) == 0


def test_fl_08_while_the_scanner_is_silent_everything_goes_on_waiting(
    assessment: Assessment, people: cast.People, settings
) -> None:
    kept = waiting(assessment, people)
    settings.CLAMAV_ADDRESS = "/khong/co.sock"
    assert scan_waiting(now=cast.NOW) == 0
    kept.refresh_from_db()
    assert kept.scan == Scan.WAITING


def test_fl_08_a_waiting_file_that_is_missing_does_not_hold_up_the_others(
    assessment: Assessment, people: cast.People, scanner: Scanner
) -> None:
    lost = waiting(assessment, people)
    Path(lost.file.path).unlink()
    found = waiting(assessment, people, cast.PDF + b"% other")
    assert scan_waiting(now=cast.NOW) == 1
    found.refresh_from_db()
    assert found.scan == Scan.CLEAN


def test_fl_08_infected_content_is_not_attached_again(
    assessment: Assessment, people: cast.People
) -> None:
    kept = add(assessment, people)
    Evidence.objects.filter(pk=kept.pk).update(scan=Scan.INFECTED)
    again = actions.attach_file(
        assessment,
        assessment.round.criteria_set.criteria.get(code="C03"),
        check_upload(cast.upload()),
        by=people.officer,
        now=cast.NOW,
    )
    assert again.evidence_id != kept.pk


def test_an_infected_upload_is_refused_before_it_is_stored(scanner: Scanner) -> None:
    with pytest.raises(UploadRefused, match="mã độc"):
        check_upload(cast.upload(content=VIRUS))
