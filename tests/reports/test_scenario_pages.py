"""Pages of scenarios: drafting, saving, reading, taking back, comparing, taking along."""

import uuid
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.access import NotReady
from accounts.models import AuditEntry, Role, User
from assessments.models import Registration
from criteria.models import Measure, Programme, Target
from reports.models import FrozenScenarioError, Scenario
from reports.rollup.scenario import placed
from reports.rollup.scenario_ground import load_ground
from reports.scenario_actions import NOTHING_MOVED, TAKEN_KEY, save_scenario
from reports.scenario_forms import field_of, fingerprint
from tests import cast
from tests.reports.test_shortlist import many
from wards.models import Province, Unit

SignIn = Callable[[User], Client]
KEY = "00000000-0000-0000-0000-000000000011"
THIS = timezone.localdate().year
NEXT = THIS + 1


@pytest.fixture
def planned(programme: Programme, places: cast.Places) -> Programme:
    """The programme with a target of both wards next year, and the ward on this year's list."""
    Target.objects.create(
        programme=programme, by=date(NEXT, 12, 31), measure=Measure.LEVEL, value=2, position=3
    )
    Registration.objects.create(programme=programme, unit=places.ward, year=THIS, source="self")
    return programme


def listing(programme: Programme) -> str:
    return f"/chuong-trinh/{programme.code}/phuong-an/"


def drafting(programme: Programme) -> str:
    return f"{listing(programme)}moi/"


def form_of(
    programme: Programme, province: Province, years: dict[Unit, int | str], **more: str
) -> dict[str, str]:
    """The form as the page sends it: every unit as today but for those told."""
    ground = load_ground(programme, province, as_of=timezone.localdate())
    data = {field_of(unit.pk): str(ground.today.get(unit.pk, "")) for unit in ground.movable}
    data |= {field_of(unit.pk): str(year) for unit, year in years.items()}
    words = {"title": "Hai phường một năm", "reason": "Dồn lực lượng."}
    return data | {"key": KEY, "basis": fingerprint(ground)} | words | more


def saved(programme: Programme, places: cast.Places, by: User, **more: Any) -> Scenario:
    """A scenario with both wards next year."""
    ground = load_ground(programme, places.province, as_of=timezone.localdate())
    both = dict.fromkeys((places.ward.pk, places.other_ward.pk), NEXT)
    words = {"title": "Hai phường một năm", "reason": "Dồn lực lượng.", "key": uuid.UUID(KEY)}
    return save_scenario(
        programme,
        places.province,
        ground,
        placed(ground, both),
        **{**words, **more},
        as_of=timezone.localdate(),
        by=by,
        now=timezone.now(),
    )


