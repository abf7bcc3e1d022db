"""Who may be told of a file, and the words that every notice about one uses."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from accounts.models import Role, User
from assessments.models import Assessment, Verdict
from wards.models import Posting, Province, Unit
from wards.querysets import PostingQuerySet

REASON_LENGTH = 600


def people_at(unit: Unit, *roles: Role, day: date) -> list[User]:
    """Who serves at this unit's station in one of these roles on this day."""
    return _serving(Posting.objects.active_on(day).filter(unit=unit, role__in=roles))


def people_of(province: Province, *roles: Role, day: date) -> list[User]:
    """Who serves in this province in one of these roles on this day."""
    return _serving(Posting.objects.active_on(day).filter(province=province, role__in=roles))


def _serving(postings: PostingQuerySet) -> list[User]:
    found = postings.select_related("user").order_by("pk")
    return list({posting.user_id: posting.user for posting in found}.values())


def commanders(assessment: Assessment, now: datetime) -> list[User]:
    """Who commands the station of this file."""
    return people_at(assessment.unit, Role.COMMANDER, day=timezone.localdate(now))


def coordinators(assessment: Assessment, now: datetime) -> list[User]:
    """The coordinators of the province."""
    province = assessment.unit.province
    return people_of(province, Role.COORDINATOR, day=timezone.localdate(now))


def reviewers(assessment: Assessment, now: datetime) -> list[User]:
    """The reviewers of the province."""
    return people_of(assessment.unit.province, Role.REVIEWER, day=timezone.localdate(now))


def in_charge(assessment: Assessment, reviewers: list[User]) -> list[User]:
    """The one who has the file, while still a reviewer of the province; else nobody."""
    return [one for one in reviewers if one.pk == assessment.reviewer_id]


def others(people: Iterable[User], actor_id: int) -> list[User]:
    """Everyone but the one who did it."""
    return [one for one in people if one.pk != actor_id]


def name_of(assessment: Assessment) -> str:
    """The unit, as a subject begins."""
    return assessment.unit.heading_name


def file_of(assessment: Assessment) -> str:
    """The file in a few words."""
    return f"phiếu năm {assessment.round.year}"


def reasons(verdicts: Iterable[Verdict]) -> str:
    """Each criterion with what the reviewer wrote at it, one per line."""
    return "\n".join(
        f"- {verdict.criterion.code} {verdict.criterion.title}: {short(verdict.comment)}"
        for verdict in verdicts
    )


def short(text: str) -> str:
    """A text in one paragraph; very long ones are cut, the portal has the whole."""
    words = " ".join(text.split())
    return words if len(words) <= REASON_LENGTH else f"{words[:REASON_LENGTH]}… (còn tiếp)"


def codes(verdicts: Iterable[Verdict]) -> str:
    """The codes of the criteria in one line."""
    return ", ".join(verdict.criterion.code for verdict in verdicts)


def paragraphs(*parts: str) -> str:
    """What there is to say, with air between."""
    return "\n\n".join(part for part in parts if part)
