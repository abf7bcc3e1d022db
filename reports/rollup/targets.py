"""The arithmetic of targets: which hold, what level they come to, how a level is restated.

Whole numbers and fractions only: "ít nhất 30%" of 17 is 6, never what a float makes of 5.1.
"""

import math
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db import models

from criteria.models import Measure, TargetScope
from reports.rollup.numbers import number_text


@dataclass(frozen=True, slots=True)
class TargetFact:
    """One target as approved, with the document that says so."""

    measure: Measure
    value: Fraction
    by: date | None
    scope: TargetScope = TargetScope.ALL
    scope_code: str = ""
    units: frozenset[uuid.UUID] = frozenset()
    text: str = ""
    position: int = 0
    revised_on: date | None = None
    decided_on: date | None = None
    document: str = ""
    document_number: str = ""

    @property
    def scope_key(self) -> str:
        """The scope in one word: `all`, `district:851`, `province:84`, `key_area`, `units`."""
        if self.scope == TargetScope.EACH_PROVINCE and self.scope_code:
            return f"province:{self.scope_code}"
        return f"{self.scope}:{self.scope_code}" if self.scope_code else str(self.scope)


class RowState(models.TextChoices):
    """How a target stands."""

    MET = "met", "Đạt"
    MISSED = "missed", "Không đạt"
    ON_TRACK = "on_track", "Đúng tiến độ"
    BEHIND = "behind", "Đang thiếu"
    FUTURE = "future", "Chưa đến hạn"


def holds(by: date, revised_on: date | None, revisions: Iterable[date]) -> bool:
    """Whether a row due `by` is still the one that counts, given the revisions so far.

    A revision replaces what is due on its day or later; what was due before stays as it was. Its
    own rows begin with its day.
    """
    if revised_on is not None and by < revised_on:
        return False
    return not any(on <= by for on in revisions if revised_on is None or on > revised_on)


def restated(required: int, of: int, roster: int) -> int:
    """A level of `of` units as a level of `roster` units: the same share, rounded up."""
    if of == 0:
        return 0
    return min(roster, math.ceil(Fraction(required * roster, of)))


def level_of(target: TargetFact, *, of: int, before: int) -> int:
    """The running level a target comes to among `of` units, `before` being the level so far."""
    if target.measure == Measure.ADDITIONAL:
        level = before + math.ceil(target.value)
    elif target.measure == Measure.LEVEL:
        level = math.ceil(target.value)
    else:
        level = math.ceil(target.value * of / 100)
    return max(0, min(of, level))


def as_approved(target: TargetFact, *, of: int | None) -> str:
    """The target in the words of such documents: "02/11", "thêm 2", "ít nhất 30%", "100%".

    Without `of` a level is told alone: nobody can list the units that it is out of.
    """
    if target.measure == Measure.LEVEL:
        number = math.ceil(target.value)
        level = f"{number:02d}" if number < 10 else number_text(number)
        return level if of is None else f"{level}/{number_text(of)}"
    if target.measure == Measure.ADDITIONAL:
        return f"thêm {number_text(math.ceil(target.value))}"
    if target.measure == Measure.PERCENT:
        percent = f"{decimal_text(target.value)}%"
        return percent if target.value == 100 else f"ít nhất {percent}"
    years = math.ceil(target.value)
    return "năm liền kề năm thành lập" if years == 1 else f"{years} năm sau năm thành lập"


def decimal_text(value: Fraction) -> str:
    """A number of at most two decimals in Vietnamese writing: 30, 33,5."""
    whole, hundredths = divmod(math.floor(value * 100), 100)
    return f"{whole},{hundredths:02d}".rstrip("0").rstrip(",") if hundredths else str(whole)


def state_of(
    *, by: date, as_of: date, is_next: bool, achieved: int, in_sight: int, required: int, of: int
) -> RowState:
    """How a target stands at `as_of`.

    `required` is the level restated on the units of the day that decides: the due day once it is
    past, `as_of` until then. `in_sight` counts units that have reached a lesser kind of "đạt".
    """
    if by < as_of:
        return RowState.MET if achieved >= required else RowState.MISSED
    if of == 0:
        # Nobody to reach the standard yet: neither achieved nor missing.
        return RowState.FUTURE
    if achieved >= required:
        return RowState.MET
    if not is_next:
        return RowState.FUTURE
    return RowState.ON_TRACK if in_sight >= required else RowState.BEHIND
