"""Pages of the year's list: the picker, proposals, the list itself, the commander's card."""

import uuid
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from assessments.models import Assessment, Registration, RegistrationQuota, Selection
from criteria.models import Programme
from tests import cast
from tests.reports.test_shortlist import many
from wards.models import Unit

SignIn = Callable[[User], Client]
KEY = "00000000-0000-0000-0000-000000000007"


@pytest.fixture
def year() -> int:
    """A year of the programme that has not passed by the real clock, which pages ask."""
    return timezone.localdate().year + 1


def picker(programme: Programme, year: int) -> str:
    return f"/chuong-trinh/{programme.code}/chon/{year}/"


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def save(client: Client, programme: Programme, year: int, *chosen: object, **more: str):
    data = {"chon": [str(one) for one in chosen], "key": KEY, "note": "Gần đạt nhất."} | more
    return client.post(picker(programme, year), data)


@pytest.fixture
def proposal(
    assessment: Assessment, people: cast.People, places: cast.Places, sign_in: SignIn, year: int
) -> Selection:
    """Dũng's list of both wards for next year."""
    cast.answer_all(assessment, by=people.commander, failing=("C01",))
    answer = save(
        sign_in(people.coordinator),
        assessment.round.programme,
        year,
        places.ward.pk,
        places.other_ward.pk,
    )
    assert answer.status_code == 302
    return Selection.objects.get()


def test_the_picker_ranks_counts_and_saves(
    assessment: Assessment, people: cast.People, places: cast.Places, sign_in: SignIn, year: int
) -> None:
    programme = assessment.round.programme
    cast.answer_all(assessment, by=people.commander, failing=("C01",))
    browser = sign_in(people.coordinator)
    page = text_of(browser, picker(programme, year))
    assert page.index("Phường 1, TP Trà Vinh") < page.index("Phường 2, TP Trà Vinh")
    assert "2/3" in page
    assert "kỳ 2023, tự đánh giá" in page
    assert "Đảng ủy phường" in page

    again = save(browser, programme, year, places.ward.pk, tinh_lai="1")
    assert again.status_code == 200
    assert "Gần đạt nhất." in again.content.decode()
    assert not Selection.objects.exists()

    part = browser.get(
        picker(programme, year), {"chon": str(places.ward.pk)}, headers={"hx-request": "true"}
    )
    assert "<html" not in part.content.decode()
    assert "Chọn thêm" in part.content.decode()

    saved = save(browser, programme, year, places.ward.pk)
    found = Selection.objects.get()
    assert saved["Location"] == f"/de-xuat/{found.pk}/"
    row = found.chosen.get()
    assert (row.unmet, row.unmet_alone, row.of) == (1, 0, 3)
    assert row.label.endswith("kỳ 2023, tự đánh giá")
    assert found.basis["files"] == 1
    # WF-07: the same form again leads to the same proposal.
    assert save(browser, programme, year, places.ward.pk)["Location"] == saved["Location"]
    assert Selection.objects.count() == 1


def test_what_the_picker_refuses_keeps_ticks_and_words(
    assessment: Assessment, people: cast.People, places: cast.Places, sign_in: SignIn, year: int
) -> None:
    programme = assessment.round.programme
    browser = sign_in(people.coordinator)
    nothing = save(browser, programme, year)
    assert nothing.status_code == 409
    assert "Chưa chọn đơn vị nào" in nothing.content.decode()
    far = save(browser, programme, year, places.ward.pk, places.far_ward.pk)
    assert far.status_code == 409
    page = far.content.decode()
    assert "không còn trong danh sách" in page
    assert "Gần đạt nhất." in page
    assert f'value="{places.ward.pk}"' in page
    assert "checked" in page
    assert save(browser, programme, year, "khong-phai").status_code == 400
    assert save(browser, programme, year, places.ward.pk, key="x").status_code == 400
    assert save(browser, programme, 2023, places.ward.pk).status_code == 409
    assert not Selection.objects.exists()


def test_leaders_read_the_picker_and_save_nothing(
    assessment: Assessment, people: cast.People, places: cast.Places, sign_in: SignIn, year: int
) -> None:
    programme = assessment.round.programme
    browser = sign_in(people.leader)
    assert "Lưu đề xuất" not in text_of(browser, picker(programme, year))
    assert save(browser, programme, year, places.ward.pk).status_code == 403
    assert browser.get(picker(programme, 2031)).status_code == 404
    assert sign_in(people.reviewer).get(picker(programme, year)).status_code == 403


