"""Loading again: what stays, what may be changed, what is refused, what is recorded."""

from collections.abc import Callable

import pytest

from accounts.audit import first_broken
from accounts.models import AuditEntry
from assessments.actions.opening import open_round
from criteria.models import Duty, Programme, Target
from tests.packs.conftest import CRITERIA, HEAD, NOW, PLACES, PROGRAMME, Packs, rows
from tests.packs.test_programmes import REVISION
from wards.models import Agency, LegalDocument, Reorganisation, Unit

Edit = Callable[[str, str, str], str]


@pytest.fixture
def running(base: Packs) -> Packs:
    """The programme has opened its first round."""
    open_round(Programme.objects.get(), 2023, by=None, now=NOW)
    return base


def test_loading_twice_writes_nothing(base: Packs):
    before = rows()
    for loaded in base.load(PLACES, CRITERIA, PROGRAMME):
        assert not loaded.has_changes
        assert "không thay đổi (" in loaded.line
    assert rows() == before


def test_every_changed_file_is_recorded_once(base: Packs):
    base.load(PLACES)
    entries = list(AuditEntry.objects.filter(event="pack_loaded").order_by("sequence"))
    assert [entry.details["file"] for entry in entries] == [
        "pack-1.yaml",
        "pack-2.yaml",
        "pack-3.yaml",
    ]
    assert [entry.subject_type for entry in entries] == [
        "wards.legaldocument",
        "criteria.criteriaset",
        "criteria.programme",
    ]
    programme = entries[2]
    assert (programme.actor_name, programme.province_code) == ("Hệ thống", "84")
    assert len(programme.details["sha256"]) == 64
    assert programme.details["created"]["chỉ tiêu"] == 4
    assert first_broken() is None


def test_what_is_left_out_stays(base: Packs):
    LegalDocument.objects.filter(code="QD-1578").update(note="Đã đối chiếu")
    before = rows()
    base.load(
        HEAD + "documents: [{code: QD-1578, number: 1578/QĐ-UBND}]\n"
        'units: [{code: "29239", name: Phường 1, kind: ward, province: "84", '
        "valid_to: 2025-06-30}]\n"
        "programmes:\n"
        "  - {code: tra-vinh, name: Đề án thử, document: QD-1578, unit_kinds: [ward],\n"
        "     starts: 2023, ends: 2030}\n"
    )
    assert rows() == before


def test_old_and_new_values_are_recorded(base: Packs, edit: Edit):
    [loaded] = base.load(edit(PLACES, "name: Sở Tài chính", "name: Sở Tài chính tỉnh, note: Mới"))
    assert loaded.updated == {"cơ quan": 1}
    assert Agency.objects.get().name == "Sở Tài chính tỉnh"
    entry = AuditEntry.objects.latest("sequence")
    assert entry.details["changes"] == [
        {
            "row": "Sở Tài chính tỉnh",
            "field": "name",
            "from": "Sở Tài chính",
            "to": "Sở Tài chính tỉnh",
        },
        {"row": "Sở Tài chính tỉnh", "field": "note", "from": "", "to": "Mới"},
    ]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("number: 1578/QĐ-UBND", "number: 1579/QĐ-UBND", "documents[0].number"),
        ("2023-10-20", "2023-10-21", "documents[0].issued_on"),
        ("name: Vĩnh Long", "name: Bến Tre", "provinces[1].name"),
        ("name: Vĩnh Long, kind: province", "name: Vĩnh Long, kind: city", "provinces[1].kind"),
        ("name: Duyên Hải", "name: Duyên Hải Mới", "districts[1].name"),
        ("name: Phường 2", "name: Phường II", "units[1].name"),
        ("name: Phường 3, kind: ward", "name: Phường 3, kind: commune", "units[2].kind"),
        (
            'name: Phường 3, kind: ward, province: "84", district: "842"',
            'name: Phường 3, kind: ward, province: "84", district: "851"',
            "units[2].district",
        ),
        ("valid_to: 2024-12-31", "valid_to: 2024-12-30", "units[1].valid_to"),
        (
            'so-tai-chinh, name: Sở Tài chính, province: "84"',
            'so-tai-chinh, name: Sở Tài chính, province: "86"',
            "agencies[0].province",
        ),
    ],
)
def test_what_a_thing_is_does_not_change(base: Packs, edit: Edit, old: str, new: str, path: str):
    assert set(base.faults(edit(PLACES, old, new))) == {path}


def test_an_open_unit_may_be_closed(base: Packs, edit: Edit):
    text = edit(PLACES, "valid_from: 2025-07-01", "valid_from: 2025-07-01, valid_to: 2026-12-31")
    text += "reorganisations:\n"
    text += '  - {on: 2025-07-01, document: NQ-1277, kind: merge, from: ["29239"], '
    text += 'into: ["29242"]}\n'
    [loaded] = base.load(text)
    assert loaded.updated == {"đơn vị": 1}
    assert str(Unit.objects.get(name="phường Trà Vinh").valid_to) == "2026-12-31"
    # The older file, which knows no end, does not open the unit again.
    before = rows()
    base.load(PLACES)
    assert rows() == before


def test_a_unit_may_become_a_key_area(base: Packs, edit: Edit):
    base.load(edit(PLACES, "valid_to: 2024-12-31", "valid_to: 2024-12-31, key_area: true"))
    assert Unit.objects.get(code="29245").key_area
    base.load(PLACES)
    assert Unit.objects.get(code="29245").key_area, "left out is not the same as no"


