"""A zoo of files that are not what they say: RELIABILITY FL-01, FL-02, FL-03, FL-06.

Each is judged in this process, by the same function that the sandbox calls.
"""

import io
import zlib
from pathlib import PurePosixPath
from typing import Any

import pikepdf
import pytest
from PIL import Image

from assessments.inspection.kinds import reason_in
from assessments.inspection.types import EXTENSIONS
from tests.assessments import strangers
from tests.assessments.strangers import (
    GIF,
    OLE,
    PAGE,
    SCRIPT,
    at_page,
    at_root,
    office,
    pdf,
    picture,
    relation,
    workbook,
)


def judged(name: str, content: bytes) -> str:
    """The reason against a file; empty when it is taken."""
    media_type = EXTENSIONS.get(PurePosixPath(name).suffix.lower())
    if media_type is None:
        return "không đúng loại tệp"
    return reason_in(content, media_type) if content else "tệp rỗng"


# --- FL-01: one kind of file under the name of another ----------------------------------------

FOREIGN = {
    "html": PAGE,
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "x">]><x>&e;</x>',
    "mhtml": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n" + PAGE,
    "js": b"alert(document.cookie)",
    "exe": b"MZ\x90\x00" + b"\0" * 200,
    "rtf": rb"{\rtf1\ansi hello}",
    "gif": GIF,
    "zip": b"PK\x05\x06" + b"\0" * 18,
    "plain": "Báo cáo".encode(),
}
UNDER = (".pdf", ".png", ".jpg", ".docx", ".xlsx")
ENDINGS = {
    "a.html": PAGE,
    "a.pdf.html": pdf(),
    "a.svg": FOREIGN["svg"],
    "a.pdf.exe": FOREIGN["exe"],
    "a.docm": office(),
    "a.doc": OLE,
    "a.zip": office(),
    "khong-duoi": pdf(),
    ".htaccess": b"deny",
}
FL_01 = {
    **{
        f"{kind} as {ending}": (f"a{ending}", content)
        for kind, content in FOREIGN.items()
        for ending in UNDER
    },
    **{f"ending {name}": (name, content) for name, content in ENDINGS.items()},
    "picture as pdf": ("a.pdf", picture("PNG")),
}


def test_fl_01_the_zoo_has_sixty_files() -> None:
    assert len(FL_01) == 60


@pytest.mark.parametrize("case", FL_01)
def test_fl_01_a_file_under_the_name_of_another_kind_is_refused(case: str) -> None:
    assert judged(*FL_01[case])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Quyết định.pdf", pdf()),
        ("nhieu-trang.PDF", pdf(pages=30)),
        ("anh.jpg", picture("JPEG")),
        ("anh.jpeg", picture("JPEG", progressive=True)),
        ("anh.png", picture("PNG")),
        ("bang mau.png", picture("PNG")),
        ("van ban.docx", office(**{"word/media/image1.png": picture("PNG")})),
        (
            "lien ket.docx",
            office(**{"word/_rels/document.xml.rels": relation("hyperlink", "https://x.vn")}),
        ),
        ("muc luc.docx", office(**{"word/document.xml": strangers.field(" TOC ", "\\o")})),
        ("bang.xlsx", workbook(**{"xl/worksheets/sheet1.xml": b"<x><f>SUM(A1:A2)</f></x>"})),
    ],
)
def test_honest_files_are_taken(name: str, content: bytes) -> None:
    assert judged(name, content) == ""


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (3, 5), (17, 9), (640, 480)])
def test_every_kind_of_png_is_unpacked_to_the_byte(mode: str, size: tuple[int, int]) -> None:
    held = io.BytesIO()
    Image.new(mode, size).save(held, "PNG")
    assert judged("a.png", held.getvalue()) == ""


