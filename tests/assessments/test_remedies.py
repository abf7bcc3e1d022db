"""The improvement plan: written by station and coordinator, carried on, summed up honestly."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Role, User
from assessments.actions import opening, remedying, reviewing, submitting
from assessments.actions.remedying import RemedyConflict, RemedyDraft
from assessments.forms.remedies import MoneyField
from assessments.improvement import costs_of, load_plan, open_remedies
from assessments.models import Assessment, FundSource, Remedy, RemedyOwner, RemedyState
from criteria.models import Programme
from tests import cast
from tests.assessments.station import text_of, url
from tests.assessments.test_races import at_once
from wards.models import Agency, LegalDocument, Reorganisation, Succession, Unit

SignIn = Callable[[User], Client]
DUE = date(2024, 6, 30)
LATER = date(2029, 12, 31)
DRAFT = RemedyDraft(action="Lập hồ sơ giao đất xây trụ sở", agency=None, due_on=DUE)


def plan(
    assessment: Assessment, code: str = "C02", draft: RemedyDraft = DRAFT, *, by: User
) -> Remedy:
    """Plan one act against a criterion of the file."""
    criterion = assessment.round.criteria_set.criteria.get(code=code)
    return remedying.add(assessment, criterion, draft, key=uuid.uuid4(), by=by, now=cast.NOW)


def typed(**fields: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "key": str(uuid.uuid4()),
        "action": "Trang bị phương tiện còn thiếu",
        "who": "station",
        "due_on": LATER.isoformat(),
        "fund_source": "none",
        "cost": "",
        "fund_approval": "",
        "note": "",
        **fields,
    }


def change(remedy: Remedy, **fields: Any) -> dict[str, Any]:
    """The form of a stored act with some fields changed."""
    stored = {
        "version": remedy.version,
        "action": remedy.action,
        "who": str(remedy.agency_id or "station"),
        "due_on": remedy.due_on.isoformat(),
        "fund_source": remedy.fund_source,
        "cost": remedy.cost if remedy.cost is not None else "",
        "fund_approval": remedy.fund_approval,
        "state": remedy.state,
        "note": remedy.note,
    }
    return {**stored, **fields}


# --- who writes ------------------------------------------------------------------------------


@pytest.mark.parametrize("writer", ["commander", "officer", "coordinator"])
def test_station_and_coordinator_write_the_plan(
    writer: str, assessment: Assessment, people: cast.People
) -> None:
    by = getattr(people, writer)
    remedy = plan(assessment, by=by)
    remedying.save(
        remedy, replace(DRAFT, note="đã họp"), plan_of=assessment, version=1, by=by, now=cast.NOW
    )
    assert Remedy.objects.get().note == "đã họp"
    assert Remedy.objects.get().version == 2


@pytest.mark.parametrize(
    "onlooker",
    ["other_commander", "reviewer", "leader", "far_reviewer", "ministry_viewer", "rapporteur"],
)
def test_nobody_else_writes_the_plan(
    onlooker: str, assessment: Assessment, people: cast.People
) -> None:
    remedy = plan(assessment, by=people.commander)
    by = getattr(people, onlooker)
    with pytest.raises(NotAllowed):
        plan(assessment, by=by)
    with pytest.raises(NotAllowed):
        remedying.set_state(
            remedy, RemedyState.DONE, plan_of=assessment, version=1, by=by, now=cast.NOW
        )
    assert Remedy.objects.get().state == RemedyState.PLANNED


def test_a_coordinator_of_another_province_writes_nothing(
    assessment: Assessment, places: cast.Places
) -> None:
    far = cast.person("xa", "Người Ở Xa", Role.COORDINATOR, province=places.elsewhere)
    with pytest.raises(NotAllowed):
        plan(assessment, by=far)


def test_readers_read_the_plan_without_buttons(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer(assessment, "C02", by=people.officer, met=False)
    plan(assessment, by=people.commander)
    for reader in (people.leader, people.reviewer, people.ministry_viewer):
        page = text_of(sign_in(reader).get(url("remedies", assessment)))
        assert "Lập hồ sơ giao đất xây trụ sở" in page
        assert "Thêm việc" not in page
        assert "Hoàn thành</button>" not in page


def test_the_plan_is_written_in_every_status(assessment: Assessment, people: cast.People) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C02",))
    plan(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    plan(assessment, by=people.commander)
    cast.accept_all(assessment, by=people.reviewer)
    plan(assessment, by=people.commander)
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    remedy = plan(assessment, by=people.commander)
    remedying.set_state(
        remedy,
        RemedyState.DONE,
        plan_of=assessment,
        version=1,
        by=people.officer,
        now=cast.NOW,
    )
    assert Remedy.objects.count() == 4


# --- what can be planned ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"action": "  "}, "action"),
        ({"due_on": date(2023, 11, 9)}, "due_on"),
        ({"due_on": date(2031, 1, 1)}, "due_on"),
        ({"due_on": date(2022, 12, 31)}, "due_on"),
        ({"cost": Decimal(-1), "fund_source": FundSource.LOCAL}, "cost"),
        ({"cost": Decimal(5)}, "fund_source"),
        ({"fund_source": FundSource.OTHER}, "fund_approval"),
        ({"fund_source": FundSource.OTHER, "fund_approval": " "}, "fund_approval"),
    ],
)
def test_what_cannot_be_planned(
    wrong: dict[str, Any], field: str, assessment: Assessment, people: cast.People
) -> None:
    draft = replace(DRAFT, **wrong)
    found = remedying.problems(draft, assessment.round.programme, today=cast.DAY)
    assert list(found) == [field]
    with pytest.raises(NotReady) as refused:
        plan(assessment, draft=draft, by=people.commander)
    assert refused.value.sentence == found[field]
    assert not Remedy.objects.exists()


def test_money_from_other_sources_names_its_approval(
    assessment: Assessment, people: cast.People
) -> None:
    draft = replace(
        DRAFT,
        cost=Decimal(50_000_000),
        fund_source=FundSource.OTHER,
        fund_approval="Công văn 12/UBND-NC ngày 05/01/2024",
    )
    remedy = plan(assessment, draft=draft, by=people.commander)
    assert remedy.fund_approval == "Công văn 12/UBND-NC ngày 05/01/2024"
    with pytest.raises(IntegrityError), transaction.atomic():
        Remedy.objects.update(fund_approval="")


def test_only_agencies_of_the_province_can_be_asked(
    assessment: Assessment, people: cast.People, places: cast.Places
) -> None:
    far = Agency.objects.create(code="so-xa", name="Sở tỉnh khác", province=places.elsewhere)
    with pytest.raises(NotReady):
        plan(assessment, draft=replace(DRAFT, agency=far), by=people.commander)
    remedy = plan(assessment, draft=replace(DRAFT, agency=places.agency), by=people.commander)
    assert (remedy.owner, remedy.owner_name) == (RemedyOwner.AGENCY, "Sở Tài chính")


def test_an_overdue_act_can_still_be_reported_on_but_not_put_off_into_the_past(
    assessment: Assessment, people: cast.People
) -> None:
    remedy = plan(assessment, by=people.commander)
    year_on = cast.NOW.replace(year=2024, month=12)
    noted = replace(DRAFT, note="chờ giao đất")
    remedying.save(remedy, noted, plan_of=assessment, version=1, by=people.officer, now=year_on)
    with pytest.raises(NotReady, match="trước ngày hôm nay"):
        remedying.save(
            remedy,
            replace(noted, due_on=date(2024, 7, 1)),
            plan_of=assessment,
            version=2,
            by=people.officer,
            now=year_on,
        )
    assert Remedy.objects.get().days_overdue(date(2024, 7, 10)) == 10


def test_the_same_form_sent_twice_plans_one_act(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    client, form = sign_in(people.commander), typed()
    for _ in range(2):
        answer = client.post(url("remedy_add", assessment, "C02"), form)
        assert answer.status_code == 302
    assert Remedy.objects.count() == 1
    assert AuditEntry.objects.filter(event="remedy_added").count() == 1


def test_a_key_of_somebody_elses_act_changes_nothing(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    foreign = plan(other_assessment, by=people.other_commander)
    form = typed(key=str(foreign.pk))
    answer = sign_in(people.commander).post(url("remedy_add", assessment, "C02"), form)
    assert answer.status_code == 409
    assert "Trang bị phương tiện còn thiếu" in text_of(answer)
    foreign.refresh_from_db()
    assert (Remedy.objects.count(), foreign.action) == (1, DRAFT.action)


def test_a_plan_does_not_grow_without_end(
    assessment: Assessment, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remedying, "MOST_PER_FILE", 2)
    for _ in range(2):
        plan(assessment, by=people.commander)
    with pytest.raises(NotReady, match="đã có 2 việc"):
        plan(assessment, by=people.commander)


def test_the_trail_keeps_before_and_after(assessment: Assessment, people: cast.People) -> None:
    remedy = plan(assessment, by=people.commander)
    remedying.set_state(
        remedy,
        RemedyState.DOING,
        plan_of=assessment,
        version=1,
        by=people.coordinator,
        now=cast.NOW,
    )
    added, saved = AuditEntry.objects.filter(event__startswith="remedy_").order_by("sequence")
    assert (added.event, added.details["after"]["action"]) == ("remedy_added", DRAFT.action)
    assert saved.details["criterion"] == "C02"
    assert saved.details["before"]["state"] == "planned"
    assert saved.details["after"]["state"] == "doing"
    assert saved.unit_id == str(assessment.unit_id)


# --- the form --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "sum_"),
    [
        ("", None),
        ("  ", None),
        ("0", 0),
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1 234 567", 1_234_567),
        ("1234567", 1_234_567),
        ("1.234", 1_234),
        ("350.000.000 đồng", 350_000_000),
        ("350.000.000đ", 350_000_000),
        ("999999999999999", 999_999_999_999_999),
    ],
)
def test_money_as_people_write_it(written: str, sum_: int | None) -> None:
    assert MoneyField(required=False).clean(written) == sum_


@pytest.mark.parametrize(
    "written",
    [
        *("-1", "−5", "1,5", "1.5", "1.23.456", "1.234,567", "1,5 tỷ", "NaN", "Infinity"),
        *("1e9", "0x10", "９", "10.000.000.000.000.000", "9" * 400, "\x00", "1\u200b000"),
    ],
)
def test_wf_09_what_is_no_sum_of_money(written: str) -> None:
    with pytest.raises(ValidationError):
        MoneyField(required=False).clean(written)


def test_a_stored_sum_reads_back_as_it_is_shown() -> None:
    field = MoneyField()
    assert field.clean(field.prepare_value(Decimal(1_234_567))) == 1_234_567


def test_a_refused_form_keeps_every_word(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    form = typed(
        action="Xin chủ trương xã hội hóa camera",
        due_on="31/02/2029",
        cost="12 triệu",
        fund_source="other",
        note="đã trao đổi với phường",
    )
    answer = sign_in(people.officer).post(url("remedy_add", assessment, "C02"), form)
    assert answer.status_code == 400
    page = text_of(answer)
    assert set(answer.context["form"].errors) == {"due_on", "cost", "fund_approval"}
    for kept in ("Xin chủ trương xã hội hóa camera", "31/02/2029", "12 triệu", "đã trao đổi"):
        assert kept in page
    assert not Remedy.objects.exists()


def test_the_form_says_that_other_money_needs_an_approval(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.officer)
    answer = client.post(
        url("remedy_add", assessment, "C02"), typed(fund_source="other", cost="5.000.000")
    )
    assert answer.status_code == 400
    assert "cho chủ trương trước khi thực hiện" in str(
        answer.context["form"].errors["fund_approval"]
    )


def test_a_form_of_more_fields_writes_only_its_own(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    extra = typed(
        unit=str(other_assessment.unit_id),
        assessment=str(other_assessment.pk),
        state="done",
        version="99",
        created_by=str(people.leader.pk),
    )
    sign_in(people.officer).post(url("remedy_add", assessment, "C02"), extra)
    remedy = Remedy.objects.get()
    assert remedy.unit_id == assessment.unit_id
    assert remedy.assessment_id == assessment.pk
    assert (remedy.state, remedy.version, remedy.created_by) == ("planned", 1, people.officer)


def test_one_press_says_how_far_an_act_is(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    remedy = plan(assessment, by=people.commander)
    client = sign_in(people.officer)
    address = url("remedy_state", assessment, remedy.pk)
    for _ in range(2):  # pressed twice, changed once
        assert client.post(address, {"state": "done", "version": 1}).status_code == 302
    remedy.refresh_from_db()
    assert (remedy.state, remedy.version, remedy.updated_by) == ("done", 2, people.officer)
    page = text_of(client.get(url("remedies", assessment)))
    assert "Đã hoàn thành" in page
    assert "Trần Văn Minh" in page
    assert client.post(address, {"state": "lost", "version": 2}).status_code == 400


def test_an_act_of_another_file_is_not_found_under_this_one(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    foreign = plan(other_assessment, by=people.other_commander)
    client = sign_in(people.commander)
    assert client.get(url("remedy", assessment, foreign.pk)).status_code == 404
    answer = client.post(
        url("remedy_state", assessment, foreign.pk), {"state": "done", "version": 1}
    )
    assert answer.status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == "planned"


# --- two people ------------------------------------------------------------------------------


def test_wf_08_the_second_sees_both_versions_and_loses_nothing(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    remedy = plan(assessment, by=people.commander, draft=replace(DRAFT, due_on=LATER))
    mine = change(remedy, action="Bản của Minh")
    remedying.save(
        remedy,
        replace(DRAFT, due_on=LATER, action="Bản của Dũng"),
        plan_of=assessment,
        version=1,
        by=people.coordinator,
        now=cast.NOW,
    )
    client = sign_in(people.officer)
    answer = client.post(url("remedy", assessment, remedy.pk), mine)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Nội dung đã được thay đổi ở nơi khác lúc 09:00 ngày 10/11/2023" in page
    assert "Bản của Minh" in page
    assert "Bản của Dũng" in page
    assert Remedy.objects.get().action == "Bản của Dũng"
    # "Giữ bản của tôi" sends the form as the page shows it now.
    again = change(remedy, action="Bản của Minh", version=answer.context["form"]["version"].value())
    assert client.post(url("remedy", assessment, remedy.pk), again).status_code == 302
    assert Remedy.objects.get().action == "Bản của Minh"


def test_a_stale_press_is_told_what_stands(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    remedy = plan(assessment, by=people.commander)
    remedying.set_state(
        remedy,
        RemedyState.DROPPED,
        plan_of=assessment,
        version=1,
        by=people.coordinator,
        now=cast.NOW,
    )
    answer = sign_in(people.officer).post(
        url("remedy_state", assessment, remedy.pk), {"state": "done", "version": 1}
    )
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Đồng chí chọn “Đã hoàn thành”" in page
    assert "“Không thực hiện nữa”" in page
    assert Remedy.objects.get().state == "dropped"


@pytest.mark.django_db(transaction=True)
def test_wf_08_two_people_save_the_same_act_at_once(
    assessment: Assessment, people: cast.People
) -> None:
    remedy = plan(assessment, by=people.commander)

    def save(by: User, version: int) -> Callable[[], object]:
        copy = Assessment.objects.with_places().get(pk=assessment.pk)
        mine = replace(DRAFT, note=f"{by.username} {version}")
        return partial(
            remedying.save, remedy, mine, plan_of=copy, version=version, by=by, now=cast.NOW
        )

    for version in range(1, 7):
        results = at_once([save(people.officer, version), save(people.coordinator, version)])
        lost = [one for one in results if isinstance(one, RemedyConflict)]
        stored = Remedy.objects.get()
        assert len(lost) == 1, results
        assert stored.version == version + 1
        # What the second is shown is what the first saved.
        assert lost[0].current.note == stored.note
    assert AuditEntry.objects.filter(event="remedy_saved").count() == 6


# --- from round to round ---------------------------------------------------------------------


@pytest.fixture
def next_file(assessment: Assessment, programme: Programme) -> Assessment:
    """The same ward's file of 2024."""
    opened = opening.open_round(programme, 2024, by=None, now=cast.NOW.replace(year=2024, month=10))
    return Assessment.objects.with_places().get(round=opened, unit=assessment.unit)


