"""Addresses of the working calendar."""

from django.urls import path

from wards import views

urlpatterns = [
    path("lich-lam-viec/", views.calendar, name="calendar"),
]
