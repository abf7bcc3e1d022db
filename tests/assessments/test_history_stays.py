"""What has a history cannot be deleted, and what was said stays readable (WF-15, WF-16, AU-05)."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments.actions import reviewing
from assessments.models import Assessment
from criteria.models.sets import FrozenSetError
from tests import cast
from tests.assessments.station import submit_all, text_of, url
from tests.house.test_access import checksum


def test_wf_16_nothing_about_a_file_goes_with_something_else() -> None:
    """No relation of this floor cascades, but findings of a baseline go with their baseline."""
    cascading = {
        f"{model.__name__}.{name.name}"
        for model in apps.get_app_config("assessments").get_models()
        for name in model._meta.concrete_fields
        if name.is_relation and name.remote_field.on_delete is not models.PROTECT
    }
    assert cascading == {"BaselineFinding.baseline"}


@pytest.mark.parametrize("what", ["commander", "reviewer", "ward", "criterion", "round", "set"])
def test_wf_16_what_has_a_history_is_not_deleted(
    assessment: Assessment, people: cast.People, what: str
) -> None:
    submit_all(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    things: dict[str, models.Model] = {
        "commander": people.commander,
        "reviewer": people.reviewer,
        "ward": assessment.unit,
        "criterion": assessment.round.criteria_set.criteria.all()[0],
        "round": assessment.round,
        "set": assessment.round.criteria_set,
    }
    with pytest.raises((ProtectedError, FrozenSetError)):
        things[what].delete()
    assert User.objects.filter(pk=people.commander.pk).exists()
    assert Assessment.objects.filter(pk=assessment.pk).exists()


def verdict_shown(client: Client, assessment: Assessment, code: str) -> Any:
    page = client.get(url("assessment", assessment)).context["page"]
    criterion = assessment.round.criteria_set.criteria.get(code=code)
    return page.verdicts.get(criterion.pk)


def test_wf_15_verdicts_are_told_by_sequence_and_not_by_the_clock(
    assessment: Assessment, people: cast.People, sign_in: Any
) -> None:
    """The clock goes back an hour before the return: the verdicts are told all the same."""
    submit_all(assessment, people)
    cast.accept_all(assessment, by=people.reviewer, now=cast.NOW)
    reviewing.save_verdict(
        assessment,
        assessment.round.criteria_set.criteria.get(code="C03"),
        decision="more",
        comment="Thiếu báo cáo quý IV",
        version=1,
        by=people.reviewer,
        now=cast.NOW,
    )
    client = sign_in(people.commander)
    assert verdict_shown(client, assessment, "C03") is None
    earlier = cast.NOW - timedelta(hours=1)
    reviewing.return_to_station(assessment, comment="", by=people.reviewer, now=earlier)
    assert verdict_shown(client, assessment, "C03").comment == "Thiếu báo cáo quý IV"
    assert "Thiếu báo cáo quý IV" in text_of(client.get(url("assessment", assessment)))


def test_what_is_written_anew_after_reopening_is_not_told_yet(
    assessment: Assessment, people: cast.People, sign_in: Any
) -> None:
    submit_all(assessment, people)
    cast.accept_all(assessment, by=people.reviewer)
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    later = cast.NOW + timedelta(days=1)
    reviewing.reopen(assessment, comment="Có quyết định", by=people.coordinator, now=later)
    client = sign_in(people.commander)
    assert verdict_shown(client, assessment, "C03").outcome == "met"
    reviewing.save_verdict(
        assessment,
        assessment.round.criteria_set.criteria.get(code="C03"),
        decision="adjust",
        outcome="not_met",
        comment="Đang viết lại",
        version=1,
        by=people.reviewer,
        now=later,
    )
    assert verdict_shown(client, assessment, "C03") is None
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=later)
    assert verdict_shown(client, assessment, "C03").comment == "Đang viết lại"


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("submit", "commander"),
        ("withdraw", "commander"),
        ("extend_deadline", "coordinator"),
        ("close_round", "coordinator"),
        ("ask_to_unlock", "coordinator"),
        ("confirm_unlock", "leader"),
    ],
)
def test_au_05_a_foreign_form_does_nothing(
    assessment: Assessment, people: cast.People, name: str, who: str
) -> None:
    submit_all(assessment, people)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(getattr(people, who))
    pk = assessment.pk if name in {"submit", "withdraw"} else assessment.round_id
    before = checksum()
    response = browser.post(
        reverse(name, args=[pk]),
        {"declared": "on", "confirmed": "on", "reason": "x", "phieu": str(assessment.pk)},
    )
    assert response.status_code == 403
    assert "Trang đã mở quá lâu hoặc yêu cầu không hợp lệ." in text_of(response)
    assert checksum() == before
