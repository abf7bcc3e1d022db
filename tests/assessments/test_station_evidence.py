"""Evidence: what is taken, what is refused and why, and who gets the file."""

import errno
import io
import zipfile
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from assessments.actions import evidence as actions
from assessments.models import Assessment, Attachment, Evidence
from assessments.uploads import check_upload
from tests import cast
from tests.assessments.station import save, submit_all, text_of, url

TICK = {"not_secret": "on"}
CITED = {
    "cite_number": "45/BC-CAP",
    "cite_issued_on": "02/11/2023",
    "cite_issuer": "Công an phường",
    "cite_title": "Báo cáo công tác năm",
}


def picture(kind: str = "PNG") -> bytes:
    """A small image."""
    held = io.BytesIO()
    Image.new("RGB", (8, 8), (10, 90, 60)).save(held, kind)
    return held.getvalue()


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    held = io.BytesIO()
    with pikepdf.open(io.BytesIO(cast.PDF)) as pdf:
        pdf.save(held, encryption=pikepdf.Encryption(user="mật khẩu", owner="mật khẩu"))
    return held.getvalue()


def word_file(*, macro: bool = False) -> bytes:
    """The smallest thing that looks like a DOCX."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
        if macro:
            archive.writestr("word/vbaProject.bin", "macro")
    return held.getvalue()


def attach(assessment: Assessment, people: cast.People, code: str = "C01", **more) -> Attachment:
    """One PDF on a criterion."""
    return actions.attach_file(
        assessment,
        assessment.round.criteria_set.criteria.get(code=code),
        check_upload(cast.upload()),
        by=people.officer,
        now=cast.NOW,
        **more,
    )


def test_several_files_at_once(assessment: Assessment, people: cast.People, sign_in) -> None:
    files = [
        cast.upload("Quyết định số 1.pdf"),
        cast.upload("ảnh trụ sở.png", picture()),
        cast.upload("báo cáo.docx", word_file()),
    ]
    client = sign_in(people.officer)
    response = save(client, assessment, "C01", uploads=files, action="evidence", **TICK)
    assert response.status_code == 302
    assert response["Location"].endswith("#minh-chung")
    kept = Evidence.objects.filter(attachments__criterion__code="C01")
    assert {one.original_name for one in kept} == {
        "Quyết định số 1.pdf",
        "ảnh trụ sở.png",
        "báo cáo.docx",
    }
    page = text_of(client.get(url("criterion", assessment, "C01")))
    assert "3 tài liệu" in page
    shown = kept.get(media_type="image/png")
    assert f'src="{reverse("evidence_picture", args=[shown.pk])}"' in page
    # Nothing was answered, so nothing of the answers was saved.
    assert assessment.results.get(criterion__code="C01").version == 0


def test_what_is_known_of_the_document_goes_with_the_file(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    save(
        sign_in(people.officer),
        assessment,
        "C01",
        uploads=[cast.upload()],
        file_number="12-QĐ/ĐU",
        file_issued_on="5/12/2023",
        file_issuer="Đảng ủy phường",
        file_title="Xếp loại chi bộ",
        **TICK,
    )
    kept = Evidence.objects.get()
    assert (kept.number, kept.issued_on, kept.issuer, kept.title) == (
        "12-QĐ/ĐU",
        date(2023, 12, 5),
        "Đảng ủy phường",
        "Xếp loại chi bộ",
    )


def test_one_press_saves_answers_and_evidence(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    save(client, assessment, "C03", uploads=[cast.upload()], **TICK, **{"3a__state": "no_case"})
    assert Evidence.objects.count() == 1
    assert assessment.results.get(criterion__code="C03").outcome == "met"


BAD_FILES = [
    ("trang.pdf", b"<html><script>alert(1)</script></html>", "nội dung không phải PDF"),
    ("anh.png", b"<svg onload=alert(1)>", "nội dung không phải PNG"),
    ("rong.pdf", b"", "tệp rỗng"),
    ("macro.docx", word_file(macro=True), "tệp có macro"),
    ("macro.docm", word_file(macro=True), "không đúng loại tệp"),
    ("trang.html", b"<html></html>", "không đúng loại tệp"),
    ("a.pdf.html", cast.PDF, "không đúng loại tệp"),
    ("khoa.pdf", locked_pdf(), "tệp có mật khẩu"),
    ("hong.pdf", b"%PDF-1.7 hong", "tệp PDF hỏng"),
    ("gia.docx", b"PK\x03\x04 hong", "nội dung không đúng loại tệp"),
]


@pytest.mark.parametrize(("name", "content", "reason"), BAD_FILES, ids=[b[0] for b in BAD_FILES])
def test_fl_a_file_is_refused_with_its_reason_and_the_others_are_kept(
    assessment: Assessment, people: cast.People, sign_in, name: str, content: bytes, reason: str
) -> None:
    files = [cast.upload(name, content), cast.upload("tốt.pdf")]
    response = save(
        sign_in(people.officer), assessment, "C01", uploads=files, note="Vẫn được lưu", **TICK
    )
    assert response.status_code == 400
    page = text_of(response)
    assert f"Tệp “{name}” không được nhận: {reason}" in page
    assert "Chỉ nhận PDF, DOCX, XLSX, JPG, PNG, tối đa 20 MB." in page
    assert [one.original_name for one in Evidence.objects.all()] == ["tốt.pdf"]
    assert "tốt.pdf" in page
    assert assessment.results.get(criterion__code="C01").note == "Vẫn được lưu"
    # The page that comes back can be sent again: it carries the version just saved.
    assert 'name="version" value="1"' in page


def test_fl_05_a_file_of_20_mb_and_one_byte_is_refused(
    assessment: Assessment, people: cast.People, sign_in, settings
) -> None:
    large = cast.PDF + b"0" * (settings.EVIDENCE_MAX_BYTES + 1 - len(cast.PDF))
    response = save(
        sign_in(people.officer),
        assessment,
        "C01",
        uploads=[cast.upload("quá lớn.pdf", large)],
        note="Còn nguyên",
        **TICK,
    )
    assert response.status_code == 400
    assert "Tệp “quá lớn.pdf” không được nhận: lớn hơn 20 MB." in text_of(response)
    assert not Evidence.objects.exists()
    assert assessment.results.get(criterion__code="C01").note == "Còn nguyên"


def test_too_many_files_are_a_page_and_not_a_crash(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    files = [cast.upload(f"{n}.pdf") for n in range(21)]
    response = save(sign_in(people.officer), assessment, "C01", uploads=files, **TICK)
    assert response.status_code == 400
    assert not Evidence.objects.exists()


def test_without_the_tick_no_file_is_taken(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = save(
        sign_in(people.officer), assessment, "C01", uploads=[cast.upload()], note="Đã gõ"
    )
    assert response.status_code == 400
    page = text_of(response)
    assert "Hãy xác nhận tệp không chứa bí mật nhà nước" in page
    assert "Không đưa tài liệu mật lên hệ thống." in page
    assert "Đã gõ" in page
    assert not Evidence.objects.exists()


def test_the_same_file_twice_on_a_criterion_is_refused(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    save(client, assessment, "C01", uploads=[cast.upload()], **TICK)
    response = save(client, assessment, "C01", uploads=[cast.upload("tên khác.pdf")], **TICK)
    assert response.status_code == 400
    assert "đã có ở tiêu chí này" in text_of(response)
    assert Evidence.objects.count() == 1


def test_fl_10_the_same_file_of_another_station_tells_nothing(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in
) -> None:
    attach(assessment, people)
    response = save(
        sign_in(people.other_commander), other_assessment, "C01", uploads=[cast.upload()], **TICK
    )
    assert response.status_code == 302


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    assessment: Assessment, people: cast.People, sign_in, monkeypatch
) -> None:
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "_save", full)
    response = save(
        sign_in(people.officer), assessment, "C01", uploads=[cast.upload()], note="Giữ", **TICK
    )
    assert response.status_code == 400
    assert "Máy chủ hết chỗ lưu." in text_of(response)
    assert not Evidence.objects.exists()
    assert assessment.results.get(criterion__code="C01").note == "Giữ"


def test_what_was_typed_about_a_refused_file_stays(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = save(
        sign_in(people.officer),
        assessment,
        "C01",
        uploads=[cast.upload("rong.pdf", b"")],
        file_number="12-QĐ/ĐU",
        file_title="Xếp loại chi bộ",
        **TICK,
        **CITED,
    )
    assert response.status_code == 400
    page = text_of(response)
    assert 'value="12-QĐ/ĐU"' in page
    assert 'value="Xếp loại chi bộ"' in page
    # The citation was taken and is not offered a second time.
    assert 'value="45/BC-CAP"' not in page
    assert Evidence.objects.get().number == "45/BC-CAP"


# --- Citing -------------------------------------------------------------------------------------


def test_a_document_is_cited_without_a_file(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    assert save(client, assessment, "C02", action="evidence", **CITED).status_code == 302
    kept = Evidence.objects.get()
    assert (kept.kind, str(kept)) == ("reference", "45/BC-CAP – Báo cáo công tác năm")
    page = text_of(client.get(url("criterion", assessment, "C02")))
    assert "Viện dẫn, không có tệp" in page
    assert client.get(reverse("evidence_file", args=[kept.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("cite_number", "", "Cần nhập mục này để viện dẫn văn bản."),
        ("cite_issued_on", "31/02/2023", "Ngày chưa đúng."),
        ("cite_issued_on", "02/11/2999", "Ngày văn bản ở tương lai."),
        ("cite_issued_on", "02/11/0023", "Ngày quá xa về trước."),
        ("cite_issuer", "   ", "Cần nhập mục này để viện dẫn văn bản."),
        ("cite_title", "x" * 501, "dài 501 ký tự"),
    ],
)
def test_an_incomplete_citation_is_given_back_as_typed(
    assessment: Assessment, people: cast.People, sign_in, name: str, value: str, sentence: str
) -> None:
    fields = {**CITED, name: value}
    response = save(sign_in(people.officer), assessment, "C02", note="Ghi chú", **fields)
    assert response.status_code == 400
    page = text_of(response)
    assert sentence in page
    for typed in fields.values():
        assert typed.strip() in page
    assert not Evidence.objects.exists()
    # The answers did not wait for the citation.
    assert assessment.results.get(criterion__code="C02").note == "Ghi chú"


# --- Removing -----------------------------------------------------------------------------------


def test_removing_keeps_the_row_and_what_else_was_typed(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    attachment = attach(assessment, people)
    response = sign_in(people.officer).post(
        url("evidence_remove", assessment, attachment.pk),
        {"version": 0, "note": "gõ cùng lúc", "1a-level": "excellent"},
    )
    assert response["Location"] == f"{url('criterion', assessment, 'C01')}#minh-chung"
    attachment.refresh_from_db()
    assert attachment.removed_by == people.officer
    assert Evidence.objects.count() == 1
    assert assessment.results.get(criterion__code="C01").note == "gõ cùng lúc"


def test_removing_twice_is_told(assessment: Assessment, people: cast.People, sign_in) -> None:
    attachment = attach(assessment, people)
    client = sign_in(people.officer)
    address = url("evidence_remove", assessment, attachment.pk)
    assert client.post(address).status_code == 302
    response = client.post(address)
    assert response.status_code == 400
    assert "đã được gỡ trước đó" in text_of(response)


def test_asking_to_remove_by_a_link_changes_nothing(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    attachment = attach(assessment, people)
    sign_in(people.officer).get(url("evidence_remove", assessment, attachment.pk))
    attachment.refresh_from_db()
    assert attachment.removed_at is None


def test_wf_02_nothing_is_added_or_removed_after_submission(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    attachment = Attachment.objects.filter(assessment=assessment).first()
    client = sign_in(people.commander)
    before = Attachment.objects.filter(removed_at__isnull=True).count()
    for response in (
        save(client, assessment, "C01", uploads=[cast.upload("mới.pdf", cast.PDF + b"%1")], **TICK),
        save(client, assessment, "C01", **CITED),
        client.post(url("evidence_remove", assessment, attachment.pk)),
    ):
        assert response.status_code == 409
        assert "nên không sửa được" in text_of(response)
    assert Attachment.objects.filter(removed_at__isnull=True).count() == before


def test_a_citation_typed_after_submission_is_given_back(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    page = text_of(save(sign_in(people.commander), assessment, "C01", note="Ghi", **CITED))
    assert "Ghi" in page
    for typed in CITED.values():
        assert typed in page


# --- Serving ------------------------------------------------------------------------------------


def test_fl_11_a_file_is_an_attachment_and_never_a_page(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    actions.attach_file(
        assessment,
        assessment.round.criteria_set.criteria.get(code="C01"),
        check_upload(SimpleUploadedFile('Quyết "định".pdf', cast.PDF)),
        by=people.officer,
        now=cast.NOW,
    )
    kept = Evidence.objects.get()
    address = reverse("evidence_file", args=[kept.pk])
    response = sign_in(people.officer).get(address)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == cast.PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Quy")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_a_file_missing_on_the_disk_is_a_page_and_not_a_crash(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = attach(assessment, people).evidence
    Path(kept.file.path).unlink()
    client = sign_in(people.officer)
    response = client.get(reverse("evidence_file", args=[kept.pk]))
    assert response["Location"] == reverse("evidence_page", args=[kept.pk])
    page = text_of(client.get(response["Location"]))
    assert "Không tìm thấy tệp trong kho lưu trữ." in page
    assert kept.sha256 in page


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
def test_ac_09_who_gets_the_file(
    assessment: Assessment, people: cast.People, sign_in, who: str, status: int
) -> None:
    kept = attach(assessment, people).evidence
    response = sign_in(getattr(people, who)).get(reverse("evidence_file", args=[kept.pk]))
    response.close()
    assert response.status_code == status


def test_nobody_gets_the_file_without_signing_in(
    assessment: Assessment, people: cast.People, client
) -> None:
    kept = attach(assessment, people).evidence
    response = client.get(reverse("evidence_file", args=[kept.pk]))
    assert response.status_code == 302
    assert "dang-nhap" in response["Location"]
