"""Writing the sections of packs about criteria sets and programmes."""

from datetime import datetime

from criteria.pack_loader.programmes import write_programme
from criteria.pack_loader.sets import write_set
from criteria.pack_schema.known import Catalogue
from criteria.pack_schema.programmes import CriteriaSections
from wards.pack_loader.ledger import Ledger
from wards.pack_schema.known import Places


def write_criteria(
    pack: CriteriaSections,
    places: Places,
    catalogue: Catalogue,
    ledger: Ledger,
    *,
    now: datetime,
) -> None:
    """Write these sections; afterwards everything in `catalogue` has its row."""
    for index, entry in enumerate(pack.criteria_sets):
        write_set(entry, ("criteria_sets", index), catalogue, ledger, now=now)
    for index, programme in enumerate(pack.programmes):
        write_programme(programme, ("programmes", index), places, catalogue, ledger)
