"""Finding units by what people type: with or without diacritics, in any case, composed or not."""

from django.db.models import Q

from wards.names import search_key
from wards.querysets import UnitQuerySet

CODE_DIGITS = 3
"""From so many digits on, a number is taken for an official code as well."""


def matching(units: UnitQuerySet, asked: str) -> UnitQuerySet:
    """Every word is part of the name of the unit, of its district or province, or is its code."""
    for word in search_key(asked).split():
        units = units.filter(_by_number(word) if word.isdigit() else _by_name(word))
    return units


def _by_name(word: str) -> Q:
    return (
        Q(search_key__contains=word)
        | Q(district__search_key__contains=word)
        | Q(province__search_key__contains=word)
    )


def _by_number(word: str) -> Q:
    """A whole number of a name ("Phường 1" is not "Phường 10"), or the beginning of a code."""
    in_name = Q(search_key__endswith=f" {word}") | Q(search_key__contains=f" {word} ")
    return in_name | Q(code__startswith=word) if len(word) >= CODE_DIGITS else in_name
