"""The types that are taken, and the check of each."""

from importlib import import_module

from assessments.inspection.types import DOCX, JPEG, PDF, PNG, XLSX
from assessments.inspection.words import Refused

CHECKS = {
    PDF: ("pdf", "check_pdf"),
    JPEG: ("images", "check_jpeg"),
    PNG: ("images", "check_png"),
    DOCX: ("office", "check_docx"),
    XLSX: ("office", "check_xlsx"),
}
"""Module and function of each check: a process loads only the library that it needs."""


def reason_in(content: bytes, media_type: str) -> str:
    """Why content of this type is not taken; empty when it is."""
    module, check = CHECKS[media_type]
    try:
        getattr(import_module(f"assessments.inspection.{module}"), check)(content)
    except Refused as refusal:
        return refusal.reason
    return ""
