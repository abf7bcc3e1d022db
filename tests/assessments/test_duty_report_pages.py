"""The pages of duty reports: the rapporteur's form, the receipt, and what readers see."""

import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.http import FileResponse
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import Notice, Role, User
from assessments.actions import duty_reports
from assessments.models import DutyReport
from criteria.models import Duty, Programme
from tests import cast
from tests.assessments import duties as stage

SignIn = Callable[[User], Client]
ADDRESS = "/nhiem-vu/tra-vinh-2023/2023/so-tai-chinh/"
SUMMARY = "/nhiem-vu/tong-hop/tra-vinh-2023/2023/"


@pytest.fixture
def duties(programme: Programme, places: cast.Places) -> list[Duty]:
    return stage.give(programme, places.agency)


def typed(duties: list[Duty], *, version: int = 0, number: int = 1, **more: str) -> dict[str, Any]:
    """The form as a browser sends it, with every duty answered."""
    sent = {"number": str(number), "version": str(version), "paper_number": "125/BC-STC"}
    for duty in duties:
        sent[f"progress-{duty.pk}"] = "done"
        sent[f"text-{duty.pk}"] = f"Kết quả nhiệm vụ {duty.position}"
    return {**sent, **more}


def page_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_rapporteurs_road(duties: list[Duty], people: cast.People, sign_in: SignIn) -> None:
    yen = sign_in(people.rapporteur)
    assert "Lập báo cáo năm 2023" in page_of(yen, "/nhiem-vu/")
    page = page_of(yen, ADDRESS)
    assert stage.FUNDS in page
    assert "chậm nhất hết thứ Ba ngày 14/11/2023" in page
    assert not DutyReport.objects.exists()

    answer = yen.post(ADDRESS, typed(duties, next="check"))
    assert (answer.status_code, answer["Location"]) == (302, f"{ADDRESS}kiem-tra/")
    check = page_of(yen, f"{ADDRESS}kiem-tra/")
    assert "Kết quả nhiệm vụ 1" in check
    assert "vẫn được tiếp nhận và ghi “nộp muộn”" in check

    form = {"number": "1", "version": "1"}
    undeclared = yen.post(f"{ADDRESS}kiem-tra/", form)
    assert undeclared.status_code == 400
    assert "Cần đánh dấu cam đoan" in undeclared.content.decode()
    answer = yen.post(f"{ADDRESS}kiem-tra/", {**form, "declared": "on"}, follow=True)
    report = DutyReport.objects.get()
    shown = answer.content.decode()
    assert report.receipt in shown
    late = (timezone.localdate() - stage.LAST_DAY).days
    assert f"Nộp muộn {late} ngày" in shown
    assert "Kết quả nhiệm vụ 2" in shown
    assert "Xem biên nhận năm 2023" in page_of(yen, "/nhiem-vu/")

    again = yen.post(f"{ADDRESS}kiem-tra/", {**form, "declared": "on"}, follow=True)
    assert f"đã được tiếp nhận (mã {report.receipt}). Không cần gửi lại" in again.content.decode()
    assert DutyReport.objects.count() == 1

    page = page_of(yen, ADDRESS)
    assert "Đây là bản sửa" in page
    assert "Kết quả nhiệm vụ 1" in page


def test_what_is_missing_is_listed_and_cannot_be_handed_in(
    duties: list[Duty], people: cast.People, sign_in: SignIn
) -> None:
    yen = sign_in(people.rapporteur)
    half = typed(duties)
    half[f"progress-{duties[1].pk}"] = "not_done"
    half[f"text-{duties[1].pk}"] = ""
    assert yen.post(ADDRESS, half).status_code == 302
    page = page_of(yen, f"{ADDRESS}kiem-tra/")
    assert "Chưa xong: 1 nhiệm vụ chưa trả lời đủ" in page
    assert "Nhiệm vụ 2: cần nêu kết quả đến nay" in page
    sent = {"number": "1", "version": "1", "declared": "on"}
    refused = yen.post(f"{ADDRESS}kiem-tra/", sent)
    assert refused.status_code == 409
    assert "còn 1 nhiệm vụ chưa trả lời đủ" in refused.content.decode()
    assert not DutyReport.objects.get().is_submitted


