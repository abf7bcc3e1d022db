"""No page asks the database more than fifteen times, whoever opens it.

The demonstration of Trà Vinh is loaded, and one person of each role opens a page of every kind that
links lead to from the home page.
"""

import html
import re
from urllib.parse import urljoin

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from assessments.models import Assessment
from assessments.workflow import Status
from tests.walking import PEOPLE, is_page, kind

MOST_QUERIES = 15
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
# What the walk must have come by, so that a link that disappears does not go unnoticed.
EXPECTED = {
    "/",
    "/don-vi/…/",
    "/don-vi/…/lich-su/",
    "/phieu/…/kiem-tra/",
    "/tham-dinh/…/tieu-chi/…/",
    "/tong-quan/tra-vinh-…/…/",
    "/tong-quan/tra-vinh-…/…/so-sanh/",
    "/chuong-trinh/tra-vinh-…/chon/…/",
    "/chuong-trinh/tra-vinh-…/phuong-an/so-sanh/",
    "/sap-xep/…/",
}


def links(page: str, address: str) -> list[str]:
    """Addresses of pages of this site that the page links to."""
    found = (urljoin(address, html.unescape(one)) for one in LINK.findall(page))
    return [one for one in found if one.startswith("/") and is_page(one)]


def opened(client: Client, address: str) -> tuple[str, int]:
    """The page, and how often it asked."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.content.decode() if is_html else "", len(asked)


def walk(username: str, first: list[str]) -> tuple[set[str], dict[str, int]]:
    """The kinds of pages this person comes by, and those that ask too often, with how often."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    waiting, seen, above = ["/", *first], set(), {}
    while waiting:
        address = waiting.pop(0)
        if kind(address) in seen:
            continue
        seen.add(kind(address))
        page, asked = opened(client, address)
        if asked > MOST_QUERIES:
            # Programmes and criteria are read anew once after each change of them.
            page, asked = opened(client, address)
        if asked > MOST_QUERIES:
            above[f"{username} {address}"] = asked
        waiting += [one for one in links(page, address) if kind(one) not in seen]
    return seen, above


@pytest.mark.django_db
def test_no_page_asks_too_often() -> None:
    call_command("demo_data", verbosity=0)
    seen, above = set(), {}
    for username in PEOPLE:
        held = Assessment.objects.filter(reviewer__username=username, status=Status.UNDER_REVIEW)
        kinds, found = walk(username, [f"/tham-dinh/{file.pk}/" for file in held])
        seen |= kinds
        above |= found
    assert above == {}
    assert seen >= EXPECTED, EXPECTED - seen
