"""One file as PDF: everything that is printed, and nothing that is fetched or looked up."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from django.template.loader import render_to_string

from assessments.printing.apart import write_pdf_apart
from assessments.printing.text import clean

TEMPLATE = "assessments/printing/file.html"
STYLESHEET = "file.css"


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One indicator: what is asked, what was answered, what that comes to."""

    code: str
    title: str
    requirement: str
    answer: str
    detail: str
    outcome: str


@dataclass(frozen=True, slots=True)
class PrintedView:
    """What one side says of a criterion besides the station: review, appeal, second review."""

    title: str
    outcome: str
    text: str
    who: str


@dataclass(frozen=True, slots=True)
class PrintedCriterion:
    """One criterion with everything said of it."""

    code: str
    title: str
    outcome: str
    verdict: str
    lines: list[PrintedLine]
    note: str
    explanation: str
    evidence: list[str]
    views: list[PrintedView]


@dataclass(frozen=True, slots=True)
class PrintedGroup:
    """A heading with its criteria."""

    title: str
    criteria: list[PrintedCriterion]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of what was handed in."""

    code: str
    number: int
    submitted_at: str
    submitted_by: str
    in_time: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """Everything that is printed of one file."""

    marks: str
    """What stands on every page of a draft or a sample; empty on what was handed in."""
    footer: str
    """What ties a loose page to its file."""
    parent: str
    station: str
    year: int
    programme: str
    basis: str
    window: str
    deadline: str
    status: str
    answered: int
    met: int
    of: int
    found_met: int | None
    """How many criteria the review found met; None as long as it has told nothing."""
    groups: list[PrintedGroup]
    place_and_date: str
    signer: str
    printed_at: str
    """In ISO form, for the metadata: the same file printed at the same moment is the same bytes."""
    receipt: Receipt | None = None
    conclusion: str = ""
    reviewer: str = ""
    reservations: list[str] = field(default_factory=list)
    """What the reader is told before the signature of a draft: gaps and warnings."""


def render_file(file: PrintedFile) -> bytes:
    """The file as PDF/A-3a; the same content gives the same bytes.

    Raises:
        PrintingFailed: it took more time or memory than a document may.
    """
    content = asdict(file)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    html = render_to_string(TEMPLATE, {"file": clean(content)})
    return write_pdf_apart(html, stylesheet=STYLESHEET, identifier=digest[:32])
