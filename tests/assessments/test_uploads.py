"""What is uploaded: sizes, names, odd and damaged content (RELIABILITY FL-05, FL-06, FL-07)."""

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.inspection.kinds import reason_in
from assessments.inspection.types import EXTENSIONS
from assessments.uploads import UploadRefused, check_upload, display_name
from tests.assessments.strangers import OLE, PAGE, at_root, office, pdf, picture, workbook


def check(name: str, content: bytes) -> None:
    check_upload(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Quyết định.pdf", pdf()),
        ("bao-cao.PDF", pdf(pages=3)),
        ("anh.jpg", picture("JPEG")),
        ("anh.png", picture("PNG")),
        ("van ban.docx", office()),
        ("bang.xlsx", workbook()),
    ],
)
def test_honest_files_are_taken(name: str, content: bytes) -> None:
    found = check_upload(SimpleUploadedFile(name, content))
    assert (found.name, found.content) == (name, content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"", "tệp rỗng"),
        ("a.pdf", PAGE, "nội dung không phải PDF"),
        ("a.png", picture("JPEG"), "nội dung không phải PNG"),
        ("a.docx", OLE, "tệp có mật khẩu hoặc là định dạng Office cũ"),
        ("a.docx", workbook(), "nội dung không đúng loại tệp"),
        ("a.pdf.html", pdf(), "không đúng loại tệp"),
        ("pdf", pdf(), "không đúng loại tệp"),
    ],
)
def test_a_refusal_says_why_and_what_is_taken(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(UploadRefused) as refusal:
        check(name, content)
    assert refusal.value.sentence == (
        f"Tệp “{name}” không được nhận: {reason}. Chỉ nhận PDF, DOCX, XLSX, JPG, PNG, tối đa 20 MB."
    )


@pytest.mark.parametrize("value", [7, pikepdf.String("x"), pikepdf.Array([])])
@pytest.mark.parametrize("key", ["/AcroForm", "/Names", "/OpenAction", "/Outlines"])
def test_odd_catalogs_are_judged_and_never_crash(key: str, value: object) -> None:
    assert reason_in(at_root(key, value), EXTENSIONS[".pdf"]) in {
        "",
        "PDF có mã lệnh hoặc tệp đính kèm bên trong",
    }


def test_a_byte_over_the_limit_is_refused(settings: object) -> None:
    content = pdf()
    settings.EVIDENCE_MAX_BYTES = len(content)  # type: ignore[attr-defined]
    check("a.pdf", content)
    settings.EVIDENCE_MAX_BYTES = len(content) - 1  # type: ignore[attr-defined]
    with pytest.raises(UploadRefused, match="lớn hơn"):
        check("a.pdf", content)


HONEST = {"a.pdf": pdf(), "a.docx": office(), "a.png": picture("PNG"), "a.jpg": picture("JPEG")}


@given(
    name=st.sampled_from(sorted(HONEST)),
    place=st.integers(0, 10_000),
    byte=st.integers(0, 255),
    cut=st.booleans(),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_files_are_judged_and_never_crash(
    name: str, place: int, byte: int, cut: bool
) -> None:
    content = bytearray(HONEST[name])
    place %= len(content)
    content[place] = byte
    found = reason_in(bytes(content[:place] if cut else content), EXTENSIONS[name[1:]])
    assert "\n" not in found


NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\x.pdf": "x.pdf",
    "/etc/passwd.pdf": "passwd.pdf",
    "C:\\tài liệu\\a.pdf": "a.pdf",
    "\\\\may-chu\\chia-se\\a.pdf": "a.pdf",
    "%2e%2e/%2e%2e/x.pdf": "x.pdf",
    "%2e%2e%2fx.pdf": "%2e%2e%2fx.pdf",
    "a\0.pdf": "a.pdf",
    "a.pdf\0.png": "a.pdf.png",
    "a\r\nSet-Cookie: x=1.pdf": "aSet-Cookie: x=1.pdf",
    "a\nContent-Type: text/html\n\n<b>.pdf": "html<b>.pdf",
    "a\tb.pdf": "ab.pdf",
    "a\x1b[31mb.pdf": "a[31mb.pdf",
    "a\x7f.pdf": "a.pdf",
    "a\u202efdp.exe.pdf": "afdp.exe.pdf",
    "a\u200bb.pdf": "ab.pdf",
    "a\ufeff.pdf": "a.pdf",
    "a\u2066b\u2069.pdf": "ab.pdf",
    "a\u00a0b.pdf": "a b.pdf",
    "a\u3000b.pdf": "a b.pdf",
    "  a   b .pdf": "a b .pdf",
    "a" * 300 + ".pdf": "a" * 190 + ".pdf",
    "a." + "x" * 300: "a." + "x" * 9,
    "x" * 300: "x" * 200,
    "CON.pdf": "CON.pdf",
    "NUL.pdf": "NUL.pdf",
    "COM1.pdf": "COM1.pdf",
    ".htaccess": ".htaccess",
    "...": "...",
    ".": ".",
    "..": "..",
    "": "",
    'Quyết "định".pdf': 'Quyết "định".pdf',
    "a';drop table.pdf": "a';drop table.pdf",
    "<script>alert(1)<.pdf": "<script>alert(1)<.pdf",
    "a;b=c.pdf": "a;b=c.pdf",
    "a,b.pdf": "a,b.pdf",
    "Que\u0302\u0301.pdf": "Quế.pdf",
    "Ho\u0300a bi\u0300nh.pdf": "Hòa bình.pdf",
    "Ðề án.pdf": "Đề án.pdf",
    "Ɖảng ủy.pdf": "Đảng ủy.pdf",
    "😀 báo cáo.pdf": "😀 báo cáo.pdf",
}


def test_fl_07_there_are_forty_names() -> None:
    assert len(NAMES) >= 40


@pytest.mark.parametrize(("sent", "shown"), NAMES.items())
def test_fl_07_names_are_shown_in_one_line_without_a_path(sent: str, shown: str) -> None:
    assert display_name(sent) == shown


@pytest.mark.parametrize(
    "name",
    [
        "b\u0430o cao.pdf",  # Cyrillic a
        "\u0420DF.pdf",  # Cyrillic R for P
        "Quy\u03bft dinh.pdf",  # Greek omicron
        "ｂａｏ ｃａｏ.pdf",
    ],
)
def test_un_03_names_in_letters_that_look_alike_are_refused(name: str) -> None:
    with pytest.raises(UploadRefused, match="nhiều bảng chữ"):
        check(name, pdf())
