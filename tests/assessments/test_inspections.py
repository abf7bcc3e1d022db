"""Inspections of stations: who plans them, what they found, how findings reach the plan."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Notice, User
from assessments.actions import inspecting, mending
from assessments.actions.inspecting import (
    FindingDraft,
    InspectionConflict,
    PlanDraft,
    ResultDraft,
)
from assessments.actions.mending import AlreadyPlanned
from assessments.actions.remedying import RemedyDraft
from assessments.models import Assessment, Inspection, InspectionFinding, Remedy, RemedyState
from criteria.models import Programme
from tests import cast
from wards.models import Unit

SignIn = Callable[[User], Client]
DAY = date(2023, 11, 20)
PLAN = PlanDraft(kind="inspection", planned_for=DAY, team="Đoàn kiểm tra Ban Chỉ đạo tỉnh")
AFTER = cast.NOW + timedelta(days=12)
DONE = ResultDraft(done_on=DAY, conclusion="Cơ bản thực hiện đúng, còn hai tồn tại.")
ACT = RemedyDraft(action="Niêm yết lịch trực", agency=None, due_on=date(2024, 6, 30))


@pytest.fixture
def planned(programme: Programme, places: cast.Places, people: cast.People) -> Inspection:
    """Thảo has planned a visit to Lan's station."""
    return plan(programme, places.ward, by=people.reviewer)


def plan(programme: Programme, unit: Unit, draft: PlanDraft = PLAN, *, by: User) -> Inspection:
    return inspecting.plan(programme, unit, draft, key=uuid.uuid4(), by=by, now=cast.NOW)


def found(assessment: Assessment, *codes: str) -> tuple[FindingDraft, ...]:
    """A finding at each criterion; an empty code is a general one."""
    criteria = {one.code: one for one in assessment.round.criteria_set.criteria.all()}
    return tuple(
        FindingDraft(f"Tồn tại về {code or 'công tác chung'}", criteria.get(code)) for code in codes
    )


def conclude(
    inspection: Inspection, findings: tuple[FindingDraft, ...], *, by: User
) -> list[InspectionFinding]:
    done = inspecting.record(
        inspection, replace(DONE, findings=findings), version=inspection.version, by=by, now=AFTER
    )
    return list(done.findings.select_related("criterion"))


def told(user: User, event: str = "inspection_planned") -> list[str]:
    rows = Notice.objects.filter(recipient=user, event=event)
    return list(rows.order_by("created_at").values_list("title", flat=True))


def events(inspection: Inspection) -> list[str]:
    rows = AuditEntry.objects.filter(subject_id=str(inspection.pk)).order_by("sequence")
    return [one.event for one in rows]


# --- planning ----------------------------------------------------------------------------------


@pytest.mark.parametrize("writer", ["coordinator", "reviewer"])
def test_coordinators_and_reviewers_plan(
    programme: Programme, places: cast.Places, people: cast.People, writer: str
) -> None:
    inspection = plan(programme, places.ward, by=getattr(people, writer))
    assert (inspection.is_planned, inspection.version) == (True, 1)
    assert events(inspection) == ["inspection_planned"]
    assert told(people.commander) == [
        "Phường 1, TP Trà Vinh: cuộc kiểm tra dự kiến ngày 20/11/2023"
    ]
    assert told(people.other_commander) == []


@pytest.mark.parametrize(
    "onlooker", ["commander", "officer", "leader", "ministry_viewer", "far_reviewer", "rapporteur"]
)
def test_nobody_else_plans_changes_records_or_cancels(
    programme: Programme,
    places: cast.Places,
    people: cast.People,
    planned: Inspection,
    onlooker: str,
) -> None:
    by = getattr(people, onlooker)
    with pytest.raises(NotAllowed):
        plan(programme, places.ward, by=by)
    with pytest.raises(NotAllowed):
        inspecting.change(planned, PLAN, version=1, by=by, now=cast.NOW)
    with pytest.raises(NotAllowed):
        inspecting.record(planned, DONE, version=1, by=by, now=AFTER)
    with pytest.raises(NotAllowed):
        inspecting.cancel(planned, reason="Bận", version=1, by=by, now=cast.NOW)
    assert Inspection.objects.get().version == 1


