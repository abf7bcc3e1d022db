"""The engine: what an indicator and a criterion come to, and the sentence that says why."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.outcome import (
    AnswerValue,
    IndicatorSpec,
    Judgement,
    judge_criterion,
    judge_indicator,
    number_text,
)
from criteria.scale import SCALES, IndicatorKind, Outcome

RATING = IndicatorSpec(
    "1a", IndicatorKind.TITLE, at_least_level="excellent", scale=SCALES["party-rating"]
)
YES_NO = IndicatorSpec("9b", IndicatorKind.YES_NO)
STAFFING = IndicatorSpec("8a", IndicatorKind.COUNT, at_least=Decimal(10), unit_label="biên chế")
FIRES = IndicatorSpec(
    "13a", IndicatorKind.COUNT, at_most=Decimal(0), unit_label="vụ", exemptible=True
)
ALL_REPORTS = IndicatorSpec(
    "17a", IndicatorKind.RATIO, at_least=Decimal(100), no_case_possible=True
)
EARLY = IndicatorSpec("22c", IndicatorKind.RATIO, at_least=Decimal(10))
LAND = IndicatorSpec("9a", IndicatorKind.RATIO, at_least=Decimal(100), may_exceed=True)


def ratio(above: object, below: object) -> AnswerValue:
    return AnswerValue(numerator=Decimal(str(above)), denominator=Decimal(str(below)))


@pytest.mark.parametrize(
    ("spec", "answer", "outcome", "words"),
    [
        (YES_NO, None, Outcome.UNANSWERED, "Chưa có kết quả"),
        (YES_NO, AnswerValue(), Outcome.UNANSWERED, "Có hoặc Không"),
        (YES_NO, AnswerValue(yes=True), Outcome.MET, "đáp ứng"),
        (YES_NO, AnswerValue(yes=False), Outcome.NOT_MET, "Chưa"),
        (STAFFING, AnswerValue(), Outcome.UNANSWERED, "Chưa nhập số"),
        (STAFFING, AnswerValue(number=Decimal(10)), Outcome.MET, "ít nhất 10 biên chế"),
        (STAFFING, AnswerValue(number=Decimal(0)), Outcome.NOT_MET, "0 biên chế"),
        (STAFFING, AnswerValue(number=Decimal("9.5")), Outcome.NOT_MET, "9,5 biên chế"),
        (FIRES, AnswerValue(number=Decimal(0)), Outcome.MET, "không có"),
        (FIRES, AnswerValue(number=Decimal(1)), Outcome.NOT_MET, "1 vụ"),
        (FIRES, AnswerValue(state="exempt", reason="Sét đánh"), Outcome.EXEMPT, "Sét đánh"),
        (FIRES, AnswerValue(state="exempt"), Outcome.UNANSWERED, "Chưa nhập số"),
        (STAFFING, AnswerValue(state="exempt", reason="x"), Outcome.UNANSWERED, "Chưa nhập"),
        (ALL_REPORTS, ratio(9, 10), Outcome.NOT_MET, "9/10 = 90%"),
        (ALL_REPORTS, ratio(10, 10), Outcome.MET, "100%"),
        (ALL_REPORTS, ratio(0, 0), Outcome.NO_CASE, "không phát sinh"),
        (ALL_REPORTS, AnswerValue(state="no_case"), Outcome.NO_CASE, "Không phát sinh"),
        (EARLY, AnswerValue(state="no_case"), Outcome.UNANSWERED, "tử số và mẫu số"),
        (EARLY, ratio(0, 0), Outcome.UNANSWERED, "lớn hơn 0"),
        (EARLY, ratio(1, 10), Outcome.MET, "10%"),
        (EARLY, ratio(11, 10), Outcome.UNANSWERED, "không được lớn hơn"),
        (EARLY, AnswerValue(numerator=Decimal(1)), Outcome.UNANSWERED, "đủ tử số"),
        (LAND, ratio(650, 500), Outcome.MET, "130%"),
        (RATING, AnswerValue(state="awaiting"), Outcome.AWAITING, "Chưa đến kỳ"),
        (RATING, AnswerValue(), Outcome.UNANSWERED, "Chưa chọn mức"),
        (RATING, AnswerValue(level="excellent"), Outcome.MET, "xuất sắc"),
        (RATING, AnswerValue(level="good"), Outcome.NOT_MET, "Hoàn thành tốt nhiệm vụ"),
    ],
)
def test_one_indicator(
    spec: IndicatorSpec, answer: AnswerValue | None, outcome: Outcome, words: str
) -> None:
    judgement = judge_indicator(spec, answer)
    assert judgement.outcome == outcome
    assert words in judgement.reason


def test_a_percentage_is_compared_exactly_and_never_by_its_rounding() -> None:
    judgement = judge_indicator(ALL_REPORTS, ratio(9999, 10000))
    assert judgement.outcome == Outcome.NOT_MET
    assert "dưới 100%" in judgement.reason


@given(above=st.integers(0, 10**6), below=st.integers(1, 10**6), threshold=st.integers(0, 100))
def test_a_ratio_is_met_exactly_when_the_fraction_reaches_the_threshold(
    above: int, below: int, threshold: int
) -> None:
    spec = IndicatorSpec("x", IndicatorKind.RATIO, at_least=Decimal(threshold), may_exceed=True)
    met = judge_indicator(spec, ratio(above, below)).outcome == Outcome.MET
    assert met == (above * 100 >= threshold * below)


@given(number=st.decimals(0, 10**9, places=2), more=st.decimals(0, 10**6, places=2))
def test_more_never_makes_a_minimum_worse_nor_a_maximum_better(
    number: Decimal, more: Decimal
) -> None:
    low = AnswerValue(number=number)
    high = AnswerValue(number=number + more)
    if judge_indicator(STAFFING, low).counts_as_met:
        assert judge_indicator(STAFFING, high).counts_as_met
    if judge_indicator(FIRES, high).counts_as_met:
        assert judge_indicator(FIRES, low).counts_as_met


OUTCOMES = st.sampled_from(list(Outcome))


@given(st.lists(OUTCOMES, min_size=1, max_size=6))
def test_a_criterion_is_met_exactly_when_each_indicator_counts_as_met(
    outcomes: list[Outcome],
) -> None:
    pairs = [(f"{n}", Judgement(outcome, "…")) for n, outcome in enumerate(outcomes)]
    total = judge_criterion(pairs)
    assert (total.outcome == Outcome.MET) == all(item.counts_as_met for _, item in pairs)
    if Outcome.UNANSWERED in outcomes:
        assert total.outcome == Outcome.UNANSWERED
    elif Outcome.NOT_MET in outcomes:
        assert total.outcome == Outcome.NOT_MET
    elif Outcome.AWAITING in outcomes:
        assert total.outcome == Outcome.AWAITING
    assert total.reason


def test_a_criterion_without_indicators_is_not_met_by_silence() -> None:
    assert judge_criterion([]).outcome == Outcome.UNANSWERED


def test_the_sentence_names_the_indicators_that_fail() -> None:
    total = judge_criterion(
        [
            ("9a", judge_indicator(LAND, ratio(400, 500))),
            ("9b", judge_indicator(YES_NO, AnswerValue(yes=True))),
        ]
    )
    assert total.outcome == Outcome.NOT_MET
    assert total.reason.startswith("9a: 400/500 = 80%")
    assert "9b" not in total.reason


@pytest.mark.parametrize(
    ("value", "text"),
    [("1234.50", "1.234,5"), ("0.00", "0"), ("100.00", "100"), ("1000000", "1.000.000")],
)
def test_numbers_are_written_the_vietnamese_way(value: str, text: str) -> None:
    assert number_text(Decimal(value)) == text
