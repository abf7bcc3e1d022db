"""Writing documents, provinces, districts, units, reorganisations and agencies."""

from datetime import date
from typing import Any

from wards.models import (
    Agency,
    District,
    LegalDocument,
    Province,
    Reorganisation,
    Succession,
    Unit,
)
from wards.names import canonical_key
from wards.pack_loader.ledger import Ledger
from wards.pack_schema.known import Bearer, Places
from wards.pack_schema.problems import Loc
from wards.pack_schema.sections import (
    PackAgency,
    PackDated,
    PackDocument,
    PackReorganisation,
    PackUnit,
    PlaceSections,
)

BATCH = 500


def write_places(pack: PlaceSections, places: Places, ledger: Ledger) -> None:
    """Write these sections; afterwards everything in `places` has its row."""
    for index, document in enumerate(pack.documents):
        _write_document(document, ("documents", index), places, ledger)
    spoken: dict[Loc, Bearer[Any]] = {
        **places.provinces.by_loc(),
        **places.districts.by_loc(),
        **places.units.by_loc(),
    }
    for index, province in enumerate(pack.provinces):
        loc: Loc = ("provinces", index)
        _write_dated(province, spoken[loc], Province(kind=province.kind), loc, ledger)
    for index, district in enumerate(pack.districts):
        loc = ("districts", index)
        new = District(kind=district.kind, province=district.province.written)
        _write_dated(district, spoken[loc], new, loc, ledger)
    _write_units(pack.units, spoken, ledger)
    told = _told() if pack.reorganisations else {}
    for index, reorganisation in enumerate(pack.reorganisations):
        _write_reorganisation(reorganisation, ("reorganisations", index), told, ledger)
    for index, agency in enumerate(pack.agencies):
        _write_agency(agency, ("agencies", index), places, ledger)


def _write_document(entry: PackDocument, loc: Loc, places: Places, ledger: Ledger) -> None:
    known = places.documents[entry.code]
    stated: dict[str, Any] = {
        "number": entry.number,
        "issued_on": entry.issued_on,
        "issuer": entry.issuer,
        "title": entry.title,
        "note": entry.note,
        "is_confirmed": entry.confirmed,
        "is_sample": entry.sample,
    }
    if known.row is None:
        given = {name: value for name, value in stated.items() if value is not None}
        known.row = LegalDocument.objects.create(code=entry.code, **given)
        ledger.create(known.row)
        return
    fixed = {"is_sample"}
    if known.row.is_confirmed:
        fixed |= {name for name in ("number", "issued_on") if getattr(known.row, name)}
    ledger.settle(
        known.row,
        stated,
        loc,
        fixed=fixed,
        because=f'văn bản "{entry.code}" đã đối chiếu nên không đổi được mục này',
    )


def _write_dated(entry: PackDated, bearer: Bearer[Any], new: Any, loc: Loc, ledger: Ledger) -> None:
    if bearer.row is None:
        _fill(new, entry)
        new.save()
        bearer.row = new
        ledger.create(new)
    else:
        _settle_dated(entry, bearer, {"kind": new.kind}, loc, ledger)


def _write_units(
    entries: tuple[PackUnit, ...], spoken: dict[Loc, Bearer[Any]], ledger: Ledger
) -> None:
    new: list[Unit] = []
    for index, entry in enumerate(entries):
        loc: Loc = ("units", index)
        bearer = spoken[loc]
        if bearer.row is not None:
            stated = {"kind": entry.kind, "key_area": entry.key_area}
            _settle_dated(entry, bearer, stated, loc, ledger)
            continue
        unit = Unit(
            kind=entry.kind,
            province=entry.province.written,
            district=entry.district.written if entry.district else None,
            key_area=bool(entry.key_area),
        )
        _fill(unit, entry)
        bearer.row = unit
        new.append(unit)
        ledger.create(unit, entry.province.code)
    # Thousands at once: `bulk_create` does not call `save`, so the names were made ready above.
    Unit.objects.bulk_create(new, batch_size=BATCH)


