"""What a request may ask for, and the refusals when it asks otherwise."""

from datetime import date
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from reports.forms import check_day

PAGE_SIZE, LARGEST_PAGE = 100, 500
MOST_PAGES = 100_000

SENTENCES = {
    "year": "Tham số year phải là một năm, ví dụ 2026.",
    "province": "Tham số province phải là mã tỉnh, ví dụ 86.",
    "page": f"Tham số page phải là số nguyên từ 1 đến {MOST_PAGES}.",
    "page_size": f"Tham số page_size phải là số nguyên từ 1 đến {LARGEST_PAGE}.",
}
"""What is wrong with a parameter whose own check does not say so."""


def refusal(sentence: str) -> PydanticCustomError:
    """A fault of a parameter in these words."""
    return PydanticCustomError("sentence", "{sentence}", {"sentence": sentence})


def _read_day(text: Any) -> date:
    """YYYY-MM-DD and nothing else: pydantic would take a number for a moment in seconds."""
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        day = None
    if day is None or day.isoformat() != text:
        raise refusal("Tham số as_of phải là một ngày dạng YYYY-MM-DD, ví dụ 2026-11-22.")
    return day


def _has_come(day: date) -> date:
    try:
        check_day(day, timezone.localdate())
    except ValidationError as problem:
        raise refusal(problem.messages[0]) from None
    return day


Day = Annotated[date, BeforeValidator(_read_day), AfterValidator(_has_come)]


class Asked(Schema):
    """Parameters of an address; one it does not know is refused, for it may be a slip."""

    @model_validator(mode="before")
    @classmethod
    def know_every_parameter(cls, values: Any, info: ValidationInfo) -> Any:
        """Refuse what the address does not know."""
        request = (info.context or {})["request"]
        for name in request.GET:
            if name not in cls.model_fields:
                known = ", ".join(cls.model_fields)
                raise refusal(f"Không có tham số “{name[:40]}”; địa chỉ này nhận: {known}.")
        return values


class AsOf(Asked):
    """Which day the answer speaks of."""

    as_of: Day | None = Field(
        None, description="Figures as of the end of this day (YYYY-MM-DD); today if left out."
    )

    @property
    def day(self) -> date:
        """The day the figures speak of."""
        return self.as_of or timezone.localdate()


class Paged(Asked):
    """Which part of a list."""

    page: int = Field(1, ge=1, le=MOST_PAGES, description="Page, from 1.")
    page_size: int = Field(PAGE_SIZE, ge=1, le=LARGEST_PAGE, description="Rows on a page.")

    @property
    def rows(self) -> slice:
        """The rows of the page."""
        return slice((self.page - 1) * self.page_size, self.page * self.page_size)


class InPart(AsOf):
    """Which province's part of a national programme."""

    province: str = Field(
        "",
        max_length=20,
        description=(
            "Code of a province: its part of a national programme. If left out, all of it, or for "
            "the token of a province's agency the part of that province."
        ),
    )


class PartPaged(Paged, InPart):
    """Which part of a list, of which province and of which day."""


class StandingsAsked(PartPaged):
    """Which round's standings."""

    year: int | None = Field(
        None, ge=2000, le=2999, description="Year of the round; the latest by `as_of` if left out."
    )
