"""Evidence on the disk: names, kills, sweeping, serving (RELIABILITY FL-05, 07, 09, 10, 11)."""

import base64
import os
import re
import uuid
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from assessments.actions import evidence as actions
from assessments.actions.sweeping import sweep_files
from assessments.models import Assessment, Attachment, Evidence
from assessments.uploads import CheckedUpload, check_upload
from tests import cast
from tests.assessments.station import text_of, url
from tests.assessments.strangers import picture
from tests.assessments.test_uploads import NAMES

TICK = {"not_secret": "on"}
SAFE_NAME = re.compile(r"evidence/[0-9a-f]{2}/[0-9a-f]{32}")


@pytest.fixture(autouse=True)
def own_media(tmp_path: Path, settings: object) -> Path:
    """A store of its own for every test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def add(client: Client, assessment: Assessment, *files: object, code: str = "C01", **more: str):
    """Send files as the script of the page does."""
    return client.post(url("evidence_add", assessment, code), {"uploads": files, **TICK, **more})


def attach(
    assessment: Assessment, people: cast.People, content: bytes = cast.PDF, code: str = "C01"
) -> Evidence:
    return actions.attach_file(
        assessment,
        assessment.round.criteria_set.criteria.get(code=code),
        check_upload(cast.upload(content=content)),
        by=people.officer,
        now=cast.NOW,
    ).evidence


def checked(content: bytes = cast.PDF) -> CheckedUpload:
    return check_upload(cast.upload(content=content))


# --- FL-05: sizes and counts ----------------------------------------------------------------------


def test_fl_05_a_byte_over_the_limit_is_refused_with_the_sentence(
    assessment: Assessment, people: cast.People, sign_in, settings
) -> None:
    settings.EVIDENCE_MAX_BYTES = len(cast.PDF)
    client = sign_in(people.officer)
    refused = add(client, assessment, cast.upload("lớn.pdf", cast.PDF + b"%"))
    assert refused.status_code == 400
    assert "Tệp “lớn.pdf” không được nhận: lớn hơn" in text_of(refused)
    assert add(client, assessment, cast.upload("vừa.pdf")).status_code == 200


def test_fl_05_ten_thousand_fields_are_refused(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    fields = {f"x{number}": "1" for number in range(10_000)}
    response = add(sign_in(people.officer), assessment, cast.upload(), **fields)
    assert response.status_code == 400
    assert not Evidence.objects.exists()


def test_fl_05_ten_thousand_parts_are_refused(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    files = [SimpleUploadedFile(f"{number}.pdf", b"x") for number in range(10_000)]
    response = add(sign_in(people.officer), assessment, *files)
    assert response.status_code == 400
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"CONTENT_LENGTH": "10"},
        {"CONTENT_LENGTH": "-1"},
        {"CONTENT_LENGTH": "nhiều"},
        {"CONTENT_LENGTH": ""},
        {"CONTENT_TYPE": "multipart/form-data"},
        {"CONTENT_TYPE": "multipart/form-data; boundary=" + "x" * 300},
        {"CONTENT_TYPE": "text/plain"},
    ],
)
def test_fl_05_a_body_that_is_not_what_its_head_says_stores_nothing(
    assessment: Assessment, people: cast.People, sign_in, headers: dict[str, str]
) -> None:
    body = (
        b'--BOUND\r\nContent-Disposition: form-data; name="not_secret"\r\n\r\non\r\n'
        b'--BOUND\r\nContent-Disposition: form-data; name="uploads"; filename="a.pdf"\r\n\r\n'
        + cast.PDF
        + b"\r\n--BOUND--\r\n"
    )
    whole = {"CONTENT_LENGTH": str(len(body)), **headers}
    response = sign_in(people.officer).generic(
        "POST",
        url("evidence_add", assessment, "C01"),
        body,
        content_type=whole.pop("CONTENT_TYPE", "multipart/form-data; boundary=BOUND"),
        **whole,
    )
    assert response.status_code == 400
    assert not Evidence.objects.exists()


def test_fl_05_a_part_in_base64_is_judged_by_what_it_holds(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    body = (
        b'--BOUND\r\nContent-Disposition: form-data; name="not_secret"\r\n\r\non\r\n'
        b'--BOUND\r\nContent-Disposition: form-data; name="uploads"; filename="a.pdf"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.b64encode(b"<html>" * 4000)
        + b"\r\n--BOUND--\r\n"
    )
    response = sign_in(people.officer).generic(
        "POST",
        url("evidence_add", assessment, "C01"),
        body,
        content_type="multipart/form-data; boundary=BOUND",
    )
    assert response.status_code == 400
    assert "nội dung không phải PDF" in text_of(response)


def test_a_criterion_holds_fifty_documents_and_no_more(
    assessment: Assessment, people: cast.People, sign_in, monkeypatch
) -> None:
    monkeypatch.setattr(actions, "MOST_PER_CRITERION", 2)
    client = sign_in(people.officer)
    for number in range(2):
        add(client, assessment, cast.upload(f"{number}.pdf", cast.PDF + b"%%%d" % number))
    response = add(client, assessment, cast.upload("thêm.pdf", cast.PDF + b"%x"))
    assert response.status_code == 400
    assert "Mỗi tiêu chí có tối đa 2 tài liệu. “thêm.pdf” chưa được thêm" in text_of(response)
    assert len(files_in(Path(settings.MEDIA_ROOT))) == 2


# --- FL-07: names ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", NAMES)
def test_fl_07_nothing_of_a_name_reaches_the_disk_or_splits_a_header(
    assessment: Assessment, people: cast.People, sign_in, own_media: Path, sent: str
) -> None:
    # The name as the last step before the disk gets it, past every earlier defence; PostgreSQL
    # itself takes no NUL.
    upload = CheckedUpload(sent[:200].replace("\0", ""), cast.PDF, "application/pdf", "0" * 64)
    criterion = assessment.round.criteria_set.criteria.get(code="C01")
    kept = actions.attach_file(
        assessment, criterion, upload, by=people.officer, now=cast.NOW
    ).evidence
    assert SAFE_NAME.fullmatch(kept.file.name)
    assert files_in(own_media) == [own_media / kept.file.name]
    response = sign_in(people.officer).get(reverse("evidence_file", args=[kept.pk]))
    raw = response.serialize_headers()
    b"".join(response.streaming_content)
    assert raw.count(b"Content-Disposition: attachment") == 1
    assert b"Set-Cookie" not in re.sub(rb"Content-Disposition:[^\r\n]*", b"", raw)
    assert [line for line in raw.split(b"\r\n") if b"\n" in line or b"\r" in line] == []


def test_fl_07_a_name_that_is_no_file_we_take_is_refused_whole(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = add(sign_in(people.officer), assessment, cast.upload(".htaccess", b"deny"))
    assert response.status_code == 400
    assert "Tệp “.htaccess” không được nhận: không đúng loại tệp." in text_of(response)


# --- FL-09: killed in between ---------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here: no clean-up of ours runs."""


