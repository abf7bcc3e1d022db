"""A programme nobody here has seen, written from CONTRACT.md and docs/packs.md alone."""

from datetime import date

from assessments.models import Recognition, Registration, RegistrationQuota
from criteria.models import Programme
from reports.rollup import roadmap_rows
from tests.packs.conftest import HEAD, Packs

UNSEEN = """\
pack: 1
documents:
  - {code: DA-BX, number: 77/QĐ-UBND, issued_on: 2024-03-01, issuer: UBND tỉnh Biển Xanh}
  - {code: DA-BX-2, number: 12/QĐ-UBND, issued_on: 2026-02-10, issuer: UBND tỉnh Biển Xanh}
  - {code: NQ-BX, number: 99/NQ-UBTVQH15, confirmed: false, note: Chưa có văn bản gốc.}
provinces:
  - {code: "98", name: Biển Xanh, kind: province, valid_to: 2025-06-30}
  - {code: "97", name: Núi Xanh, kind: province}
districts:
  - {code: "991", province: "98", name: Biển Xanh, kind: city, valid_to: 2025-06-30}
  - {code: "992", province: "98", name: Cù Lao, kind: town, valid_to: 2025-06-30}
units:
  - {code: "99001", name: Phường 1, kind: ward, province: "98", district: "991",
     valid_to: 2025-06-30}
  - {code: "99002", name: Phường 2, kind: ward, province: "98", district: "991",
     valid_to: 2025-06-30, key_area: true}
  - {code: "99003", name: phường Bến Cảng, kind: ward, province: "98", district: "992",
     valid_to: 2025-06-30}
  - {code: "99004", name: xã Đảo Xa, kind: commune, province: "98", district: "992",
     valid_to: 2025-06-30}
  - {code: "99001", name: phường Biển Xanh, kind: ward, province: "97", valid_from: 2025-07-01}
  - {code: "99003", name: phường Cù Lao, kind: ward, province: "97", valid_from: 2025-07-01}
reorganisations:
  - {on: 2025-07-01, document: NQ-BX, kind: merge, from: ["99001", "99002"], into: ["99001"]}
  - {on: 2025-07-01, document: NQ-BX, kind: merge, from: ["99003", "99004"], into: ["99003"]}
agencies:
  - {code: bx-so-noi-vu, name: Sở Nội vụ, province: "98"}
criteria_sets:
  - code: BX-2024
    name: Bộ tiêu chí của tỉnh Biển Xanh
    document: DA-BX
    confirmed: true
    groups:
      - code: A
        name: Lực lượng
        criteria:
          - code: A1
            title: Biên chế
            indicators:
              - {code: a1, title: Số biên chế, kind: count, at_least: 6, unit: biên chế}
          - code: A2
            title: Chi bộ
            ward_alone: false
            owner: Đảng ủy
            indicators:
              - {code: a2, title: Xếp loại, kind: title, scale: party-rating, at_least: good}
programmes:
  - code: bien-xanh-2024
    name: Đề án của tỉnh Biển Xanh, giai đoạn 2024 - 2028
    document: DA-BX
    province: "98"
    unit_kinds: [ward, commune]
    starts: 2024
    ends: 2028
    criteria_set: BX-2024
    counts_as_met: verified
    inputs_due: "10-31"
    stated_size: 4
    stated_size_text: bốn đơn vị
    recognition_years: 3
    oversight: Công an tỉnh kiểm tra hai lần mỗi năm.
    quotations:
      - {about: Mục tiêu (mục II), text: "Đến năm 2028, 100% đơn vị đạt chuẩn."}
    note: Đề án không nêu ai công nhận.
    targets:
      - {by: 2024-12-31, level: 1, text: "Năm 2024 có 01 đơn vị."}
      - {by: 2025-12-31, additional: 1}
      - {by: 2026-12-31, percent: 50, scope: {district: "992"}}
      - {by: 2026-12-31, percent: 100, scope: {key_area: true}}
      - {by: 2027-12-31, level: 1, scope: {units: ["99001", "99003"]}}
      - {by: 2027-12-31, percent: 60, scope: {each_province: true}}
      - {by: 2028-12-31, percent: 100}
      - {new_units: 2}
    duties:
      - {agency: bx-so-noi-vu, entry: "1", text: Tham mưu khen thưởng hằng năm.}
    revisions:
      - on: 2026-02-10
        document: DA-BX-2
        targets:
          - {by: 2026-12-31, level: 1}
          - {by: 2028-12-31, percent: 80}
    report: {parent: BỘ CÔNG AN, name: CÔNG AN TỈNH BIỂN XANH, place: Biển Xanh}
baselines:
  - {programme: bien-xanh-2024, on: 2024-03-01, document: DA-BX, not_met: {A1: ["99002"]}}
recognitions:
  - {programme: bien-xanh-2024, unit: "99001", document: DA-BX, decided_on: 2025-03-01,
     for_year: 2024, sample: true}
registrations:
  - {programme: bien-xanh-2024, year: 2024, units: ["99001"], source: province}
  - programme: bien-xanh-2024
    year: 2024
    assigned: 1
    registered: 2
    added: 1
    document: DA-BX
    text: "Bộ giao 01; đăng ký 02; tỉnh bổ sung 01."
"""


def overall(programme: Programme, as_of: date) -> list[tuple[str, int, int, int, int]]:
    """The rows of the whole programme."""
    return [
        (row.as_approved, row.required, row.of, row.required_now, row.roster_now)
        for row in roadmap_rows(programme, as_of=as_of)
        if row.scope == "all"
    ]


