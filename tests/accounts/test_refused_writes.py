"""One audit entry for each refused write, whichever way it was refused."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import audit, errors
from accounts.access import NotAllowed, NotReady
from accounts.middleware import RefusalMiddleware
from accounts.models import AuditEntry, User
from assessments.actions import submitting
from assessments.models import Assessment
from tests import cast

SignIn = Callable[[User], Client]
TYPED = "chữ người dùng đã gõ"


def refused() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(event="refused").order_by("sequence"))


def answer(user: User, act: Callable[[HttpRequest], HttpResponse], method: str = "post") -> int:
    """What the middleware does around a view that answers like this."""
    request = getattr(RequestFactory(), method)("/phieu/x/nop/", {"note": TYPED})
    request.user = user
    return RefusalMiddleware(act)(request).status_code


def shown(sentence: str, status: int) -> Callable[[HttpRequest], HttpResponse]:
    """A view that catches a refusal and shows it, with another one on a disabled button."""

    def view(request: HttpRequest) -> HttpResponse:
        try:
            with transaction.atomic():
                User.objects.update(full_name="bị hoàn lại")
                raise NotReady(sentence)
        except NotReady as refusal:
            NotAllowed("câu của một nút")
            return HttpResponse(refusal.sentence, status=status)

    return view


def test_a_conflict_is_recorded_with_the_sentence_the_person_read(people: cast.People) -> None:
    assert answer(people.commander, shown("Đã có người sửa trước.", 409)) == 409
    entry = refused()[0]
    assert entry.details == {"path": "/phieu/x/nop/", "sentence": "Đã có người sửa trước."}
    assert entry.actor_id == people.commander.pk
    people.commander.refresh_from_db()
    assert people.commander.full_name == "Nguyễn Thị Lan"
    assert audit.first_broken() is None


def test_what_was_typed_is_never_recorded(people: cast.People) -> None:
    answer(people.commander, shown("Không được.", 409))
    assert TYPED not in str(refused()[0].details)


@pytest.mark.parametrize("status", [200, 302, 400, 404, 405, 503])
def test_only_refusals_are_recorded(people: cast.People, status: int) -> None:
    answer(people.commander, shown("Không được.", status))
    assert refused() == []


def test_reading_is_never_recorded(people: cast.People) -> None:
    answer(people.commander, shown("Không được.", 409), method="get")
    assert refused() == []


def test_each_request_has_its_own_sentences(people: cast.People) -> None:
    answer(people.commander, shown("Câu một.", 409))
    answer(people.commander, shown("Câu hai.", 409))
    answer(people.commander, lambda request: HttpResponse(status=409))
    assert [entry.details["sentence"] for entry in refused()] == ["Câu một.", "Câu hai.", ""]


def test_a_forbidden_write_is_recorded_once(people: cast.People, sign_in: SignIn) -> None:
    response = sign_in(people.leader).post(reverse("notices"))
    assert response.status_code == 405
    assert refused() == []
    assert sign_in(people.commander).post(reverse("mail")).status_code == 403
    assert [entry.details["sentence"] for entry in refused()] == [errors.FORBIDDEN]


def test_a_stale_form_is_recorded_once(people: cast.People) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.commander)
    assert client.post("/thong-bao/da-doc/", {"note": TYPED}).status_code == 403
    assert [entry.details["sentence"] for entry in refused()] == [errors.STALE_FORM]


def test_strangers_leave_no_entry(client: Client, db: None) -> None:
    assert client.post("/thong-bao/da-doc/").status_code == 302
    assert refused() == []


def test_wf_01_a_write_after_submission_leaves_one_entry(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    client = sign_in(people.commander)
    url = reverse("criterion", args=[assessment.pk, "C01"])
    version = assessment.results.get(criterion__code="C01").version
    response = client.post(url, {"version": version, "note": TYPED})
    assert response.status_code == 409
    assert len(refused()) == 1
    assert refused()[0].details["path"] == url


def test_a_refusal_stays_a_refusal_when_it_cannot_be_recorded(
    people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **more: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(audit, "record", broken)
    assert answer(people.commander, shown("Không được.", 409)) == 409
