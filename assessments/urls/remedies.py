"""Addresses of the improvement plan."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
