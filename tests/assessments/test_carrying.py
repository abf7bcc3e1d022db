"""Mang sang: last round's answers beside this round's, copied on demand, counted once confirmed."""

from decimal import Decimal

import pytest

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry
from assessments.actions import answering, carrying, opening, submitting
from assessments.models import Answer, Assessment
from assessments.readiness import gaps
from criteria.models import Correspondence, CriteriaSet, Programme, Relation
from criteria.scale import Outcome
from tests import cast
from tests.assessments.station import save, text_of, url, version
from tests.assessments.test_station_autosave import autosave

pytestmark = pytest.mark.django_db


@pytest.fixture
def now_file(assessment: Assessment, programme: Programme, people: cast.People) -> Assessment:
    """The file of 2024, after C01 and C02 were answered in 2023."""
    cast.answer(assessment, "C01", by=people.officer)
    cast.answer(assessment, "C02", by=people.officer, met=False, note="Ghi chú 2023")
    round_ = opening.open_round(programme, 2024, by=None, now=cast.NOW)
    return Assessment.objects.with_places().get(round=round_, unit=assessment.unit)


def criteria_of(assessment: Assessment, *codes: str):
    return list(assessment.round.criteria_set.criteria.filter(code__in=codes))


def carry(assessment: Assessment, people: cast.People, *codes: str):
    return carrying.carry_over(
        assessment, criteria_of(assessment, *codes), by=people.officer, now=cast.NOW
    )


def test_what_is_carried_stays_open_until_confirmed(
    now_file: Assessment, people: cast.People
) -> None:
    carry(now_file, people, "C02")
    stored = now_file.results.get(criterion__code="C02")
    assert stored.outcome == Outcome.UNANSWERED
    assert stored.reason == "Mang sang từ kỳ 2023, chưa xác nhận."
    assert (stored.note, stored.carried_from.year, stored.version) == ("Ghi chú 2023", 2023, 1)
    assert Answer.objects.get(assessment=now_file, indicator__code="2b").number == Decimal(2)
    assert any(gap.blocks and gap.criterion.code == "C02" for gap in gaps(now_file))
    entry = AuditEntry.objects.get(event="answer_carried")
    assert (entry.details["criterion"], entry.details["year"]) == ("C02", 2023)


def test_saving_without_the_tick_leaves_it_open_and_the_tick_lets_the_engine_judge(
    now_file: Assessment, people: cast.People, sign_in
) -> None:
    carry(now_file, people, "C02")
    client = sign_in(people.officer)
    page = text_of(client.get(url("criterion", now_file, "C02")))
    assert "Tôi xác nhận số liệu mang sang từ kỳ 2023 này đúng cho kỳ 2024" in page
    fields = {"2a__answer": "no", "2b__number": "3", "note": "Ghi chú 2023"}
    response = autosave(client, now_file, "C02", **fields)
    assert "Mang sang từ kỳ 2023, chưa xác nhận." in text_of(response)
    stored = now_file.results.get(criterion__code="C02")
    assert (stored.outcome, stored.version) == (Outcome.UNANSWERED, 2)
    # A tick beside a field with an error confirms nothing yet.
    autosave(client, now_file, "C02", confirmed="on", **{**fields, "2b__number": "ba"})
    assert now_file.results.get(criterion__code="C02").carried_from is not None
    autosave(client, now_file, "C02", confirmed="on", **fields)
    stored = now_file.results.get(criterion__code="C02")
    assert (stored.outcome, stored.carried_from) == (Outcome.NOT_MET, None)
    assert "số liệu mang sang" not in text_of(client.get(url("criterion", now_file, "C02")))


def test_the_plain_form_confirms_too(now_file: Assessment, people: cast.People, sign_in) -> None:
    carry(now_file, people, "C01")
    client = sign_in(people.officer)
    save(client, now_file, "C01", confirmed="on", **{"1a__level": "excellent"})
    assert now_file.results.get(criterion__code="C01").outcome == Outcome.MET


def test_taking_the_answers_back_leaves_nothing_to_confirm(
    now_file: Assessment, people: cast.People, sign_in
) -> None:
    carry(now_file, people, "C01")
    autosave(sign_in(people.officer), now_file, "C01", **{"1a__level": ""})
    stored = now_file.results.get(criterion__code="C01")
    assert (stored.outcome, stored.carried_from) == (Outcome.UNANSWERED, None)
    assert stored.reason == "Chưa có kết quả."


def test_what_was_written_this_round_is_never_overwritten(
    now_file: Assessment, people: cast.People
) -> None:
    cast.answer(now_file, "C02", by=people.officer, note="Của năm nay")
    filled = carry(now_file, people, "C01", "C02")
    assert [one.criterion.code for one in filled] == ["C01"]
    assert now_file.results.get(criterion__code="C02").note == "Của năm nay"
    with pytest.raises(NotReady):
        carry(now_file, people, "C01", "C02")


def test_a_criterion_with_nothing_but_a_note_is_not_blank(
    now_file: Assessment, people: cast.People, sign_in
) -> None:
    autosave(sign_in(people.officer), now_file, "C02", note="Đang tìm số liệu")
    with pytest.raises(NotReady):
        carry(now_file, people, "C02")


