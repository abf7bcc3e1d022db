"""The words in which a file is refused, and the marks of another kind of file inside it."""

MAX_PIXELS = 50_000_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_RATIO = 100

BOMB = "tệp nén bất thường"
TOO_COSTLY = "tệp quá phức tạp để kiểm tra an toàn"
MIXED = "tệp có nội dung của loại tệp khác trộn bên trong"
WRITTEN_FOR_BROWSERS = (
    b"<script",
    b"<html",
    b"<!doctype html",
    b"<iframe",
    b"<svg",
    b"<?php",
    b"onerror=",
)
"""What a browser would run or draw, if it took the file for a page."""


class Refused(Exception):
    """A file that is not taken; the reason completes the sentence “không được nhận: …”."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse_pages(content: bytes) -> None:
    """Refuse a file in which a browser could find a page (a polyglot).

    Raises:
        Refused: something written for browsers stands in it.
    """
    plain = content.lower()
    if any(mark in plain for mark in WRITTEN_FOR_BROWSERS):
        raise Refused(MIXED)


def refuse_archive_at_end(content: bytes) -> None:
    """Refuse a file that is a ZIP as well: those are read from their end.

    Raises:
        Refused: the directory of an archive stands at the end.
    """
    tail = content[-(22 + 65_535) :]
    found = tail.rfind(b"PK\x05\x06")
    if found >= 0 and found + 22 <= len(tail):
        comment = int.from_bytes(tail[found + 20 : found + 22], "little")
        if found + 22 + comment == len(tail):
            raise Refused(MIXED)
