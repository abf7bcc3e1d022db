"""Writing a plan: one transaction, one audit entry, or nothing at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Model

from accounts import audit
from wards.models import District, LegalDocument, Province, Unit
from wards.unit_list.comparing import Plan
from wards.unit_list.telling import number

BATCH = 500
NAMED = 300
"""Changed units that go into the audit entry; the counts are always complete."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a list comes from: its file, the digest of its bytes, the document that orders it."""

    file: str
    sha256: str
    document: LegalDocument | None = None


@dataclass
class Changes:
    """The part of a plan that is done; what ends something is in it only when asked for."""

    plan: Plan
    provinces: list[Province] = field(default_factory=list)
    districts: list[District] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    replacements: list[tuple[Unit, Unit]] = field(default_factory=list)
    ended: list[tuple[Unit, date]] = field(default_factory=list)
    ended_provinces: list[tuple[Province, date]] = field(default_factory=list)
    key_areas: list[Unit] = field(default_factory=list)
    left: int = 0
    """What the plan holds and is not done."""

    @property
    def rows(self) -> list[Model]:
        """Everything that is written, what is new first."""
        return [
            *self.provinces,
            *self.districts,
            *self.units,
            *(new for _, new in self.replacements),
            *(unit for unit, _ in self.ended),
            *(province for province, _ in self.ended_provinces),
            *self.key_areas,
        ]

    @property
    def line(self) -> str:
        """One line for whoever runs the command."""
        left = f" Để nguyên {number(self.left)} mục cần --end-missing." if self.left else ""
        if not self.rows:
            return f"Không thay đổi gì.{left}"
        counts = "; ".join(f"{number(count)} {what}" for what, count in self.counts.items())
        return f"Đã ghi: {counts}.{left}"

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each sort are written."""
        every = {
            "tỉnh, thành phố mới": len(self.provinces),
            "đơn vị cấp huyện mới": len(self.districts),
            "đơn vị mới": len(self.units),
            "đơn vị thay đơn vị cũ": len(self.replacements),
            "đơn vị kết thúc": len(self.ended),
            "tỉnh, thành phố kết thúc": len(self.ended_provinces),
            "dấu địa bàn trọng điểm": len(self.key_areas),
        }
        return {what: count for what, count in every.items() if count}


def select(plan: Plan, *, end_missing: bool) -> Changes:
    """The part of the plan that is done."""
    on = plan.listed.on
    if end_missing:
        replaced = [
            (old, (new.valid_from or on) - timedelta(days=1))
            for old, new in plan.replaced_provinces
        ]
        return Changes(
            plan,
            provinces=[*plan.new_provinces, *(new for _, new in plan.replaced_provinces)],
            districts=plan.new_districts,
            units=plan.new,
            replacements=plan.replaced,
            ended=plan.ended,
            ended_provinces=[
                *replaced,
                *((province, on - timedelta(days=1)) for province in plan.ended_provinces),
            ],
            key_areas=plan.key_areas,
        )
    waiting = {id(new) for _, new in plan.replaced_provinces}
    units = [unit for unit in plan.new if id(unit.province) not in waiting]
    held = (
        len(plan.new)
        - len(units)
        + len(plan.replaced)
        + len(plan.ended)
        + len(plan.replaced_provinces)
        + len(plan.ended_provinces)
    )
    return Changes(
        plan,
        provinces=plan.new_provinces,
        districts=[one for one in plan.new_districts if id(one.province) not in waiting],
        units=units,
        key_areas=plan.key_areas,
        left=held,
    )


def write(changes: Changes, *, cited: Cited, now: datetime, tell: Tell) -> None:
    """Write it all; must run inside a transaction."""
    for province, last_day in changes.ended_provinces:
        province.valid_to = last_day
        province.save()
    for row in (*changes.provinces, *changes.districts):
        row.save()
    ended = [*changes.ended]
    for old, new in changes.replacements:
        if new.valid_from is not None:
            ended.append((old, new.valid_from - timedelta(days=1)))
    for unit, last_day in ended:
        unit.valid_to = last_day
    Unit.objects.bulk_update([unit for unit, _ in ended], ["valid_to"], batch_size=BATCH)
    Unit.objects.bulk_update(changes.key_areas, ["key_area"], batch_size=BATCH)
    _create([*changes.units, *(new for _, new in changes.replacements)], tell)
    if changes.rows:
        _record(changes, cited=cited, now=now)


def _create(units: Sequence[Unit], tell: Tell) -> None:
    # `bulk_create` does not call `save`; the comparison made the names ready.
    for start in range(0, len(units), BATCH):
        batch = units[start : start + BATCH]
        Unit.objects.bulk_create(batch)
        tell(f"  đang ghi đơn vị: {number(start + len(batch))}/{number(len(units))}")


def _record(changes: Changes, *, cited: Cited, now: datetime) -> None:
    listed = changes.plan.listed
    codes = set(listed.provinces)
    audit.record(
        "units_loaded",
        changes.rows[0],
        by=None,
        now=now,
        # An entry that concerns one province is that province's to read.
        province_code=next(iter(codes)) if len(codes) == 1 else "",
        details={
            "file": cited.file,
            "sha256": cited.sha256,
            "document": cited.document.code if cited.document else "",
            "on": listed.on,
            "counts": changes.counts,
            "replaced": [
                f"{old.code} {old.full_name} → {new.code} {new.full_name}"
                for old, new in changes.replacements[:NAMED]
            ],
            "ended": [f"{unit.code} {unit.full_name}" for unit, _ in changes.ended[:NAMED]],
        },
    )