def test_a_leader_finds_the_proposal_and_approves_it(
    proposal: Selection, people: cast.People, sign_in: SignIn, year: int
) -> None:
    address = f"/de-xuat/{proposal.pk}/"
    leader = sign_in(people.leader)
    assert address in text_of(leader, "/")
    page = text_of(leader, address)
    assert "Duyệt, mở đăng ký" in page
    assert "C01 Chi bộ xếp loại" in page
    empty = leader.post(f"{address}quyet-dinh/", {"note": "Ghi chú giữ lại"})
    assert empty.status_code == 400
    assert "Ghi chú giữ lại" in empty.content.decode()
    refused = leader.post(f"{address}quyet-dinh/", {"decision": "declined", "note": ""})
    assert refused.status_code == 409
    done = leader.post(f"{address}quyet-dinh/", {"decision": "approved", "note": "Đồng ý."})
    assert done.status_code == 302
    assert Registration.objects.filter(year=year, source="province").count() == 2
    assert address not in text_of(leader, "/")
    assert "Đã duyệt" in text_of(leader, address)
    listed = text_of(leader, f"/chuong-trinh/{proposal.programme.code}/de-xuat/")
    assert "Đề xuất 2 đơn vị" in listed
    # Somebody else comes too late and reads who decided; what they wrote stays.
    second = cast.person("an", "Lê An", Role.COORDINATOR, province=proposal.province)
    late = sign_in(second).post(
        f"{address}quyet-dinh/", {"decision": "declined", "note": "Chưa đủ."}
    )
    assert late.status_code == 409
    assert "Bùi Minh Quang đã duyệt đề xuất này" in late.content.decode()


def test_the_author_withdraws_and_does_not_approve(
    proposal: Selection, people: cast.People, sign_in: SignIn
) -> None:
    address = f"/de-xuat/{proposal.pk}/"
    author = sign_in(people.coordinator)
    page = text_of(author, address)
    assert "Duyệt, mở đăng ký" not in page
    own = author.post(f"{address}quyet-dinh/", {"decision": "approved", "note": ""})
    assert own.status_code == 403
    taken = author.post(f"{address}quyet-dinh/", {"decision": "withdrawn", "note": "Chọn lại."})
    assert taken.status_code == 302
    assert "Chọn lại." in text_of(author, address)


def test_three_figures_stand_beside_what_is_known(
    programme: Programme, people: cast.People, places: cast.Places, sign_in: SignIn, year: int
) -> None:
    RegistrationQuota.objects.create(
        programme=programme, year=year, assigned=106, registered=172, document=programme.document
    )
    Registration.objects.create(programme=programme, unit=places.ward, year=year, source="ministry")
    leader = sign_in(people.leader)
    page = text_of(leader, f"/chuong-trinh/{programme.code}/dang-ky/{year}/")
    for words in ("106", "172", "1 đơn vị đã biết tên", "0 đơn vị đã biết tên"):
        assert words in page
    assert "Gỡ…" not in page
    roadmap = text_of(leader, f"/lo-trinh/{programme.code}/")
    assert "106" in roadmap
    assert "Cấp tỉnh bổ sung" in roadmap


def test_the_coordinator_adds_records_and_removes(
    programme: Programme, people: cast.People, places: cast.Places, sign_in: SignIn, year: int
) -> None:
    address = f"/chuong-trinh/{programme.code}/dang-ky/{year}/"
    browser = sign_in(people.coordinator)
    assert browser.post(f"{address}them/", {"source": "ministry"}).status_code == 400
    added = browser.post(
        f"{address}them/", {"source": "ministry", "units": [str(places.ward.pk)], "number": ""}
    )
    assert added.status_code == 302
    row = Registration.objects.get()
    assert (row.source, row.registered_by) == ("ministry", people.coordinator)

    without = browser.post(f"{address}so-van-ban/", {"number": "106/TB-BCA"})
    assert without.status_code == 400
    quota = {"assigned": "2", "number": "106/TB-BCA", "issued_on": "2026-01-15", "text": "“02”"}
    assert browser.post(f"{address}so-van-ban/", quota).status_code == 302
    assert RegistrationQuota.objects.get().assigned == 2
    other_day = quota | {"issued_on": "2026-01-16"}
    clash = browser.post(f"{address}so-van-ban/", other_day)
    assert clash.status_code == 409
    assert "15/01/2026" in clash.content.decode()

    remove = f"/dang-ky/{row.pk}/go/"
    assert "Gỡ đăng ký của" in text_of(browser, remove)
    assert browser.post(remove, {"reason": ""}).status_code == 400
    assert browser.post(remove, {"reason": "Nhầm năm."}).status_code == 302
    assert not Registration.objects.exists()
    assert browser.post(remove, {"reason": "Nhầm năm."}).status_code == 404


def test_a_past_year_takes_no_unit_without_its_document(
    programme: Programme, people: cast.People, places: cast.Places, sign_in: SignIn
) -> None:
    address = f"/chuong-trinh/{programme.code}/dang-ky/2023/them/"
    data = {"source": "ministry", "units": [str(places.ward.pk)], "number": ""}
    browser = sign_in(people.coordinator)
    refused = browser.post(address, data)
    assert refused.status_code == 409
    assert "số văn bản" in refused.content.decode()
    assert browser.post(address, data | {"number": "9/TB-BCA"}).status_code == 302


