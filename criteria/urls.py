"""Addresses of criteria sets."""

from django.urls import path

from criteria import views

urlpatterns = [
    path("bo-tieu-chi/<code:code>/", views.criteria_set, name="criteria_set"),
]
