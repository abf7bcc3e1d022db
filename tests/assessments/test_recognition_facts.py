"""Recognition as a dated fact: its term, its end, decisions of old, commendations beside it."""

from datetime import date, timedelta

import pytest

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Notice, Role
from assessments.actions import commending, opening, recognising, revoking, submitting
from assessments.models import Assessment, Commendation, Recognition
from assessments.recognition_terms import (
    RecognitionState,
    default_lapse,
    in_state,
    lapses_soon,
    lapsing_soon,
    state_on,
)
from criteria.models import Programme
from tests import cast
from wards.models import LegalDocument, Unit

DECIDED = date(2023, 6, 1)
DAY = timedelta(days=1)


def of_old(programme: Programme, unit: Unit, people: cast.People, **changes: object) -> Recognition:
    """A decision of 2023 on a unit without a file in the portal."""
    typed = {
        "for_year": 2023,
        "number": "12/QĐ-BCA",
        "decided_on": DECIDED,
        "issuer": "Bộ Công an",
        "by": people.coordinator,
        "now": cast.NOW,
        **changes,
    }
    return recognising.record_decision(programme, unit, **typed)  # type: ignore[arg-type]


def revoke(recognition: Recognition, people: cast.People, **changes: object) -> Recognition:
    typed = {
        "number": "77/QĐ-BCA",
        "decided_on": date(2023, 9, 1),
        "issuer": "Bộ Công an",
        "reason": "Để xảy ra vi phạm",
        "by": people.coordinator,
        "now": cast.NOW,
        **changes,
    }
    return revoking.revoke(recognition, **typed)  # type: ignore[arg-type]


@pytest.fixture
def old(programme: Programme, places: cast.Places, people: cast.People) -> Recognition:
    return of_old(programme, places.ward, people)


def test_without_a_rule_of_the_programme_it_is_in_force_until_revoked(old: Recognition) -> None:
    assert old.lapses_on is None
    assert state_on(old, date(2099, 1, 1)) == RecognitionState.IN_FORCE


def test_a_programme_that_recognises_again_sets_the_last_day(
    programme: Programme, assessment: Assessment, people: cast.People
) -> None:
    Programme.objects.update(recognition_years=2)
    assessment.round.programme.refresh_from_db()
    cast.recognise(assessment, people)
    found = Recognition.objects.get()
    assert found.lapses_on == date(2026, 1, 1), "in force to the end of the second year after"
    assert list(Recognition.objects.in_force_on(date(2025, 12, 31))) == [found]
    assert not Recognition.objects.in_force_on(date(2026, 1, 1)).exists()
    assert default_lapse(assessment.round.programme, 2030) == date(2033, 1, 1)


