"""Who may be chosen for a year, from real rounds, surveys and recognitions."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.actions import registering
from assessments.models import Assessment, Baseline, BaselineFinding, Recognition
from criteria.models import CriteriaSet, Criterion, Group, Indicator, Measure, Programme, Target
from criteria.scale import Outcome
from reports.rollup.picking import Basis
from reports.rollup.shortlist import Shortlist, load_shortlist
from tests import cast
from wards.models import Province, Unit

LATER = cast.DAY + timedelta(days=30)


def shortlist(
    programme: Programme, places: cast.Places, year: int = 2024, as_of: date = cast.DAY
) -> Shortlist:
    return load_shortlist(programme, places.province, year, as_of=as_of)


def recognise(programme: Programme, unit: Unit, on: date = cast.DAY) -> Recognition:
    return Recognition.objects.create(
        programme=programme,
        unit=unit,
        document=programme.document,
        decided_on=on,
        for_year=2023,
        recorded_at=cast.NOW,
    )


def test_wards_stand_by_what_the_round_found_missing(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, places: cast.Places
) -> None:
    programme = assessment.round.programme
    cast.answer_all(assessment, by=people.commander, failing=("C01", "C02"))
    cast.answer_all(other_assessment, by=people.other_commander, failing=("C02",))
    first, second = shortlist(programme, places).candidates
    assert (first.unit, second.unit) == (places.other_ward, places.ward)
    assert (first.met, first.of, first.alone, first.with_others) == (2, 3, 1, 0)
    assert (second.met, second.alone, second.with_others) == (1, 1, 1)
    assert first.label.endswith("kỳ 2023")
    assert first.said_by == "tự đánh giá"
    assert [(one.code, one.owner) for one in second.missing] == [
        ("C02", ""),
        ("C01", "Đảng ủy phường"),
    ]


def test_as_of_an_earlier_day_later_answers_are_not_known(
    assessment: Assessment, people: cast.People, places: cast.Places
) -> None:
    cast.answer_all(assessment, by=people.commander, now=cast.NOW + timedelta(days=3))
    programme = assessment.round.programme
    assert shortlist(programme, places).nothing_known
    found = shortlist(programme, places, as_of=LATER).candidates[0]
    assert (found.unit, found.met, found.unmet) == (places.ward, 3, ())


def test_a_criterion_that_awaits_its_rating_is_still_missing(
    assessment: Assessment, people: cast.People, places: cast.Places
) -> None:
    cast.answer(assessment, "C03", by=people.commander)
    found = shortlist(assessment.round.programme, places).candidates[0]
    assert [(one.code, one.outcome) for one in found.unmet] == [
        ("C01", Outcome.UNANSWERED),
        ("C02", Outcome.UNANSWERED),
    ]


def with_building() -> CriteriaSet:
    """Two criteria with a yes or no each; the first one needs land and a building."""
    found = CriteriaSet.objects.create(code="TC-2", name="Bộ tiêu chí có trụ sở")
    group = Group.objects.create(criteria_set=found, code="1", name="Trụ sở, trực", position=1)
    for position, building in ((1, True), (2, False)):
        criterion = Criterion.objects.create(
            criteria_set=found,
            group=group,
            code=f"C{position:02d}",
            title=f"Tiêu chí {position}",
            needs_building=building,
            position=position,
        )
        Indicator.objects.create(
            criterion=criterion, code=f"{position}a", title="Có", kind="yes_no", position=1
        )
    found.published_at = cast.NOW
    found.save()
    return found


def test_land_and_building_come_from_the_criteria_set(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    programme.criteria_set = with_building()
    programme.save()
    round_ = cast.open_2023(programme)
    for unit, by, failing in (
        (places.ward, people.commander, "C01"),
        (places.other_ward, people.other_commander, "C02"),
    ):
        file = Assessment.objects.with_places().get(round=round_, unit=unit)
        cast.answer_all(file, by=by, failing=(failing,))
    first, second = shortlist(programme, places).candidates
    assert (first.unit, first.needs_building) == (places.other_ward, False)
    assert (second.unit, second.needs_building) == (places.ward, True)


def survey(programme: Programme, unit: Unit, *groups: str) -> None:
    baseline, _ = Baseline.objects.get_or_create(
        programme=programme, on=date(2023, 10, 20), document=programme.document
    )
    for code in groups:
        BaselineFinding.objects.create(
            baseline=baseline,
            unit=unit,
            group=programme.criteria_set.groups.get(code=code),  # type: ignore[union-attr]
        )


def test_without_a_round_the_survey_tells_groups_and_says_so(
    programme: Programme, places: cast.Places
) -> None:
    survey(programme, places.ward, "1", "2")
    survey(programme, places.other_ward, "2")
    found = shortlist(programme, places)
    first, second = found.candidates
    assert found.by_survey
    assert (first.unit, first.basis, len(first.unmet)) == (places.other_ward, Basis.SURVEY, 1)
    assert (second.unit, second.of) == (places.ward, 2)
    assert "khảo sát ngày 20/10/2023" in first.label
    assert shortlist(programme, places, as_of=date(2023, 10, 19)).nothing_known


def test_recognised_units_are_no_candidates_while_it_is_in_force(
    programme: Programme, places: cast.Places
) -> None:
    row = recognise(programme, places.ward)
    found = shortlist(programme, places)
    assert [one.unit for one in found.candidates] == [places.other_ward]
    assert [one.unit for one in found.recognised] == [places.ward]
    before = shortlist(programme, places, as_of=cast.DAY - timedelta(days=1))
    assert len(before.candidates) == 2
    Recognition.objects.filter(pk=row.pk).update(
        revoked_on=LATER, revoking_document=programme.document
    )
    assert len(shortlist(programme, places, as_of=LATER).candidates) == 2


def test_the_years_target_with_what_is_reached(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    recognise(programme, places.ward)
    registering.register_own(
        programme, places.other_ward, 2024, by=people.other_commander, now=cast.NOW
    )
    found = shortlist(programme, places)
    goal = found.goal
    assert goal is not None
    assert (goal.required, goal.achieved, goal.missing) == (2, 1, 1)
    assert goal.text == "thêm 1 đến 31/12/2024 (1578/QĐ-UBND)"
    nobody = found.balance(frozenset())
    # Hùng's ward is on the list by its own word already.
    assert (nobody.meets, nobody.files, nobody.reviewers, nobody.files_each) == (True, 1, 2, 1)
    assert found.candidates[0].registered == ("Tự đăng ký",)
    assert found.balance({places.far_ward.pk}).chosen == frozenset()
    # A year without a target of its own looks at the next one, here at none.
    assert shortlist(programme, places, 2025).goal is None


def test_units_that_the_rule_for_new_ones_asks_for_are_marked(
    programme: Programme, places: cast.Places
) -> None:
    Target.objects.create(programme=programme, measure=Measure.NEW_UNITS, value=1, position=9)
    new = Unit.objects.create(
        code="29300",
        name="Phường Mới",
        kind="ward",
        province=places.province,
        valid_from=date(2024, 1, 1),
    )
    as_of = date(2024, 6, 1)
    by_unit = {one.unit: one for one in shortlist(programme, places, 2025, as_of).candidates}
    assert by_unit[new].due == "Phường thành lập năm 2024: đến hạn năm 2025"
    assert by_unit[places.ward].due == ""
    by_unit = {one.unit: one for one in shortlist(programme, places, 2024, as_of).candidates}
    assert by_unit[new].due == ""


def test_a_national_programme_shows_the_units_of_one_province(
    programme: Programme, places: cast.Places
) -> None:
    programme.roster.clear()
    Programme.objects.filter(pk=programme.pk).update(province=None)
    programme.refresh_from_db()
    Target.objects.create(
        programme=programme,
        by=date(2025, 12, 31),
        measure=Measure.PERCENT,
        value=50,
        scope="each_province",
        position=8,
    )
    here = load_shortlist(programme, places.province, 2025, as_of=cast.DAY)
    there = load_shortlist(programme, places.elsewhere, 2025, as_of=cast.DAY)
    assert [one.unit for one in here.candidates] == [places.ward, places.other_ward]
    assert [one.unit for one in there.candidates] == [places.far_ward]
    assert here.goal is not None
    assert there.goal is not None
    assert (here.goal.required, there.goal.required) == (1, 1)


def many(programme: Programme, province: Province, numbers: range) -> None:
    units = Unit.objects.bulk_create(
        Unit(
            id=uuid.uuid4(),
            code=f"7{number:04d}",
            name=f"Phường số {number}",
            canonical_key=f"phuong so {number}",
            sort_key=f"phuong so {number:04d}",
            search_key=f"phuong so {number}",
            kind="ward",
            province=province,
        )
        for number in numbers
    )
    programme.roster.add(*units)


def queries(programme: Programme, places: cast.Places) -> int:
    with CaptureQueriesContext(connection) as asked:
        load_shortlist(programme, places.province, 2024, as_of=LATER)
    return len(asked)


@pytest.mark.parametrize("with_round", [False, True])
def test_as_many_queries_for_sixty_units_as_for_five(
    programme: Programme, criteria_set: CriteriaSet, places: cast.Places, with_round: bool
) -> None:
    many(programme, places.province, range(3))
    if with_round:
        cast.open_2023(programme)
    few = queries(programme, places)
    many(programme, places.province, range(3, 58))
    if with_round:
        cast.open_2023(programme)
    assert queries(programme, places) == few
