"""The criteria set as a page: thresholds in words, doubts visible."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from criteria.models import CriteriaSet, Criterion, Indicator
from criteria.scale import IndicatorKind
from criteria.thresholds import threshold_text
from tests import cast

SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        (Indicator(kind=IndicatorKind.YES_NO), "Có"),
        (Indicator(kind=IndicatorKind.COUNT, at_most=Decimal(0), unit_label="vụ"), "Không có vụ"),
        (Indicator(kind=IndicatorKind.COUNT, at_most=Decimal(0)), "Không có"),
        (Indicator(kind=IndicatorKind.COUNT, at_most=Decimal(2)), "Không quá 2"),
        (
            Indicator(kind=IndicatorKind.COUNT, at_least=Decimal(10), unit_label="biên chế"),
            "Từ 10 biên chế trở lên",
        ),
        (
            Indicator(
                kind=IndicatorKind.COUNT, at_least=Decimal(4), at_most=Decimal(4), unit_label="tổ"
            ),
            "Đúng 4 tổ",
        ),
        (
            Indicator(kind=IndicatorKind.COUNT, at_least=Decimal(2), at_most=Decimal(5)),
            "Từ 2 đến 5",
        ),
        (Indicator(kind=IndicatorKind.COUNT, at_least=Decimal(1200)), "Từ 1.200 trở lên"),
        (Indicator(kind=IndicatorKind.RATIO, at_least=Decimal(100)), "Đạt 100%"),
        (Indicator(kind=IndicatorKind.RATIO, at_least=Decimal("33.50")), "Từ 33,50% trở lên"),
        (Indicator(kind=IndicatorKind.RATIO), "Chưa xác định ngưỡng"),
        (
            Indicator(
                kind=IndicatorKind.TITLE, scale_code="party-rating", at_least_level="excellent"
            ),
            "Hoàn thành xuất sắc nhiệm vụ",
        ),
        (
            Indicator(kind=IndicatorKind.TITLE, scale_code="party-rating", at_least_level="good"),
            "Hoàn thành tốt nhiệm vụ trở lên",
        ),
    ],
)
def test_thresholds_in_words(indicator: Indicator, words: str) -> None:
    assert threshold_text(indicator) == words


def test_the_set_with_its_quotations_and_doubts(
    criteria_set: CriteriaSet, people: cast.People, sign_in: SignIn
) -> None:
    with cast.unfrozen():
        Criterion.objects.filter(code="C02").update(
            basis="“thực hiện nghiêm chế độ trực ban”", evidence="Sổ trực ban"
        )
        Indicator.objects.filter(code="2b").update(is_confirmed=False)
    page = " ".join(sign_in(people.officer).get("/bo-tieu-chi/TC-3/").content.decode().split())
    for expected in (
        "3 tiêu chí, 4 chỉ số",
        "Nhóm 2. Trật tự",
        'id="C02"',
        "“thực hiện nghiêm chế độ trực ban”",
        "Sổ trực ban",
        "Không có vụ",
        "trừ bất khả kháng",
        "có thể không phát sinh",
        "Đảng ủy phường",
        "Chưa đối chiếu văn bản gốc",
        "chưa đối chiếu văn bản gốc",
        "không sửa được",
    ):
        assert expected in page, expected
    with cast.unfrozen():
        CriteriaSet.objects.update(is_confirmed=True)
    assert (
        "Chưa đối chiếu" not in sign_in(people.officer).get("/bo-tieu-chi/TC-3/").content.decode()
    )


def test_people_without_a_posting_find_nothing(criteria_set: CriteriaSet, sign_in: SignIn) -> None:
    stranger = User.objects.create_user(username="moi", password=cast.PASSWORD, full_name="Lê Mới")
    assert sign_in(stranger).get("/bo-tieu-chi/TC-3/").status_code == 404
