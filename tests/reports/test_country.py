"""The generated country: the same by its seed, sound by the roll-up, and kept out of real data."""

from collections import Counter
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.audit import first_broken
from accounts.models import User
from assessments.models import (
    Answer,
    Assessment,
    CriterionResult,
    Recognition,
    Registration,
    Submission,
    Verdict,
)
from assessments.snapshots import build_snapshot, digest
from assessments.workflow import EDITABLE, Status, find_move
from criteria.models import Programme, Round
from criteria.scale import COUNTS_AS_MET, Outcome
from reports.country.making import MADE_ALREADY, NOT_HERE
from reports.country.places import draw_map
from reports.country.scale import Scale, rounds_of
from reports.country.story import region_stories
from reports.rollup import programme_standings, roadmap_rows, standings
from wards.models import Province, ReorganisationKind, Succession, Unit, UnitKind

TODAY = date(2026, 11, 26)
ARGUMENTS = ("--provinces", "3", "--units", "60", "--years", "5", "--until", TODAY.isoformat())


def generate(*arguments: str, seed: int = 7) -> str:
    out = StringIO()
    call_command("generate_country", *ARGUMENTS, "--seed", str(seed), *arguments, stdout=out)
    return out.getvalue()


def told(seed: int) -> Any:
    scale = Scale(seed=seed, today=TODAY, years=3, provinces=3, units=30)
    rounds = rounds_of(scale)
    return [(region, region_stories(scale, region, rounds)) for region in draw_map(scale, rounds)]


def figures() -> Any:
    programme = Programme.objects.get()
    return (
        [row.as_json() for row in roadmap_rows(programme, as_of=TODAY)],
        [one.as_json() for one in programme_standings(programme, as_of=TODAY)],
        sorted(Submission.objects.values_list("receipt", "sha256", "assessment")),
        sorted(Unit.objects.values_list("pk", "code", "name")),
    )


def test_the_same_seed_is_the_same_story_and_another_seed_is_another() -> None:
    assert told(1) == told(1)
    assert told(1) != told(2)


def test_the_whole_country_has_the_stated_numbers() -> None:
    scale = Scale(seed=1, today=TODAY)
    regions = draw_map(scale, rounds_of(scale))
    now = [[place for place in region.places if place.exists_on(TODAY)] for region in regions]
    kinds = Counter(place.kind for region in now for place in region)
    assert kinds == {UnitKind.COMMUNE: 2621, UnitKind.WARD: 687, UnitKind.SPECIAL: 13}
    assert len(regions) == 34
    assert max(len(region) for region in now) == 168
    assert min(len(region) for region in now) > 30
    codes = [place.code for region in regions for place in region.places]
    assert len(codes) == len(set(codes)) > 3321


def test_every_story_walks_the_life_cycle_in_time() -> None:
    for _, stories in told(3):
        for story in (one for found in stories.values() for one in found):
            moments = [step.at for step in story.steps]
            assert moments == sorted(moments)
            assert all(story.days.opened < moment for moment in moments)
            assert all(moment.date() < TODAY for moment in moments)
            status = Status.NOT_STARTED
            for step in story.steps:
                assert step.source == status
                assert find_move(status, step.target) is not None
                status = step.target
            assert status == story.status


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_figures() -> None:
    found = []
    for seed in (7, 7, 8):
        mark = transaction.savepoint()
        generate("--units", "30", "--years", "3", seed=seed)
        found.append(figures())
        transaction.savepoint_rollback(mark)
    assert found[0] == found[1]
    assert found[0] != found[2]


@pytest.fixture
def country(db: None) -> Programme:
    generate()
    return Programme.objects.get()


def test_rows_agree_with_each_other(country: Programme) -> None:
    assert set(Assessment.objects.values_list("status", flat=True)) == set(Status.values)
    for one in Submission.objects.all():
        outcomes = [entry["outcome"] for entry in one.snapshot["criteria"].values()]
        assert one.of == len(outcomes)
        assert one.met == sum(outcome in COUNTS_AS_MET for outcome in outcomes) <= one.of
        assert one.sha256 == digest(one.snapshot)
    files = Assessment.objects.prefetch_related("submissions")
    for file in files.exclude(status__in=EDITABLE)[:40]:
        latest = list(file.submissions.all())[-1]
        assert latest.snapshot == build_snapshot(file)
        assert latest.number == file.submissions_made
        assert latest.submitted_at == file.submitted_at
    verified = Assessment.objects.filter(status=Status.VERIFIED)
    for file in verified:
        latest = file.submissions.latest("number")
        assert latest.verdicts.count() == latest.of
    open_ones = CriterionResult.objects.filter(outcome=Outcome.UNANSWERED).count()
    assert Answer.objects.count() + open_ones == CriterionResult.objects.count()
    assert Submission.objects.filter(is_late=True).exists()
    assert Verdict.objects.filter(is_carried=True).exists()
    assert first_broken() is None


