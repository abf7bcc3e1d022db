"""The annual report as PDF, made from its frozen figures alone."""

from reports.pdf.document import render_annual_report
from reports.pdf.fingerprint import figures_digest, report_fingerprint

__all__ = ["figures_digest", "render_annual_report", "report_fingerprint"]
