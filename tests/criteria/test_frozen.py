"""A published set does not change, whoever asks: models, querysets, SQL by hand."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from criteria.models import (
    Correspondence,
    CriteriaSet,
    Criterion,
    FrozenSetError,
    Group,
    Indicator,
    Relation,
)


def by_hand(statement: str) -> Callable[[CriteriaSet], object]:
    def write(found: CriteriaSet) -> object:
        with connection.cursor() as cursor:
            return cursor.execute(statement, [found.pk])

    return write


def a_new_criterion(found: CriteriaSet) -> Criterion:
    return Criterion(
        criteria_set=found, group=found.groups.all()[0], code="C99", title="Thêm", position=99
    )


def a_line(found: CriteriaSet) -> Correspondence:
    return Correspondence(
        criteria_set=found, current=found.criteria.all()[0], relation=Relation.NEW
    )


RAW: dict[str, Callable[[CriteriaSet], object]] = {
    "rename a group": lambda found: found.groups.update(name="Khác"),
    "take groups away": lambda found: found.groups.all()._raw_delete("default"),
    "reword criteria": lambda found: found.criteria.update(title="Khác"),
    "add a criterion": lambda found: Criterion.objects.bulk_create([a_new_criterion(found)]),
    "reword by bulk": lambda found: Criterion.objects.bulk_update(
        [Criterion(pk=found.criteria.all()[0].pk, title="Khác")], ["title"]
    ),
    "lower a threshold": lambda found: Indicator.objects.filter(
        criterion__criteria_set=found
    ).update(at_least=1),
    "take indicators away": lambda found: Indicator.objects.filter(
        criterion__criteria_set=found
    ).delete(),
    "map it differently": lambda found: Correspondence.objects.bulk_create([a_line(found)]),
    "rename the set": lambda found: CriteriaSet.objects.filter(pk=found.pk).update(name="Khác"),
    "confirm it": lambda found: CriteriaSet.objects.filter(pk=found.pk).update(is_confirmed=True),
    "take back publishing": lambda found: CriteriaSet.objects.filter(pk=found.pk).update(
        published_at=None
    ),
    "reword by hand": by_hand(
        "UPDATE criteria_criterion SET title = 'x' WHERE criteria_set_id = %s"
    ),
    "take indicators away by hand": by_hand(
        "DELETE FROM criteria_indicator WHERE criterion_id IN "
        "(SELECT id FROM criteria_criterion WHERE criteria_set_id = %s)"
    ),
    "draft again by hand": by_hand(
        "UPDATE criteria_criteriaset SET published_at = NULL WHERE id = %s"
    ),
}


@pytest.mark.parametrize("name", RAW)
def test_raw_writes_to_a_published_set_are_refused(name: str, criteria_set: CriteriaSet) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        RAW[name](criteria_set)


def test_the_models_refuse_with_their_own_error(criteria_set: CriteriaSet) -> None:
    criterion = criteria_set.criteria.all()[0]
    for write in (
        criteria_set.save,
        criteria_set.delete,
        criterion.save,
        criterion.delete,
        criteria_set.groups.all()[0].delete,
        criterion.indicators.all()[0].save,
        a_new_criterion(criteria_set).save,
        a_line(criteria_set).save,
    ):
        with pytest.raises(FrozenSetError):
            write()


def test_nothing_moves_into_a_published_set_or_out_of_it(criteria_set: CriteriaSet) -> None:
    draft = CriteriaSet.objects.create(code="NHAP", name="Bản nháp")
    group = Group.objects.create(criteria_set=draft, code="9", name="Nhóm", position=1)
    mine = Criterion.objects.create(
        criteria_set=draft, group=group, code="C09", title="Của bản nháp", position=1
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Criterion.objects.filter(pk=mine.pk).update(criteria_set=criteria_set)
    with pytest.raises(DatabaseError), transaction.atomic():
        criteria_set.criteria.filter(code="C01").update(criteria_set=draft)


def test_a_draft_takes_every_write(criteria_set: CriteriaSet) -> None:
    draft = CriteriaSet.objects.create(code="NHAP", name="Bản nháp")
    group = Group.objects.create(criteria_set=draft, code="9", name="Nhóm", position=1)
    Criterion.objects.bulk_create(
        [Criterion(criteria_set=draft, group=group, code="C09", title="Của bản nháp", position=1)]
    )
    assert draft.criteria.update(title="Khác") == 1
    draft.criteria.all().delete()
    group.delete()
    draft.delete()
    assert list(CriteriaSet.objects.all()) == [criteria_set]


def test_a_published_set_without_a_short_name_may_be_given_one_once(
    criteria_set: CriteriaSet,
) -> None:
    rows = CriteriaSet.objects.filter(pk=criteria_set.pk)
    rows.update(short_name="QĐ 5764")
    for refused in ({"short_name": "QĐ khác"}, {"short_name": ""}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**refused)
    assert rows.get().label == "QĐ 5764"
