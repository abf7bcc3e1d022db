"""The first page of each role: what needs you, first, with one main button."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError
from django.http import HttpRequest
from django.test import Client, RequestFactory

from accounts.models import User
from assessments.actions import reviewing, submitting
from assessments.models import Assessment
from criteria.models import Duty, Programme, Round
from reports.context import navigation
from tests import cast
from tests.assessments.station import before_the_deadline
from wards.postings import attach_scope

SignIn = Callable[[User], Client]


def text_of(client: Client, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def labels(client: Client) -> list[str]:
    return [entry["label"] for entry in client.get("/").context["nav"]]


def test_the_main_button_follows_the_status(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    before_the_deadline(assessment, -timedelta(days=3))
    commander = sign_in(people.commander)
    assert "Bắt đầu tự đánh giá" in text_of(commander)

    cast.answer(assessment, "C01", by=people.officer)
    page = text_of(commander)
    assert "Tiếp tục tự đánh giá" in page
    assert "1/3" in page
    assert "Quá hạn" in page

    cast.answer_all(assessment, by=people.officer)
    page = text_of(commander)
    assert "Kiểm tra và nộp" in page
    assert f"/phieu/{assessment.pk}/kiem-tra/" in page

    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    page = text_of(commander)
    assert "không có việc phải làm" in page
    assert f"/phieu/{assessment.pk}/bien-nhan/" in page


def test_a_returned_file_comes_with_the_reviewers_words(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    reviewing.save_verdict(
        assessment,
        assessment.round.criteria_set.criteria.get(code="C02"),
        decision="more",
        comment="Thiếu sổ trực ban tháng 9.",
        version=0,
        by=people.reviewer,
        now=cast.NOW,
    )
    reviewing.return_to_station(
        assessment, comment="Bổ sung rồi nộp lại.", by=people.reviewer, now=cast.NOW
    )
    for person in (people.commander, people.officer):
        page = text_of(sign_in(person))
        assert "Phiếu được trả lại để bổ sung" in page
        assert "Thiếu sổ trực ban tháng 9." in page
        assert "Bổ sung rồi nộp lại." in page
        assert "Sửa theo ý kiến" in page
    assert "sổ trực ban" not in text_of(sign_in(people.other_commander))


def test_the_reviewer_sees_the_queue(
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    sign_in: SignIn,
) -> None:
    assert "Không có phiếu nào chờ đồng chí" in text_of(sign_in(people.reviewer))
    cast.answer_all(assessment, by=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    page = text_of(sign_in(people.reviewer))
    assert f"/tham-dinh/{assessment.pk}/" in page
    assert 'href="/tham-dinh/"' in page
    assert f"/tham-dinh/{assessment.pk}/" not in text_of(sign_in(people.far_reviewer))
    # Once a colleague has it, it no longer waits for the others.
    reviewing.claim(assessment, by=people.second_reviewer, now=cast.NOW)
    assert f"/tham-dinh/{assessment.pk}/" not in text_of(sign_in(people.reviewer))


def test_the_coordinator_sees_what_to_decide(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    cast.accept_all(assessment, by=people.reviewer)
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    answer = sign_in(people.coordinator).get("/")
    desk = answer.context["coordination"]
    assert (desk.verified, desk.proposed, desk.in_review) == (1, 0, 0)
    assert [(one.handed_in, one.units) for one in desk.rounds] == [(1, 2)]
    assert "1/2 đơn vị đã nộp" in answer.content.decode()


@pytest.mark.usefixtures("round_")
def test_leader_and_ministry_read_the_sentence(people: cast.People, sign_in: SignIn) -> None:
    for person in (people.leader, people.ministry_viewer):
        page = text_of(sign_in(person))
        assert "kỳ 2023 có 0/2 phường được công nhận" in page
        assert 'href="/tong-quan/tra-vinh-2023/2023/"' in page
        assert "chart-roadmap" in page


def test_the_rapporteur_reads_duties_and_the_next_due_day(
    programme: Programme,
    places: cast.Places,
    people: cast.People,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Duty.objects.create(
        programme=programme, agency=places.agency, entry="3", text="Bố trí kinh phí.", position=1
    )
    for today, due in ((date(2026, 11, 14), "14/11/2026"), (date(2026, 11, 15), "14/11/2027")):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_, day=today: day)
        page = text_of(sign_in(people.rapporteur))
        assert "Bố trí kinh phí." in page
        assert f"<strong>{due}</strong>" in page


@pytest.mark.usefixtures("round_")
def test_the_administrator_and_people_without_a_posting(
    people: cast.People, sign_in: SignIn
) -> None:
    assert 'href="/nhat-ky/"' in text_of(sign_in(people.administrator))
    newcomer = User.objects.create_user(username="moi", password=cast.PASSWORD, full_name="Lê Mới")
    page = text_of(sign_in(newcomer))
    assert "chưa được phân công" in page
    assert labels(sign_in(newcomer)) == []


@pytest.mark.usefixtures("round_")
def test_navigation_by_role(people: cast.People, sign_in: SignIn) -> None:
    everyone = {
        "commander": ["Trang chủ", "Đơn vị", "Chương trình", "Báo cáo"],
        "reviewer": [
            "Trang chủ",
            "Tổng quan",
            "Thẩm định",
            "Kiểm tra",
            "Nhiệm vụ",
            "Đơn vị",
            "Chương trình",
            "Báo cáo",
        ],
        "coordinator": [
            "Trang chủ",
            "Tổng quan",
            "Thẩm định",
            "Công nhận",
            "Khắc phục",
            "Kiểm tra",
            "Nhiệm vụ",
            "Đơn vị",
            "Chương trình",
            "Báo cáo",
            "Nhật ký",
        ],
        "rapporteur": ["Trang chủ", "Nhiệm vụ", "Chương trình", "Báo cáo"],
        "administrator": [
            "Trang chủ",
            "Nhật ký",
            "Lịch làm việc",
            "Thư điện tử",
            "Mã truy cập API",
        ],
    }
    for role, expected in everyone.items():
        assert labels(sign_in(getattr(people, role))) == expected, role


def test_every_entry_of_the_navigation_opens(
    round_: Round, people: cast.People, sign_in: SignIn
) -> None:
    for role in vars(people):
        client = sign_in(getattr(people, role))
        for entry in client.get("/").context["nav"]:
            assert client.get(entry["url"], follow=True).status_code == 200, (role, entry)


def test_sample_data_is_announced(round_: Round, people: cast.People, sign_in: SignIn) -> None:
    assert "data-sample" not in text_of(sign_in(people.commander))
    Round.objects.update(is_sample=True)
    assert "data-sample" in text_of(sign_in(people.commander))
    assert "data-sample" not in text_of(sign_in(people.far_reviewer))


def test_the_surroundings_never_break_a_page(
    people: cast.People, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = HttpRequest()
    assert navigation(bare) == {
        "nav": [],
        "posting_line": "",
        "sample_data": False,
        "unread_notices": 0,
    }
    assert client.get("/khong-co-trang-nay/").status_code == 404
    request = RequestFactory().get("/")
    request.user = attach_scope(people.leader, cast.DAY)
    request.resolver_match = None

    def broken(*args: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("criteria.querysets.RoundQuerySet.visible_to", broken)
    around = navigation(request)
    assert around["sample_data"] is False
    assert around["unread_notices"] == 0
    assert around["nav"]


def test_healthz(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")

    def down(*args: object) -> None:
        raise DatabaseError("no route to host")

    with monkeypatch.context() as patch:
        patch.setattr("django.db.backends.utils.CursorWrapper.execute", down)
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"unavailable")
