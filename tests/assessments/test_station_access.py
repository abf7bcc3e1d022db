"""AC-01, AC-02, AC-07: every address of the station's pages for own, foreign and missing files."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.actions import evidence
from assessments.models import Answer, Assessment, Attachment, CriterionResult, Submission
from assessments.uploads import check_upload
from tests import cast

PAGES = ("assessment", "criterion", "check", "receipt")
ACTS = ("criterion", "criterion_autosave", "evidence_remove", "submit", "withdraw")
FORM = {"version": 0, "note": "lấn sang", "1a-level": "excellent", "declared": "on"}


@pytest.fixture
def attachment(assessment: Assessment, people: cast.People) -> Attachment:
    """A file of the ward that Lan commands."""
    return evidence.attach_file(
        assessment,
        assessment.round.criteria_set.criteria.get(code="C01"),
        check_upload(cast.upload()),
        by=people.officer,
        now=cast.NOW,
    )


def address(name: str, assessment_pk: uuid.UUID, attachment_pk: uuid.UUID) -> str:
    more: dict[str, list[Any]] = {
        "criterion": ["C01"],
        "criterion_autosave": ["C01"],
        "evidence_remove": [attachment_pk],
    }
    return reverse(name, args=[assessment_pk, *more.get(name, [])])


def state() -> list[Any]:
    """Everything these pages could write."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Assessment, CriterionResult, Answer, Attachment, Submission)
    ]


@pytest.mark.parametrize("who", ["other_commander", "far_reviewer"])
def test_ac_01_foreign_and_missing_files_are_the_same_404(
    assessment: Assessment, attachment: Attachment, people: cast.People, sign_in, who: str
) -> None:
    client = sign_in(getattr(people, who))
    acts = ACTS if who == "other_commander" else ()
    before = state()
    missing = uuid.uuid4()
    for name in PAGES:
        foreign = client.get(address(name, assessment.pk, attachment.pk))
        nowhere = client.get(address(name, missing, attachment.pk))
        assert (foreign.status_code, nowhere.status_code) == (404, 404), name
        assert foreign.content == nowhere.content
    for name in acts:
        assert client.post(address(name, assessment.pk, attachment.pk), FORM).status_code == 404
        assert client.get(address(name, assessment.pk, attachment.pk)).status_code == 404
    assert state() == before


def test_ac_02_mixed_paths_reach_nothing(
    assessment: Assessment,
    other_assessment: Assessment,
    attachment: Attachment,
    people: cast.People,
    sign_in,
) -> None:
    client = sign_in(people.other_commander)
    before = state()
    own_with_foreign = address("evidence_remove", other_assessment.pk, attachment.pk)
    assert client.post(own_with_foreign, FORM).status_code == 404
    assert client.get(own_with_foreign).status_code == 404
    assert (
        client.post(address("evidence_remove", other_assessment.pk, uuid.uuid4())).status_code
        == 404
    )
    assert state() == before


@pytest.mark.parametrize(
    "who",
    ["reviewer", "coordinator", "leader", "ministry_viewer", "rapporteur", "administrator"],
)
def test_ac_07_only_the_station_acts(
    assessment: Assessment, attachment: Attachment, people: cast.People, sign_in, who: str
) -> None:
    client: Client = sign_in(getattr(people, who))
    before = state()
    for name in ACTS:
        response = client.post(address(name, assessment.pk, attachment.pk), FORM)
        assert response.status_code == 403, name
    assert state() == before


@pytest.mark.parametrize("who", ["rapporteur", "administrator"])
def test_others_do_not_read_it(
    assessment: Assessment, attachment: Attachment, people: cast.People, sign_in, who: str
) -> None:
    for name in PAGES:
        response = sign_in(getattr(people, who)).get(address(name, assessment.pk, attachment.pk))
        assert response.status_code == 403


def test_nobody_comes_in_without_signing_in(
    assessment: Assessment, attachment: Attachment, client: Client
) -> None:
    before = state()
    for name in {*PAGES, *ACTS}:
        for response in (
            client.get(address(name, assessment.pk, attachment.pk)),
            client.post(address(name, assessment.pk, attachment.pk), FORM),
        ):
            assert response.status_code == 302
            assert "/dang-nhap/" in response["Location"]
    assert state() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_ac_06_other_methods_do_nothing(
    assessment: Assessment, attachment: Attachment, people: cast.People, sign_in, method: str
) -> None:
    client = sign_in(people.commander)
    before = state()
    for name in {*PAGES, *ACTS}:
        response = getattr(client, method)(address(name, assessment.pk, attachment.pk))
        assert response.status_code == 405
    assert state() == before


def test_someone_of_both_wards_acts_only_where_posted(
    assessment: Assessment,
    other_assessment: Assessment,
    attachment: Attachment,
    people: cast.People,
    places: cast.Places,
    sign_in,
) -> None:
    """A province's reader who also serves at a station does not thereby write for others."""
    both = cast.person("kiem", "Lý Kiêm Nhiệm", cast.Role.OFFICER, unit=places.other_ward)
    cast.Posting.objects.create(
        user=both, role=cast.Role.LEADER, province=places.province, starts=cast.date(2020, 1, 1)
    )
    client = sign_in(both)
    assert client.get(address("assessment", assessment.pk, attachment.pk)).status_code == 200
    before = state()
    for name in ACTS:
        response = client.post(address(name, assessment.pk, attachment.pk), FORM)
        assert response.status_code == 403, name
    assert state() == before
    own = client.post(address("criterion", other_assessment.pk, attachment.pk), FORM)
    assert own.status_code == 302


def test_ac_05_extra_fields_are_ignored(
    assessment: Assessment, attachment: Attachment, people: cast.People, sign_in
) -> None:
    extra = {
        "status": "recognised",
        "submitted_at": "2020-01-01",
        "verified_by": people.officer.pk,
        "outcome": "met",
        "unit": "x",
        "3a-numerator": "1",
        "criterion": "C03",
        "removed_at": "2020-01-01",
    }
    client = sign_in(people.officer)
    client.post(
        f"{address('criterion', assessment.pk, attachment.pk)}?status=verified",
        {"version": 0, "note": "", "1a-level": "good", **extra},
    )
    assessment.refresh_from_db()
    assert assessment.status == "in_progress"
    assert assessment.submitted_at is None
    assert assessment.results.get(criterion__code="C01").outcome == "not_met"
    assert not Answer.objects.exclude(indicator__code="1a").exists()
