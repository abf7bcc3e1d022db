"""The columns of a list and the words that may stand in them."""

import re
from collections.abc import Mapping

from wards.models import DistrictKind, ProvinceKind, UnitKind
from wards.names import search_key

MAX_ROWS = 5_000
"""The country has 3,321 units; a list of more rows is not one."""
LIMIT = "danh sách có tối đa 5.000 dòng"

HEADINGS: Mapping[str, str] = {
    "province_code": "Mã tỉnh",
    "province_name": "Tên tỉnh",
    "province_kind": "Loại tỉnh",
    "province_valid_from": "Tỉnh từ ngày",
    "district_code": "Mã huyện",
    "district_name": "Tên huyện",
    "district_kind": "Loại huyện",
    "unit_code": "Mã đơn vị",
    "unit_name": "Tên đơn vị",
    "unit_kind": "Loại đơn vị",
    "valid_from": "Từ ngày",
    "valid_to": "Đến hết ngày",
    "key_area": "Địa bàn trọng điểm",
}
"""What each column is called when it is spoken of."""
REQUIRED = ("province_code", "province_name", "unit_code", "unit_name")

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "province_code": ("mã tp", "mã tỉnh thành phố", "mã tỉnh tp", "province"),
    "province_name": ("tỉnh", "tỉnh thành phố", "tên tỉnh thành phố", "tỉnh tp"),
    "province_kind": ("loại tỉnh thành phố", "province type"),
    "district_code": ("mã qh", "mã quận huyện", "mã cấp huyện", "district"),
    "district_name": ("quận huyện", "huyện", "tên quận huyện", "tên cấp huyện"),
    "district_kind": ("loại quận huyện", "loại cấp huyện", "district type"),
    "unit_code": ("mã", "mã px", "mã xã", "mã phường xã", "mã cấp xã", "code", "ward code"),
    "unit_name": (
        "tên",
        "đơn vị",
        "tên xã",
        "phường xã",
        "tên phường xã",
        "tên cấp xã",
        "name",
        "ward name",
    ),
    "unit_kind": ("loại", "cấp", "loại cấp xã", "kind", "type", "ward kind"),
    "valid_from": ("hiệu lực từ", "ngày hiệu lực"),
    "valid_to": ("đến ngày", "hết hiệu lực"),
    "key_area": ("trọng điểm", "địa bàn trọng điểm phức tạp"),
}


def heading_key(text: str) -> str:
    """ "Mã tỉnh/thành phố", "MA_TINH_THANH_PHO" and "mã tỉnh, thành phố" are one heading."""
    return " ".join(re.findall(r"[a-z0-9]+", search_key(text)))


COLUMNS: Mapping[str, str] = {
    heading_key(written): column
    for column, heading in HEADINGS.items()
    for written in (column, heading, *_ALIASES.get(column, ()))
}
"""The column that each heading means."""

UNIT_KINDS: Mapping[str, str] = {
    **{kind.value: kind.value for kind in UnitKind},
    **{heading_key(kind.label): kind.value for kind in UnitKind},
}
PROVINCE_KINDS: Mapping[str, str] = {
    "province": "province",
    "tinh": "province",
    "city": "city",
    "tp": "city",
    "thanh pho": "city",
    "thanh pho trung uong": "city",
    "thanh pho truc thuoc trung uong": "city",
}
DISTRICT_KINDS: Mapping[str, str] = {
    "tp": "city",
    "tx": "town",
    "thanh pho thuoc tinh": "city",
    **{kind.value: kind.value for kind in DistrictKind},
    **{heading_key(kind.label): kind.value for kind in DistrictKind},
}
YES_NO: Mapping[str, bool] = {
    "x": True,
    "co": True,
    "yes": True,
    "true": True,
    "1": True,
    "khong": False,
    "no": False,
    "false": False,
    "0": False,
}

CODE_DIGITS = {"province_code": 2, "district_code": 3, "unit_code": 5}
"""Official codes have so many digits; spreadsheets drop the noughts in front."""

_PREFIXES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "province": (("thành phố", ProvinceKind.CITY), ("tỉnh", ProvinceKind.PROVINCE)),
    "district": tuple((kind.label, kind.value) for kind in DistrictKind),
    "unit": tuple((kind.label, kind.value) for kind in UnitKind),
}


def without_kind(of: str, name: str) -> tuple[str, str]:
    """The name without the word of its kind in front, and the kind that word tells ("" if none)."""
    for word, kind in _PREFIXES[of]:
        if name.casefold().startswith(f"{word} "):
            return name[len(word) + 1 :].strip(), kind
    return name, ""


def unit_name(bare: str, kind: str) -> str:
    """The name as inside a sentence: "Phường 1" but "phường Trà Vinh"."""
    word = UnitKind(kind).label
    return f"{word.capitalize()} {bare}" if bare[:1].isdigit() else f"{word} {bare}"
