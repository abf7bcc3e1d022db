"""What is uploaded is judged by its content (RELIABILITY FL-01, 03, 04, 06, 07)."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from weasyprint import HTML

from assessments.uploads import UploadRefused, check_upload, display_name

JAVASCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
LAUNCH = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **options: object) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def at_page(key: str, value: object) -> bytes:
    return pdf(lambda made: made.pages[0].obj.__setitem__(key, value))


def at_root(key: str, value: object) -> bytes:
    return pdf(lambda made: made.Root.__setitem__(key, value))


def annotation(**more: object) -> pikepdf.Array:
    return pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link, **more)])


def office(part: str = "word/document.xml", **extra: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        entries = {"[Content_Types].xml": b"<Types/>", part: b"<document/>"}
        for name, content in {**entries, **extra}.items():
            archive.writestr(name, content)
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((40, 30), 60).convert("RGB").save(out, kind)
    return out.getvalue()


def check(name: str, content: bytes) -> None:
    check_upload(SimpleUploadedFile(name, content))


def lying(content: bytes) -> bytes:
    """The same archive with a directory that states ten bytes for its largest entry."""
    position = content.rfind(b"PK\x01\x02")
    return content[: position + 24] + (10).to_bytes(4, "little") + content[position + 28 :]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Quyết định.pdf", pdf()),
        ("bao-cao.PDF", HTML(string="<h1>Báo cáo</h1><a href='#x'>x</a><p id=x>").write_pdf()),
        ("co-muc-luc.pdf", at_root("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.GoTo))),
        ("anh.jpg", picture("JPEG")),
        ("anh.png", picture("PNG")),
        ("van ban.docx", office()),
        ("bang.xlsx", office("xl/workbook.xml")),
    ],
)
def test_honest_files_are_taken(name: str, content: bytes) -> None:
    check(name, content)


REFUSED = {
    "empty": ("a.pdf", b""),
    "html as pdf": ("a.pdf", b"<html><script>alert(1)</script>"),
    "html before pdf": ("a.pdf", b"<html>" + pdf()),
    "html as png": ("a.png", b"<html>"),
    "jpeg as png": ("a.png", picture("JPEG")),
    "cut png": ("a.png", picture("PNG")[:400]),
    "svg": ("a.svg", b"<svg/>"),
    "double ending": ("a.pdf.html", pdf()),
    "no ending": ("pdf", pdf()),
    "cut pdf": ("a.pdf", b"%PDF-1.7\n1 0 obj"),
    "password": ("a.pdf", pdf(encryption=pikepdf.Encryption(owner="x", user="y"))),
    "open action": ("a.pdf", at_root("/OpenAction", JAVASCRIPT)),
    "open action list": ("a.pdf", at_root("/OpenAction", pikepdf.Array([JAVASCRIPT]))),
    "hidden behind goto": (
        "a.pdf",
        at_root("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.GoTo, Next=JAVASCRIPT)),
    ),
    "catalog aa": ("a.pdf", at_root("/AA", pikepdf.Dictionary(WC=JAVASCRIPT))),
    "page aa": ("a.pdf", at_page("/AA", pikepdf.Dictionary(O=JAVASCRIPT))),
    "annotation script": ("a.pdf", at_page("/Annots", annotation(A=JAVASCRIPT))),
    "annotation launch": ("a.pdf", at_page("/Annots", annotation(A=LAUNCH))),
    "attached file": (
        "a.pdf",
        at_page("/Annots", annotation(FS=pikepdf.Dictionary(EF=pikepdf.Dictionary()))),
    ),
    "xfa": ("a.pdf", at_root("/AcroForm", pikepdf.Dictionary(XFA="x"))),
    "old office": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600),
    "html before zip": ("a.docx", b"<html>" + office()),
    "plain zip": ("a.docx", office("other.xml")),
    "workbook as document": ("a.docx", office("xl/workbook.xml")),
    "macro": ("a.docx", office(**{"word/vbaProject.bin": b"x"})),
    "macro by type": (
        "a.docx",
        office(
            **{"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}
        ),
    ),
    "macro by relation": (
        "a.docx",
        office(**{"word/_rels/document.xml.rels": b'Type="x/vbaProject" Target="evil.bin"'}),
    ),
    "remote template": (
        "a.docx",
        office(
            **{"word/_rels/settings.xml.rels": b'Type="x/attachedTemplate" TargetMode="External"'}
        ),
    ),
    "embedded object": ("a.docx", office(**{"word/embeddings/oleObject1.bin": b"x"})),
    "old macro sheet": ("a.xlsx", office("xl/workbook.xml", **{"xl/macrosheets/sheet1.xml": b""})),
    "bomb": ("a.docx", office(**{"word/media/a.bin": b"0" * 20_000_000})),
    "bomb that lies": ("a.docx", lying(office(**{"word/media/a.bin": b"0" * 20_000_000}))),
}


@pytest.mark.parametrize("case", REFUSED)
def test_fl_01_03_04_06_everything_else_is_refused_with_a_reason(case: str) -> None:
    name, content = REFUSED[case]
    with pytest.raises(UploadRefused, match="Chỉ nhận PDF, DOCX, XLSX, JPG, PNG, tối đa 20 MB"):
        check(name, content)


@pytest.mark.parametrize("value", [7, pikepdf.String("x"), pikepdf.Array([])])
@pytest.mark.parametrize("key", ["/AcroForm", "/Names", "/OpenAction", "/Outlines"])
def test_odd_catalogs_are_judged_and_never_crash(key: str, value: object) -> None:
    with suppress(UploadRefused):
        check("a.pdf", at_root(key, value))


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
    with suppress(UploadRefused):
        check(name, bytes(content[:place] if cut else content))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\tài liệu\\a.pdf", "a.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ("a" * 300 + ".pdf", "a" * 190 + ".pdf"),
        ("Que\u0302\u0301 .pdf", "Quế .pdf"),
    ],
)
def test_fl_07_names_are_shown_in_one_line_without_a_path(sent: str, shown: str) -> None:
    assert display_name(sent) == shown
