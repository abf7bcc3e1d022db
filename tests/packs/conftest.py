"""Loading small packs from text, and looking at what they left behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone

from assessments.pack_loader import Loaded, load_file
from wards.pack_schema.problems import PackRefused, path_text

NOW = datetime(2023, 11, 1, 9, 0, tzinfo=timezone.get_default_timezone())

PLACES = """\
pack: 1
documents:
  - {code: QD-1578, number: 1578/QĐ-UBND, issued_on: 2023-10-20, issuer: UBND tỉnh Trà Vinh}
  - {code: NQ-1277, number: 1277/NQ-UBTVQH15, confirmed: false}
provinces:
  - {code: "84", name: Trà Vinh, kind: province, valid_to: 2025-06-30}
  - {code: "86", name: Vĩnh Long, kind: province}
districts:
  - {code: "842", province: "84", name: Trà Vinh, kind: city, valid_to: 2025-06-30}
  - {code: "851", province: "84", name: Duyên Hải, kind: town, valid_to: 2025-06-30}
units:
  - {code: "29239", name: Phường 1, kind: ward, province: "84", district: "842",
     valid_to: 2025-06-30}
  - {code: "29245", name: Phường 2, kind: ward, province: "84", district: "842",
     valid_to: 2024-12-31}
  - {code: "29242", name: Phường 3, kind: ward, province: "84", district: "842",
     valid_to: 2025-06-30}
  - {code: "29512", name: Phường 1, kind: ward, province: "84", district: "851",
     valid_to: 2025-06-30}
  - {code: "29242", name: phường Trà Vinh, kind: ward, province: "86", valid_from: 2025-07-01}
agencies:
  - {code: so-tai-chinh, name: Sở Tài chính, province: "84"}
"""

CRITERIA = """\
pack: 1
criteria_sets:
  - code: TC-2
    name: Bộ tiêu chí thử
    document: QD-1578
    groups:
      - code: "1"
        name: Xây dựng Đảng
        criteria:
          - code: C01
            title: Chi bộ xếp loại
            indicators:
              - {code: 1a, title: Chi bộ, kind: title, scale: party-rating, at_least: excellent}
      - code: "2"
        name: Trật tự
        criteria:
          - code: C02
            title: Cháy, nổ
            indicators:
              - {code: 2a, title: Vụ cháy, kind: count, at_most: 0, unit: vụ, exemptible: true}
              - {code: 2b, title: Tin báo, kind: ratio, at_least: 100, no_case: true}
              - {code: 2c, title: Quy chế, kind: yes_no}
"""

PROGRAMME = """\
pack: 1
programmes:
  - code: tra-vinh
    name: Đề án thử
    document: QD-1578
    province: "84"
    unit_kinds: [ward]
    starts: 2023
    ends: 2030
    criteria_set: TC-2
    inputs_due: "11-15"
    roster: ["29239", "29245", "29242", "29512"]
    targets:
      - {by: 2023-12-31, level: 1}
      - {by: 2024-12-31, additional: 1}
      - {by: 2025-12-31, percent: 100, scope: {district: "851"}}
      - {new_units: 1}
    duties:
      - {agency: so-tai-chinh, entry: "3", text: Bố trí kinh phí}
    report: {name: CÔNG AN TỈNH TRÀ VINH, place: Trà Vinh, recipients: [Như trên]}
"""

HEAD = "pack: 1\n"


@dataclass
class Packs:
    """A folder of packs."""

    folder: Path

    def write(self, text: str | bytes, name: str = "pack.yaml") -> Path:
        """A file with this text."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def load(self, *texts: str) -> list[Loaded]:
        """Load these texts one after the other."""
        return [
            load_file(self.write(text, f"pack-{number}.yaml"), now=NOW)
            for number, text in enumerate(texts, start=1)
        ]

    def faults(self, text: str | bytes) -> dict[str, str]:
        """Path and sentence of everything wrong with a pack; nothing is left behind."""
        before = rows()
        with pytest.raises(PackRefused) as refusal:
            load_file(self.write(text), now=NOW)
        assert rows() == before
        found = [
            (path_text(one.loc), one.sentence, line)
            for one, line in zip(refusal.value.problems, refusal.value.lines, strict=True)
        ]
        for path, sentence, line in found:
            assert f"pack.yaml:{path}: {sentence}" in line or not path
            assert sentence.endswith(".")
            assert "\n" not in line
        assert len({path for path, *_ in found}) == len(found), "two sentences about one place"
        return {path: sentence for path, sentence, _ in found}


def rows() -> dict[str, list[dict[str, object]]]:
    """Everything the database holds, row by row."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in {"accounts", "wards", "criteria", "assessments"}:
            found[model._meta.label] = list(model._default_manager.order_by("pk").values())
    return found


@pytest.fixture
def packs(tmp_path: Path, db: None) -> Packs:
    return Packs(tmp_path)


@pytest.fixture
def base(packs: Packs) -> Packs:
    """Places, criteria and a programme are there already."""
    packs.load(PLACES, CRITERIA, PROGRAMME)
    return packs


@pytest.fixture
def edit() -> Callable[[str, str, str], str]:
    """A text with exactly one passage replaced."""

    def replaced(text: str, old: str, new: str) -> str:
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        return text.replace(old, new)

    return replaced
