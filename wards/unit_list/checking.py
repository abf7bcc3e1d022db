"""From text to units: every value checked, every fault told with its place."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date

from wards.names import canonical_key, fault_in_name, normalised
from wards.unit_list.faults import Fault
from wards.unit_list.layout import (
    CODE_DIGITS,
    DISTRICT_KINDS,
    HEADINGS,
    PROVINCE_KINDS,
    UNIT_KINDS,
    YES_NO,
    heading_key,
    unit_name,
    without_kind,
)
from wards.unit_list.table import Row, Table

LONGEST_NAME = 110
"""Ten characters are left for the word of the kind."""
FIRST_YEAR, LAST_YEAR = 1900, 2200
LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}")
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")


@dataclass(frozen=True, slots=True)
class ListedProvince:
    """A province as the list has it; no kind where the list does not tell it."""

    line: int
    code: str
    name: str
    kind: str
    starts: date | None


@dataclass(frozen=True, slots=True)
class ListedDistrict:
    """A district of old as the list has it."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit as the list has it."""

    line: int
    code: str
    name: str
    kind: str
    province: str
    district: ListedDistrict | None
    starts: date
    ends: date | None
    key_area: bool | None

    def meets(self, starts: date | None, ends: date | None) -> bool:
        """In force on some day of a period."""
        return (ends is None or self.starts <= ends) and (
            self.ends is None or starts is None or starts <= self.ends
        )


@dataclass
class Listed:
    """What a list says, and what is wrong with it."""

    sheet: str
    on: date
    provinces: dict[str, ListedProvince] = field(default_factory=dict)
    units: list[ListedUnit] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check(table: Table, *, on: date | None) -> Listed:
    """Everything the table says, with every fault; `on` is the day where a row tells none."""
    checker = _Checker(table, on)
    for row in table.rows:
        checker.take(row)
    found = checker.listed
    found.on = on or max((unit.starts for unit in found.units), default=date.min)
    found.faults += table.faults
    _once(found, table.heading("unit_code"), "mã", lambda unit: unit.code)
    _once(found, table.heading("unit_name"), "tên", _place_of)
    return found


def _place_of(unit: ListedUnit) -> Hashable:
    district = unit.district.code if unit.district else ""
    return unit.province, district, unit.kind, canonical_key(unit.name)


def _once(listed: Listed, column: str, what: str, key: Callable[[ListedUnit], Hashable]) -> None:
    """No two units with one key in force on one day."""
    met: dict[Hashable, list[ListedUnit]] = defaultdict(list)
    told = {fault.line for fault in listed.faults}
    for unit in listed.units:
        known = met[key(unit)]
        other = next((one for one in known if one.meets(unit.starts, unit.ends)), None)
        if other is not None and unit.line not in told:
            listed.faults.append(
                Fault(
                    listed.sheet,
                    unit.line,
                    column,
                    f"{what} lặp lại: đã có ở dòng {other.line} ({other.name}, mã {other.code}) "
                    "trong cùng thời gian.",
                )
            )
        known.append(unit)


