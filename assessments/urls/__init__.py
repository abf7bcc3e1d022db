"""Addresses of self-assessment, of review, and of what belongs to both."""

from assessments.urls import (
    duties,
    evidence,
    remedies,
    review,
    rounds,
    second_look,
    station,
    workbook,
)

urlpatterns = [
    *station.urlpatterns,
    *evidence.urlpatterns,
    *workbook.urlpatterns,
    *remedies.urlpatterns,
    *review.urlpatterns,
    *second_look.urlpatterns,
    *rounds.urlpatterns,
    *duties.urlpatterns,
]
