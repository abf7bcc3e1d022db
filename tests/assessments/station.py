"""What the tests of the station's pages have in common."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments.actions import reviewing, submitting
from assessments.models import Assessment
from criteria.models import Round
from tests import cast


def url(name: str, assessment: Assessment, *more: Any) -> str:
    """Address of a page of an assessment."""
    return reverse(name, args=[assessment.pk, *more])


def version(assessment: Assessment, code: str) -> int:
    """The version a freshly opened form of this criterion carries."""
    return assessment.results.get(criterion__code=code).version


def save(client: Client, assessment: Assessment, code: str, **fields: Any) -> Any:
    """Send the form of a criterion; field names of indicators with `__` for the hyphen."""
    data = {
        "version": version(assessment, code),
        "note": "",
        "action": "save",
        **{name.replace("__", "-").lstrip("_"): value for name, value in fields.items()},
    }
    return client.post(url("criterion", assessment, code), data)


def text_of(response: Any) -> str:
    """The page as text with single spaces."""
    return " ".join(response.content.decode().split())


def before_the_deadline(assessment: Assessment, left: timedelta = timedelta(days=5)) -> None:
    """Give the round and the file a deadline from now on; a negative `left` makes it past."""
    deadline = timezone.now() + left
    Round.objects.filter(pk=assessment.round_id).update(deadline=deadline)
    Assessment.objects.filter(pk=assessment.pk).update(due_at=deadline)
    assessment.round.deadline = assessment.due_at = deadline


def submit_all(assessment: Assessment, people: cast.People, *, by: User | None = None) -> None:
    """Answer everything with evidence and hand in: Lan and her officer, or another commander."""
    cast.answer_all(assessment, by=by or people.officer)
    submitting.submit(assessment, by=by or people.commander, now=cast.NOW)


def send_back(assessment: Assessment, people: cast.People, code: str, comment: str) -> None:
    """Hand in, and get one criterion back with these words; the others are accepted."""
    submit_all(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    for criterion in assessment.round.criteria_set.criteria.all():
        asked = criterion.code == code
        reviewing.save_verdict(
            assessment,
            criterion,
            decision="more" if asked else "accept",
            comment=comment if asked else "",
            version=0,
            by=people.reviewer,
            now=cast.NOW,
        )
    reviewing.return_to_station(
        assessment, comment="Bổ sung trước ngày 20/11", by=people.reviewer, now=cast.NOW
    )
