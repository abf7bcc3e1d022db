"""Writing programmes.

Until its first round is opened a programme is what the pack says. From then on what was approved
stands: targets change by `revisions`, and nothing that people have worked with disappears.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from criteria.models import Duty, Programme, Target, TargetRevision
from criteria.pack_schema.known import Catalogue
from criteria.pack_schema.programmes import PackProgramme
from criteria.pack_schema.roadmap import MEASURES, PackRevision, PackTarget, concerned
from wards.models import Unit
from wards.pack_loader.ledger import Ledger
from wards.pack_schema.known import Places
from wards.pack_schema.problems import Loc

APPROVED = {"document_id", "starts", "ends", "unit_kinds"}
"""What is fixed once a round is open; the province is looked at by its code."""
SETTLED = "chương trình đã mở kỳ đánh giá nên không đổi được mục này"
BY_REVISION = "chương trình đã mở kỳ đánh giá; thay đổi chỉ tiêu bằng revisions"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A row as the pack wants it."""

    key: dict[str, Any]
    """The columns by which an existing row is known again."""
    values: dict[str, Any]
    """The columns that may differ on a row known again."""
    value_key: str = ""
    """The key under which the pack has `value`."""
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules:
    """What may happen to a list of rows, and the sentence when more is asked."""

    fixed: set[str]
    because: str
    may_grow: bool
    may_shrink: bool


_FREE = _Rules(set(), "", may_grow=True, may_shrink=True)
"""No round is open yet."""


def write_programme(
    entry: PackProgramme, loc: Loc, places: Places, catalogue: Catalogue, ledger: Ledger
) -> None:
    """Create a programme or bring it to what the pack states."""
    known = catalogue.programmes[entry.code]
    province = entry.province.code if entry.province else ""
    stated = _stated(entry)
    if known.row is None:
        given = {name: value for name, value in stated.items() if value is not None}
        place = entry.province.written if entry.province else None
        row = known.row = Programme.objects.create(code=entry.code, province=place, **given)
        ledger.create(row, province)
        is_settled = False
    else:
        row = known.row
        is_settled = row.rounds.exists()
        _settle(row, entry, stated, loc, ledger, is_settled=is_settled)
    _write_roster(row, entry, (*loc, "roster"), ledger, is_settled=is_settled)
    if entry.targets is not None:
        day = entry.document.issued_on or date(entry.starts, 1, 1)
        wanted = [_wanted_target(target, places, day) for target in entry.targets]
        _align_targets(row, None, wanted, (*loc, "targets"), ledger, is_settled=is_settled)
    if entry.duties is not None:
        _align_duties(row, entry, (*loc, "duties"), ledger, is_settled=is_settled)
    for index, revision in enumerate(entry.revisions or ()):
        _write_revision(
            row, entry, revision, (*loc, "revisions", index), places, ledger, is_settled=is_settled
        )


def _stated(entry: PackProgramme) -> dict[str, Any]:
    return {
        "name": entry.name,
        "document_id": entry.document.written.pk,
        "starts": entry.starts,
        "ends": entry.ends,
        "unit_kinds": list(entry.unit_kinds),
        "criteria_set_id": entry.criteria_set.written.pk if entry.criteria_set else None,
        "counts_as_met": entry.counts_as_met,
        "inputs_due": entry.inputs_due,
        "report": entry.report.model_dump(exclude_none=True) if entry.report else None,
        "stated_size": entry.stated_size,
        "stated_size_text": entry.stated_size_text,
        "recognition_years": entry.recognition_years,
        "oversight": entry.oversight,
        "quotations": _quotations(entry),
        "note": entry.note,
    }


def _quotations(entry: PackProgramme) -> list[dict[str, str]] | None:
    if entry.quotations is None:
        return None
    return [one.model_dump() for one in entry.quotations]


def _settle(
    row: Programme,
    entry: PackProgramme,
    stated: dict[str, Any],
    loc: Loc,
    ledger: Ledger,
    *,
    is_settled: bool,
) -> None:
    former = row.province.code if row.province else ""
    if entry.province is not None and entry.province.code != former:
        if is_settled:
            ledger.refuse((*loc, "province"), f'{SETTLED} (đã nạp: "{former}").')
        else:
            stated = {**stated, "province_id": entry.province.written.pk}
    ledger.settle(
        row,
        stated,
        loc,
        fixed=APPROVED if is_settled else (),
        because=SETTLED,
        province=entry.province.code if entry.province else former,
    )


def _write_roster(
    row: Programme, entry: PackProgramme, loc: Loc, ledger: Ledger, *, is_settled: bool
) -> None:
    if entry.roster is None:
        return
    wanted = {unit.written.pk: unit.written for unit in entry.roster}
    former = {unit.pk: unit for unit in row.roster.with_places()}
    if wanted.keys() == former.keys():
        return
    if is_settled:
        ledger.refuse(loc, f"{SETTLED} (đã nạp: {len(former)} đơn vị).")
        return
    row.roster.set(wanted.values())
    if former:
        change = tuple(", ".join(map(str, units.values())) for units in (former, wanted))
        ledger.update(row, {"roster": (change[0], change[1])}, what="danh sách đơn vị")


