"""Recognitions of units that became others: which still wait for a person's decision."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from accounts.models import Role, User
from assessments.models import Inheritance, Recognition
from wards.models import Reorganisation, Succession, Unit


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """A recognition in force on the eve, and a successor for which nobody has decided yet."""

    recognition: Recognition
    successor: Unit
    reorganisation: Reorganisation
    """The one in which the recognised unit took part."""


def open_decisions(
    day: date, *, successors: Q, recognised: Collection[uuid.UUID] | None = None
) -> list[OpenDecision]:
    """What is undecided on `day` for units of a condition, after all or some recognised units.

    Whoever succeeded a successor takes its place: a decision is for units that are there. One query
    where nothing was recognised, and one more for each generation.
    """
    recognitions = _of_former_units(day, recognised)
    decided = _decided(recognitions)
    heirs = _heirs({one.unit_id for one in recognitions}, day)
    found = [
        OpenDecision(recognition, unit, reorganisation)
        for recognition in recognitions
        for unit, reorganisation in _undecided(recognition, heirs, decided, day)
    ]
    served = _matching({one.successor.pk for one in found}, successors)
    found = [one for one in found if one.successor.pk in served]
    found.sort(key=lambda one: (one.successor.list_key, one.recognition.unit.list_key))
    return found


def waiting_for(user: User, day: date) -> list[OpenDecision]:
    """What waits for this coordinator: decisions for units of the provinces they serve."""
    provinces = user.scope.provinces_as(Role.COORDINATOR)
    return open_decisions(day, successors=Q(province__in=provinces)) if provinces else []


def is_open(recognition: Recognition, successor: Unit, day: date) -> OpenDecision | None:
    """The open decision about this recognition for this successor, if there is one."""
    waiting = open_decisions(day, successors=Q(pk=successor.pk))
    return next((one for one in waiting if one.recognition.pk == recognition.pk), None)


def around(
    unit: Unit, recognised: Collection[uuid.UUID], user: User, day: date
) -> list[tuple[OpenDecision, bool]]:
    """What is undecided about this unit or for it, each with whether this person decides it.

    `recognised` are the units with a recognition among this one and those it comes from.
    """
    if not recognised:
        return []
    found = open_decisions(day, successors=Q(), recognised=recognised)
    return [
        (one, user.scope.serves(Role.COORDINATOR, one.successor.province_id))
        for one in found
        if unit.pk in {one.successor.pk, one.recognition.unit_id}
    ]


Heirs = dict[uuid.UUID, list[Succession]]


def _of_former_units(day: date, units: Collection[uuid.UUID] | None) -> list[Recognition]:
    """Recognitions that were in force on the eve of a reorganisation of their unit."""
    rows = (
        Recognition.objects.annotate(reformed_on=F("unit__successions__reorganisation__on"))
        .filter(reformed_on__lte=day, decided_on__lt=F("reformed_on"))
        # Revoked or lapsed from the day of the reorganisation on, it was in force on the eve.
        .filter(Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("reformed_on")))
        .filter(Q(lapses_on__isnull=True) | Q(lapses_on__gte=F("reformed_on")))
        .select_related("document", "programme", "unit__district", "unit__province")
        .order_by("pk")
    )
    if units is not None:
        rows = rows.filter(unit__in=units)
    return list({row.pk: row for row in rows}.values())


def _decided(recognitions: Iterable[Recognition]) -> set[tuple[int, uuid.UUID]]:
    known = [one.pk for one in recognitions]
    if not known:
        return set()
    rows = Inheritance.objects.filter(recognition__in=known)
    return set(rows.values_list("recognition_id", "successor_id"))


def _heirs(units: Collection[uuid.UUID], day: date) -> Heirs:
    found: Heirs = defaultdict(list)
    edge = set(units)
    while edge:
        rows = Succession.objects.filter(
            predecessor__in=edge, reorganisation__on__lte=day
        ).select_related("reorganisation__document", "successor__district", "successor__province")
        for row in rows.order_by("pk"):
            found[row.predecessor_id].append(row)
        edge = {row.successor_id for row in rows} - set(found)
    return found


def _undecided(
    recognition: Recognition, heirs: Heirs, decided: set[tuple[int, uuid.UUID]], day: date
) -> Iterable[tuple[Unit, Reorganisation]]:
    seen: set[uuid.UUID] = set()
    waiting = [
        (row.successor, row.reorganisation)
        for row in heirs.get(recognition.unit_id, ())
        if _was_in_force(recognition, row.reorganisation)
    ]
    while waiting:
        unit, reorganisation = waiting.pop()
        if unit.pk in seen or (recognition.pk, unit.pk) in decided:
            continue
        seen.add(unit.pk)
        gone = unit.valid_to is not None and unit.valid_to < day
        if gone:
            waiting += [(row.successor, reorganisation) for row in heirs.get(unit.pk, ())]
        else:
            yield unit, reorganisation


def _was_in_force(recognition: Recognition, reorganisation: Reorganisation) -> bool:
    eve = reorganisation.on - timedelta(days=1)
    return recognition.decided_on <= eve and all(
        end is None or end > eve for end in (recognition.revoked_on, recognition.lapses_on)
    )


def _matching(units: Collection[uuid.UUID], wanted: Q) -> set[uuid.UUID]:
    if not units:
        return set()
    return set(Unit.objects.filter(wanted, pk__in=units).values_list("pk", flat=True))
