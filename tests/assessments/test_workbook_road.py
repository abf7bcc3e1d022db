"""The Excel round trip as a person goes it: download, fill in, look, choose, confirm."""

import unicodedata
import uuid
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts import audit
from accounts.models import AuditEntry
from assessments.actions import answering, carrying, importing, submitting
from assessments.models import (
    Assessment,
    CriterionResult,
    RoundLock,
    WorkbookImport,
)
from assessments.workbook.layout import ANSWERS, GUIDE, HIDDEN, LISTS, NOTES
from criteria.models import Round
from criteria.scale import Outcome
from tests import cast
from tests.assessments.station import submit_all, text_of, url
from tests.assessments.workbook import (
    cell_of,
    confirm,
    edited,
    everything_met,
    latest,
    made,
    page_of,
    send,
    state_of,
    write,
)

pytestmark = pytest.mark.django_db


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def downloaded(client: Any, assessment: Assessment) -> bytes:
    response = client.get(url("workbook_download", assessment))
    assert response.status_code == 200
    return body_of(response)


# --- Download -----------------------------------------------------------------------------------


def test_the_workbook_says_whose_it_is_and_until_when(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = sign_in(people.officer).get(url("workbook_download", assessment))
    assert response["Content-Disposition"] == 'attachment; filename="phieu-2023-29239.xlsx"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    book = load_workbook(BytesIO(body_of(response)))
    assert book.sheetnames == [GUIDE, ANSWERS, NOTES, HIDDEN, LISTS]
    assert [book[name].sheet_state for name in (HIDDEN, LISTS)] == ["veryHidden"] * 2
    facts = {row[1].value: row[2].value for row in book[GUIDE].iter_rows(max_row=12)}
    assert facts["Đơn vị"] == "Công an Phường 1, TP Trà Vinh"
    assert facts["Kỳ đánh giá"] == "Năm 2023"
    due = timezone.localtime(assessment.due_at)
    assert facts["Hạn nộp"] == f"{due:%H:%M ngày %d/%m/%Y}"
    entry = AuditEntry.objects.get(event="workbook_downloaded")
    assert entry.actor_id == people.officer.pk
    assert audit.first_broken() is None


def test_the_sheets_are_protected_but_for_what_is_filled_in(
    assessment: Assessment, people: cast.People
) -> None:
    book = load_workbook(BytesIO(made(assessment)))
    for name in (GUIDE, ANSWERS, NOTES):
        assert book[name].protection.sheet
        assert book[name].protection.password is None
    open_keys = {
        ("C01", "1a"): {"state", "level", "decision"},
        ("C02", "2a"): {"answer"},
        ("C02", "2b"): {"state", "number", "reason"},
        ("C03", "3a"): {"state", "numerator", "denominator"},
    }
    keys = ("state", "answer", "level", "number", "numerator", "denominator", "decision", "reason")
    for (criterion, indicator), wanted in open_keys.items():
        found = {
            key
            for key in keys
            if not cell_of(book, assessment, key, criterion, indicator).protection.locked
        }
        assert found == wanted
    assert book[ANSWERS].freeze_panes == "C6"
    lists = [rule for rule in book[ANSWERS].data_validations.dataValidation if rule.type == "list"]
    words = {
        tuple(cell.value for (cell,) in book[LISTS][rule.formula1.split("!")[1].replace("$", "")])
        for rule in lists
    }
    assert ("Có", "Không") in words
    assert ("Có kết quả", "Bất khả kháng") in words
    assert ("Có kết quả", "Không phát sinh") in words
    assert any("Hoàn thành xuất sắc nhiệm vụ" in offered for offered in words)


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://a")', "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "_x0041_"]
)
def test_px_04_what_looks_like_a_formula_stays_text(
    assessment: Assessment, people: cast.People, sign_in, text: str
) -> None:
    cast.answer(assessment, "C02", by=people.officer, note=text)
    content = made(assessment)
    for sheet in load_workbook(BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
            assert all(cell.data_type == "s" for cell in row if cell.value is not None)
    # Sent back untouched it changes nothing: the text came back as it went.
    send(sign_in(people.officer), assessment, content)
    assert latest().plan["entries"] == []


# --- The road -----------------------------------------------------------------------------------


def test_filled_in_offline_looked_at_and_imported(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    content = edited(downloaded(client, assessment), *everything_met(assessment))
    before = state_of(assessment)
    response = send(client, assessment, content)
    assert response.status_code == 302
    # Nothing is imported until confirmed.
    assert state_of(assessment) == before
    page = text_of(client.get(response.url))
    assert "Chưa ghi gì vào phiếu" in page
    assert "9,5/9,5" in page
    assert "Đã đối chiếu sổ trực" in page

    response = confirm(client, latest())
    assert response.status_code == 302
    page = text_of(client.get(response.url))
    assert "Đã ghi vào phiếu" in page
    results = {result.criterion.code: result for result in assessment.results.all()}
    assert {result.outcome for result in results.values()} == {Outcome.MET}
    assert results["C02"].note == "Đã đối chiếu sổ trực"
    assert results["C02"].explanation == "Sổ trực lưu tại đơn vị"
    assert results["C02"].updated_by == people.officer
    ratio = assessment.answers.get(indicator__code="3a")
    assert (ratio.numerator, ratio.denominator) == (Decimal("9.5"), Decimal("9.5"))
    assert AuditEntry.objects.filter(event="answer_saved").count() == 3
    entry = AuditEntry.objects.get(event="workbook_applied")
    assert entry.details["criteria"] == ["C01", "C02", "C03"]
    assert audit.first_broken() is None


def test_a_full_file_goes_out_and_comes_back_the_same(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C03",))
    client = sign_in(people.officer)
    send(client, assessment, downloaded(client, assessment))
    page = text_of(client.get(page_of(latest())))
    assert "Bảng tính không khác gì trên hệ thống" in page
    assert "Nhập vào phiếu" not in page


def test_every_special_answer_survives_the_round_trip(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    content = edited(
        downloaded(client, assessment),
        write(assessment, "state", "chờ xếp loại", "C01", "1a"),
        write(assessment, "state", "BẤT KHẢ KHÁNG", "C02", "2b"),
        write(assessment, "reason", "Bão số 5", "C02", "2b"),
        write(assessment, "answer", "có", "C02", "2a"),
        write(assessment, "state", "Không phát sinh", "C03", "3a"),
    )
    send(client, assessment, content)
    confirm(client, latest())
    outcomes = {one.criterion.code: one.outcome for one in assessment.results.all()}
    assert outcomes == {"C01": Outcome.AWAITING, "C02": Outcome.MET, "C03": Outcome.MET}
    send(client, assessment, downloaded(client, assessment))
    assert latest().plan["entries"] == []


def test_un_01_text_typed_in_pieces_is_stored_whole(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    words = "Phường Hòa Bình đã tổ chức"
    client = sign_in(people.officer)
    pieces = unicodedata.normalize("NFD", words)
    send(client, assessment, edited(made(assessment), write(assessment, "note", pieces, "C01")))
    confirm(client, latest())
    assert assessment.results.get(criterion__code="C01").note == words


def test_an_emptied_row_is_unanswered_and_never_zero(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer_all(assessment, by=people.officer)
    client = sign_in(people.officer)
    content = edited(made(assessment), write(assessment, "number", None, "C02", "2b"))
    send(client, assessment, content)
    page = text_of(client.get(page_of(latest())))
    assert "Chưa đánh giá" in page
    confirm(client, latest())
    assert not assessment.answers.filter(indicator__code="2b").exists()
    assert assessment.results.get(criterion__code="C02").outcome == Outcome.UNANSWERED


# --- Two people ---------------------------------------------------------------------------------


@pytest.fixture
def collided(assessment: Assessment, people: cast.People, sign_in) -> Any:
    """Minh fills in C02 and C03 offline; meanwhile Lan saves C02 on the portal."""
    client = sign_in(people.officer)
    content = edited(
        made(assessment),
        write(assessment, "answer", "Không", "C02", "2a"),
        write(assessment, "note", "Bản của Minh", "C02"),
        write(assessment, "numerator", "9", "C03", "3a"),
        write(assessment, "denominator", "10", "C03", "3a"),
    )
    cast.answer(assessment, "C02", by=people.commander, note="Bản của Lan")
    cast.answer(assessment, "C01", by=people.commander)
    send(client, assessment, content)
    return client


def test_a_conflict_shows_both_versions_and_keeps_the_portals_by_default(
    collided: Any, assessment: Assessment
) -> None:
    response = collided.get(page_of(latest()))
    page = text_of(response)
    assert "Bản của Lan" in page
    assert "Bản của Minh" in page
    assert [one.criterion.code for one in response.context["conflicts"]] == ["C02"]
    # C01 was saved by Lan and not touched in the workbook: no conflict.
    assert [one.criterion.code for one in response.context["changes"]] == ["C03"]
    confirm(collided, latest())
    assert assessment.results.get(criterion__code="C02").note == "Bản của Lan"
    assert assessment.results.get(criterion__code="C01").outcome == Outcome.MET
    assert assessment.results.get(criterion__code="C03").outcome == Outcome.NOT_MET
    entry = AuditEntry.objects.get(event="workbook_applied")
    assert entry.details["kept"] == ["C02"]


def test_a_conflict_may_be_decided_for_the_workbook(collided: Any, assessment: Assessment) -> None:
    confirm(collided, latest(), C02="take")
    result = assessment.results.get(criterion__code="C02")
    assert result.note == "Bản của Minh"
    assert result.outcome != Outcome.MET


def test_what_was_saved_between_preview_and_confirmation_is_never_overwritten(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    send(client, assessment, edited(made(assessment), *everything_met(assessment)))
    shown = client.get(page_of(latest())).context["form"]
    seen = {name: shown[name].value() for name in shown.fields}
    cast.answer(assessment, "C02", by=people.commander, note="Lan vừa sửa")
    before = state_of(assessment)
    response = client.post(page_of(latest()), seen)
    assert response.status_code == 409
    assert "Nội dung đã được thay đổi ở nơi khác" in text_of(response)
    assert [one.criterion.code for one in response.context["conflicts"]] == ["C02"]
    assert state_of(assessment) == before
    assert latest().applied_at is None
    # Confirmed once more from what is shown now, everything else is imported.
    assert confirm(client, latest()).status_code == 302
    assert assessment.results.get(criterion__code="C02").note == "Lan vừa sửa"
    assert assessment.results.get(criterion__code="C03").outcome == Outcome.MET


def test_wf_07_a_second_confirmation_imports_nothing(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    send(client, assessment, edited(made(assessment), *everything_met(assessment)))
    shown = client.get(page_of(latest())).context["form"]
    seen = {name: shown[name].value() for name in shown.fields}
    assert client.post(page_of(latest()), seen).status_code == 302
    after = state_of(assessment)
    response = client.post(page_of(latest()), seen, follow=True)
    assert response.status_code == 200
    assert "Không cần nhập lại" in text_of(response)
    assert state_of(assessment) == after
    assert AuditEntry.objects.filter(event="workbook_applied").count() == 1


def test_all_or_nothing_when_one_criterion_fails(
    assessment: Assessment, people: cast.People, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of three is saved elsewhere at the very instant: the first two go back, too."""
    client = sign_in(people.officer)
    send(client, assessment, edited(made(assessment), *everything_met(assessment)))
    before = state_of(assessment)
    entries = AuditEntry.objects.count()
    real = importing.save_criterion

    def save(*args: Any, **options: Any) -> CriterionResult:
        if args[1].code == "C03":
            raise answering.VersionConflict(assessment.results.get(criterion__code="C03"))
        return real(*args, **options)

    monkeypatch.setattr(importing, "save_criterion", save)
    assert confirm(client, latest()).status_code == 409
    assert state_of(assessment) == before
    assert latest().applied_at is None
    assessment.refresh_from_db()
    assert assessment.status == "not_started"
    assert AuditEntry.objects.exclude(event="refused").count() == entries


# --- States and rights --------------------------------------------------------------------------


def test_wf_02_a_file_handed_in_meanwhile_takes_no_import(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer_all(assessment, by=people.officer)
    client = sign_in(people.officer)
    content = edited(made(assessment), write(assessment, "note", "Bổ sung", "C01"))
    send(client, assessment, content)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    before = state_of(assessment)
    response = confirm(client, latest())
    assert response.status_code == 409
    assert "nên không sửa được" in text_of(response)
    assert "Bổ sung" in text_of(response)
    assert state_of(assessment) == before
    response = send(client, assessment, content)
    assert response.status_code == 409
    assert WorkbookImport.objects.count() == 1


def test_wf_03_a_closed_round_takes_no_import(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    content = edited(made(assessment), *everything_met(assessment))
    send(client, assessment, content)
    RoundLock.objects.create(
        round=assessment.round, locked_at=cast.NOW, locked_by=people.coordinator
    )
    before = state_of(assessment)
    response = confirm(client, latest())
    assert response.status_code == 409
    assert "Số liệu năm 2023 đã chốt" in text_of(response)
    assert state_of(assessment) == before
    assert send(client, assessment, content).status_code == 409


def test_a_workbook_is_its_senders_alone(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    send(
        client, assessment, edited(made(assessment), write(assessment, "number", "x", "C02", "2b"))
    )
    faulty = latest()
    send(client, assessment, edited(made(assessment), *everything_met(assessment)))
    for name, waiting in (("workbook_import", latest()), ("workbook_marked", faulty)):
        assert client.get(page_of(waiting, name)).status_code == 200
        assert sign_in(people.commander).get(page_of(waiting, name)).status_code == 404
        assert sign_in(people.other_commander).get(page_of(waiting, name)).status_code == 404
        sign_in(people.officer)
    assert sign_in(people.commander).post(page_of(latest())).status_code == 404


def test_only_the_station_has_workbooks(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    for person, status in (
        (people.commander, 200),
        (people.officer, 200),
        (people.other_commander, 404),
        (people.reviewer, 403),
        (people.leader, 403),
    ):
        client = sign_in(person)
        for name in ("workbook", "workbook_download"):
            assert client.get(url(name, assessment)).status_code == status
    assert (
        sign_in(people.officer).get(url("workbook_import", assessment, uuid.uuid4())).status_code
        == 404
    )


def test_a_preview_lasts_a_day(assessment: Assessment, people: cast.People, sign_in) -> None:
    client = sign_in(people.officer)
    send(client, assessment, edited(made(assessment), *everything_met(assessment)))
    WorkbookImport.objects.update(read_at=timezone.now() - timedelta(hours=25))
    waiting = latest()
    page = text_of(client.get(page_of(waiting)))
    assert "chỉ giữ trong 24 giờ" in page
    before = state_of(assessment)
    assert confirm(client, waiting).status_code == 409
    assert state_of(assessment) == before
    # The next upload clears it away.
    send(client, assessment, made(assessment))
    assert not WorkbookImport.objects.filter(pk=waiting.pk).exists()


def test_workbooks_that_wait_do_not_pile_up(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    for _ in range(7):
        send(client, assessment, made(assessment))
    assert WorkbookImport.objects.count() == 5


@pytest.mark.parametrize("bad", ["x", "-1", "9" * 30])
def test_a_tampered_confirmation_imports_nothing(
    assessment: Assessment, people: cast.People, sign_in, bad: str
) -> None:
    client = sign_in(people.officer)
    send(client, assessment, edited(made(assessment), *everything_met(assessment)))
    before = state_of(assessment)
    assert client.post(page_of(latest()), {"v-C01": bad}).status_code == 400
    assert client.post(page_of(latest()), {}).status_code == 409
    assert state_of(assessment) == before


# --- Carried over -------------------------------------------------------------------------------


@pytest.fixture
def carried(assessment: Assessment, people: cast.People) -> Assessment:
    """C02 carried over from the round of 2023 into that of 2024; not confirmed yet."""
    submit_all(assessment, people)
    later = Round.objects.create(
        programme=assessment.round.programme,
        year=2024,
        criteria_set=assessment.round.criteria_set,
        window_starts=assessment.round.window_starts + timedelta(days=365),
        window_ends=assessment.round.window_ends + timedelta(days=365),
        deadline=assessment.round.deadline + timedelta(days=365),
        opened_at=cast.NOW,
    )
    file = Assessment.objects.create(
        round=later,
        unit=assessment.unit,
        opened_at=cast.NOW,
        due_at=later.deadline,
    )
    criteria = list(later.criteria_set.criteria.all())
    CriterionResult.objects.bulk_create(
        CriterionResult(assessment=file, criterion=criterion, place=place)
        for place, criterion in enumerate(criteria)
    )
    file = Assessment.objects.with_places().get(pk=file.pk)
    carrying.carry_over(file, criteria[1:2], by=people.officer, now=cast.NOW)
    return file


def test_carried_answers_stay_open_until_the_workbook_confirms_them(
    carried: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    content = edited(made(carried), write(carried, "note", "Đã rà lại", "C02"))
    send(client, carried, content)
    assert "chưa xác nhận" in text_of(client.get(page_of(latest())))
    confirm(client, latest())
    result = carried.results.get(criterion__code="C02")
    assert (result.note, result.outcome) == ("Đã rà lại", Outcome.UNANSWERED)
    assert result.carried_from is not None

    send(client, carried, edited(made(carried), write(carried, "confirmed", "Có", "C02")))
    assert "Kết quả mang sang từ kỳ 2023" in text_of(client.get(page_of(latest())))
    confirm(client, latest())
    result.refresh_from_db()
    assert result.outcome == Outcome.MET
    assert result.carried_from is None


# --- Queries ------------------------------------------------------------------------------------


def test_the_number_of_queries_is_fixed(
    assessment: Assessment, people: cast.People, sign_in, django_assert_max_num_queries
) -> None:
    client = sign_in(people.officer)
    with CaptureQueriesContext(connection) as empty:
        downloaded(client, assessment)
    cast.answer_all(assessment, by=people.officer)
    with CaptureQueriesContext(connection) as full:
        downloaded(client, assessment)
    assert len(full) <= len(empty)
    assert len(full) <= 14
    with django_assert_max_num_queries(8):
        client.get(url("workbook", assessment))
    content = edited(
        made(assessment), *(write(assessment, "note", "Sửa", code) for code in ("C01", "C02"))
    )
    with django_assert_max_num_queries(16):
        send(client, assessment, content)
    with django_assert_max_num_queries(14):
        client.get(page_of(latest()))
    shown = client.get(page_of(latest())).context["form"]
    seen = {name: shown[name].value() for name in shown.fields}
    with CaptureQueriesContext(connection) as two:
        client.post(page_of(latest()), seen)
    # Linear in what is imported: so many for each criterion, and a fixed rest.
    assert len(two) <= 22 + 2 * 9
