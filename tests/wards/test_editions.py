"""Every change of places and programmes leaves a mark; nothing else does."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from assessments.models import Assessment
from criteria.models import Criterion, Programme, Target
from reports.rollup.roadmap import load_plan
from tests import cast
from wards.models import Edition, LegalDocument, Unit
from wards.shelf import Shelf

Change = Callable[[], object]


def changes(programme: Programme, places: cast.Places) -> dict[str, Change]:
    return {
        "a unit, by update": lambda: Unit.objects.filter(pk=places.ward.pk).update(key_area=True),
        "a unit, made": lambda: Unit.objects.bulk_create(
            [Unit(code="77777", name="Phường 77", kind="ward", province=places.province)]
        ),
        "a document": lambda: LegalDocument.objects.update(title="Đính chính"),
        "a programme": lambda: Programme.objects.update(counts_as_met="verified"),
        "its roster": lambda: programme.roster.remove(places.other_ward),
        "a target": lambda: Target.objects.create(
            programme=programme, measure="level", value=1, by=date(2026, 12, 31), position=9
        ),
        "the same in raw SQL": lambda: connection.cursor().execute(
            "UPDATE criteria_target SET value = value + 1"
        ),
        "a target, deleted": lambda: Target.objects.filter(position=9).delete(),
    }


def test_every_change_is_another_edition(programme: Programme, places: cast.Places) -> None:
    seen = [Edition.objects.current()]
    for name, change in changes(programme, places).items():
        change()
        assert Edition.objects.current() not in seen, name
        seen.append(Edition.objects.current())


def test_answers_and_reviews_are_none(assessment: Assessment, people: cast.People) -> None:
    before = Edition.objects.current()
    cast.recognise(assessment, people)
    # The decision that recognises is a document of its own, and that is one.
    assert Edition.objects.current() != before
    before = Edition.objects.current()
    Assessment.objects.update(conclusion="")
    assert Edition.objects.current() == before


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_leaves_no_mark(programme: Programme, places: cast.Places) -> None:
    before = Edition.objects.current()
    with transaction.atomic():
        Unit.objects.update(key_area=True)
        inside = Edition.objects.current()
        assert inside != before
        transaction.set_rollback(True)
    assert Edition.objects.current() == before
    Unit.objects.update(key_area=True)
    assert Edition.objects.current() not in {before, inside}


def test_a_plan_is_read_once_for_an_edition(
    programme: Programme, places: cast.Places, django_assert_num_queries
) -> None:
    first = load_plan(programme)
    with django_assert_num_queries(1):
        assert load_plan(programme) is first
    Unit.objects.filter(pk=places.ward.pk).update(key_area=True)
    again = load_plan(programme)
    assert again is not first
    assert [unit.key_area for unit in again.field.roster if unit.pk == places.ward.pk] == [True]


def test_a_shelf_holds_so_many_and_forgets_the_oldest(places: cast.Places) -> None:
    shelf: Shelf[str] = Shelf(2)
    read: list[str] = []

    def value(key: str) -> str:
        read.append(key)
        return key

    for key in "abab":
        shelf.get(key, 1, lambda key=key: value(key))
    assert read == ["a", "b"]
    shelf.get("c", 1, lambda: value("c"))
    shelf.get("a", 1, lambda: value("a"))
    assert read == ["a", "b", "c", "a"]


def test_a_shelf_keeps_one_edition_of_a_value() -> None:
    shelf: Shelf[str] = Shelf(2)
    assert shelf.get("a", 1, lambda: "first") == "first"
    assert shelf.get("a", 1, lambda: "not read") == "first"
    assert shelf.get("a", 2, lambda: "second") == "second"
    assert shelf.find("a", 1) is None


def test_nothing_is_kept_while_no_mark_tells_an_edition(db: None) -> None:
    Edition.objects.all().delete()
    shelf: Shelf[int] = Shelf(2)
    numbers = iter(range(3))
    edition = Edition.objects.current()
    assert [shelf.get("a", edition, lambda: next(numbers)) for _ in range(3)] == [0, 1, 2]
    assert not Criterion.objects.exists()