def _wanted_target(target: PackTarget, places: Places, day: date) -> _Wanted:
    about = concerned(target.scope, places, day)
    return _Wanted(
        {
            "by": target.by,
            "measure": MEASURES[target.key],
            "scope": about.scope,
            "scope_code": about.code,
        },
        {"value": target.value, "text": target.text or ""},
        target.key,
        tuple(unit.written for unit in about.units),
    )


def _write_revision(
    row: Programme,
    entry: PackProgramme,
    revision: PackRevision,
    loc: Loc,
    places: Places,
    ledger: Ledger,
    *,
    is_settled: bool,
) -> None:
    found = row.revisions.filter(on=revision.on).first()
    if found is None:
        found = TargetRevision.objects.create(
            programme=row, on=revision.on, document=revision.document.written
        )
        ledger.create(found)
        is_settled = False  # This revision is new, whatever has happened to the programme.
    else:
        ledger.settle(
            found,
            {"document_id": revision.document.written.pk},
            loc,
            fixed={"document_id"} if is_settled else (),
            because=SETTLED,
        )
    approved_on = entry.document.issued_on or date(entry.starts, 1, 1)
    wanted = [
        _wanted_target(
            target, places, approved_on if target.scope and target.scope.district else revision.on
        )
        for target in revision.targets
    ]
    _align_targets(row, found, wanted, (*loc, "targets"), ledger, is_settled=is_settled)


def _align_targets(
    row: Programme,
    revision: TargetRevision | None,
    wanted: list[_Wanted],
    loc: Loc,
    ledger: Ledger,
    *,
    is_settled: bool,
) -> None:
    def create(position: int, want: _Wanted) -> Target:
        created = Target.objects.create(
            programme=row, revision=revision, position=position, **want.key, **want.values
        )
        created.units.set(want.units)
        return created

    existing = list(row.targets.filter(revision=revision).order_by("position"))
    rules = _Rules({"value"}, BY_REVISION, may_grow=False, may_shrink=False)
    pairs = _align(existing, wanted, loc, ledger, create, rules if is_settled else _FREE)
    for index, target, want in pairs:
        former = {unit.pk for unit in target.units.all()}
        if former == {unit.pk for unit in want.units}:
            continue
        if is_settled:
            ledger.refuse((*loc, index, "scope"), f"{BY_REVISION}.")
            continue
        target.units.set(want.units)
        change = (f"{len(former)} đơn vị", f"{len(want.units)} đơn vị")
        ledger.update(target, {"units": change}, what="phạm vi chỉ tiêu")


def _align_duties(
    row: Programme, entry: PackProgramme, loc: Loc, ledger: Ledger, *, is_settled: bool
) -> None:
    def create(position: int, want: _Wanted) -> Duty:
        return Duty.objects.create(programme=row, position=position, **want.key, **want.values)

    wanted = [
        _Wanted(
            {"agency_id": duty.agency.written.pk, "entry": duty.entry or ""}, {"text": duty.text}
        )
        for duty in entry.duties or ()
    ]
    existing = list(row.duties.select_related("agency").order_by("position"))
    rules = _Rules(set(), SETTLED, may_grow=True, may_shrink=False)
    _align(existing, wanted, loc, ledger, create, rules if is_settled else _FREE)


def _align(
    existing: Sequence[Any],
    wanted: Sequence[_Wanted],
    loc: Loc,
    ledger: Ledger,
    create: Callable[[int, _Wanted], Any],
    rules: _Rules,
) -> list[tuple[int, Any, _Wanted]]:
    """Bring a list of rows to the list of the pack; the rows known again, with their places."""
    left = list(existing)
    known: list[tuple[int, Any, _Wanted]] = []
    for index, want in enumerate(wanted):
        place = (*loc, index)
        row = next((one for one in left if _is(one, want)), None)
        if row is not None:
            left.remove(row)
            known.append((index, row, want))
            ledger.settle(
                row,
                {**want.values, "position": index + 1},
                place,
                fixed=rules.fixed,
                because=rules.because,
                keys={"value": want.value_key},
            )
        elif rules.may_grow:
            ledger.create(create(index + 1, want))
        else:
            ledger.refuse(place, f"{rules.because}.")
    if left and not rules.may_shrink:
        ledger.refuse(loc, f"{rules.because}: thiếu {len(left)} mục đã nạp.")
        return known
    for row in left:
        ledger.remove(row)
    return known


def _is(row: Any, want: _Wanted) -> bool:
    return all(getattr(row, name) == value for name, value in want.key.items())
