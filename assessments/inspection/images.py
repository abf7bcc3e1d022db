"""JPEG and PNG: whole, of a bearable size, and nothing else besides a picture."""

import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageFile

from assessments.inspection.words import (
    MAX_PIXELS,
    MIXED,
    TOO_COSTLY,
    Refused,
    refuse_archive_at_end,
    refuse_pages,
)

TOO_LARGE = "ảnh quá lớn (trên 50 triệu điểm ảnh)"
DAMAGED = "tệp ảnh hỏng"
PNG_START = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel, by PNG colour type."""
PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""Start and step (x, y) of each pass of an interlaced PNG."""
INFLATED_AT_ONCE = 1024 * 1024


def check_jpeg(content: bytes) -> None:
    """Check a JPEG by reading all of it, at an eighth of its size so that memory stays small.

    Raises:
        Refused: another kind of file, mixed with one, too large, or damaged.
    """
    if not content.startswith(b"\xff\xd8\xff"):
        raise Refused("nội dung không phải JPEG")
    _refuse_mixtures(content)
    # The length of the first segment, read as text, opens a comment in a script.
    if content[4:6] == b"/*":
        raise Refused(MIXED)
    _open(content, "JPEG", reduced=True)


def check_png(content: bytes) -> None:
    """Check a PNG chunk by chunk, unpacking its pixels without keeping them.

    Raises:
        Refused: another kind of file, mixed with one, too large, or damaged.
    """
    if not content.startswith(PNG_START):
        raise Refused("nội dung không phải PNG")
    _refuse_mixtures(content)
    _open(content, "PNG", reduced=False)
    header: tuple[int, ...] = ()
    unpacked = 0
    engine = zlib.decompressobj()
    for kind, body in _chunks(content):
        if kind == b"IHDR":
            header = (*(int.from_bytes(body[n : n + 4], "big") for n in (0, 4)), *body[8:13])
        elif kind == b"IDAT":
            unpacked += _inflated(engine, body, _bytes_of(header) - unpacked)
    if not header or unpacked != _bytes_of(header):
        raise Refused(DAMAGED)


def _refuse_mixtures(content: bytes) -> None:
    refuse_pages(content)
    refuse_archive_at_end(content)
    if b"%PDF-" in content[:1024]:
        raise Refused(MIXED)


def _open(content: bytes, kind: str, *, reduced: bool) -> None:
    try:
        with Image.open(BytesIO(content), formats=[kind]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refused(TOO_LARGE)
            if reduced:
                image.draft("L", (image.width // 8 or 1, image.height // 8 or 1))
                # The PDF library turns this on for the whole process; half a picture is none.
                ImageFile.LOAD_TRUNCATED_IMAGES = False
                image.load()
    except Refused:
        raise
    except MemoryError:
        raise Refused(TOO_COSTLY) from None
    except Exception:
        # Pillow raises many kinds for damaged files; each means the same to the sender.
        raise Refused(DAMAGED) from None


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(PNG_START)
    while True:
        size = int.from_bytes(content[place : place + 4], "big")
        kind, body = content[place + 4 : place + 8], content[place + 8 : place + 8 + size]
        place += 12 + size
        if len(kind) < 4 or place > len(content):
            raise Refused(DAMAGED)
        if zlib.crc32(kind + body) != int.from_bytes(content[place - 4 : place], "big"):
            raise Refused(DAMAGED)
        yield kind, body
        if kind == b"IEND":
            break
    if content[place:].strip(b"\0\r\n"):
        raise Refused(MIXED)


def _inflated(engine: "zlib._Decompress", body: bytes, left: int) -> int:
    found = 0
    try:
        while body and found <= left:
            found += len(engine.decompress(body, INFLATED_AT_ONCE))
            body = engine.unconsumed_tail
    except zlib.error:
        raise Refused(DAMAGED) from None
    if found > left:
        raise Refused(TOO_COSTLY)
    return found


def _bytes_of(header: tuple[int, ...]) -> int:
    """How many bytes the pixels of a PNG come to, filters included."""
    if len(header) != 7 or header[3] not in CHANNELS:
        raise Refused(DAMAGED)
    width, height, depth, colour, *_, interlaced = header
    bits = depth * CHANNELS[colour]

    def rows(across: int, down: int) -> int:
        return down * (1 + (across * bits + 7) // 8) if across else 0

    if not interlaced:
        return rows(width, height)
    return sum(
        rows(-(-(width - x) // right), -(-(height - y) // below))
        for x, y, right, below in PASSES
        if width > x and height > y
    )