POINTS = [
    ("before the file", "django.core.files.storage.filesystem.FileSystemStorage._save"),
    ("after the file", "assessments.actions.evidence.os.fsync"),
    ("before the row", "assessments.models.Evidence.save"),
    ("after the row", "assessments.models.Attachment.objects.create"),
    ("before the trail", "accounts.audit.record"),
]


@pytest.mark.parametrize(("where", "what"), POINTS, ids=[point[0] for point in POINTS])
def test_fl_09_killed_anywhere_nothing_is_left_after_the_sweeper(
    assessment: Assessment, people: cast.People, own_media: Path, monkeypatch, where: str, what: str
) -> None:
    upload = checked()

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(what, killed)
        actions.attach_file(
            assessment,
            assessment.round.criteria_set.criteria.get(code="C01"),
            upload,
            by=people.officer,
            now=cast.NOW,
        )
    assert not Evidence.objects.exists()
    assert not Attachment.objects.exists()
    age(own_media)
    sweep_files(now=timezone.now())
    assert files_in(own_media) == []
    # And the person can try again.
    assessment.refresh_from_db()
    assert attach(assessment, people).file


def age(folder: Path, by: timedelta = timedelta(hours=2)) -> None:
    """Make every file in a folder older."""
    then = (timezone.now() - by).timestamp()
    for path in files_in(folder):
        os.utime(path, (then, then))


@pytest.mark.parametrize("problem", [DatabaseError("gone"), OSError(28, "full"), RuntimeError()])
def test_fl_09_a_failure_that_we_see_leaves_nothing_at_once(
    assessment: Assessment, people: cast.People, own_media: Path, monkeypatch, problem: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(type(problem)):
        attach(assessment, people)
    assert files_in(own_media) == []
    assert not Evidence.objects.exists()


def test_fl_09_the_sweeper_keeps_what_a_row_names_and_what_is_young(
    assessment: Assessment, people: cast.People, own_media: Path
) -> None:
    kept = attach(assessment, people)
    age(own_media)
    folder = own_media / "evidence" / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / uuid.uuid4().hex).write_bytes(b"old, and nobody's")
    age(folder)
    young = folder / uuid.uuid4().hex
    young.write_bytes(b"on its way")
    swept = sweep_files(now=timezone.now())
    assert (swept.removed, swept.missing) == (1, 0)
    assert files_in(own_media) == sorted([own_media / kept.file.name, young])


def test_fl_09_a_row_without_its_file_is_reported(
    assessment: Assessment, people: cast.People, own_media: Path, caplog
) -> None:
    kept = attach(assessment, people)
    Path(kept.file.path).unlink()
    assert sweep_files(now=timezone.now()).missing == 1
    assert f"Evidence {kept.pk} has no file on the disk" in caplog.text


def test_the_sweeper_asks_a_fixed_number_of_times(
    assessment: Assessment, people: cast.People, django_assert_num_queries
) -> None:
    for number in range(3):
        attach(assessment, people, cast.PDF + b"%%%d" % number)
    with django_assert_num_queries(256):
        sweep_files(now=timezone.now())


