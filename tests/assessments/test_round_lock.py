"""Closing the figures of a round: afterwards nothing changes, and two people open it again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Role, User
from assessments.actions import (
    appealing,
    locking,
    opening,
    recognising,
    reviewing,
    submitting,
)
from assessments.models import Assessment, Evidence, RoundLock
from assessments.readiness import RoundClosed
from assessments.workflow import Status
from criteria.models import Round
from tests import cast
from tests.assessments.station import send_back, submit_all, text_of, url
from tests.assessments.test_races import at_once, fresh
from tests.house.test_access import checksum

SENTENCE = "Số liệu năm 2023 đã chốt lúc 09:00 ngày 10/11/2023; mọi thay đổi bị từ chối."


def close(round_: Round, people: cast.People) -> RoundLock:
    return locking.close_round(round_, by=people.coordinator, now=cast.NOW)


@dataclass(frozen=True)
class Write:
    """One write through a page: who sends what where, after the file was brought to a stage."""

    name: str
    who: str
    stage: Callable[[Assessment, cast.People], object]
    data: Callable[[Assessment], dict[str, Any]] = field(default=lambda file: {})
    code: str = ""


def draft(file: Assessment, people: cast.People) -> None:
    cast.answer_all(file, by=people.officer)


def under_review(file: Assessment, people: cast.People) -> None:
    submit_all(file, people)
    reviewing.claim(file, by=people.reviewer, now=cast.NOW)


def reviewed(file: Assessment, people: cast.People) -> None:
    submit_all(file, people)
    cast.accept_all(file, by=people.reviewer)


def to_return(file: Assessment, people: cast.People) -> None:
    reviewed(file, people)
    reviewing.save_verdict(
        file,
        file.round.criteria_set.criteria.get(code="C03"),
        decision="more",
        comment="Thiếu báo cáo",
        version=1,
        by=people.reviewer,
        now=cast.NOW,
    )


def verified(file: Assessment, people: cast.People) -> None:
    reviewed(file, people)
    reviewing.conclude(file, comment="", by=people.reviewer, now=cast.NOW)


def criterion_form(file: Assessment) -> dict[str, Any]:
    return {
        "version": file.results.get(criterion__code="C03").version,
        "note": "sửa sau khi chốt",
        "explanation": "",
        "action": "save",
        "3a-state": "given",
        "3a-numerator": "7",
        "3a-denominator": "10",
    }


WRITES = [
    Write("criterion", "officer", draft, criterion_form, "C03"),
    Write("criterion_autosave", "officer", draft, criterion_form, "C03"),
    Write(
        "submit",
        "commander",
        draft,
        lambda file: {"declared": "on", "confirmed": "on", "number": "1"},
    ),
    Write("withdraw", "commander", submit_all),
    Write("review_claim", "reviewer", submit_all),
    Write("review_release", "reviewer", under_review),
    Write(
        "review_criterion",
        "reviewer",
        under_review,
        lambda file: {"decision": "accept", "comment": "", "version": "0", "submission": "1"},
        "C01",
    ),
    Write(
        "review_accept",
        "reviewer",
        under_review,
        lambda file: {"criterion": ["C01", "C02"], "submission": "1"},
    ),
    Write("review_return", "reviewer", to_return, lambda file: {"comment": "", "submission": "1"}),
    Write("review_conclude", "reviewer", reviewed, lambda file: {"comment": "", "submission": "1"}),
    Write("reopen", "coordinator", verified, lambda file: {"comment": "Xem lại"}),
    Write(
        "assign_criteria",
        "commander",
        draft,
        lambda file: {
            "criteria": ["C01"],
            "person": str(User.objects.get(username="minh").pk),
        },
    ),
]


def send(write: Write, file: Assessment, client: Client) -> Any:
    arguments = [file.pk, write.code] if write.code else [file.pk]
    return client.post(reverse(write.name, args=arguments), write.data(file))


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
def test_wf_03_what_was_a_change_is_refused_once_the_round_is_closed(
    write: Write, assessment: Assessment, people: cast.People, sign_in: Any
) -> None:
    """The same request changes something while the round is open, and nothing afterwards."""
    write.stage(assessment, people)
    client = sign_in(getattr(people, write.who))
    before = checksum()
    with transaction.atomic():
        send(write, assessment, client)
        assert checksum() != before, "the request does nothing even while the round is open"
        transaction.set_rollback(True)
    assert checksum() == before
    close(assessment.round, people)
    before = checksum()
    response = send(write, assessment, client)
    assert checksum() == before
    page = text_of(response if response.status_code != 302 else client.get(response["Location"]))
    assert SENTENCE in page
    assert response.status_code in {409, 302}


@pytest.mark.parametrize("name", ["submit", "withdraw", "criterion"])
def test_wf_03_the_stations_pages_answer_409(
    assessment: Assessment, people: cast.People, sign_in: Any, name: str
) -> None:
    write = next(one for one in WRITES if one.name == name)
    write.stage(assessment, people)
    close(assessment.round, people)
    response = send(write, assessment, sign_in(getattr(people, write.who)))
    assert response.status_code == 409


def test_wf_03_an_extension_answers_409(
    assessment: Assessment, people: cast.People, sign_in: Any
) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(due_at=cast.NOW)
    close(assessment.round, people)
    until = timezone.localdate() + timedelta(days=3)
    response = sign_in(people.coordinator).post(
        reverse("extend_deadline", args=[assessment.round_id]),
        {
            "phieu": str(assessment.pk),
            "until": until.isoformat(),
            "reason": "Bão",
            "approver": "Đồng chí Quang",
        },
    )
    assert response.status_code == 409
    assert SENTENCE in text_of(response)


STAYS_POSSIBLE = {
    # Later legal facts, and what changes no figure of the round.
    "propose",
    "withdraw_proposal",
    "recognise",
    "decline",
    "remedy_add",
    "remedy",
    "remedy_state",
    "second_review",
    # The way to open it again.
    "ask_to_unlock",
    "confirm_unlock",
    "withdraw_unlock_request",
    # Other things than the round.
    "open_round",
    "request_report",
    "issue_report",
    "report_again",
    "mail_again",
    "notice",
    "notices_read",
    "read_notices",
    "account_change_password",
    "account_reauthenticate",
    "account_logout",
}


def assessments_addresses() -> list[tuple[str, tuple[str, ...]]]:
    """Every address of this floor with the names of its arguments."""
    found = []
    for resolver in get_resolver().url_patterns:
        for pattern in getattr(resolver, "url_patterns", []):
            view = getattr(pattern, "callback", None)
            if view is not None and view.__module__.startswith("assessments."):
                found.append((pattern.name, tuple(pattern.pattern.regex.groupindex)))
    return found


@pytest.mark.parametrize("stage", [draft, to_return, verified])
def test_wf_03_no_address_changes_a_closed_round_whoever_asks(
    assessment: Assessment,
    people: cast.People,
    client: Client,
    stage: Callable[[Assessment, cast.People], object],
) -> None:
    """Every address × everyone who works with the file, with the bodies of the table above."""
    stage(assessment, people)
    close(assessment.round, people)
    bodies: dict[str, Any] = {}
    for write in WRITES:
        bodies |= write.data(assessment)
    known = {
        "pk": assessment.pk,
        "code": "C03",
        "number": 1,
        "attachment_pk": assessment.attachments.all()[0].pk,
    }
    evidence = Evidence.objects.all()[0].pk
    before = checksum()
    tried, changed = 0, []
    for name, arguments in assessments_addresses():
        if name in STAYS_POSSIBLE or not set(arguments) <= set(known):
            continue
        values = {argument: known[argument] for argument in arguments}
        if name in {"round", "extend_deadline", "close_round"}:
            values["pk"] = assessment.round_id
        elif name.startswith("evidence_") and set(arguments) == {"pk"}:
            values["pk"] = evidence
        try:
            address = reverse(name, kwargs=values)
        except NoReverseMatch:
            # What is known by a number: there is none of it beside this file.
            address = reverse(name, kwargs={**values, "pk": 1})
        for who in ("commander", "officer", "reviewer", "second_reviewer", "coordinator", "leader"):
            client.force_login(getattr(people, who))
            tried += 1
            if client.post(address, bodies).status_code >= 500:
                changed.append((name, who))
        if (now := checksum()) != before:
            changed.append((name, "changed something"))
            before = now
    assert tried > 100
    assert changed == []


def test_what_follows_a_conclusion_stays_possible(
    assessment: Assessment, people: cast.People
) -> None:
    """Recognition is a later legal fact: it is no change of the round's figures."""
    verified(assessment, people)
    close(assessment.round, people)
    recognising.propose(assessment, by=people.coordinator, now=cast.NOW)
    recognising.withdraw_proposal(
        assessment, comment="Nhầm đơn vị", by=people.coordinator, now=cast.NOW
    )
    recognising.propose(assessment, by=people.coordinator, now=cast.NOW)
    recognising.recognise(
        assessment,
        number="99/QĐ-BCA",
        decided_on=cast.DAY,
        issuer="Bộ Công an",
        by=people.coordinator,
        now=cast.NOW,
    )
    assert assessment.status == Status.RECOGNISED