def interlaced(width: int, height: int) -> bytes:
    """An interlaced PNG, as old programs write them."""
    rows = b"".join(
        (b"\0" + b"\0" * (3 * -(-(width - x) // right))) * -(-(height - y) // below)
        for x, y, right, below in (
            *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
            *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
        )
        if width > x and height > y
    )
    made = bytearray(strangers.png(width, height, zlib.compress(rows)))
    made[28] = 1
    made[29:33] = zlib.crc32(made[12:29]).to_bytes(4, "big")
    return bytes(made)


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (5, 5), (8, 8), (33, 20)])
def test_interlaced_pictures_are_taken(size: tuple[int, int]) -> None:
    content = interlaced(*size)
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert image.size == size
    assert judged("a.png", content) == ""


# --- FL-02: two kinds of file in one ------------------------------------------------------------


def jpeg_with_comment(comment: bytes) -> bytes:
    """A JPEG with a comment of its own after the start."""
    made = picture("JPEG")
    return made[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + made[2:]


def jpeg_as_script() -> bytes:
    """The classic: the first segment's length opens a comment of a script."""
    made = picture("JPEG")
    return made[:4] + b"/*" + b"\0" * (0x2F2A - 16) + made[6:] + b"*/=alert(1)//"


FL_02 = {
    "pdf with a page after its end": ("a.pdf", pdf() + PAGE),
    "pdf with a page in its header": ("a.pdf", pdf().replace(b"\n", b"\n%" + PAGE + b"\n", 1)),
    "pdf with a script in a comment": ("a.pdf", pdf() + b"\n%" + SCRIPT),
    "pdf with much after its end": ("a.pdf", pdf() + b"var a=1;" * 400),
    "pdf that is a zip": ("a.pdf", pdf() + office()),
    "pdf that is a zip with a comment": ("a.pdf", pdf() + office()[:-2] + b"\x03\x00abc"),
    "page before pdf": ("a.pdf", PAGE + pdf()),
    "zip before pdf": ("a.pdf", office() + pdf()),
    "jpeg with a page after its end": ("a.jpg", picture("JPEG") + PAGE),
    "jpeg with a page in a comment": ("a.jpg", jpeg_with_comment(PAGE)),
    "jpeg with php in a comment": ("a.jpg", jpeg_with_comment(b"<?php system($_GET[1]); ?>")),
    "jpeg that is a script": ("a.jpg", jpeg_as_script()),
    "jpeg that is a zip": ("a.jpg", picture("JPEG") + office()),
    "gif that is a script as jpeg": ("a.jpg", GIF + b"/*" + SCRIPT + b"*/"),
    "png with a page after its end": ("a.png", picture("PNG") + PAGE),
    "png with anything after its end": ("a.png", picture("PNG") + b"alert(1)//"),
    "png with a page in a text": (
        "a.png",
        picture("PNG")[:33] + strangers.chunk(b"tEXt", b"c\0" + PAGE) + picture("PNG")[33:],
    ),
    "png that is a zip": ("a.png", picture("PNG") + office()),
    "png that is a page after its header": ("a.png", picture("PNG")[:33] + PAGE),
    "docx that is a pdf": (
        "a.docx",
        office(**{"%PDF-1.4": b"x"}).replace(b"[Content_Types].xml", b"%PDF-1.4_Types].xml", 1),
    ),
    "docx with a page before it": ("a.docx", PAGE + office()),
    "docx with a page after it": ("a.docx", office()[:-2] + len(PAGE).to_bytes(2, "little") + PAGE),
}


def test_fl_02_the_zoo_has_twenty_mixtures() -> None:
    assert len(FL_02) >= 20


@pytest.mark.parametrize("case", FL_02)
def test_fl_02_a_file_of_two_kinds_is_refused(case: str) -> None:
    assert judged(*FL_02[case])


def test_fl_02_what_phones_add_after_a_photograph_is_no_mixture() -> None:
    moving = picture("JPEG") + b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 20
    assert judged("a.jpg", moving) == ""


# --- FL-03: what runs, reaches out, or hides ------------------------------------------------------

JAVASCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
LAUNCH = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")


def annotation(**more: Any) -> pikepdf.Array:
    """One annotation at a page."""
    return pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link, **more)])


def attached_pdf() -> bytes:
    """A PDF with a file attached."""

    def change(made: pikepdf.Pdf) -> None:
        made.attachments["x.exe"] = b"MZ"

    return pdf(change)


