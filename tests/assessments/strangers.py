"""Files as strangers make them: honest ones, mixtures, active ones, bombs."""

import io
import os
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from PIL import Image

SCRIPT = b"<script>alert(1)</script>"
PAGE = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
GIF = b"GIF89a\1\0\1\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\1\0\1\0\0"
TYPES = "[Content_Types].xml"
WORDS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATION = (
    '<Relationships xmlns="x">'
    '<Relationship Id="r1" Type="{kind}" Target="{to}"{mode}/></Relationships>'
)


def pdf(
    change: Callable[[pikepdf.Pdf], None] | None = None, pages: int = 1, **options: Any
) -> bytes:
    """A PDF that opens."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    if change:
        change(made)
    held = io.BytesIO()
    made.save(held, **options)
    return held.getvalue()


def at_root(key: str, value: Any) -> bytes:
    """A PDF with this in its catalog."""
    return pdf(lambda made: made.Root.__setitem__(key, value))


def at_page(key: str, value: Any) -> bytes:
    """A PDF with this at its page."""
    return pdf(lambda made: made.pages[0].obj.__setitem__(key, value))


def with_stream(filters: list[str], content: bytes) -> bytes:
    """A PDF whose page holds a stream that is packed already."""

    def change(made: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(made, b"")
        stream.write(content, filter=pikepdf.Array([pikepdf.Name(one) for one in filters]))
        made.pages[0].obj.Contents = made.make_indirect(stream)

    return pdf(change, recompress_flate=False, compress_streams=False)


def office(part: str = "word/document.xml", **parts: bytes) -> bytes:
    """A DOCX, or with another main part an XLSX, with more parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {TYPES: b"<Types/>", part: b"<document/>", **parts}.items():
            archive.writestr(name, content)
    return held.getvalue()


def workbook(**parts: bytes) -> bytes:
    """An XLSX with more parts."""
    return office("xl/workbook.xml", **parts)


def relation(kind: str, to: str, *, outside: bool = True) -> bytes:
    """The relations of a part, with one to this target."""
    mode = ' TargetMode="External"' if outside else ""
    return RELATION.format(kind=f"http://x/{kind}", to=to, mode=mode).encode()


def field(*instructions: str) -> bytes:
    """A document with a field whose instruction is written in so many pieces."""
    runs = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in instructions)
    return f"<w:document {WORDS}><w:p>{runs}</w:p></w:document>".encode()


def picture(kind: str, size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """A small picture."""
    held = io.BytesIO()
    pixels = os.urandom(size[0] * size[1] * 3)
    Image.frombytes("RGB", size, pixels).save(held, kind, **options)
    return held.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    checked = zlib.crc32(kind + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + kind + body + checked


def png(width: int, height: int, packed: bytes, *, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG that claims this size, with pixels that are packed already."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([depth, colour, 0, 0, 0])
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def locked_office() -> bytes:
    """A DOCX whose entries are marked as encrypted."""
    content = bytearray(office())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + place] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)


def lying(content: bytes) -> bytes:
    """The same archive with a directory that states ten bytes for its last entry."""
    position = content.rfind(b"PK\x01\x02")
    return content[: position + 24] + (10).to_bytes(4, "little") + content[position + 28 :]


def claiming(content: bytes, size: int) -> bytes:
    """The same archive with a directory that states this size for its last entry."""
    position = content.rfind(b"PK\x01\x02")
    return content[: position + 24] + size.to_bytes(4, "little") + content[position + 28 :]


def overlapping() -> bytes:
    """An archive in which two names lead to the same bytes."""
    content = office(**{"word/media/a.bin": b"0" * 1000})
    first = content.rfind(b"PK\x01\x02")
    end = content.rfind(b"PK\x05\x06")
    twin = bytearray(content[first:end].replace(b"word/media/a.bin", b"word/media/b.bin"))
    tail = bytearray(content[end:])
    for place in (8, 10):
        tail[place : place + 2] = (int.from_bytes(tail[place : place + 2], "little") + 1).to_bytes(
            2, "little"
        )
    size = int.from_bytes(tail[12:16], "little") + len(twin)
    tail[12:16] = size.to_bytes(4, "little")
    return content[:end] + bytes(twin) + bytes(tail)


def packed_spaces(size: int) -> bytes:
    """So many spaces, packed without ever being held."""
    engine, found = zlib.compressobj(), b""
    for _ in range(size // 1_000_000):
        found += engine.compress(b" " * 1_000_000)
    return found + engine.flush()


def object_stream_bomb(size: int) -> bytes:
    """A PDF of a few kilobytes whose object stream unpacks to this size."""
    engine = zlib.compressobj()
    data = engine.compress(b"5 0 ")
    for _ in range(size // 1_000_000):
        data += engine.compress(b" " * 1_000_000)
    data += engine.compress(b"<<>>") + engine.flush()
    raw = (
        b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R/Odd 5 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    )
    raw += b"4 0 obj<</Type/ObjStm/N 1/First 4/Length %d/Filter/FlateDecode>>stream\n" % len(data)
    raw += data + b"\nendstream endobj\n"
    rows = [b"\0\0\0\0\0\0"]
    rows += [b"\1" + raw.index(b"%d 0 obj" % n).to_bytes(4, "big") + b"\0" for n in (1, 2, 3, 4)]
    rows += [b"\2" + (4).to_bytes(4, "big") + b"\0", b"\1" + len(raw).to_bytes(4, "big") + b"\0"]
    table = b"".join(rows)
    place = len(raw)
    raw += b"6 0 obj<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return raw + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % place