def test_a_person_may_enter_another_last_day(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    found = of_old(programme, places.ward, people, last_day=date(2024, 6, 30))
    assert found.lapses_on == date(2024, 7, 1)
    with pytest.raises(NotReady, match="ở trước ngày quyết định"):
        of_old(programme, places.other_ward, people, last_day=DECIDED - DAY)


def test_states_and_their_question_to_the_database_agree(
    old: Recognition, programme: Programme, places: cast.Places, people: cast.People
) -> None:
    revoke(old, people)
    of_old(programme, places.other_ward, people, last_day=date(2023, 12, 31))
    days = [
        DECIDED - DAY,
        DECIDED,
        date(2023, 8, 31),
        date(2023, 9, 1),
        date(2023, 12, 31),
        date(2024, 1, 1),
    ]
    for day in days:
        for state in RecognitionState:
            expected = {one for one in Recognition.objects.all() if state_on(one, day) == state}
            assert set(Recognition.objects.filter(in_state(state, day))) == expected
        in_force = set(Recognition.objects.in_force_on(day))
        assert set(Recognition.objects.filter(in_state(RecognitionState.IN_FORCE, day))) == in_force
        soon = {one for one in Recognition.objects.all() if lapses_soon(one, day)}
        assert set(Recognition.objects.filter(lapsing_soon(day))) == soon
    assert not lapses_soon(old, DECIDED)


def test_a_revocation_ends_it_from_its_day_on_and_is_told(
    old: Recognition, people: cast.People
) -> None:
    found = revoke(old, people)
    assert (found.revoked_on, found.revocation_reason) == (date(2023, 9, 1), "Để xảy ra vi phạm")
    assert found.revoking_document is not None
    assert found.revoking_document.number == "77/QĐ-BCA"
    assert Recognition.objects.in_force_on(date(2023, 8, 31)).exists()
    assert not Recognition.objects.in_force_on(date(2023, 9, 1)).exists()
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.event, entry.details["decision"]) == ("recognition_revoked", "77/QĐ-BCA")
    told = Notice.objects.filter(event="recognition_revoked")
    assert {one.recipient for one in told} == {people.commander, people.leader}
    assert f"/cong-nhan/{found.pk}/" in {one.path for one in told}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": "  "}, "Cần nêu lý do"),
        ({"decided_on": cast.DAY + DAY}, "sau ngày hôm nay"),
        ({"decided_on": DECIDED - DAY}, "trước ngày công nhận"),
        ({"number": "12/QĐ-BCA", "decided_on": DECIDED}, "là quyết định công nhận"),
    ],
)
def test_a_bad_revocation_is_refused(
    old: Recognition, people: cast.People, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(NotReady, match=sentence):
        revoke(old, people, **changes)
    old.refresh_from_db()
    assert old.revoked_on is None
    assert not LegalDocument.objects.filter(number="77/QĐ-BCA").exists()


def test_it_is_revoked_once(old: Recognition, people: cast.People) -> None:
    revoke(old, people)
    with pytest.raises(NotReady, match="từ ngày 01/09/2023 theo 77/QĐ-BCA"):
        revoke(old, people, number="78/QĐ-BCA")


def test_what_has_lapsed_is_not_revoked(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    lapsed = of_old(programme, places.ward, people, last_day=date(2023, 8, 31))
    with pytest.raises(NotReady, match="đã hết hạn sau ngày 31/08/2023"):
        revoke(lapsed, people)
    lapsed.refresh_from_db()
    assert lapsed.revoked_on is None


def test_only_a_coordinator_of_the_province_records_and_ends(
    old: Recognition, programme: Programme, places: cast.Places, people: cast.People
) -> None:
    far = cast.person("xa", "Mai Ở Xa", Role.COORDINATOR, province=places.elsewhere)
    for stranger in (people.commander, people.reviewer, people.leader, far):
        with pytest.raises(NotAllowed):
            revoke(old, people, by=stranger)
        with pytest.raises(NotAllowed):
            of_old(programme, places.other_ward, people, by=stranger)


def test_a_wrong_term_is_put_right_with_a_reason(old: Recognition, people: cast.People) -> None:
    def correct(last_day: date | None, seen: date | None, reason: str = "Gõ nhầm") -> Recognition:
        return revoking.correct_term(
            old, last_day=last_day, seen=seen, reason=reason, by=people.coordinator, now=cast.NOW
        )

    with pytest.raises(NotReady, match="Cần nêu lý do"):
        correct(date(2025, 12, 31), None, " ")
    with pytest.raises(NotReady, match="trùng với thời hạn"):
        correct(None, None)
    with pytest.raises(NotReady, match="trước ngày quyết định"):
        correct(DECIDED - DAY, None)
    assert correct(date(2025, 12, 31), None).lapses_on == date(2026, 1, 1)
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.details["before"], entry.details["lapses_on"]) == ("", "2026-01-01")
    with pytest.raises(NotReady, match="vừa được sửa ở nơi khác"):
        correct(date(2024, 12, 31), None)
    assert correct(None, date(2026, 1, 1)).lapses_on is None
    revoke(old, people)
    with pytest.raises(NotReady, match="đã được ghi nhận hủy"):
        correct(date(2024, 12, 31), None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"decided_on": cast.DAY + DAY}, "sau ngày hôm nay"),
        ({"for_year": 2022}, "ngoài thời gian của chương trình"),
        ({"for_year": 2024}, "không thể công nhận kết quả năm 2024"),
    ],
)
def test_a_bad_decision_of_old_is_refused(
    programme: Programme,
    places: cast.Places,
    people: cast.People,
    changes: dict[str, object],
    sentence: str,
) -> None:
    with pytest.raises(NotReady, match=sentence):
        of_old(programme, places.ward, people, **changes)
    assert not Recognition.objects.exists()


