"""Keys of names (RELIABILITY UN-02, UN-04, UN-05): one name, found however typed, in order."""

import random
import unicodedata

import pytest

from tests import cast
from wards.models import Province, Unit
from wards.names import canonical_key, fault_in_name, normalised, search_key, sort_key
from wards.searching import matching

TONES = "\u0300\u0309\u0303\u0301\u0323"


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


PLACEMENTS = [
    (onset, vowels, tone, case)
    for vowels in ("oa", "oe", "uy")
    for tone in TONES
    for case in (str.lower, str.title, str.upper)
    for onset in ("", "h", "th", "kh", "ng")
]
"""Both habits of where the tone stands: "Hòa" and "Hoà", 5 tones, 3 letter cases, 5 onsets."""


@pytest.mark.parametrize(("onset", "vowels", "tone", "case"), PLACEMENTS)
def test_un_02_where_the_tone_stands_does_not_matter(
    onset: str, vowels: str, tone: str, case: object
) -> None:
    assert callable(case)
    old = case(composed(f"{onset}{vowels[0]}{tone}{vowels[1]}"))
    new = case(composed(f"{onset}{vowels[0]}{vowels[1]}{tone}"))
    assert old != new
    assert canonical_key(old) == canonical_key(new)
    assert canonical_key(f"Phường {old}") == canonical_key(f"phường {new}")
    # As typed it stays as it is typed.
    assert (normalised(old), normalised(new)) == (old, new)


def test_un_02_different_names_stay_different() -> None:
    names = ["Hoa", "Hòa", "Hóa", "Hỏa", "Hõa", "Họa", "Thủy", "Thúy", "Thuy", "Khoe", "Khỏe"]
    names += ["Đông", "Dông", "Ân", "An", "Ăn", "Phường 1", "Phường 10"]
    assert len({canonical_key(name) for name in names}) == len(names)


@pytest.mark.parametrize("typed", ["Ea M'Droh", "Ea M’Droh", "ea m‘droh", "EA MʼDROH"])
def test_apostrophes_of_every_keyboard_are_one(typed: str) -> None:
    assert search_key(typed) == "ea m'droh"
    assert canonical_key(typed) == canonical_key("Ea M'Droh")


@pytest.mark.parametrize(
    "name", ["Phường B'Lao", "Xã Cư M’gar", "Văn Miếu - Quốc Tử Giám", "Chư Păh", "Kbang", "Ia Đal"]
)
def test_names_of_the_country_are_no_fault(name: str) -> None:
    assert fault_in_name(name) is None
    assert fault_in_name(unicodedata.normalize("NFD", name)) is None


SYLLABLES = ("Hòa", "Bình", "Thủy", "Đông", "Khoẻ", "Quý", "Nghĩa", "Phước", "Tây", "Ngoại")


def old_and_new(name: str) -> set[str]:
    """The name with the tones of oa, oe, uy at either place."""
    found = {name}
    for vowels in ("oa", "oe", "uy"):
        for tone in TONES:
            first = composed(f"{vowels[0]}{tone}{vowels[1]}")
            second = composed(f"{vowels[0]}{vowels[1]}{tone}")
            found |= {one.replace(first, second) for one in found}
            found |= {one.replace(second, first) for one in found}
    return found


def queries() -> list[tuple[str, str]]:
    """200 questions with the name each must find."""
    names = [f"{first} {second}" for first in SYLLABLES for second in SYLLABLES if first != second]
    asked = []
    for name in names:
        for spelling in sorted(old_and_new(name)):
            asked += [
                (spelling, name),
                (spelling.upper(), name),
                (unicodedata.normalize("NFD", spelling), name),
                (search_key(spelling), name),
            ]
    random.Random(4).shuffle(asked)
    return asked[:200]


def test_un_04_two_hundred_questions_find_their_unit(places: cast.Places) -> None:
    asked = queries()
    assert len(asked) == 200
    province = Province.objects.create(code="86", name="Vĩnh Long", kind="province")
    made = [
        Unit(code=f"{number:05d}", name=f"xã {name}", kind="commune", province=province)
        for number, name in enumerate(sorted({name for _, name in asked}))
    ]
    for unit in made:
        unit.clean_names()
    Unit.objects.bulk_create(made)
    everywhere = Unit.objects.all()
    missed = [
        (typed, name)
        for typed, name in asked
        if f"xã {name}" not in set(matching(everywhere, typed).values_list("name", flat=True))
    ]
    assert missed == []


