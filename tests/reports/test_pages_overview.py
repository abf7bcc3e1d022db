"""Dashboard and roadmap: one sentence, three kinds of "đạt", as of any day."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from assessments.actions import submitting
from assessments.models import Assessment, Registration, RegistrationQuota
from criteria.models import Programme, Round, Target, TargetRevision
from reports.rollup import headline, roadmap_rows
from tests import cast
from wards.models import LegalDocument, Unit

SignIn = Callable[[User], Client]
OVERVIEW = "/tong-quan/tra-vinh-2023/2023/"
ROADMAP = "/lo-trinh/tra-vinh-2023/"


def test_the_door_leads_to_the_latest_round(
    round_: Round, people: cast.People, sign_in: SignIn
) -> None:
    assert sign_in(people.leader).get("/tong-quan/").headers["Location"] == OVERVIEW


def test_without_a_round_the_running_year_and_without_a_programme_a_word(
    programme: Programme, people: cast.People, sign_in: SignIn
) -> None:
    year = min(timezone.localdate().year, 2030)
    target = f"/tong-quan/tra-vinh-2023/{year}/"
    client = sign_in(people.leader)
    assert client.get("/tong-quan/").headers["Location"] == target
    page = client.get(target).content.decode()
    assert "Chưa mở kỳ đánh giá của năm này" in page
    assert "Phường 2, TP Trà Vinh" in page
    assert (
        "Chưa có chương trình nào"
        in sign_in(people.far_reviewer).get("/tong-quan/").content.decode()
    )


def test_the_sentence_is_the_roll_ups(
    assessment: Assessment, programme: Programme, people: cast.People, sign_in: SignIn
) -> None:
    cast.recognise(assessment, people)
    today = timezone.localdate()
    expected = headline(
        roadmap_rows(programme, as_of=today),
        as_of=today,
        counting="recognised",
        unit_word="phường",
        round_year=2023,
    )
    page = sign_in(people.leader).get(OVERVIEW).content.decode()
    assert expected in page
    assert "1/2 phường được công nhận" in page


def test_three_kinds_stand_apart(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    reached = sign_in(people.leader).get(OVERVIEW).context["picture"].reached
    assert (reached.self_assessed, reached.verified, reached.recognised) == (1, 0, 0)
    assert (reached.of, reached.required) == (2, 1)


def test_a_day_of_the_past_shows_what_was_known_then(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    client = sign_in(people.leader)
    for day, self_assessed, missing in (("2023-11-10", 1, 1), ("2023-11-09", 0, 0)):
        answer = client.get(OVERVIEW, {"ngay": day})
        assert answer.status_code == 200
        picture = answer.context["picture"]
        assert picture.reached.self_assessed == self_assessed, day
        # The round was opened on 10/11: the day before, nobody owed anything.
        assert len(picture.missing) == missing, day


@pytest.mark.parametrize("page", [OVERVIEW, ROADMAP])
@pytest.mark.parametrize(
    "day", ["abc", "2023-02-30", "1900-01-01", "0001-01-01", "tomorrow", "\x00"]
)
def test_a_bad_day_is_a_sentence_and_not_a_fault(
    page: str, day: str, round_: Round, people: cast.People, sign_in: SignIn
) -> None:
    if day == "tomorrow":
        day = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = sign_in(people.leader).get(page, {"ngay": day})
    assert answer.status_code == 400
    assert "Trang đang hiện số liệu đến hôm nay" in answer.content.decode()


def test_the_tables_link_to_the_reasons(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C02",))
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    page = sign_in(people.leader).get(OVERVIEW).content.decode()
    unit = f"/don-vi/{assessment.unit_id}/"
    assert f'href="{unit}#C02"' in page
    # What is met, or not answered yet, is no link: nothing is behind it.
    assert f'href="{unit}#C01"' not in page
    assert f'href="/don-vi/{other_assessment.unit_id}/#C02"' not in page
    assert (
        "Phường 1, TP Trà Vinh, C02: Chưa đạt"
        in sign_in(people.leader).get(OVERVIEW).content.decode()
    )
    assert 'href="/bo-tieu-chi/TC-3/"' in page


def test_tables_narrow_to_a_status(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer(assessment, "C01", by=people.officer)
    client = sign_in(people.leader)
    counts = {
        status: client.get(OVERVIEW, {"trang_thai": status}).context["chosen_count"]
        for status in ("", "in_progress", "not_started", "verified", "no-such")
    }
    assert counts == {"": 2, "in_progress": 1, "not_started": 1, "verified": 0, "no-such": 2}


def test_obstacles_name_who_decides(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C01", "C02"))
    obstacles = sign_in(people.leader).get(OVERVIEW).context["obstacles"]
    assert [(one.code, one.owner, one.units) for one in obstacles] == [
        ("C01", "Đảng ủy phường", 1),
        ("C02", "Công an phường", 1),
    ]


def test_a_sample_round_says_so(round_: Round, people: cast.People, sign_in: SignIn) -> None:
    Round.objects.update(is_sample=True)
    assert "là dữ liệu mẫu" in sign_in(people.leader).get(OVERVIEW).content.decode()


def test_the_roadmap_shows_targets_as_approved_and_who_is_registered(
    programme: Programme,
    round_: Round,
    places: cast.Places,
    people: cast.People,
    sign_in: SignIn,
) -> None:
    Target.objects.filter(position=2).update(text="Năm 2024, có thêm 01 phường")
    Registration.objects.create(programme=programme, unit=places.ward, year=2024, source="self")
    Registration.objects.create(
        programme=programme, unit=places.other_ward, year=2024, source="ministry"
    )
    RegistrationQuota.objects.create(programme=programme, year=2024, assigned=5)
    page = sign_in(people.leader).get(ROADMAP).content.decode()
    for expected in (
        "01/2",
        "thêm 1",
        "1578/QĐ-UBND",
        "Năm 2024, có thêm 01 phường",
        "Tự đăng ký:",
        "Bộ giao:",
        f"/don-vi/{places.ward.pk}/",
        "Chưa có văn bản điều chỉnh",
    ):
        assert expected in page, expected


def test_a_revision_is_named_with_its_day(
    programme: Programme, round_: Round, people: cast.People, sign_in: SignIn
) -> None:
    document = LegalDocument.objects.create(code="QD-9", number="9/QĐ-UBND")
    revision = TargetRevision.objects.create(
        programme=programme, on=date(2024, 1, 1), document=document
    )
    Target.objects.create(
        programme=programme,
        revision=revision,
        by=date(2024, 12, 31),
        measure="level",
        value=2,
        position=3,
    )
    client = sign_in(people.leader)
    assert "từ 01/01/2024 theo 9/QĐ-UBND" in " ".join(client.get(ROADMAP).content.decode().split())
    # Before its day the first decision holds.
    rows = client.get(ROADMAP, {"ngay": "2023-12-01"}).context["picture"].overall_rows
    assert [row.as_approved for row in rows] == ["01/2", "thêm 1"]
    page = client.get("/chuong-trinh/tra-vinh-2023/").content.decode()
    assert "Chỉ tiêu điều chỉnh theo 9/QĐ-UBND" in page
    assert "bảng này giữ để tra cứu" in page


def test_many_units_without_a_round_are_shown_page_by_page(
    programme: Programme, places: cast.Places, people: cast.People, sign_in: SignIn
) -> None:
    for number in range(60):
        ward = Unit.objects.create(
            code=f"9{number:04}",
            name=f"Phường {100 + number}",
            kind="ward",
            province=places.province,
            valid_to=places.ward.valid_to,
        )
        programme.roster.add(ward)
    client = sign_in(people.leader)
    first, second = client.get(OVERVIEW), client.get(OVERVIEW, {"page": 2})
    assert first.context["page_obj"].paginator.num_pages == 2
    assert len(first.context["units"]) == 50
    shown = [one.unit.pk for page in (first, second) for one, _ in page.context["units"]]
    assert len(shown) == len(set(shown)) == first.context["page_obj"].paginator.count


def test_the_wall_screen_says_what_the_overview_says_and_renews_itself(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.recognise(assessment, people)
    client = sign_in(people.leader)
    picture = client.get(OVERVIEW).context["picture"]
    page = client.get(f"{OVERVIEW}man-hinh/").content.decode()
    assert picture.sentence in page
    assert f'hx-get="{OVERVIEW}man-hinh/"' in page
    assert all(one.unit.heading_name in page for one in picture.missing)


def test_a_wall_screen_of_many_late_units_counts_those_it_has_no_room_for(
    assessment: Assessment,
    people: cast.People,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reports.views.wall.MISSING_SHOWN", 1)
    page = sign_in(people.leader).get(f"{OVERVIEW}man-hinh/").content.decode()
    assert "và 1 phường khác" in page


def test_switching_the_year_keeps_the_day(
    round_: Round, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.leader)
    page = client.get(OVERVIEW, {"ngay": "2024-05-01"}).content.decode()
    assert 'href="/tong-quan/tra-vinh-2023/2023/?ngay=2024-05-01"' in page
    assert 'href="/lo-trinh/tra-vinh-2023/?ngay=2024-05-01"' in page
    assert 'href="/tong-quan/tra-vinh-2023/2023/?ngay=' not in client.get(OVERVIEW).content.decode()


def test_the_matrix_is_ordered_by_what_is_pressed(
    other_assessment: Assessment,
    assessment: Assessment,
    people: cast.People,
    sign_in: SignIn,
) -> None:
    """Lan's ward meets everything; the other has answered nothing."""
    cast.answer_all(assessment, by=people.officer)
    client = sign_in(people.leader)

    def first(**asked: str) -> str:
        rows = client.get(OVERVIEW, asked).context["criteria"].body.split("</tr>")
        return "Phường 1" if "Phường 1" in rows[0] else "Phường 2"

    group = assessment.round.criteria_set.groups.get(position=1).code
    assert first() == first(xep="khong-co") == "Phường 1"
    assert first(xep="C01") == first(xep=group) == "Phường 2"
    assert first(xep="con-thieu") == "Phường 1"
    page = client.get(OVERVIEW, {"xep": "C01", "trang_thai": "in_progress"}).content.decode()
    assert 'aria-sort="ascending"' in page
    assert "trang_thai=in_progress&amp;xep=C02" in page or "xep=C02&amp;trang_thai" in page


