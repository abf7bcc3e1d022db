"""Own dates, new revisions, reuse, marks of secrecy, previews: evidence over time."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access import NotReady
from accounts.models import AuditEntry
from assessments.actions import evidence as actions
from assessments.actions import reviewing, revising, submitting
from assessments.actions.evidence import Details
from assessments.markings import marking_in
from assessments.models import Assessment, Attachment, Evidence
from assessments.uploads import check_upload
from assessments.views.evidence_items import Revisions
from assessments.windows import outside_window
from criteria.models import Round
from tests import cast
from tests.assessments.station import save, submit_all, text_of, url
from tests.assessments.strangers import office, pdf, picture

TICK = {"not_secret": "on"}
LATER = cast.NOW + timedelta(hours=3)


def criterion(assessment: Assessment, code: str = "C01"):
    return assessment.round.criteria_set.criteria.get(code=code)


def attach(
    assessment: Assessment,
    people: cast.People,
    content: bytes = cast.PDF,
    code: str = "C01",
    name: str = "quyet-dinh.pdf",
    **more: Any,
) -> Attachment:
    return actions.attach_file(
        assessment,
        criterion(assessment, code),
        check_upload(cast.upload(name, content)),
        by=people.officer,
        now=cast.NOW,
        **more,
    )


def replace(attachment: Attachment, people: cast.People, content: bytes, **more: Any) -> Evidence:
    return revising.replace_file(
        attachment,
        check_upload(cast.upload("ban-moi.pdf", content)),
        Details(**more),
        by=people.officer,
        now=LATER,
    )


def current(assessment: Assessment, code: str = "C01") -> list[Evidence]:
    found = actions.current(assessment, criterion(assessment, code)).select_related("evidence")
    return [one.evidence for one in found]


def typed(evidence: Evidence, **fields: str) -> dict[str, str]:
    """The form of the details as a browser sends it."""
    shown = {
        "number": evidence.number,
        "issued_on": f"{evidence.issued_on:%d/%m/%Y}" if evidence.issued_on else "",
        "issuer": evidence.issuer,
        "title": evidence.title,
    }
    was = {**shown, "issued_on": str(evidence.issued_on or "")}
    return {**shown, **{f"{part}_was": text for part, text in was.items()}, **fields}


# --- Uploading one by one -------------------------------------------------------------------------


def add(client, assessment: Assessment, *files: Any, code: str = "C01", **more: str):
    return client.post(url("evidence_add", assessment, code), {"uploads": files, **TICK, **more})


def test_a_file_comes_with_the_list_as_it_now_stands(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = add(
        sign_in(people.officer), assessment, cast.upload("Báo cáo.pdf"), file_number="12/BC"
    )
    assert response.status_code == 200
    page = text_of(response)
    assert 'data-upload-answer="taken"' in page
    assert "1 tài liệu" in page
    assert "12/BC" in page
    assert "<html" not in page


def test_a_refused_file_leaves_the_list_and_says_why(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    attach(assessment, people)
    response = add(sign_in(people.officer), assessment, cast.upload("a.pdf", b"<html>"))
    assert response.status_code == 400
    page = text_of(response)
    assert 'data-upload-answer="refused"' in page
    assert "Tệp “a.pdf” không được nhận: nội dung không phải PDF." in page
    assert "1 tài liệu" in page


def test_without_the_tick_the_file_is_not_even_read(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = sign_in(people.officer).post(
        url("evidence_add", assessment, "C01"), {"uploads": [cast.upload()]}
    )
    assert response.status_code == 400
    assert "Hãy xác nhận tệp không chứa bí mật nhà nước" in text_of(response)
    assert not Evidence.objects.exists()


def test_wf_02_nothing_is_added_once_handed_in(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    attachment = assessment.attachments.first()
    client = sign_in(people.commander)
    before = list(Evidence.objects.order_by("pk").values())
    library = url("evidence_library", assessment, "C01")
    for response in (
        add(client, assessment, cast.upload("mới.pdf", pdf())),
        client.post(library, {"chon": [str(attachment.evidence_id)]}),
        client.post(
            url("evidence_edit", assessment, attachment.pk),
            typed(attachment.evidence, number="1/X"),
        ),
        client.post(
            url("evidence_replace", assessment, attachment.pk),
            {"upload": cast.upload("mới.pdf", pdf()), **TICK},
        ),
    ):
        assert response.status_code == 409
        assert "nên không sửa được" in text_of(response)
    assert list(Evidence.objects.order_by("pk").values()) == before
    assert not Attachment.objects.filter(removed_at__isnull=False).exists()


def test_nobody_else_adds_evidence(assessment: Assessment, people: cast.People, sign_in) -> None:
    kept = attach(assessment, people)
    for who, status in ((people.other_commander, 404), (people.reviewer, 403)):
        client = sign_in(who)
        assert add(client, assessment, cast.upload()).status_code == status
        for name in ("evidence_edit", "evidence_replace"):
            assert client.post(url(name, assessment, kept.pk)).status_code == status
        assert client.get(url("evidence_library", assessment, "C01")).status_code == status
    with pytest.raises(PermissionDenied):
        actions.attach_again(
            assessment, criterion(assessment), [kept.evidence], by=people.reviewer, now=LATER
        )


# --- Marks of secrecy -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Báo cáo (Mật).pdf", "Mật"),
        ("TỐI MẬT - kế hoạch.pdf", "Tối mật"),
        ("ke_hoach_TUYET-MAT.pdf", "Tuyet mat"),
        ("Độ mật: Tuyệt  mật", "Tuyệt mật"),
        ("Kế hoạch bảo vệ bí mật nhà nước.pdf", ""),
        ("Công tác bảo mật, mật khẩu, mật độ dân cư.docx", ""),
        ("Bao cao mat bang.pdf", ""),
        ("Quyết định khen thưởng", ""),
        ("Ma\u0323\u0302t.pdf", "Mật"),
    ],
)
def test_marks_of_secrecy_are_seen_in_names(text: str, mark: str) -> None:
    assert marking_in(text) == mark


@pytest.mark.parametrize(
    "fields", [{"name": "Kế hoạch (Mật).pdf"}, {"name": "a.pdf", "file_title": "Kế hoạch Tối mật"}]
)
def test_a_marked_file_needs_a_second_tick(
    assessment: Assessment, people: cast.People, sign_in, fields: dict[str, str]
) -> None:
    client = sign_in(people.officer)
    name = fields["name"]
    more = {key: text for key, text in fields.items() if key != "name"}
    response = add(client, assessment, cast.upload(name), **more)
    assert response.status_code == 400
    page = text_of(response)
    assert 'data-upload-answer="unmarked"' in page
    assert "Viện dẫn văn bản mà không tải tệp" in page
    assert not Evidence.objects.exists()
    assert add(client, assessment, cast.upload(name), unmarked="on", **more).status_code == 200


def test_without_a_script_the_second_tick_goes_with_the_form(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    files = {"uploads": [cast.upload("Kế hoạch (Mật).pdf")], **TICK}
    refused = save(client, assessment, "C01", **files)
    assert refused.status_code == 400
    assert "có chữ “Mật”" in text_of(refused)
    files["uploads"] = [cast.upload("Kế hoạch (Mật).pdf")]
    assert save(client, assessment, "C01", unmarked="on", **files).status_code == 302


# --- Own date -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "outside"),
    [
        (None, False),
        ("starts", False),
        ("ends", False),
        ("before", True),
        ("after", True),
    ],
)
def test_a_document_of_another_time_is_warned_of(
    assessment: Assessment,
    people: cast.People,
    sign_in,
    day: str | None,
    outside: bool,
) -> None:
    round_ = assessment.round
    days = {
        "starts": round_.window_starts,
        "ends": round_.window_ends,
        "before": round_.window_starts - timedelta(days=1),
        "after": round_.window_ends + timedelta(days=1),
    }
    kept = attach(assessment, people, issued_on=days.get(day or ""))
    assert outside_window(kept.evidence, round_) is outside
    page = text_of(sign_in(people.officer).get(url("criterion", assessment, "C01")))
    assert ("nằm ngoài khoảng số liệu của kỳ" in page) is outside


def test_the_own_date_is_corrected_later(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = attach(assessment, people)
    client = sign_in(people.officer)
    address = url("evidence_edit", assessment, kept.pk)
    assert "Ngày văn bản" in text_of(client.get(address))
    response = client.post(address, typed(kept.evidence, issued_on="2/3/2023", number="7/QĐ"))
    assert response["Location"].endswith("/C01/#minh-chung")
    kept.evidence.refresh_from_db()
    assert (kept.evidence.issued_on, kept.evidence.number) == (date(2023, 3, 2), "7/QĐ")
    assert kept.evidence.added_at == cast.NOW
    assert AuditEntry.objects.filter(event="evidence_described").count() == 1
    # The same content sent once more changes nothing and records nothing.
    client.post(address, typed(kept.evidence))
    assert AuditEntry.objects.filter(event="evidence_described").count() == 1


def test_bad_details_come_back_as_typed(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = attach(assessment, people)
    response = sign_in(people.officer).post(
        url("evidence_edit", assessment, kept.pk),
        typed(kept.evidence, issued_on="31/02/2023", title="Đã gõ"),
    )
    assert response.status_code == 400
    page = text_of(response)
    assert "Ngày chưa đúng." in page
    assert 'value="Đã gõ"' in page


def test_a_citation_stays_complete(assessment: Assessment, people: cast.People, sign_in) -> None:
    cited = actions.attach_reference(
        assessment,
        criterion(assessment),
        number="1/QĐ",
        issued_on=cast.DAY,
        issuer="Công an",
        title="Về việc",
        by=people.officer,
        now=cast.NOW,
    )
    client = sign_in(people.officer)
    response = client.post(
        url("evidence_edit", assessment, cited.pk), typed(cited.evidence, number="")
    )
    assert response.status_code == 400
    assert "Cần nhập mục này" in text_of(response)
    # There is no file to replace: its details are what can be corrected.
    response = client.get(url("evidence_replace", assessment, cited.pk))
    assert response["Location"] == url("evidence_edit", assessment, cited.pk)


def test_wf_08_details_changed_in_two_tabs_are_shown_and_not_lost(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = attach(assessment, people)
    client = sign_in(people.officer)
    address = url("evidence_edit", assessment, kept.pk)
    stale = typed(kept.evidence, title="Của tôi")
    client.post(address, typed(kept.evidence, title="Của bạn"))
    response = client.post(address, stale)
    assert response.status_code == 409
    page = text_of(response)
    assert "đã được thay đổi ở nơi khác" in page
    assert "Của bạn" in page
    assert 'value="Của tôi"' in page
    # Sending the form once more keeps what was typed here.
    kept.evidence.refresh_from_db()
    assert client.post(address, typed(kept.evidence, title="Của tôi")).status_code == 302
    kept.evidence.refresh_from_db()
    assert kept.evidence.title == "Của tôi"


# --- Revisions ------------------------------------------------------------------------------------


def test_a_new_revision_takes_the_place_of_the_old_one(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    first = attach(assessment, people, number="1/QĐ", issued_on=date(2023, 5, 4))
    client = sign_in(people.officer)
    address = url("evidence_replace", assessment, first.pk)
    page = text_of(client.get(address))
    assert 'value="1/QĐ"' in page
    response = client.post(
        address, {"upload": cast.upload("bản 2.pdf", pdf()), "number": "1/QĐ", **TICK}
    )
    assert response["Location"].endswith("/C01/#minh-chung")
    (now,) = current(assessment)
    assert (now.original_name, now.replaces_id) == ("bản 2.pdf", first.evidence_id)
    first.refresh_from_db()
    assert first.removed_by == people.officer
    page = text_of(client.get(url("criterion", assessment, "C01")))
    assert "Bản 2, thay bản ngày 10/11/2023" in page
    told = AuditEntry.objects.get(event="evidence_replaced").details
    assert (told["replaces"], told["criteria"]) == (str(first.evidence_id), ["C01"])
    # Both stay openable, and each leads to the other.
    for evidence in (now, first.evidence):
        page = text_of(client.get(reverse("evidence_page", args=[evidence.pk])))
        assert "Bản 2" in page
        assert "Bản 1" in page
        response = client.get(reverse("evidence_file", args=[evidence.pk]))
        assert response.getvalue()


def test_a_revision_counts_from_the_first(assessment: Assessment, people: cast.People) -> None:
    attachment = attach(assessment, people)
    for number in range(3):
        replace(attachment, people, cast.PDF + b"%%%d" % number)
        attachment = actions.current(assessment, criterion(assessment)).get()
    revisions = Revisions(assessment.unit_id)
    assert revisions.number(attachment.evidence_id) == 4
    assert len(revisions.chain(attachment.evidence_id)) == 4


def test_a_revision_replaces_every_use_in_the_file(
    assessment: Assessment, people: cast.People
) -> None:
    first = attach(assessment, people, code="C01")
    attach(assessment, people, code="C02")
    new = replace(first, people, pdf())
    assert current(assessment, "C01") == current(assessment, "C02") == [new]


def test_what_was_handed_in_never_changes(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer_all(assessment, by=people.officer)
    submission = submitting.submit(assessment, by=people.commander, now=cast.NOW)
    before = submission.snapshot
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    for one in assessment.round.criteria_set.criteria.all():
        reviewing.save_verdict(
            assessment,
            one,
            decision="more" if one.code == "C01" else "accept",
            comment="Bổ sung" if one.code == "C01" else "",
            version=0,
            by=people.reviewer,
            now=cast.NOW,
        )
    reviewing.return_to_station(assessment, comment="Sửa", by=people.reviewer, now=cast.NOW)
    named = actions.current(assessment, criterion(assessment)).get()
    old = Evidence.objects.values().get(pk=named.evidence_id)
    assert revising.is_named(named.evidence)
    client = sign_in(people.officer)
    address = url("evidence_edit", assessment, named.pk)
    assert "Lần nộp trước đã nêu tài liệu này." in text_of(client.get(address))
    client.post(address, typed(named.evidence, title="Trích yếu đúng"))
    # The details changed in a revision of their own, over the same file.
    (new,) = current(assessment)
    assert (new.title, new.replaces_id) == ("Trích yếu đúng", named.evidence_id)
    assert new.file.name == named.evidence.file.name
    assert Evidence.objects.values().get(pk=named.evidence_id) == old
    replace(actions.current(assessment, criterion(assessment)).get(), people, pdf())
    submission.refresh_from_db()
    assert submission.snapshot == before
    assert Evidence.objects.values().get(pk=named.evidence_id) == old
    response = sign_in(people.reviewer).get(reverse("evidence_file", args=[named.evidence_id]))
    assert response.getvalue()


def test_evidence_taken_off_before_handing_in_is_not_named(
    assessment: Assessment, people: cast.People
) -> None:
    kept = attach(assessment, people)
    assert not revising.is_named(kept.evidence)


def test_whoever_opens_the_details_of_a_file_handed_in_reads_them_and_why_they_stand(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    """A page that is merely opened has nothing to refuse; what is sent is refused and returned."""
    submit_all(assessment, people)
    attachment = assessment.attachments.first()
    Evidence.objects.filter(pk=attachment.evidence_id).update(title="Báo cáo năm 2023")
    address = url("evidence_edit", assessment, attachment.pk)
    client = sign_in(people.commander)
    opened = client.get(address)
    assert opened.status_code == 200
    words = text_of(opened)
    assert "Chỉ xem, không sửa được" in words
    assert "nên không sửa được" in words
    assert "Báo cáo năm 2023" in words
    assert 'name="title"' not in opened.content.decode()
    sent = client.post(address, typed(attachment.evidence, title="Gõ sau khi nộp"))
    assert sent.status_code == 409
    assert "Chưa ghi được" in text_of(sent)
    assert "Gõ sau khi nộp" in sent.content.decode()
    attachment.evidence.refresh_from_db()
    assert attachment.evidence.title == "Báo cáo năm 2023"


def test_nothing_is_replaced_twice_or_by_itself(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    first = attach(assessment, people)
    with pytest.raises(NotReady, match="giống hệt"):
        replace(first, people, cast.PDF)
    replace(first, people, pdf())
    with pytest.raises(NotReady, match="đã được gỡ"):
        replace(first, people, pdf(pages=2))
    address = url("evidence_replace", assessment, first.pk)
    response = sign_in(people.officer).get(address)
    assert response.status_code == 200
    assert "đã được gỡ hoặc thay bằng bản khác" in text_of(response)
    assert 'type="file"' not in response.content.decode()
    sent = sign_in(people.officer).post(address, {"upload": cast.upload("b.pdf", pdf()), **TICK})
    assert sent.status_code == 409
    # Attached again from the store, the old revision still has its one successor.
    (again,) = actions.attach_again(
        assessment, criterion(assessment, "C02"), [first.evidence], by=people.officer, now=LATER
    )
    with pytest.raises(NotReady, match="đã có bản mới hơn"):
        replace(again, people, pdf(pages=3))
    page = text_of(sign_in(people.officer).get(url("criterion", assessment, "C02")))
    assert "Đã có bản mới hơn trong kho minh chứng của đơn vị" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({**TICK}, "Hãy chọn tệp của bản mới."),
        ({"upload": ("a.pdf", cast.PDF + b"%")}, "Hãy xác nhận tệp không chứa bí mật nhà nước"),
        ({"upload": ("a.pdf", b"<html>"), **TICK}, "nội dung không phải PDF"),
        ({"upload": ("a.pdf", b""), **TICK}, "Tệp rỗng."),
        ({"upload": ("Mật.pdf", cast.PDF + b"%"), **TICK}, "có chữ “Mật”"),
    ],
)
def test_a_refused_revision_leaves_the_old_one(
    assessment: Assessment,
    people: cast.People,
    sign_in,
    fields: dict[str, Any],
    sentence: str,
) -> None:
    first = attach(assessment, people)
    if "upload" in fields:
        fields = {**fields, "upload": cast.upload(*fields["upload"])}
    response = sign_in(people.officer).post(
        url("evidence_replace", assessment, first.pk), {**fields, "title": "Đã gõ"}
    )
    assert response.status_code == 400
    page = text_of(response)
    assert sentence in page
    assert 'value="Đã gõ"' in page
    assert current(assessment) == [first.evidence]


# --- Reuse ----------------------------------------------------------------------------------------


def test_the_same_file_again_is_the_evidence_the_unit_has(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    attach(assessment, people, code="C01")
    response = add(sign_in(people.officer), assessment, cast.upload("tên khác.pdf"), code="C02")
    assert "tài liệu sẵn có được gắn lại" in text_of(response)
    assert Evidence.objects.count() == 1
    assert current(assessment, "C02") == current(assessment, "C01")


def library_of(assessment: Assessment, people: cast.People) -> list[Attachment]:
    """Three documents on C01, one of them replaced."""
    found = [
        attach(assessment, people, cast.PDF + b"%1", name="a.pdf", title="Quyết định khen thưởng"),
        attach(assessment, people, cast.PDF + b"%2", name="b.pdf", number="12/BC-CAP"),
        attach(assessment, people, cast.PDF + b"%3", name="Hoà Bình.pdf"),
    ]
    replace(found[1], people, cast.PDF + b"%4", number="13/BC-CAP")
    return found


def test_the_library_offers_what_the_unit_has(
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    sign_in,
) -> None:
    library_of(assessment, people)
    actions.attach_reference(
        other_assessment,
        criterion(other_assessment),
        number="99/BÍ-MẬT-CỦA-PHƯỜNG-KHÁC",
        issued_on=cast.DAY,
        issuer="x",
        title="x",
        by=people.other_commander,
        now=cast.NOW,
    )
    client = sign_in(people.officer)
    page = text_of(client.get(url("evidence_library", assessment, "C02")))
    assert "Quyết định khen thưởng" in page
    assert "13/BC-CAP" in page
    assert "12/BC-CAP" not in page
    assert "99/" not in page
    assert "dùng ở C01 (2023)" in page
    assert "Đã gắn ở tiêu chí này" not in page
    assert "Đã gắn ở tiêu chí này" in text_of(
        client.get(url("evidence_library", assessment, "C01"))
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"tim": "quyet dinh"}, ["Quyết định khen thưởng"]),
        ({"tim": "KHEN THƯỞNG"}, ["Quyết định khen thưởng"]),
        ({"tim": "hòa bình"}, ["Hoà Bình.pdf"]),
        ({"tim": "13/bc"}, ["13/BC-CAP"]),
        ({"tieu-chi": "C02"}, []),
        ({"nam": "2022"}, []),
        ({"tieu-chi": "C01", "nam": "2023", "tim": "thuong"}, ["Quyết định khen thưởng"]),
        ({"tim": "%"}, []),
        ({"page": "999"}, ["Quyết định khen thưởng", "13/BC-CAP", "Hoà Bình.pdf"]),
    ],
)
def test_un_04_the_library_is_searched_without_diacritics(
    assessment: Assessment,
    people: cast.People,
    sign_in,
    query: dict[str, str],
    expected: list[str],
) -> None:
    library_of(assessment, people)
    client = sign_in(people.officer)
    page = text_of(client.get(url("evidence_library", assessment, "C03"), query))
    shown = {
        name for name in ("Quyết định khen thưởng", "13/BC-CAP", "Hoà Bình.pdf") if name in page
    }
    assert shown == set(expected)
    if not expected:
        assert "Không có tài liệu nào khớp" in page


def test_what_is_chosen_is_attached_once(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = library_of(assessment, people)
    client = sign_in(people.officer)
    address = url("evidence_library", assessment, "C02")
    chosen = {"chon": [str(kept[0].evidence_id), str(kept[2].evidence_id)]}
    response = client.post(address, chosen)
    assert response["Location"].endswith("/C02/#minh-chung")
    assert len(current(assessment, "C02")) == 2
    assert client.post(address, chosen).status_code == 302
    assert len(current(assessment, "C02")) == 2
    assert Evidence.objects.count() == 4


@pytest.mark.parametrize("chosen", [[], ["khong-co"], [str(uuid.uuid4())], ["other"], ["old"]])
def test_nothing_else_can_be_chosen(
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    sign_in,
    chosen: list[str],
) -> None:
    old = library_of(assessment, people)[1]
    theirs = actions.attach_file(
        other_assessment,
        criterion(other_assessment),
        check_upload(cast.upload()),
        by=people.other_commander,
        now=cast.NOW,
    )
    known = {"other": str(theirs.evidence_id), "old": str(old.evidence_id)}
    response = sign_in(people.officer).post(
        url("evidence_library", assessment, "C02"),
        {"chon": [known.get(one, one) for one in chosen]},
    )
    assert response.status_code == 400
    assert current(assessment, "C02") == []


def test_evidence_of_an_earlier_round_is_used_again(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = attach(assessment, people, issued_on=date(2023, 5, 4))
    earlier = assessment.round
    later = Round.objects.create(
        programme=earlier.programme,
        criteria_set=earlier.criteria_set,
        year=2024,
        window_starts=earlier.window_starts + timedelta(days=366),
        window_ends=earlier.window_ends + timedelta(days=366),
        opened_at=cast.NOW,
        deadline=cast.FAR_DEADLINE,
    )
    next_file = Assessment.objects.create(
        round=later, unit=assessment.unit, opened_at=cast.NOW, due_at=cast.FAR_DEADLINE
    )
    client = sign_in(people.officer)
    address = reverse("evidence_library", args=[next_file.pk, "C01"])
    page = text_of(client.get(address, {"nam": "2023"}))
    assert "dùng ở C01 (2023)" in page
    assert "nằm ngoài khoảng số liệu của kỳ" in page
    client.post(address, {"chon": [str(kept.evidence_id)]})
    assert current(next_file) == [kept.evidence]
    assert current(assessment) == [kept.evidence]


# --- Previews and the page of one piece -----------------------------------------------------------


def test_a_pdf_is_looked_at_page_by_page(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = attach(assessment, people, pdf(pages=3)).evidence
    client = sign_in(people.officer)
    address = reverse("evidence_preview", args=[kept.pk])
    htmx = {"HX-Request": "true"}
    first = text_of(client.get(address, headers=htmx))
    assert "Trang 1/3" in first
    assert "trang=2" in first
    assert "Trang trước" not in first
    last = text_of(client.get(address, {"trang": "3"}, headers=htmx))
    assert "Trang 3/3" in last
    assert "Trang sau" not in last
    assert "Trang 3/3" in text_of(client.get(address, {"trang": "999"}, headers=htmx))
    for odd in ("0", "-1", "x", "²", "9" * 50):
        assert "Trang 1/3" in text_of(client.get(address, {"trang": odd}, headers=htmx))
    # Without a script the same stands on a page of its own.
    response = client.get(address, {"trang": "2"})
    assert response["Location"] == f"{reverse('evidence_page', args=[kept.pk])}?trang=2"
    assert "Trang 2/3" in text_of(client.get(response["Location"]))
    picture_of = client.get(reverse("evidence_picture", args=[kept.pk]), {"trang": "2"})
    assert picture_of["Content-Type"] == "image/jpeg"
    assert picture_of.content.startswith(b"\xff\xd8")


def test_photographs_are_drawn_anew_and_smaller(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    content = picture("JPEG", (3_000, 2_000))
    kept = attach(assessment, people, content, name="ảnh.jpg").evidence
    shown = sign_in(people.officer).get(reverse("evidence_picture", args=[kept.pk])).content
    assert shown.startswith(b"\xff\xd8")
    assert len(shown) < len(content)


def test_a_word_file_is_offered_for_download(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = attach(assessment, people, office(), name="báo cáo.docx").evidence
    client = sign_in(people.officer)
    page = text_of(client.get(reverse("evidence_page", args=[kept.pk])))
    assert "không xem trước được trong trang; đồng chí tải xuống để xem" in page
    assert reverse("evidence_file", args=[kept.pk]) in page
    assert client.get(reverse("evidence_picture", args=[kept.pk])).status_code == 404


def test_a_broken_or_missing_file_is_a_sentence(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = attach(assessment, people, pdf(pages=2)).evidence
    client = sign_in(people.officer)
    address = reverse("evidence_page", args=[kept.pk])
    with kept.file.open("wb") as held:
        held.write(b"%PDF-1.4 spoilt on the disk")
    page = text_of(client.get(address))
    assert "Không dựng được hình xem trước của tệp này" in page
    kept.file.storage.delete(kept.file.name)
    for name in ("evidence_page", "evidence_preview"):
        page = text_of(client.get(reverse(name, args=[kept.pk]), headers={"HX-Request": "true"}))
        assert "Không tìm thấy tệp trong kho lưu trữ." in page
    assert client.get(reverse("evidence_picture", args=[kept.pk])).status_code == 404


def test_the_page_tells_everything_of_one_piece(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    kept = attach(assessment, people, number="12/QĐ", issuer="Đảng ủy", title="Khen thưởng")
    attach(assessment, people, code="C02")
    page = text_of(sign_in(people.reviewer).get(reverse("evidence_page", args=[kept.evidence_id])))
    for words in (
        "12/QĐ – Khen thưởng",
        "Đảng ủy",
        kept.evidence.sha256,
        "Công an Phường 1, TP Trà Vinh",
        "C02",
        "Kỳ 2023",
        "Đang dùng",
    ):
        assert words in page


# --- Figures --------------------------------------------------------------------------------------


def grown(assessment: Assessment, people: cast.People, count: int) -> None:
    """So many documents on C01, each replaced once."""
    for number in range(count):
        content = cast.PDF + b"%%%d %d" % (count, number)
        replace(attach(assessment, people, content), people, content + b" new")


@pytest.mark.parametrize(
    ("name", "queries"),
    [("criterion", 18), ("evidence_library", 10), ("evidence_page", 12), ("evidence_preview", 8)],
)
def test_pages_ask_a_fixed_number_of_times(
    assessment: Assessment, people: cast.People, sign_in, name: str, queries: int
) -> None:
    client = sign_in(people.officer)
    counts = []
    for count in (1, 6):
        grown(assessment, people, count)
        newest = actions.current(assessment, criterion(assessment)).first()
        address = (
            reverse(name, args=[newest.evidence_id])
            if name in {"evidence_page", "evidence_preview"}
            else url(name, assessment, "C01")
        )
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            response = client.get(address, headers={"HX-Request": "true"})
        assert response.status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= queries


def test_adding_a_file_asks_a_bounded_number_of_times(
    assessment: Assessment, people: cast.People, sign_in, django_assert_max_num_queries
) -> None:
    grown(assessment, people, 3)
    client = sign_in(people.officer)
    upload = cast.upload("mới.pdf", pdf())
    with django_assert_max_num_queries(26):
        assert add(client, assessment, upload).status_code == 200


def test_the_clock_of_the_page_decides_the_day(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    kept = attach(assessment, people)
    response = sign_in(people.officer).post(
        url("evidence_edit", assessment, kept.pk),
        typed(kept.evidence, issued_on=f"{tomorrow:%d/%m/%Y}"),
    )
    assert response.status_code == 400
    assert "Ngày văn bản ở tương lai." in text_of(response)