MACRO_TYPE = (
    b'<Types><Default ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    b"</Types>"
)
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
SIMPLE_FIELD = f'<w:p {strangers.WORDS}><w:fldSimple w:instr="DDE cmd"/></w:p>'.encode()
RELATIONS = "word/_rels/document.xml.rels"
FL_03 = {
    "macro": ("a.docx", office(**{"word/vbaProject.bin": b"x"}), "macro"),
    "macro data": ("a.docx", office(**{"word/vbaData.xml": b"<x/>"}), "macro"),
    "macro by type": (
        "a.docx",
        office(**{"[Content_Types].xml": MACRO_TYPE}),
        "macro",
    ),
    "macro by relation": (
        "a.docx",
        office(**{RELATIONS: relation("vbaProject", "evil.bin", outside=False)}),
        "macro",
    ),
    "macro in a workbook": ("a.xlsx", workbook(**{"xl/vbaProject.bin": b"x"}), "macro"),
    "macro sheet": ("a.xlsx", workbook(**{"xl/macrosheets/sheet1.xml": b"<x/>"}), "macro"),
    "activex": ("a.docx", office(**{"word/activeX/activeX1.bin": b"x"}), "macro"),
    "embedded object": ("a.docx", office(**{"word/embeddings/oleObject1.bin": b"x"}), "macro"),
    "embedded program": ("a.docx", office(**{"word/media/x.exe": b"MZ"}), "macro"),
    "embedded page": ("a.docx", office(**{"word/afchunk.htm": b"x"}), "macro"),
    "embedded archive": ("a.xlsx", workbook(**{"xl/media/x.zip": b"PK"}), "macro"),
    "old document": ("a.docx", OLE, "mật khẩu hoặc là định dạng Office cũ"),
    "locked document": ("a.docx", strangers.locked_office(), "mật khẩu"),
    "dde": (
        "a.docx",
        office(**{"word/document.xml": strangers.field(' DDEAUTO c:\\\\cmd.exe "/k calc" ')}),
        "tệp lấy dữ liệu",
    ),
    "dde in pieces": (
        "a.docx",
        office(**{"word/document.xml": strangers.field(" DD", "EAU", "TO c:\\\\cmd.exe")}),
        "tệp lấy dữ liệu",
    ),
    "dde in a simple field": (
        "a.docx",
        office(**{"word/document.xml": SIMPLE_FIELD}),
        "tệp lấy dữ liệu",
    ),
    "outside workbook": (
        "a.xlsx",
        workbook(**{"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "tệp lấy dữ liệu",
    ),
    "outside data": ("a.xlsx", workbook(**{"xl/connections.xml": b"<x/>"}), "tệp lấy dữ liệu"),
    "outside template": (
        "a.docx",
        office(**{"word/_rels/settings.xml.rels": relation("attachedTemplate", "http://x/t.dotm")}),
        "tệp lấy dữ liệu",
    ),
    "outside picture": (
        "a.docx",
        office(**{RELATIONS: relation("image", "http://x/i.png")}),
        "tệp lấy dữ liệu",
    ),
    "outside object": (
        "a.docx",
        office(**{RELATIONS: relation("oleObject", "http://x/o")}),
        "macro",
    ),
    "entities": (
        "a.docx",
        office(**{"word/document.xml": LAUGHS}),
        "bất thường",
    ),
    "javascript at opening": ("a.pdf", at_root("/OpenAction", JAVASCRIPT), "mã lệnh"),
    "javascript by name": (
        "a.pdf",
        at_root(
            "/Names",
            pikepdf.Dictionary(
                JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", JAVASCRIPT]))
            ),
        ),
        "mã lệnh",
    ),
    "javascript after a jump": (
        "a.pdf",
        at_root("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.GoTo, Next=JAVASCRIPT)),
        "mã lệnh",
    ),
    "launch": ("a.pdf", at_page("/Annots", annotation(A=LAUNCH)), "mã lệnh"),
    "act at a page": ("a.pdf", at_page("/AA", pikepdf.Dictionary(O=JAVASCRIPT)), "mã lệnh"),
    "attached file": ("a.pdf", attached_pdf(), "mã lệnh"),
    "xfa": ("a.pdf", at_root("/AcroForm", pikepdf.Dictionary(XFA="x")), "mã lệnh"),
    "rich media": (
        "a.pdf",
        at_page("/Annots", annotation(RichMediaContent=pikepdf.Dictionary())),
        "mã lệnh",
    ),
    "form that sends": (
        "a.pdf",
        at_page("/Annots", annotation(A=pikepdf.Dictionary(S=pikepdf.Name.SubmitForm))),
        "mã lệnh",
    ),
    "locked pdf": ("a.pdf", pdf(encryption=pikepdf.Encryption(owner="x", user="y")), "mật khẩu"),
}


def test_fl_03_the_zoo_has_twenty_five_files() -> None:
    assert len(FL_03) >= 25


@pytest.mark.parametrize("case", FL_03)
def test_fl_03_what_runs_or_reaches_out_is_refused_with_its_reason(case: str) -> None:
    name, content, reason = FL_03[case]
    assert reason in judged(name, content)


# --- FL-06: empty, cut, locked, tiny --------------------------------------------------------------

FL_06 = {
    "empty pdf": ("a.pdf", b"", "tệp rỗng"),
    "empty picture": ("a.png", b"", "tệp rỗng"),
    "cut pdf": ("a.pdf", pdf(pages=20)[:300], "tệp PDF hỏng"),
    "pdf without pages": ("a.pdf", pdf(pages=0), "không có trang nào"),
    "cut jpeg": ("a.jpg", picture("JPEG", (400, 300))[:900], "tệp ảnh hỏng"),
    "cut png": ("a.png", picture("PNG")[:400], "tệp ảnh hỏng"),
    "png of other pixels": ("a.png", strangers.png(9, 9, zlib.compress(b"\0" * 9)), "tệp ảnh hỏng"),
    "png of spoilt pixels": ("a.png", strangers.png(9, 9, b"not packed at all"), "tệp ảnh hỏng"),
    "cut docx": ("a.docx", office()[:200], "không đúng loại tệp hoặc tệp hỏng"),
    "docx of spoilt words": ("a.docx", office(**{"word/document.xml": b"<a><b></a>"}), "tệp hỏng"),
}


@pytest.mark.parametrize("case", FL_06)
def test_fl_06_empty_and_damaged_files_are_refused_with_their_reason(case: str) -> None:
    name, content, reason = FL_06[case]
    assert reason in judged(name, content)


def test_fl_06_a_picture_of_one_pixel_is_a_picture() -> None:
    assert judged("a.png", picture("PNG", (1, 1))) == ""
