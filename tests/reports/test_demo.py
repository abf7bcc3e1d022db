"""The demonstration's files are what a station could have sent."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.uploads import CheckedUpload, check_upload
from criteria.models import CriteriaSet
from reports.demo.documents import sample_pdf, sample_picture


@pytest.mark.parametrize("edition", ["", "Bản bổ sung <theo yêu cầu>"])
def test_sample_papers_pass_the_checks_for_uploads(criteria_set: CriteriaSet, edition: str) -> None:
    made = sample_pdf(criteria_set.criteria.get(code="C02"), edition=edition)
    assert made == checked(made)


def test_sample_pictures_pass_the_checks_for_uploads() -> None:
    made = sample_picture("Công an Phường 1, TP Trà Vinh")
    assert made == checked(made)


def checked(made: CheckedUpload) -> CheckedUpload:
    """The same file as it would come from a browser."""
    return check_upload(SimpleUploadedFile(made.name, made.content))
