"""A country of 34 provinces and 3,321 units, made up: no list of real units is kept here."""

import csv
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook

PROVINCES, UNITS = 34, 3321
HEAD = ("Mã tỉnh", "Tên tỉnh", "Mã đơn vị", "Tên đơn vị")
SYLLABLES = ("An", "Bình", "Châu", "Đông", "Giang", "Hòa", "Khánh", "Long", "Mỹ", "Ninh", "Phú")

Line = tuple[str, ...]


def name_of(number: int) -> str:
    """Three syllables, different for every number below 1,331."""
    size = len(SYLLABLES)
    first, rest = divmod(number, size * size)
    return f"{SYLLABLES[first % size]} {SYLLABLES[rest // size]} {SYLLABLES[rest % size]}"


def country(units: int = UNITS) -> list[Line]:
    """Lines under HEAD: 687 wards, 13 special zones, the rest communes, as the country has."""
    lines = []
    for number in range(units):
        province = number % PROVINCES
        kind = "Phường" if number < 687 else "Đặc khu" if number < 700 else "Xã"
        title = "Thành phố" if province < 6 else "Tỉnh"
        lines.append(
            (
                f"{province + 1:02d}",
                f"{title} {SYLLABLES[province % 11]} {SYLLABLES[province // 11]}",
                f"{number + 1:05d}",
                f"{kind} {name_of(number // PROVINCES)}",
            )
        )
    return lines


def as_csv(path: Path, lines: Iterable[Line], head: Line = HEAD, mark: str = ",") -> Path:
    """The list as spreadsheets save it: with a byte order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened, delimiter=mark)
        writer.writerow(head)
        writer.writerows(lines)
    return path


def as_xlsx(path: Path, lines: Iterable[Iterable[object]], head: Line = HEAD) -> Path:
    """The list as a workbook, with a title above the headings as offices like it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    sheet.append(["DANH MỤC ĐƠN VỊ HÀNH CHÍNH"])
    sheet.append([])
    sheet.append(list(head))
    for line in lines:
        sheet.append(list(line))
    book.save(path)
    return path
