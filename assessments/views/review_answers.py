"""One criterion as handed in: each indicator with its own judgement, and the evidence named."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from assessments.judging import spec_of
from assessments.models import Assessment, Evidence, EvidenceKind
from assessments.outcome import (
    AnswerValue,
    Judgement,
    judge_indicator,
    number_text,
    requirement_text,
)
from assessments.uploads import PDF
from assessments.views.review_reading import CriterionRow, replaced_by
from criteria.models import Indicator
from criteria.scale import IndicatorKind


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator: what is asked, what was answered, what that comes to."""

    indicator: Indicator
    requirement: str
    answer: str
    decision: str
    judgement: Judgement
    before: str
    """The answer of the submission before, when it was another one."""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One piece of evidence that the submission names."""

    label: str
    kind: str
    """reference | image | pdf | file"""
    row: Evidence | None
    url: str
    is_new: bool
    stands_for: str
    """The label of the earlier version that it replaces since then."""
    is_outside: bool
    """Whether its own date lies outside the round's data window."""

    @property
    def is_shown(self) -> bool:
        """Whether the page itself can show it."""
        return self.kind in {"image", "pdf"}


def frozen_value(raw: dict[str, Any]) -> AnswerValue:
    """An answer as the engine reads it, from its frozen form (decimals as text)."""
    numbers = {
        name: None if raw.get(name) is None else Decimal(str(raw[name]))
        for name in ("number", "numerator", "denominator")
    }
    return AnswerValue(**{**raw, **numbers})


def answer_text(indicator: Indicator, value: AnswerValue | None) -> str:
    """An answer in words: "Có", "10 biên chế", "9/10", "“Hoàn thành tốt nhiệm vụ”"."""
    if value is None:
        return "Chưa trả lời"
    if value.state == "awaiting":
        return "Chờ xếp loại, chưa đến kỳ"
    if value.state == "no_case":
        return "Không phát sinh trong kỳ"
    if value.state == "exempt":
        return f"Bất khả kháng: {value.reason}"
    if indicator.kind == IndicatorKind.YES_NO and value.yes is not None:
        return "Có" if value.yes else "Không"
    if indicator.kind == IndicatorKind.COUNT and value.number is not None:
        return f"{number_text(value.number)} {indicator.unit_label}".rstrip()
    if value.numerator is not None and value.denominator is not None:
        text = f"{number_text(value.numerator)}/{number_text(value.denominator)}"
        return f"{text} {indicator.unit_label}".rstrip()
    if indicator.scale is not None and value.level:
        return f"“{indicator.scale.label(value.level)}”"
    return "Chưa trả lời"


def indicator_lines(row: CriterionRow, before: dict[str, Any] | None) -> list[IndicatorLine]:
    """The indicators of a criterion; `before` is its entry in the submission before."""
    found = []
    for indicator in row.criterion.indicators.all():
        spec = spec_of(indicator)
        raw = row.entry["answers"].get(indicator.code)
        value = None if raw is None else frozen_value(raw)
        earlier = ""
        if before is not None:
            old = before["answers"].get(indicator.code)
            if old != raw:
                earlier = _with_decision(indicator, None if old is None else frozen_value(old))
        found.append(
            IndicatorLine(
                indicator=indicator,
                requirement=requirement_text(spec),
                answer=answer_text(indicator, value),
                decision=value.decision if value else "",
                judgement=judge_indicator(spec, value),
                before=earlier,
            )
        )
    return found


def _with_decision(indicator: Indicator, value: AnswerValue | None) -> str:
    text = answer_text(indicator, value)
    return f"{text}, {value.decision}" if value and value.decision else text


def evidence_lines(
    assessment: Assessment,
    row: CriterionRow,
    before: dict[str, Any] | None,
    revised: dict[str, str],
) -> list[EvidenceLine]:
    """The evidence that the submission names; live rows only give what is needed to open it."""
    named = row.entry["evidence"]
    ids = [uuid.UUID(item["id"]) for item in named]
    live = Evidence.objects.filter(unit=assessment.unit).in_bulk(ids)
    known = {item["id"]: item["label"] for item in before["evidence"]} if before else {}
    replaced = replaced_by(before, row.entry, revised) if before else {}
    window = assessment.round
    found = []
    for item, pk in zip(named, ids, strict=True):
        evidence = live.get(pk)
        kind = _shown_as(item["kind"], evidence)
        opens = evidence is not None and evidence.is_usable and kind != EvidenceKind.REFERENCE
        day = evidence.issued_on if evidence else None
        found.append(
            EvidenceLine(
                label=item["label"],
                kind=kind,
                row=evidence,
                url=reverse("evidence_file", args=[pk]) if opens else "",
                is_new=before is not None and item["id"] not in known,
                stands_for=known.get(replaced.get(item["id"], ""), ""),
                is_outside=day is not None
                and not window.window_starts <= day <= window.window_ends,
            )
        )
    return found


def _shown_as(kind: str, evidence: Evidence | None) -> str:
    if evidence is None or kind == EvidenceKind.REFERENCE:
        return kind
    if evidence.is_image:
        return "image"
    return "pdf" if evidence.media_type == PDF else kind


def removed_labels(
    row: CriterionRow, before: dict[str, Any] | None, revised: dict[str, str]
) -> list[str]:
    """Evidence that was there the last time, and neither it nor a later version is now."""
    if before is None:
        return []
    kept = {item["id"] for item in row.entry["evidence"]}
    kept |= set(replaced_by(before, row.entry, revised).values())
    return [item["label"] for item in before["evidence"] if item["id"] not in kept]
