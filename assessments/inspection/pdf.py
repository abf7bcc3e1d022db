"""PDF: opens without a password, has pages, and holds nothing that runs."""

import zlib
from io import BytesIO
from typing import Any

import pikepdf

from assessments.inspection.words import (
    BOMB,
    MIXED,
    TOO_COSTLY,
    Refused,
    refuse_archive_at_end,
    refuse_pages,
)

ACTIVE_KEYS = frozenset(
    {"/JS", "/JavaScript", "/AA", "/XFA", "/EF", "/EmbeddedFiles", "/RichMediaContent", "/Movie"}
)
"""Keys under which a PDF keeps what runs, or other files."""
PASSIVE_ACTIONS = frozenset({"/GoTo", "/GoToR", "/URI", "/Named", "/Thread"})
"""Actions that lead a reader somewhere; every other kind is refused."""
ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"}
)
MAX_NODES = 500_000
TRAILING = 1_024
"""Bytes after the end that careless programs leave; more is another file."""
MAX_STREAM = 200 * 1024 * 1024
"""Unpacked bytes of one stream: the largest picture that is taken, uncompressed."""
MAX_STREAMS = 512 * 1024 * 1024
INFLATED_AT_ONCE = 1024 * 1024
OUT_OF_MEMORY = "bad_alloc"
"""What the library notes when a stream that holds objects does not fit into the memory given."""
FLATE_AT_MOST = 1_032
"""No Flate stream unpacks to more than so many times its size."""


def check_pdf(content: bytes) -> None:
    """Check a PDF by its whole structure.

    Raises:
        Refused: another kind of file, mixed with one, damaged, locked, or active.
    """
    if not content.startswith(b"%PDF-"):
        raise Refused("nội dung không phải PDF")
    refuse_pages(content)
    refuse_archive_at_end(content)
    end = content.rfind(b"%%EOF")
    if end >= 0 and len(content[end + 5 :].strip(b"\0\r\n\t ")) > TRAILING:
        raise Refused(MIXED)
    try:
        with pikepdf.Pdf.open(BytesIO(content)) as pdf:
            if len(pdf.pages) == 0:
                raise Refused("tệp PDF không có trang nào")
            if _is_active(pdf):
                raise Refused("PDF có mã lệnh hoặc tệp đính kèm bên trong")
            _refuse_bombs(pdf)
            if any(OUT_OF_MEMORY in warning for warning in pdf.get_warnings()):
                raise Refused(BOMB)
    except Refused:
        raise
    except pikepdf.PasswordError:
        raise Refused("tệp có mật khẩu") from None
    except MemoryError:
        raise Refused(TOO_COSTLY) from None
    except Exception:
        # A damaged file fails in many ways; each means the same to the sender.
        raise Refused("tệp PDF hỏng") from None


def _is_active(pdf: pikepdf.Pdf) -> bool:
    # Every object that stands alone, and everything written inside it; references are not
    # followed, because what they lead to stands in the same list.
    waiting: list[Any] = list(pdf.objects)
    for _ in range(MAX_NODES):
        if not waiting:
            return False
        node = waiting.pop()
        if isinstance(node, pikepdf.Stream):
            node = node.stream_dict
        if isinstance(node, pikepdf.Array):
            inner = list(node)
        elif isinstance(node, pikepdf.Dictionary):
            keys = set(node.keys())
            if keys & ACTIVE_KEYS or _is_active_action(node):
                return True
            inner = [node[key] for key in keys if key != "/Parent"]
        else:
            continue
        waiting += [
            one
            for one in inner
            if isinstance(one, pikepdf.Array | pikepdf.Dictionary) and not one.is_indirect
        ]
    return True


def _is_active_action(node: pikepdf.Dictionary) -> bool:
    kind = node.get("/S")
    if not isinstance(kind, pikepdf.Name):
        return False
    # /S names other things, too (transparency groups, page labels, structure elements).
    is_action = node.get("/Type") == pikepdf.Name.Action
    return str(kind) in ACTIVE_ACTIONS or (is_action and str(kind) not in PASSIVE_ACTIONS)


def _refuse_bombs(pdf: pikepdf.Pdf) -> None:
    """Unpack every stream that may be large without keeping it.

    Raises:
        Refused: a stream, or all of them together, unpack to more than any honest document.
    """
    total = 0
    for one in pdf.objects:
        if not isinstance(one, pikepdf.Stream):
            continue
        filters = _filters_of(one)
        if filters.count("/FlateDecode") + filters.count("/LZWDecode") > 1:
            raise Refused(BOMB)
        raw = one.read_raw_bytes()
        if filters[:1] == ["/FlateDecode"] and len(raw) * FLATE_AT_MOST > INFLATED_AT_ONCE:
            total += _unpacked_size(raw)
        if total > MAX_STREAMS:
            raise Refused(BOMB)


def _filters_of(stream: pikepdf.Stream) -> list[str]:
    told = stream.stream_dict.get("/Filter", pikepdf.Array())
    return [str(one) for one in told] if isinstance(told, pikepdf.Array) else [str(told)]


def _unpacked_size(raw: bytes) -> int:
    engine, found = zlib.decompressobj(), 0
    try:
        while raw and not engine.eof:
            found += len(engine.decompress(raw, INFLATED_AT_ONCE))
            raw = engine.unconsumed_tail
            if found > MAX_STREAM:
                raise Refused(BOMB)
    except zlib.error:
        # Readers show what they can of a damaged stream.
        return found
    return found
