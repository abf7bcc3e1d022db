"""The list that the optional package `vietnam-provinces` carries (the extra `units`)."""

import hashlib
import importlib
import json
from pathlib import Path
from typing import Any

from wards.unit_list.faults import Fault, ListRefused
from wards.unit_list.layout import HEADINGS
from wards.unit_list.table import Row, Table

NAME = "vietnam-provinces"
SINCE = "2025-07-01"
"""The day from which the units of the package are in force."""
VERSION = "2025.10.1"
"""The one that was looked at; `pyproject.toml` names it as the extra `units`."""
HOW = (
    f"chưa cài gói {NAME} (giấy phép GPL-3, không kèm theo hệ thống); cài bằng "
    f".venv/bin/python -m pip install {NAME}=={VERSION} rồi chạy lại, hoặc nạp danh sách từ tệp "
    "CSV, XLSX."
)


def read_package() -> tuple[Table, str]:
    """The table of the installed package, with the SHA-256 of its data.

    Raises:
        ListRefused: the package is not installed, or is another one than we know.
    """
    try:
        package = importlib.import_module("vietnam_provinces")
        content = Path(package.NESTED_DIVISIONS_JSON_PATH).read_bytes()
        provinces = json.loads(content)
        rows = [
            _row(line, province, unit)
            for line, (province, unit) in enumerate(
                ((province, unit) for province in provinces for unit in province["wards"]), start=1
            )
        ]
    except ImportError as error:
        raise ListRefused([Fault(NAME, 0, "", HOW)]) from error
    except (AttributeError, KeyError, TypeError, ValueError, OSError) as error:
        said = f"bản đã cài có cấu trúc khác ({error!r}); cần bản {VERSION}."
        raise ListRefused([Fault(NAME, 0, "", said)]) from error
    table = Table(f"{NAME} {getattr(package, '__version__', '')}".strip(), dict(HEADINGS), rows)
    return table, hashlib.sha256(content).hexdigest()


def _row(line: int, province: dict[str, Any], unit: dict[str, Any]) -> Row:
    return Row(
        line,
        {
            "province_code": str(province["code"]),
            "province_name": str(province["name"]),
            "province_kind": str(province["division_type"]),
            "unit_code": str(unit["code"]),
            "unit_name": str(unit["name"]),
            "unit_kind": str(unit["division_type"]),
        },
    )
