"""DOCX and XLSX: an honest archive of the right parts, without macros, objects or outside links."""

import re
import zipfile
from io import BytesIO
from xml.parsers import expat

from assessments.inspection.words import (
    BOMB,
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_UNPACKED,
    MIXED,
    TOO_COSTLY,
    Refused,
    refuse_pages,
)

WRONG = "nội dung không đúng loại tệp"
ACTIVE = "tệp có macro hoặc đối tượng nhúng"
OUTSIDE = "tệp lấy dữ liệu từ tệp hoặc địa chỉ khác; hãy dán giá trị vào tệp rồi lưu lại"
LOCKED = "tệp có mật khẩu"

ACTIVE_NAMES = ("vbaproject", "vbadata", "/embeddings/", "/activex/", "/macrosheets/", "afchunk")
ACTIVE_ENDINGS = (
    *(".bat", ".cmd", ".dll", ".exe", ".hta", ".htm", ".html", ".jar", ".js", ".lnk", ".mht"),
    *(".ps1", ".scr", ".vbs", ".wsf", ".zip", ".7z", ".rar", ".docm", ".xlsm"),
)
ACTIVE_TYPES = (b"macroenabled", b"vbaproject", b"oleobject", b"activex", b"afchunk")
OUTSIDE_NAMES = ("/externallinks/", "xl/connections.xml", "/querytables/")
FIELD = re.compile(r"\b(DDE|DDEAUTO)\b", re.IGNORECASE)
PART_AT_ONCE = 64 * 1024
MAX_INSTRUCTIONS = 1_000_000
LOCAL_HEADER = 30


def check_docx(content: bytes) -> None:
    """Check a DOCX by everything in it.

    Raises:
        Refused: another kind of file, locked, a bomb, active, or leading outside.
    """
    _check(content, "word/document.xml")


def check_xlsx(content: bytes) -> None:
    """Check an XLSX by everything in it.

    Raises:
        Refused: another kind of file, locked, a bomb, active, or leading outside.
    """
    _check(content, "xl/workbook.xml")


def _check(content: bytes, part: str) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("tệp có mật khẩu hoặc là định dạng Office cũ")
    if not content.startswith(b"PK\x03\x04"):
        raise Refused(WRONG)
    if b"%PDF-" in content[:1024]:
        raise Refused(MIXED)
    refuse_pages(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_directory(archive, content, part)
            _check_parts(archive, len(content))
    except Refused:
        raise
    except MemoryError:
        raise Refused(TOO_COSTLY) from None
    except Exception:
        # zipfile, zlib, expat and codecs each raise their own kinds for a damaged archive.
        raise Refused(f"{WRONG} hoặc tệp hỏng") from None


def _check_directory(archive: zipfile.ZipFile, content: bytes, part: str) -> None:
    entries = archive.infolist()
    names = [f"/{entry.filename.lower()}" for entry in entries]
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refused(BOMB)
    if len(set(names)) != len(names) or archive.comment:
        raise Refused(BOMB)
    if f"/{part}" not in names or "/[content_types].xml" not in names:
        raise Refused(WRONG)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(LOCKED)
    if any(word in name for name in names for word in ACTIVE_NAMES):
        raise Refused(ACTIVE)
    if any(name.endswith(ACTIVE_ENDINGS) for name in names):
        raise Refused(ACTIVE)
    if any(word in name for name in names for word in OUTSIDE_NAMES):
        raise Refused(OUTSIDE)
    # Entries that share bytes are how a small archive becomes an endless one.
    reached = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < reached:
            raise Refused(BOMB)
        reached = entry.header_offset + LOCAL_HEADER + entry.compress_size
    if entries and min(entry.header_offset for entry in entries) != 0:
        raise Refused(MIXED)


def _check_parts(archive: zipfile.ZipFile, size: int) -> None:
    unpacked = 0
    for entry in archive.infolist():
        name = entry.filename.lower()
        reader = _Part(name) if name.endswith((".xml", ".rels", ".vml")) else None
        # The sizes a directory states may lie; what comes out is counted while it comes out.
        with archive.open(entry) as stream:
            while chunk := stream.read(PART_AT_ONCE):
                unpacked += len(chunk)
                if unpacked > min(MAX_UNPACKED, max(MAX_RATIO * size, PART_AT_ONCE)):
                    raise Refused(BOMB)
                if reader:
                    reader.feed(chunk)
        if reader:
            reader.end()


class _Part:
    """One XML part, read as it is unpacked."""

    def __init__(self, name: str) -> None:
        self.instructions = ""
        self._in_instruction = False
        self._relations = name.endswith(".rels")
        self._words = name.startswith("word/")
        self._types = name == "[content_types].xml"
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._finish
        self._parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes) -> None:
        """Read on."""
        self._parser.Parse(chunk, False)

    def end(self) -> None:
        """Judge what only the whole part tells."""
        self._parser.Parse(b"", True)
        if FIELD.search(self.instructions):
            raise Refused(OUTSIDE)

    def _doctype(self, *_: object) -> None:
        # No office program writes one; entities that grow and outside entities need one.
        raise Refused(BOMB)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rsplit(" ", 1)[-1]
        if self._types or self._relations:
            told = " ".join(attributes.values()).lower().encode()
            if any(word in told for word in ACTIVE_TYPES):
                raise Refused(ACTIVE)
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        is_link = attributes.get("Type", "").lower().endswith("/hyperlink")
        if self._relations and is_outside and not is_link:
            raise Refused(OUTSIDE)
        if self._words and local == "instrText":
            self._in_instruction = True
        if self._words and local == "fldSimple":
            self._tell(" " + " ".join(attributes.values()) + " ")

    def _finish(self, name: str) -> None:
        local = name.rsplit(" ", 1)[-1]
        if local == "instrText":
            self._in_instruction = False
        elif local == "p":
            self._tell(" ")

    def _text(self, text: str) -> None:
        if self._in_instruction:
            self._tell(text)

    def _tell(self, text: str) -> None:
        self.instructions += text
        if len(self.instructions) > MAX_INSTRUCTIONS:
            raise Refused(TOO_COSTLY)
