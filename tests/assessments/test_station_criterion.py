"""Answering one criterion: what is kept, what is refused, and that nothing typed is lost."""

import unicodedata
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from assessments.forms.fields import TextField
from assessments.models import Answer, Assessment
from assessments.workflow import Status
from criteria.models import Indicator
from criteria.scale import Outcome
from tests import cast
from tests.assessments.station import save, send_back, submit_all, text_of, url, version


def result(assessment: Assessment, code: str):
    return assessment.results.get(criterion__code=code)


def saved_entries() -> int:
    """How often the audit trail says that an answer was saved."""
    return AuditEntry.objects.filter(event="answer_saved").count()


def test_the_page_tells_what_is_asked(assessment: Assessment, people: cast.People, sign_in) -> None:
    page = text_of(sign_in(people.officer).get(url("criterion", assessment, "C01")))
    assert "C01. Chi bộ xếp loại" in page
    assert "Đảng ủy phường" in page
    assert "không chỉ phụ thuộc Công an phường" in page
    assert "hưa đối chiếu văn bản gốc" in page
    assert "Chờ xếp loại (chưa đến kỳ)" in page
    assert "Hoàn thành xuất sắc nhiệm vụ" in page


def test_what_is_typed_is_stored_and_judged(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = save(
        sign_in(people.officer),
        assessment,
        "C03",
        note="Đủ cả năm",
        **{"3a__numerator": "9,5", "3a__denominator": "9.5"},
    )
    assert response.status_code == 302
    assert response["Location"] == url("criterion", assessment, "C03")
    answer = Answer.objects.get(indicator__code="3a")
    assert (answer.numerator, answer.denominator) == (Decimal("9.5"), Decimal("9.5"))
    stored = result(assessment, "C03")
    assert (stored.outcome, stored.note, stored.version) == (Outcome.MET, "Đủ cả năm", 1)
    assert stored.updated_by == people.officer
    assessment.refresh_from_db()
    assert assessment.status == Status.IN_PROGRESS
    page = text_of(sign_in(people.officer).get(url("criterion", assessment, "C03")))
    assert 'value="9,5"' in page
    assert "Đã lưu tiêu chí C03: Đạt." in page


def test_a_part_of_the_answers_is_saved_and_the_rest_stays_unanswered(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    save(sign_in(people.officer), assessment, "C02", **{"2a__answer": "yes", "2b__number": ""})
    assert result(assessment, "C02").outcome == Outcome.UNANSWERED
    assert not Answer.objects.filter(indicator__code="2b").exists()
    # Half a ratio is kept as half a ratio.
    save(sign_in(people.officer), assessment, "C03", **{"3a__numerator": "4"})
    half = Answer.objects.get(indicator__code="3a")
    assert (half.numerator, half.denominator) == (4, None)
    assert result(assessment, "C03").outcome == Outcome.UNANSWERED


def test_an_answer_can_be_taken_back(assessment: Assessment, people: cast.People, sign_in) -> None:
    cast.answer(assessment, "C02", by=people.officer)
    save(sign_in(people.officer), assessment, "C02", **{"2a__answer": "", "2b__number": ""})
    assert not Answer.objects.filter(assessment=assessment).exists()
    assert result(assessment, "C02").outcome == Outcome.UNANSWERED


@pytest.mark.parametrize(
    ("code", "fields", "outcome"),
    [
        ("C01", {"1a__level": "awaiting"}, Outcome.AWAITING),
        ("C01", {"1a__level": "excellent", "1a__decision": "12-QĐ/ĐU"}, Outcome.MET),
        ("C01", {"1a__level": "good"}, Outcome.NOT_MET),
        ("C02", {"2a__answer": "yes", "2b__number": "0"}, Outcome.MET),
        ("C02", {"2a__answer": "no", "2b__number": "0"}, Outcome.NOT_MET),
        (
            "C02",
            {
                "2a__answer": "yes",
                "2b__state": "exempt",
                "2b__number": "1",
                "2b__reason": "Sét đánh",
            },
            Outcome.MET,
        ),
        ("C03", {"3a__state": "no_case"}, Outcome.MET),
        ("C03", {"3a__numerator": "0", "3a__denominator": "0"}, Outcome.MET),
        ("C03", {"3a__numerator": "9", "3a__denominator": "10"}, Outcome.NOT_MET),
    ],
)
def test_states_of_the_domain(
    assessment: Assessment, people: cast.People, sign_in, code: str, fields, outcome: str
) -> None:
    assert save(sign_in(people.officer), assessment, code, **fields).status_code == 302
    assert result(assessment, code).outcome == outcome
    # Opened again and saved as it stands, it is the same: the inputs show what is stored.
    page = text_of(sign_in(people.officer).get(url("criterion", assessment, code)))
    for value in fields.values():
        assert f'value="{value}"' in page or value in page


@pytest.mark.parametrize(
    ("code", "fields", "sentence"),
    [
        ("C02", {"2b__number": "-1"}, "Không nhận số âm."),
        ("C02", {"2b__number": "NaN"}, "Chưa đọc được số này."),
        ("C02", {"2b__number": "Infinity"}, "Chưa đọc được số này."),
        ("C02", {"2b__number": "1e308"}, "Chưa đọc được số này."),
        ("C02", {"2b__number": "9" * 400}, "Số quá lớn."),
        ("C02", {"2b__number": "９"}, "không dùng chữ số toàn khổ"),
        ("C02", {"2b__number": "1.234"}, "có thể hiểu là 1234 hoặc 1,234"),
        ("C02", {"2b__state": "exempt"}, "Cần nêu lý do bất khả kháng."),
        ("C02", {"2b__state": "no_case"}, "no_case"),
        ("C02", {"2a__answer": "maybe"}, "maybe"),
        ("C03", {"3a__numerator": "11", "3a__denominator": "10"}, "không được lớn hơn"),
        ("C03", {"3a__numerator": "1", "3a__denominator": "0"}, "Phải lớn hơn 0"),
        ("C03", {"3a__state": "no_case", "3a__numerator": "3"}, "Đã chọn “Không phát sinh”"),
        ("C01", {"1a__level": "superb"}, "superb"),
        ("C01", {"1a__decision": "x" * 201}, "dài 201 ký tự"),
        ("C01", {"note": "a\x00b"}, "ký tự điều khiển"),
        ("C01", {"note": "a\x1bb"}, "ký tự điều khiển"),
        ("C01", {"note": "x" * 50_001}, "dài 50001 ký tự"),
        ("C01", {"explanation": "x" * 5001}, "dài 5001 ký tự"),
        ("C01", {"explanation": "a\x00b"}, "ký tự điều khiển"),
    ],
)
def test_wf_09_and_wf_10_bad_input_is_refused_at_the_field_and_kept(
    assessment: Assessment, people: cast.People, sign_in, code: str, fields, sentence: str
) -> None:
    fields = {"note": "Ghi chú tôi vừa gõ", **fields}
    entries = saved_entries()
    response = save(sign_in(people.officer), assessment, code, **fields)
    assert response.status_code == 400
    page = text_of(response)
    assert sentence in page
    assert "error-summary" in page
    if "x" * 200 not in fields["note"] and "\x00" not in fields["note"]:
        assert fields["note"].split("\x1b")[0] in page
    for value in fields.values():
        if value not in ("maybe", "no_case", "exempt", "superb"):
            assert value in response.content.decode()
    assert not Answer.objects.exists()
    assert result(assessment, code).version == 0
    assert saved_entries() == entries


def test_everything_wrong_is_told_at_once(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = save(
        sign_in(people.officer), assessment, "C02", note="x" * 50_001, **{"2b__number": "-1"}
    )
    assert [link["url"] for link in response.context["error_links"]] == [
        "#id_2b-number",
        "#id_note",
    ]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_wf_10_text_is_stored_as_typed(typed: str) -> None:
    assert TextField(lines=3).clean(typed) == unicodedata.normalize("NFC", typed)


def test_line_breaks_and_markup_come_back_as_typed(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    typed = "Dòng 1\r\nDòng 2 <script>alert(1)</script> 👮 \u202eabc"
    save(sign_in(people.officer), assessment, "C01", note=typed)
    assert result(assessment, "C01").note == typed.replace("\r\n", "\n")
    page = sign_in(people.officer).get(url("criterion", assessment, "C01")).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_save_and_go_to_the_next_unfinished_one(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    cast.answer(assessment, "C02", by=people.officer)
    response = save(client, assessment, "C01", action="next", **{"1a__level": "excellent"})
    assert response["Location"] == url("criterion", assessment, "C03")
    response = save(client, assessment, "C03", action="next", **{"3a__state": "no_case"})
    assert response["Location"] == url("check", assessment)
    assert "Tất cả tiêu chí đã có kết quả" in text_of(client.get(response["Location"]))


def test_the_next_one_may_lie_before(assessment: Assessment, people: cast.People, sign_in) -> None:
    cast.answer(assessment, "C02", by=people.officer)
    response = save(
        sign_in(people.officer), assessment, "C03", action="next", **{"3a__state": "no_case"}
    )
    assert response["Location"] == url("criterion", assessment, "C01")


def test_previous_and_next_are_linked(assessment: Assessment, people: cast.People, sign_in) -> None:
    page = text_of(sign_in(people.officer).get(url("criterion", assessment, "C02")))
    assert url("criterion", assessment, "C01") in page
    assert url("criterion", assessment, "C03") in page


# --- Two at once --------------------------------------------------------------------------------


def test_wf_08_a_conflict_shows_both_versions(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    opened = version(assessment, "C03")
    cast.answer(assessment, "C03", by=people.commander, note="Bản của chị Lan")
    client = sign_in(people.officer)
    response = save(
        client,
        assessment,
        "C03",
        version=opened,
        note="Bản của anh Minh",
        **{"3a__numerator": "7", "3a__denominator": "8"},
    )
    assert response.status_code == 409
    page = text_of(response)
    assert "Nội dung đã được thay đổi ở nơi khác" in page
    for words in ("Bản của chị Lan", "Bản của anh Minh", "7/8", "10/10", "Nguyễn Thị Lan"):
        assert words in page
    assert result(assessment, "C03").note == "Bản của chị Lan"
    # Keeping mine sends the same form again, now with the version that is stored.
    assert 'value="7"' in page
    assert 'name="version" value="1"' in page
    again = save(
        client,
        assessment,
        "C03",
        version=1,
        note="Bản của anh Minh",
        **{"3a__numerator": "7", "3a__denominator": "8"},
    )
    assert again.status_code == 302
    assert result(assessment, "C03").note == "Bản của anh Minh"
    assert result(assessment, "C03").version == 2


def test_wf_07_the_same_content_sent_twice_is_no_conflict(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    fields = {"3a__numerator": "8", "3a__denominator": "8"}
    save(client, assessment, "C03", **fields)
    entries = saved_entries()
    assert save(client, assessment, "C03", version=0, **fields).status_code == 302
    assert result(assessment, "C03").version == 1
    assert saved_entries() == entries


def test_wf_01_a_form_sent_after_submission_is_given_back(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    response = save(
        sign_in(people.officer),
        assessment,
        "C03",
        note="Gõ ở thẻ cũ",
        **{"3a__numerator": "7", "3a__denominator": "8"},
    )
    assert response.status_code == 409
    page = text_of(response)
    assert assessment.submissions.get().receipt in page
    assert "nên không sửa được" in page
    assert "Gõ ở thẻ cũ" in page
    assert 'value="7"' in page
    assert result(assessment, "C03").note == ""


@pytest.mark.parametrize("bad", ["", "x", "-1", "9" * 30])
def test_a_tampered_version_saves_nothing_and_keeps_the_text(
    assessment: Assessment, people: cast.People, sign_in, bad: str
) -> None:
    response = save(sign_in(people.officer), assessment, "C03", version=bad, note="Vẫn còn đây")
    assert response.status_code == 400
    assert "Vẫn còn đây" in text_of(response)
    assert result(assessment, "C03").version == 0


# --- Coming back, and reading -------------------------------------------------------------------


def test_the_reviewers_words_stand_at_the_criterion(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    page = text_of(sign_in(people.officer).get(url("criterion", assessment, "C03")))
    assert "Ý kiến thẩm định: yêu cầu bổ sung" in page
    assert "Thiếu báo cáo quý IV" in page
    assert "<textarea" in page
    page = text_of(sign_in(people.officer).get(url("criterion", assessment, "C01")))
    assert "Công nhận kết quả tự đánh giá" in page


def test_a_submitted_criterion_is_only_read(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    page = text_of(sign_in(people.commander).get(url("criterion", assessment, "C03")))
    assert "<textarea" not in page
    assert "10/10" in page
    assert "C03.pdf" in page


def test_a_criterion_of_another_set_is_not_found(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    another = cast.make_criteria_set("TC-KHAC")
    with cast.unfrozen():
        another.criteria.filter(code="C01").update(code="C99")
    client = sign_in(people.commander)
    for code in ("C99", "C23", "c01", "C01%00", "../C01"):
        assert client.get(f"/phieu/{assessment.pk}/tieu-chi/{code}/").status_code == 404
    assert client.post(url("criterion", assessment, "C99"), {"version": 0}).status_code == 404


def test_a_criterion_that_asks_nothing_is_shown_as_unanswered(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    with cast.unfrozen():
        Indicator.objects.filter(criterion__code="C03").delete()
    response = sign_in(people.officer).get(url("criterion", assessment, "C03"))
    assert response.status_code == 200
    assert "Tiêu chí chưa có chỉ số." in text_of(response)


def test_the_number_of_queries_is_fixed(
    assessment: Assessment, people: cast.People, sign_in, django_assert_max_num_queries
) -> None:
    client = sign_in(people.commander)
    with CaptureQueriesContext(connection) as empty:
        client.get(url("criterion", assessment, "C03"))
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    with django_assert_max_num_queries(15) as full:
        client.get(url("criterion", assessment, "C03"))
    # The verdict, and whether it may be contested.
    assert len(full) <= len(empty) + 2