def test_old_previews_go_and_come_back(
    assessment: Assessment, people: cast.People, sign_in, own_media: Path
) -> None:
    kept = attach(assessment, people)
    address = reverse("evidence_picture", args=[kept.pk])
    assert sign_in(people.officer).get(address).status_code == 200
    assert len(files_in(own_media / "previews")) == 1
    age(own_media / "previews", timedelta(days=31))
    sweep_files(now=timezone.now())
    assert files_in(own_media / "previews") == []
    assert sign_in(people.officer).get(address).status_code == 200


def test_fl_09_two_uploads_of_the_same_file_are_one(
    assessment: Assessment, people: cast.People, own_media: Path
) -> None:
    attach(assessment, people, code="C01")
    attach(assessment, people, code="C02")
    assert Evidence.objects.count() == 1
    assert Attachment.objects.count() == 2
    assert len(files_in(own_media)) == 1


# --- FL-10: nobody learns what others have --------------------------------------------------------


def test_fl_10_the_same_file_of_two_wards_looks_like_any_other(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in
) -> None:
    own = attach(assessment, people)
    client = sign_in(people.other_commander)
    same_size = cast.PDF.replace(b"595 842", b"594 842")
    known = add(client, other_assessment, cast.upload("a.pdf"))
    new = add(client, other_assessment, cast.upload("a.pdf", same_size), code="C02")
    assert (known.status_code, new.status_code) == (200, 200)

    def plain(response: object) -> str:
        return re.sub(r"[0-9a-f-]{36}|\d\d:\d\d", "", text_of(response).replace("C02", "C01"))

    assert plain(known) == plain(new)
    assert Evidence.objects.filter(sha256=own.sha256).count() == 2
    for who in (people.other_commander, people.commander):
        mine = Evidence.objects.get(sha256=own.sha256, unit__in=who.scope.units)
        for name in ("evidence_page", "evidence_preview"):
            page = sign_in(who).get(reverse(name, args=[mine.pk]), headers={"HX-Request": "true"})
            assert "trùng nội dung" not in text_of(page)


def test_fl_10_reviewers_alone_are_warned_and_only_of_their_own_province(
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    places: cast.Places,
    sign_in,
) -> None:
    attach(assessment, people)
    theirs = actions.attach_file(
        other_assessment,
        other_assessment.round.criteria_set.criteria.get(code="C01"),
        checked(),
        by=people.other_commander,
        now=cast.NOW,
    ).evidence
    Evidence.objects.create(
        unit=places.far_ward,
        kind="file",
        file="evidence/00/x",
        sha256=theirs.sha256,
        added_at=cast.NOW,
        added_by=people.administrator,
    )
    address = reverse("evidence_page", args=[theirs.pk])
    page = text_of(sign_in(people.reviewer).get(address))
    assert "Tệp này trùng nội dung với minh chứng của đơn vị khác: Phường 1, TP Trà Vinh." in page
    assert "Bến Tre" not in page
    assert "trùng nội dung" not in text_of(sign_in(people.leader).get(address))


# --- FL-11: how files are served ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", cast.PDF), ("a.jpg", picture("JPEG")), ("a.png", picture("PNG"))],
)
def test_fl_11_every_answer_with_a_file_is_shut_in(
    assessment: Assessment, people: cast.People, sign_in, name: str, content: bytes
) -> None:
    client = sign_in(people.officer)
    add(client, assessment, cast.upload(name, content))
    kept = Evidence.objects.get()
    for address, disposition in (("evidence_file", "attachment"), ("evidence_picture", "")):
        response = client.get(reverse(address, args=[kept.pk]))
        assert response.status_code == 200
        assert response.get("Content-Disposition", "").startswith(disposition)
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["Cache-Control"] == "private, no-store"
        assert not response.cookies
        assert response.getvalue()


def test_fl_11_a_part_of_a_file_is_not_served_to_strangers(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = attach(assessment, people)
    response = sign_in(people.other_commander).get(
        reverse("evidence_file", args=[kept.pk]), headers={"Range": "bytes=0-10"}
    )
    assert response.status_code == 404


@pytest.mark.parametrize("name", ["evidence_page", "evidence_preview", "evidence_picture"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("commander", 200),
        ("officer", 200),
        ("reviewer", 200),
        ("coordinator", 200),
        ("leader", 200),
        ("ministry_viewer", 200),
        ("other_commander", 404),
        ("far_reviewer", 404),
        ("rapporteur", 403),
        ("administrator", 403),
    ],
)
def test_ac_09_who_sees_evidence(
    assessment: Assessment, people: cast.People, sign_in, name: str, who: str, status: int
) -> None:
    kept = attach(assessment, people)
    response = sign_in(getattr(people, who)).get(
        reverse(name, args=[kept.pk]), headers={"HX-Request": "true"}
    )
    assert response.status_code == status


def test_ac_09_nothing_is_left_open_after_signing_out(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = attach(assessment, people)
    client = sign_in(people.officer)
    client.logout()
    for name in ("evidence_file", "evidence_page", "evidence_preview", "evidence_picture"):
        response = client.get(reverse(name, args=[kept.pk]))
        assert (response.status_code, b"%PDF" in response.content) == (302, False)
