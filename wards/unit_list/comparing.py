"""What a list would change: found by comparing it with what is in force, before anything is done.

A row that is known is never overwritten. A unit that has another name, kind or place on the list is
another unit from that day on; the old one ends the day before.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from wards.models import Dated, District, Province, Unit
from wards.names import canonical_key
from wards.unit_list.checking import LAST_DAY_OF_DISTRICTS, Listed, ListedProvince, ListedUnit
from wards.unit_list.faults import Fault
from wards.unit_list.layout import HEADINGS, without_kind

Row = TypeVar("Row", bound=Dated)

HANDED_ON = {
    ("15", "Lào Cai"),
    ("24", "Bắc Ninh"),
    ("44", "Quảng Trị"),
    ("52", "Gia Lai"),
    ("80", "Tây Ninh"),
    ("82", "Đồng Tháp"),
    ("91", "An Giang"),
}
"""Provinces that on 1/7/2025 took over the code of another one; the others kept theirs."""
PROVINCES_JOINED = date(2025, 7, 1)


@dataclass
class Plan:
    """What applying a list does. What ends something is done only when asked for."""

    listed: Listed
    faults: list[Fault] = field(default_factory=list)
    new_provinces: list[Province] = field(default_factory=list)
    replaced_provinces: list[tuple[Province, Province]] = field(default_factory=list)
    """Old and new: the same code for another name or kind."""
    ended_provinces: list[Province] = field(default_factory=list)
    absent_provinces: list[Province] = field(default_factory=list)
    """In force, not on the list; they end only when the list is of the whole country."""
    new_districts: list[District] = field(default_factory=list)
    new: list[Unit] = field(default_factory=list)
    replaced: list[tuple[Unit, Unit]] = field(default_factory=list)
    ended: list[tuple[Unit, date]] = field(default_factory=list)
    """Units with their last day."""
    kept: list[Unit] = field(default_factory=list)
    """Not on the list, but of this very day or with a last day already: left as they are."""
    key_areas: list[Unit] = field(default_factory=list)
    """Known units of which the list tells anew whether they are key areas."""
    other_codes: list[tuple[Unit, str]] = field(default_factory=list)
    """Known units to which the list gives a code that nobody else bears: left as they are."""
    unchanged: int = 0
    unchanged_provinces: int = 0


class _Bearers(Generic[Row]):
    """Who bore each code."""

    def __init__(self, rows: Any) -> None:
        self.by_code: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self.by_code[row.code].append(row)

    def on(self, code: str, day: date) -> Row | None:
        """Who bears it on this day."""
        return next((row for row in self.by_code.get(code, ()) if _in_force(row, day)), None)

    def later(self, code: str, day: date, until: date | None) -> Row | None:
        """Who takes the code over after this day, before `until`."""
        for row in self.by_code.get(code, ()):
            begins = row.valid_from is not None and row.valid_from > day
            if begins and (until is None or (row.valid_from or day) <= until):
                return row
        return None


def _in_force(row: Dated, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (
        row.valid_to is None or row.valid_to >= day
    )


def compare(listed: Listed, *, whole_country: bool) -> Plan:
    """The plan of a list against the database as it is."""
    plan = Plan(listed)
    comparison = _Comparison(plan)
    comparison.run()
    _find_missing(plan, comparison.codes, comparison.of_list.values(), whole_country=whole_country)
    return plan


class _Comparison:
    """One pass over the list."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.listed = plan.listed
        self.provinces: _Bearers[Province] = _Bearers(Province.objects.all())
        self.districts: _Bearers[District] = _Bearers(District.objects.select_related("province"))
        self.units: _Bearers[Unit] = _Bearers(Unit.objects.with_places())
        self.of_list: dict[str, Province] = {}
        self.new_districts: dict[str, District] = {}
        self.names: dict[Hashable, Unit] = {}
        self.codes = {
            unit.code
            for unit in self.listed.units
            if unit.ends is None or unit.ends >= self.listed.on
        }
        """Codes that the list knows to be borne from its day on."""
        self.last_day: dict[str, date] = {}
        for unit in self.listed.units:
            self.last_day[unit.province] = max(
                unit.starts, self.last_day.get(unit.province, unit.starts)
            )

    def run(self) -> None:
        """Fill the plan."""
        for province in self.listed.provinces.values():
            self._province(province)
        self.names = {
            self._name_of(unit): unit
            for bearers in self.units.by_code.values()
            for unit in bearers
            if _in_force(unit, self.listed.on)
        }
        for unit in self.listed.units:
            if unit.province in self.of_list:
                self._unit(unit)

    def _say(self, line: int, column: str, sentence: str) -> None:
        fault = Fault(self.listed.sheet, line, HEADINGS[column], sentence)
        self.plan.faults.append(fault)

    def _province(self, told: ListedProvince) -> None:
        # A list of the past speaks of the provinces of its own days.
        day = self.last_day.get(told.code, self.listed.on)
        known = self.provinces.on(told.code, day)
        if known is not None:
            same_name = canonical_key(known.name) == canonical_key(told.name)
            if same_name and told.kind in {"", known.kind}:
                self.of_list[told.code] = known
                self.plan.unchanged_provinces += 1
                return
            if known.valid_from == day:
                said = f'mã {told.code} từ ngày này đã nạp là "{known.name}"; không ghi đè.'
                self._say(told.line, "province_name", said)
                return
        if not told.kind:
            said = f'chưa biết "{told.name}" là tỉnh hay thành phố; thêm cột Loại tỉnh.'
            self._say(told.line, "province_name", said)
            return
        later = self.provinces.later(told.code, day, None)
        if later is not None:
            said = f'mã {told.code} đã là của "{later.name}" từ {later.valid_from:%d/%m/%Y}.'
            self._say(told.line, "province_code", said)
            return
        new = Province(code=told.code, name=told.name, kind=told.kind)
        new.valid_from = told.starts or self._first_day(told, day, known)
        new.clean_names()
        self.of_list[told.code] = new
        if known is None:
            self.plan.new_provinces.append(new)
        else:
            self.plan.replaced_provinces.append((known, new))

    def _first_day(self, told: ListedProvince, day: date, known: Province | None) -> date | None:
        """Since ever, unless another province bore the code before."""
        if known is not None or self.provinces.by_code.get(told.code):
            return day
        handed_on = (told.code, told.name) in HANDED_ON and day >= PROVINCES_JOINED
        return PROVINCES_JOINED if handed_on else None

    def _district(self, told: ListedUnit, province: Province) -> District | None:
        if told.district is None:
            return None
        code = told.district.code
        known = self.districts.on(code, told.starts) or self.new_districts.get(code)
        if known is None:
            if not told.district.kind or not told.district.name:
                said = f"chưa biết cấp huyện mã {code}; ghi đủ tên và loại."
                self._say(told.line, "district_name", said)
                return None
            known = District(
                code=code,
                name=told.district.name,
                kind=told.district.kind,
                province=province,
                valid_to=LAST_DAY_OF_DISTRICTS,
            )
            known.clean_names()
            self.new_districts[code] = known
            self.plan.new_districts.append(known)
        elif (
            told.district.name and canonical_key(known.name) != canonical_key(told.district.name)
        ) or known.province.code != told.province:
            said = f"mã {code} là của {known} (tỉnh {known.province.name})."
            self._say(told.line, "district_code", said)
        return known

    def _unit(self, told: ListedUnit) -> None:
        province = self.of_list[told.province]
        district = self._district(told, province)
        known = self.units.on(told.code, told.starts)
        if known is not None and _is_same(known, told, province):
            self._known(known, told)
            return
        if known is not None and known.valid_from == told.starts:
            said = (
                f"mã {told.code} từ ngày {told.starts:%d/%m/%Y} đã nạp là {known.full_name} "
                f"({known.province.name}); không ghi đè. Thay đổi thật phải có ngày hiệu lực mới."
            )
            self._say(told.line, "unit_code", said)
            return
        later = self.units.later(told.code, told.starts, told.ends)
        if later is not None:
            said = (
                f"mã {told.code} từ {later.valid_from:%d/%m/%Y} đã là của {later.full_name}; "
                "ghi ngày hết hiệu lực sớm hơn ngày đó."
            )
            self._say(told.line, "unit_code", said)
            return
        new = Unit(
            code=told.code,
            name=told.name,
            kind=told.kind,
            province=province,
            district=district,
            valid_from=told.starts,
            valid_to=told.ends,
            key_area=bool(told.key_area),
        )
        new.clean_names()
        namesake = self.names.get(self._name_of(new))
        if namesake is None or not told.meets(namesake.valid_from, namesake.valid_to):
            namesake = None
        elif known is None and self._may_make_room(namesake, told):
            known = namesake
        elif known is None and namesake.code not in self.codes:
            # One unit, two sources that disagree about its code: a person has to look.
            self.plan.other_codes.append((namesake, told.code))
            return
        elif namesake.code != told.code:
            said = (
                f"{namesake.full_name} đang có hiệu lực với mã {namesake.code}; hai đơn vị cùng "
                "tên, cùng loại ở cùng nơi là một. Sửa mã, hoặc kết thúc đơn vị kia trước."
            )
            self._say(told.line, "unit_name", said)
            return
        if known is None:
            self.plan.new.append(new)
        else:
            self.plan.replaced.append((known, new))

    def _may_make_room(self, namesake: Unit, told: ListedUnit) -> bool:
        """Whether a unit of this name gave way to the one of the list, under a new code."""
        return (
            namesake.code not in self.codes
            and namesake.valid_to is None
            and namesake.valid_from != told.starts
        )

    def _known(self, known: Unit, told: ListedUnit) -> None:
        if told.ends is not None and known.valid_to is None:
            self.plan.ended.append((known, told.ends))
        elif told.ends is not None and known.valid_to != told.ends:
            said = f"đã nạp ngày hết hiệu lực {known.valid_to:%d/%m/%Y}; không ghi đè."
            self._say(told.line, "valid_to", said)
        elif told.key_area is not None and told.key_area != known.key_area:
            known.key_area = told.key_area
            self.plan.key_areas.append(known)
        else:
            self.plan.unchanged += 1

    def _name_of(self, unit: Unit) -> Hashable:
        district = unit.district.code if unit.district else ""
        return unit.province.code, district, unit.kind, unit.canonical_key


