"""Addresses of appeals and the blind second review."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
