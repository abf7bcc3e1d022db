"""Deadlines in templates."""

from datetime import datetime

from django import template

from assessments.deadlines import full_words

register = template.Library()


@register.filter
def full_moment(moment: datetime) -> str:
    """A moment with its weekday: "23:59 thứ Bảy ngày 14/11/2026"."""
    return full_words(moment)
