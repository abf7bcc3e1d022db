"""What a commander reads of her unit's place on the lists of this year and the next."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import IntegerField, UUIDField, Value
from django.db.models.functions import Cast

from accounts.models import User
from assessments.models import Registration, RegistrationSource, Selection, SelectionState
from criteria.models import Programme, Round
from wards.lineage import families_of
from wards.models import Unit


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """One unit, one programme, one year: on the list or not, and what may be done."""

    unit: Unit
    programme: Programme
    year: int
    sources: tuple[str, ...]
    is_own: bool
    closed: str

    @property
    def may_register(self) -> bool:
        """Whether the commander may put the unit on the list herself."""
        return not self.is_own and not self.closed

    @property
    def may_withdraw(self) -> bool:
        """Whether the commander may take her own registration back."""
        return self.is_own and not self.closed


def own_registrations(user: User, today: date) -> list[OwnRegistration]:
    """For the units a person commands: this year's and the next year's lists, programme by
    programme; this year's only while it can still change or the unit is on it."""
    units = list(Unit.objects.filter(pk__in=user.scope.commands).with_places())
    years = (today.year, today.year + 1)
    if not units:
        return []
    programmes = list(
        Programme.objects.visible_to(user)
        .filter(starts__lte=years[-1], ends__gte=years[0])
        .select_related("document", "province")
        .order_by("starts", "code")
    )
    families = families_of(units)
    listed = _listed(programmes, {pk for family in families.values() for pk in family})
    taken: dict[tuple[uuid.UUID, int, int], list[str]] = {}
    rows = Registration.objects.filter(
        unit__in=units, programme__in=programmes, year__in=years
    ).order_by("source")
    for row in rows:
        taken.setdefault((row.unit_id, row.programme_id, row.year), []).append(row.source)
    # A round has begun for all provinces of its programme, a list is approved for one of them.
    begun = Round.objects.filter(programme__in=programmes, year__in=years).order_by()
    approved = Selection.objects.filter(
        programme__in=programmes, year__in=years, state=SelectionState.APPROVED
    ).order_by()
    settled: set[tuple[int, int | None, int]] = set(
        approved.values_list("programme", "province", "year").union(
            begun.values_list("programme", Value(None, IntegerField()), "year")
        )
    )
    found = []
    for unit in sorted(units, key=lambda one: one.list_key):
        for programme in programmes:
            for year in years:
                if not _concerns(
                    programme, unit, year, today, listed.get(programme.pk), families[unit.pk]
                ):
                    continue
                province = programme.province_id or unit.province_id
                closed = ""
                if (programme.pk, province, year) in settled:
                    closed = "Danh sách của năm đã được duyệt."
                elif (programme.pk, None, year) in settled:
                    closed = "Kỳ đánh giá của năm đã mở."
                sources = taken.get((unit.pk, programme.pk, year), [])
                if closed and not sources:
                    continue
                found.append(
                    OwnRegistration(
                        unit,
                        programme,
                        year,
                        tuple(str(RegistrationSource(one).label) for one in sources),
                        RegistrationSource.SELF in sources,
                        closed,
                    )
                )
    return found


def _listed(programmes: list[Programme], units: set[uuid.UUID]) -> dict[int, set[uuid.UUID]]:
    """Per programme that names its units, which of these it names: a country names thousands."""
    rows = Programme.roster.through.objects.filter(programme__in=programmes).order_by()
    named = rows.filter(unit__in=units).values_list("programme", "unit")
    # PostgreSQL takes a bare NULL in one half of a union for text.
    naming = rows.values_list("programme", Cast(Value(None), UUIDField()))
    found: dict[int, set[uuid.UUID]] = {}
    for programme, unit in named.union(naming):
        found.setdefault(programme, set()).update([unit] if unit is not None else [])
    return found


def _concerns(
    programme: Programme,
    unit: Unit,
    year: int,
    today: date,
    listed: set[uuid.UUID] | None,
    family: set[uuid.UUID],
) -> bool:
    """Whether the list of that year is one for this unit; the action itself asks in full."""
    day = max(today, date(year, 1, 1))
    if not programme.starts <= year <= programme.ends or unit.kind not in programme.unit_kinds:
        return False
    if (unit.valid_from and unit.valid_from > day) or (unit.valid_to and unit.valid_to < day):
        return False
    if listed is not None and listed & family:
        return True
    here = programme.province_id in (None, unit.province_id)
    approved_on = programme.document.issued_on
    is_new = bool(unit.valid_from and approved_on and unit.valid_from > approved_on)
    return here and (listed is None or is_new)
