"""Writing the working calendar."""

from datetime import date
from typing import Any

from wards.models import Holiday
from wards.pack_loader.ledger import Ledger
from wards.pack_schema.sections import PackHoliday, PlaceSections

COLUMNS = {"is_working_day": "worked", "is_confirmed": "confirmed", "document_id": "document"}


def write_holidays(pack: PlaceSections, ledger: Ledger) -> None:
    """Write this section; documents have their rows already."""
    known: dict[date, Holiday] = {}
    if pack.holidays:
        known = {
            row.on: row for row in Holiday.objects.filter(on__in=[e.on for e in pack.holidays])
        }
    for index, entry in enumerate(pack.holidays):
        row = known.get(entry.on)
        stated = _stated(entry)
        if row is None:
            given = {name: value for name, value in stated.items() if value is not None}
            ledger.create(Holiday.objects.create(on=entry.on, **given))
            continue
        ledger.settle(
            row,
            stated,
            ("holidays", index),
            fixed={"is_working_day"} if row.is_confirmed else (),
            because="ngày này đã đối chiếu nên không đổi được mục này",
            keys=COLUMNS,
        )


def _stated(entry: PackHoliday) -> dict[str, Any]:
    return {
        "name": entry.name,
        "document_id": entry.document.written.pk if entry.document else None,
        "is_working_day": entry.worked,
        "is_confirmed": entry.confirmed,
    }
