"""Addresses of the coordinator's care for a round: deadlines, extensions, closing."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
