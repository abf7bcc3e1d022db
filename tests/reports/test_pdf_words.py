"""Words of an official document, rule by rule."""

from datetime import date

import pytest

from reports.pdf import words
from reports.pdf.passages import registration_sentence, unit_word_of


@pytest.mark.parametrize(
    ("day", "written", "short"),
    [
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026", "05/3/2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026", "31/01/2026"),
        (date(2026, 2, 9), "ngày 09 tháng 02 năm 2026", "09/02/2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026", "10/12/2026"),
    ],
)
def test_only_days_below_ten_and_two_months_take_a_zero(day, written, short):
    assert words.legal_date(day) == written
    assert words.short_date(day) == short


def test_no_date_is_no_date():
    assert words.as_date(None) is None
    assert words.as_date("") is None
    assert words.as_date("2024-04-22") == date(2024, 4, 22)


@pytest.mark.parametrize(("value", "text"), [(None, "–"), (0, "0"), (2, "+2"), (-1, "−1")])
def test_a_difference_has_its_sign(value, text):
    assert words.signed(value) == text


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("Phường 1", "Phường 1"),
        ("phường 1", "Phường 1"),
        ("phường Trà Vinh", "phường Trà Vinh"),
        ("Phường Lê Lợi", "Phường Lê Lợi"),
        ("Long Đức", "Long Đức"),
    ],
)
def test_units_named_by_a_number_have_a_capital_and_others_are_kept(stored, written):
    assert words.unit_name(stored) == written


def test_places_are_written_in_full():
    assert words.place_name("Phường 1", "TP Trà Vinh") == "Phường 1, thành phố Trà Vinh"
    assert words.joined_place("Phường 1, TX Duyên Hải") == "Phường 1, thị xã Duyên Hải"
    assert words.place_name("phường Trà Vinh", "") == "phường Trà Vinh"


def test_an_agency_in_capitals_becomes_a_name():
    assert words.agency_name("CÔNG AN TỈNH TRÀ VINH", "Trà Vinh") == "Công an tỉnh Trà Vinh"
    assert (
        words.agency_name("CÔNG AN THÀNH PHỐ HỒ CHÍ MINH", "Hồ Chí Minh")
        == "Công an thành phố Hồ Chí Minh"
    )
    assert words.agency_name("Công an tỉnh", "Trà Vinh") == "Công an tỉnh"


@pytest.mark.parametrize(
    ("document", "written"),
    [
        (
            {
                "number": "1578/QĐ-UBND",
                "issued_on": "2023-10-20",
                "issuer": "UBND tỉnh Trà Vinh",
                "title": "Ban hành Đề án X",
            },
            "Quyết định số 1578/QĐ-UBND ngày 20 tháng 10 năm 2023 của Ủy ban nhân dân tỉnh Trà "
            "Vinh về việc ban hành Đề án X",
        ),
        (
            {"number": "18-NQ/TU", "issued_on": None, "issuer": "", "title": "Nghị quyết về Y"},
            "Nghị quyết số 18-NQ/TU về Y",
        ),
        ({"number": "556/KH-BCA-V05"}, "Kế hoạch số 556/KH-BCA-V05"),
        ({"number": "77/2015/QH13"}, "Văn bản số 77/2015/QH13"),
        (
            {
                "number": "",
                "issued_on": None,
                "issuer": "Ban Thường vụ Tỉnh ủy",
                "title": "Chỉ thị",
            },
            "“Chỉ thị”",
        ),
        ({}, ""),
        (None, ""),
    ],
)
def test_a_document_is_cited_with_what_is_known(document, written):
    assert words.full_citation(document) == written


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("Đề án xây dựng X", "Đề án xây dựng X"),
        ("Xây dựng Công an phường kiểu mẫu", "xây dựng Công an phường kiểu mẫu"),
        ("“Công an phường kiểu mẫu”", "Chương trình “Công an phường kiểu mẫu”"),
    ],
)
def test_a_programme_can_follow_thuc_hien(name, phrase):
    assert words.programme_phrase(name) == phrase


def test_a_list_ends_each_item_with_its_mark():
    assert words.listed(["Như trên", "Sở Tài chính.", "", "Lưu: VT;"]) == [
        "Như trên;",
        "Sở Tài chính;",
        "Lưu: VT.",
    ]
    assert words.listed(["Một", "Một"]) == ["Một;", "Một."]
    assert words.listed([]) == []


def test_the_ministry_keeps_its_capital():
    assert words.lowered("Tự đăng ký") == "tự đăng ký"
    assert words.lowered("Bộ giao") == "Bộ giao"


@pytest.mark.parametrize(
    ("units", "programme", "word"),
    [
        (["Phường 1", "phường Trà Vinh"], "", "phường"),
        (["Phường 1", "xã Long Đức"], "", "đơn vị"),
        ([], "Đề án xây dựng Công an phường kiểu mẫu", "phường"),
        ([], "Xây dựng Công an xã, phường vững mạnh", "đơn vị"),
    ],
)
def test_units_are_called_what_they_are(units, programme, word):
    figures = {"units": [{"name": name} for name in units], "programme": {"name": programme}}
    assert unit_word_of(figures) == word


def test_the_three_figures_of_a_list_stand_apart() -> None:
    told = {
        "assigned": 106,
        "units": [{}, {}],
        "sources": [
            {"label": "Bộ giao", "told": 106, "known": 0},
            {"label": "Tự đăng ký", "told": 2, "known": 2},
            {"label": "Cấp tỉnh", "told": None, "known": 0},
        ],
    }
    assert registration_sentence(told, 2023, "phường") == (
        "Bộ Công an giao 106 phường; danh sách đăng ký năm 2023 gồm 02 phường "
        "(Bộ giao 0, văn bản nêu 106; tự đăng ký 2):"
    )
    # Figures frozen before the three were kept apart print as they did.
    assert "(" not in registration_sentence({"units": [{}]}, 2024, "phường")
