"""Workbooks as downloads."""

from io import BytesIO

from django.http import FileResponse

from assessments.workbook.layout import MEDIA_TYPE


def workbook_response(content: bytes, name: str) -> FileResponse:
    """A workbook to be saved under this name, which no browser opens as a page of ours."""
    response = FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type=MEDIA_TYPE
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