def _fill(row: Any, entry: PackDated) -> None:
    row.code, row.name = entry.code, entry.name
    row.valid_from, row.valid_to = entry.valid_from, entry.valid_to
    row.clean_names()


def _settle_dated(
    entry: PackDated, bearer: Bearer[Any], stated: dict[str, Any], loc: Loc, ledger: Ledger
) -> None:
    """A row is who it is: only its end may be given later, and what kind of area it is."""
    row = bearer.written
    moved = False
    for key, former in (("province", bearer.province), ("district", bearer.district)):
        named = getattr(entry, key, None)
        if named is not None and named.code != former:
            ledger.refuse((*loc, key), f'{_identity(row)} (đã nạp: "{former}").')
            moved = True
    if moved:
        return
    fixed = {"name", "kind"} | ({"valid_to"} if row.valid_to is not None else set())
    # Another spelling of one name is not another name: the one that came first stays.
    name = None if canonical_key(entry.name) == row.canonical_key else entry.name
    ledger.settle(
        row,
        {"name": name, "valid_to": entry.valid_to, **stated},
        loc,
        fixed=fixed,
        because=_identity(row),
        province=bearer.province,
    )


def _identity(row: Any) -> str:
    return (
        f'mã "{row.code}" từ ngày này đã nạp với nội dung khác; không ghi đè, '
        "thay đổi thật là một đơn vị mới (valid_from) kèm sắp xếp"
    )


Told = dict[tuple[date, frozenset[Any]], tuple[Reorganisation, set[Any]]]
"""Reorganisations by their day and what they led to, with the predecessors."""


def _told() -> Told:
    found: Told = {}
    for row in Reorganisation.objects.prefetch_related("successions"):
        links = list(row.successions.all())
        outcome = frozenset(link.successor_id for link in links)
        found[row.on, outcome] = (row, {link.predecessor_id for link in links})
    return found


def _write_reorganisation(entry: PackReorganisation, loc: Loc, told: Told, ledger: Ledger) -> None:
    before = {unit.written.pk for unit in entry.from_}
    after = frozenset(unit.written.pk for unit in entry.into)
    row, known_before = told.get((entry.on, after), (None, set()))
    if row is None:
        row = Reorganisation.objects.create(
            on=entry.on,
            kind=entry.kind,
            document=entry.document.written,
            note=entry.note or "",
        )
        ledger.create(row)
    else:
        if not known_before <= before:
            ledger.refuse(
                (*loc, "from"),
                "lần sắp xếp này đã nạp với đơn vị trước khác; chỉ thêm, không bớt được.",
            )
        stated = {
            "kind": entry.kind,
            "document_id": entry.document.written.pk,
            "note": entry.note,
        }
        ledger.settle(
            row,
            stated,
            loc,
            fixed={"kind", "document_id"},
            because="lần sắp xếp này đã nạp với nội dung khác; không ghi đè",
        )
    added = [
        Succession(reorganisation=row, predecessor_id=old, successor_id=new)
        for old in sorted(before - known_before)
        for new in sorted(after)
    ]
    Succession.objects.bulk_create(added)
    for succession in added:
        ledger.create(succession)


def _write_agency(entry: PackAgency, loc: Loc, places: Places, ledger: Ledger) -> None:
    known = places.agencies[entry.code]
    province = entry.province.written if entry.province else None
    if known.row is None:
        known.row = Agency.objects.create(
            code=entry.code, name=entry.name, province=province, note=entry.note or ""
        )
        ledger.create(known.row, province.code if province else "")
        return
    former = known.row.province
    if former is not None and province is not None and former.code != province.code:
        ledger.refuse((*loc, "province"), f'cơ quan này đã nạp với tỉnh "{former.code}".')
        return
    stated: dict[str, Any] = {"name": entry.name, "note": entry.note}
    if former is None and province is not None:
        stated["province_id"] = province.pk
    ledger.settle(known.row, stated, loc, province=former.code if former else "")
