"""Keeps the derived states of files in step with what they are derived from."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import astuple, dataclass, fields
from datetime import date

from django.db import transaction
from django.db.models import DateField, F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from assessments.deriving.loading import load_facts
from assessments.deriving.states import Draft, State, draft_of, states_of
from assessments.deriving.words import day_sign, letter_of, spliced
from assessments.models import Assessment, FileState

BATCH = 500
KEPT = [field.name for field in fields(State)]
DRAFT = ("draft_outcomes", "draft_days", "draft_changed_on")
"""The columns of a file that hold its `Draft`."""
_changed: ContextVar[set[uuid.UUID] | None] = ContextVar("changed", default=None)


@contextmanager
def in_step() -> Iterator[None]:
    """A transaction at whose end the states of all files that were `touch`ed are derived anew.

    Inside another one, the outermost derives, once.
    """
    if _changed.get() is not None:
        with transaction.atomic():
            yield
        return
    token = _changed.set(set())
    try:
        with transaction.atomic():
            yield
            if pks := _changed.get():
                derive(pks)
    finally:
        _changed.reset(token)


def touch(assessment: Assessment) -> None:
    """Say that a submission, a verdict or the status of a file changes; its row must be held.

    Two who wrote at once without holding it would each derive without the other.

    Raises:
        RuntimeError: nobody is going to derive the states (`in_step`).
    """
    pks = _changed.get()
    if pks is None:
        raise RuntimeError("A file changes outside of in_step().")
    pks.add(assessment.pk)


def answered(place: int, outcome: str, *, opened_on: date, day: date) -> dict[str, Combinable]:
    """What an UPDATE of the file writes when one criterion is answered on a day.

    The same as `derive` would find, without reading the other criteria.
    """
    given = Value(day, output_field=DateField())
    return {
        "draft_outcomes": spliced("draft_outcomes", place, letter_of(outcome)),
        "draft_days": spliced("draft_days", place, day_sign(opened_on, day)),
        "draft_changed_on": Greatest(Coalesce(F("draft_changed_on"), given), given),
    }


@dataclass(frozen=True, slots=True)
class Derived:
    """All that is derived of one file."""

    draft: Draft
    states: tuple[State, ...]


def derive(pks: Collection[uuid.UUID]) -> int:
    """Write what is derived of these files anew where it differs; says how many differed.

    Call inside a transaction.
    """
    wanted, kept = _derived(pks), _kept(pks)
    changed = [pk for pk in wanted if wanted[pk] != kept[pk].derived]
    for pk in changed:
        if wanted[pk].draft != kept[pk].derived.draft:
            draft = dict(zip(DRAFT, astuple(wanted[pk].draft), strict=True))
            Assessment.objects.filter(pk=pk).update(**draft)
    _write_states({pk: (kept[pk], wanted[pk]) for pk in changed})
    return len(changed)


def _write_states(changed: Mapping[uuid.UUID, tuple["Kept", Derived]]) -> None:
    gone = {
        (pk, state.since)
        for pk, (kept, wanted) in changed.items()
        for state in kept.derived.states
        if state.since not in {one.since for one in wanted.states}
    }
    for since in {since for _, since in gone}:
        files = [pk for pk, day in gone if day == since]
        FileState.objects.filter(assessment__in=files, since=since).delete()
    FileState.objects.bulk_create(
        (
            FileState(
                assessment_id=pk,
                round_id=kept.round,
                unit_id=kept.unit,
                **dict(zip(KEPT, astuple(state), strict=True)),
            )
            for pk, (kept, wanted) in changed.items()
            for state in wanted.states
            if state not in kept.derived.states
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["assessment", "since"],
        update_fields=[name for name in KEPT if name != "since"],
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A file about which something else is kept than follows from its rows."""

    assessment: uuid.UUID
    kept: Derived
    derived: Derived


def differences(pks: Iterable[uuid.UUID]) -> Iterator[Difference]:
    """The files whose kept states differ from what is derived now; writes nothing."""
    listed = list(pks)
    for start in range(0, len(listed), BATCH):
        chosen = listed[start : start + BATCH]
        kept = _kept(chosen)
        for pk, wanted in _derived(chosen).items():
            if wanted != kept[pk].derived:
                yield Difference(pk, kept[pk].derived, wanted)


def _derived(pks: Collection[uuid.UUID]) -> dict[uuid.UUID, Derived]:
    return {
        pk: Derived(draft_of(facts), tuple(states_of(facts)))
        for pk, facts in load_facts(pks).items()
    }


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one file, and where it belongs."""

    round: uuid.UUID
    unit: uuid.UUID
    derived: Derived


def _kept(pks: Collection[uuid.UUID]) -> dict[uuid.UUID, Kept]:
    states: dict[uuid.UUID, list[State]] = defaultdict(list)
    rows = FileState.objects.filter(assessment__in=pks).order_by("since")
    for pk, *state in rows.values_list("assessment", *KEPT):
        states[pk].append(State(*state))
    files = Assessment.objects.filter(pk__in=pks).values_list("pk", "round", "unit", *DRAFT)
    return {
        pk: Kept(round_, unit, Derived(Draft(*draft), tuple(states[pk])))
        for pk, round_, unit, *draft in files
    }
