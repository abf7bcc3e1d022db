"""One pack: read, checked whole, written in one transaction, recorded once."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, OperationalError, transaction
from pydantic import ValidationError

from accounts import audit
from assessments.pack_loader.facts import write_facts
from assessments.pack_schema import Pack
from criteria.pack_loader import write_criteria
from criteria.pack_schema.known import Catalogue
from wards.pack_loader.holidays import write_holidays
from wards.pack_loader.ledger import Ledger
from wards.pack_loader.places import write_places
from wards.pack_schema.known import Places
from wards.pack_schema.problems import PackRefused, Problem
from wards.pack_schema.sentences import sentences
from wards.pack_schema.source import MAX_BYTES, Source, read


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a file did, counted by kind of row in the order of writing."""

    file: str
    created: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What was left as it is although the file says otherwise."""

    @property
    def has_changes(self) -> bool:
        """Whether anything was written."""
        return bool(self.created or self.updated or self.removed)

    @property
    def line(self) -> str:
        """One line: what was created, updated, removed and left as it was."""
        kept = sum(self.unchanged.values())
        said = "".join(f" {note}" for note in self.notes)
        if not self.has_changes:
            return f"{self.file}: không thay đổi ({kept} mục).{said}"
        parts = [_counted("tạo mới", self.created), _counted("cập nhật", self.updated)]
        if self.removed:
            parts.append(_counted("bỏ", self.removed))
        return f"{self.file}: {', '.join(parts)}, không đổi {kept}.{said}"


def _counted(verb: str, counts: dict[str, int]) -> str:
    listing = "; ".join(f"{count} {kind}" for kind, count in counts.items())
    return f"{verb} {sum(counts.values())}{f' ({listing})' if listing else ''}"


def load_file(path: str | Path, *, now: datetime) -> Loaded:
    """Load one pack; a file whose facts are all there already writes nothing.

    Raises:
        PackRefused: with every fault of the file; the database is as it was.
    """
    source = _read(path)
    try:
        with transaction.atomic():
            ledger = _write(source, now=now)
            if ledger.problems:
                raise source.refusal(ledger.problems)
            _record(source, ledger, now=now)
    except (IntegrityError, OperationalError) as error:
        # Two loads at once, or tables that are not there yet: the operator has to know which.
        said = " ".join(str(error).split())
        sentence = f"cơ sở dữ liệu từ chối ({said}); chưa nạp gì từ tệp này."
        raise PackRefused(source.file, [Problem((), sentence)]) from error
    return Loaded(
        source.file,
        dict(ledger.created),
        dict(ledger.updated),
        dict(ledger.removed),
        dict(ledger.unchanged),
        tuple(ledger.notes),
    )


def _read(path: str | Path) -> Source:
    try:
        with Path(path).open("rb") as opened:
            # One byte more than allowed is enough to know, whatever kind of file it is.
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        sentence = f"không đọc được tệp ({error.strerror or error})."
        raise PackRefused(str(path), [Problem((), sentence)]) from error
    return read(str(path), content)


def _write(source: Source, *, now: datetime) -> Ledger:
    places, catalogue = Places.load(source.data), Catalogue.load(source.data)
    context = {"places": places, "catalogue": catalogue}
    try:
        pack = Pack.model_validate(source.data, context=context)
    except ValidationError as error:
        problems = [Problem(loc, said) for loc, said in sentences(error, Pack)]
        raise source.refusal(problems) from error
    if source.problems:
        raise source.refusal([])
    if pack.model_fields_set <= {"pack"}:
        raise source.refusal([Problem((), "gói không có phần nội dung nào.")])
    ledger = Ledger()
    write_places(pack, places, ledger)
    write_holidays(pack, ledger)
    write_criteria(pack, places, catalogue, ledger, now=now)
    write_facts(pack, ledger, now=now)
    return ledger


def _record(source: Source, ledger: Ledger, *, now: datetime) -> None:
    if ledger.subject is None:
        return
    audit.record(
        "pack_loaded",
        ledger.subject,
        by=None,
        now=now,
        # An entry that concerns one province is that province's to read.
        province_code=next(iter(ledger.provinces)) if len(ledger.provinces) == 1 else "",
        details={
            "file": Path(source.file).name,
            "sha256": source.sha256,
            "created": dict(ledger.created),
            "updated": dict(ledger.updated),
            "removed": dict(ledger.removed),
            "changes": ledger.changes,
        },
    )
