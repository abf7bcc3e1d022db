"""The register, one recognition, and what a coordinator writes down there."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from assessments.models import Commendation, Recognition
from criteria.models import Programme
from tests import cast
from tests.assessments.test_recognition_facts import merit, of_old, revoke
from tests.assessments.test_review_queue import queries
from tests.tables import stacked
from wards.models import Unit

REGISTER = "/cong-nhan/so/"
PAST = "/cong-nhan/ghi-nhan/"
MERIT = "/cong-nhan/khen-thuong/moi/"
REVOCATION = {
    "number": "77/QĐ-BCA",
    "decided_on": "2023-09-01",
    "issuer": "Bộ Công an",
    "title": "",
    "reason": "Để xảy ra vi phạm",
}


@pytest.fixture
def old(programme: Programme, places: cast.Places, people: cast.People) -> Recognition:
    return of_old(programme, places.ward, people)


def decision(programme: Programme, unit: Unit, /, **changes: str) -> dict[str, str]:
    return {
        "programme": str(programme.pk),
        "unit": str(unit.pk),
        "for_year": "2023",
        "number": "12/QĐ-BCA",
        "decided_on": "01/06/2023",
        "issuer": "Bộ Công an",
        "title": "",
        "note": "Ghi chú phải còn",
        **changes,
    }


def found(response) -> list[Recognition]:
    return [row.recognition for row in response.context["rows"]]


def test_the_register_tells_the_state_on_a_day(
    old: Recognition, places: cast.Places, people: cast.People, sign_in
) -> None:
    other = of_old(old.programme, places.other_ward, people, last_day=date(2023, 12, 31))
    revoke(old, people)
    client = sign_in(people.leader)
    today = client.get(REGISTER)
    assert {row.label for row in today.context["rows"]} == {
        "Đã hủy từ 01/09/2023",
        "Đã hết hạn sau 31/12/2023",
    }
    assert today.context["units"] == 0
    before = client.get(REGISTER, {"ngay": "2023-08-31", "tinh_trang": "con-hieu-luc"})
    assert set(found(before)) == {old, other}
    assert before.context["units"] == 2
    between = client.get(REGISTER, {"ngay": "2023-10-01", "tinh_trang": "sap-het-han"})
    assert found(between) == [other]
    assert between.context["units"] == 1
    assert found(client.get(REGISTER, {"tinh_trang": "da-huy"})) == [old]
    assert found(client.get(REGISTER, {"ngay": "2023-05-31"})) == []


def test_every_cell_of_the_register_says_on_a_phone_what_its_column_is(
    old: Recognition, people: cast.People, sign_in
) -> None:
    columns, labels = stacked(sign_in(people.leader).get(REGISTER).content.decode())
    assert len(columns) == 5
    assert labels == columns[1:]


def test_the_register_does_not_count_units_that_are_no_more(
    old: Recognition, people: cast.People, sign_in
) -> None:
    Unit.objects.filter(pk=old.unit_id).update(valid_to=date(2024, 12, 31))
    client = sign_in(people.leader)
    while_it_stood = client.get(REGISTER, {"ngay": "2024-12-31"})
    assert (while_it_stood.context["units"], while_it_stood.context["former"]) == (1, 0)
    since = client.get(REGISTER, {"ngay": "2025-01-01"})
    assert (since.context["units"], since.context["former"]) == (0, 1)
    assert "Không tính 1 đơn vị đã sắp xếp" in since.content.decode()
    assert found(since) == [old]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"q": "phuong 1"}, 1),
        ({"q": "PHƯỜNG 1"}, 1),
        ({"q": "12/QĐ-BCA"}, 1),
        ({"q": "29239"}, 1),
        ({"q": "phuong 9"}, 0),
        ({"nam": "2023"}, 1),
        ({"chuong_trinh": "tra-vinh-2023"}, 1),
    ],
)
def test_the_register_is_searched(
    old: Recognition, people: cast.People, sign_in, asked: dict[str, str], number: int
) -> None:
    assert len(found(sign_in(people.reviewer).get(REGISTER, asked))) == number


@pytest.mark.parametrize(
    "asked",
    [
        {"ngay": "2999-01-01"},
        {"ngay": "32/13/2023"},
        {"nam": "1999"},
        {"chuong_trinh": "x"},
        {"tinh_trang": "x"},
    ],
)
def test_a_bad_question_is_answered_with_a_sentence(
    old: Recognition, people: cast.People, sign_in, asked: dict[str, str]
) -> None:
    response = sign_in(people.coordinator).get(REGISTER, asked)
    assert response.status_code == 400
    assert "Chưa lọc được" in response.content.decode()


def test_pages_take_a_fixed_number_of_queries(
    old: Recognition, places: cast.Places, people: cast.People, sign_in
) -> None:
    client = sign_in(people.coordinator)
    page = reverse("recognition", args=[old.pk])
    merit(old.programme, places.ward, people)
    addresses = (REGISTER, page, PAST, MERIT, "/cong-nhan/khen-thuong/")
    before = {url: queries(client, url) for url in addresses}
    of_old(old.programme, places.other_ward, people)
    merit(old.programme, places.other_ward, people)
    merit(old.programme, places.ward, people, form="Cờ thi đua")
    assert {url: queries(client, url) for url in addresses} == before


def test_a_decision_of_old_is_recorded_and_marked(
    programme: Programme, places: cast.Places, people: cast.People, sign_in
) -> None:
    client = sign_in(people.coordinator)
    page = client.post(PAST, decision(programme, places.ward), follow=True).content.decode()
    assert "Ghi nhận theo văn bản, không qua kỳ đánh giá trên hệ thống" in page
    assert client.post(PAST, decision(programme, places.ward)).status_code == 302
    assert Recognition.objects.count() == 1, "sent twice, recorded once"
    refused = client.post(PAST, decision(programme, places.ward, number="13/QĐ-BCA"))
    assert refused.status_code == 409
    assert "Ghi chú phải còn" in refused.content.decode()
    assert AuditEntry.objects.latest("sequence").event == "refused"
    for wrong in ({"unit": str(places.far_ward.pk)}, {"for_year": "x"}, {"number": ""}):
        assert client.post(PAST, decision(programme, places.ward, **wrong)).status_code == 400


def test_revoking_on_its_page(old: Recognition, people: cast.People, sign_in) -> None:
    client = sign_in(people.coordinator)
    page, act = reverse("recognition", args=[old.pk]), reverse("revoke", args=[old.pk])
    assert act in client.get(page).content.decode()
    early = client.post(act, {**REVOCATION, "decided_on": "2023-05-01"})
    assert early.status_code == 409
    assert "Để xảy ra vi phạm" in early.content.decode()
    assert client.post(act, {**REVOCATION, "reason": ""}).status_code == 400
    response = client.post(act, REVOCATION, follow=True)
    assert response.redirect_chain == [(page, 302)]
    text = response.content.decode()
    assert "Đã hủy từ 01/09/2023" in text
    assert "Để xảy ra vi phạm" in text
    assert client.post(act, REVOCATION).status_code == 302, "sent twice, recorded once"
    assert client.post(act, {**REVOCATION, "number": "78/QĐ-BCA"}).status_code == 409
    assert AuditEntry.objects.filter(event="recognition_revoked").count() == 1


def test_putting_the_term_right_on_its_page(old: Recognition, people: cast.People, sign_in) -> None:
    client = sign_in(people.coordinator)
    act = reverse("correct_term", args=[old.pk])
    body = {"last_day": "31/12/2025", "reason": "Gõ nhầm", "seen": ""}
    assert client.post(act, body).status_code == 302
    assert client.post(act, body).status_code == 302, "sent twice, corrected once"
    old.refresh_from_db()
    assert old.lapses_on == date(2026, 1, 1)
    late = client.post(act, {**body, "last_day": "31/12/2024"})
    assert late.status_code == 409
    assert "đến hết ngày 31/12/2025" in late.content.decode()
    assert 'value="2026-01-01"' in client.get(act).content.decode()


def test_commendations_are_recorded_listed_and_taken_away(
    programme: Programme, places: cast.Places, people: cast.People, sign_in
) -> None:
    client = sign_in(people.coordinator)
    body = decision(programme, places.ward, form="Bằng khen", for_year="")
    page = client.post(MERIT, body, follow=True).content.decode()
    assert "Bằng khen" in page
    assert client.post(MERIT, body).status_code == 302
    one = Commendation.objects.get()
    assert client.post(MERIT, {**body, "note": "khác"}).status_code == 409
    assert client.post(MERIT, {**body, "form": ""}).status_code == 400
    act = reverse("remove_commendation", args=[one.pk])
    assert client.get(act).status_code == 200
    assert client.post(act, {"reason": ""}).status_code == 400
    assert client.post(act, {"reason": "Nhầm"}).status_code == 302
    assert not Commendation.objects.exists()


def test_the_commander_reads_it_and_may_do_nothing(
    old: Recognition, people: cast.People, sign_in
) -> None:
    page = reverse("recognition", args=[old.pk])
    client = sign_in(people.commander)
    text = client.get(page).content.decode()
    assert "12/QĐ-BCA" in text
    assert reverse("revoke", args=[old.pk]) not in text
    assert client.get(REGISTER).status_code == 403
    assert client.post(reverse("revoke", args=[old.pk]), REVOCATION).status_code == 403
    assert sign_in(people.other_commander).get(page).status_code == 404
    assert sign_in(people.far_reviewer).get(page).status_code == 404