def test_a_check_without_a_draft_leads_to_the_form(
    duties: list[Duty], people: cast.People, sign_in: SignIn
) -> None:
    yen = sign_in(people.rapporteur)
    answer = yen.get(f"{ADDRESS}kiem-tra/")
    assert (answer.status_code, answer["Location"]) == (302, ADDRESS)
    sent = {"number": "1", "version": "1", "declared": "on"}
    refused = yen.post(f"{ADDRESS}kiem-tra/", sent)
    assert refused.status_code == 409
    assert "Chưa có bản nháp nào được lưu" in refused.content.decode()


def test_wf_08_a_conflict_shows_both_versions_and_keeps_what_was_typed(
    programme: Programme,
    duties: list[Duty],
    people: cast.People,
    places: cast.Places,
    sign_in: SignIn,
) -> None:
    colleague = cast.person("hoa", "Trần Thị Hoa", Role.RAPPORTEUR, agency=places.agency)
    yen = sign_in(people.rapporteur)
    duty_reports.save(
        stage.the_task(programme, places.agency),
        stage.whole(duties, "Bản của Hoa"),
        number=1,
        version=0,
        by=colleague,
        now=cast.NOW,
    )
    sent = typed(duties, difficulties="Khó khăn tôi vừa gõ")
    answer = yen.post(ADDRESS, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "được đồng chí Trần Thị Hoa thay đổi ở nơi khác lúc 09:00 ngày 10/11/2023" in page
    assert page.count("Khó khăn tôi vừa gõ") >= 2
    assert "Bản của Hoa" in page
    assert 'name="version" value="1"' in page
    assert yen.post(ADDRESS, {**sent, "version": "1"}).status_code == 302
    assert DutyReport.objects.get().difficulties == "Khó khăn tôi vừa gõ"


def test_wf_01_a_form_from_before_it_was_handed_in_keeps_its_text(
    programme: Programme, duties: list[Duty], people: cast.People, sign_in: SignIn
) -> None:
    report = stage.handed_in(programme, people, duties, now=cast.NOW)
    stale = typed(duties, version=1, proposals="Gõ từ trước khi nộp")
    answer = sign_in(people.rapporteur).post(ADDRESS, stale)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"đã được nộp lúc 09:00 ngày 10/11/2023 (mã tiếp nhận {report.receipt})" in page
    assert "Gõ từ trước khi nộp" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("difficulties", "Có ký tự \x00 lạ", "ký tự điều khiển"),
        ("difficulties", "x" * 5001, "chỉ nhận tối đa 5000"),
        ("paper_date", "32/13/2023", "Ngày chưa đúng"),
        ("paper_date", "01/01/2999", "Ngày văn bản ở tương lai"),
        ("proposals", "Theo văn bản Tối mật số 3", "có chữ “Tối mật”"),
        ("version", "-1", "lớn hơn hoặc bằng 0"),
        ("number", "x", "Nhập một số"),
    ],
)
def test_wf_10_what_cannot_be_taken_is_refused_and_kept(
    duties: list[Duty],
    people: cast.People,
    sign_in: SignIn,
    field: str,
    value: str,
    sentence: str,
) -> None:
    sent = typed(duties, **{field: value})
    answer = sign_in(people.rapporteur).post(ADDRESS, sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert "Kết quả nhiệm vụ 1" in page
    assert not DutyReport.objects.exists()


def test_a_word_that_looks_secret_is_confirmed(
    duties: list[Duty], people: cast.People, sign_in: SignIn
) -> None:
    yen = sign_in(people.rapporteur)
    sent = typed(duties, proposals="Theo văn bản Tối mật số 3")
    assert 'name="unmarked"' in yen.post(ADDRESS, sent).content.decode()
    assert yen.post(ADDRESS, {**sent, "unmarked": "on"}).status_code == 302


def test_ac_01_other_agencies_years_and_programmes_are_not_found(
    programme: Programme,
    duties: list[Duty],
    people: cast.People,
    places: cast.Places,
    sign_in: SignIn,
) -> None:
    report = stage.handed_in(programme, people, duties, now=cast.NOW)
    [other] = stage.more_agencies(programme, places.province, 1)
    stranger = sign_in(cast.person("khac", "Người Sở Khác", Role.RAPPORTEUR, agency=other))
    for address in (ADDRESS, f"{ADDRESS}kiem-tra/", f"/nhiem-vu/bao-cao/{report.pk}/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(ADDRESS, typed(duties)).status_code == 404
    yen = sign_in(people.rapporteur)
    for address in (
        "/nhiem-vu/tra-vinh-2023/2022/so-tai-chinh/",
        f"/nhiem-vu/tra-vinh-2023/{timezone.localdate().year + 1}/so-tai-chinh/",
        "/nhiem-vu/khong-co/2023/so-tai-chinh/",
    ):
        assert yen.get(address).status_code == 404


def test_readers_see_every_agency_and_filter_by_state(
    programme: Programme,
    duties: list[Duty],
    people: cast.People,
    places: cast.Places,
    sign_in: SignIn,
) -> None:
    stage.more_agencies(programme, places.province, 2)
    report = stage.handed_in(programme, people, duties, now=cast.NOW)
    for reader in (people.coordinator, people.leader, people.reviewer, people.ministry_viewer):
        client = sign_in(reader)
        assert "1/3 cơ quan đã nộp" in page_of(client, "/nhiem-vu/")
        page = page_of(client, SUMMARY)
        assert f"/nhiem-vu/bao-cao/{report.pk}/" in page
        assert "Cơ quan 01" in page
        late = page_of(client, f"{SUMMARY}?tinh_trang=qua-han")
        assert "Sở Tài chính" not in late
        assert "Cơ quan 00" in late
        replies = page_of(client, f"{SUMMARY}theo-nhiem-vu/")
        assert "Đã bố trí 350 triệu đồng." in replies
        assert "Đã bố trí 350 triệu đồng." in page_of(client, f"/nhiem-vu/bao-cao/{report.pk}/")
    assert page_of(sign_in(people.coordinator), f"{SUMMARY}?tinh_trang=x", 400)
    assert sign_in(people.far_reviewer).get(SUMMARY).status_code == 404


def sheet_of(client: Client, query: str = "") -> Worksheet:
    """The downloaded list as a spreadsheet opens it."""
    answer = client.get(f"{SUMMARY}tai-ve/{query}")
    assert answer.status_code == 200
    assert ".xlsx" in answer["Content-Disposition"]
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert isinstance(answer, FileResponse)
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert isinstance(sheet, Worksheet)
    return sheet


def rows_of(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """Agency, state and days late of every row."""
    return [(row[1], row[7], row[8]) for row in sheet.iter_rows(min_row=6, values_only=True)]


def test_the_list_is_downloaded_with_states_and_days_late(
    programme: Programme,
    duties: list[Duty],
    people: cast.People,
    places: cast.Places,
    sign_in: SignIn,
) -> None:
    stage.more_agencies(programme, places.province, 1)
    three_days = cast.NOW.replace(year=2023, month=11, day=17)
    report = stage.handed_in(programme, people, duties, now=three_days)
    overdue = (timezone.localdate() - stage.LAST_DAY).days
    client = sign_in(people.coordinator)
    sheet = sheet_of(client)
    assert rows_of(sheet) == [
        ("Cơ quan 00", "Quá hạn, chưa nộp", overdue),
        ("Sở Tài chính", "Nộp muộn", 3),
    ]
    assert sheet["G7"].value == report.receipt
    assert rows_of(sheet_of(client, "?tinh_trang=nop-muon")) == [("Sở Tài chính", "Nộp muộn", 3)]
    assert rows_of(sheet_of(client, "?tinh_trang=chua-nop")) == []
    page = page_of(client, f"{SUMMARY}?tinh_trang=nop-muon")
    assert f'href="{SUMMARY}tai-ve/?tinh_trang=nop-muon"' in page
    assert "tai-ve" not in page_of(client, f"{SUMMARY}?tinh_trang=chua-nop")
    assert client.get(f"{SUMMARY}tai-ve/?tinh_trang=x").status_code == 400
    assert sign_in(people.far_reviewer).get(f"{SUMMARY}tai-ve/").status_code == 404
    assert sign_in(people.rapporteur).get(f"{SUMMARY}tai-ve/").status_code == 403


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_name_becomes_a_formula(
    sign: str,
    duties: list[Duty],
    people: cast.People,
    places: cast.Places,
    sign_in: SignIn,
) -> None:
    name = f'{sign}HYPERLINK("https://mau.example")'
    type(places.agency).objects.filter(pk=places.agency.pk).update(name=name)
    cell = sheet_of(sign_in(people.coordinator))["B6"]
    assert (cell.value, cell.data_type) == (name, "s")


def test_readers_see_no_draft(
    programme: Programme,
    duties: list[Duty],
    people: cast.People,
    places: cast.Places,
    sign_in: SignIn,
) -> None:
    draft = duty_reports.save(
        stage.the_task(programme, places.agency),
        stage.whole(duties, "Còn viết dở"),
        number=1,
        version=0,
        by=people.rapporteur,
        now=cast.NOW,
    )
    client = sign_in(people.coordinator)
    assert client.get(f"/nhiem-vu/bao-cao/{draft.pk}/").status_code == 404
    assert sign_in(people.rapporteur).get(f"/nhiem-vu/bao-cao/{draft.pk}/").status_code == 404
    for address in (SUMMARY, f"{SUMMARY}theo-nhiem-vu/"):
        assert "Còn viết dở" not in page_of(sign_in(people.coordinator), address)


def test_an_ended_province_is_told_and_not_reminded(
    duties: list[Duty], people: cast.People, places: cast.Places, sign_in: SignIn
) -> None:
    places.province.valid_to = stage.LAST_DAY.replace(month=6)
    places.province.save()
    yen = sign_in(people.rapporteur)
    for address in ("/", "/nhiem-vu/", ADDRESS):
        assert "không nhắc và không tính chậm" in page_of(yen, address)
    assert "Có cơ quan không còn được theo dõi" in page_of(sign_in(people.coordinator), SUMMARY)


def test_the_home_page_leads_to_the_newest_year_owed(
    duties: list[Duty], people: cast.People, sign_in: SignIn
) -> None:
    year = timezone.localdate().year
    page = page_of(sign_in(people.rapporteur), "/")
    assert f"Báo cáo nhiệm vụ năm {year} – Sở Tài chính" in page
    assert f'href="/nhiem-vu/tra-vinh-2023/{year}/so-tai-chinh/"' in page
    assert page.count("btn btn-primary") == 1


@pytest.mark.parametrize(
    "address", ["/nhiem-vu/", SUMMARY, f"{SUMMARY}theo-nhiem-vu/", f"{SUMMARY}tai-ve/"]
)
def test_the_number_of_queries_does_not_grow_with_the_agencies(
    programme: Programme,
    duties: list[Duty],
    people: cast.People,
    places: cast.Places,
    sign_in: SignIn,
    address: str,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    stage.more_agencies(programme, places.province, 2)
    stage.handed_in(programme, people, duties, now=cast.NOW)
    client = sign_in(people.coordinator)
    with django_assert_max_num_queries(10) as few:
        client.get(address)
    for agency in stage.more_agencies(programme, places.province, 37, start=2):
        given = list(agency.duties.all())
        user = cast.person(f"u{agency.pk}", f"Người {agency.pk}", Role.RAPPORTEUR, agency=agency)
        task = stage.the_task(programme, agency)
        duty_reports.save(task, stage.whole(given), number=1, version=0, by=user, now=cast.NOW)
        duty_reports.hand_in(task, number=1, version=1, by=user, now=cast.NOW)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


@pytest.mark.django_db(transaction=True)
def test_wf_07_twenty_presses_are_one_report(
    programme: Programme, duties: list[Duty], people: cast.People
) -> None:
    task = stage.the_task(programme, duties[0].agency)
    duty_reports.save(
        task, stage.whole(duties), number=1, version=0, by=people.rapporteur, now=cast.NOW
    )
    barrier = threading.Barrier(20)
    receipts: list[str] = []

    def press() -> None:
        barrier.wait(timeout=30)
        try:
            made = duty_reports.hand_in(
                task, number=1, version=1, by=people.rapporteur, now=cast.NOW
            )
            receipts.append(made.receipt)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(receipts) == 20
    assert set(receipts) == {DutyReport.objects.get().receipt}
    assert Notice.objects.filter(recipient=people.rapporteur).count() == 1


@pytest.mark.django_db(transaction=True)
def test_wf_08_ten_first_saves_begin_one_draft(
    programme: Programme, duties: list[Duty], people: cast.People
) -> None:
    task = stage.the_task(programme, duties[0].agency)
    barrier = threading.Barrier(10)
    saved: list[str] = []

    def write(text: str) -> None:
        barrier.wait(timeout=30)
        try:
            duty_reports.save(
                task,
                stage.whole(duties, text),
                number=1,
                version=0,
                by=people.rapporteur,
                now=cast.NOW,
            )
            saved.append(text)
        except duty_reports.DutyConflict:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(f"Bản {n}",)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(saved) == 1
    assert set(DutyReport.objects.get().answers.values_list("text", flat=True)) == set(saved)
