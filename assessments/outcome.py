"""The one engine that says what an indicator and a criterion come to, and the sentence why.

Pass or fail, no points and no weights (no source knows any). What is unanswered is never zero; a
title whose season has not come is awaited, not missed; a ratio over nothing (0/0) is "không phát
sinh" where the indicator allows it; "trừ trường hợp bất khả kháng" exempts where it is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from criteria.scale import COUNTS_AS_MET, IndicatorKind, Outcome, Scale


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """What an indicator asks."""

    code: str
    kind: IndicatorKind
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    at_least_level: str = ""
    scale: Scale | None = None
    unit_label: str = ""
    exemptible: bool = False
    no_case_possible: bool = False
    may_exceed: bool = False


@dataclass(frozen=True, slots=True)
class AnswerValue:
    """What was answered; `state` is an `AnswerState` value."""

    state: str = "given"
    yes: bool | None = None
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    level: str = ""
    decision: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """An outcome and the sentence that says why."""

    outcome: Outcome
    reason: str

    @property
    def counts_as_met(self) -> bool:
        """Whether this stands for "đạt"."""
        return self.outcome in COUNTS_AS_MET


def number_text(value: Decimal) -> str:
    """A number as Vietnamese readers write it: 1.234,5."""
    plain = f"{value.normalize():,f}"
    return plain.translate(str.maketrans(",.", ".,"))


def requirement_text(spec: IndicatorSpec) -> str:
    """The threshold in words: "ít nhất 10 biên chế", "không quá 0 vụ", "ít nhất 100%"."""
    if spec.kind == IndicatorKind.TITLE and spec.scale is not None:
        top = spec.scale.levels[0][0] == spec.at_least_level
        return f"“{spec.scale.label(spec.at_least_level)}”{'' if top else ' trở lên'}"
    if spec.kind == IndicatorKind.YES_NO:
        return "Có"
    unit = "%" if spec.kind == IndicatorKind.RATIO else f" {spec.unit_label}".rstrip()
    parts = []
    if spec.at_least is not None:
        parts.append(f"ít nhất {number_text(spec.at_least)}{unit}")
    if spec.at_most is not None:
        nothing = spec.at_most == 0
        parts.append("không có" if nothing else f"không quá {number_text(spec.at_most)}{unit}")
    return " và ".join(parts)


def judge_indicator(spec: IndicatorSpec, answer: AnswerValue | None) -> Judgement:
    """Outcome and sentence of one indicator; never raises on an incomplete answer."""
    if answer is None:
        return Judgement(Outcome.UNANSWERED, "Chưa có kết quả.")
    if answer.state == "awaiting" and spec.kind == IndicatorKind.TITLE:
        return Judgement(
            Outcome.AWAITING, f"Chưa đến kỳ xếp loại; yêu cầu {requirement_text(spec)}."
        )
    if answer.state == "no_case" and spec.no_case_possible:
        return Judgement(Outcome.NO_CASE, "Không phát sinh trong kỳ.")
    if answer.state == "exempt" and spec.exemptible and answer.reason.strip():
        return Judgement(Outcome.EXEMPT, f"Bất khả kháng: {answer.reason.strip()}")
    if spec.kind == IndicatorKind.YES_NO:
        return _judge_yes_no(answer)
    if spec.kind == IndicatorKind.COUNT:
        return _judge_count(spec, answer)
    if spec.kind == IndicatorKind.RATIO:
        return _judge_ratio(spec, answer)
    return _judge_title(spec, answer)


def judge_criterion(judgements: Sequence[tuple[str, Judgement]]) -> Judgement:
    """Outcome and sentence of a criterion from its indicators' (code, judgement) pairs.

    Unanswered while anything is unanswered; else not met if anything fails; else awaiting if a
    title is awaited; else met. A criterion without indicators is unanswered.
    """
    if not judgements:
        return Judgement(Outcome.UNANSWERED, "Tiêu chí chưa có chỉ số.")
    for wanted in (Outcome.UNANSWERED, Outcome.NOT_MET, Outcome.AWAITING):
        found = [(code, item) for code, item in judgements if item.outcome == wanted]
        if not found:
            continue
        if wanted == Outcome.UNANSWERED and len(judgements) > 1:
            codes = ", ".join(code for code, _ in found)
            return Judgement(wanted, f"Chưa có kết quả chỉ số {codes}.")
        return Judgement(wanted, _joined(found, alone=len(judgements) == 1))
    if len(judgements) == 1:
        return Judgement(Outcome.MET, judgements[0][1].reason)
    special = [pair for pair in judgements if pair[1].outcome != Outcome.MET]
    tail = f" {_joined(special, alone=False)}" if special else ""
    return Judgement(Outcome.MET, f"Đạt cả {len(judgements)} chỉ số.{tail}")


def _joined(found: list[tuple[str, Judgement]], *, alone: bool) -> str:
    if alone:
        return found[0][1].reason
    return " ".join(f"{code}: {item.reason}" for code, item in found)


def _judge_yes_no(answer: AnswerValue) -> Judgement:
    if answer.yes is None:
        return Judgement(Outcome.UNANSWERED, "Chưa chọn Có hoặc Không.")
    if answer.yes:
        return Judgement(Outcome.MET, "Có thực hiện, đáp ứng yêu cầu.")
    return Judgement(Outcome.NOT_MET, "Chưa thực hiện hoặc chưa đáp ứng yêu cầu.")


def _judge_count(spec: IndicatorSpec, answer: AnswerValue) -> Judgement:
    if answer.number is None:
        return Judgement(Outcome.UNANSWERED, "Chưa nhập số.")
    text = f"{number_text(answer.number)} {spec.unit_label}".rstrip()
    low = spec.at_least is not None and answer.number < spec.at_least
    high = spec.at_most is not None and answer.number > spec.at_most
    outcome = Outcome.NOT_MET if low or high else Outcome.MET
    return Judgement(outcome, f"{text}; yêu cầu {requirement_text(spec)}.")


def _judge_ratio(spec: IndicatorSpec, answer: AnswerValue) -> Judgement:
    above, below = answer.numerator, answer.denominator
    if above is None or below is None:
        return Judgement(Outcome.UNANSWERED, "Chưa nhập đủ tử số và mẫu số.")
    if below == 0:
        if above == 0 and spec.no_case_possible:
            return Judgement(Outcome.NO_CASE, "0/0: không phát sinh trong kỳ.")
        return Judgement(Outcome.UNANSWERED, "Mẫu số phải lớn hơn 0.")
    if above > below and not spec.may_exceed:
        return Judgement(Outcome.UNANSWERED, "Tử số không được lớn hơn mẫu số.")
    percent = (above * 100 / below).quantize(Decimal("0.1"))
    text = f"{number_text(above)}/{number_text(below)} = {number_text(percent)}%"
    # Compare the exact fraction: 99,96% must not pass as 100% by rounding.
    low = spec.at_least is not None and above * 100 < spec.at_least * below
    high = spec.at_most is not None and above * 100 > spec.at_most * below
    if low and percent >= (spec.at_least or 0):
        text = f"{number_text(above)}/{number_text(below)}, dưới {number_text(percent)}%"
    outcome = Outcome.NOT_MET if low or high else Outcome.MET
    return Judgement(outcome, f"{text}; yêu cầu {requirement_text(spec)}.")


def _judge_title(spec: IndicatorSpec, answer: AnswerValue) -> Judgement:
    if spec.scale is None or not answer.level:
        return Judgement(Outcome.UNANSWERED, "Chưa chọn mức xếp loại, danh hiệu.")
    reached = spec.scale.reaches(answer.level, spec.at_least_level)
    outcome = Outcome.MET if reached else Outcome.NOT_MET
    return Judgement(
        outcome, f"“{spec.scale.label(answer.level)}”; yêu cầu {requirement_text(spec)}."
    )
