"""Addresses of self-assessment, of review, and of what belongs to both."""

from assessments.urls import (
    duties,
    evidence,
    inspections,
    recognition,
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
    *inspections.urlpatterns,
    *review.urlpatterns,
    *recognition.urlpatterns,
    *second_look.urlpatterns,
    *rounds.urlpatterns,
    *duties.urlpatterns,
]