def test_contesting_a_verdict_changes_figures_and_is_refused(
    assessment: Assessment, people: cast.People
) -> None:
    to_return(assessment, people)
    criterion = assessment.round.criteria_set.criteria.get(code="C03")
    reviewing.save_verdict(
        assessment,
        criterion,
        decision="adjust",
        outcome="not_met",
        comment="Chưa đủ",
        version=2,
        by=people.reviewer,
        now=cast.NOW,
    )
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    close(assessment.round, people)
    with pytest.raises(RoundClosed):
        appealing.file_appeal(
            assessment, criterion, text="Đã có báo cáo", by=people.commander, now=cast.NOW
        )


def test_a_unit_is_not_added_to_a_closed_round(
    assessment: Assessment, people: cast.People, places: cast.Places
) -> None:
    close(assessment.round, people)
    programme = assessment.round.programme
    assert opening.open_round(programme, 2023, by=None, now=cast.NOW) == assessment.round
    late = type(places.ward).objects.create(
        code="29247", name="Phường 3", kind="ward", province=places.province, district=places.city
    )
    programme.roster.add(late)
    with pytest.raises(RoundClosed):
        opening.open_round(programme, 2023, by=people.coordinator, now=cast.NOW)
    assert assessment.round.assessments.count() == 2


def test_closing_counts_the_files_and_is_done_once(
    round_: Round, assessment: Assessment, people: cast.People
) -> None:
    submit_all(assessment, people)
    lock = close(round_, people)
    entry = AuditEntry.objects.get(event="round_locked")
    assert entry.details["files"] == {"not_started": 1, "submitted": 1}
    with pytest.raises(RoundClosed) as refusal:
        close(round_, people)
    assert refusal.value.sentence == SENTENCE
    assert RoundLock.objects.get() == lock
    for stranger in (people.reviewer, people.leader, people.commander, people.ministry_viewer):
        with pytest.raises(NotAllowed):
            locking.close_round(round_, by=stranger, now=cast.NOW)


