"""Files and rows that lost each other: what a killed process left is cleared, the rest told."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage

from assessments.models import Evidence, EvidenceKind
from assessments.previews import FOLDER

logger = logging.getLogger(__name__)

EVIDENCE_FOLDER = "evidence"
UNFINISHED = timedelta(hours=1)
"""Longer than any upload takes: a file without a row by then will not get one."""
PREVIEWS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Swept:
    """What was found: files removed, rows whose file is missing."""

    removed: int
    missing: int


def sweep_files(*, now: datetime) -> Swept:
    """Remove files that no row names and previews long unseen; report rows without their file."""
    root = Path(default_storage.path(""))
    removed = missing = 0
    # Folder by folder (there are 256): neither all names nor all rows are ever held at once.
    for number in range(256):
        folder = f"{EVIDENCE_FOLDER}/{number:02x}"
        named = dict(
            Evidence.objects.filter(
                kind=EvidenceKind.FILE, file__startswith=f"{folder}/"
            ).values_list("file", "pk")
        )
        for path in _older(root / folder, now - UNFINISHED):
            name = path.relative_to(root).as_posix()
            if name not in named:
                logger.warning("removed %s, which no row names", name)
                path.unlink(missing_ok=True)
                removed += 1
        for name, key in named.items():
            if not (root / name).exists():
                logger.error("Evidence %s has no file on the disk", key)
                missing += 1
    for path in _older(root / FOLDER, now - PREVIEWS_KEPT):
        path.unlink(missing_ok=True)
    return Swept(removed, missing)


def _older(folder: Path, than: datetime) -> Iterator[Path]:
    """Files in a folder that were last written before a moment."""
    for path in folder.rglob("*"):
        try:
            if path.is_file() and path.stat().st_mtime < than.timestamp():
                yield path
        except FileNotFoundError:
            continue
