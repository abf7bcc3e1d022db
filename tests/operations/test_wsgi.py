"""The door for web servers."""

from typing import Any

import pytest

from config.wsgi import in_utf8_only


def answer(content_type: str) -> str:
    """Status of a request with this content type."""
    seen: list[str] = []

    def inner(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return []

    in_utf8_only(inner)({"CONTENT_TYPE": content_type}, lambda status, headers: seen.append(status))
    return seen[0]


@pytest.mark.parametrize(
    "content_type",
    ["", "text/html", "application/x-www-form-urlencoded; charset=UTF-8", "multipart/form-data"],
)
def test_ordinary_requests_pass(content_type: str) -> None:
    assert answer(content_type) == "200 OK"


@pytest.mark.parametrize("charset", ["utf-7", "rot13", "raw_unicode_escape", "utf-16", "không"])
def test_wf_10_other_encodings_are_refused(charset: str) -> None:
    assert answer(f"text/html; charset={charset}").startswith("400")