class _Checker:
    """Reads row after row; what is wrong with one does not hide what is wrong with the next."""

    def __init__(self, table: Table, on: date | None) -> None:
        self.table = table
        self.on = on
        self.listed = Listed(table.sheet, on or date.min)
        self.row = table.rows[0]
        self.sound = True

    def take(self, row: Row) -> None:
        """Read one row."""
        self.row, self.sound = row, True
        province = self._province()
        district = self._district()
        code = self._code("unit_code")
        name, kind = self._named("unit_name", "unit_kind", "unit", UNIT_KINDS)
        if not kind and self.sound:
            self._say(
                "unit_kind" if "unit_kind" in self.table.headings else "unit_name",
                "thiếu loại đơn vị: phường, xã, thị trấn hoặc đặc khu.",
            )
        starts, ends = self._day("valid_from") or self.on, self._day("valid_to")
        if starts is None:
            self._say("valid_from", "thiếu ngày bắt đầu hiệu lực; ghi ở cột này hoặc dùng --on.")
        elif ends is not None and ends < starts:
            self._say("valid_to", f"sớm hơn ngày bắt đầu ({starts:%d/%m/%Y}).")
        elif district is not None and starts > LAST_DAY_OF_DISTRICTS:
            self._say("district_code", "từ 01/07/2025 không còn cấp huyện; để trống ô này.")
        key_area = self._word("key_area", YES_NO, "x, có hoặc không")
        if self.sound and starts is not None:
            unit = ListedUnit(
                row.line,
                code,
                unit_name(name, kind),
                kind,
                province,
                district,
                starts,
                ends,
                key_area,
            )
            self.listed.units.append(unit)

    def _province(self) -> str:
        code = self._code("province_code")
        name, kind = self._named("province_name", "province_kind", "province", PROVINCE_KINDS)
        starts = self._day("province_valid_from")
        known = self.listed.provinces.get(code)
        if known is None:
            if self.sound:
                found = ListedProvince(self.row.line, code, name, kind, starts)
                self.listed.provinces[code] = found
        elif self.sound:
            if canonical_key(known.name) != canonical_key(name):
                self._say("province_name", f'khác dòng {known.line}: mã {code} là "{known.name}".')
            if known.kind != kind:
                self._say("province_kind", f"loại của tỉnh khác với dòng {known.line}.")
            if known.starts != starts:
                self._say("province_valid_from", f"ngày của tỉnh khác với dòng {known.line}.")
        return code

    def _district(self) -> ListedDistrict | None:
        if not self.row["district_code"].strip():
            if self.row["district_name"].strip():
                self._say("district_code", "có tên cấp huyện thì phải có mã.")
            return None
        code = self._code("district_code")
        name, kind = self._named("district_name", "district_kind", "district", DISTRICT_KINDS)
        return ListedDistrict(code, name, kind)

    def _say(self, column: str, sentence: str) -> None:
        self.sound = False
        heading = self.table.headings.get(column, HEADINGS[column])
        self.listed.faults.append(Fault(self.listed.sheet, self.row.line, heading, sentence))

    def _code(self, column: str) -> str:
        code = self.row[column].strip()
        if code.isascii() and code.isdigit():
            code = code.zfill(CODE_DIGITS[column])
        if not code:
            self._say(column, "không được để trống.")
        elif not _CODE.fullmatch(code):
            self._say(column, "mã gồm tối đa 10 chữ cái không dấu, chữ số, dấu . - hoặc _.")
        return code

    def _named(
        self, name_column: str, kind_column: str, of: str, kinds: Mapping[str, str]
    ) -> tuple[str, str]:
        """The bare name and the kind, from the kind's column or the word before the name."""
        written = self.row[name_column].strip()
        fault = fault_in_name(written)
        if not written:
            self._say(name_column, "không được để trống.")
        elif fault:
            self._say(name_column, f"tên {fault}.")
        elif len(written) > LONGEST_NAME:
            self._say(name_column, f"dài quá {LONGEST_NAME} ký tự.")
        name, told = without_kind(of, normalised(written))
        stated = self.row[kind_column].strip()
        if not stated:
            return name, told
        kind = kinds.get(heading_key(stated), "")
        if not kind:
            listing = ", ".join(dict.fromkeys(kinds))
            self._say(kind_column, f'không có loại "{stated[:40]}"; các loại: {listing}.')
        elif told and told != kind:
            self._say(kind_column, f'loại "{stated[:40]}" khác với chữ đứng trước tên.')
        return name, kind

    def _day(self, column: str) -> date | None:
        written = self.row[column].strip()
        if not written:
            return None
        found = _DAY.fullmatch(written)
        try:
            if found:
                day, month, year = map(int, found.groups())
                read = date(year, month, day)
            else:
                read = date.fromisoformat(written[:10] if "T" in written else written)
        except ValueError:
            self._say(column, "không phải một ngày; viết 01/07/2025 hoặc 2025-07-01.")
            return None
        if not FIRST_YEAR <= read.year <= LAST_YEAR:
            self._say(column, f"năm phải trong khoảng {FIRST_YEAR}–{LAST_YEAR}.")
        return read

    def _word(self, column: str, words: Mapping[str, bool], listing: str) -> bool | None:
        written = self.row[column].strip()
        if not written:
            return None
        if heading_key(written) not in words:
            self._say(column, f"chỉ ghi {listing}.")
        return words.get(heading_key(written))
