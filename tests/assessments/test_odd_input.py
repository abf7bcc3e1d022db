"""What no browser sends, and what comes too late: refused with a sentence, never an error page."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from assessments.actions import reviewing
from assessments.actions.locking import close_round
from assessments.models import Assessment
from assessments.views.station_page import StationPage
from assessments.views.station_receipt import place_in_queue
from tests import cast
from tests.assessments.station import before_the_deadline, submit_all, text_of, url
from tests.assessments.workbook import (
    edited,
    latest,
    made,
    packed,
    page_of,
    parts_of,
    send,
    state_of,
    write,
)

pytestmark = pytest.mark.django_db

NUL = "C01\x00"
CLOSED = "mọi thay đổi bị từ chối"


@pytest.mark.parametrize(("address", "status"), [("assign_criteria", 400), ("carry_all", 409)])
def test_a_ticked_code_with_a_nul_names_no_criterion(
    address: str, status: int, sign_in: Any, people: cast.People, assessment: Assessment
) -> None:
    before_the_deadline(assessment)
    typed = {"criteria": [NUL], "person": str(people.officer.pk)}
    response = sign_in(people.commander).post(url(address, assessment), typed)
    assert response.status_code == status
    assert assessment.results.filter(assigned_to__isnull=False).count() == 0


def test_a_claim_on_the_way_to_a_code_with_a_nul_opens_the_file(
    sign_in: Any, people: cast.People, assessment: Assessment
) -> None:
    submit_all(assessment, people)
    response = sign_in(people.reviewer).post(url("review_claim", assessment), {"then": NUL})
    assert response.url == url("review", assessment)


@pytest.mark.parametrize("address", ["assign_criteria", "carry_all", "carry_criterion"])
def test_wf_11_a_closed_round_refuses_assigning_and_carrying_with_409_and_one_record(
    address: str, sign_in: Any, people: cast.People, assessment: Assessment
) -> None:
    before_the_deadline(assessment)
    close_round(assessment.round, by=people.coordinator, now=cast.NOW)
    more = ["C01"] if address == "carry_criterion" else []
    typed = {"criteria": ["C01"], "from": "C01", "person": str(people.officer.pk)}
    response = sign_in(people.commander).post(url(address, assessment, *more), typed)
    assert response.status_code == 409
    assert CLOSED in text_of(response)
    assert AuditEntry.objects.filter(event="refused").count() == 1


def test_wf_11_a_closed_round_refuses_a_claim_with_409_and_one_record(
    sign_in: Any, people: cast.People, assessment: Assessment
) -> None:
    submit_all(assessment, people)
    close_round(assessment.round, by=people.coordinator, now=cast.NOW)
    response = sign_in(people.reviewer).post(url("review_claim", assessment))
    assert response.status_code == 409
    assert CLOSED in text_of(response)
    assert AuditEntry.objects.filter(event="refused").count() == 1


def test_a_receipt_opened_while_the_file_is_taken_up_is_shown(
    rf: Any, people: cast.People, assessment: Assessment
) -> None:
    submit_all(assessment, people)
    request = rf.get(reverse("receipt", args=[assessment.pk]))
    request.user = people.commander
    page = StationPage(request, assessment.pk)
    assert place_in_queue(page) == 1
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    assert place_in_queue(page) == 0


@pytest.mark.parametrize("spelled", ["_x0000_", "_xD800_", "_xdfff_"])
@pytest.mark.parametrize("key", ["note", "decision"])
def test_px_07_characters_no_text_can_hold_stay_as_the_workbook_spells_them(
    spelled: str, key: str, sign_in: Any, people: cast.People, assessment: Assessment
) -> None:
    client = sign_in(people.commander)
    response = send(client, assessment, spelled_out(assessment, spelled, key))
    assert response.status_code == 302
    assert f"Nội {spelled} dung" in text_of(client.get(response.url))


@pytest.mark.parametrize(("spelled", "key"), [("_x0007_", "note"), ("_x0000_", "number")])
def test_px_07_a_fault_at_a_spelled_out_character_is_told_and_handed_back(
    spelled: str, key: str, sign_in: Any, people: cast.People, assessment: Assessment
) -> None:
    client = sign_in(people.commander)
    before = state_of(assessment)
    response = send(client, assessment, spelled_out(assessment, spelled, key))
    assert response.status_code == 400
    assert client.get(page_of(latest(), "workbook_marked")).status_code == 200
    assert state_of(assessment) == before


def spelled_out(assessment: Assessment, spelled: str, key: str) -> bytes:
    """A workbook with a character in an entry cell as the format spells what XML cannot hold."""
    place = {"note": ("C02", ""), "decision": ("C01", "1a"), "number": ("C02", "2b")}[key]
    content = edited(made(assessment), write(assessment, key, "MARKER", *place))
    typed = f"Nội {spelled} dung".encode()
    return packed(
        {name: part.replace(b"MARKER", typed) for name, part in parts_of(content).items()}
    )