@pytest.mark.parametrize("second", ["leader", "colleague"])
def test_two_people_open_it_again(
    round_: Round,
    assessment: Assessment,
    people: cast.People,
    places: cast.Places,
    second: str,
) -> None:
    colleague = cast.person("ha", "Lưu Thị Hà", Role.COORDINATOR, province=places.province)
    confirming = people.leader if second == "leader" else colleague
    draft(assessment, people)
    close(round_, people)
    with pytest.raises(NotReady, match="Chưa có ai đề nghị"):
        locking.confirm_unlock(round_, by=confirming, now=cast.NOW)
    with pytest.raises(NotReady, match="Cần nêu lý do"):
        locking.request_unlock(round_, reason=" ", by=people.coordinator, now=cast.NOW)
    locking.request_unlock(
        round_, reason="Sai số liệu Phường 2", by=people.coordinator, now=cast.NOW
    )
    with pytest.raises(NotReady, match="Đặng Tiến Dũng đã đề nghị"):
        locking.request_unlock(round_, reason="Tôi cũng thấy", by=colleague, now=cast.NOW)
    with pytest.raises(NotReady, match="không tự xác nhận"):
        locking.confirm_unlock(round_, by=people.coordinator, now=cast.NOW)
    for stranger in (people.reviewer, people.commander, people.ministry_viewer):
        with pytest.raises(NotAllowed):
            locking.confirm_unlock(round_, by=stranger, now=cast.NOW)
    with pytest.raises(RoundClosed):
        submitting.submit(assessment, by=people.commander, now=cast.NOW)

    locking.confirm_unlock(round_, by=confirming, now=cast.NOW)
    lock = RoundLock.objects.get()
    assert (lock.requested_by, lock.unlocked_by) == (people.coordinator, confirming)
    assert lock.unlock_reason == "Sai số liệu Phường 2"
    events = AuditEntry.objects.filter(event__startswith="round_").values_list("event", flat=True)
    assert set(events) >= {"round_locked", "round_unlock_requested", "round_unlocked"}
    assert audit.first_broken() is None
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    with pytest.raises(NotReady, match="đang mở"):
        locking.confirm_unlock(round_, by=confirming, now=cast.NOW)
    close(round_, people)
    assert RoundLock.objects.count() == 2


