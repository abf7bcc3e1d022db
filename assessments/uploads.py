"""What may be uploaded: decided by content, with a sentence for every refusal."""

import hashlib
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

import magic
import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageFile

from accounts.access import Refusal

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG, ".docx": DOCX, ".xlsx": XLSX}
ACCEPT = ",".join(EXTENSIONS)

MAX_PIXELS = 50_000_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_RATIO = 100
ACTIVE_PDF_KEYS = frozenset(
    {"/JS", "/JavaScript", "/AA", "/XFA", "/EF", "/EmbeddedFiles", "/RichMediaContent", "/Movie"}
)
"""Keys under which a PDF keeps what runs, or other files."""
PASSIVE_ACTIONS = frozenset({"/GoTo", "/GoToR", "/URI", "/Named", "/Thread"})
"""Actions that lead a reader somewhere; every other kind is refused."""
ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"}
)
MAX_PDF_NODES = 500_000
OFFICE_ACTIVE_NAMES = ("vbaproject", "vbadata", "/embeddings/", "/activex/", "/macrosheets/")
OFFICE_ACTIVE_TYPES = (b"macroenabled", b"vbaproject", b"oleobject", b"activex")


class UploadRefused(Refusal):
    """A file that is not taken, with the reason in Vietnamese."""


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A file that passed: its display name in NFC, its content, type and SHA-256 (hex)."""

    name: str
    content: bytes
    media_type: str
    sha256: str


def check_upload(uploaded: "UploadedFile[bytes]") -> CheckedUpload:
    """Check an uploaded file by its content.

    Raises:
        UploadRefused: empty, too large, of another type than PDF, DOCX, XLSX, JPG or PNG, of
            another content than its name says, damaged, protected by a password, or active.
    """
    name = display_name(uploaded.name or "")
    limit = settings.EVIDENCE_MAX_BYTES
    if (uploaded.size or 0) > limit:
        raise _refused(name, f"lớn hơn {limit // (1024 * 1024)} MB")
    content = uploaded.read(limit + 1)
    if len(content) > limit:
        raise _refused(name, f"lớn hơn {limit // (1024 * 1024)} MB")
    if not content:
        raise _refused(name, "tệp rỗng")
    expected = EXTENSIONS.get(PurePosixPath(name).suffix.lower())
    if expected is None:
        raise _refused(name, "không đúng loại tệp")
    _CHECKS[expected](name, content)
    return CheckedUpload(name, content, expected, hashlib.sha256(content).hexdigest())


def display_name(name: str) -> str:
    """The sender's file name as shown: NFC, one line, no path, at most 200 characters."""
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(char for char in bare if unicodedata.category(char)[0] != "C").strip()
    stem, dot, extension = kept.rpartition(".")
    return f"{stem[:190]}{dot}{extension[:9]}" if dot else kept[:200]


def _refused(name: str, reason: str) -> UploadRefused:
    return UploadRefused(
        f"Tệp “{name}” không được nhận: {reason}. Chỉ nhận PDF, DOCX, XLSX, JPG, PNG, tối đa 20 MB."
    )


def _check_pdf(name: str, content: bytes) -> None:
    if not content.startswith(b"%PDF-"):
        raise _refused(name, "nội dung không phải PDF")
    try:
        with pikepdf.Pdf.open(BytesIO(content)) as pdf:
            if len(pdf.pages) == 0:
                raise _refused(name, "tệp PDF không có trang nào")
            if _is_active(pdf):
                raise _refused(name, "PDF có mã lệnh hoặc tệp đính kèm bên trong")
    except UploadRefused:
        raise
    except pikepdf.PasswordError:
        raise _refused(name, "tệp có mật khẩu") from None
    except Exception:
        # A damaged file fails in many ways; each means the same to the sender.
        raise _refused(name, "tệp PDF hỏng") from None


def _is_active(pdf: pikepdf.Pdf) -> bool:
    # Every object that stands alone, and everything written inside it; references are not
    # followed, because what they lead to stands in the same list.
    waiting: list[Any] = list(pdf.objects)
    for _ in range(MAX_PDF_NODES):
        if not waiting:
            return False
        node = waiting.pop()
        if isinstance(node, pikepdf.Stream):
            node = node.stream_dict
        if isinstance(node, pikepdf.Array):
            inner = list(node)
        elif isinstance(node, pikepdf.Dictionary):
            keys = set(node.keys())
            if keys & ACTIVE_PDF_KEYS or _is_active_action(node):
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


def _check_image(name: str, content: bytes, format_name: str, media_type: str) -> None:
    if magic.from_buffer(content[:8192], mime=True) != media_type:
        raise _refused(name, f"nội dung không phải {format_name}")
    try:
        with Image.open(BytesIO(content), formats=[format_name]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _refused(name, "ảnh quá lớn (trên 50 triệu điểm ảnh)")
            # The PDF library turns this on for the whole process; here half a picture is none.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            image.load()
    except UploadRefused:
        raise
    except Exception:
        # Pillow raises many kinds for damaged files; each means the same to the sender.
        raise _refused(name, "tệp ảnh hỏng") from None


def _check_office(name: str, content: bytes, part: str) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(name, "tệp có mật khẩu hoặc là định dạng Office cũ")
    if not content.startswith(b"PK\x03\x04"):
        raise _refused(name, "nội dung không đúng loại tệp")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_archive(name, archive, len(content), part)
    except UploadRefused:
        raise
    except Exception:
        # zipfile, zlib and codecs each raise their own kinds for a damaged archive.
        raise _refused(name, "nội dung không đúng loại tệp hoặc tệp hỏng") from None


def _check_archive(name: str, archive: zipfile.ZipFile, size: int, part: str) -> None:
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _refused(name, "tệp nén bất thường")
    if part.lower() not in names or "[content_types].xml" not in names:
        raise _refused(name, "nội dung không đúng loại tệp")
    if any(word in f"/{entry}" for entry in names for word in OFFICE_ACTIVE_NAMES):
        raise _refused(name, "tệp có macro hoặc đối tượng nhúng")
    unpacked = 0
    for entry in entries:
        # The sizes a directory states may lie; what comes out is counted while it comes out.
        kept = bytearray()
        wanted = entry.filename.lower().endswith((".rels", "[content_types].xml"))
        with archive.open(entry) as stream:
            while chunk := stream.read(64 * 1024):
                unpacked += len(chunk)
                if unpacked > min(MAX_UNPACKED, MAX_RATIO * size):
                    raise _refused(name, "tệp nén bất thường")
                if wanted:
                    kept += chunk
        text = bytes(kept).lower()
        if any(word in text for word in OFFICE_ACTIVE_TYPES):
            raise _refused(name, "tệp có macro hoặc đối tượng nhúng")
        if b"attachedtemplate" in text and b'targetmode="external"' in text:
            raise _refused(name, "tệp dùng mẫu từ bên ngoài")


_CHECKS: dict[str, Callable[[str, bytes], None]] = {
    PDF: _check_pdf,
    JPEG: lambda name, content: _check_image(name, content, "JPEG", JPEG),
    PNG: lambda name, content: _check_image(name, content, "PNG", PNG),
    DOCX: lambda name, content: _check_office(name, content, "word/document.xml"),
    XLSX: lambda name, content: _check_office(name, content, "xl/workbook.xml"),
}
