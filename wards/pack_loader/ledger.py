"""What loading a pack did, row by row, and what it refused to do."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model

from wards.pack_schema.problems import Loc, Problem

CHANGES_KEPT = 300
"""Changed values that go into the audit entry; the counts are always complete."""

PACK_KEYS: Mapping[str, str] = {
    "is_confirmed": "confirmed",
    "is_sample": "sample",
    "document_id": "document",
    "agency_id": "agency",
    "province_id": "province",
    "criteria_set_id": "criteria_set",
}
"""Keys of the pack whose columns are called otherwise."""


@dataclass
class Ledger:
    """Counts per kind of row, the old and new values of what changed, and the refusals."""

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    changes: list[dict[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Sentences about what was left as it is although the pack says otherwise."""
    subject: Model | None = None
    """The first row that was written: what the audit entry is about."""
    provinces: set[str] = field(default_factory=set)

    @property
    def has_changes(self) -> bool:
        """Whether anything was written."""
        return bool(self.created or self.updated or self.removed)

    def create(self, row: Model, province: str = "") -> None:
        """Count a new row."""
        self.created[_kind(row)] += 1
        self._touch(row, province)

    def keep(self, row: Model) -> None:
        """Count a row that is as the pack says."""
        self.unchanged[_kind(row)] += 1

    def update(
        self,
        row: Model,
        changes: Mapping[str, tuple[Any, Any]],
        province: str = "",
        *,
        what: str = "",
    ) -> None:
        """Count a changed row (or `what` of it) with the old and new values of its fields."""
        self.updated[what or _kind(row)] += 1
        self._touch(row, province)
        for name, (old, new) in changes.items():
            self._tell({"row": str(row), "field": name, "from": _shown(old), "to": _shown(new)})

    def remove(self, row: Model) -> None:
        """Count a row that the pack no longer names, and delete it."""
        self.removed[_kind(row)] += 1
        self._touch(row, "")
        self._tell({"row": str(row), "field": "", "from": str(row), "to": ""})
        row.delete()

    def refuse(self, loc: Loc, sentence: str) -> None:
        """Note why this file cannot be loaded."""
        self.problems.append(Problem(loc, sentence))

    def settle(
        self,
        row: Any,
        stated: Mapping[str, Any],
        loc: Loc,
        *,
        fixed: Collection[str] = (),
        because: str = "",
        province: str = "",
        keys: Mapping[str, str] = PACK_KEYS,
    ) -> None:
        """Bring a row to what the pack states; differing `fixed` fields are refused instead.

        None is not a statement: what a pack leaves out stays. `keys` are the keys of the pack
        whose columns are called otherwise.
        """
        changes = {
            name: (getattr(row, name), value)
            for name, value in stated.items()
            if value is not None and value != getattr(row, name)
        }
        frozen = [name for name in changes if name in fixed]
        for name in frozen:
            shown = "" if name.endswith("_id") else f' (đã nạp: "{_shown(changes[name][0])}")'
            self.refuse((*loc, keys.get(name, name)), f"{because}{shown}.")
        if frozen or not changes:
            self.keep(row)
            return
        for name, (_, new) in changes.items():
            setattr(row, name, new)
        row.save()
        self.update(row, changes, province)

    def _tell(self, change: dict[str, str]) -> None:
        if len(self.changes) < CHANGES_KEPT:
            self.changes.append(change)

    def _touch(self, row: Model, province: str) -> None:
        if self.subject is None:
            self.subject = row
        if province:
            self.provinces.add(province)


def _kind(row: Model) -> str:
    return str(row._meta.verbose_name)


def _shown(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
