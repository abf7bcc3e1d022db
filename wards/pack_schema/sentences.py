"""What the schema finds wrong, in Vietnamese sentences."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from wards.pack_schema.problems import Loc

OURS = "pack"
"""The type of errors whose message already is a sentence of ours."""

LONGEST = 500

_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "thiếu khóa bắt buộc này.",
    "extra_forbidden": lambda _: "khóa này không có trong định dạng.",
    "string_type": lambda _: "phải là chuỗi ký tự; đặt trong ngoặc kép.",
    "string_too_short": lambda _: "không được để trống.",
    "string_too_long": lambda about: f"dài quá {about['max_length']} ký tự.",
    "int_type": lambda _: "phải là số nguyên, không đặt trong ngoặc kép.",
    "int_from_float": lambda _: "phải là số nguyên.",
    "bool_type": lambda _: "phải là true hoặc false.",
    "greater_than_equal": lambda about: f"phải từ {about['ge']} trở lên.",
    "less_than_equal": lambda about: f"không được quá {about['le']}.",
    "literal_error": lambda about: f"phải là {about['expected'].lower()}.",
    "model_type": lambda _: "phải là một nhóm khóa (khóa: giá trị).",
    "dict_type": lambda _: "phải là một nhóm khóa (khóa: giá trị).",
    "list_type": lambda _: "phải là danh sách.",
    "tuple_type": lambda _: "phải là danh sách.",
}


def wrong(sentence: str) -> PydanticCustomError:
    """The exception a validator raises about its own value."""
    # Sentences quote what the file says, which may be of any length, with any line breaks.
    told = " ".join(sentence.split())
    if len(told) > LONGEST:
        told = f"{told[: LONGEST - 2]}…."
    # It may hold braces, too, so it goes in as a value and not as the template.
    return PydanticCustomError(OURS, "{sentence}", {"sentence": told})


def wrong_at(errors: Iterable[tuple[Loc, str]]) -> ValidationError:
    """The exception a validator raises about places inside its value."""
    return ValidationError.from_exception_data(
        OURS,
        [InitErrorDetails(type=wrong(sentence), loc=loc, input=None) for loc, sentence in errors],
    )


def sentences(error: ValidationError, model: type[BaseModel]) -> list[tuple[Loc, str]]:
    """Every error as place and sentence, in the order of the model's keys."""
    return [
        (details["loc"], _sentence(details, model))
        for details in error.errors(include_url=False, include_input=True)
    ]


def _sentence(details: ErrorDetails, model: type[BaseModel]) -> str:
    kind = details["type"]
    if kind == OURS:
        return details["msg"]
    if kind != "missing" and details["input"] is None:
        return "không được để trống."
    if kind == "extra_forbidden" and len(details["loc"]) == 1:
        keys = ", ".join(field.alias or name for name, field in model.model_fields.items())
        return f"khóa này không có trong định dạng; các khóa dùng được: {keys}."
    if kind in _SENTENCES:
        return _SENTENCES[kind](details.get("ctx", {}))
    return "giá trị không hợp lệ."
