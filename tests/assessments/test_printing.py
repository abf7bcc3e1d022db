"""The file on paper: drafts marked on every page, figures as on the page, hostile text as text."""

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from assessments.actions import appealing, reviewing, submitting
from assessments.models import Assessment, CriterionResult, SecondReview
from assessments.printing import (
    PrintedFile,
    PrintingFailed,
    Receipt,
    apart,
    engine,
    render_file,
)
from assessments.printing import file as printing_file
from assessments.printing.apart import write_pdf_apart
from assessments.workflow import Status
from criteria.models import Criterion
from tests import cast
from tests.assessments.station import send_back, submit_all, text_of, url

HOSTILE = (
    '<img src="http://169.254.169.254/latest/meta-data">',
    '<link rel="attachment" href="file:///etc/passwd">',
    "<style>@import url(file:///etc/passwd);</style>",
    '<svg><image href="file:///etc/passwd"/></svg>',
    "{{7*7}} {% include '/etc/passwd' %}",
    "<script>alert(1)</script>",
    '<object data="file:///etc/passwd"></object>',
)


def words_of(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of each page, with single spaces."""
    path = tmp_path / "phieu.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(  # noqa: S603 -- a tool of ours on a file of ours
        ["pdftotext", "-layout", str(path), "-"],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    return [" ".join(page.split()) for page in done.stdout.split("\f") if page.strip()]


def printed(client: Any, assessment: Assessment) -> bytes:
    response = client.get(url("print_file", assessment))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    return bytes(response.content)


def solid(text: str) -> str:
    """Text without any space, so that where a line breaks does not matter."""
    return "".join(text.split())


def many_criteria(assessment: Assessment) -> None:
    """Enough of them for several pages."""
    group = assessment.round.criteria_set.groups.all()[0]
    for number in range(4, 64):
        criterion = Criterion(
            criteria_set=assessment.round.criteria_set,
            group=group,
            code=f"C{number:02}",
            title=f"Tiêu chí số {number} " + "rất dài " * 8,
            position=number,
        )
        with cast.unfrozen():
            Criterion.objects.bulk_create([criterion])
        found = Criterion.objects.get(code=criterion.code)
        CriterionResult.objects.create(assessment=assessment, criterion=found, place=number - 1)


@pytest.mark.out_of_step
def test_a_draft_is_marked_on_every_page(
    assessment: Assessment, people: cast.People, sign_in: Any, tmp_path: Path
) -> None:
    many_criteria(assessment)
    cast.answer(assessment, "C01", by=people.officer)
    cast.answer(assessment, "C02", by=people.officer, met=False)
    pages = words_of(printed(sign_in(people.officer), assessment), tmp_path)
    assert len(pages) >= 3
    for number, page in enumerate(pages, start=1):
        assert "BẢN NHÁP" in page
        assert "chưa phải phiếu đã nộp" in page
        assert f"Trang {number}/{len(pages)}" in page
    whole = " ".join(pages)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in whole
    assert "CÔNG AN PHƯỜNG 1, TP TRÀ VINH" in whole
    assert "Đã có kết quả 2/63 tiêu chí; tự đánh giá đạt 1/63" in whole
    assert "Việc còn lại trước khi nộp" in whole
    assert "Đạt mà chưa có tài liệu kiểm chứng." in whole


def test_the_figures_are_those_of_the_page(
    assessment: Assessment, people: cast.People, sign_in: Any, tmp_path: Path
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C03",))
    client = sign_in(people.commander)
    page = client.get(url("check", assessment))
    text = solid(" ".join(words_of(printed(client, assessment), tmp_path)))
    shown = page.context
    assert solid(f"tự đánh giá đạt {shown['met']}/{shown['total']}") in text
    for group in shown["groups"]:
        for checked in group.rows:
            assert solid(checked.row.criterion.title) in text
            for line in checked.lines:
                assert solid(line.answer) in text
            for attachment in checked.attachments:
                assert solid(attachment.evidence.label) in text


def test_what_was_handed_in_comes_with_its_receipt_and_not_as_a_draft(
    assessment: Assessment, people: cast.People, sign_in: Any, tmp_path: Path
) -> None:
    submit_all(assessment, people)
    submission = assessment.submissions.get()
    whole = " ".join(words_of(printed(sign_in(people.reviewer), assessment), tmp_path))
    assert "BẢN NHÁP" not in whole
    assert submission.receipt in whole
    assert solid(submission.sha256) in solid(whole)
    assert "lần nộp 1" in whole
    assert "Nguyễn Thị Lan" in whole
    assert "thẩm định đạt" not in whole


def test_nothing_is_printed_of_a_review_that_goes_on(
    assessment: Assessment, people: cast.People, sign_in: Any, tmp_path: Path
) -> None:
    submit_all(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    reviewing.save_verdict(
        assessment,
        assessment.round.criteria_set.criteria.get(code="C03"),
        decision="more",
        comment="Đang cân nhắc trả lại",
        version=0,
        by=people.reviewer,
        now=cast.NOW,
    )
    whole = " ".join(words_of(printed(sign_in(people.commander), assessment), tmp_path))
    assert "Đang cân nhắc trả lại" not in whole


def test_verdicts_and_appeals_are_printed_with_all_views(
    assessment: Assessment, people: cast.People, sign_in: Any, tmp_path: Path
) -> None:
    submit_all(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    for criterion in assessment.round.criteria_set.criteria.all():
        adjusted = criterion.code == "C03"
        reviewing.save_verdict(
            assessment,
            criterion,
            decision="adjust" if adjusted else "accept",
            outcome="not_met" if adjusted else "",
            comment="Báo cáo quý IV không khớp" if adjusted else "",
            version=0,
            by=people.reviewer,
            now=cast.NOW,
        )
    reviewing.conclude(assessment, comment="Còn một việc", by=people.reviewer, now=cast.NOW)
    third = assessment.round.criteria_set.criteria.get(code="C03")
    appeal = appealing.file_appeal(
        assessment, third, text="Đã đối chiếu lại số liệu", by=people.commander, now=cast.NOW
    )
    assessment.refresh_from_db()
    assert assessment.status == Status.VERIFIED
    client = sign_in(people.commander)
    whole = " ".join(words_of(printed(client, assessment), tmp_path))
    for words in (
        "thẩm định đạt 2/3",
        "Báo cáo quý IV không khớp",
        "Đã đối chiếu lại số liệu",
        "Còn một việc",
        "Phạm Phương Thảo",
    ):
        assert solid(words) in solid(whole)
    appealing.decide_appeal(
        appeal, outcome="met", comment="Số liệu đúng", by=people.second_reviewer, now=cast.NOW
    )
    whole = solid(" ".join(words_of(printed(client, assessment), tmp_path)))
    for words in ("Báo cáo quý IV không khớp", "Số liệu đúng", "Võ Thanh Bình"):
        assert solid(words) in whole


def test_the_station_never_reads_what_was_drawn(
    assessment: Assessment, people: cast.People, sign_in: Any, tmp_path: Path
) -> None:
    submit_all(assessment, people)
    SecondReview.objects.create(
        submission=assessment.submissions.get(),
        criterion=assessment.round.criteria_set.criteria.get(code="C01"),
        drawn_at=cast.NOW,
        first_outcome="met",
        outcome="not_met",
        comment="Nhận xét lần hai",
        decided_at=cast.NOW,
        decided_by=people.second_reviewer,
    )
    for who, reads in ((people.commander, False), (people.coordinator, True)):
        whole = " ".join(words_of(printed(sign_in(who), assessment), tmp_path))
        assert ("Nhận xét lần hai" in whole) == reads


def test_what_was_said_of_an_earlier_submission_is_named_as_such(
    assessment: Assessment, people: cast.People, sign_in: Any, tmp_path: Path
) -> None:
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    client = sign_in(people.commander)
    draft = " ".join(words_of(printed(client, assessment), tmp_path))
    assert "Thẩm định lần nộp trước" in draft
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    again = " ".join(words_of(printed(client, assessment), tmp_path))
    assert "Thẩm định lần nộp trước" in again
    assert "lần nộp 2" in again


def drawn_here(html: str, *, stylesheet: str, identifier: str) -> bytes:
    return engine.write_pdf(html, stylesheet=stylesheet, identifier=identifier.encode("ascii"))


def test_px_03_a_print_that_takes_too_long_is_stopped_and_the_station_is_told(
    assessment: Assessment, people: cast.People, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "WALL_SECONDS", 0.05)
    client = sign_in(people.commander)
    answer = client.get(url("print_file", assessment), follow=True)
    assert answer.redirect_chain == [(url("assessment", assessment), 302)]
    assert "Chưa lập được bản in" in answer.content.decode()


def test_px_03_a_document_without_measure_ends_at_its_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nested = "<div style='display:flex'>" * 14 + "chữ " * 2000 + "</div>" * 14
    monkeypatch.setattr(apart, "WALL_SECONDS", 3)
    with pytest.raises(PrintingFailed):
        write_pdf_apart(nested, stylesheet="file.css", identifier="0" * 32)


def test_px_01_px_02_hostile_text_is_printed_as_text_and_fetches_nothing(
    assessment: Assessment,
    people: cast.People,
    sign_in: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    fetch = engine.PackagedFilesOnly.fetch

    def recorded(self: Any, address: str, headers: dict[str, str] | None = None) -> Any:
        asked.append(address)
        return fetch(self, address, headers)

    cast.answer_all(assessment, by=people.officer)
    CriterionResult.objects.filter(assessment=assessment).update(
        note="\n".join(HOSTILE), explanation=HOSTILE[0] + "\u202e\u0007"
    )
    type(assessment.unit).objects.filter(pk=assessment.unit_id).update(name=HOSTILE[1][:60])
    # In this process, so that what is asked for can be seen.
    monkeypatch.setattr(printing_file, "write_pdf_apart", drawn_here)
    client = sign_in(people.commander)
    printed(client, assessment)  # fonts are read once per process
    monkeypatch.setattr(engine.PackagedFilesOnly, "fetch", recorded)
    pdf = printed(client, assessment)
    text = solid(" ".join(words_of(pdf, tmp_path)))
    for one in HOSTILE:
        assert solid(one) in text
    assert asked == []
    assert "root:" not in text
    with pikepdf.open(BytesIO(pdf)) as document:
        assert not document.attachments
        assert "/JavaScript" not in document.Root.get("/Names", {})


def test_the_same_content_gives_the_same_bytes() -> None:
    file = PrintedFile(
        marks="",
        footer="Mã tiếp nhận TN2023-AAAA-BBBB",
        parent="Công an tỉnh Trà Vinh",
        station="Công an Phường 1",
        year=2023,
        programme="Đề án",
        basis="Bộ tiêu chí",
        window="16/11/2022 – 15/11/2023",
        deadline="23:59 thứ Ba ngày 14/11/2023",
        status="Đã nộp",
        answered=0,
        met=0,
        of=0,
        found_met=None,
        groups=[],
        place_and_date="Trà Vinh, ngày 10 tháng 11 năm 2023",
        signer="Nguyễn Thị Lan",
        printed_at="2023-11-10T09:00:00+07:00",
        receipt=Receipt("TN2023-AAAA-BBBB", 1, "09:00", "Nguyễn Thị Lan", "đúng hạn", "0" * 64),
    )
    assert render_file(file) == render_file(file)


def test_printing_changes_nothing_and_takes_a_fixed_number_of_queries(
    assessment: Assessment, people: cast.People, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    submit_all(assessment, people)
    client = sign_in(people.commander)
    text_of(client.get(url("check", assessment)))
    with django_assert_max_num_queries(20):
        printed(client, assessment)


@pytest.mark.parametrize("who", ["other_commander", "far_reviewer", "rapporteur"])
def test_a_file_out_of_reach_is_not_printed(
    assessment: Assessment, people: cast.People, sign_in: Any, who: str
) -> None:
    response = sign_in(getattr(people, who)).get(url("print_file", assessment))
    assert response.status_code in {403, 404}
