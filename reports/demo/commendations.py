"""A certificate of merit beside the sample recognitions."""

from datetime import date, datetime

from accounts.models import User
from assessments.actions import commending
from assessments.models import Assessment


def commend_sample(assessment: Assessment, *, by: User, now: datetime) -> None:
    """One commendation of the unit, marked as a sample."""
    commending.commend(
        assessment.round.programme,
        assessment.unit,
        form="Bằng khen của Bộ trưởng Bộ Công an (mẫu)",
        number="MẪU-02/QĐ-BCA",
        decided_on=date(2024, 4, 22),
        issuer="Bộ Công an",
        title="Quyết định tặng bằng khen (dữ liệu mẫu)",
        for_year=2023,
        by=by,
        now=now,
        is_sample=True,
    )
