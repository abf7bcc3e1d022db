"""What files stand on: provinces, units, reorganisations, the programme and its rounds."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from accounts import audit
from criteria.models import Counting, Measure, Programme, Round, Target, TargetScope
from reports.country.chance import key_of
from reports.country.criteria import SampleSet
from reports.country.places import Region
from reports.country.scale import RoundDays
from wards.models import (
    LegalDocument,
    Province,
    ProvinceKind,
    Reorganisation,
    ReorganisationKind,
    Succession,
    Unit,
    UnitKind,
)

PROGRAMME = "mau-toan-quoc"
NOTE = "Dữ liệu mẫu sinh tự động để đo và chụp màn hình; không phải số liệu thật."
SCOPES = {TargetScope.EACH_PROVINCE: "Mỗi tỉnh, thành phố", TargetScope.ALL: "Toàn quốc"}
FIRST_SHARE, SHARE_EACH_YEAR, MOST_SHARE = 2, 6, 95
"""Percent of the units; about half of the provinces keep up."""


def share_in(days: RoundDays) -> int:
    """What is to be reached by the end of a round's year, in percent."""
    return min(MOST_SHARE, FIRST_SHARE + SHARE_EACH_YEAR * days.place)


def create_document(code: str, number: str, issued_on: date, title: str) -> LegalDocument:
    """A document that says it is a sample."""
    return LegalDocument.objects.create(
        code=code,
        number=number,
        issued_on=issued_on,
        issuer="Bộ Công an (mẫu)",
        title=f"{title} (dữ liệu mẫu)",
        note=NOTE,
        is_sample=True,
    )


def create_places(seed: int, region: Region) -> tuple[Province, list[Unit]]:
    """A province with its units of today and of old, and who became whom."""
    province = Province.objects.create(
        code=region.code,
        name=region.name,
        kind=ProvinceKind.CITY if region.is_city else ProvinceKind.PROVINCE,
    )
    units = []
    for place in region.places:
        unit = Unit(
            id=key_of(seed, "unit", place.code),
            code=place.code,
            name=place.name,
            kind=place.kind,
            province=province,
            valid_from=place.valid_from,
            valid_to=place.valid_to,
            key_area=int(place.code) % 10 == 0,
        )
        unit.clean_names()
        units.append(unit)
    Unit.objects.bulk_create(units)
    _merge(region, {unit.code: unit for unit in units})
    return province, units


def _merge(region: Region, units: Mapping[str, Unit]) -> None:
    for merger in region.mergers:
        document = create_document(
            f"MAU-NQ-{merger.successor}",
            f"{merger.successor}/NQ-MẪU",
            merger.on - timedelta(days=30),
            "Nghị quyết sắp xếp đơn vị hành chính",
        )
        reorganisation = Reorganisation.objects.create(
            on=merger.on, kind=ReorganisationKind.MERGE, document=document, note=NOTE
        )
        Succession.objects.bulk_create(
            Succession(
                reorganisation=reorganisation,
                predecessor=units[code],
                successor=units[merger.successor],
            )
            for code in merger.predecessors
        )


def create_programme(
    document: LegalDocument, criteria_set: SampleSet, rounds: Sequence[RoundDays]
) -> Programme:
    """The programme of all kinds of units: a share for every year, in the country and in each
    province, and then everybody."""
    first, last = rounds[0].year, rounds[-1].year
    programme = Programme.objects.create(
        code=PROGRAMME,
        name="Chương trình mẫu toàn quốc (dữ liệu mẫu)",
        document=document,
        unit_kinds=[UnitKind.WARD, UnitKind.COMMUNE, UnitKind.SPECIAL],
        starts=first,
        ends=last + 4,
        criteria_set=criteria_set.row,
        counts_as_met=Counting.RECOGNISED,
        note=NOTE,
    )
    text = "đạt ít nhất {}% vào năm {} (chỉ tiêu mẫu)."
    targets = [
        Target(
            programme=programme,
            by=date(days.year, 12, 31),
            measure=Measure.PERCENT,
            value=Decimal(share_in(days)),
            scope=scope,
            text=f"{whose} {text.format(share_in(days), days.year)}",
        )
        for scope, whose in SCOPES.items()
        for days in rounds
    ]
    targets.append(
        Target(
            programme=programme,
            by=date(last + 4, 12, 31),
            measure=Measure.PERCENT,
            value=Decimal(100),
            scope=TargetScope.ALL,
            text="Toàn quốc đạt 100% (chỉ tiêu mẫu).",
        )
    )
    for position, target in enumerate(targets, start=1):
        target.position = position
    Target.objects.bulk_create(targets)
    return programme


def create_rounds(
    seed: int,
    programme: Programme,
    rounds: Iterable[RoundDays],
    sets: Mapping[int, SampleSet],
) -> dict[int, Round]:
    """The rounds by year, each with its entry in the audit trail; without files yet."""
    found = {}
    for days in rounds:
        round_ = Round.objects.create(
            id=key_of(seed, "round", days.year),
            programme=programme,
            year=days.year,
            criteria_set=sets[days.size].row,
            window_starts=days.window_starts,
            window_ends=days.window_ends,
            deadline=days.deadline,
            note=NOTE,
            is_sample=True,
            opened_at=days.opened,
        )
        audit.record(
            "round_opened",
            round_,
            by=None,
            now=days.opened,
            details={
                "programme": programme.code,
                "year": days.year,
                "criteria_set": round_.criteria_set.code,
            },
        )
        found[days.year] = round_
    return found
