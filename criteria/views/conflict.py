"""Two versions of one thing in a draft: what was typed here, and what was saved elsewhere."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.formats import number_format


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One field in both versions, in words."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.mine != self.theirs


def compared(typed: forms.Form, stored: forms.Form) -> list[ComparedField]:
    """Every visible field of a valid form beside the stored values."""
    return [
        ComparedField(
            str(field.label),
            _words(typed.fields[field.name], typed.cleaned_data.get(field.name)),
            _words(stored.fields[field.name], stored.initial.get(field.name)),
        )
        for field in typed.visible_fields()
    ]


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return "Có" if value else "Không"
    if value in (None, ""):
        return "–"
    if isinstance(field, forms.ModelChoiceField):
        rows = field.queryset
        row = value if hasattr(value, "pk") or rows is None else rows.filter(pk=value).first()
        return str(field.label_from_instance(row)) if row else "–"
    if isinstance(field, forms.ChoiceField):
        return _choice(field.choices, str(value))
    if isinstance(field, forms.DecimalField):
        return str(number_format(value, use_l10n=True))
    return str(value)


def _choice(choices: Any, value: str) -> str:
    for key, label in choices:
        if isinstance(label, list | tuple):
            found = dict(label).get(value)
            if found:
                return str(found)
        elif str(key) == value:
            return str(label)
    return value
