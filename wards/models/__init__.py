"""Places, bodies and postings: everything has a day it begins and a day it ends."""

from wards.models.calendar import (
    Holiday,
)
from wards.models.documents import (
    LegalDocument,
)
from wards.models.editions import Edition
from wards.models.people import (
    Agency,
    Posting,
)
from wards.models.places import (
    DISTRICT_SHORT,
    Dated,
    District,
    DistrictKind,
    Province,
    ProvinceKind,
    Unit,
    UnitKind,
)
from wards.models.reorganisations import (
    Reorganisation,
    ReorganisationKind,
    Succession,
)
from wards.models.tokens import (
    ApiToken,
)

__all__ = [
    "DISTRICT_SHORT",
    "Agency",
    "ApiToken",
    "Dated",
    "District",
    "DistrictKind",
    "Edition",
    "Holiday",
    "LegalDocument",
    "Posting",
    "Province",
    "ProvinceKind",
    "Reorganisation",
    "ReorganisationKind",
    "Succession",
    "Unit",
    "UnitKind",
]
