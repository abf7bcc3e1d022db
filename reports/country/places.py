"""The map: provinces, units and the units they were before. Pure: nothing is written here."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from reports.country.chance import dice
from reports.country.scale import (
    LARGEST,
    PROVINCES,
    SPECIAL_ZONES,
    UNITS,
    WARDS,
    RoundDays,
    Scale,
)
from wards.models import UnitKind

SYLLABLES = (
    *("An", "Bình", "Châu", "Đông", "Giang", "Hòa", "Khánh", "Long", "Mỹ", "Ninh", "Phú", "Quang"),
    *("Sơn", "Tân", "Thạnh", "Thuận", "Trung", "Vân", "Vĩnh", "Xuân", "Yên", "Lộc", "Hưng", "Tiến"),
)
MARK = "(mẫu)"
CITIES = 6
CITY_WEIGHT = 6.0
"""How much rather a unit of a city is a ward."""
UNITS_PER_MERGER = 300
FIRST_PROVINCE, FIRST_UNIT, FIRST_FORMER = 901, 50001, 60001
"""Above every code in use, so that no real place is meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """One unit."""

    code: str
    name: str
    kind: UnitKind
    valid_from: date | None = None
    valid_to: date | None = None

    def exists_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or self.valid_to >= day)


@dataclass(frozen=True, slots=True)
class Merger:
    """Two units that became one on a day; all by code."""

    on: date
    predecessors: tuple[str, str]
    successor: str


@dataclass(frozen=True, slots=True)
class Region:
    """One province with its units of today and of old."""

    code: str
    name: str
    is_city: bool
    places: tuple[Place, ...]
    mergers: tuple[Merger, ...]


def draw_map(scale: Scale, rounds: tuple[RoundDays, ...]) -> tuple[Region, ...]:
    """The country of a scale: its units of today are as many as asked for, those of old extra."""
    random = dice(scale.seed, "map")
    sizes = _sizes(random, scale)
    kinds = _kinds(random, sizes)
    names = _names(random, scale.provinces)
    code, former = FIRST_UNIT, FIRST_FORMER
    merging = _merging(random, scale)
    regions = []
    for number, size in enumerate(sizes):
        places: list[Place] = []
        mergers: list[Merger] = []
        taken = iter(_names(random, size + 2 * len(merging)))
        for position in range(size):
            place = Place(f"{code:05d}", next(taken), kinds[number][position])
            if code in merging and len(rounds) > 1:
                on = random.choice(rounds[1:]).opened.date() - timedelta(days=60)
                old = tuple(
                    Place(f"{former + one:05d}", next(taken), place.kind, valid_to=_before(on))
                    for one in range(2)
                )
                former += 2
                place = replace(place, valid_from=on)
                places.extend(old)
                mergers.append(Merger(on, (old[0].code, old[1].code), place.code))
            places.append(place)
            code += 1
        regions.append(
            Region(
                code=f"{FIRST_PROVINCE + number}",
                name=names[number],
                is_city=number < CITIES,
                places=tuple(places),
                mergers=tuple(mergers),
            )
        )
    return tuple(regions)


def _sizes(random: Random, scale: Scale) -> list[int]:
    """Units per province; the first is the largest, and none is empty."""
    others = scale.provinces - 1
    wanted = round(scale.units * LARGEST * PROVINCES / (UNITS * scale.provinces))
    largest = scale.units if not others else max(1, min(scale.units - others, wanted))
    weights = [random.uniform(0.6, 1.4) for _ in range(others)]
    spare = scale.units - largest - others
    shares = [int(spare * weight / sum(weights)) for weight in weights]
    for place in range(spare - sum(shares)):
        shares[place % others] += 1
    return [largest, *(1 + share for share in shares)]


def _kinds(random: Random, sizes: list[int]) -> list[list[UnitKind]]:
    slots = [(region, place) for region, size in enumerate(sizes) for place in range(size)]
    weighed = sorted(
        slots,
        key=lambda slot: random.random() ** (1 / (CITY_WEIGHT if slot[0] < CITIES else 1.0)),
        reverse=True,
    )
    wards = round(len(slots) * WARDS / UNITS)
    special = round(len(slots) * SPECIAL_ZONES / UNITS)
    found = [[UnitKind.COMMUNE] * size for size in sizes]
    for order, (region, place) in enumerate(weighed):
        if order < wards:
            found[region][place] = UnitKind.WARD
        elif order < wards + special:
            found[region][place] = UnitKind.SPECIAL
    return found


def _merging(random: Random, scale: Scale) -> frozenset[int]:
    several = max(1, scale.units // UNITS_PER_MERGER)
    return frozenset(random.sample(range(FIRST_UNIT, FIRST_UNIT + scale.units), several))


def _names(random: Random, number: int) -> list[str]:
    size = len(SYLLABLES)
    chosen = random.sample(range(size * size), number)
    return [f"{SYLLABLES[one // size]} {SYLLABLES[one % size]} {MARK}" for one in chosen]


def _before(day: date) -> date:
    return day - timedelta(days=1)
