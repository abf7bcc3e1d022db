"""A concluded file with one verdict to contest, for every test of the second look."""

from datetime import datetime, timedelta

from assessments.actions import appealing, reviewing, submitting
from assessments.models import Appeal, Assessment, Verdict
from criteria.models import Criterion
from tests import cast

FIRST_WORDS = "Số liệu tin báo chưa khớp với sổ theo dõi"
CONTEST = "Sổ theo dõi có đủ 10 tin, đề nghị xem lại trang 4"


def criterion_of(assessment: Assessment, code: str = "C03") -> Criterion:
    """A criterion of the file's set."""
    found: Criterion = assessment.round.criteria_set.criteria.get(code=code)
    return found


def conclude(
    assessment: Assessment,
    people: cast.People,
    *,
    now: datetime = cast.NOW,
    adjusted: str = "C03",
) -> Assessment:
    """Lan hands in everything as met; Thảo adjusts one criterion to not met and concludes."""
    cast.answer_all(assessment, by=people.commander, now=now)
    submitting.submit(assessment, by=people.commander, now=now)
    reviewing.claim(assessment, by=people.reviewer, now=now)
    for criterion in assessment.round.criteria_set.criteria.all():
        differs = criterion.code == adjusted
        reviewing.save_verdict(
            assessment,
            criterion,
            decision="adjust" if differs else "accept",
            outcome="not_met" if differs else "",
            comment=FIRST_WORDS if differs else "",
            version=0,
            by=people.reviewer,
            now=now,
        )
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=now)
    return assessment


def contest(
    assessment: Assessment,
    people: cast.People,
    *,
    code: str = "C03",
    text: str = CONTEST,
    now: datetime = cast.NOW + timedelta(days=1),
) -> Appeal:
    """Lan contests the verdict on a criterion."""
    return appealing.file_appeal(
        assessment, criterion_of(assessment, code), text=text, by=people.commander, now=now
    )


def verdict_of(assessment: Assessment, code: str = "C03") -> Verdict:
    """The verdict that stands on a criterion of the latest submission."""
    return Verdict.objects.get(
        submission__assessment=assessment,
        submission__number=assessment.submissions_made,
        criterion__code=code,
    )
