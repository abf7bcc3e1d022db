"""Who may open which page of the top floor, and how many questions a page asks the database."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from assessments.actions import opening
from assessments.deriving.keeping import derive
from assessments.models import Assessment
from criteria.models import Programme, Round
from reports import actions, jobs
from reports.models import AnnualReport
from tests import cast
from wards.models import Unit

SignIn = Callable[[User], Client]

ROLES = (
    "commander",
    "officer",
    "reviewer",
    "coordinator",
    "leader",
    "far_reviewer",
    "ministry_viewer",
    "rapporteur",
    "administrator",
)

# Per page, the answer to each role in the order of ROLES.
PAGES: dict[str, str] = {
    "/": "200 200 200 200 200 200 200 200 200",
    "/tong-quan/": "403 403 302 302 302 200 302 403 403",
    "/tong-quan/tra-vinh-2023/2023/": "403 403 200 200 200 404 200 403 403",
    "/tong-quan/tra-vinh-2023/2023/bang-so-lieu.xlsx": "403 403 200 200 200 404 200 403 403",
    "/tong-quan/tra-vinh-2023/2023/lo-trinh.svg": "403 403 200 200 200 404 200 403 403",
    "/tong-quan/tra-vinh-2023/2023/tieu-chi.svg": "403 403 200 200 200 404 200 403 403",
    "/tong-quan/tra-vinh-2023/2023/chua-nop.xlsx": "403 403 200 200 200 404 200 403 403",
    "/tong-quan/tra-vinh-2023/2023/du-bao/": "403 403 200 200 200 404 200 403 403",
    "/tong-quan/tra-vinh-2023/2023/man-hinh/": "403 403 200 200 200 404 200 403 403",
    "/tong-quan/tra-vinh-2023/2023/so-sanh/": "403 403 200 200 200 404 200 403 403",
    "/tong-quan/tra-vinh-2023/2023/so-sanh/?voi=2024": "403 403 200 200 200 404 200 403 403",
    "/tong-quan/tra-vinh-2023/2023/so-sanh/bang.xlsx?voi=2024": (
        "403 403 200 200 200 404 200 403 403"
    ),
    "/tong-quan/tra-vinh-2023/2023/so-sanh/bieu-do.svg?voi=2024": (
        "403 403 200 200 200 404 200 403 403"
    ),
    "/tong-quan/tra-vinh-2023/2023/so-sanh/?theo=don-vi&don_vi={ward}&voi={other_ward}": (
        "403 403 200 200 200 404 200 403 403"
    ),
    "/tong-quan/tra-vinh-2023/2023/so-sanh/?theo=don-vi&don_vi={far_ward}": (
        "403 403 404 404 404 404 200 403 403"
    ),
    "/tong-quan/tra-vinh-2023/2031/": "403 403 404 404 404 404 404 403 403",
    "/lo-trinh/tra-vinh-2023/": "403 403 200 200 200 404 200 403 403",
    "/don-vi/": "200 200 200 200 200 200 200 403 403",
    "/don-vi/{ward}/": "200 200 200 200 200 404 200 403 403",
    "/don-vi/{ward}/lich-su/": "200 200 200 200 200 404 200 403 403",
    "/don-vi/{other_ward}/lich-su/": "404 404 200 200 200 404 200 403 403",
    "/don-vi/{far_ward}/lich-su/": "404 404 404 404 404 200 200 403 403",
    "/don-vi/{ward}/bang-so-lieu.xlsx": "200 200 200 200 200 404 200 403 403",
    "/don-vi/{other_ward}/": "404 404 200 200 200 404 200 403 403",
    "/don-vi/{far_ward}/": "404 404 404 404 404 200 200 403 403",
    "/chuong-trinh/": "200 200 200 200 200 200 200 200 200",
    "/chuong-trinh/tra-vinh-2023/": "200 200 200 200 200 404 200 200 404",
    "/bo-tieu-chi/TC-3/": "200 200 200 200 200 200 200 200 200",
    "/bo-tieu-chi/khong-co/": "404 404 404 404 404 404 404 404 404",
    "/bao-cao/": "200 200 200 200 200 200 200 200 403",
    "/bao-cao/{draft}/": "404 404 200 200 200 404 200 404 403",
    "/bao-cao/{draft}/tien-trinh/": "404 404 200 200 200 404 200 404 403",
    "/bao-cao/{draft}/tep/": "404 404 200 200 200 404 200 404 403",
    "/bao-cao/{official}/": "200 200 200 200 200 404 200 200 403",
    "/nhat-ky/": "403 403 403 200 200 403 403 403 200",
}


@dataclass
class Made:
    """Two versions of the report of 2023."""

    draft: AnnualReport
    official: AnnualReport


@pytest.fixture
def made(
    programme: Programme, round_: Round, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> Made:
    monkeypatch.setattr(jobs, "render_annual_report", lambda figures, **more: b"%PDF-1.7 made")
    versions = []
    for _ in range(2):
        report = actions.request_report(
            programme, 2023, as_of=cast.DAY, by=people.coordinator, now=cast.NOW
        )
        assert jobs.run(report.pk, clock=lambda: cast.NOW)
        versions.append(report)
    official, draft = versions
    actions.issue_report(official, by=people.coordinator, now=cast.NOW)
    assert jobs.run(official.pk, clock=lambda: cast.NOW)
    return Made(draft, official)


@pytest.fixture
def names(places: cast.Places, made: Made) -> dict[str, Any]:
    return {
        "ward": places.ward.pk,
        "other_ward": places.other_ward.pk,
        "far_ward": places.far_ward.pk,
        "draft": made.draft.pk,
        "official": made.official.pk,
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_page_by_every_role(
    page: str, names: dict[str, Any], people: cast.People, sign_in: SignIn
) -> None:
    expected = dict(zip(ROLES, map(int, PAGES[page].split()), strict=True))
    address = page.format(**names)
    found = {role: sign_in(getattr(people, role)).get(address).status_code for role in ROLES}
    assert found == expected


@pytest.mark.parametrize("page", [page for page in PAGES if "{" not in page])
@pytest.mark.usefixtures("round_")
def test_strangers_are_sent_to_sign_in(page: str, client: Client) -> None:
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/dang-nhap/")


POSTS = ("/bao-cao/yeu-cau/", "/bao-cao/{draft}/lap-lai/", "/bao-cao/{draft}/chinh-thuc/")


@pytest.mark.parametrize("page", [*POSTS, "/chuong-trinh/tra-vinh-2023/mo-ky/"])
def test_only_the_coordinator_writes(
    page: str, names: dict[str, Any], people: cast.People, sign_in: SignIn
) -> None:
    before = list(AnnualReport.objects.values()), list(Round.objects.values())
    address = page.format(**names)
    for role in set(ROLES) - {"coordinator"}:
        assert sign_in(getattr(people, role)).post(address).status_code == 403, role
    assert sign_in(people.coordinator).get(address).status_code == 405
    assert (list(AnnualReport.objects.values()), list(Round.objects.values())) == before


def questions(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


MEASURED = (
    ("leader", "/", 13),
    ("leader", "/tong-quan/tra-vinh-2023/2023/", 14),
    ("leader", "/tong-quan/tra-vinh-2023/2024/", 14),
    ("leader", "/tong-quan/tra-vinh-2023/2023/bang-so-lieu.xlsx", 12),
    ("leader", "/tong-quan/tra-vinh-2023/2023/lo-trinh.svg", 8),
    ("leader", "/tong-quan/tra-vinh-2023/2023/tieu-chi.svg", 12),
    ("leader", "/tong-quan/tra-vinh-2023/2023/du-bao/", 15),
    ("leader", "/tong-quan/tra-vinh-2023/2023/man-hinh/", 13),
    ("leader", "/tong-quan/tra-vinh-2023/2023/so-sanh/?voi=2024", 8),
    (
        "leader",
        "/tong-quan/tra-vinh-2023/2023/so-sanh/?theo=don-vi&don_vi={ward}&voi={other_ward}",
        10,
    ),
    ("leader", "/lo-trinh/tra-vinh-2023/", 13),
    ("leader", "/don-vi/", 10),
    ("leader", "/don-vi/{ward}/", 13),
    ("leader", "/don-vi/{ward}/lich-su/", 13),
    ("commander", "/", 13),
    ("commander", "/don-vi/{ward}/", 13),
    ("commander", "/don-vi/{ward}/lich-su/", 12),
    ("reviewer", "/", 7),
    ("coordinator", "/", 9),
    ("coordinator", "/chuong-trinh/tra-vinh-2023/", 9),
    ("coordinator", "/bao-cao/", 10),
    ("coordinator", "/bao-cao/{draft}/", 5),
    ("coordinator", "/nhat-ky/", 8),
    ("rapporteur", "/", 8),
    ("administrator", "/nhat-ky/", 7),
    ("commander", "/bo-tieu-chi/TC-3/", 8),
)


@pytest.fixture
def grow(programme: Programme, places: cast.Places, assessment: Assessment) -> Callable[[], None]:
    """Eighteen more wards in the round, at every status of the road."""

    def enlarge() -> None:
        for number in range(3, 21):
            unit = Unit.objects.create(
                code=f"3{number:04d}",
                name=f"Phường {number}",
                kind="ward",
                province=places.province,
                district=places.city,
            )
            programme.roster.add(unit)
        opening.open_round(programme, 2023, by=None, now=cast.NOW)
        statuses = ["in_progress", "submitted", "under_review", "returned", "verified", "proposed"]
        for place, file in enumerate(Assessment.objects.filter(unit__code__startswith="3")):
            Assessment.objects.filter(pk=file.pk).update(
                status=statuses[place % len(statuses)], submitted_at=cast.NOW
            )
        with transaction.atomic():
            derive(list(Assessment.objects.values_list("pk", flat=True)))

    return enlarge


@pytest.mark.parametrize(("role", "page", "at_most"), MEASURED)
def test_pages_ask_as_much_for_twenty_wards_as_for_two(
    role: str,
    page: str,
    at_most: int,
    names: dict[str, Any],
    people: cast.People,
    sign_in: SignIn,
    assessment: Assessment,
    grow: Callable[[], None],
) -> None:
    cast.answer(assessment, "C01", by=people.commander, met=False)
    client, address = sign_in(getattr(people, role)), page.format(**names)
    client.get(address)
    with_two = questions(client, address)
    grow()
    # Units and programmes are read anew once after each change of them.
    client.get(address)
    with_twenty = questions(client, address)
    assert with_two == with_twenty <= at_most, (with_two, with_twenty)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if not page.split("?")[0].endswith(("/tep/", ".xlsx"))]
)
def test_no_page_carries_inline_code_or_style(
    page: str, names: dict[str, Any], people: cast.People, sign_in: SignIn
) -> None:
    content = sign_in(people.ministry_viewer).get(page.format(**names)).content.decode()
    for forbidden in (" style=", " onclick=", " onchange=", "<script>", "javascript:"):
        assert forbidden not in content
