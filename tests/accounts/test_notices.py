"""Notices in the portal: told once, read by their own, and nothing changes by looking."""

import uuid
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts import notices
from accounts.models import MailState, Notice, User
from tests import cast

SignIn = Callable[[User], Client]


def tell(
    *recipients: User, key: str = "dịp-1", title: str = "Phiếu được trả lại", **more: str
) -> None:
    with transaction.atomic():
        notices.tell(
            recipients, key=key, event="assessment_returned", title=title, now=cast.NOW, **more
        )


@pytest.mark.django_db(transaction=True)
def test_a_notice_belongs_to_the_transaction_of_what_it_tells_of(people: cast.People) -> None:
    with pytest.raises(RuntimeError):
        notices.tell([people.commander], key="x", event="x", title="x", now=cast.NOW)

    def undone() -> None:
        with transaction.atomic():
            notices.tell([people.commander], key="x", event="x", title="x", now=cast.NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert not Notice.objects.exists()


def test_telling_twice_is_telling_once(people: cast.People) -> None:
    tell(people.commander, people.officer)
    tell(people.commander, title="Câu khác")
    assert sorted(Notice.objects.values_list("recipient__username", "title")) == [
        ("lan", "Phiếu được trả lại"),
        ("minh", "Phiếu được trả lại"),
    ]


def test_mail_waits_only_for_those_who_have_an_address(people: cast.People) -> None:
    User.objects.filter(pk=people.officer.pk).update(email="")
    people.officer.refresh_from_db()
    tell(people.commander, people.officer)
    with transaction.atomic():
        notices.tell([people.leader], key="k", event="x", title="Chỉ báo", now=cast.NOW, mail=False)
    states = dict(Notice.objects.values_list("recipient__username", "mail_state"))
    assert states == {"lan": MailState.WAITING, "minh": MailState.NONE, "quang": MailState.NONE}


def test_a_closed_account_is_told_nothing(people: cast.People) -> None:
    people.commander.is_active = False
    tell(people.commander)
    assert not Notice.objects.exists()


def test_a_title_is_one_line_of_bounded_length(people: cast.People) -> None:
    tell(people.commander, title="Dòng một\r\nBcc: ai-do@example.vn " + "dài " * 100)
    title = Notice.objects.get().title
    assert "\n" not in title
    assert "\r" not in title
    assert len(title) == notices.TITLE_LENGTH
    assert title.endswith("…")


def test_the_bell_counts_what_is_unread_in_words_too(people: cast.People, sign_in: SignIn) -> None:
    client = sign_in(people.commander)
    assert "chưa đọc" not in client.get("/").text
    tell(people.commander, key="1")
    tell(people.commander, key="2")
    tell(people.officer, key="3")
    page = client.get("/")
    assert "Thông báo: 2 chưa đọc" in page.text
    assert page.context["unread_notices"] == 2


def test_the_list_shows_ones_own_newest_first_and_filters(
    people: cast.People, sign_in: SignIn
) -> None:
    tell(people.commander, key="1", title="Việc cũ")
    notices.mark_read(Notice.objects.get(), now=cast.NOW)
    tell(people.commander, key="2", title="Việc <b>mới</b>", body="Lý do: a < b")
    tell(people.officer, key="3", title="Việc của Minh")
    client = sign_in(people.commander)
    page = client.get(reverse("notices"))
    assert "Việc &lt;b&gt;mới&lt;/b&gt;" in page.text
    assert "Lý do: a &lt; b" in page.text
    assert "Việc của Minh" not in page.text
    assert len(page.context["lines"]) == 2
    unread = client.get(reverse("notices"), {"loc": "chua-doc"})
    assert [line.notice.title for line in unread.context["lines"]] == ["Việc <b>mới</b>"]
    assert client.get(reverse("notices"), {"loc": "la"}).status_code == 400


def test_opening_takes_it_as_read_and_leads_on(people: cast.People, sign_in: SignIn) -> None:
    tell(people.commander, path="/don-vi/")
    notice = Notice.objects.get()
    client = sign_in(people.commander)
    url = reverse("notice", args=[notice.pk])
    assert client.get(url).status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None
    response = client.post(url)
    assert (response.status_code, response["Location"]) == (302, "/don-vi/")
    notice.refresh_from_db()
    first = notice.read_at
    assert first is not None
    client.post(url)
    notice.refresh_from_db()
    assert notice.read_at == first


def test_ac_02_nobody_opens_anothers_notice(people: cast.People, sign_in: SignIn) -> None:
    tell(people.commander)
    notice = Notice.objects.get()
    client = sign_in(people.officer)
    foreign = client.post(reverse("notice", args=[notice.pk]))
    missing = client.post(reverse("notice", args=[uuid.uuid4()]))
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    client.post(reverse("notices_read"))
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_are_taken_as_read_at_once(people: cast.People, sign_in: SignIn) -> None:
    for number in range(3):
        tell(people.commander, people.officer, key=str(number))
    page = sign_in(people.commander).post(reverse("notices_read"), follow=True)
    assert "Đã đánh dấu 3 thông báo là đã đọc." in page.text
    assert Notice.objects.visible_to(people.commander).unread().count() == 0
    assert Notice.objects.visible_to(people.officer).unread().count() == 3


def test_au_05_looking_at_the_list_reads_nothing(people: cast.People, sign_in: SignIn) -> None:
    tell(people.commander)
    sign_in(people.commander).get(reverse("notices"))
    assert Notice.objects.get().read_at is None


def test_the_list_is_paged_with_a_fixed_number_of_queries(
    people: cast.People, sign_in: SignIn, django_assert_num_queries: Callable[..., object]
) -> None:
    client = sign_in(people.commander)
    tell(people.commander, key="0")
    for more in (0, 44):
        for number in range(more):
            tell(people.commander, key=f"{more}-{number}")
        # Session, person, postings, the bell with sample data, two counts and the page.
        with django_assert_num_queries(7):
            page = client.get(reverse("notices"))
    assert len(page.context["lines"]) == 20
    assert page.context["page_obj"].paginator.num_pages == 3


def test_the_administrator_sees_failures_without_their_text_and_sends_again(
    people: cast.People, sign_in: SignIn
) -> None:
    tell(people.commander, title="Nội dung riêng", body="Lý do riêng")
    notice = Notice.objects.get()
    Notice.objects.update(
        mail_state=MailState.FAILED, mail_error="550 <hộp thư> không tồn tại", mail_due=None
    )
    client = sign_in(people.administrator)
    page = client.get(reverse("mail"))
    assert "lan@example.vn" in page.text
    assert "550 &lt;hộp thư&gt; không tồn tại" in page.text
    assert "riêng" not in page.text
    for _ in range(2):
        assert client.post(reverse("mail_again", args=[notice.pk])).status_code == 302
    notice.refresh_from_db()
    assert (notice.mail_state, notice.mail_attempts) == (MailState.WAITING, 0)
    assert notice.mail_due is not None
    page = client.get(reverse("mail"))
    assert "Đang chờ gửi" in page.text
    for stranger in (people.coordinator, people.commander):
        assert sign_in(stranger).get(reverse("mail")).status_code == 403
