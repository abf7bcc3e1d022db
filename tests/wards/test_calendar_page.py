"""The calendar of a year, to read; a year without data says so."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import cast
from wards.models import Holiday

URL = "/lich-lam-viec/"


@pytest.mark.parametrize("who", ["coordinator", "administrator", "commander"])
def test_holidays_and_worked_saturdays_are_listed(people: cast.People, sign_in, who: str) -> None:
    Holiday.objects.create(on=date(2024, 4, 29), name="Nghỉ hoán đổi")
    Holiday.objects.create(
        on=date(2024, 5, 4), name="Làm bù 29/4", is_working_day=True, is_confirmed=False
    )
    page = sign_in(getattr(people, who)).get(URL + "?nam=2024").content.decode()
    for words in ("29/04/2024", "Nghỉ hoán đổi", "Thứ Bảy, 04/05/2024", "chưa đối chiếu"):
        assert words in page
    assert "Chưa có lịch nghỉ" not in page


def test_a_year_without_data_says_what_is_counted(people: cast.People, sign_in) -> None:
    page = sign_in(people.administrator).get(URL).content.decode()
    year = timezone.localdate().year
    assert f"Chưa có lịch nghỉ của năm {year}; chỉ trừ thứ Bảy, Chủ nhật." in page


@pytest.mark.parametrize("year", ["abcd", "20245", "２０２４", "-202"])
def test_what_is_no_year_is_refused(people: cast.People, sign_in, year: str) -> None:
    assert sign_in(people.coordinator).get(URL, {"nam": year}).status_code == 400


def test_the_number_of_queries_is_fixed(
    people: cast.People, sign_in, django_assert_max_num_queries
) -> None:
    for day in range(1, 29):
        Holiday.objects.create(on=date(2024, 2, day), name="Nghỉ")
    client = sign_in(people.coordinator)
    with django_assert_max_num_queries(10):
        assert client.get(reverse("calendar") + "?nam=2024").status_code == 200