def _is_same(known: Unit, told: ListedUnit, province: Province) -> bool:
    """The same name in any spelling, the same kind, the same place."""
    district = told.district is None or (
        known.district is not None and known.district.code == told.district.code
    )
    bare, _ = without_kind("unit", told.name)
    return (
        known.canonical_key in {canonical_key(told.name), canonical_key(bare)}
        and known.kind == told.kind
        and known.province_id == province.pk
        and district
    )


def _find_missing(
    plan: Plan, codes: set[str], provinces: Iterable[Province], *, whole_country: bool
) -> None:
    """Units in force that are not on the list, within the provinces it speaks of."""
    on = plan.listed.on
    covered = {province.pk for province in provinces if province.pk}
    replaced = {old.pk for old, _ in plan.replaced_provinces}
    for province in Province.objects.existing_on(on).exclude(pk__in=covered | replaced):
        if whole_country and province.valid_to is None and province.valid_from != on:
            plan.ended_provinces.append(province)
        else:
            plan.absent_provinces.append(province)
    ending = {province.pk for province in plan.ended_provinces}
    settled = {unit.pk for unit, _ in (*plan.replaced, *plan.ended, *plan.other_codes)}
    missing = (
        Unit.objects.existing_on(on).filter(province__in=covered | replaced | ending).with_places()
    )
    for unit in missing:
        if unit.code in codes or unit.pk in settled:
            continue
        if unit.valid_to is not None or unit.valid_from == on:
            plan.kept.append(unit)
        else:
            plan.ended.append((unit, on - timedelta(days=1)))
