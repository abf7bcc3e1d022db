"""What the station handed in, as one frozen document."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from assessments.judging import value_of
from assessments.models import Assessment


def build_snapshot(assessment: Assessment) -> dict[str, Any]:
    """Every criterion's outcome, reason, note, answers and evidence, by criterion code.

    Shape: `{"criteria": {code: {"outcome", "reason", "note", "explanation",
    "answers": {indicator code: {…}}, "evidence": [{"id", "label", "kind", "sha256"}]}}}`; decimals
    as text.
    """
    answers: dict[int, dict[str, Any]] = {}
    for answer in assessment.answers.select_related("indicator").order_by("indicator__position"):
        by_code = answers.setdefault(answer.indicator.criterion_id, {})
        by_code[answer.indicator.code] = asdict(value_of(answer))
    evidence: dict[int, list[dict[str, str]]] = {}
    for attachment in assessment.attachments.filter(removed_at__isnull=True).select_related(
        "evidence"
    ):
        item = attachment.evidence
        evidence.setdefault(attachment.criterion_id, []).append(
            {
                "id": str(item.pk),
                "label": item.label,
                "kind": item.kind,
                "sha256": item.sha256,
            }
        )
    criteria = {
        result.criterion.code: {
            "outcome": result.outcome,
            "reason": result.reason,
            "note": result.note,
            "explanation": result.explanation,
            "answers": answers.get(result.criterion_id, {}),
            "evidence": evidence.get(result.criterion_id, []),
        }
        for result in assessment.results.select_related("criterion")
    }
    plain: dict[str, Any] = json.loads(json.dumps({"criteria": criteria}, default=str))
    return plain


def digest(snapshot: dict[str, Any]) -> str:
    """SHA-256 (hex) of a snapshot in canonical JSON."""
    text = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
