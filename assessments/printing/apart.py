"""Drawing a document in a process of its own, so that no text holds up the web server."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WALL_SECONDS = 90

logger = logging.getLogger(__name__)


class PrintingFailed(Exception):
    """The process came to its limits, or could not draw the document."""


def write_pdf_apart(html: str, *, stylesheet: str, identifier: str) -> bytes:
    """The PDF of a document of ours, as `engine.write_pdf` draws it.

    Raises:
        PrintingFailed: it took more time or memory than a document may.
    """
    asked = json.dumps({"html": html, "stylesheet": stylesheet, "identifier": identifier})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "assessments.printing.child"],
            input=asked.encode(),
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd=ROOT,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PrintingFailed("time") from None
    if done.returncode != 0:
        last_words = done.stderr[-500:].decode(errors="replace")
        logger.error("A document could not be printed: %s %s", done.returncode, last_words)
        raise PrintingFailed(f"exit {done.returncode}")
    return done.stdout
