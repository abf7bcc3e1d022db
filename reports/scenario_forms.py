"""What is typed for a scenario: a year for each unit, which units are shown, its title and why."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from assessments.forms.verdicts import PlainTextField, comment_field
from reports.models import Scenario
from reports.rollup.scenario import Ground

NO_YEAR = "Chưa xếp năm"


def field_of(unit: uuid.UUID) -> str:
    """The name under which the year of a unit is sent."""
    return f"nam-{unit}"


def fingerprint(ground: Ground) -> str:
    """The units and lists that a page started from, in one short word."""
    text = ";".join(f"{unit.pk}={ground.today.get(unit.pk, '')}" for unit in ground.movable)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class PlacesForm(forms.Form):
    """One choice of year per unit that may move; unsent, all stand as on the lists of today."""

    def __init__(self, data: Any = None, *, ground: Ground) -> None:
        super().__init__(data)
        self.ground = ground
        choices = [("", NO_YEAR), *((str(year), str(year)) for year in ground.years)]
        for unit in ground.movable:
            self.fields[field_of(unit.pk)] = forms.TypedChoiceField(
                label=unit.heading_name,
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                initial=ground.today.get(unit.pk, ""),
                widget=forms.Select(attrs={"class": "form-select"}),
                error_messages={"invalid_choice": "Hãy chọn một năm trong danh sách."},
            )

    @property
    def moves(self) -> Mapping[uuid.UUID, int | None]:
        """The year asked for per unit; what was no year of the list asks for nothing."""
        if not self.is_bound:
            return {}
        return {
            unit.pk: self.cleaned_data[field_of(unit.pk)]
            for unit in self.ground.movable
            if field_of(unit.pk) in self.cleaned_data
        }


class ShownForm(forms.Form):
    """Which units are shown; the others keep their years."""

    ten = forms.CharField(label="Tìm theo tên", required=False, max_length=120, strip=True)
    o_nam = forms.ChoiceField(label="Đang xếp vào", required=False)

    def __init__(self, data: Any = None, *, ground: Ground) -> None:
        super().__init__(data)
        field: Any = self.fields["o_nam"]
        years = [(str(year), f"Năm {year}") for year in ground.years]
        field.choices = [("", "Mọi năm"), ("0", NO_YEAR), *years]


class ScenarioForm(forms.Form):
    """What goes with the places when a scenario is saved."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    basis = forms.CharField(widget=forms.HiddenInput(), max_length=16)
    """The lists that the page started from: `fingerprint`."""
    title = PlainTextField(
        label="Tên phương án",
        max_length=Scenario._meta.get_field("title").max_length,
        error_messages={"required": "Cần đặt tên cho phương án."},
    )
    reason = comment_field("Lý do", rows=3)
