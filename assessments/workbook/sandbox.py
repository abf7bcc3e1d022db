"""Reading an uploaded workbook in a process of its own, so that no file can harm the server."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings

from assessments.workbook import limits
from wards.spreadsheet.cells import Sheet
from wards.spreadsheet.package import WorkbookRefused

BEYOND_LIMITS = "tệp bất thường, không đọc được trong giới hạn cho phép"


@dataclass(frozen=True, slots=True)
class Read:
    """What the process answered: sheets, or the reason why not; and the memory it took."""

    sheets: list[Sheet]
    refused: str
    peak_kilobytes: int


def read_apart(content: bytes) -> Read:
    """Read a workbook in a limited process; never raises for what is in the file."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "assessments.workbook.child"],
            input=content,
            capture_output=True,
            timeout=limits.WALL_SECONDS,
            cwd=settings.BASE_DIR,
            env={"PATH": os.defpath, "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Read([], BEYOND_LIMITS, 0)
    if done.returncode != 0:
        return Read([], BEYOND_LIMITS, 0)
    answer = json.loads(done.stdout)
    return Read(
        [Sheet.from_json(sheet) for sheet in answer.get("sheets", [])],
        answer.get("refused", ""),
        answer["peak_kilobytes"],
    )


def read_safely(content: bytes) -> list[Sheet]:
    """The sheets of an uploaded workbook.

    Raises:
        WorkbookRefused: the file is not taken; the text is the reason.
    """
    answer = read_apart(content)
    if answer.refused:
        raise WorkbookRefused(answer.refused)
    return answer.sheets
