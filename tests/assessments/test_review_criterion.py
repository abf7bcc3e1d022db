"""One criterion under review: both columns, the verdict, and every way it is refused."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from assessments.actions import reviewing, submitting
from assessments.models import Assessment, Verdict
from assessments.outcome import AnswerValue
from assessments.views.review_answers import answer_text, frozen_value
from assessments.views.review_reading import changes
from criteria.models import Indicator
from tests import cast
from tests.assessments.test_review_queue import hand_in, queries, returned_once


def url_of(assessment: Assessment, code: str = "C02") -> str:
    return reverse("review_criterion", args=[assessment.pk, code])


def body(**more: object) -> dict[str, object]:
    return {"decision": "accept", "comment": "", "version": "0", "submission": "1", **more}


@pytest.fixture
def under_review(assessment: Assessment, people: cast.People) -> Assessment:
    hand_in(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    return assessment


def test_both_columns_show_what_was_handed_in(
    under_review: Assessment, people: cast.People, sign_in
) -> None:
    response = sign_in(people.reviewer).get(url_of(under_review))
    page = response.content.decode()
    for words in ("Chỉ số 2a", "Chỉ số 2b", "0 vụ", "C02.pdf", "Yêu cầu", "Tự đánh giá"):
        assert words in page
    evidence = under_review.attachments.get(criterion__code="C02").evidence_id
    assert reverse("evidence_file", args=[evidence]) in page
    assert [line.judgement.outcome for line in response.context["indicators"]] == ["met", "met"]


def test_evidence_is_looked_at_in_the_page(
    under_review: Assessment, people: cast.People, sign_in
) -> None:
    evidence = under_review.attachments.get(criterion__code="C02").evidence
    page = sign_in(people.reviewer).get(url_of(under_review)).content.decode()
    assert f'hx-get="{reverse("evidence_preview", args=[evidence.pk])}"' in page


def test_saving_goes_to_the_next_criterion_without_a_verdict(
    under_review: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    assert client.post(url_of(under_review), body()).url == url_of(under_review, "C03")
    assert client.post(url_of(under_review, "C03"), body()).url == url_of(under_review, "C01")
    stay = client.post(url_of(under_review), body(version="1", then="stay"))
    assert stay.url == url_of(under_review)
    last = client.post(url_of(under_review, "C01"), body(), follow=True)
    assert last.redirect_chain[-1][0] == reverse("review_conclude", args=[under_review.pk])
    assert "Đã thẩm định đủ 3/3 tiêu chí" in last.content.decode()


def test_adjusting_keeps_both_answers(
    under_review: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    client.post(
        url_of(under_review),
        body(decision="adjust", outcome="not_met", comment="Có 01 vụ cháy ngày 12/6"),
    )
    verdict = Verdict.objects.get()
    assert (verdict.outcome, verdict.comment) == ("not_met", "Có 01 vụ cháy ngày 12/6")
    page = client.get(url_of(under_review)).content.decode()
    assert "Có 01 vụ cháy ngày 12/6" in page
    assert "is-different" in page
    assert under_review.results.get(criterion__code="C02").outcome == "met"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"decision": ""}, "Cần chọn một kết quả thẩm định."),
        ({"decision": "hack"}, "Kết quả thẩm định không hợp lệ"),
        ({"decision": "more", "comment": "  "}, reviewing.COMMENT_REQUIRED),
        ({"decision": "adjust", "outcome": "not_met"}, reviewing.COMMENT_REQUIRED),
        ({"decision": "adjust", "comment": "giữ câu này"}, "Cần chọn kết quả sau điều chỉnh."),
        (
            {"decision": "adjust", "outcome": "met", "comment": "giữ câu này"},
            "Kết quả sau điều chỉnh không hợp lệ",
        ),
        ({"comment": "giữ\x00câu này"}, "ký tự điều khiển"),
        ({"comment": "giữ câu này " + "á" * 5000}, "dài quá 5.000 ký tự"),
    ],
)
def test_what_is_not_well_formed_is_refused_with_everything_typed(
    under_review: Assessment, people: cast.People, sign_in, typed: dict[str, str], sentence: str
) -> None:
    response = sign_in(people.reviewer).post(url_of(under_review), body(**typed))
    assert response.status_code == 400
    page = response.content.decode()
    assert sentence in page
    assert "error-summary" in page
    if "giữ" in typed.get("comment", ""):
        assert "câu này" in page
    if typed.get("outcome") == "not_met":
        assert 'value="not_met" class="btn-check" id="id_outcome_0" checked' in page.replace(
            " required", ""
        )
    assert Verdict.objects.count() == 0


def test_text_is_stored_in_one_form(under_review: Assessment, people: cast.People, sign_in) -> None:
    decomposed = "Thie\u0302\u0301u ba\u0301o ca\u0301o\r\ndo\u0300ng hai"
    sign_in(people.reviewer).post(url_of(under_review), body(decision="more", comment=decomposed))
    assert Verdict.objects.get().comment == "Thiếu báo cáo\ndòng hai"


def test_wf_08_a_verdict_saved_elsewhere_is_shown_beside_the_typed_one(
    under_review: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    client.post(url_of(under_review), body(decision="more", comment="Bản thứ nhất"))
    second = body(decision="adjust", outcome="not_met", comment="Bản thứ hai")
    response = client.post(url_of(under_review), second)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Bản đang có" in page
    assert "Bản thứ nhất" in page
    assert "Bản thứ hai" in page
    assert 'name="version" value="1"' in page
    assert Verdict.objects.get().comment == "Bản thứ nhất"
    # Knowing what stands there, the reviewer may write the second one over it.
    assert client.post(url_of(under_review), {**second, "version": "1"}).status_code == 302
    assert Verdict.objects.get().comment == "Bản thứ hai"


def test_wf_07_the_same_verdict_sent_twice_is_written_once(
    under_review: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    same = body(decision="more", comment="Thiếu báo cáo")
    assert client.post(url_of(under_review), same).status_code == 302
    assert client.post(url_of(under_review), same).status_code == 302
    assert Verdict.objects.get().version == 1


def test_a_reviewer_not_in_charge_is_refused_with_everything_typed(
    under_review: Assessment, people: cast.People, client: Client
) -> None:
    typed = body(decision="more", comment="Ý kiến đã gõ lâu")
    client.force_login(people.second_reviewer)
    response = client.post(url_of(under_review), typed)
    assert response.status_code == 403
    page = response.content.decode()
    assert "Phiếu này do cán bộ khác nhận thẩm định." in page
    assert "Ý kiến đã gõ lâu" in page
    # The coordinator put it back meanwhile.
    reviewing.release(under_review, by=people.coordinator, now=cast.NOW)
    client.force_login(people.reviewer)
    response = client.post(url_of(under_review), typed)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Đồng chí Đặng Tiến Dũng đã xử lý phiếu này lúc" in page
    assert "Ý kiến đã gõ lâu" in page
    assert Verdict.objects.count() == 0


def test_wf_04_a_concluded_file_takes_no_verdict(
    under_review: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    for code in ("C01", "C02", "C03"):
        client.post(url_of(under_review, code), body())
    reviewing.conclude(under_review, comment="", by=people.reviewer, now=cast.NOW)
    late = body(decision="more", comment="Gõ sau khi kết luận", version="1")
    response = client.post(url_of(under_review), late)
    assert response.status_code == 409
    page = response.content.decode()
    assert "đã xử lý phiếu này" in page
    assert "Gõ sau khi kết luận" in page
    assert "chỉ xem, không sửa" in page


def test_a_page_opened_before_a_resubmission_writes_nothing(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    returned_once(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    # C01 was carried over with version 1: the version alone would not tell the two apart.
    response = sign_in(people.reviewer).post(
        url_of(assessment, "C01"), body(decision="more", comment="Theo bản cũ", version="1")
    )
    assert response.status_code == 409
    page = response.content.decode()
    assert "Đơn vị đã nộp lại phiếu" in page
    assert "Theo bản cũ" in page
    latest = assessment.submissions.get(number=2)
    assert latest.verdicts.get(criterion__code="C01").decision == "accept"


def test_after_a_return_the_earlier_answer_and_verdict_stand_beside(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    client = sign_in(people.reviewer)
    client.post(url_of(assessment), body(decision="more", comment="Thiếu kết luận nguyên nhân"))
    reviewing.return_to_station(assessment, comment="", by=people.reviewer, now=cast.NOW)
    cast.answer(assessment, "C02", by=people.commander, met=False, note="Đã sửa số vụ")
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    page = client.get(url_of(assessment)).content.decode()
    assert "Kết quả từ “Đạt” thành “Chưa đạt”, thuyết minh" in page
    assert "Lần trước: <s>0 vụ</s>" in page
    assert "Thẩm định các lần nộp trước" in page
    assert "Thiếu kết luận nguyên nhân" in page


def test_ac_10_a_file_of_ones_own_is_read_only(
    assessment: Assessment, people: cast.People, places: cast.Places, sign_in
) -> None:
    both = cast.person("kiem", "Lý Kiêm Nhiệm", Role.OFFICER, unit=places.ward)
    cast.Posting.objects.create(
        user=both, role=Role.REVIEWER, province=places.province, starts=cast.date(2020, 1, 1)
    )
    hand_in(assessment, people)
    response = sign_in(both).post(url_of(assessment), body(decision="more", comment="Tự xem"))
    assert response.status_code == 403
    assert "không tự thẩm định phiếu của mình" in response.content.decode()
    assert Verdict.objects.count() == 0


def test_readers_read_and_do_not_write(
    under_review: Assessment, people: cast.People, client: Client
) -> None:
    for reader in (people.coordinator, people.leader, people.ministry_viewer):
        client.force_login(reader)
        page = client.get(url_of(under_review)).content.decode()
        assert "<form method=" not in page.split('id="noi-dung"')[1]
        assert client.post(url_of(under_review), body()).status_code == 403
    for other in (people.commander, people.officer, people.rapporteur, people.administrator):
        client.force_login(other)
        assert client.get(url_of(under_review)).status_code == 403
    client.force_login(people.far_reviewer)
    assert client.get(url_of(under_review)).status_code == 404
    assert client.post(url_of(under_review), body()).status_code == 404
    client.force_login(people.reviewer)
    assert client.get(url_of(under_review, "C99")).status_code == 404
    assert Verdict.objects.count() == 0


def test_the_number_of_queries_is_fixed(
    under_review: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    once = queries(client, url_of(under_review, "C01"))
    assert queries(client, url_of(under_review, "C03")) == once
    client.post(url_of(under_review, "C02"), body())
    assert queries(client, url_of(under_review, "C01")) == once


@pytest.mark.parametrize(
    ("kind", "raw", "words"),
    [
        ("yes_no", {"yes": True}, "Có"),
        ("yes_no", {"yes": False}, "Không"),
        ("count", {"number": "1234.50"}, "1.234,5 vụ"),
        ("ratio", {"numerator": "9.00", "denominator": "10.00"}, "9/10 vụ"),
        ("title", {"level": "good"}, "“Hoàn thành tốt nhiệm vụ”"),
        ("title", {"state": "awaiting"}, "Chờ xếp loại, chưa đến kỳ"),
        ("ratio", {"state": "no_case"}, "Không phát sinh trong kỳ"),
        ("count", {"state": "exempt", "reason": "bão số 3"}, "Bất khả kháng: bão số 3"),
        ("count", {"number": None}, "Chưa trả lời"),
    ],
)
def test_answers_read_as_words(kind: str, raw: dict[str, object], words: str) -> None:
    scale = "party-rating" if kind == "title" else ""
    indicator = Indicator(code="1a", kind=kind, unit_label="vụ", scale_code=scale)
    assert answer_text(indicator, frozen_value(raw)) == words
    assert frozen_value({}) == AnswerValue()


def test_changes_are_told_in_words() -> None:
    def entry(outcome: str, note: str, *evidence: str, why: str = "") -> dict[str, object]:
        named = [{"id": one} for one in evidence]
        return {
            "outcome": outcome,
            "note": note,
            "explanation": why,
            "answers": {},
            "evidence": named,
        }

    before = entry("not_met", "", "a", "b", "x")
    after = entry("met", "mới", "b", "c", "d", "z", why="vì bão")
    # x was replaced by y, and y by z, between the two: one document in a new version.
    assert changes(before, after, {"z": "y", "y": "x"}) == (
        "kết quả từ “Chưa đạt” thành “Đạt”",
        "thuyết minh",
        "giải trình",
        "thay bản mới 1 tài liệu",
        "thêm 2 tài liệu",
        "gỡ 1 tài liệu",
    )
    assert changes(before, before, {}) == ()