def test_rounds_pin_the_older_set_first(country: Programme) -> None:
    sizes = [round_.criteria_set.criteria.count() for round_ in Round.objects.order_by("year")]
    assert sizes == [22, 22, 20, 20, 20]
    assert all(Round.objects.values_list("is_sample", flat=True))
    assert all(Recognition.objects.values_list("is_sample", "document__is_sample"))
    assert all(Registration.objects.values_list("is_sample", flat=True))
    assert all("(mẫu)" in name for name in Unit.objects.values_list("name", flat=True))
    assert all("(mẫu)" in name for name in Province.objects.values_list("name", flat=True))


def test_a_merger_leads_from_two_units_to_one(country: Programme) -> None:
    rows = Succession.objects.select_related("reorganisation", "predecessor", "successor")
    assert len(rows) == 2
    for row in rows:
        assert row.reorganisation.kind == ReorganisationKind.MERGE
        assert row.successor.valid_from == row.reorganisation.on
        assert row.predecessor.valid_to < row.reorganisation.on
        assert row.predecessor.assessments.exists()
        assert not set(row.predecessor.assessments.values_list("round")) & set(
            row.successor.assessments.values_list("round")
        )


def test_the_roll_up_adds_up(country: Programme) -> None:
    now = programme_standings(country, as_of=TODAY)
    assert len(now) == Unit.objects.existing_on(TODAY).count() == 60
    per_province = Counter(one.unit.province.code for one in now)
    assert sum(per_province.values()) == 60
    assert len(per_province) == 3
    # In mid-course: some are at every stage.
    assert len({one.status for one in now}) >= 5
    rows = roadmap_rows(country, as_of=TODAY)
    assert len([row for row in rows if row.is_of_province]) == 3 * 5
    provinces = [row for row in rows if row.is_of_province and row.year == TODAY.year]
    whole = next(row for row in rows if not row.is_of_province and row.year == TODAY.year)
    assert len({row.scope_label for row in provinces}) == len(provinces) == 3
    assert sum(row.roster_now for row in provinces) == whole.roster_now == 60
    recognised = sum(one.recognised.met for one in now)
    assert recognised == Recognition.objects.filter(unit__in=[one.unit for one in now]).count() > 0
    assert recognised >= whole.recognised >= sum(row.recognised for row in provinces)
    assert all(row.verified >= row.recognised for row in rows)
    assert all(row.roster_now >= row.recognised for row in rows)


def test_units_improve_over_the_years(country: Programme) -> None:
    shares = []
    for round_ in Round.objects.order_by("year")[:4]:
        found = standings(round_, as_of=TODAY)
        shares.append(
            sum(one.self_assessed.met for one in found) / sum(one.self_assessed.of for one in found)
        )
    assert shares[0] < shares[-1]


def test_its_people_open_the_portal(country: Programme, client: Client) -> None:
    year = Round.objects.latest("year").year
    claimed = Assessment.objects.filter(status=Status.UNDER_REVIEW, round__year=year)
    file = claimed.select_related("unit__province").first()
    assert file is not None
    code, commander = file.unit.province.code, file.unit.postings.get().user
    pages = {
        "mau.bocongan": ["/", reverse("overview", args=[country.code, year])],
        f"mau.{code}.lanhdao": ["/", reverse("unit", args=[file.unit_id])],
        f"mau.{code}.tonghop": ["/", reverse("audit")],
        f"mau.{code}.thamdinh": [
            reverse("review_queue"),
            reverse("review_criterion", args=[file.pk, "M03"]),
        ],
        commander.username: ["/", reverse("assessment", args=[file.pk])],
    }
    for username, addresses in pages.items():
        client.force_login(User.objects.get(username=username))
        for address in addresses:
            assert client.get(address).status_code == 200, (username, address)


def test_a_database_in_use_is_left_alone(programme: Programme, settings: Any) -> None:
    before = Unit.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match="Chưa ghi gì") as refused:
        generate()
    assert str(refused.value) == NOT_HERE
    assert refused.value.returncode == 1
    assert (Unit.objects.count(), User.objects.count()) == before
    settings.DEBUG = True
    generate()
    assert Programme.objects.count() == 2
    with pytest.raises(CommandError) as again:
        generate()
    assert str(again.value) == MADE_ALREADY


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("--years", "0"),
        ("--years", "-3"),
        ("--years", "999"),
        ("--units", "-5"),
        ("--units", "2"),
        ("--units", "9999"),
        ("--provinces", "0"),
        ("--provinces", "35"),
        ("--until", "2026-02-30"),
        ("--until", "0001-01-05"),
    ],
)
def test_figures_that_make_no_country_get_one_line(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        generate(*arguments)
    assert refused.value.returncode == 1
    assert "\n" not in str(refused.value)
    assert not Programme.objects.exists()
    assert not Unit.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("until", ["2024-02-29", "2026-01-03", "2026-03-12"])
def test_the_smallest_country_on_odd_days(until: str) -> None:
    generate("--provinces", "1", "--units", "1", "--years", "1", "--until", until)
    assert Assessment.objects.count() == Unit.objects.count() == 1
