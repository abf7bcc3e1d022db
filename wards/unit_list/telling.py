"""What a list changes, in words: printed before anything is done."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from wards.models import Unit, UnitKind
from wards.unit_list.comparing import Plan

SHOWN = 20
"""So many of each kind of change are named; the counts are always complete."""


def number(count: int) -> str:
    """3321 as 3.321."""
    return f"{count:,}".replace(",", ".")


def by_kind(units: Iterable[Unit]) -> str:
    """ "2.621 xã, 687 phường"."""
    counts = Counter(unit.kind for unit in units)
    return ", ".join(f"{number(n)} {UnitKind(kind).label}" for kind, n in counts.most_common())


def preview(plan: Plan, *, end_missing: bool) -> Iterator[str]:
    """The lines of the preview."""
    listed = plan.listed
    yield (
        f"{listed.sheet}: {number(len(listed.units))} đơn vị của {len(listed.provinces)} tỉnh, "
        f"thành phố; danh sách có hiệu lực ngày {listed.on:%d/%m/%Y}."
    )
    yield (
        f"Tỉnh, thành phố: {len(plan.new_provinces)} mới, {plan.unchanged_provinces} đã có, "
        f"{len(plan.replaced_provinces)} cùng mã nhưng khác tên hoặc loại, "
        f"{len(plan.ended_provinces)} kết thúc."
    )
    yield from _named(
        [f"{old.name} → {new.name} (mã {new.code})" for old, new in plan.replaced_provinces]
    )
    yield from _named([f"{one.name} (mã {one.code})" for one in plan.ended_provinces])
    if plan.absent_provinces:
        yield (
            f"Không nằm trong danh sách, để nguyên: {len(plan.absent_provinces)} tỉnh, thành phố "
            "đang có hiệu lực."
        )
        yield from _named([f"{one.name} (mã {one.code})" for one in plan.absent_provinces])
    if plan.new_districts:
        yield f"Đơn vị cấp huyện mới: {len(plan.new_districts)}."
    kinds = f" ({by_kind(plan.new)})" if plan.new else ""
    yield f"Đơn vị mới: {number(len(plan.new))}{kinds}."
    yield from _named([_line(unit) for unit in plan.new])
    yield f"Đơn vị đã có, không đổi: {number(plan.unchanged)}."
    if plan.other_codes:
        yield (
            f"Đơn vị đã có với mã khác mã trong danh sách: {number(len(plan.other_codes))}; để "
            "nguyên, cần đối chiếu văn bản."
        )
        yield from _named(
            [f"{_line(unit)}, danh sách ghi mã {code}" for unit, code in plan.other_codes]
        )
    if plan.key_areas:
        yield f"Đơn vị đổi dấu địa bàn trọng điểm: {number(len(plan.key_areas))}."
        yield from _named([_line(unit) for unit in plan.key_areas])
    yield from _endings(plan, end_missing=end_missing)


def _endings(plan: Plan, *, end_missing: bool) -> Iterator[str]:
    does = "" if end_missing else " – chưa làm, cần --end-missing"
    yield (
        "Đơn vị đã có nhưng danh sách ghi khác tên, loại, tỉnh hoặc mã (thành đơn vị mới, đơn vị "
        f"cũ kết thúc ngày hôm trước): {number(len(plan.replaced))}{does if plan.replaced else ''}."
    )
    yield from _named([f"{_line(old)} → {_line(new)}" for old, new in plan.replaced])
    yield (
        "Đơn vị không còn trong danh sách (kết thúc): "
        f"{number(len(plan.ended))}{does if plan.ended else ''}."
    )
    yield from _named([f"{_line(unit)}, hết ngày {day:%d/%m/%Y}" for unit, day in plan.ended])
    if plan.kept:
        yield (
            f"Không có trong danh sách nhưng để nguyên: {number(len(plan.kept))} đơn vị đã có ngày "
            f"kết thúc, hoặc bắt đầu đúng ngày {plan.listed.on:%d/%m/%Y}."
        )
        yield from _named([_line(unit) for unit in plan.kept])
    if plan.replaced or plan.ended:
        yield (
            "Đơn vị mới và đơn vị kết thúc chưa được nối với nhau: hãy ghi việc sắp xếp đơn vị "
            "(văn bản, đơn vị trước, đơn vị sau) để lịch sử, chỉ tiêu và công nhận đi theo."
        )


def _line(unit: Unit) -> str:
    return f"{unit.code} {unit.full_name} ({unit.province.name})"


def _named(lines: Sequence[str]) -> Iterator[str]:
    for line in lines[:SHOWN]:
        yield f"  {line}"
    if len(lines) > SHOWN:
        yield f"  … và {number(len(lines) - SHOWN)} nữa"