def test_a_unit_that_the_programme_does_not_concern_is_refused(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    other = Unit.objects.create(code="1", name="Xã Xa", kind="commune", province=places.province)
    with pytest.raises(NotReady, match="không thuộc phạm vi chương trình"):
        of_old(programme, other, people)
    Unit.objects.filter(pk=places.ward.pk).update(valid_to=DECIDED - DAY)
    with pytest.raises(NotReady, match="không có hiệu lực ngày 01/06/2023"):
        of_old(programme, places.ward, people)


def test_a_file_worked_on_here_is_recognised_by_its_own_road(
    assessment: Assessment, people: cast.People
) -> None:
    cast.answer_all(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    with pytest.raises(NotReady, match="có phiếu năm 2023 trên hệ thống"):
        of_old(assessment.round.programme, assessment.unit, people)


def test_a_decision_of_old_is_recorded_once_per_year(old: Recognition, people: cast.People) -> None:
    assert old.assessment is None
    assert AuditEntry.objects.latest("sequence").event == "recognition_recorded"
    with pytest.raises(NotReady, match="đã có quyết định công nhận cho năm 2023"):
        of_old(old.programme, old.unit, people, number="13/QĐ-BCA")


def test_a_unit_recognised_before_goes_the_whole_road_again(
    assessment: Assessment, people: cast.People
) -> None:
    programme = assessment.round.programme
    cast.recognise(assessment, people)
    later = cast.NOW.replace(year=2025)
    round_ = opening.open_round(programme, 2025, by=None, now=later, deadline=cast.FAR_DEADLINE)
    again = Assessment.objects.with_places().get(round=round_, unit=assessment.unit)
    LegalDocument.objects.filter(number="99/QĐ-BCA").update(number="98/QĐ-BCA")
    cast.recognise(again, people, now=later)
    years = Recognition.objects.filter(unit=assessment.unit).order_by("for_year")
    assert [one.for_year for one in years] == [2023, 2025]


def merit(programme: Programme, unit: Unit, people: cast.People, **changes: object) -> Commendation:
    typed = {
        "form": "Bằng khen của Bộ trưởng",
        "number": "5/QĐ-BCA",
        "decided_on": DECIDED,
        "issuer": "Bộ Công an",
        "for_year": 2022,
        "by": people.coordinator,
        "now": cast.NOW,
        **changes,
    }
    return commending.commend(programme, unit, **typed)  # type: ignore[arg-type]


def test_commendations_stand_beside_and_are_never_recognitions(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    merit(programme, places.ward, people)
    merit(programme, places.ward, people, form="Cờ thi đua")
    merit(programme, places.ward, people, number="6/QĐ-BCA")
    assert Commendation.objects.count() == 3
    assert not Recognition.objects.exists()
    with pytest.raises(NotReady, match="đã được ghi cho"):
        merit(programme, places.ward, people, form="  Bằng khen  của Bộ trưởng ")
    with pytest.raises(NotReady, match="không thể khen thưởng thành tích năm 2024"):
        merit(programme, places.ward, people, number="7/QĐ", for_year=2024)
    with pytest.raises(NotReady, match="hình thức"):
        merit(programme, places.ward, people, form=" ")
    with pytest.raises(NotAllowed):
        merit(programme, places.ward, people, by=people.leader)


def test_a_commendation_entered_by_mistake_goes_with_a_reason_and_a_trace(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    found = merit(programme, places.ward, people)
    with pytest.raises(NotReady, match="lý do"):
        commending.remove(found, reason=" ", by=people.coordinator, now=cast.NOW)
    copy = Commendation.objects.get()
    commending.remove(found, reason="Nhầm phường", by=people.coordinator, now=cast.NOW)
    assert not Commendation.objects.exists()
    entry = AuditEntry.objects.latest("sequence")
    assert entry.event == "commendation_removed"
    assert (entry.details["form"], entry.details["reason"]) == (
        "Bằng khen của Bộ trưởng",
        "Nhầm phường",
    )
    with pytest.raises(NotReady, match="vừa được gỡ ở nơi khác"):
        commending.remove(copy, reason="Nhầm phường", by=people.coordinator, now=cast.NOW)
