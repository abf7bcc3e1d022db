"""Saving while typing: what is kept, what is refused at its field, and what it costs."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.models import AuditEntry
from assessments.models import Answer, Assessment, RoundLock
from assessments.workflow import Status
from criteria.scale import Outcome
from tests import cast
from tests.assessments.station import send_back, submit_all, text_of, url, version

MOST_QUERIES = 12


def autosave(client: Client, assessment: Assessment, code: str, **fields: Any) -> Any:
    """What the page sends a moment after somebody stopped typing."""
    data = {
        "version": version(assessment, code),
        "note": "",
        "explanation": "",
        **{name.replace("__", "-"): value for name, value in fields.items()},
    }
    return client.post(
        url("criterion_autosave", assessment, code), data, headers={"HX-Request": "true"}
    )


def result(assessment: Assessment, code: str):
    return assessment.results.get(criterion__code=code)


def saved_entries() -> int:
    return AuditEntry.objects.filter(event="answer_saved").count()


def test_what_is_typed_is_saved_and_every_piece_of_the_page_follows(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = autosave(
        sign_in(people.officer),
        assessment,
        "C03",
        **{"3a__numerator": "9", "3a__denominator": "10"},
    )
    assert response.status_code == 200
    page = text_of(response)
    stored = result(assessment, "C03")
    assert (stored.version, stored.outcome) == (1, Outcome.NOT_MET)
    assert 'name="version" value="1"' in page
    assert "Đã lưu lúc" in page
    assert "9/10 = 90%; yêu cầu ít nhất 100%." in page
    assert 'id="ket-qua-3a" hx-swap-oob="innerHTML"' in page
    assert 'id="id_3a-numerator-loi" hx-swap-oob="innerHTML"' in page
    assert "Trần Văn Minh" in page
    # The next one goes on from the version that came back: no conflict with oneself.
    again = autosave(
        sign_in(people.officer),
        assessment,
        "C03",
        version=1,
        **{"3a__numerator": "10", "3a__denominator": "10"},
    )
    assert again.status_code == 200
    assert result(assessment, "C03").outcome == Outcome.MET


@pytest.mark.parametrize("change", ["answer", "note", "taken back"])
def test_a_saving_round_trip_does_at_most_twelve_queries(
    assessment: Assessment, people: cast.People, sign_in, change: str
) -> None:
    cast.answer(assessment, "C02", by=people.officer)
    client = sign_in(people.officer)
    fields = {
        "answer": {"2a__answer": "no", "2b__number": "0"},
        "note": {"2a__answer": "yes", "2b__number": "0", "note": "Có trực ban"},
        "taken back": {"2a__answer": "yes", "2b__number": ""},
    }[change]
    with CaptureQueriesContext(connection) as queries:
        response = autosave_only(client, assessment, "C02", version=1, **fields)
    assert response.status_code == 200
    assert result(assessment, "C02").version == 2
    assert len(queries) <= MOST_QUERIES, "\n".join(one["sql"][:200] for one in queries)


def autosave_only(client: Client, assessment: Assessment, code: str, **fields: Any) -> Any:
    """One request and nothing else, for counting its queries."""
    data = {
        "note": "",
        "explanation": "",
        **{name.replace("__", "-"): value for name, value in fields.items()},
    }
    return client.post(url("criterion_autosave", assessment, code), data)


def test_the_plain_form_saves_in_as_few(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer(assessment, "C02", by=people.officer)
    client = sign_in(people.officer)
    with CaptureQueriesContext(connection) as queries:
        response = client.post(
            url("criterion", assessment, "C02"),
            {"note": "", "version": 1, "2a-answer": "no", "2b-number": "0", "action": "save"},
        )
    assert response.status_code == 302
    assert len(queries) <= MOST_QUERIES, "\n".join(one["sql"][:200] for one in queries)


def test_what_did_not_change_is_not_written(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer(assessment, "C03", by=people.officer)
    entries = saved_entries()
    for shown in (1, 0):
        response = autosave(
            sign_in(people.officer),
            assessment,
            "C03",
            version=shown,
            **{"3a__numerator": "10", "3a__denominator": "10,0"},
        )
        assert response.status_code == 200
        assert 'name="version" value="1"' in text_of(response)
    assert result(assessment, "C03").version == 1
    assert saved_entries() == entries


def test_opening_and_leaving_a_page_starts_nothing(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = autosave(sign_in(people.officer), assessment, "C01", **{"1a__level": ""})
    assert response.status_code == 200
    assessment.refresh_from_db()
    assert assessment.status == Status.NOT_STARTED
    assert result(assessment, "C01").version == 0


@pytest.mark.parametrize(
    "bad",
    [
        "-1", "NaN", "Infinity", "-Infinity", "1e308", "1" + "0" * 400, "９", "0x1F", "1.234",
        "1_000", "½", "5%", "hai", "9,999", "9\x00",
    ],
)  # fmt: skip
def test_wf_09_a_bad_number_is_told_at_its_field_and_the_rest_is_saved(
    assessment: Assessment, people: cast.People, sign_in, bad: str
) -> None:
    cast.answer(assessment, "C02", by=people.officer)
    response = autosave(
        sign_in(people.officer),
        assessment,
        "C02",
        note="Vẫn được lưu",
        **{"2a__answer": "no", "2b__number": bad},
    )
    assert response.status_code == 200
    page = text_of(response)
    assert "Có ô chưa hợp lệ; phần còn lại đã lưu" in page
    place = page.index('id="id_2b-number-loi"')
    assert "invalid-feedback" in page[place : place + 200]
    stored = result(assessment, "C02")
    assert (stored.note, stored.outcome) == ("Vẫn được lưu", Outcome.NOT_MET)
    assert Answer.objects.get(indicator__code="2a").yes is False
    # The field with the error keeps what it had.
    assert Answer.objects.get(indicator__code="2b").number == Decimal(0)


@pytest.mark.parametrize(
    ("typed", "number"), [("9,5", "9.5"), ("9.5", "9.5"), ("1.234,5", "1234.5"), ("  ", None)]
)
def test_wf_09_numbers_are_read_as_they_are_written_here(
    assessment: Assessment, people: cast.People, sign_in, typed: str, number: str | None
) -> None:
    cast.answer(assessment, "C02", by=people.officer)
    autosave(
        sign_in(people.officer), assessment, "C02", **{"2a__answer": "yes", "2b__number": typed}
    )
    found = Answer.objects.filter(indicator__code="2b").first()
    assert (found.number if found else None) == (None if number is None else Decimal(number))


def test_wf_08_a_conflict_comes_with_both_versions_and_saves_nothing(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer(assessment, "C03", by=people.commander, note="Bản của chị Lan")
    response = autosave(
        sign_in(people.officer),
        assessment,
        "C03",
        version=0,
        note="Bản của anh Minh",
        **{"3a__numerator": "7", "3a__denominator": "8"},
    )
    assert response.status_code == 409
    page = text_of(response)
    assert "Nội dung đã được thay đổi ở nơi khác" in page
    for words in ("Bản của chị Lan", "Bản của anh Minh", "7/8", "10/10", "Khác nhau"):
        assert words in page
    assert 'name="version" value="1"' in page
    assert result(assessment, "C03").note == "Bản của chị Lan"
    # Each line is chosen by itself: my numbers, and the note that is stored.
    chosen = sign_in(people.officer).post(
        url("criterion", assessment, "C03"),
        {
            "version": 1,
            "note": "Bản của anh Minh",
            "3a-numerator": "7",
            "3a-denominator": "8",
            "keep-3a": "mine",
            "keep-note": "stored",
        },
    )
    assert chosen.status_code == 302
    stored = result(assessment, "C03")
    assert (stored.note, stored.version) == ("Bản của chị Lan", 2)
    assert Answer.objects.get(indicator__code="3a").numerator == 7


def test_wf_01_wf_02_after_submission_nothing_is_saved(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    entries = saved_entries()
    response = autosave(sign_in(people.officer), assessment, "C03", note="Gõ ở thẻ cũ")
    assert response.status_code == 409
    page = text_of(response)
    assert assessment.submissions.get().receipt in page
    assert "Nội dung vừa nhập được giữ bên dưới để sao chép." in page
    assert result(assessment, "C03").note == ""
    assert saved_entries() == entries


def test_wf_03_nothing_of_a_closed_round_is_saved(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer(assessment, "C03", by=people.officer)
    RoundLock.objects.create(
        round=assessment.round, locked_at=cast.NOW, locked_by=people.coordinator
    )
    response = autosave(sign_in(people.officer), assessment, "C03", note="Sau khi chốt")
    assert response.status_code == 409
    assert "Số liệu năm 2023 đã chốt lúc" in text_of(response)
    assert result(assessment, "C03").note == ""


def test_ac_01_another_wards_criterion_is_not_found(
    other_assessment: Assessment, people: cast.People, sign_in
) -> None:
    assert autosave(sign_in(people.officer), other_assessment, "C03").status_code == 404
    assert result(other_assessment, "C03").version == 0


def test_ac_04_ac_05_nothing_but_the_fields_of_the_form_is_written(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer(other_assessment, "C03", by=people.other_commander)
    foreign = result(other_assessment, "C03")
    autosave(
        sign_in(people.officer),
        assessment,
        "C03",
        **{
            "3a__numerator": "1",
            "3a__denominator": "2",
            "2b__number": "7",
            "9z__number": "7",
            "outcome": "met",
            "reason": "tự ghi",
            "status": "verified",
            "updated_by": people.commander.pk,
            "assigned_to": people.officer.pk,
            "carried_from": assessment.round_id,
            "confirmed": "on",
            "assessment_id": other_assessment.pk,
            "id": foreign.pk,
        },
    )
    stored = result(assessment, "C03")
    assert (stored.outcome, stored.updated_by) == (Outcome.NOT_MET, people.officer)
    assert (stored.assigned_to, stored.carried_from) == (None, None)
    assert stored.reason.startswith("1/2 = 50%")
    assert not Answer.objects.filter(assessment=assessment, indicator__code="2b").exists()
    foreign.refresh_from_db()
    assert (foreign.version, foreign.outcome) == (1, Outcome.MET)
    assessment.refresh_from_db()
    assert assessment.status == Status.IN_PROGRESS


@pytest.mark.parametrize("lost", ["version", "note"])
def test_a_form_that_lost_a_field_on_its_way_saves_nothing(
    assessment: Assessment, people: cast.People, sign_in, lost: str
) -> None:
    cast.answer(assessment, "C03", by=people.officer)
    data = {"version": "1", "note": "", "3a-numerator": ""}
    del data[lost]
    response = sign_in(people.officer).post(url("criterion_autosave", assessment, "C03"), data)
    assert response.status_code == 400
    assert "tải lại trang" in text_of(response)
    assert result(assessment, "C03").version == 1


def test_au_11_a_session_that_ended_is_told_to_the_page_not_swapped_into_it(
    assessment: Assessment, people: cast.People, client: Client
) -> None:
    response = autosave(client, assessment, "C03", note="Gõ khi phiên đã hết")
    assert response.status_code == 401
    assert "Phiên làm việc đã hết hạn." in response.content.decode()
    # The plain form leads to the log-in and from there back to the page.
    plain = client.post(url("criterion", assessment, "C03"), {"version": 0, "note": "x"})
    assert plain.status_code == 302
    assert plain["Location"].endswith(f"?next={url('criterion', assessment, 'C03')}")


def test_a_page_left_open_by_somebody_else_saves_nothing_under_the_next_name(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    response = autosave(
        client, assessment, "C03", note="Của chị Lan", opened_by=people.commander.pk
    )
    assert response.status_code == 401
    plain = client.post(
        url("criterion", assessment, "C03"),
        {"version": 0, "note": "Của chị Lan", "opened_by": people.commander.pk},
    )
    assert plain.status_code == 409
    assert "Của chị Lan" in text_of(plain)
    assert result(assessment, "C03").version == 0


def test_what_was_sent_back_is_fixed_by_an_autosave(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    shown = version(assessment, "C03")
    autosave(
        sign_in(people.officer),
        assessment,
        "C03",
        note="Đã bổ sung",
        **{"3a__numerator": "10", "3a__denominator": "10"},
    )
    assert result(assessment, "C03").version == shown + 1
    assert audit.first_broken() is None


def test_an_explanation_is_kept_and_asked_for_when_met_without_evidence(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    met = {"3a__numerator": "10", "3a__denominator": "10"}
    asked = "Đạt mà chưa có tài liệu kiểm chứng"
    assert asked in text_of(autosave(client, assessment, "C03", **met))
    response = autosave(client, assessment, "C03", explanation="Sổ giấy ở trụ sở", **met)
    assert asked not in text_of(response)
    assert result(assessment, "C03").explanation == "Sổ giấy ở trụ sở"
    page = text_of(client.get(url("criterion", assessment, "C03")))
    assert "Sổ giấy ở trụ sở" in page
    page = text_of(client.get(url("assessment", assessment)))
    assert "Không có tài liệu, đã giải trình" in page
    # A form without the field leaves it as it is.
    client.post(
        url("criterion", assessment, "C03"),
        {"version": 2, "note": "mới", "3a-numerator": "10", "3a-denominator": "10"},
    )
    assert result(assessment, "C03").explanation == "Sổ giấy ở trụ sở"
