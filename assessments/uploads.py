"""What may be uploaded: decided by content, with a sentence for every refusal."""

import hashlib
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

import magic
import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

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
ACTIVE_PDF_KEYS = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/XFA", "/RichMedia")


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
    except pikepdf.PasswordError:
        raise _refused(name, "tệp có mật khẩu") from None
    except pikepdf.PdfError:
        raise _refused(name, "tệp PDF hỏng") from None


def _is_active(pdf: pikepdf.Pdf) -> bool:
    root = pdf.Root
    opening = root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") != pikepdf.Name.GoTo:
        return True
    names = root.get("/Names")
    if names is not None and any(key in names for key in ("/JavaScript", "/EmbeddedFiles")):
        return True
    if "/XFA" in root.get("/AcroForm", pikepdf.Dictionary()):
        return True
    return any(
        isinstance(item, pikepdf.Dictionary) and any(key in item for key in ACTIVE_PDF_KEYS)
        for item in pdf.objects
    )


def _check_image(name: str, content: bytes, format_name: str, media_type: str) -> None:
    if magic.from_buffer(content[:8192], mime=True) != media_type:
        raise _refused(name, f"nội dung không phải {format_name}")
    try:
        with Image.open(BytesIO(content), formats=[format_name]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _refused(name, "ảnh quá lớn (trên 50 triệu điểm ảnh)")
            image.load()
    except UploadRefused:
        raise
    except Exception:
        # Pillow raises many kinds for damaged files; each means the same to the sender.
        raise _refused(name, "tệp ảnh hỏng") from None


def _check_office(name: str, content: bytes, part: str) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(name, "tệp có mật khẩu hoặc là định dạng Office cũ")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise _refused(name, "nội dung không đúng loại tệp") from None
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(content):
        raise _refused(name, "tệp nén bất thường")
    if part not in names or "[Content_Types].xml" not in names:
        raise _refused(name, "nội dung không đúng loại tệp")
    if any(PurePosixPath(entry).name.lower() == "vbaproject.bin" for entry in names):
        raise _refused(name, "tệp có macro")


_CHECKS: dict[str, Callable[[str, bytes], None]] = {
    PDF: _check_pdf,
    JPEG: lambda name, content: _check_image(name, content, "JPEG", JPEG),
    PNG: lambda name, content: _check_image(name, content, "PNG", PNG),
    DOCX: lambda name, content: _check_office(name, content, "word/document.xml"),
    XLSX: lambda name, content: _check_office(name, content, "xl/workbook.xml"),
}