def test_open_acts_go_into_the_next_round_and_are_stored_once(
    assessment: Assessment, next_file: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    still = plan(assessment, by=people.commander)
    done = plan(assessment, "C03", by=people.commander)
    remedying.set_state(
        done, RemedyState.DONE, plan_of=assessment, version=1, by=people.officer, now=cast.NOW
    )
    found = load_plan(next_file, today=date(2024, 7, 10))
    (one,) = found.planned
    assert (one.remedy, one.carried_from, one.days_overdue) == (still, 2023, 10)
    assert [part.criterion.code for part in found.others] == ["C02"]
    assert Remedy.objects.count() == 2
    page = text_of(sign_in(people.commander).get(url("remedies", next_file)))
    assert "Mang sang từ kỳ 2023" in page
    assert "Quá hạn" in page
    # The old round still tells what it planned.
    assert len(list(load_plan(assessment, today=cast.DAY).planned)) == 2


def test_what_is_finished_in_the_new_round_stays_in_its_plan(
    assessment: Assessment, next_file: Assessment, people: cast.People
) -> None:
    remedy = plan(assessment, by=people.commander)
    remedying.set_state(
        remedy,
        RemedyState.DONE,
        plan_of=next_file,
        version=1,
        by=people.officer,
        now=cast.NOW.replace(year=2024, month=11),
    )
    (one,) = load_plan(next_file, today=DUE).planned
    assert (one.remedy.state, one.days_overdue) == ("done", 0)


def test_a_criterion_that_the_new_set_no_longer_has_is_listed_apart(
    assessment: Assessment, programme: Programme, people: cast.People, sign_in: SignIn
) -> None:
    remedy = plan(assessment, "C03", by=people.commander)
    newer = cast.make_criteria_set("TC-4")
    last = newer.criteria.get(code="C03")
    with cast.unfrozen():
        type(last).objects.filter(pk=last.pk).update(code="C99")
    programme.criteria_set = newer
    programme.save()
    opened = opening.open_round(programme, 2024, by=None, now=cast.NOW.replace(year=2024))
    file = Assessment.objects.with_places().get(round=opened, unit=assessment.unit)
    found = load_plan(file, today=DUE)
    assert [one.remedy for one in found.apart] == [remedy]
    page = text_of(sign_in(people.commander).get(url("remedies", file)))
    assert "C03. Tin báo, tố giác" in page


def test_acts_of_a_unit_that_was_merged_are_its_successors(
    assessment: Assessment, people: cast.People, places: cast.Places, programme: Programme
) -> None:
    remedy = plan(assessment, by=people.commander)
    for unit in (places.ward, places.other_ward):
        unit.valid_to = date(2024, 6, 30)
        unit.save()
    after = Unit.objects.create(
        code="29242",
        name="phường Trà Vinh",
        kind="ward",
        province=places.province,
        valid_from=date(2024, 7, 1),
    )
    merged = Reorganisation.objects.create(
        on=date(2024, 7, 1),
        kind="merge",
        document=LegalDocument.objects.create(code="NQ", number="1687/NQ-UBTVQH15"),
    )
    for unit in (places.ward, places.other_ward):
        Succession.objects.create(reorganisation=merged, predecessor=unit, successor=after)
    opened = opening.open_round(programme, 2024, by=None, now=cast.NOW.replace(year=2024, month=10))
    file = Assessment.objects.with_places().get(round=opened, unit=after)
    (one,) = load_plan(file, today=date(2024, 10, 1)).planned
    assert (one.remedy, one.former_unit, one.carried_from) == (remedy, places.ward, 2023)
    assert list(open_remedies(after)) == [remedy]
    successor = cast.person("moi", "Trưởng Mới", Role.COMMANDER, unit=after)
    remedying.set_state(
        remedy, RemedyState.DONE, plan_of=file, version=1, by=successor, now=cast.NOW
    )
    remedy.refresh_from_db()
    assert (remedy.state, remedy.unit) == ("done", places.ward)


# --- the plan says --------------------------------------------------------------------------


def test_the_plan_names_every_unmet_criterion_and_where_nothing_is_planned(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer(assessment, "C01", by=people.officer)
    cast.answer(assessment, "C02", by=people.officer, met=False)
    cast.answer(assessment, "C03", by=people.officer, met=False)
    plan(assessment, by=people.commander)
    answer = sign_in(people.commander).get(url("remedies", assessment))
    found = answer.context["plan"]
    assert [(part.criterion.code, part.lacks_remedy) for part in found.unmet] == [
        ("C02", False),
        ("C03", True),
    ]
    page = text_of(answer)
    assert "Theo kết quả tự đánh giá (chưa có kết luận thẩm định)." in page
    assert page.count("Chưa có việc khắc phục") == 1
    assert url("remedy_add", assessment, "C03") in page


def test_once_concluded_the_plan_follows_the_provinces_word(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C02",))
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    criterion = assessment.round.criteria_set.criteria.get(code="C03")
    reviewing.save_verdict(
        assessment,
        criterion,
        decision="adjust",
        outcome="not_met",
        comment="Còn tin quá hạn.",
        version=0,
        by=people.reviewer,
        now=cast.NOW,
    )
    before = load_plan(assessment, today=cast.DAY)
    assert [part.criterion.code for part in before.unmet] == ["C02"]
    for code in ("C01", "C02"):
        reviewing.save_verdict(
            assessment,
            assessment.round.criteria_set.criteria.get(code=code),
            decision="accept",
            comment="",
            version=0,
            by=people.reviewer,
            now=cast.NOW,
        )
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    answer = sign_in(people.commander).get(url("remedies", assessment))
    assert [part.criterion.code for part in answer.context["plan"].unmet] == ["C02", "C03"]
    here = text_of(sign_in(people.commander).get(url("criterion", assessment, "C03")))
    assert "Việc khắc phục (0)" in here
    page = text_of(answer)
    assert "Theo kết luận thẩm định lúc 09:00 10/11/2023." in page
    assert "Còn tin quá hạn." in page


def test_what_has_no_stated_cost_is_counted_and_never_added(
    assessment: Assessment, people: cast.People
) -> None:
    ministry = {"fund_source": FundSource.MINISTRY}
    for more in (
        {"cost": Decimal(1_000_000_000), **ministry},
        {"cost": Decimal(500_000), **ministry},
        ministry,
        {"fund_source": FundSource.LOCAL},
        {"cost": Decimal(7), "fund_source": FundSource.LOCAL, "state": RemedyState.DROPPED},
        {},
    ):
        plan(assessment, draft=replace(DRAFT, **more), by=people.commander)
    found = [
        (one.source, one.total, one.stated, one.unstated) for one in costs_of(Remedy.objects.all())
    ]
    assert found == [
        (FundSource.MINISTRY, Decimal(1_000_500_000), 2, 1),
        (FundSource.LOCAL, Decimal(0), 0, 1),
    ]


# --- the province's list ---------------------------------------------------------------------


@pytest.fixture
def planned(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, places: cast.Places
) -> dict[str, Remedy]:
    """An overdue act of an agency, one in time, one done."""
    today = timezone.localdate()
    late = plan(
        assessment,
        draft=replace(
            DRAFT,
            action="Giao đất",
            agency=places.agency,
            cost=Decimal(2_000_000),
            fund_source=FundSource.LOCAL,
        ),
        by=people.commander,
    )
    in_time = plan(
        other_assessment,
        "C03",
        replace(DRAFT, action="Rà soát tin báo", due_on=LATER),
        by=people.other_commander,
    )
    done = plan(assessment, "C03", replace(DRAFT, action="Xong rồi"), by=people.commander)
    Remedy.objects.filter(pk=done.pk).update(state=RemedyState.DONE)
    Remedy.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=12))
    return {"late": late, "in_time": in_time, "done": done}


def listed(client: Client, **query: str) -> list[str]:
    answer = client.get("/khac-phuc/", query)
    assert answer.status_code == 200
    return [row.remedy.action for row in answer.context["rows"]]


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ({}, ["Giao đất", "Rà soát tin báo"]),
        ({"tinh_trang": "qua-han"}, ["Giao đất"]),
        ({"tinh_trang": "da-xong"}, ["Xong rồi"]),
        ({"tieu_chi": "C03"}, ["Rà soát tin báo"]),
        ({"tieu_chi": "C03", "tinh_trang": "da-xong"}, ["Xong rồi"]),
        ({"nguon": "local"}, ["Giao đất"]),
        ({"co_quan": "station"}, ["Rà soát tin báo"]),
    ],
)
def test_the_province_asks_its_list(
    query: dict[str, str],
    actions: list[str],
    planned: dict[str, Remedy],
    people: cast.People,
    sign_in: SignIn,
) -> None:
    assert listed(sign_in(people.coordinator), **query) == actions


