"""Evidence in templates."""

from collections.abc import Iterable

from django import template

from assessments.models import Assessment, Attachment
from assessments.views import evidence_items as items

register = template.Library()


@register.simple_tag
def evidence_items(
    attachments: Iterable[Attachment], assessment: Assessment
) -> list[items.EvidenceItem]:
    """`{% evidence_items attachments assessment as items %}`: what a list of evidence shows."""
    return items.evidence_items(attachments, assessment)
