"""Figures in, PDF out: the same figures and date of issue always give the same bytes."""

from datetime import date
from typing import Any

from django.template.loader import render_to_string

from reports.pdf.content import build_report
from reports.pdf.fingerprint import MARK, figures_digest

TEMPLATE = "reports/pdf/annual_report.html"
STYLESHEET = "report.css"


def render_annual_report(
    figures: dict[str, Any],
    *,
    issued_on: date | None = None,
    number: str = "",
    draft: bool = False,
) -> bytes:
    """Return the annual report as PDF/A-3a.

    Everything printed comes from ``figures`` (the frozen JSON of the report), ``issued_on`` (the
    date in the heading) and ``number`` (its registered number); both places stay open, to be filled
    in at registration, until they are known. Nothing is read from the database or from the clock.
    ``draft`` marks every page "BẢN NHÁP". Raises ``KeyError`` when the figures lack the programme,
    the year or the date they speak of, and ``ValueError`` when a row of a matrix does not fit its
    columns.
    """
    # Imported here because it costs half a second and tens of megabytes, which a web process that
    # only hands reports out does not need.
    from assessments.printing.engine import write_pdf

    digest = figures_digest(figures)
    report = build_report(figures, issued_on=issued_on, number=number, draft=draft, digest=digest)
    html = render_to_string(
        TEMPLATE,
        {
            "report": report,
            "dated": issued_on.isoformat() if issued_on else figures["as_of"],
            "keywords": f"{MARK}{digest}",
        },
    )
    return write_pdf(html, stylesheet=STYLESHEET, identifier=digest[:32].encode("ascii"))
