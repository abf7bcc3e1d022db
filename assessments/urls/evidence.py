"""Addresses of evidence: previews, revisions, reuse."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