def test_a_commander_registers_from_the_home_page_and_takes_it_back(
    programme: Programme, people: cast.People, places: cast.Places, sign_in: SignIn, year: int
) -> None:
    browser = sign_in(people.commander)
    address = f"/don-vi/{places.ward.pk}/dang-ky/{programme.code}/{year}/"
    assert address in text_of(browser, "/")
    assert browser.post(address).status_code == 302
    assert browser.post(address).status_code == 302
    assert Registration.objects.get().registered_by == people.commander
    page = text_of(browser, "/")
    assert "Rút đăng ký" in page
    assert "Tự đăng ký." in page
    assert browser.post(address, {"rut": "1"}).status_code == 302
    assert not Registration.objects.exists()
    late = browser.post(address, {"rut": "1"})
    assert late.status_code == 409
    assert "không có gì để rút" in late.content.decode()
    assert sign_in(people.officer).post(address).status_code == 403
    assert sign_in(people.other_commander).post(address).status_code == 404


def test_the_card_says_why_the_list_is_closed(
    proposal: Selection, people: cast.People, sign_in: SignIn, year: int
) -> None:
    Registration.objects.create(
        programme=proposal.programme,
        unit_id=proposal.chosen.all()[0].unit_id,
        year=year,
        source="province",
    )
    Selection.objects.update(state="approved", decided_at=timezone.now(), decided_by=people.leader)
    page = text_of(sign_in(people.commander), "/")
    assert "Danh sách của năm đã được duyệt." in page
    address = f"/don-vi/{proposal.chosen.all()[0].unit_id}/dang-ky/{proposal.programme.code}"
    assert f"{address}/{year}/" not in page


def test_no_card_for_a_unit_that_has_ended(
    programme: Programme, people: cast.People, places: cast.Places, sign_in: SignIn
) -> None:
    type(places.ward).objects.filter(pk=places.ward.pk).update(valid_to=date(2024, 12, 31))
    assert "Đăng ký xây dựng đạt chuẩn" not in text_of(sign_in(people.commander), "/")


@pytest.mark.parametrize("place", ["chon/{year}/", "dang-ky/{year}/", "de-xuat/"])
def test_as_many_queries_for_sixty_units_as_for_five(
    programme: Programme,
    people: cast.People,
    places: cast.Places,
    sign_in: SignIn,
    year: int,
    place: str,
) -> None:
    browser = sign_in(people.coordinator)
    address = f"/chuong-trinh/{programme.code}/{place.format(year=year)}"

    def commander_of(unit: Unit) -> User:
        known = User.objects.filter(username=f"truong.{unit.code}").first()
        return known or cast.person(f"truong.{unit.code}", "Trưởng", Role.COMMANDER, unit=unit)

    def asked() -> int:
        units = programme.roster.filter(code__startswith="7")
        for unit in units:
            Registration.objects.get_or_create(
                programme=programme,
                unit=unit,
                year=year,
                source="self",
                defaults={"registered_by": commander_of(unit), "registered_at": timezone.now()},
            )
        save(browser, programme, year, *(unit.pk for unit in units), key=str(uuid.uuid4()))
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    many(programme, places.province, range(3))
    few = asked()
    many(programme, places.province, range(3, 58))
    assert asked() == few
    assert few <= 32


def test_a_programme_asks_as_often_for_sixty_units_as_for_five(
    programme: Programme, people: cast.People, places: cast.Places, sign_in: SignIn
) -> None:
    browser = sign_in(people.leader)
    address = f"/chuong-trinh/{programme.code}/"

    def asked() -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
            return len(queries)

    many(programme, places.province, range(3))
    few = asked()
    many(programme, places.province, range(3, 58))
    assert asked() == few <= 15


def test_a_long_list_of_a_year_comes_page_by_page(
    programme: Programme, people: cast.People, places: cast.Places, sign_in: SignIn, year: int
) -> None:
    many(programme, places.province, range(130))
    units = programme.roster.filter(code__startswith="7").order_by("code")
    Registration.objects.bulk_create(
        Registration(programme=programme, unit=unit, year=year, source=source)
        for place, unit in enumerate(units)
        for source in (["ministry"] if place < 20 else ["self"])
    )
    browser = sign_in(people.leader)
    address = f"/chuong-trinh/{programme.code}/dang-ky/{year}/"
    first, second = (text_of(browser, f"{address}?page={page}") for page in (1, 2))
    assert (first.count("Phường số"), second.count("Phường số")) == (100, 30)
    assert "130 đơn vị có tên" in first
    assert '<span class="task-code">81</span>' in second
    assert "Các đơn vị ở trang khác." in second
    roadmap = text_of(browser, f"/lo-trinh/{programme.code}/")
    assert roadmap.count("Phường số") == 24
    assert "đủ 110 đơn vị" in roadmap
