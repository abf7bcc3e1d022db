"""Addresses of self-assessment and of review."""

from assessments.urls import review, station

urlpatterns = [*station.urlpatterns, *review.urlpatterns]
