"""From verified to recognised, as the coordinator does it and the leader reads it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from assessments.actions import recognising, reviewing, submitting
from assessments.models import Assessment, Recognition
from assessments.workflow import Status
from tests import cast
from tests.assessments.test_review_queue import hand_in, queries
from wards.models import LegalDocument

LIST = "/cong-nhan/"
DECISION = {
    "number": "2878/QĐ-BCA",
    "decided_on": "2024-04-22",
    "issuer": "Bộ Công an",
    "title": "Về việc công nhận",
    "note": "",
}


def rows(response: Any, kind: str) -> list[Any]:
    """The rows of one kind of file on the list."""
    [section] = [one for one in response.context["sections"] if one.kind.code == kind]
    return list(section.rows)


def files(response: Any, kind: str) -> list[Assessment]:
    return [row.assessment for row in rows(response, kind)]


def act(name: str, assessment: Assessment) -> str:
    return reverse(name, args=[assessment.pk])


@pytest.fixture
def verified(assessment: Assessment, people: cast.People) -> Assessment:
    """Everything met, concluded."""
    hand_in(assessment, people)
    cast.accept_all(assessment, by=people.reviewer)
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    return assessment


@pytest.fixture
def proposed(verified: Assessment, people: cast.People) -> Assessment:
    recognising.propose(verified, by=people.coordinator, now=cast.NOW)
    return verified


@pytest.fixture
def with_gap(other_assessment: Assessment, people: cast.People) -> Assessment:
    """Concluded, but C02 was not met."""
    by = people.other_commander
    cast.answer_all(other_assessment, by=by, failing=("C02",))
    submitting.submit(other_assessment, by=by, now=cast.NOW)
    cast.accept_all(other_assessment, by=people.reviewer)
    reviewing.conclude(other_assessment, comment="", by=people.reviewer, now=cast.NOW)
    return other_assessment


def test_an_empty_list_says_so(people: cast.People, sign_in) -> None:
    page = sign_in(people.coordinator).get(LIST).content.decode()
    assert "Chưa có phiếu nào được kết luận thẩm định" in page


def test_lists_name_what_is_missing(
    verified: Assessment, with_gap: Assessment, people: cast.People, sign_in
) -> None:
    response = sign_in(people.coordinator).get(LIST)
    assert files(response, "du-dieu-kien") == [verified]
    [gap] = rows(response, "chua-du")
    assert [verdict.criterion.code for verdict in gap.unmet] == ["C02"]
    page = response.content.decode()
    assert "C02 Trực ban, cháy nổ" in page
    assert act("propose", verified) in page
    assert act("propose", with_gap) not in page


def test_a_long_list_of_unmet_files_comes_page_by_page(
    assessment: Assessment,
    with_gap: Assessment,
    people: cast.People,
    sign_in,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by = people.commander
    cast.answer_all(assessment, by=by, failing=("C01",))
    submitting.submit(assessment, by=by, now=cast.NOW)
    cast.accept_all(assessment, by=people.reviewer)
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    for name in ("ROWS_BESIDE", "ROWS_ALONE"):
        monkeypatch.setattr(f"assessments.views.recognition_list.{name}", 1)
    client = sign_in(people.coordinator)
    first = client.get(LIST)
    assert files(first, "chua-du") == [assessment]
    assert "Xem đủ 2 đơn vị" in first.content.decode()
    alone = [client.get(LIST, {"loai": "chua-du", "page": page}) for page in (1, 2)]
    assert [files(one, "chua-du") for one in alone] == [[assessment], [with_gap]]
    assert [one.kind.code for one in alone[0].context["sections"]] == ["chua-du"]
    assert client.get(LIST, {"loai": "khac"}).status_code == 400
    refused = client.post(act("reopen", with_gap), {"comment": ""})
    assert files(refused, "chua-du") == [with_gap]
    assert "Xem đủ 2 đơn vị" in refused.content.decode()


def test_proposing_and_taking_back_with_a_reason(
    verified: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.coordinator)
    response = client.post(act("propose", verified), follow=True)
    assert response.redirect_chain == [("/cong-nhan/?nam=2023", 302)]
    assert files(response, "da-de-nghi") == [verified]
    assert client.post(act("propose", verified)).status_code == 302, "sent twice, proposed once"
    assert verified.transitions.filter(target=Status.PROPOSED).count() == 1
    refused = client.post(act("withdraw_proposal", verified), {"comment": " "})
    assert refused.status_code == 409
    assert "Cần nhập lý do." in refused.content.decode()
    client.post(act("withdraw_proposal", verified), {"comment": "Chờ bổ sung hồ sơ"})
    verified.refresh_from_db()
    assert verified.status == Status.VERIFIED
    assert verified.transitions.last().comment == "Chờ bổ sung hồ sơ"
    again = client.post(act("withdraw_proposal", verified), {"comment": "Chờ bổ sung hồ sơ"})
    assert again.status_code == 302, "sent twice, taken back once"
    assert verified.transitions.filter(event="proposal_withdrawn").count() == 1


def test_unmet_criteria_stop_the_proposal(
    with_gap: Assessment, people: cast.People, sign_in
) -> None:
    response = sign_in(people.coordinator).post(act("propose", with_gap))
    assert response.status_code == 409
    sentence = "Chưa đề nghị được: 1 tiêu chí chưa được thẩm định đạt (C02)."
    assert sentence in response.content.decode()
    with_gap.refresh_from_db()
    assert with_gap.status == Status.VERIFIED


def test_reopening_needs_a_reason_and_gives_the_file_back_to_review(
    with_gap: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.coordinator)
    refused = client.post(act("reopen", with_gap), {"comment": ""})
    assert refused.status_code == 409
    assert "drawer mt-2" in refused.content.decode()
    assert rows(refused, "chua-du")[0].opened == "reopen"
    client.post(act("reopen", with_gap), {"comment": "Đã có quyết định xếp loại"})
    with_gap.refresh_from_db()
    assert (with_gap.status, with_gap.reviewer) == (Status.UNDER_REVIEW, people.reviewer)


def test_a_refused_reason_comes_back(proposed: Assessment, people: cast.People, sign_in) -> None:
    response = sign_in(people.coordinator).post(act("reopen", proposed), {"comment": "Gõ dở"})
    assert response.status_code == 409
    assert "chưa thể chuyển" in response.content.decode()
    assert "Gõ dở" in response.content.decode()


def test_the_decision_is_recorded(proposed: Assessment, people: cast.People, sign_in) -> None:
    client = sign_in(people.coordinator)
    page = client.get(act("recognise", proposed)).content.decode()
    assert 'value="Bộ Công an"' in page
    assert 'type="date"' in page
    response = client.post(act("recognise", proposed), DECISION, follow=True)
    page = response.content.decode()
    assert "2878/QĐ-BCA" in page
    assert "22/04/2024" in page
    recognition = Recognition.objects.get(unit=proposed.unit)
    assert recognition.decided_on == date(2024, 4, 22)
    assert recognition.document.issuer == "Bộ Công an"
    assert not recognition.is_sample
    proposed.refresh_from_db()
    assert proposed.status == Status.RECOGNISED
    again = client.post(act("recognise", proposed), DECISION)
    assert again.status_code == 302, "sent twice, recorded once"
    other = client.post(act("recognise", proposed), {**DECISION, "number": "9/QĐ-BCA"})
    assert other.status_code == 409
    assert "Đơn vị đã có quyết định công nhận cho năm 2023" in other.content.decode()
    assert AuditEntry.objects.latest("sequence").event == "refused"
    assert Recognition.objects.count() == 1


def test_a_decision_on_a_sample_round_is_a_sample(
    proposed: Assessment, people: cast.People, sign_in
) -> None:
    type(proposed.round).objects.update(is_sample=True)
    sign_in(people.coordinator).post(act("recognise", proposed), DECISION)
    assert Recognition.objects.get().is_sample
    assert LegalDocument.objects.get(number="2878/QĐ-BCA").is_sample


@pytest.mark.parametrize(
    "typed", ["22/04/2024", "22-04-2024", "22.04.2024", "2024-04-22", " 22/4/2024 "]
)
def test_dates_are_read_as_people_write_them(
    proposed: Assessment, people: cast.People, sign_in, typed: str
) -> None:
    sign_in(people.coordinator).post(act("recognise", proposed), {**DECISION, "decided_on": typed})
    assert Recognition.objects.get().decided_on == date(2024, 4, 22)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"decided_on": "2999-01-01"}, "không được ở sau ngày hôm nay"),
        ({"decided_on": "31/02/2024"}, "Ngày chưa đúng"),
        ({"decided_on": ""}, "Cần nhập ngày quyết định."),
        ({"decided_on": "22/04/24"}, "Ngày chưa đúng"),
        ({"decided_on": "2022-04-22"}, "không thể ban hành trước năm 2023"),
        ({"number": ""}, "Cần nhập số, ký hiệu quyết định."),
        ({"number": "không số"}, "phải có chữ số"),
        ({"number": "9" * 81}, "80"),
        ({"issuer": ""}, "Cần nhập cơ quan ban hành"),
        ({"title": "có \x07 chuông"}, "ký tự điều khiển"),
    ],
)
def test_a_bad_decision_is_refused_with_everything_typed(
    proposed: Assessment, people: cast.People, sign_in, typed: dict[str, str], sentence: str
) -> None:
    body = {**DECISION, "note": "Ghi chú phải còn", **typed}
    response = sign_in(people.coordinator).post(act("recognise", proposed), body)
    assert response.status_code == 400
    page = response.content.decode()
    assert sentence in page
    assert "Ghi chú phải còn" in page
    if typed.get("decided_on"):
        assert f'value="{typed["decided_on"]}"' in page, "what was typed as a date stays visible"
    assert Recognition.objects.count() == 0


def test_a_number_recorded_with_another_date_is_refused(
    proposed: Assessment, people: cast.People, sign_in
) -> None:
    LegalDocument.objects.create(
        code="x", number="2878/QĐ-BCA", issued_on=date(2025, 4, 22), issuer="Bộ Công an"
    )
    response = sign_in(people.coordinator).post(act("recognise", proposed), DECISION)
    assert response.status_code == 409
    page = response.content.decode()
    assert "đã được ghi với ngày 22/04/2025" in page
    assert 'value="2878/QĐ-BCA"' in page
    assert 'value="2024-04-22"' in page
    proposed.refresh_from_db()
    assert proposed.status == Status.PROPOSED


def test_numbers_that_differ_only_in_marks_are_two_documents(
    proposed: Assessment, people: cast.People, sign_in
) -> None:
    LegalDocument.objects.create(code="2878-QĐ-BCA-20240422", number="2878-QĐ-BCA")
    response = sign_in(people.coordinator).post(act("recognise", proposed), DECISION)
    assert response.status_code == 302
    assert LegalDocument.objects.filter(number__startswith="2878").count() == 2


def test_a_number_of_another_body_is_not_taken_for_the_decision(
    proposed: Assessment, people: cast.People, sign_in
) -> None:
    LegalDocument.objects.create(
        code="QD-1",
        number=DECISION["number"],
        issued_on=DECISION["decided_on"],
        issuer="UBND tỉnh Trà Vinh",
    )
    response = sign_in(people.coordinator).post(act("recognise", proposed), DECISION)
    assert response.status_code == 409
    assert "là văn bản của UBND tỉnh Trà Vinh" in response.content.decode()
    proposed.refresh_from_db()
    assert proposed.status == Status.PROPOSED


def test_a_decision_does_not_precede_the_conclusion(
    proposed: Assessment, people: cast.People, sign_in
) -> None:
    early = {**DECISION, "decided_on": "2023-11-09"}
    response = sign_in(people.coordinator).post(act("recognise", proposed), early)
    assert response.status_code == 409
    assert "trước ngày kết luận" in response.content.decode()


def test_nothing_is_recognised_that_was_not_proposed(
    verified: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.coordinator)
    page = client.get(act("recognise", verified)).content.decode()
    assert "Chỉ ghi nhận quyết định khi đơn vị" in page
    response = client.post(act("recognise", verified), DECISION)
    assert response.status_code == 409
    assert "chưa thể chuyển" in response.content.decode()
    assert Recognition.objects.count() == 0
    assert not LegalDocument.objects.filter(number=DECISION["number"]).exists()


def test_not_recognised_with_the_reason(proposed: Assessment, people: cast.People, sign_in) -> None:
    client = sign_in(people.coordinator)
    refused = client.post(act("decline", proposed), {"comment": ""})
    assert refused.status_code == 400
    assert "Cần nhập lý do không được công nhận." in refused.content.decode()
    response = client.post(act("decline", proposed), {"comment": "Còn vụ việc"}, follow=True)
    assert "Lý do: Còn vụ việc" in response.content.decode()
    proposed.refresh_from_db()
    assert proposed.status == Status.NOT_RECOGNISED
    assert client.post(act("decline", proposed), {"comment": "Còn vụ việc"}).status_code == 302
    late = client.post(act("decline", proposed), {"comment": "Lần nữa"})
    assert late.status_code == 409
    assert "Lần nữa" in late.content.decode()


def test_the_leader_reads_and_others_do_neither(
    proposed: Assessment, people: cast.People, client: Client
) -> None:
    names = ("propose", "withdraw_proposal", "reopen", "recognise", "decline")
    client.force_login(people.leader)
    page = client.get(LIST).content.decode()
    assert "Phường 1, TP Trà Vinh" in page
    assert not any(act(name, proposed) in page for name in names)
    strangers = (people.leader, people.reviewer, people.commander, people.ministry_viewer)
    for stranger in strangers:
        client.force_login(stranger)
        for name in names:
            assert client.post(act(name, proposed), DECISION).status_code == 403
    for other in (people.reviewer, people.commander, people.rapporteur, people.administrator):
        client.force_login(other)
        assert client.get(LIST).status_code == 403
    proposed.refresh_from_db()
    assert proposed.status == Status.PROPOSED


def test_a_coordinator_of_another_province_finds_nothing(
    proposed: Assessment, places: cast.Places, people: cast.People, sign_in
) -> None:
    far = cast.person("xa.tonghop", "Mai Ở Xa", cast.Role.COORDINATOR, province=places.elsewhere)
    client = sign_in(far)
    assert "Phường 1, TP Trà Vinh" not in client.get(LIST, {"nam": "2023"}).content.decode()
    for name in ("propose", "withdraw_proposal", "reopen", "recognise", "decline"):
        assert client.post(act(name, proposed), DECISION).status_code == 404


def test_the_year_is_chosen_by_its_number(
    proposed: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.coordinator)
    assert files(client.get(LIST, {"nam": "2023"}), "da-de-nghi")
    assert not files(client.get(LIST, {"nam": "2022"}), "da-de-nghi")
    for wrong in ("abc", "20233", "２０２３", "-1"):
        assert client.get(LIST, {"nam": wrong}).status_code == 400


def test_the_number_of_queries_does_not_grow_with_units(
    verified: Assessment, other_assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.coordinator)
    once = queries(client, LIST)
    hand_in(other_assessment, people)
    cast.accept_all(other_assessment, by=people.reviewer)
    reviewing.conclude(other_assessment, comment="", by=people.reviewer, now=cast.NOW)
    assert queries(client, LIST) == once
    assert queries(client, act("recognise", verified)) <= once
