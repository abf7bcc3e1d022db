"""Evidence as pictures: each page drawn once in the sandbox, kept under a name nobody can guess."""

import json
import logging
import os
import tempfile
from pathlib import Path
from threading import BoundedSemaphore

from django.core.files.storage import default_storage
from django.utils.crypto import salted_hmac

from assessments import sandbox
from assessments.inspection.types import JPEG, PDF, PNG
from assessments.models import Evidence, EvidenceKind
from assessments.sandbox import Drawn

logger = logging.getLogger(__name__)

FOLDER = "previews"
DRAWABLE = frozenset({PDF, JPEG, PNG})
MAX_PAGES = 200
"""Pages that can be looked at here; longer documents are downloaded."""
WAIT_SECONDS = 20

NO_FILE = (
    "Không tìm thấy tệp trong kho lưu trữ. Thông tin và mã SHA-256 của tài liệu vẫn còn; "
    "đồng chí báo quản trị hệ thống để khôi phục từ bản sao lưu."
)
NOT_DRAWABLE = "Loại tệp này không xem trước được trong trang; đồng chí tải xuống để xem."
BROKEN = "Không dựng được hình xem trước của tệp này; đồng chí tải xuống để xem."
BUSY = "Máy chủ đang dựng nhiều hình xem trước; đồng chí thử lại sau ít giây."
WAITING = "Tệp đang chờ kiểm tra mã độc, chưa được tính là minh chứng."
INFECTED = (
    "Tệp này đã bị khóa vì phát hiện mã độc sau khi tải lên; tệp không được tính là minh chứng. "
    "Hãy gỡ tài liệu này và tải bản sạch."
)

# Drawing takes a processor for a second; the pages of everybody else come first.
_places = BoundedSemaphore(2)


class NoPreview(Exception):
    """There is nothing to show; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def shut_sentence(evidence: Evidence) -> str:
    """Why evidence is not served to anyone; empty when it is."""
    if evidence.is_usable:
        return ""
    return WAITING if evidence.scan == "waiting" else INFECTED


def is_drawable(evidence: Evidence) -> bool:
    """Whether this kind of file can be looked at in a page."""
    return evidence.kind == EvidenceKind.FILE and evidence.media_type in DRAWABLE


def draw(evidence: Evidence, page: int) -> Drawn:
    """One page (from 1; images have one) as a JPEG, from the store or drawn now.

    Raises:
        NoPreview: waiting for the virus scanner, another kind of file, missing, or broken.
    """
    shut = shut_sentence(evidence)
    if shut:
        raise NoPreview(shut)
    if not is_drawable(evidence):
        raise NoPreview(NOT_DRAWABLE)
    page = min(max(page, 1), MAX_PAGES)
    kept = _place_of(evidence, page)
    try:
        return _read(kept)
    except (OSError, ValueError):
        drawn = _draw(evidence, page)
    try:
        _write(kept, drawn)
    except OSError:
        # A full disk costs the copy, not the picture.
        logger.exception("preview of %s was not kept", evidence.pk)
    return drawn


def _draw(evidence: Evidence, page: int) -> Drawn:
    try:
        with evidence.file.open("rb") as held:
            content = held.read()
    except OSError:
        logger.error("Evidence %s has no file on the disk", evidence.pk)
        raise NoPreview(NO_FILE) from None
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise NoPreview(BUSY)
    try:
        return sandbox.draw(content, evidence.media_type, page)
    except sandbox.SandboxFailed as failure:
        logger.warning("preview of %s failed: %s", evidence.pk, failure)
        raise NoPreview(BROKEN) from None
    finally:
        _places.release()


def _place_of(evidence: Evidence, page: int) -> Path:
    name = salted_hmac("evidence-preview", f"{evidence.pk}:{page}", algorithm="sha256").hexdigest()
    return Path(default_storage.path(f"{FOLDER}/{name[:2]}/{name}"))


def _read(place: Path) -> Drawn:
    head, _, body = place.read_bytes().partition(b"\n")
    return Drawn(body, int(json.loads(head)["pages"]))


def _write(place: Path, drawn: Drawn) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as half:
            half.write(json.dumps({"pages": drawn.pages}).encode() + b"\n" + drawn.content)
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
