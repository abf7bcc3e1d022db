"""Vietnamese names: searched without diacritics, sorted as dictionaries do (UN-01, 04, 05)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wards.names import normalised, search_key, sort_key


@pytest.mark.parametrize(
    "spelling",
    [
        "Hòa Bình",
        "Hoà Bình",
        "HÒA BÌNH",
        "hoa binh",
        "  Hòa   Bình ",
        unicodedata.normalize("NFD", "Hòa Bình"),
    ],
)
def test_un_04_every_spelling_is_found(spelling: str) -> None:
    assert search_key(spelling) == "hoa binh"


def test_the_letter_d_with_a_stroke_is_found_by_d() -> None:
    assert search_key("Đức Đạt") == "duc dat"
    assert search_key("ĐẠI ĐỒNG") == "dai dong"


def test_un_05_dictionary_order_with_natural_numbers() -> None:
    ordered = [
        "An Bình",
        "Ân Thi",
        "Bến Thủy",
        "Cầu Kho",
        "Dĩ An",
        "Đa Kao",
        "Ea Tam",
        "Hòa Thạnh",
        "Long Hoa",
        "Nguyệt Hóa",
        "Phường 1",
        "Phường 2",
        "Phường 10",
        "Phường 11",
        "Tân Ninh",
        "Trà Vinh",
        "Vinh Tân",
    ]
    shuffled = ordered[::-1]
    assert sorted(shuffled, key=sort_key) == ordered


def test_tones_decide_only_between_equal_letters() -> None:
    assert sorted(["má", "mạ", "mà", "mã", "ma", "mả"], key=sort_key) == [
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
    ]
    assert sort_key("Má An") < sort_key("Ma Bình")


LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợ"
    "uùủũúụưừửữứựyỳỷỹýỵbcdđghklmnpqrstvx 0123456789"
)
TEXT = st.text(alphabet=LETTERS + LETTERS.upper(), max_size=60)


@given(TEXT)
def test_un_01_decomposed_and_composed_are_one(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert normalised(decomposed) == normalised(text)
    assert search_key(decomposed) == search_key(text)
    assert sort_key(decomposed) == sort_key(text)
    assert unicodedata.is_normalized("NFC", normalised(decomposed))


@given(TEXT)
def test_keys_are_plain_and_stable(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
    assert sort_key(text).isascii()
    assert not any(unicodedata.combining(char) for char in search_key(text))