CITY = """
An Đông|An Hội Đông|An Hội Tây|An Khánh|An Lạc|An Lợi Đông|An Nhơn|An Phú|An Phú Đông|Bà Điểm
Bà Rịa|Bàn Cờ|Bàu Bàng|Bàu Lâm|Bảy Hiền|Bắc Tân Uyên|Bến Cát|Bến Thành|Bình Chánh|Bình Châu
Bình Cơ|Bình Dương|Bình Đông|Bình Giã|Bình Hòa|Bình Hưng|Bình Hưng Hòa|Bình Khánh|Bình Lợi
Bình Lợi Trung|Bình Mỹ|Bình Phú|Bình Quới|Bình Tân|Bình Tây|Bình Thạnh|Bình Thới|Bình Tiên
Bình Trị Đông|Bình Trưng|Cát Lái|Cần Giờ|Cầu Kiệu|Cầu Ông Lãnh|Chánh Hiệp|Chánh Hưng
Chánh Phú Hòa|Châu Đức|Châu Pha|Chợ Lớn|Chợ Quán|Côn Đảo|Củ Chi|Dầu Tiếng|Dĩ An|Diên Hồng
Đất Đỏ|Đông Hòa|Đông Hưng Thuận|Đông Thạnh|Đức Nhuận|Gia Định|Gò Vấp|Hạnh Thông|Hiệp Bình
Hiệp Phước|Hòa Bình|Hòa Hiệp|Hòa Hội|Hòa Hưng|Hòa Lợi|Hóc Môn|Hồ Tràm|Hưng Long|Khánh Hội
Kim Long|Lái Thiêu|Linh Xuân|Long Bình|Long Điền|Long Hải|Long Hòa|Long Nguyên
Long Phước|Long Sơn|Long Trường|Minh Phụng|Minh Thạnh|Ngãi Giao|Nghĩa Thành|Nhà Bè|Nhiêu Lộc
Nhuận Đức|Phú An|Phú Định|Phú Giáo|Phú Hòa Đông|Phú Lâm|Phú Mỹ|Phú Nhuận|Phú Thạnh
Phú Thọ|Phú Thọ Hòa|Phú Thuận|Phước Hải|Phước Hòa|Phước Long|Phước Thành|Phước Thắng
Phường 1|Phường 2|Phường 9|Phường 10|Phường 11|Phường 100|Rạch Dừa|Sài Gòn
Tam Bình|Tam Long|Tam Thắng|Tân An Hội|Tân Bình|Tân Định|Tân Đông Hiệp|Tân Hiệp
Tân Hòa|Tân Hưng|Tân Khánh|Tân Mỹ|Tân Nhựt|Tân Phú|Tân Phước|Tân Sơn|Tân Sơn Hòa
Tân Sơn Nhất|Tân Sơn Nhì|Tân Tạo|Tân Thành|Tân Thới Hiệp|Tân Thuận|Tân Uyên|Tân Vĩnh Lộc
Tây Nam|Tây Thạnh|Thái Mỹ|Thanh An|Thạnh An|Thạnh Mỹ Tây|Thông Tây Hội|Thới An|Thới Hòa
Thủ Dầu Một|Thủ Đức|Thuận An|Thuận Giao|Thường Tân|Trung Mỹ Tây|Trừ Văn Thố|Vĩnh Hội|Vĩnh Lộc
Vĩnh Tân|Vũng Tàu|Vườn Lài|Xóm Chiếu|Xuân Hòa|Xuân Sơn|Xuân Thới Sơn|Xuyên Mộc
"""


def golden() -> list[str]:
    """168 names in dictionary order, as many units as Hồ Chí Minh City has, put in order by hand.

    Most are names of its wards and communes; some are there because they are hard to order.
    """
    return [name for line in CITY.split("\n") for name in line.split("|") if name]


def test_un_05_the_golden_order_of_168_names() -> None:
    names = golden()
    assert (len(names), len(set(names))) == (168, 168)
    shuffled = random.Random(5).sample(names, len(names))
    assert sorted(shuffled, key=sort_key) == names


def test_un_05_the_database_gives_the_same_order(places: cast.Places) -> None:
    names = golden()
    city = Province.objects.create(code="79", name="Hồ Chí Minh", kind="city")
    made = [
        Unit(code=f"{number:05d}", name=name, kind="ward", province=city)
        for number, name in enumerate(random.Random(6).sample(names, len(names)))
    ]
    for unit in made:
        unit.clean_names()
    Unit.objects.bulk_create(made)
    listed = Unit.objects.filter(province=city).order_by("sort_key")
    assert list(listed.values_list("name", flat=True)) == names


def test_un_05_keys_are_digits_so_that_no_collation_orders_them_otherwise() -> None:
    assert all(sort_key(name).isdigit() for name in golden())
    assert sort_key("Phường 2") < sort_key("Phường 10") < sort_key("Phường A")
    assert sort_key("An") < sort_key("An Bình") < sort_key("Anh")
