"""What leaves the portal on paper: our own style sheets, fonts and words, and nothing fetched."""

from assessments.printing.apart import PrintingFailed
from assessments.printing.file import (
    PrintedCriterion,
    PrintedFile,
    PrintedGroup,
    PrintedLine,
    PrintedView,
    Receipt,
    render_file,
)

__all__ = [
    "PrintedCriterion",
    "PrintedFile",
    "PrintedGroup",
    "PrintedLine",
    "PrintedView",
    "PrintingFailed",
    "Receipt",
    "render_file",
]
