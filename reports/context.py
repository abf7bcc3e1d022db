"""What every page shows around its content."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Navigation of the person's roles, the posting in one line, and whether data is sample."""
    return {"nav": [], "posting_line": "", "sample_data": False}
