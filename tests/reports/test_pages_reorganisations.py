"""The coordinator types a reorganisation, sees what follows, confirms, and decides what is left."""

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry, Role, User
from assessments.actions import submitting
from assessments.models import Assessment, Inheritance, Inspection, Recognition, Registration
from criteria.models import Programme, Target
from tests import cast
from tests.house.test_access import checksum
from tests.wards.test_reorganising import written
from wards.models import LegalDocument, Posting, Reorganisation, Unit

SignIn = Callable[[User], Client]
NEW = "/sap-xep/moi/"


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def text_of(response: Any) -> str:
    """What a reader reads, without the markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def on() -> date:
    """A day to come, within the two years that may be planned."""
    return timezone.localdate() + timedelta(days=30)


def typed(places: cast.Places, **more: Any) -> dict[str, Any]:
    """Phường 1 and Phường 2 become phường Trà Vinh."""
    return {
        "kind": "merge",
        "on": on().isoformat(),
        "number": "1687/NQ-UBTVQH15",
        "issued_on": "2025-06-16",
        "issuer": "Ủy ban Thường vụ Quốc hội",
        "predecessors": [str(places.ward.pk), str(places.other_ward.pk)],
        "moi-TOTAL_FORMS": "2",
        "moi-INITIAL_FORMS": "0",
        "moi-0-name": "Trà Vinh",
        "moi-0-code": "29242",
        "moi-0-kind": "ward",
        "moi-0-province": str(places.province.pk),
        "moi-1-kind": "ward",
        "moi-1-province": str(places.province.pk),
        **more,
    }


def hidden(response: Any) -> dict[str, Any]:
    """What the preview carries to the confirmation."""
    found: dict[str, Any] = {"luot": str(response.context["key"])}
    for name, value in response.context["carried"]:
        found.setdefault(name, []).append(value)
    return found


def look(client: Client, places: cast.Places, **more: Any) -> Any:
    return client.post(NEW, {**typed(places, **more), "buoc": "xem"})


def test_two_wards_are_merged_by_form_preview_and_confirmation(
    assessment: Assessment,
    other_assessment: Assessment,
    places: cast.Places,
    people: cast.People,
    sign_in: SignIn,
) -> None:
    client = sign_in(people.coordinator)
    assert client.get(NEW).status_code == 200
    before = checksum()
    preview = look(client, places)
    assert preview.status_code == 200, text_of(preview)[:3000]
    assert checksum() == before, "looking changes nothing"
    page = text_of(preview)
    for expected in (
        "Phường 1, TP Trà Vinh",
        "Phường trà Vinh".replace("trà", "Trà") + ", TP Trà Vinh",
        "Nguyễn Thị Lan",
        "Trần Văn Minh",
        "Lê Mạnh Hùng",
        "Chưa bắt đầu",
        "không còn ai ở đơn vị để làm tiếp và nộp",
    ):
        assert expected in page, expected
    lan = people.commander.postings.get()
    answer = client.post(NEW, {**hidden(preview), f"truong-{lan.pk}": "0", "buoc": "ghi"})
    row = Reorganisation.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/sap-xep/{row.pk}/")
    after = Unit.objects.get(code="29242")
    assert (after.name, after.valid_from) == ("phường Trà Vinh", on())
    assert Posting.objects.get(unit=after).user == people.commander
    assert "1687/NQ-UBTVQH15" in words(client.get(answer["Location"]))
    assert "Sắp đến" in words(client.get("/sap-xep/"))


def test_wf_07_the_confirmation_sent_twice_is_one_reorganisation(
    round_: object, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    body = {**hidden(look(client, places)), "buoc": "ghi"}
    first = client.post(NEW, body)
    before = written()
    again = client.post(NEW, body)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert written() == before


def test_the_preview_counts_everything_that_follows(
    assessment: Assessment,
    programme: Programme,
    places: cast.Places,
    people: cast.People,
    sign_in: SignIn,
) -> None:
    cast.recognise(assessment, people)
    Target.objects.create(
        programme=programme, by=date(2030, 12, 31), measure="percent", value=100, position=3
    )
    Registration.objects.create(
        programme=programme, unit=places.other_ward, year=on().year, source="self"
    )
    found = look(sign_in(people.coordinator), places).context["found"]
    assert [unit.code for unit in found.ending] == ["29239", "29245"]
    assert [unit.code for unit in found.beginning] == ["29242"]
    assert len(found.postings) == 3
    assert [(fate.status, len(fate.files)) for fate in found.files] == [("not_started", 1)]
    assert [one.unit for one in found.recognitions] == [places.ward]
    assert [one.unit for one in found.registrations] == [places.other_ward]
    (plan,) = found.plans
    (change,) = [one for one in plan.rows if one.row.scope == "all"]
    assert change.before is not None
    assert change.after is not None
    before, after = change.before, change.after
    assert (before.required, before.of) == (after.required, after.of) == (2, 2), "as approved"
    assert (before.roster_now, before.required_now, before.recognised) == (2, 2, 1)
    assert (after.roster_now, after.required_now, after.recognised) == (1, 1, 0)
    assert Unit.objects.filter(code="29242").count() == 0


def a_visit(programme: Programme, unit: Unit, by: User, **more: Any) -> Inspection:
    return Inspection.objects.create(
        programme=programme,
        unit=unit,
        kind="inspection",
        planned_for=on(),
        team="Đoàn kiểm tra Ban Chỉ đạo tỉnh",
        created_at=cast.NOW,
        created_by=by,
        updated_at=cast.NOW,
        updated_by=by,
        **more,
    )


def test_the_preview_lists_visits_still_to_be_held(
    programme: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    by = people.coordinator
    second = a_visit(programme, places.other_ward, by)
    first = a_visit(programme, places.ward, by)
    a_visit(programme, places.ward, by, done_on=timezone.localdate(), conclusion="Đạt.")
    a_visit(
        programme, places.ward, by, cancelled_on=timezone.localdate(), cancellation="Trùng lịch."
    )
    client = sign_in(by)
    preview = look(client, places)
    assert set(preview.context["found"].inspections) == {first, second}
    page = text_of(preview)
    assert "Cuộc kiểm tra, giám sát chưa tiến hành: 2" in page
    assert f"Sau ngày {on() - timedelta(days=1):%d/%m/%Y} không tiến hành được" in page
    assert f'href="/kiem-tra/{first.pk}/"' in words(preview)


def test_the_preview_asks_as_often_however_many_visits_there_are(
    programme: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    a_visit(programme, places.ward, people.coordinator)
    look(client, places)
    with CaptureQueriesContext(connection) as few:
        look(client, places)
    for unit in (places.ward, places.other_ward) * 3:
        a_visit(programme, unit, people.coordinator)
    with CaptureQueriesContext(connection) as many:
        look(client, places)
    assert len(many) == len(few)


def test_what_is_refused_comes_back_with_everything_typed(
    places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    before = written()[:-2]
    answer = look(client, places, **{"moi-0-code": "28759"})
    assert answer.status_code == 409
    page = words(answer)
    assert "Mã 28759 của Phường Trà Vinh đang là mã của Phường 1" in page
    assert 'value="1687/NQ-UBTVQH15"' in page
    assert 'value="Trà Vinh"' in page
    assert f'value="{places.ward.pk}" id="id_predecessors_0" checked' in page
    assert written()[:-2] == before
    assert AuditEntry.objects.filter(event="refused").count() == 1


def test_what_is_malformed_is_told_at_its_place(
    places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    answer = look(client, places, on="32/13/2026", **{"moi-0-name": "", "predecessors": []})
    page = words(answer)
    assert answer.status_code == 400
    assert "Ngày chưa đúng" in page
    assert "Cần chọn ít nhất một đơn vị trước sắp xếp" in page
    assert "Đơn vị mới 1: Cần nhập tên đơn vị mới." in page
    odd = client.post(NEW, {**typed(places), "buoc": "ghi"})
    assert odd.status_code == 400


def test_one_goes_back_to_change_and_asks_for_more_rows(
    places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    back = client.post(NEW, {**hidden(look(client, places)), "buoc": "sua"})
    assert back.status_code == 200
    assert 'value="1687/NQ-UBTVQH15"' in words(back)
    more = client.post(NEW, {**typed(places), "buoc": "them"})
    assert more.context["rows"].total_form_count() == 3
    assert 'value="Trà Vinh"' in words(more)
    assert "error-summary" not in words(more)


def test_a_reorganisation_between_preview_and_confirmation_is_told(
    round_: object, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.coordinator)
    first, second = hidden(look(client, places)), hidden(look(client, places))
    client.post(NEW, {**first, "buoc": "ghi"})
    answer = client.post(NEW, {**second, "buoc": "ghi"})
    assert answer.status_code == 400
    assert "vừa được sắp xếp ở nơi khác" in words(answer)
    assert Reorganisation.objects.count() == 1


def test_only_a_coordinator_and_only_of_these_units(
    places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    far = cast.person("xuan", "Mai Thị Xuân", Role.COORDINATOR, province=places.elsewhere)
    client = sign_in(far)
    answer = look(client, places)
    assert answer.status_code == 400, "the units are not even on the list"
    assert places.ward.heading_name not in text_of(client.get(NEW))
    for user in (people.leader, people.reviewer, people.commander):
        assert look(sign_in(user), places).status_code == 403
    assert not Reorganisation.objects.exists()


def merged(client: Client, places: cast.Places, day: date, **more: Any) -> Unit:
    """Merge by the form with effect from a day; the successor."""
    preview = look(client, places, on=day.isoformat())
    assert preview.status_code == 200, text_of(preview)[:2000]
    client.post(NEW, {**hidden(preview), "buoc": "ghi", **more})
    return Unit.objects.get(code="29242")


def test_the_commander_of_an_ended_unit_the_next_day(
    assessment: Assessment, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    merged(sign_in(people.coordinator), places, timezone.localdate())
    client = sign_in(people.commander)
    home = client.get("/")
    assert "Đồng chí chưa được phân công" in words(home)
    assert client.get(f"/phieu/{assessment.pk}/").status_code in {403, 404}
    history = sign_in(people.coordinator).get(f"/don-vi/{places.ward.pk}/")
    assert "hết hiệu lực sau ngày" in words(history)
    assert Assessment.objects.get(pk=assessment.pk).unit == places.ward


def test_the_commander_who_goes_on_finds_the_new_unit(
    round_: object, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    lan = people.commander.postings.get()
    today = timezone.localdate()
    after = merged(sign_in(people.coordinator), places, today, **{f"truong-{lan.pk}": "0"})
    client = sign_in(people.commander)
    assert client.get(f"/don-vi/{after.pk}/").status_code == 200
    assert client.get(f"/don-vi/{places.ward.pk}/").status_code == 404


def test_a_recognition_waits_on_the_home_page_until_it_is_decided(
    assessment: Assessment, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    cast.recognise(assessment, people)
    client = sign_in(people.coordinator)
    after = merged(client, places, timezone.localdate())
    recognition = Recognition.objects.get()
    address = f"/sap-xep/cong-nhan/{after.pk}/{recognition.pk}/"
    for page in ("/", "/sap-xep/cong-nhan/", f"/don-vi/{after.pk}/", f"/don-vi/{places.ward.pk}/"):
        assert address in words(client.get(page)), page
    assert client.get(address).status_code == 200
    malformed = client.post(address, {"choice": "keep", "number": "1/QĐ"})
    assert malformed.status_code == 400
    answer = client.post(address, {"choice": "keep", "reason": "Địa bàn không đổi"})
    assert (answer.status_code, answer["Location"]) == (302, "/sap-xep/cong-nhan/")
    assert Recognition.objects.get(kept_from=recognition).unit == after
    assert "Không có quyết định nào đang chờ" in words(client.get("/sap-xep/cong-nhan/"))
    assert address not in words(client.get("/"))
    assert "Đã quyết định" in words(client.get(address))
    again = client.post(address, {"choice": "lapse", "reason": "Nhầm"})
    assert again.status_code == 409
    assert "đã quyết định “Giữ công nhận”" in words(again)
    assert Inheritance.objects.count() == 1


def test_decisions_of_another_province_do_not_exist(
    assessment: Assessment, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    cast.recognise(assessment, people)
    after = merged(sign_in(people.coordinator), places, timezone.localdate())
    recognition = Recognition.objects.get()
    far = cast.person("xuan", "Mai Thị Xuân", Role.COORDINATOR, province=places.elsewhere)
    client = sign_in(far)
    assert client.get(f"/sap-xep/cong-nhan/{after.pk}/{recognition.pk}/").status_code == 404
    assert client.get("/sap-xep/").context["rows"] == []
    assert client.get(f"/sap-xep/{Reorganisation.objects.get().pk}/").status_code == 404
    unrelated = sign_in(people.coordinator).get(
        f"/sap-xep/cong-nhan/{places.other_ward.pk}/{recognition.pk}/"
    )
    assert unrelated.status_code == 404


@pytest.mark.parametrize("number", [1, 6])
def test_the_list_asks_as_often_however_long_it_is(
    number: int,
    places: cast.Places,
    people: cast.People,
    sign_in: SignIn,
    django_assert_num_queries: Any,
) -> None:
    for place in range(number):
        row = Reorganisation.objects.create(
            on=date(2024, 1, 1 + place), kind="merge", document=_document()
        )
        row.successions.create(predecessor=places.ward, successor=places.other_ward)
    client = sign_in(people.leader)
    client.get("/sap-xep/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/sap-xep/")


LIST_QUERIES = 13


def _document() -> LegalDocument:
    return LegalDocument.objects.create(code=f"NQ-{uuid.uuid4().hex[:8]}", number="1/NQ")