def text_of(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_drafting_shows_the_lists_of_today_and_what_they_give(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    page = text_of(sign_in(people.coordinator), drafting(planned))
    assert page.index(f"Danh sách hôm nay: năm {THIS}") < page.index("Phường 1, TP Trà Vinh")
    assert page.index("Phường 1, TP Trà Vinh") < page.index("Phường 2, TP Trà Vinh")
    assert f'<option value="{THIS}" selected>' in page
    assert f"năm {NEXT} thiếu 1 (1/2)" in page
    assert "không đăng ký, không rút" in page


def test_counting_again_keeps_what_was_typed_and_saves_nothing(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    browser = sign_in(people.coordinator)
    data = form_of(planned, places.province, {places.other_ward: NEXT}, tinh_lai="1")
    page = browser.post(drafting(planned), data).content.decode()
    assert "Đạt mọi mốc" in page
    assert "1 phường đổi năm" in page
    assert "Hai phường một năm" in page
    assert "Dồn lực lượng." in page
    part = browser.post(drafting(planned), data, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="tom-tat" hx-swap-oob="true"' in part
    # Without title or reason, counting again asks for neither.
    bare = browser.post(drafting(planned), {**data, "title": "", "reason": ""})
    assert bare.status_code == 200
    assert "Cần đặt tên" not in bare.content.decode()
    assert not Scenario.objects.exists()


def test_the_filter_hides_units_but_keeps_their_years(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    browser = sign_in(people.coordinator)
    data = form_of(planned, places.province, {places.other_ward: NEXT}, loc="1", ten="phuong 1")
    page = browser.post(drafting(planned), data).content.decode()
    hidden = f'<input type="hidden" name="{field_of(places.other_ward.pk)}" value="{NEXT}"'
    assert hidden in page
    assert f'<select name="{field_of(places.ward.pk)}"' in page
    assert "Đạt mọi mốc" in page
    by_year = browser.post(drafting(planned), {**data, "ten": "", "o_nam": str(NEXT)})
    assert f'<select name="{field_of(places.other_ward.pk)}"' in by_year.content.decode()
    none = browser.post(drafting(planned), {**data, "ten": "khong co"}).content.decode()
    assert "Không có đơn vị nào khớp" in none


def test_saving_freezes_the_proposal_and_moves_nothing_real(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    before = list(Registration.objects.values())
    browser = sign_in(people.coordinator)
    data = form_of(planned, places.province, {places.ward: NEXT, places.other_ward: NEXT}, luu="1")
    answer = browser.post(drafting(planned), data)
    scenario = Scenario.objects.get()
    assert answer["Location"] == f"/phuong-an/{scenario.pk}/"
    assert [(one.was, one.year) for one in scenario.places.order_by("unit__code")] == [
        (THIS, NEXT),
        (None, NEXT),
    ]
    assert scenario.figures["moved"] == 2
    entry = AuditEntry.objects.get(event="scenario_saved")
    assert entry.details["moves"] == [f"29239: {THIS} → {NEXT}", f"29245: – → {NEXT}"]
    assert list(Registration.objects.values()) == before
    # The same form again leads to the same scenario.
    assert browser.post(drafting(planned), data)["Location"] == answer["Location"]
    assert Scenario.objects.count() == 1


def test_what_saving_refuses_keeps_years_and_words(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    browser = sign_in(people.coordinator)

    def refused(status: int, sentence: str, data: dict[str, str]) -> str:
        answer = browser.post(drafting(planned), {**data, "luu": "1"})
        assert answer.status_code == status
        page = answer.content.decode()
        assert sentence in page
        return page

    moved = form_of(planned, places.province, {places.other_ward: NEXT})
    page = refused(400, "Cần đặt tên cho phương án.", {**moved, "title": " "})
    assert f'<option value="{NEXT}" selected>' in page
    assert "Dồn lực lượng." in page
    refused(400, "Cần nhập lý do.", {**moved, "reason": ""})
    refused(409, NOTHING_MOVED[:40], form_of(planned, places.province, {}))
    wrong = {**moved, field_of(places.ward.pk): "1999"}
    refused(400, "Hãy chọn một năm trong danh sách.", wrong)
    Registration.objects.all().delete()
    page = refused(409, "vừa thay đổi", moved)
    assert "Hai phường một năm" in page
    assert not Scenario.objects.exists()


def test_leaders_draft_reviewers_read_and_others_do_neither(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    scenario = saved(planned, places, people.leader)
    own = f"/phuong-an/{scenario.pk}/"
    assert sign_in(people.leader).get(drafting(planned)).status_code == 200
    assert "Rút phương án" in text_of(sign_in(people.leader), own)
    reviewer = sign_in(people.reviewer)
    page = text_of(reviewer, own)
    assert "Rút phương án" not in page
    assert "Chọn đơn vị" not in page
    assert "Lập phương án" not in text_of(reviewer, listing(planned))
    assert reviewer.get(drafting(planned)).status_code == 403
    ministry = sign_in(people.ministry_viewer)
    assert "Hai phường một năm" in text_of(ministry, own)
    # A province's programme is the province's to plan.
    assert ministry.get(drafting(planned)).status_code == 404
    assert sign_in(people.far_reviewer).get(own).status_code == 404
    assert sign_in(people.far_reviewer).get(listing(planned)).status_code == 404
    assert sign_in(people.commander).get(own).status_code == 403


def test_the_ministry_drafts_a_national_programme_province_by_province(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    Programme.objects.filter(pk=planned.pk).update(province=None)
    planned.refresh_from_db()
    planned.roster.add(places.far_ward)
    browser = sign_in(people.ministry_viewer)
    address = f"{drafting(planned)}?tinh={places.elsewhere.code}"
    page = text_of(browser, address)
    assert "Lập cho tỉnh này" in page
    assert field_of(places.far_ward.pk) in page
    assert field_of(places.ward.pk) not in page
    data = form_of(planned, places.elsewhere, {places.far_ward: NEXT}, luu="1")
    assert browser.post(address, data).status_code == 302
    scenario = Scenario.objects.get()
    assert scenario.province == places.elsewhere
    assert sign_in(people.coordinator).get(f"/phuong-an/{scenario.pk}/").status_code == 404
    assert "Hai phường" not in text_of(sign_in(people.coordinator), listing(planned))
    saved(planned, places, people.coordinator, key=uuid.uuid4())
    other = Scenario.objects.exclude(pk=scenario.pk).get()
    mixed = sign_in(people.ministry_viewer).get(
        f"{listing(planned)}so-sanh/", {"a": scenario.pk, "b": other.pk}
    )
    assert mixed.status_code == 400
    assert "hai tỉnh khác nhau" in mixed.content.decode()


def test_a_saved_scenario_tells_everything_and_where_to_act(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    scenario = saved(planned, places, people.leader)
    page = text_of(sign_in(people.coordinator), f"/phuong-an/{scenario.pk}/")
    for words in (
        "Kết quả: đạt mọi mốc",
        "Đồng chí Bùi Minh Quang",
        "Dồn lực lượng.",
        "Phương án không đăng ký, không rút và không chuyển đơn vị nào",
        f"chuyển từ {THIS}",
        "Các đơn vị không thay đổi từ khi lưu.",
        f"/chuong-trinh/{planned.code}/dang-ky/{NEXT}/",
        f"/chuong-trinh/{planned.code}/chon/{NEXT}/?tinh=84",
    ):
        assert words in page
    listed = text_of(sign_in(people.reviewer), listing(planned))
    assert "Kết quả: đạt mọi mốc" in listed


def test_units_that_are_gone_since_are_marked(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    scenario = saved(planned, places, people.leader)
    Unit.objects.filter(pk=places.ward.pk).update(valid_to=date(2024, 12, 31))
    browser = sign_in(people.leader)
    page = text_of(browser, f"/phuong-an/{scenario.pk}/")
    assert "Phường 1, TP Trà Vinh: không còn, không tính." in page
    # What was frozen stays; what is counted today stands beside it.
    assert "Kết quả: đạt mọi mốc" in page
    compared = text_of(browser, f"{listing(planned)}so-sanh/", a=str(scenario.pk))
    assert "không còn, không tính" in compared


def test_only_the_author_takes_a_scenario_back_and_nobody_changes_it(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    scenario = saved(planned, places, people.leader)
    address = f"/phuong-an/{scenario.pk}/rut/"
    assert sign_in(people.coordinator).post(address).status_code == 403
    for _ in range(2):
        assert sign_in(people.leader).post(address).status_code == 302
    scenario.refresh_from_db()
    assert scenario.withdrawn_by == people.leader
    assert AuditEntry.objects.filter(event="scenario_withdrawn").count() == 1
    page = text_of(sign_in(people.leader), f"/phuong-an/{scenario.pk}/")
    assert "Đã rút" in page
    assert address not in page
    scenario.title = "Khác"
    with pytest.raises(FrozenScenarioError):
        scenario.save()
    with pytest.raises(FrozenScenarioError):
        scenario.delete()


def test_somebody_elses_key_is_refused(
    planned: Programme, places: cast.Places, people: cast.People
) -> None:
    saved(planned, places, people.leader)
    with pytest.raises(NotReady, match=TAKEN_KEY):
        saved(planned, places, people.coordinator)


def test_two_scenarios_side_by_side_and_one_against_today(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    browser = sign_in(people.reviewer)
    address = f"{listing(planned)}so-sanh/"
    assert "Chưa có phương án nào để so sánh" in text_of(browser, address)
    first = saved(planned, places, people.leader)
    page = text_of(browser, address, a=str(first.pk))
    assert "2 đơn vị xếp khác năm" in page
    assert "B. Danh sách hôm nay" in page
    second = saved(planned, places, people.leader, key=uuid.uuid4(), title="Như phương án một")
    same = text_of(browser, address, a=str(first.pk), b=str(second.pk))
    assert "Hai bên xếp các đơn vị giống nhau." in same
    for asked in ("x", str(uuid.uuid4())):
        assert browser.get(address, {"a": asked}).status_code == 404


def test_the_workbook_holds_the_tables_as_values(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    scenario = saved(planned, places, people.leader, title="=1+1")
    answer = sign_in(people.reviewer).get(f"/phuong-an/{scenario.pk}/bang-so-lieu.xlsx")
    assert answer["Content-Disposition"].startswith("attachment")
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Theo năm", "Đơn vị"]
    years = list(book["Theo năm"].iter_rows(min_row=5, values_only=True))
    assert years[0][0] == THIS
    assert [row[5] for row in years[:2]] == [0, 2]
    units = list(book["Đơn vị"].iter_rows(min_row=5, values_only=True))
    assert units[0][:4] == ("Phường 1, TP Trà Vinh", "29239", THIS, NEXT)


def test_the_programme_and_its_roadmap_lead_here(
    planned: Programme, people: cast.People, sign_in: SignIn
) -> None:
    for address in (f"/chuong-trinh/{planned.code}/", f"/lo-trinh/{planned.code}/"):
        assert listing(planned) in text_of(sign_in(people.reviewer), address)
    assert listing(planned) not in text_of(
        sign_in(people.commander), f"/chuong-trinh/{planned.code}/"
    )


def test_a_programme_that_is_over_offers_nothing_to_plan(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    Programme.objects.filter(pk=planned.pk).update(ends=2025)
    browser = sign_in(people.coordinator)
    assert "Chương trình đã kết thúc" in text_of(browser, drafting(planned))
    data = {"key": KEY, "basis": "x", "title": "A", "reason": "B", "luu": "1"}
    assert browser.post(drafting(planned), data).status_code == 409


def test_long_lists_come_in_pages(
    planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    for number in range(21):
        saved(planned, places, people.leader, key=uuid.uuid4(), title=f"Phương án số {number}")
    browser = sign_in(people.leader)
    first = text_of(browser, listing(planned))
    assert "Phương án số 20" in first
    assert "Phương án số 0<" not in first
    assert "Phương án số 0<" in text_of(browser, listing(planned), page="2")


PINNED = {"list": 7, "new": 10, "one": 12, "compare": 14}


@pytest.mark.parametrize("wards", [3, 60])
def test_pages_ask_a_fixed_number_of_times(
    wards: int, planned: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    many(planned, places.province, range(wards))
    first = saved(planned, places, people.leader)
    for _ in range(wards // 10):
        saved(planned, places, people.leader, key=uuid.uuid4())
    browser = sign_in(people.coordinator)
    counts = {}
    for name, address in {
        "list": listing(planned),
        "new": drafting(planned),
        "one": f"/phuong-an/{first.pk}/",
        "compare": f"{listing(planned)}so-sanh/?a={first.pk}&b={first.pk}",
    }.items():
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        counts[name] = len(asked)
    assert counts == PINNED


def test_a_coordinator_elsewhere_saves_nothing_here(
    planned: Programme, places: cast.Places, sign_in: SignIn
) -> None:
    far = cast.person("tam", "Lê Tâm", Role.COORDINATOR, province=places.elsewhere)
    data = form_of(planned, places.province, {places.other_ward: NEXT}, luu="1")
    assert sign_in(far).post(drafting(planned), data).status_code == 404
    assert not Scenario.objects.exists()
