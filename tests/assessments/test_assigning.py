"""The commander gives criteria to her people; each finds their own."""

from datetime import date

import pytest

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry
from assessments.actions import assigning
from assessments.models import Assessment
from tests import cast
from tests.assessments.station import submit_all, text_of, url
from wards.models import Posting

pytestmark = pytest.mark.django_db


def criteria_of(assessment: Assessment, *codes: str):
    return list(assessment.round.criteria_set.criteria.filter(code__in=codes))


def assigned(assessment: Assessment, code: str):
    return assessment.results.get(criterion__code=code).assigned_to


def test_several_at_once_from_the_task_list(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.commander)
    page = text_of(client.get(url("assessment", assessment)))
    assert "Giao tiêu chí cho cán bộ" in page
    assert 'aria-label="Chọn C03 để giao"' in page
    response = client.post(
        url("assign_criteria", assessment),
        {"criteria": ["C01", "C03"], "person": people.officer.pk},
    )
    assert response["Location"] == url("assessment", assessment)
    assert assigned(assessment, "C01") == assigned(assessment, "C03") == people.officer
    assert assigned(assessment, "C02") is None
    page = text_of(client.get(url("assessment", assessment)))
    assert "Đã giao C01, C03 cho đồng chí Trần Văn Minh." in page
    assert "Giao cho Trần Văn Minh" in page
    entry = AuditEntry.objects.get(event="criterion_assigned")
    assert entry.details == {"criteria": ["C01", "C03"], "to": "Trần Văn Minh"}
    # The officer finds his own by one press.
    response = sign_in(people.officer).get(url("assessment", assessment), {"loc": "cua-toi"})
    shown = [row.criterion.code for group in response.context["groups"] for row in group.rows]
    assert shown == ["C01", "C03"]
    chips = {chip.label: chip.count for chip in response.context["chips"]}
    assert chips["Giao cho tôi"] == 2
    assert "Giao tiêu chí cho cán bộ" not in text_of(response)


def test_one_from_its_own_page_and_taken_back(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.commander)
    fields = {"criteria": "C02", "from": "C02"}
    response = client.post(
        url("assign_criteria", assessment), {**fields, "person": people.officer.pk}
    )
    assert response["Location"] == url("criterion", assessment, "C02")
    page = text_of(sign_in(people.officer).get(url("criterion", assessment, "C02")))
    assert "Giao cho: <strong>Trần Văn Minh</strong>" in page
    sign_in(people.commander).post(
        url("assign_criteria", assessment), {**fields, "person": "khong-giao"}
    )
    assert assigned(assessment, "C02") is None


def test_giving_away_is_no_new_version_and_starts_nothing(
    assessment: Assessment, people: cast.People
) -> None:
    given = criteria_of(assessment, "C01")
    assigning.assign(assessment, given, people.officer, by=people.commander, now=cast.NOW)
    again = assigning.assign(assessment, given, people.officer, by=people.commander, now=cast.NOW)
    assert again == []
    assert assessment.results.get(criterion__code="C01").version == 0
    assessment.refresh_from_db()
    assert assessment.status == "not_started"
    assert AuditEntry.objects.filter(event="criterion_assigned").count() == 1


@pytest.mark.parametrize("who", ["officer", "other_commander", "reviewer"])
def test_only_the_commander_assigns(assessment: Assessment, people: cast.People, who: str) -> None:
    with pytest.raises(NotAllowed):
        assigning.assign(
            assessment,
            criteria_of(assessment, "C01"),
            people.officer,
            by=getattr(people, who),
            now=cast.NOW,
        )
    assert assigned(assessment, "C01") is None


def test_an_officer_pressing_the_commanders_button_is_refused(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = sign_in(people.officer).post(
        url("assign_criteria", assessment), {"criteria": "C01", "person": people.officer.pk}
    )
    assert response.status_code == 403
    assert assigned(assessment, "C01") is None


def test_only_people_posted_there_today(assessment: Assessment, people: cast.People) -> None:
    gone = cast.person("tu", "Lý Văn Tư", "officer", unit=assessment.unit)
    Posting.objects.filter(user=gone).update(ends=date(2023, 11, 9))
    for person in (gone, people.other_commander, people.reviewer):
        with pytest.raises(NotReady):
            assigning.assign(
                assessment,
                criteria_of(assessment, "C01"),
                person,
                by=people.commander,
                now=cast.NOW,
            )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"person": ""}, "Chưa chọn cán bộ"),
        ({"person": "999999"}, "không được phân công ở Công an phường này"),
        ({"person": "khong-giao", "criteria": []}, "Chưa chọn tiêu chí nào"),
        ({"person": "khong-giao", "criteria": ["C99"]}, "Chưa chọn tiêu chí nào"),
    ],
)
def test_what_is_missing_is_said(
    assessment: Assessment, people: cast.People, sign_in, fields, sentence: str
) -> None:
    client = sign_in(people.commander)
    response = client.post(
        url("assign_criteria", assessment), {"criteria": ["C01"], **fields}, follow=True
    )
    assert sentence in text_of(response)
    assert assigned(assessment, "C01") is None


def test_wf_02_nothing_is_given_away_after_submission(
    assessment: Assessment, people: cast.People
) -> None:
    submit_all(assessment, people)
    with pytest.raises(NotReady):
        assigning.assign(
            assessment,
            criteria_of(assessment, "C01"),
            people.officer,
            by=people.commander,
            now=cast.NOW,
        )