def test_it_loads_at_the_first_try(packs: Packs):
    packs.load(UNSEEN)
    found = Programme.objects.get(code="bien-xanh-2024")
    assert (found.stated_size, found.stated_size_text, found.recognition_years) == (
        4,
        "bốn đơn vị",
        3,
    )
    assert found.quotations == [
        {"about": "Mục tiêu (mục II)", "text": "Đến năm 2028, 100% đơn vị đạt chuẩn."}
    ]
    assert (found.oversight, found.note) == (
        "Công an tỉnh kiểm tra hai lần mỗi năm.",
        "Đề án không nêu ai công nhận.",
    )
    quota = RegistrationQuota.objects.get()
    assert (quota.assigned, quota.registered, quota.added) == (1, 2, 1)
    assert (quota.document.code, quota.text) == (
        "DA-BX",
        "Bộ giao 01; đăng ký 02; tỉnh bổ sung 01.",
    )
    assert (Registration.objects.count(), Recognition.objects.count()) == (1, 1)
    assert not packs.load(UNSEEN)[0].has_changes


def test_its_rows_are_right_on_every_day(packs: Packs):
    packs.load(UNSEEN)
    programme = Programme.objects.get(code="bien-xanh-2024")
    approved = [("01/4", 1, 4), ("thêm 1", 2, 4), ("100%", 4, 4)]
    assert overall(programme, date(2025, 6, 30)) == [
        (*row, now, 4) for row, now in zip(approved, (1, 2, 4), strict=True)
    ]
    # Two units since 1/7/2025: each level × 2/4, rounded up.
    assert overall(programme, date(2025, 7, 1)) == [
        (*row, now, 2) for row, now in zip(approved, (1, 1, 2), strict=True)
    ]
    # The revision of 10/2/2026 counts on two units and replaces what is due from its day on.
    assert overall(programme, date(2026, 2, 9))[-1][0] == "100%"
    assert overall(programme, date(2026, 2, 10)) == [
        ("01/4", 1, 4, 1, 2),
        ("thêm 1", 2, 4, 1, 2),
        ("01/2", 1, 2, 1, 2),
        ("ít nhất 80%", 2, 2, 2, 2),
    ]


def test_its_narrower_rows(packs: Packs):
    packs.load(UNSEEN)
    programme = Programme.objects.get(code="bien-xanh-2024")
    rows = roadmap_rows(programme, as_of=date(2025, 12, 1))
    assert [(row.scope, row.required, row.of) for row in rows if row.scope != "all"] == [
        ("district:992", 1, 2),
        ("key_area", 1, 1),
        ("units", 1, 2),
        ("province:98", 3, 4),
        ("new_units:2025", 2, 2),
    ]
    assert rows[-2].scope_label == "Biển Xanh (nay thuộc Núi Xanh)"


def test_a_stranger_is_told_precisely_what_is_wrong(packs: Packs):
    edits = {
        "stated_size: 4": "stated_size: 0",
        "recognition_years: 3": "recognition_years: 40",
        'about: Mục tiêu (mục II), text: "Đến': 'abuot: Mục tiêu (mục II), text: "Đến',
        "level: 1, text:": "level: 9, text:",
        "scope: {each_province: true}": "scope: {each_province: false}",
        "registered: 2": "registered: nhiều",
        "percent: 80": "percent: 180",
    }
    text = UNSEEN
    for right, wrong in edits.items():
        assert right in text
        text = text.replace(right, wrong)
    found = packs.faults(text)
    assert set(found) == {
        "programmes[0].stated_size",
        "programmes[0].recognition_years",
        "programmes[0].quotations[0].about",
        "programmes[0].quotations[0].abuot",
        "programmes[0].targets[0].level",
        "programmes[0].targets[1].additional",
        "programmes[0].targets[5].scope.each_province",
        "programmes[0].revisions[0].targets[1].percent",
        "registrations[1].registered",
    }


def test_faults_of_revisions(packs: Packs):
    ok = "          - {by: 2028-12-31, percent: 80}\n"
    for line, path, said in (
        ("{by: 2028-12-31, level: 7}", "targets[1].level", "mà phạm vi này chỉ có 4"),
        ("{by: 2029-12-31, percent: 80}", "targets[1].by", "ngoài thời gian"),
        ("{by: 2026-01-31, percent: 80}", "targets[1].by", "trước ngày điều chỉnh"),
    ):
        found = packs.faults(UNSEEN.replace(ok, f"          - {line}\n"))
        assert list(found) == [f"programmes[0].revisions[0].{path}"]
        assert said in found[f"programmes[0].revisions[0].{path}"]
    for on, said in (
        ("2029-02-10", "sau khi chương trình kết thúc (2028)."),
        ("2024-02-10", "trước ngày chương trình được phê duyệt (01/03/2024)."),
    ):
        found = packs.faults(UNSEEN.replace("- on: 2026-02-10", f"- on: {on}"))
        assert found["programmes[0].revisions[0].on"] == said


def test_more_than_the_smallest_province_has(packs: Packs):
    found = packs.faults(UNSEEN.replace("percent: 60, scope: {each", "level: 5, scope: {each"))
    assert found == {
        "programmes[0].targets[5].level": "cộng dồn đến đây là 5 đơn vị, "
        'mà tỉnh, thành phố "98" chỉ có 4.'
    }


def test_faults_of_figures(packs: Packs):
    packs.load(UNSEEN)
    found = packs.faults(
        HEAD + "registrations:\n"
        "  - {programme: bien-xanh-2024, year: 2025, added: 1, document: DA-BX}\n"
        "  - {programme: bien-xanh-2024, year: 2025, added: 2, assigned: 1}\n"
        '  - {programme: bien-xanh-2024, year: 2025, units: ["99001"], source: self, text: "Một"}\n'
    )
    assert found == {
        "registrations[1].added": "mục này của năm 2025 đã có ở [0].",
        "registrations[2].text": "chỉ đi cùng một số: assigned, registered, added.",
    }
