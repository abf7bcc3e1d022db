"""Recognitions of units that became others: which still wait for a person's decision."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from accounts.models import Role, User
from assessments.models import Recognition
from wards.lineage import with_ancestors
from wards.models import Reorganisation, Succession, Unit


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """A recognition in force on the eve, and a successor for which nobody has decided yet."""

    recognition: Recognition
    successor: Unit
    reorganisation: Reorganisation
    """The one in which the recognised unit took part."""


def open_decisions(day: date) -> list[OpenDecision]:
    """Everything that is undecided on `day`.

    Whoever succeeded a successor takes its place: a decision is for units that are there. One query
    where nothing was recognised, and one more for each generation.
    """
    known = _of_former_units(day)
    heirs = _heirs({one.unit_id for one in known.recognitions}, day)
    return _open(known.recognitions, heirs, known.decided, day)


def waiting_for(user: User, day: date) -> list[OpenDecision]:
    """What waits for this coordinator: decisions for units of the provinces they serve."""
    provinces = user.scope.provinces_as(Role.COORDINATOR)
    if not provinces:
        return []
    return [one for one in open_decisions(day) if one.successor.province_id in provinces]


def is_open(recognition: Recognition, successor: Unit, day: date) -> OpenDecision | None:
    """The open decision about this recognition for this successor, if there is one."""
    asked = recognition.pk, successor.pk
    waiting = open_decisions(day)
    return next((one for one in waiting if (one.recognition.pk, one.successor.pk) == asked), None)


@dataclass(frozen=True, slots=True)
class KnownRecognitions:
    """Recognitions, and about which of them it was decided for which successor."""

    recognitions: list[Recognition]
    decided: set[tuple[int, uuid.UUID]]


def recognitions_of_family(unit: Unit, user: User) -> KnownRecognitions:
    """Those this person sees, the latest first, in one query."""
    rows = (
        Recognition.objects.visible_to(user)
        .filter(unit__in=with_ancestors(unit.pk))
        .annotate(decided_for=F("inheritances__successor"))
        .select_related("document", "unit__district", "unit__province")
        .select_related("assessment__round__criteria_set")
        .order_by("-decided_on", "pk")
    )
    return _known(rows)


def _known(rows: Iterable[Recognition]) -> KnownRecognitions:
    """Recognitions that come once for each unit they were decided on for, or once for none."""
    pairs = [(row, getattr(row, "decided_for", None)) for row in rows]
    return KnownRecognitions(
        list({row.pk: row for row, _ in pairs}.values()),
        {(row.pk, unit) for row, unit in pairs if unit is not None},
    )


def around(
    unit: Unit,
    family: KnownRecognitions,
    successions: Iterable[Succession],
    user: User,
    day: date,
) -> list[tuple[OpenDecision, bool]]:
    """What is undecided about this unit or for it, each with whether this person decides it.

    `successions` are those around the unit. Nothing is asked of the database.
    """
    heirs: Heirs = defaultdict(list)
    for row in successions:
        if row.reorganisation.on <= day:
            heirs[row.predecessor_id].append(row)
    found = _open(family.recognitions, heirs, family.decided, day)
    return [
        (one, user.scope.serves(Role.COORDINATOR, one.successor.province_id))
        for one in found
        if unit.pk in {one.successor.pk, one.recognition.unit_id}
    ]


Heirs = dict[uuid.UUID, list[Succession]]


def _open(
    recognitions: Iterable[Recognition],
    heirs: Heirs,
    decided: set[tuple[int, uuid.UUID]],
    day: date,
) -> list[OpenDecision]:
    """What is undecided after these recognitions, in the order of lists."""
    found = [
        OpenDecision(recognition, unit, reorganisation)
        for recognition in recognitions
        for unit, reorganisation in _undecided(recognition, heirs, decided, day)
    ]
    found.sort(key=lambda one: (one.successor.list_key, one.recognition.unit.list_key))
    return found


def _of_former_units(day: date) -> KnownRecognitions:
    """Recognitions that were in force on the eve of a reorganisation of their unit."""
    rows = (
        Recognition.objects.annotate(reformed_on=F("unit__successions__reorganisation__on"))
        .filter(reformed_on__lte=day, decided_on__lt=F("reformed_on"))
        # Revoked or lapsed from the day of the reorganisation on, it was in force on the eve.
        .filter(Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("reformed_on")))
        .filter(Q(lapses_on__isnull=True) | Q(lapses_on__gte=F("reformed_on")))
        .annotate(decided_for=F("inheritances__successor"))
        .select_related("document", "programme", "unit__district", "unit__province")
        .order_by("pk")
    )
    return _known(rows)


def _heirs(units: Collection[uuid.UUID], day: date) -> Heirs:
    found: Heirs = defaultdict(list)
    edge = set(units)
    while edge:
        rows = Succession.objects.filter(
            predecessor__in=edge, reorganisation__on__lte=day
        ).select_related("reorganisation__document", "successor__district", "successor__province")
        successors = []
        for row in rows.order_by("pk"):
            found[row.predecessor_id].append(row)
            successors.append(row.successor)
        # Whoever is still there has no heirs.
        edge = {one.pk for one in successors if _is_gone(one, day)} - set(found)
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
        if _is_gone(unit, day):
            waiting += [(row.successor, reorganisation) for row in heirs.get(unit.pk, ())]
        else:
            yield unit, reorganisation


def _is_gone(unit: Unit, day: date) -> bool:
    return unit.valid_to is not None and unit.valid_to < day


def _was_in_force(recognition: Recognition, reorganisation: Reorganisation) -> bool:
    eve = reorganisation.on - timedelta(days=1)
    return recognition.decided_on <= eve and all(
        end is None or end > eve for end in (recognition.revoked_on, recognition.lapses_on)
    )