def test_the_same_form_sent_twice_plans_one_visit(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    key = uuid.uuid4()
    first, second = (
        inspecting.plan(programme, places.ward, PLAN, key=key, by=people.reviewer, now=cast.NOW)
        for _ in range(2)
    )
    assert first == second
    assert len(told(people.commander)) == 1
    with pytest.raises(NotReady):
        inspecting.plan(
            programme, places.ward, PLAN, key=key, by=people.second_reviewer, now=cast.NOW
        )


def test_a_plan_keeps_to_the_programme_and_to_units_in_force(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    with pytest.raises(NotReady, match="từ năm 2023 đến năm 2030"):
        plan(
            programme,
            places.ward,
            replace(PLAN, planned_for=date(2031, 1, 5)),
            by=people.reviewer,
        )
    stranger = Unit.objects.create(
        code="29300", name="Long Đức", kind="commune", province=places.province
    )
    with pytest.raises(NotReady, match="không thuộc chương trình này"):
        plan(programme, stranger, by=people.reviewer)
    Unit.objects.filter(pk=places.ward.pk).update(valid_to=date(2023, 11, 19))
    places.ward.refresh_from_db()
    with pytest.raises(NotReady, match="không còn hoặc chưa có vào ngày 20/11/2023"):
        plan(programme, places.ward, by=people.reviewer)
    assert Inspection.objects.count() == 0


def test_a_changed_plan_tells_the_old_day(planned: Inspection, people: cast.People) -> None:
    later = replace(PLAN, planned_for=date(2023, 12, 5))
    changed = inspecting.change(planned, later, version=1, by=people.coordinator, now=cast.NOW)
    assert (changed.planned_for, changed.version) == (date(2023, 12, 5), 2)
    (title,) = told(people.commander, "inspection_changed")
    assert title.endswith("chuyển sang ngày 05/12/2023")
    entry = AuditEntry.objects.get(event="inspection_changed")
    assert entry.details["before"]["planned_for"] == "2023-11-20"
    with pytest.raises(InspectionConflict) as clash:
        inspecting.change(planned, PLAN, version=1, by=people.reviewer, now=cast.NOW)
    assert clash.value.current.updated_by == people.coordinator


def test_a_cancelled_visit_stays_with_its_reason(planned: Inspection, people: cast.People) -> None:
    with pytest.raises(NotReady, match="lý do hủy"):
        inspecting.cancel(planned, reason="  ", version=1, by=people.reviewer, now=cast.NOW)
    for _ in range(2):
        gone = inspecting.cancel(
            planned, reason="Trùng lịch", version=1, by=people.reviewer, now=cast.NOW
        )
    assert (gone.is_cancelled, gone.cancelled_on, gone.cancellation) == (
        True,
        cast.DAY,
        "Trùng lịch",
    )
    (title,) = told(people.commander, "inspection_cancelled")
    assert title.endswith("đã được hủy")
    assert events(gone) == ["inspection_planned", "inspection_cancelled"]
    for act in (
        lambda: inspecting.record(gone, DONE, version=2, by=people.coordinator, now=AFTER),
        lambda: inspecting.change(gone, PLAN, version=2, by=people.coordinator, now=AFTER),
        lambda: inspecting.cancel(gone, reason="Lại", version=2, by=people.coordinator, now=AFTER),
    ):
        with pytest.raises(NotReady, match="Phạm Phương Thảo đã hủy"):
            act()


def test_the_database_keeps_conclusions_with_days_and_cancelling_with_reasons(
    planned: Inspection,
) -> None:
    rows = Inspection.objects.filter(pk=planned.pk)
    for wrong in (
        {"conclusion": "Tốt"},
        {"cancelled_on": DAY},
        {"cancellation": "Bận"},
        {"done_on": DAY, "cancelled_on": DAY, "cancellation": "Bận"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


# --- results -----------------------------------------------------------------------------------


def test_the_result_is_recorded_with_findings_and_told(
    planned: Inspection, assessment: Assessment, people: cast.People
) -> None:
    findings = conclude(planned, found(assessment, "C01", ""), by=people.reviewer)
    assert [one.criterion and one.criterion.code for one in findings] == ["C01", None]
    (title,) = told(people.commander, "inspection_concluded")
    assert "2 tồn tại chưa có biện pháp" in title
    assert events(planned) == ["inspection_planned", "inspection_concluded"]
    done = Inspection.objects.get()
    with pytest.raises(NotReady, match="đã tiến hành"):
        inspecting.cancel(done, reason="Nhầm", version=2, by=people.reviewer, now=AFTER)
    with pytest.raises(NotReady, match="đã tiến hành"):
        inspecting.change(done, PLAN, version=2, by=people.reviewer, now=AFTER)


def test_a_visit_cannot_be_done_tomorrow_by_the_vietnamese_calendar(
    planned: Inspection, people: cast.People
) -> None:
    # 23:30 UTC on the 19th is already the 20th in Viet Nam; 16:30 UTC is not.
    late = cast.NOW.replace(day=20, hour=6, minute=30)
    early = late - timedelta(hours=7)
    with pytest.raises(NotReady, match="sau ngày hôm nay"):
        inspecting.record(planned, DONE, version=1, by=people.reviewer, now=early)
    assert inspecting.record(planned, DONE, version=1, by=people.reviewer, now=late).is_done


def test_findings_name_only_criteria_of_the_units_set_and_are_bounded(
    planned: Inspection, assessment: Assessment, people: cast.People
) -> None:
    foreign = cast.make_criteria_set("TC-KHAC").criteria.first()
    for findings, sentence in (
        ((FindingDraft("Lạ", foreign),), "không thuộc bộ tiêu chí"),
        (tuple(FindingDraft(f"Số {n}") for n in range(61)), "tối đa 60"),
        ((FindingDraft("  "),), "cần có nội dung"),
    ):
        with pytest.raises(NotReady, match=sentence):
            conclude(planned, findings, by=people.reviewer)
    assert not Inspection.objects.get().is_done


def test_findings_are_corrected_until_a_remedy_hangs_on_them(
    planned: Inspection, assessment: Assessment, people: cast.People
) -> None:
    first, second = conclude(planned, found(assessment, "C01", "C02"), by=people.reviewer)
    put(first, assessment, by=people.commander)
    done = Inspection.objects.get()
    reworded = FindingDraft("Sổ trực thiếu chữ ký", second.criterion, second.pk)
    corrected = inspecting.record(
        done,
        replace(DONE, findings=(reworded, FindingDraft("Thêm một"))),
        version=done.version,
        by=people.coordinator,
        now=AFTER,
    )
    texts = {one.text: one.remedy_id is not None for one in corrected.findings.all()}
    assert texts == {"Tồn tại về C01": True, "Sổ trực thiếu chữ ký": False, "Thêm một": False}
    assert corrected.findings.get(text="Sổ trực thiếu chữ ký").pk == second.pk
    # Whoever still had the form open from before the remedy is told, and the finding stays.
    with pytest.raises(InspectionConflict):
        inspecting.record(done, DONE, version=2, by=people.reviewer, now=AFTER)
    assert corrected.findings.count() == 3
    assert events(planned)[-1] == "inspection_corrected"


def test_the_same_result_sent_twice_is_one(
    planned: Inspection, assessment: Assessment, people: cast.People
) -> None:
    draft = replace(DONE, findings=found(assessment, "C01"))
    for _ in range(2):
        inspecting.record(planned, draft, version=1, by=people.reviewer, now=AFTER)
    assert InspectionFinding.objects.count() == 1
    assert events(planned).count("inspection_concluded") == 1


# --- from findings to the plan -----------------------------------------------------------------


def put(
    finding: InspectionFinding, plan_of: Assessment, code: str = "C01", *, by: User, **more: Any
) -> Remedy:
    criterion = plan_of.round.criteria_set.criteria.get(code=code)
    options = {"key": uuid.uuid4(), **more}
    return mending.put_into_plan(finding, plan_of, criterion, ACT, by=by, now=AFTER, **options)


@pytest.mark.parametrize("writer", ["commander", "coordinator"])
def test_one_finding_one_remedy(
    planned: Inspection, assessment: Assessment, people: cast.People, writer: str
) -> None:
    (finding,) = conclude(planned, found(assessment, "C01"), by=people.reviewer)
    key, by = uuid.uuid4(), getattr(people, writer)
    remedies = {put(finding, assessment, by=by, key=key) for _ in range(2)}
    finding.refresh_from_db()
    assert remedies == {finding.remedy}
    assert Remedy.objects.get().assessment == assessment
    with pytest.raises(AlreadyPlanned, match=str(by)):
        put(finding, assessment, by=people.officer)
    assert Remedy.objects.count() == 1
    assert AuditEntry.objects.filter(event="finding_planned").count() == 1


@pytest.mark.parametrize("other", ["reviewer", "leader", "other_commander", "far_reviewer"])
def test_only_the_station_and_the_coordinator_put_into_the_plan(
    planned: Inspection, assessment: Assessment, people: cast.People, other: str
) -> None:
    (finding,) = conclude(planned, found(assessment, "C01"), by=people.reviewer)
    with pytest.raises(NotAllowed):
        put(finding, assessment, by=getattr(people, other))
    assert Remedy.objects.count() == 0


def test_without_a_file_there_is_no_plan_to_put_it_into(
    planned: Inspection, people: cast.People, sign_in: SignIn
) -> None:
    (finding,) = conclude(planned, (FindingDraft("Chung"),), by=people.reviewer)
    response = sign_in(people.commander).get(
        reverse("finding_remedy", args=[planned.pk, finding.pk])
    )
    assert response.status_code == 409
    assert "chưa có phiếu tự đánh giá" in response.content.decode()


# --- pages -------------------------------------------------------------------------------------


def typed_plan(programme: Programme, ward: Unit, **fields: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "programme": programme.pk,
        "unit": str(ward.pk),
        "kind": "supervision",
        "planned_for": "2026-11-20",
        "team": "Đoàn giám sát",
        "plan_number": "15/KH-BCĐ",
        **fields,
    }


def typed_result(version: int, *findings: tuple[Any, str], **fields: Any) -> dict[str, Any]:
    rows = {
        f"f-{n}-{name}": value
        for n, (criterion, text) in enumerate(findings)
        for name, value in (("criterion", criterion), ("text", text), ("key", ""))
    }
    return {
        "version": version,
        "done_on": "2023-11-20",
        "conclusion": "Đã kiểm tra đủ.",
        "conclusion_number": "21/KL",
        "f-TOTAL_FORMS": len(findings),
        "f-INITIAL_FORMS": 0,
        **rows,
        **fields,
    }


def body(response: Any) -> str:
    return response.content.decode()


def test_the_reviewer_plans_in_the_browser(
    programme: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.reviewer)
    start = f"?chuong_trinh={programme.code}&don_vi={places.ward.pk}"
    page = body(client.get(reverse("inspection_new") + start))
    assert f'value="{places.ward.pk}" selected' in page
    assert str(places.far_ward.pk) not in page
    typed = typed_plan(programme, places.ward)
    for _ in range(2):
        response = client.post(reverse("inspection_new"), typed)
        assert response.status_code == 302
    inspection = Inspection.objects.get()
    page = body(client.get(response.url))
    for expected in ("Giám sát Công an Phường 1", "15/KH-BCĐ", "Ghi kết quả", "Đổi kế hoạch"):
        assert expected in page, expected
    assert reverse("inspection", args=[inspection.pk]) == response.url


def test_a_foreign_unit_or_a_day_out_of_the_programme_is_refused_with_what_was_typed(
    programme: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.reviewer)
    for wrong, sentence in (
        ({"unit": str(places.far_ward.pk)}, "không có trong danh sách"),
        ({"planned_for": "2041-01-01"}, "từ năm 2023 đến năm 2030"),
        ({"planned_for": "mai"}, "Ngày chưa đúng"),
        ({"team": "Đoàn tuyệt mật"}, "bí mật nhà nước"),
    ):
        response = client.post(
            reverse("inspection_new"), typed_plan(programme, places.ward, **wrong)
        )
        assert response.status_code == 400, wrong
        assert sentence in body(response)
        assert "15/KH-BCĐ" in body(response)
    vouched = typed_plan(programme, places.ward, team="Đoàn tuyệt mật", unmarked="on")
    assert client.post(reverse("inspection_new"), vouched).status_code == 302


def test_two_plans_side_by_side_and_nothing_typed_is_lost(
    planned: Inspection, people: cast.People, sign_in: SignIn
) -> None:
    later = replace(PLAN, planned_for=date(2023, 12, 5))
    inspecting.change(planned, later, version=1, by=people.coordinator, now=cast.NOW)
    client, url = sign_in(people.reviewer), reverse("inspection_edit", args=[planned.pk])
    mine = {"kind": "inspection", "planned_for": "2023-12-24", "team": "Đoàn của tôi", "version": 1}
    response = client.post(url, mine)
    assert response.status_code == 409
    for expected in ("Đoàn của tôi", "Đặng Tiến Dũng", "05/12/2023", 'value="2"'):
        assert expected in body(response), expected
    assert client.post(url, {**mine, "version": 2}).status_code == 302
    assert Inspection.objects.get().team == "Đoàn của tôi"


def test_the_form_of_the_result_grows_without_losing_anything(
    planned: Inspection, assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    client, url = sign_in(people.reviewer), reverse("inspection_result", args=[planned.pk])
    page = body(client.get(url))
    assert page.count('class="finding-row"') == 5
    c02 = assessment.round.criteria_set.criteria.get(code="C02").pk
    typed = typed_result(
        1, (c02, "Sổ trực thiếu"), ("", ""), done_on="hôm qua", conclusion="Dở dang", them_dong="1"
    )
    response = client.post(url, typed)
    page = body(response)
    assert response.status_code == 200
    assert page.count('class="finding-row"') == 7
    for expected in ("Sổ trực thiếu", "Dở dang", "hôm qua", f'value="{c02}" selected'):
        assert expected in page, expected
    assert "is-invalid" not in page
    typed = typed_result(1, (c02, "Sổ trực thiếu"), ("", ""), ("", "Chưa niêm yết"))
    assert client.post(url, typed).status_code == 302
    assert [one.text for one in InspectionFinding.objects.all()] == [
        "Sổ trực thiếu",
        "Chưa niêm yết",
    ]


def test_a_result_that_cannot_be_is_refused_with_what_was_typed(
    planned: Inspection, people: cast.People, sign_in: SignIn
) -> None:
    client, url = sign_in(people.reviewer), reverse("inspection_result", args=[planned.pk])
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for wrong, sentence in (
        ({"done_on": tomorrow}, "sau ngày hôm nay"),
        ({"conclusion": ""}, "Cần nêu kết luận"),
        ({"f-0-criterion": "999999"}, "Tiêu chí không hợp lệ"),
        ({"f-0-text": "x" * 2001}, "tối đa 2000"),
        ({"f-0-text": "Tài liệu tối mật"}, "bí mật nhà nước"),
        ({"f-TOTAL_FORMS": "x"}, ""),
    ):
        typed = typed_result(1, ("", "Giữ lại tôi"), ("", "Dòng hai")) | wrong
        response = client.post(url, typed)
        assert response.status_code == 400, wrong
        assert sentence in body(response)
        assert "21/KL" in body(response)
    assert not Inspection.objects.get().is_done


def test_the_second_to_record_reads_who_was_first_and_loses_nothing(
    planned: Inspection, people: cast.People, sign_in: SignIn
) -> None:
    conclude(planned, (FindingDraft("Tồn tại của Thảo"),), by=people.reviewer)
    client = sign_in(people.coordinator)
    url = reverse("inspection_result", args=[planned.pk])
    typed = typed_result(1, ("", "Tồn tại của Dũng"), conclusion="Kết luận của Dũng")
    response = client.post(url, typed)
    page = body(response)
    assert response.status_code == 409
    for expected in (
        "Phạm Phương Thảo",
        "Kết luận của Dũng",
        "Tồn tại của Dũng",
        "Tồn tại của Thảo",
    ):
        assert expected in page, expected
    rows = response.context["rows"]
    kept = {
        f"f-{n}-{name}": value for n, row in enumerate(rows.initial) for name, value in row.items()
    }
    again = {**typed, "version": 2, **kept, "f-TOTAL_FORMS": len(rows.initial)}
    assert client.post(url, again).status_code == 302
    assert sorted(one.text for one in InspectionFinding.objects.all()) == [
        "Tồn tại của Dũng",
        "Tồn tại của Thảo",
    ]


def test_a_general_finding_needs_a_criterion_to_become_a_remedy(
    planned: Inspection, assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    about, general = conclude(planned, found(assessment, "C02", ""), by=people.reviewer)
    client = sign_in(people.commander)
    c02 = assessment.round.criteria_set.criteria.get(code="C02").pk
    url = reverse("finding_remedy", args=[planned.pk, about.pk])
    page = body(client.get(url))
    assert "Khắc phục: Tồn tại về C02" in page
    assert f'value="{c02}" selected' in page
    typed = {
        "key": str(uuid.uuid4()),
        "criterion": c02,
        "action": "Bổ sung sổ trực",
        "who": "station",
        "due_on": "2029-12-31",
        "fund_source": "none",
    }
    for _ in range(2):
        assert client.post(url, typed).status_code == 302
    remedy = Remedy.objects.get()
    assert remedy.finding == about
    # The general one says nothing until a criterion is chosen.
    url = reverse("finding_remedy", args=[planned.pk, general.pk])
    typed |= {"key": str(uuid.uuid4())}
    response = client.post(url, {**typed, "criterion": ""})
    assert response.status_code == 400
    assert "Cần chọn tiêu chí" in body(response)
    page = body(client.get(reverse("inspection", args=[planned.pk])))
    assert "1 chưa có biện pháp" in page
    Remedy.objects.update(state=RemedyState.DONE)
    assert "Đã hoàn thành" in body(client.get(reverse("inspection", args=[planned.pk])))


def test_the_second_hand_at_one_finding_keeps_what_it_typed(
    planned: Inspection, assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    (finding,) = conclude(planned, found(assessment, "C01"), by=people.reviewer)
    put(finding, assessment, by=people.commander)
    c01 = assessment.round.criteria_set.criteria.get(code="C01").pk
    response = sign_in(people.coordinator).post(
        reverse("finding_remedy", args=[planned.pk, finding.pk]),
        {
            "key": str(uuid.uuid4()),
            "criterion": c01,
            "action": "Việc của Dũng",
            "who": "station",
            "due_on": "2029-12-31",
            "fund_source": "none",
        },
    )
    assert response.status_code == 409
    assert "Nguyễn Thị Lan" in body(response)
    assert "Việc của Dũng" in body(response)


@pytest.mark.parametrize(
    ("reader", "status"),
    [
        ("commander", 200),
        ("officer", 200),
        ("leader", 200),
        ("ministry_viewer", 200),
        ("reviewer", 200),
        ("other_commander", 404),
        ("far_reviewer", 404),
        ("rapporteur", 403),
    ],
)
def test_who_reads_an_inspection(
    planned: Inspection, people: cast.People, sign_in: SignIn, reader: str, status: int
) -> None:
    response = sign_in(getattr(people, reader)).get(reverse("inspection", args=[planned.pk]))
    assert response.status_code == status
    if status == 200:
        writes = reader == "reviewer"
        assert ("Ghi kết quả" in body(response)) == writes


# --- lists -------------------------------------------------------------------------------------


def test_the_list_sorts_by_state_programme_year_and_unit(
    programme: Programme,
    places: cast.Places,
    people: cast.People,
    planned: Inspection,
    sign_in: SignIn,
) -> None:
    coming = replace(PLAN, planned_for=date(2030, 12, 30))
    plan(programme, places.other_ward, coming, by=people.reviewer)
    client, url = sign_in(people.leader), reverse("inspection_list")
    response = client.get(url)
    assert [(label, count) for _, label, count, _ in response.context["chips"]] == [
        ("Sắp tới", 1),
        ("Quá ngày chưa có kết quả", 1),
        ("Đã tiến hành", 0),
        ("Đã hủy", 0),
        ("Tất cả", 2),
    ]
    # What is late comes first without asking.
    assert [row.inspection for row in response.context["rows"]] == [planned]
    for query, number in (
        ("tinh_trang=sap-toi", 1),
        ("tinh_trang=tat-ca&q=PHUONG 1", 1),
        ("tinh_trang=tat-ca&q=phường", 2),
        ("tinh_trang=tat-ca&nam=2030", 1),
        (f"tinh_trang=tat-ca&chuong_trinh={programme.code}", 2),
    ):
        assert len(client.get(f"{url}?{query}").context["rows"]) == number, query
    for query in ("tinh_trang=la", "nam=abc", "chuong_trinh=khong-co", f"q={'x' * 121}"):
        assert client.get(f"{url}?{query}").status_code == 400, query


def test_findings_without_a_remedy_are_listed_until_one_is_planned(
    planned: Inspection, assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    first, _ = conclude(planned, found(assessment, "C01", ""), by=people.reviewer)
    client, url = sign_in(people.coordinator), reverse("finding_list")
    assert body(client.get(url)).count("Đưa vào kế hoạch<") == 2
    put(first, assessment, by=people.commander)
    page = body(client.get(url))
    assert "Tồn tại về C01" not in page
    assert "Tồn tại về công tác chung" in page
    # A leader reads the same list and has nothing to press.
    assert "Đưa vào kế hoạch<" not in body(sign_in(people.leader).get(url))


def test_who_was_not_visited_this_year(
    planned: Inspection, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    client, url = sign_in(people.coordinator), reverse("unvisited_list")
    rows = client.get(f"{url}?nam=2023").context["rows"]
    assert [(one.unit, one.planned) for one, _ in rows] == [
        (places.ward, planned),
        (places.other_ward, None),
    ]
    conclude(planned, (), by=people.reviewer)
    response = client.get(f"{url}?nam=2023")
    assert [one.unit for one, _ in response.context["rows"]] == [places.other_ward]
    assert "1/2 đơn vị" in body(response)
    assert len(client.get(f"{url}?nam=2024").context["rows"]) == 2
    assert len(client.get(f"{url}?nam=2023&q=phuong 9").context["rows"]) == 0


def many(programme: Programme, unit: Unit, by: User, number: int) -> None:
    """So many visits with two findings each, half of them done."""
    for n in range(number):
        day = DAY + timedelta(days=n)
        inspection = Inspection.objects.create(
            programme=programme,
            unit=unit,
            kind="inspection",
            planned_for=day,
            done_on=day,
            conclusion="Xong",
            team=f"Đoàn {n}",
            created_at=cast.NOW,
            created_by=by,
            updated_at=cast.NOW,
            updated_by=by,
        )
        for position in range(2):
            InspectionFinding.objects.create(
                inspection=inspection, text=f"Tồn tại {n}.{position}", position=position
            )


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("inspection_list", "?tinh_trang=tat-ca"),
        ("finding_list", ""),
        ("unvisited_list", "?nam=2024"),
    ],
)
def test_lists_ask_the_same_of_five_and_of_sixty(
    programme: Programme,
    places: cast.Places,
    people: cast.People,
    sign_in: SignIn,
    django_assert_max_num_queries: Any,
    name: str,
    query: str,
) -> None:
    client, url = sign_in(people.coordinator), reverse(name) + query
    many(programme, places.ward, people.reviewer, 5)
    with django_assert_max_num_queries(16) as few:
        client.get(url)
    many(programme, places.other_ward, people.reviewer, 55)
    with django_assert_max_num_queries(len(few)):
        response = client.get(url)
    assert len(response.context["rows"]) <= 25


def test_the_page_of_one_asks_the_same_with_two_and_with_sixty_findings(
    planned: Inspection,
    people: cast.People,
    sign_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    conclude(planned, (FindingDraft("Một"), FindingDraft("Hai")), by=people.reviewer)
    client, url = sign_in(people.coordinator), reverse("inspection", args=[planned.pk])
    with django_assert_max_num_queries(9) as few:
        client.get(url)
    done = Inspection.objects.get()
    findings = tuple(FindingDraft(f"Số {n}") for n in range(60))
    inspecting.record(
        done, replace(DONE, findings=findings), version=2, by=people.reviewer, now=AFTER
    )
    with django_assert_max_num_queries(len(few)):
        client.get(url)
