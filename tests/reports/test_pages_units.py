"""Units and programmes: search, one unit's story, what was decided, opening a round."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AuditEntry, User
from assessments.actions import opening, remedying, submitting
from assessments.models import (
    Assessment,
    Baseline,
    BaselineFinding,
    FundSource,
    Recognition,
    Remedy,
    RemedyState,
)
from criteria.models import CriteriaSet, Duty, Programme, Round
from tests import cast
from wards.models import District, LegalDocument, Reorganisation, Succession, Unit

SignIn = Callable[[User], Client]


def words(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def town(places: cast.Places) -> Unit:
    district = District.objects.create(
        code="851", name="Duyên Hải", kind="town", province=places.province
    )
    return Unit.objects.create(
        code="29512", name="Phường 1", kind="ward", province=places.province, district=district
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Phường 1, TP Trà Vinh", "Phường 2, TP Trà Vinh", "Phường 1, TX Duyên Hải"]),
        ("duyen hai", ["Phường 1, TX Duyên Hải"]),
        ("DUYÊN HẢI phuong 1", ["Phường 1, TX Duyên Hải"]),
        ("Phươ\u0300ng 2", ["Phường 2, TP Trà Vinh"]),
        ("29245", ["Phường 2, TP Trà Vinh"]),
        ("khong co", []),
        ("%", []),
        ("bến tre", []),
    ],
)
def test_search_ignores_diacritics(
    asked: str, found: list[str], town: Unit, people: cast.People, sign_in: SignIn
) -> None:
    answer = sign_in(people.leader).get("/don-vi/", {"q": asked})
    names = [row["unit"].heading_name for row in answer.context["rows"]]
    assert sorted(names) == sorted(found)


@pytest.mark.parametrize(
    "query", [{"q": "\x00"}, {"q": "a" * 5000}, {"page": "10000000"}, {"page": "x"}]
)
def test_odd_questions_get_a_list(
    query: dict[str, str], people: cast.People, sign_in: SignIn
) -> None:
    assert sign_in(people.leader).get("/don-vi/", query).status_code == 200


def merge(places: cast.Places) -> Unit:
    """Phường 1 and Phường 2 become phường Trà Vinh on 1/7/2025."""
    for unit in (places.ward, places.other_ward):
        unit.valid_to = date(2025, 6, 30)
        unit.save()
    after = Unit.objects.create(
        code="29242",
        name="phường Trà Vinh",
        kind="ward",
        province=places.province,
        valid_from=date(2025, 7, 1),
    )
    change = Reorganisation.objects.create(
        on=date(2025, 7, 1),
        kind="merge",
        document=LegalDocument.objects.create(code="NQ-1687", number="1687/NQ-UBTVQH15"),
    )
    for unit in (places.ward, places.other_ward):
        Succession.objects.create(reorganisation=change, predecessor=unit, successor=after)
    return after


def test_units_of_old_stay_in_the_list(
    places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    after = merge(places)
    client = sign_in(people.leader)
    rows = client.get("/don-vi/").context["rows"]
    assert rows[0]["unit"] == after
    assert [row["is_former"] for row in rows] == [False, True, True]
    former = client.get("/don-vi/", {"tinh_trang": "da-sap-xep"}).context["rows"]
    assert {row["unit"].name for row in former} == {"Phường 1", "Phường 2"}


def test_a_unit_tells_what_is_in_the_way_and_whose_it_is(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C01",))
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    page = words(sign_in(people.leader), f"/don-vi/{assessment.unit_id}/")
    for expected in (
        "Điều gì đang chặn",
        "Ai làm: Đảng ủy phường",
        "Đã nộp, chờ thẩm định",
        "Công an tỉnh nhận phiếu và thẩm định.",
        'id="C03"',
        f"/phieu/{assessment.pk}/",
        f'href="/don-vi/{assessment.unit_id}/lich-su/#cac-ky"',
    ):
        assert expected in page, expected


def test_the_past_and_the_people_of_a_unit_have_a_page_of_their_own(
    assessment: Assessment, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C01",))
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    for person in (people.leader, people.commander, people.ministry_viewer):
        page = words(sign_in(person), f"/don-vi/{assessment.unit_id}/lich-su/")
        for expected in (
            f'<a href="/don-vi/{assessment.unit_id}/">{places.ward.heading_name}</a>',
            "Kỳ 2023",
            "2/3",
            "Đơn vị chưa có quyết định công nhận.",
            "Chưa có cuộc kiểm tra, giám sát nào được ghi.",
            "Chưa có sắp xếp nào liên quan đến đơn vị này.",
            "Nguyễn Thị Lan",
            "Trần Văn Minh",
        ):
            assert expected in page, expected


def test_the_unit_page_reads_like_a_list_of_who_does_what_next(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C01", "C02"))
    address = f"/don-vi/{assessment.unit_id}/"
    page = words(sign_in(people.leader), address, ngay="2023-11-20")
    assert (
        "Phường 1, TP Trà Vinh, đến hết ngày 20/11/2023: 1/3 tiêu chí tự đánh giá đạt, còn 2; "
        "đang chờ Công an phường (1 việc), cơ quan khác (1 việc)."
    ) in page
    blocks = page[page.index("Điều gì đang chặn (2)") :]
    # The station first, then the agencies; each with its next act, and how long it has waited.
    assert blocks.index("Công an phường khắc phục C02") < blocks.index("Cơ quan khác")
    assert "Đảng ủy phường giải quyết C01; Công an phường ghi kết quả mới rồi nộp phiếu." in blocks
    assert blocks.count("10 ngày</strong>") == 2
    assert f"/phieu/{assessment.pk}/tieu-chi/C02/" in blocks
    path = blocks[blocks.index("Đường ngắn nhất đến công nhận") :]
    assert path.index("C01") < path.index("C02")
    assert "chưa đủ dữ liệu (0 lần)" in path
    steps = ("Nộp phiếu tự đánh giá", "Thẩm định và kết luận", "Đề nghị công nhận", "Quyết định")
    assert sorted(steps, key=path.index) == list(steps)
    assert "Tính những gì, bỏ những gì" in path


def test_a_few_criteria_without_an_answer_are_told_one_by_one(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer(assessment, "C01", by=people.officer, met=False)
    address = f"/don-vi/{assessment.unit_id}/"
    page = words(sign_in(people.leader), address)
    assert page.count('<p class="mb-0 keep-lines text-break">Chưa đánh giá.</p>') == 2
    assert "Tự đánh giá 2 tiêu chí chưa có kết quả" in page


def test_the_day_the_programme_and_the_round_are_asked_for_in_the_address(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    programme = assessment.round.programme
    opening.open_round(
        programme, 2024, by=None, now=datetime(2024, 2, 1, 9, tzinfo=cast.NOW.tzinfo)
    )
    cast.answer_all(assessment, by=people.officer, failing=("C02",))
    client = sign_in(people.leader)
    address = f"/don-vi/{assessment.unit_id}/"

    def year(**query: str) -> int | None:
        shown = client.get(address, query).context["now"].round
        return shown.year if shown is not None else None

    assert year() == 2024
    assert year(ngay="2023-11-20") == 2023, "the other one was not opened yet"
    assert year(ngay="2023-11-01") is None, "and before the first there is none"
    assert year(ky="2023") == year(**{"ky": "2023", "chuong-trinh": programme.code}) == 2023
    for nonsense in ({"ky": "2031"}, {"ky": "x"}, {"chuong-trinh": "khong-co"}):
        assert client.get(address, nonsense).status_code == 404
    assert client.get(address, {"ngay": "2999-01-01"}).status_code == 400
    page = words(client, address, ky="2023", ngay="2023-11-20")
    assert '<input type="hidden" name="ky" value="2023">' in page
    assert 'href="?chuong-trinh=tra-vinh-2023&amp;ky=2024&amp;ngay=2023-11-20"' in page
    assert 'bang-so-lieu.xlsx?ky=2023&amp;ngay=2023-11-20"' in page
    assert 'href="?ky=2023">Về số liệu hôm nay' in page
    assert "Việc khắc phục dưới đây là của hôm nay" in page


def test_a_unit_that_is_no_more_waits_for_nothing(
    assessment: Assessment, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C02",))
    merge(places)
    page = words(sign_in(people.leader), f"/don-vi/{places.ward.pk}/")
    assert "Phường 1, TP Trà Vinh (đã sắp xếp lại), đến hết ngày" in page
    days = (date(2025, 6, 30) - cast.DAY).days
    assert f"{days} ngày</strong>" in page


def test_the_unit_as_a_workbook(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C01", "C02"))
    client = sign_in(people.commander)
    address = f"/don-vi/{assessment.unit_id}/bang-so-lieu.xlsx"
    answer = client.get(address, {"ngay": "2023-11-20"})
    assert 'filename="don-vi-29239-2023-11-20.xlsx"' in answer["Content-Disposition"]
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Đang chặn", "Đường ngắn nhất", "Tiêu chí"]
    blocked = list(book["Đang chặn"].iter_rows(min_row=5, values_only=True))
    assert [(row[0], row[1], row[6]) for row in blocked] == [
        ("Công an phường", "C02", 10),
        ("Cơ quan khác", "C01", 10),
    ]
    path = list(book["Đường ngắn nhất"].iter_rows(min_row=5, values_only=True))
    assert [row[0] for row in path] == [1, 2, 3, 4, 5, 6]
    criteria = list(book["Tiêu chí"].iter_rows(min_row=5, values_only=True))
    assert [row[2] for row in criteria] == ["Chưa đạt", "Chưa đạt", "Đạt"]
    assert client.get(address, {"ngay": "2023-11-01"}).status_code == 404
    assert client.get(address, {"ngay": "x"}).status_code == 404


@pytest.mark.parametrize(("role", "at_most"), [("leader", 14), ("commander", 14)])
def test_a_unit_with_something_in_the_way_asks_a_fixed_number_of_questions(
    role: str, at_most: int, assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C01", "C02"))
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    client = sign_in(getattr(people, role))
    address = f"/don-vi/{assessment.unit_id}/"
    client.get(address)
    for query in ({}, {"ngay": "2023-11-11"}):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address, query).status_code == 200
        assert len(asked) <= at_most


def test_recognition_with_its_decision_and_the_sample_label(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.recognise(assessment, people)
    Recognition.objects.update(is_sample=True)
    page = words(sign_in(people.commander), f"/don-vi/{assessment.unit_id}/lich-su/")
    assert "99/QĐ-BCA" in page
    assert "Dữ liệu mẫu, không phải quyết định thật" in page
    assert "3/3" in page


def test_a_successor_is_not_recognised_by_inheritance(
    assessment: Assessment, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    cast.recognise(assessment, people)
    after = merge(places)
    client = sign_in(people.leader)
    page = words(client, f"/don-vi/{after.pk}/lich-su/")
    assert "Đơn vị chưa có quyết định công nhận." in page
    assert "Đơn vị tiền thân từng được công nhận" in page
    assert "hệ thống không tự chuyển" in page
    # Drawn from either side, with the document and the day.
    for unit in (after, places.other_ward):
        page = words(client, f"/don-vi/{unit.pk}/lich-su/")
        assert "01/07/2025 · nhập · 1687/NQ-UBTVQH15" in page
        assert f"/don-vi/{places.ward.pk}/" in page
    # Those who may not open the other pages read the names without links.
    page = words(sign_in(people.commander), f"/don-vi/{places.ward.pk}/lich-su/")
    assert "Phường Trà Vinh" in page
    assert f"/don-vi/{after.pk}/" not in page
    # Phường 2 went the same way, but comes from nobody who was recognised.
    page = words(sign_in(people.leader), f"/don-vi/{places.other_ward.pk}/lich-su/")
    assert "tiền thân" not in page


def test_the_survey_before_the_first_round(
    programme: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    survey = Baseline.objects.create(
        programme=programme, on=date(2023, 10, 20), document=programme.document
    )
    criteria_set = programme.criteria_set
    assert criteria_set is not None
    BaselineFinding.objects.create(
        baseline=survey, unit=places.ward, group=criteria_set.groups.get(code="2")
    )
    page = words(sign_in(people.leader), f"/don-vi/{places.ward.pk}/lich-su/")
    assert "Nhóm 2. Trật tự" in page
    assert "chưa phải là đạt" in page


def test_the_audit_excerpt_is_for_those_who_read_the_trail(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer(assessment, "C01", by=people.officer)
    address = f"/don-vi/{assessment.unit_id}/lich-su/"
    assert "Nhật ký gần đây" in words(sign_in(people.coordinator), address)
    assert "Lưu kết quả tự đánh giá" in words(sign_in(people.leader), address)
    for person in (people.commander, people.reviewer, people.ministry_viewer):
        assert "Nhật ký gần đây" not in words(sign_in(person), address)


def test_the_programme_as_decided(
    programme: Programme, round_: Round, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    Duty.objects.create(
        programme=programme, agency=places.agency, entry="3", text="Bố trí kinh phí.", position=1
    )
    page = words(sign_in(people.rapporteur), "/chuong-trinh/tra-vinh-2023/")
    for expected in ("1578/QĐ-UBND", "01/2", "trước ngày 15/11", "Sở Tài chính", "Kỳ 2023"):
        assert expected in page, expected
    # Whoever may not open a unit or a dashboard gets no link to it, and no form.
    for forbidden in ("/don-vi/", "/tong-quan/", "mo-ky"):
        assert forbidden not in page, forbidden
    page = words(sign_in(people.coordinator), "/chuong-trinh/tra-vinh-2023/")
    assert f"/don-vi/{places.ward.pk}/" in page
    assert "/mo-ky/" in page


OPEN = "/chuong-trinh/tra-vinh-2023/mo-ky/"


def test_the_coordinator_opens_a_round(
    programme: Programme, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    answer = client.post(OPEN, {"year": "2026", "deadline": "2026-12-01"}, follow=True)
    assert "Đã mở kỳ 2026 cho 2 đơn vị" in answer.content.decode()
    round_ = Round.objects.get(year=2026)
    assert round_.opened_by == people.coordinator
    assert round_.deadline.isoformat() == "2026-12-01T16:59:59.999999+00:00"
    assert AuditEntry.objects.filter(event="round_opened").count() == 1
    # The year is no choice any more.
    answer = client.post(OPEN, {"year": "2026"})
    assert answer.status_code == 400
    assert "Hãy chọn một năm trong danh sách." in answer.content.decode()


def test_without_a_deadline_the_programmes_rule_holds(
    programme: Programme, people: cast.People, sign_in: SignIn
) -> None:
    sign_in(people.coordinator).post(OPEN, {"year": "2024", "deadline": ""})
    assert Round.objects.get().deadline.isoformat() == "2024-11-14T16:59:59.999999+00:00"


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"year": "", "deadline": ""}, 400, "Năm"),
        ({"year": "2031"}, 400, "Hãy chọn một năm trong danh sách."),
        ({"year": "2026", "deadline": "2025-11-14"}, 400, "không thể ở trước năm 2026"),
        ({"year": "2026", "deadline": "32/13/2026"}, 400, "không phải một ngày hợp lệ"),
    ],
)
def test_a_refused_round_keeps_what_was_typed(
    typed: dict[str, str],
    status: int,
    sentence: str,
    programme: Programme,
    people: cast.People,
    sign_in: SignIn,
) -> None:
    answer = sign_in(people.coordinator).post(OPEN, typed)
    assert answer.status_code == status
    page = answer.content.decode()
    assert "Chưa mở được kỳ" in page
    assert sentence in page
    assert typed.get("deadline", "") in page
    assert not Round.objects.exists()


def test_a_programme_without_published_criteria_is_not_ready(
    programme: Programme, people: cast.People, sign_in: SignIn
) -> None:
    with cast.unfrozen():
        CriteriaSet.objects.update(published_at=None)
    answer = sign_in(people.coordinator).post(OPEN, {"year": "2026"})
    assert answer.status_code == 409
    assert "chưa có bộ tiêu chí đã công bố" in answer.content.decode()
    assert not Round.objects.exists()


def test_a_unit_tells_what_is_still_to_be_done_and_what_it_costs(
    assessment: Assessment, people: cast.People, places: cast.Places, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C02",))
    criteria = assessment.round.criteria_set.criteria

    def plan(code: str, action: str, due_on: date, **more: Any) -> Remedy:
        draft = remedying.RemedyDraft(action=action, agency=None, due_on=due_on)
        return remedying.add(
            assessment,
            criteria.get(code=code),
            replace(draft, **more),
            key=uuid.uuid4(),
            by=people.commander,
            now=cast.NOW,
        )

    ministry = {"fund_source": FundSource.MINISTRY}
    plan("C02", "Việc còn xa", date(2030, 12, 31), cost=Decimal(1_500_000), **ministry)
    plan("C02", "Việc đã trễ", date(2023, 12, 1), agency=places.agency, **ministry)
    done = plan("C03", "Việc đã xong", date(2023, 12, 1))
    remedying.set_state(
        done,
        RemedyState.DONE,
        plan_of=assessment,
        version=1,
        by=people.commander,
        now=cast.NOW,
    )
    page = words(sign_in(people.leader), f"/don-vi/{assessment.unit_id}/")
    assert "Việc khắc phục đang mở (2)" in page
    section = page[page.index("Việc khắc phục đang mở") :]
    # The overdue one first; done ones are history.
    assert section.index("Việc đã trễ") < section.index("Việc còn xa")
    assert "Việc đã xong" not in page
    assert "Quá hạn" in section
    assert "1.500.000" in section
    assert "1 việc chưa nêu kinh phí, chưa cộng" in section
    # What is in the way names its next act.
    assert "Việc tiếp theo: Việc đã trễ – Sở Tài chính, hạn 01/12/2023" in page


def test_a_successor_tells_what_its_predecessors_left_open(
    assessment: Assessment, people: cast.People, places: cast.Places, sign_in: SignIn
) -> None:
    remedying.add(
        assessment,
        assessment.round.criteria_set.criteria.get(code="C02"),
        remedying.RemedyDraft(action="Xin giao đất", agency=None, due_on=date(2026, 1, 1)),
        key=uuid.uuid4(),
        by=people.commander,
        now=cast.NOW,
    )
    after = merge(places)
    page = words(sign_in(people.leader), f"/don-vi/{after.pk}/")
    assert "Xin giao đất" in page
    assert "Của Phường 1, TP Trà Vinh trước khi sắp xếp, kỳ 2023" in page
