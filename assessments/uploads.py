"""What may be uploaded: decided by content, with a sentence for every refusal."""

import hashlib
import logging
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from threading import Lock

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from accounts.access import Refusal
from assessments import sandbox
from assessments.inspection.types import EXTENSIONS, PDF
from assessments.inspection.words import TOO_COSTLY
from assessments.models import Scan
from assessments.scanning import scan

__all__ = ["ACCEPT", "PDF", "CheckedUpload", "UploadRefused", "check_upload", "display_name"]

logger = logging.getLogger(__name__)

ACCEPT = ",".join(EXTENSIONS)
STEM_LIMIT = 190
ENDING_LIMIT = 9
LOOK_ALIKES = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
"""Scripts with letters that look like Latin ones."""
CROSSED_D = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
"""Letters that old keyboards put where Đ belongs."""
ANSWERS_KEPT = 256


class UploadRefused(Refusal):
    """A file that is not taken, with the reason in Vietnamese."""


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A file that passed: its display name in NFC, its content, type, SHA-256 (hex) and scan."""

    name: str
    content: bytes
    media_type: str
    sha256: str
    scan: Scan = Scan.NOT_ASKED


def check_upload(uploaded: "UploadedFile[bytes]") -> CheckedUpload:
    """Check an uploaded file by its content, in a process of its own.

    Raises:
        UploadRefused: empty, too large, of another type than PDF, DOCX, XLSX, JPG or PNG, of
            another content than its name says, damaged, protected by a password, active, a bomb,
            or malware in the eyes of the virus scanner.
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
    _refuse_name(name)
    media_type = EXTENSIONS.get(PurePosixPath(name).suffix.lower())
    if media_type is None:
        raise _refused(name, "không đúng loại tệp")
    sha256 = hashlib.sha256(content).hexdigest()
    reason = _reason_against(content, media_type, sha256)
    if reason:
        raise _refused(name, reason)
    found = scan(content)
    if found.state == Scan.INFECTED:
        logger.warning("upload refused: %s in a file with SHA-256 %s", found.signature, sha256)
        raise _refused(name, f"phát hiện mã độc ({found.signature})")
    return CheckedUpload(name, content, media_type, sha256, found.state)


def display_name(name: str) -> str:
    """The sender's file name as shown: NFC, one line, no path, at most 200 characters.

    Characters that nobody sees, or that turn the direction of reading, are left out.
    """
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(char for char in bare if unicodedata.category(char)[0] != "C")
    shown = " ".join(kept.translate(CROSSED_D).split())
    stem, dot, extension = shown.rpartition(".")
    return f"{stem[:STEM_LIMIT]}{dot}{extension[:ENDING_LIMIT]}" if dot else shown[:200]


def _refuse_name(name: str) -> None:
    """Refuse names that read like others: letters of scripts that look like Latin beside Latin.

    Raises:
        UploadRefused: such a name.
    """
    scripts = {unicodedata.name(char, "").split(" ", 1)[0] for char in name if char.isalpha()}
    if "FULLWIDTH" in scripts or ("LATIN" in scripts and scripts & LOOK_ALIKES):
        raise _refused(name, "tên tệp trộn chữ cái của nhiều bảng chữ; hãy đổi tên tệp")


def _reason_against(content: bytes, media_type: str, sha256: str) -> str:
    # The same bytes get the same answer; retries and second copies need not be read again.
    with _answers_lock:
        known = _answers.get((sha256, media_type))
    if known is not None:
        return known
    try:
        reason = sandbox.reason_against(content, media_type)
    except sandbox.SandboxFailed as failure:
        logger.warning("upload refused: checking %s was stopped (%s)", sha256, failure)
        return TOO_COSTLY
    with _answers_lock:
        _answers[sha256, media_type] = reason
        if len(_answers) > ANSWERS_KEPT:
            del _answers[next(iter(_answers))]
    return reason


def _refused(name: str, reason: str) -> UploadRefused:
    return UploadRefused(
        f"Tệp “{name}” không được nhận: {reason}. Chỉ nhận PDF, DOCX, XLSX, JPG, PNG, tối đa 20 MB."
    )


_answers: dict[tuple[str, str], str] = {}
_answers_lock = Lock()