def test_recent_changes_are_told_up_to_the_day(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    client = sign_in(people.leader)
    [last] = client.get(OVERVIEW).context["picture"].recent
    assert (last.unit_id, last.status) == (assessment.unit_id, "submitted")
    page = client.get(OVERVIEW, {"ngay": "2023-11-10"}).content.decode()
    assert "Phường 1, TP Trà Vinh: Đã nộp, chờ thẩm định" in page
    before = client.get(OVERVIEW, {"ngay": "2023-11-09"})
    assert not before.context["picture"].recent
    assert "Thay đổi gần đây" not in before.content.decode()


def test_a_large_matrix_goes_by_pages_and_its_totals_are_of_all(
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reports.views.overview.MATRIX_PER_PAGE", 1)
    monkeypatch.setattr("reports.views.overview.MISSING_SHOWN", 1)
    cast.answer_all(assessment, by=people.officer)
    cast.answer_all(other_assessment, by=people.other_commander)
    client = sign_in(people.leader)
    for number, name in ((1, "Phường 1"), (2, "Phường 2")):
        answer = client.get(OVERVIEW, {"page": number, "ngay": ""})
        for table in (answer.context["groups"], answer.context["criteria"]):
            assert table.body.count("<tr>") == 1
            assert name in table.body
            assert set(table.totals) == {2}
        assert "1 trong 2 phiếu chưa nộp" in answer.content.decode()
    assert client.get(OVERVIEW, {"page": "1000000000"}).status_code == 200
