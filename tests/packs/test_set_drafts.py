"""Drafts in packs: what is known of a set, and never over what people entered in the portal."""

from pathlib import Path

from django.conf import settings

from assessments.pack_loader import load_file
from criteria.models import CriteriaSet
from tests.packs.conftest import CRITERIA, HEAD, NOW, PLACES, Packs

DRAFT = (
    HEAD
    + """criteria_sets:
  - code: NHAP
    name: Bộ chưa đủ
    draft: true
    stated_count: 20
    groups:
      - {code: "1", name: Nhóm, criteria: [{code: C06, title: Trụ sở}]}
"""
)
NEWER = (
    HEAD
    + """criteria_sets:
  - code: MOI
    name: Bộ mới
    short_name: Mới
    replaces: TC-2
    stated_count: 2
    mapping:
      - {from: C01, to: C01, relation: kept}
      - {from: C02, to: C02, relation: kept}
    groups:
      - code: "1"
        name: Nhóm
        criteria:
          - {code: C01, title: Một, indicators: [{code: 1a, title: Có, kind: yes_no}]}
          - {code: C02, title: Hai, indicators: [{code: 2a, title: Có, kind: yes_no}]}
"""
)


def root(path: str) -> Path:
    return Path(settings.BASE_DIR) / path


def test_a_draft_is_loaded_unpublished_and_follows_its_pack(packs: Packs) -> None:
    packs.load(DRAFT)
    found = CriteriaSet.objects.get(code="NHAP")
    assert (found.is_published, found.stated_count, found.criteria.count()) == (False, 20, 1)
    assert not packs.load(DRAFT)[0].has_changes
    assert packs.load(DRAFT.replace("Trụ sở", "Trụ sở và trang thiết bị"))[0].has_changes
    assert found.criteria.get().title == "Trụ sở và trang thiết bị"


def test_what_people_entered_is_kept_and_told(packs: Packs) -> None:
    packs.load(DRAFT)
    CriteriaSet.objects.filter(code="NHAP").update(drafted_at=NOW, name="Sửa trong cổng")
    (loaded,) = packs.load(DRAFT)
    assert not loaded.has_changes
    assert '"NHAP" đang được soạn trong cổng nên giữ nguyên' in loaded.line
    assert CriteriaSet.objects.get(code="NHAP").name == "Sửa trong cổng"


def test_a_draft_of_a_published_set_is_refused_where_it_differs(packs: Packs) -> None:
    packs.load(PLACES, CRITERIA)
    draft = CRITERIA.replace("    document:", "    draft: true\n    document:")
    assert not packs.load(draft)[0].has_changes
    assert packs.faults(draft.replace("Cháy, nổ", "Cháy")) == {
        "criteria_sets[0].groups[1].criteria[0].title": 'bộ tiêu chí "TC-2" đã công bố; '
        "sửa bằng phiên bản mới (mã khác)."
    }


def test_a_set_that_replaces_another_tells_of_every_criterion(packs: Packs) -> None:
    packs.load(PLACES, CRITERIA, NEWER)
    made = CriteriaSet.objects.get(code="MOI")
    assert (made.replaces.code, made.label, made.correspondences.count()) == ("TC-2", "Mới", 2)
    assert not packs.load(NEWER)[0].has_changes
    other = NEWER.replace("code: MOI", "code: KHAC")
    line = "      - {from: C02, to: C02, relation: kept}\n"
    faults = packs.faults(other.replace(line, ""))
    assert "Tiêu chí cũ C02 chưa được đối chiếu" in faults["criteria_sets[0].mapping"]
    faults = packs.faults(other.replace("from: C02", "from: C77"))
    assert faults["criteria_sets[0].mapping[1]"] == 'bộ cũ không có tiêu chí "C77".'
    faults = packs.faults(other.replace("stated_count: 2", "stated_count: 20"))
    assert faults["criteria_sets[0].stated_count"].startswith("văn bản nêu 20 tiêu chí")


def test_a_published_set_without_a_short_name_takes_it_from_its_pack(packs: Packs) -> None:
    named = CRITERIA.replace("  - code: TC-2\n", "  - code: TC-2\n    short_name: Hai\n")
    packs.load(PLACES, CRITERIA, named, CRITERIA)
    assert CriteriaSet.objects.get(code="TC-2").label == "Hai"
    assert set(packs.faults(named.replace("Hai\n", "Ba\n"))) == {"criteria_sets[0].short_name"}


def test_the_2024_set_is_what_is_known_of_it(db: None) -> None:
    for file in (
        "wards/packs/documents.yaml",
        "criteria/packs/qd-5764.yaml",
        "criteria/packs/bo-tieu-chi-2024.yaml",
    ):
        load_file(root(file), now=NOW)
    found = CriteriaSet.objects.get(code="BTC-2024")
    assert (found.is_published, found.is_confirmed, found.stated_count) == (False, False, 20)
    assert (found.label, found.replaces.label) == ("2024", "QĐ 5764")
    (known,) = found.criteria.all()
    assert (known.code, known.indicators.count()) == ("C06", 0)
    assert "điển hình" not in found.name


def test_ninh_binhs_set_is_an_empty_draft(db: None) -> None:
    for file in (
        "wards/packs/ninh-binh-province.yaml",
        "wards/packs/programme-documents.yaml",
        "criteria/packs/ninh-binh-2026-set.yaml",
    ):
        load_file(root(file), now=NOW)
    found = CriteriaSet.objects.get(code="NB-2026")
    assert (found.is_published, found.criteria.count(), found.stated_count) == (False, 0, None)
    assert found.province.name == "Ninh Bình"