def ask(round_: Round, people: cast.People, reason: str = "Sai số liệu Phường 2") -> RoundLock:
    return locking.request_unlock(round_, reason=reason, by=people.coordinator, now=cast.NOW)


def test_who_asked_to_open_it_again_takes_the_request_back(
    round_: Round, assessment: Assessment, people: cast.People
) -> None:
    close(round_, people)
    ask(round_, people)
    lock = locking.withdraw_unlock_request(round_, by=people.coordinator, now=cast.NOW)
    assert (lock.requested_at, lock.requested_by, lock.unlock_reason) == (None, None, "")
    assert lock.unlocked_at is None
    entry = AuditEntry.objects.get(event="round_unlock_request_withdrawn")
    assert entry.details["reason"] == "Sai số liệu Phường 2"
    assert audit.first_broken() is None
    with pytest.raises(NotReady, match="Chưa có ai đề nghị"):
        locking.confirm_unlock(round_, by=people.leader, now=cast.NOW)
    # The figures stay closed, and whoever has a better reason asks anew.
    assert ask(round_, people, "Thiếu báo cáo tháng 11").requested_by == people.coordinator


def test_nobody_takes_back_the_request_of_another_one(
    round_: Round, people: cast.People, places: cast.Places
) -> None:
    colleague = cast.person("ha", "Lưu Thị Hà", Role.COORDINATOR, province=places.province)
    close(round_, people)
    ask(round_, people)
    with pytest.raises(NotReady, match="Chỉ người đề nghị"):
        locking.withdraw_unlock_request(round_, by=colleague, now=cast.NOW)
    for stranger in (people.leader, people.reviewer, people.commander, people.ministry_viewer):
        with pytest.raises(NotAllowed):
            locking.withdraw_unlock_request(round_, by=stranger, now=cast.NOW)
    assert RoundLock.objects.get().requested_by == people.coordinator
    assert not AuditEntry.objects.filter(event="round_unlock_request_withdrawn").exists()


def test_there_is_no_request_to_take_back_before_one_and_after_the_figures_were_opened(
    round_: Round, people: cast.People
) -> None:
    with pytest.raises(NotReady, match="đang mở"):
        locking.withdraw_unlock_request(round_, by=people.coordinator, now=cast.NOW)
    close(round_, people)
    with pytest.raises(NotReady, match="Chưa có ai đề nghị"):
        locking.withdraw_unlock_request(round_, by=people.coordinator, now=cast.NOW)
    ask(round_, people)
    locking.confirm_unlock(round_, by=people.leader, now=cast.NOW)
    with pytest.raises(NotReady, match="đang mở"):
        locking.withdraw_unlock_request(round_, by=people.coordinator, now=cast.NOW)
    assert RoundLock.objects.get().unlock_reason == "Sai số liệu Phường 2"