def test_an_indicator_that_asks_something_else_now_is_left_blank(
    now_file: Assessment, people: cast.People
) -> None:
    other = another_version(now_file, kept={"C02": "C02"})
    indicator = other.criteria.get(code="C02").indicators.get(code="2a")
    with cast.unfrozen():
        type(indicator).objects.filter(pk=indicator.pk).update(kind="count")
    fresh = Assessment.objects.with_places().get(pk=now_file.pk)
    carry(fresh, people, "C02")
    assert [one.indicator.code for one in fresh.answers.all()] == ["2b"]


def another_version(now_file: Assessment, *, kept: dict[str, str]) -> CriteriaSet:
    """A newer version with the same codes that this year's round pins; `kept` is its mapping."""
    former = now_file.round.criteria_set
    other = cast.make_criteria_set("TC-MOI")
    with cast.unfrozen():
        CriteriaSet.objects.filter(pk=other.pk).update(replaces=former)
        Correspondence.objects.bulk_create(
            Correspondence(
                criteria_set=other,
                former=former.criteria.get(code=old),
                current=other.criteria.get(code=new),
                relation=Relation.KEPT,
            )
            for old, new in kept.items()
        )
    type(now_file.round).objects.filter(pk=now_file.round_id).update(criteria_set=other)
    for result in now_file.results.all():
        result.criterion = other.criteria.get(code=result.criterion.code)
        result.save()
    return other


def test_the_same_code_in_another_version_is_not_the_same_criterion(
    now_file: Assessment, people: cast.People, sign_in
) -> None:
    another_version(now_file, kept={"C01": "C01"})
    fresh = Assessment.objects.with_places().get(pk=now_file.pk)
    with pytest.raises(NotReady, match=r"theo bộ tiêu chí khác \(TC-3\)"):
        carry(fresh, people, "C02")
    page = sign_in(people.officer).get(f"/phieu/{fresh.pk}/tieu-chi/C02/")
    assert page.status_code == 200
    assert "Kỳ 2023 (TC-3)" not in page.content.decode()
    carry(fresh, people, "C01")
    assert [one.indicator.code for one in fresh.answers.all()] == ["1a"]


def test_only_the_station_carries_and_only_while_it_may_edit(
    now_file: Assessment, assessment: Assessment, people: cast.People
) -> None:
    with pytest.raises(NotAllowed):
        carrying.carry_over(
            now_file, criteria_of(now_file, "C01"), by=people.other_commander, now=cast.NOW
        )
    cast.answer_all(now_file, by=people.officer)
    submitting.submit(now_file, by=people.commander, now=cast.NOW)
    with pytest.raises(NotReady):
        carry(now_file, people, "C01")
    # The first round has nothing before it.
    with pytest.raises(NotReady):
        carry(assessment, people, "C03")


def test_last_rounds_answers_stand_beside_this_rounds(
    now_file: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    page = text_of(client.get(url("criterion", now_file, "C02")))
    assert "Kỳ 2023: 2 vụ" in page
    assert "Ghi chú 2023" in page
    assert "Mang sang kỳ này" in page
    assert "Kỳ 2023" not in text_of(client.get(url("criterion", now_file, "C03")))
    response = client.post(url("carry_criterion", now_file, "C02"))
    assert response["Location"] == url("criterion", now_file, "C02")
    page = text_of(client.get(url("criterion", now_file, "C02")))
    assert "Chưa xác nhận" in page
    assert "Mang sang kỳ này" not in page


def test_all_blank_criteria_at_once_after_a_preview(
    now_file: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    page = text_of(client.get(url("assessment", now_file)))
    assert url("carry_all", now_file) in page
    assert "Tự đánh giá đạt <strong>1/3</strong> tiêu chí" in page
    response = client.get(url("carry_all", now_file))
    assert [one.offer.criterion.code for one in response.context["previews"]] == ["C01", "C02"]
    assert "2 vụ" in text_of(response)
    assert not now_file.answers.exists()
    response = client.post(url("carry_all", now_file), {"criteria": ["C01", "C02", "C99"]})
    assert response["Location"].endswith("?loc=chua-xac-nhan")
    response = client.get(response["Location"])
    shown = [row.criterion.code for group in response.context["groups"] for row in group.rows]
    assert shown == ["C01", "C02"]
    chips = {chip.label: chip.count for chip in response.context["chips"]}
    assert (chips["Chưa xác nhận"], chips["Chưa làm"]) == (2, 1)


def test_nothing_ticked_carries_nothing(now_file: Assessment, people: cast.People, sign_in) -> None:
    response = sign_in(people.officer).post(url("carry_all", now_file), {})
    assert response.status_code == 400
    assert [one.offer.criterion.code for one in response.context["previews"]] == ["C01", "C02"]
    assert not now_file.answers.exists()


def test_wf_08_a_form_opened_before_the_carrying_does_not_overwrite_it(
    now_file: Assessment, people: cast.People
) -> None:
    opened = version(now_file, "C01")
    carry(now_file, people, "C01")
    criterion = criteria_of(now_file, "C01")[0]
    with pytest.raises(answering.VersionConflict):
        answering.save_criterion(
            now_file, criterion, {}, note="", version=opened, by=people.commander, now=cast.NOW
        )