def test_the_list_says_how_late_and_what_it_costs(
    planned: dict[str, Remedy], people: cast.People, sign_in: SignIn
) -> None:
    page = text_of(sign_in(people.leader).get("/khac-phuc/"))
    assert "Quá hạn 12 ngày" in page
    assert "2.000.000" in page
    assert "Ngân sách địa phương" in page


def test_the_list_ends_at_the_border(
    planned: dict[str, Remedy], people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.far_reviewer)
    assert listed(client) == []
    agency = str(planned["late"].agency_id)
    # An agency of another province is not even a choice.
    assert client.get("/khac-phuc/", {"co_quan": agency}).status_code == 400
    assert sign_in(people.commander).get("/khac-phuc/").status_code == 403


@pytest.mark.parametrize(
    "query", [{"co_quan": "999999"}, {"tinh_trang": "x"}, {"nguon": "'"}, {"tieu_chi": "\x00"}]
)
def test_ac_08_what_is_not_offered_is_refused(
    query: dict[str, str], planned: dict[str, Remedy], people: cast.People, sign_in: SignIn
) -> None:
    assert sign_in(people.coordinator).get("/khac-phuc/", query).status_code == 400


def test_the_list_is_paginated(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    for _ in range(27):
        plan(assessment, by=people.commander)
    client = sign_in(people.coordinator)
    assert len(listed(client)) == 25
    assert len(listed(client, page="2")) == 2


# --- queries ---------------------------------------------------------------------------------


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_queries_do_not_grow_with_the_plan(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C02", "C03"))
    remedy = plan(assessment, by=people.commander)
    client = sign_in(people.coordinator)
    pages = {
        url("remedies", assessment): 8,
        url("remedy", assessment, remedy.pk): 11,
        "/khac-phuc/": 10,
    }
    for _ in range(2):
        asked = {address: count(client, address) for address in pages}
        assert asked == pages
        for _ in range(5):
            plan(assessment, "C03", by=people.commander)


def test_an_unmet_criterion_leads_to_its_plan(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer(assessment, "C01", by=people.officer)
    cast.answer(assessment, "C02", by=people.officer, met=False)
    plan(assessment, by=people.commander)
    client = sign_in(people.officer)
    unmet = text_of(client.get(url("criterion", assessment, "C02")))
    assert "Việc khắc phục (1)" in unmet
    assert f"{url('remedies', assessment)}#C02" in unmet
    assert "Việc khắc phục (" not in text_of(client.get(url("criterion", assessment, "C01")))