def test_a_request_taken_back_while_it_is_confirmed_opens_nothing(
    round_: Round, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second person's read is older than the withdrawal."""
    close(round_, people)
    read = ask(round_, people)
    locking.withdraw_unlock_request(round_, by=people.coordinator, now=cast.NOW)
    monkeypatch.setattr(locking, "round_lock", lambda round_: read)
    with pytest.raises(NotReady, match="vừa được rút"):
        locking.confirm_unlock(round_, by=people.leader, now=cast.NOW)
    assert RoundLock.objects.get().unlocked_at is None


def test_the_page_of_the_round_takes_the_request_back_for_the_one_who_asked(
    round_: Round, assessment: Assessment, people: cast.People, sign_in: Any
) -> None:
    close(round_, people)
    ask(round_, people)
    page, act = (reverse(name, args=[round_.pk]) for name in ("round", "withdraw_unlock_request"))
    assert f'action="{act}"' not in sign_in(people.leader).get(page).content.decode()
    client = sign_in(people.coordinator)
    assert f'action="{act}"' in client.get(page).content.decode()
    assert client.get(act)["Location"] == page
    assert RoundLock.objects.get().requested_by == people.coordinator
    answer = client.post(act, follow=True)
    assert "Đã rút đề nghị mở lại. Số liệu vẫn khóa." in text_of(answer)
    assert f'action="{act}"' not in answer.content.decode()
    again = client.post(act)
    assert again.status_code == 409
    assert locking.NOT_ASKED in text_of(again)


def test_the_database_itself_wants_a_second_person(round_: Round, people: cast.People) -> None:
    lock = close(round_, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundLock.objects.filter(pk=lock.pk).update(
            requested_at=cast.NOW,
            requested_by=people.coordinator,
            unlocked_at=cast.NOW,
            unlocked_by=people.coordinator,
        )


def test_the_whole_way_through_the_pages(
    round_: Round, assessment: Assessment, people: cast.People, sign_in: Any
) -> None:
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    coordinator = sign_in(people.coordinator)
    page = text_of(coordinator.get(reverse("close_round", args=[round_.pk])))
    assert "2 phiếu chưa nộp hoặc đang bị trả lại" in page
    assert "một người thứ hai" in page
    page = text_of(coordinator.post(reverse("close_round", args=[round_.pk]), follow=True))
    assert "Số liệu năm 2023 đã chốt" in page
    assert "Gia hạn cho đơn vị đã đánh dấu" not in page
    # A second press finds what the first one did.
    assert coordinator.post(reverse("close_round", args=[round_.pk])).status_code == 302
    asking = reverse("ask_to_unlock", args=[round_.pk])
    assert coordinator.post(asking, {"reason": ""}).status_code == 400
    page = text_of(coordinator.post(asking, {"reason": "Sai số liệu"}, follow=True))
    assert "Đang chờ một cán bộ tổng hợp khác hoặc lãnh đạo xác nhận." in page
    again = coordinator.post(asking, {"reason": "Lần nữa"})
    assert again.status_code == 409
    assert "Lần nữa" in text_of(again)
    confirming = reverse("confirm_unlock", args=[round_.pk])
    assert coordinator.post(confirming).status_code == 409

    commander = sign_in(people.commander)
    page = text_of(commander.get(url("assessment", assessment)))
    assert "mọi thay đổi bị từ chối" in page
    assert commander.get(confirming).status_code == 403

    leader = sign_in(people.leader)
    assert "Xem xét đề nghị mở lại" in text_of(leader.get(reverse("round", args=[round_.pk])))
    assert "Sai số liệu" in text_of(leader.get(confirming))
    page = text_of(leader.post(confirming, follow=True))
    assert "Đã mở lại số liệu năm 2023." in page
    assert not RoundLock.objects.filter(unlocked_at__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
def test_wf_03_closing_and_handing_in_at_the_same_instant(
    assessment: Assessment, people: cast.People
) -> None:
    """One order only: what closing counted is what stands, however close the two were."""
    cast.answer_all(assessment, by=people.officer)
    for number in range(6):
        at_once(
            [
                partial(submitting.submit, fresh(assessment), by=people.commander, now=cast.NOW),
                partial(
                    locking.close_round,
                    Round.objects.select_related("programme__province").get(pk=assessment.round_id),
                    by=people.coordinator,
                    now=cast.NOW,
                ),
            ]
        )
        counted = AuditEntry.objects.filter(event="round_locked").latest("sequence")
        now = fresh(assessment)
        assert counted.details["files"].get(now.status, 0) >= 1, number
        assert now.submissions.count() == now.submissions_made
        locking.request_unlock(now.round, reason="thử", by=people.coordinator, now=cast.NOW)
        locking.confirm_unlock(now.round, by=people.leader, now=cast.NOW)
        if now.status == Status.SUBMITTED:
            submitting.withdraw(now, by=people.commander, now=cast.NOW)
    assert audit.first_broken() is None
