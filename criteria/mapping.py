"""Whether a mapping between two versions tells of every criterion what became of it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from criteria.models import Relation


@dataclass(frozen=True, slots=True)
class MappingLine:
    """One line by the codes of both sets; empty where there is no such end."""

    former: str
    current: str
    relation: str


def line_fault(line: MappingLine, former: Collection[str], current: Collection[str]) -> str:
    """What is wrong with one line by itself; empty when nothing is."""
    wants_former = line.relation != Relation.NEW
    wants_current = line.relation != Relation.DROPPED
    if wants_former and line.former not in former:
        return f'bộ cũ không có tiêu chí "{line.former}".'
    if wants_current and line.current not in current:
        return f'bộ mới không có tiêu chí "{line.current}".'
    if not wants_former and line.former:
        return f'tiêu chí mới "{line.current}" không có tiêu chí cũ.'
    if not wants_current and line.current:
        return f'tiêu chí bỏ "{line.former}" không có tiêu chí mới.'
    return ""


def mapping_gaps(
    former: Sequence[str], current: Sequence[str], lines: Sequence[MappingLine]
) -> list[str]:
    """Every criterion of both sets that the lines leave open or tell in two ways."""
    of_former = Counter(line.former for line in lines if line.former)
    of_current = Counter(line.current for line in lines if line.current)
    gaps = [
        f"Tiêu chí cũ {code} chưa được đối chiếu (giữ, tách, gộp hay bỏ)."
        for code in former
        if code not in of_former
    ]
    gaps += [
        f"Tiêu chí mới {code} chưa được đối chiếu (giữ, tách, gộp hay mới)."
        for code in current
        if code not in of_current
    ]
    for line in lines:
        many_former, many_current = of_former[line.former] > 1, of_current[line.current] > 1
        if line.relation == Relation.KEPT and (many_former or many_current):
            gaps.append(f"{line.former} → {line.current}: đã giữ nguyên thì không tách, không gộp.")
        elif line.relation == Relation.DROPPED and many_former:
            gaps.append(f"Tiêu chí cũ {line.former} vừa bỏ vừa được nối với tiêu chí mới.")
        elif line.relation == Relation.NEW and many_current:
            gaps.append(f"Tiêu chí mới {line.current} vừa là mới vừa được nối với tiêu chí cũ.")
        elif line.relation == Relation.SPLIT and not many_former:
            gaps.append(f"Tiêu chí cũ {line.former} tách thì phải thành ít nhất hai tiêu chí mới.")
        elif line.relation == Relation.MERGED and not many_current:
            gaps.append(f"Tiêu chí mới {line.current} gộp thì phải từ ít nhất hai tiêu chí cũ.")
    return list(dict.fromkeys(gaps))