def test_an_unconfirmed_document_is_corrected_until_it_is_confirmed(base: Packs, edit: Edit):
    text = edit(
        PLACES,
        "number: 1277/NQ-UBTVQH15, confirmed: false",
        "number: 1278/NQ-UBTVQH15, issued_on: 2024-11-01, confirmed: true",
    )
    base.load(text)
    assert LegalDocument.objects.get(code="NQ-1277").number == "1278/NQ-UBTVQH15"
    assert set(base.faults(edit(text, "1278/NQ", "1279/NQ"))) == {"documents[1].number"}


def test_a_predecessor_may_become_known_later(base: Packs):
    def merge(units: str) -> str:
        return (
            HEAD + "reorganisations:\n"
            f"  - {{on: 2025-07-01, document: NQ-1277, kind: merge, from: {units}, "
            'into: ["29242"]}\n'
        )

    base.load(merge('["29239"]'))
    [loaded] = base.load(merge('["29239", "29242"]'))
    assert loaded.created == {"kế thừa": 1}
    assert Reorganisation.objects.get().successions.count() == 2
    assert set(base.faults(merge('["29242"]'))) == {"reorganisations[0].from"}


def test_a_programme_without_rounds_is_what_the_pack_says(base: Packs, edit: Edit):
    text = edit(PROGRAMME, '["29239", "29245", "29242", "29512"]', '["29239", "29512"]')
    text = edit(text, "      - {by: 2024-12-31, additional: 1}\n", "")
    text = edit(text, "ends: 2030", "ends: 2031")
    text = edit(text, "text: Bố trí kinh phí", "text: Bố trí đủ kinh phí")
    [loaded] = base.load(text)
    assert loaded.removed == {"chỉ tiêu": 1}
    assert AuditEntry.objects.latest("sequence").details["changes"][-2:] == [
        {
            "row": "tra-vinh 2024-12-31 additional 1.00",
            "field": "",
            "from": "tra-vinh 2024-12-31 additional 1.00",
            "to": "",
        },
        {
            "row": "Sở Tài chính: Bố trí đủ kinh phí",
            "field": "text",
            "from": "Bố trí kinh phí",
            "to": "Bố trí đủ kinh phí",
        },
    ]
    programme = Programme.objects.get()
    assert (programme.ends, programme.roster.count(), programme.targets.count()) == (2031, 2, 3)
    assert Duty.objects.get().text == "Bố trí đủ kinh phí"
    assert not base.load(text)[0].has_changes


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("starts: 2023", "starts: 2022", "starts"),
        ("ends: 2030", "ends: 2031", "ends"),
        ("document: QD-1578", "document: NQ-1277", "document"),
        ("unit_kinds: [ward]", "unit_kinds: [ward, commune]", "unit_kinds"),
        ('["29239", "29245", "29242", "29512"]', '["29239", "29245", "29512"]', "roster"),
        ("level: 1", "level: 2", "targets[0].level"),
        ("      - {new_units: 1}\n", "", "targets"),
        (
            "      - {new_units: 1}\n",
            "      - {new_units: 1}\n      - {by: 2030-12-31, level: 4}\n",
            "targets[4]",
        ),
        ('      - {agency: so-tai-chinh, entry: "3", text: Bố trí kinh phí}\n', "", "duties"),
    ],
)
def test_what_was_approved_stands_once_a_round_is_open(
    running: Packs, edit: Edit, old: str, new: str, path: str
):
    text = edit(PROGRAMME, old, new).replace(
        "    duties:\n    report", "    duties: []\n    report"
    )
    faults = running.faults(text)
    assert set(faults) == {f"programmes[0].{path}"}
    assert "chương trình đã mở kỳ đánh giá" in faults[f"programmes[0].{path}"]


def test_a_moved_target_is_one_too_many_and_one_too_few(running: Packs, edit: Edit):
    faults = running.faults(edit(PROGRAMME, "by: 2024-12-31", "by: 2024-11-30"))
    assert set(faults) == {"programmes[0].targets[1]", "programmes[0].targets"}


def test_settings_and_wordings_may_change_while_rounds_run(running: Packs, edit: Edit):
    text = edit(PROGRAMME, 'inputs_due: "11-15"', 'inputs_due: "12-01"')
    text = edit(text, "level: 1", "level: 1, text: Có 01 phường")
    text = edit(text, "place: Trà Vinh", "place: Vĩnh Long")
    text = edit(
        text,
        "    report:",
        "      - {agency: so-tai-chinh, text: Quyết toán}\n    report:",
    )
    [loaded] = running.load(text)
    assert loaded.updated == {"chương trình": 1, "chỉ tiêu": 1}
    assert loaded.created == {"nhiệm vụ được giao": 1}
    assert Target.objects.get(measure="level").text == "Có 01 phường"
    assert Programme.objects.get().report["place"] == "Vĩnh Long"


def test_targets_change_by_revision_while_rounds_run(running: Packs, edit: Edit):
    [loaded] = running.load(PROGRAMME + REVISION)
    assert loaded.created == {"điều chỉnh chỉ tiêu": 1, "chỉ tiêu": 3}
    assert Target.objects.filter(revision=None).count() == 4
    assert not running.load(PROGRAMME + REVISION)[0].has_changes
    changed = edit(PROGRAMME + REVISION, "percent: 90", "percent: 80")
    assert set(running.faults(changed)) == {"programmes[0].revisions[0].targets[1].percent"}


def test_a_refused_file_leaves_nothing_behind(base: Packs, edit: Edit):
    """The refusal comes after new documents and units have been written in the transaction."""
    text = edit(PLACES, "name: Phường 2", "name: Phường II")
    text = edit(text, "documents:\n", "documents:\n  - {code: MOI, number: 1/QĐ}\n")
    faults = base.faults(text)
    assert set(faults) == {"units[1].name"}
    assert 'đã nạp: "Phường 2"' in faults["units[1].name"]
    assert not LegalDocument.objects.filter(code="MOI").exists()
