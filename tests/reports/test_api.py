"""The read API: what it answers, page by page, as of any day, and to whom."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from criteria.models import Programme
from criteria.roster import units_in_scope
from criteria.scale import Outcome
from reports.api import answers
from reports.api.endpoints import api
from reports.rollup import programme_standings, roadmap_rows, standings
from tests import cast
from tests.reports.api import Machine, agency, machine
from tests.reports.conftest import TraVinh
from wards.models import Province

PROGRAMME = "programmes/tra-vinh-2023"
PATHS = (
    "programmes",
    PROGRAMME,
    f"{PROGRAMME}/units",
    f"{PROGRAMME}/standings",
    f"{PROGRAMME}/roadmap",
)
SHAPES: dict[str, type[answers.Dated]] = dict(
    zip(
        PATHS,
        (
            answers.Programmes,
            answers.OneProgramme,
            answers.Units,
            answers.Standings,
            answers.Roadmap,
        ),
        strict=True,
    )
)


@pytest.fixture(autouse=True)
def nobody_was_counted() -> None:
    cache.clear()


@pytest.fixture
def lived_in(tra_vinh: TraVinh) -> TraVinh:
    """The real programme with a round, a file handed in, and a unit recognised."""
    tra_vinh.open(2023, date(2023, 10, 25))
    tra_vinh.hand_in("P1", 2023, date(2023, 11, 1), {"C02": (Outcome.NOT_MET, "2 vụ.")})
    tra_vinh.recognise("P3", 2023, date(2024, 4, 22))
    return tra_vinh


@pytest.fixture
def own(lived_in: TraVinh) -> Machine:
    """A system of an agency of the programme's province."""
    return machine(agency("so-nha", Programme.objects.get().province))


@pytest.fixture
def far(lived_in: TraVinh) -> Machine:
    """A system of an agency of another province."""
    province = Province.objects.create(code="01", name="Hà Nội", kind="city")
    return machine(agency("so-xa", province))


@pytest.fixture
def national(lived_in: TraVinh) -> Machine:
    """A system of an agency of the whole country."""
    return machine(agency("bo", None))


def printed(command: str, *arguments: str) -> Any:
    out = StringIO()
    call_command(command, "--programme", "tra-vinh-2023", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("path", PATHS)
def test_every_address_by_scope(path: str, own: Machine, far: Machine, national: Machine) -> None:
    assert own.ask(path).status_code == 200
    assert national.ask(path).status_code == 200
    if path == "programmes":
        assert far.read(path)["items"] == []
        return
    refused = far.ask(path)
    missing = own.ask(path.replace("tra-vinh-2023", "khong-co"))
    assert refused.status_code == missing.status_code == 404
    assert refused.json() == missing.json()
    assert refused.json()["code"] == "not_found"


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_as_described_and_says_of_when_it_is(path: str, own: Machine) -> None:
    shape = SHAPES[path]
    found = own.read(path)
    told = shape.model_validate(found, context={})
    assert told.generated_at.utcoffset() is not None

    def keys(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: keys(one) for name, one in value.items()}
        return [keys(one) for one in value] if isinstance(value, list) else None

    assert keys(json.loads(told.model_dump_json())) == keys(found)


@pytest.mark.parametrize("day", ["2023-10-31", "2024-12-31", "2026-11-22"])
def test_rows_are_those_of_the_commands(own: Machine, day: str) -> None:
    asked = {"as_of": day, "page_size": 500}
    found = own.read(f"{PROGRAMME}/standings", **asked)
    assert found["items"] == printed("standing", "--as-of", day)
    assert found["as_of"] == day
    assert own.read(f"{PROGRAMME}/roadmap", **asked)["items"] == printed("roadmap", "--as-of", day)


def test_as_of_a_day_of_the_past(own: Machine) -> None:
    then = own.read(f"{PROGRAMME}/units", as_of="2023-10-31")
    now = own.read(f"{PROGRAMME}/units", as_of="2026-11-22")
    assert (then["count"], now["count"]) == (11, 6)
    assert then["items"][0] == {
        "code": "29239",
        "name": "Phường 1, TP Trà Vinh",
        "kind": "ward",
        "province": {"code": "84", "name": "Trà Vinh"},
        "district": {"code": "842", "name": "Trà Vinh"},
        "valid_from": None,
        "valid_to": then["items"][0]["valid_to"],
        "key_area": False,
    }
    assert own.read(PROGRAMME, as_of="2023-10-20")["programme"]["rounds"] == []
    (opened,) = own.read(PROGRAMME, as_of="2023-12-31")["programme"]["rounds"]
    assert opened["year"] == 2023
    before = own.read(f"{PROGRAMME}/standings", as_of="2023-10-20")
    assert before["year"] is None
    assert {row["status"] for row in before["items"]} == {None}


def test_standings_of_a_year(own: Machine, lived_in: TraVinh) -> None:
    lived_in.open(2024, date(2024, 2, 1))
    latest = own.read(f"{PROGRAMME}/standings", as_of="2024-12-31")
    first = own.read(f"{PROGRAMME}/standings", as_of="2024-12-31", year=2023)
    assert (latest["year"], first["year"]) == (2024, 2023)
    round_ = Programme.objects.get().rounds.get(year=2023)
    rows = [one.as_json() for one in standings(round_, as_of=date(2024, 12, 31))]
    assert first["items"] == rows
    assert own.read(f"{PROGRAMME}/standings", as_of="2023-12-31", year=2024)["year"] is None
    assert own.ask(f"{PROGRAMME}/standings", year=2022).status_code == 404


@pytest.mark.parametrize("what", ["units", "standings", "roadmap"])
def test_pages_put_together_are_the_whole_list(own: Machine, what: str) -> None:
    path, day = f"{PROGRAMME}/{what}", "2023-12-31"
    whole = own.read(path, as_of=day, page_size=500)
    assert whole["count"] == len(whole["items"]) > 6
    rows: list[Any] = []
    for page in range(1, 5):
        part = own.read(path, as_of=day, page=page, page_size=4)
        assert (part["page"], part["page_size"], part["count"]) == (page, 4, whole["count"])
        rows += part["items"]
    assert rows == whole["items"]
    assert own.read(path, as_of=day, page=99)["items"] == []


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"as_of": "2023-13-01"}, "YYYY-MM-DD"),
        ({"as_of": "20231231"}, "YYYY-MM-DD"),
        ({"as_of": "1700000000"}, "YYYY-MM-DD"),
        ({"as_of": ""}, "YYYY-MM-DD"),
        ({"as_of": "2999-01-01"}, "chưa đến"),
        ({"as_of": "1999-12-31"}, "Chưa có số liệu"),
        ({"year": "nay"}, "year"),
        ({"year": "99999"}, "year"),
        ({"page": "0"}, "page"),
        ({"page": "9" * 30}, "page"),
        ({"page_size": "501"}, "từ 1 đến 500"),
        ({"asof": "2023-12-31"}, "Không có tham số “asof”"),
    ],
)
def test_a_wrong_parameter_is_refused_in_words(
    own: Machine, parameters: dict[str, str], said: str
) -> None:
    answer = own.ask(f"{PROGRAMME}/standings", **parameters)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_parameter"
    assert said in answer.json()["message"]


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


TOKEN = 4
"""The token, and its row locked in a transaction."""
FIGURES: dict[str, tuple[Callable[[Programme, date], object], int]] = {
    # The programme, and what else the address adds to the figures' own queries.
    "programmes": (lambda programme, day: None, 2),
    PROGRAMME: (lambda programme, day: None, 3),
    f"{PROGRAMME}/units": (units_in_scope, 2),
    f"{PROGRAMME}/standings": (lambda one, day: programme_standings(one, as_of=day), 2),
    f"{PROGRAMME}/roadmap": (lambda one, day: roadmap_rows(one, as_of=day), 1),
}


@pytest.mark.parametrize("path", PATHS)
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    path: str, own: Machine
) -> None:
    own.read(path)
    figures, more = FIGURES[path]
    programme = Programme.objects.select_related("document", "province", "criteria_set").get()
    expected = queries(lambda: figures(programme, timezone.localdate())) + more + TOKEN
    sizes: tuple[dict[str, int], ...] = ({"page_size": 1}, {"page_size": 500})
    for parameters in ({},) if path == PROGRAMME else sizes:
        assert queries(lambda asked=parameters: own.read(path, **asked)) == expected


@pytest.mark.parametrize("path", PATHS)
def test_no_answer_names_a_person(
    path: str, programme: Programme, people: cast.People, assessment: Any, other_assessment: Any
) -> None:
    cast.recognise(assessment, people)
    asking = machine(agency("so-nha", programme.province))
    text = asking.ask(path, page_size=500).text if path != PROGRAMME else asking.ask(path).text
    assert "tra-vinh-2023" in text or "Phường" in text or '"by"' in text
    for user in User.objects.all():
        assert user.full_name not in text
        assert f'"{user.username}"' not in text


def test_the_description_is_valid_and_names_every_address(
    own: Machine, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(0):
        answer = own.client.get("/api/v1/openapi.json", headers={"Authorization": ""})
    assert answer.status_code == 200
    described = answer.json()
    assert described["openapi"].startswith("3.")
    code = "/api/v1/programmes/{code}"
    assert set(described["paths"]) == {
        "/api/v1/programmes",
        code,
        f"{code}/units",
        f"{code}/standings",
        f"{code}/roadmap",
    }
    schemas = described["components"]["schemas"]
    references = [
        part.split('"')[0] for part in answer.text.split('"$ref": "#/components/schemas/')[1:]
    ]
    assert references
    assert set(references) <= set(schemas)
    assert described["components"]["securitySchemes"]["TokenAccess"] == {
        "type": "http",
        "scheme": "bearer",
    }
    names = []
    for path in described["paths"].values():
        assert set(path) == {"get"}
        operation = path["get"]
        names.append(operation["operationId"])
        assert operation["security"] == [{"TokenAccess": []}]
        assert set(operation["responses"]) == {"200", "401", "404", "422", "429"}
    assert len(set(names)) == len(names)
    assert {
        one["name"] for one in described["paths"][f"{code}/standings"]["get"]["parameters"]
    } == {
        "code",
        "as_of",
        "province",
        "year",
        "page",
        "page_size",
    }


def test_no_page_of_the_library_is_served(own: Machine) -> None:
    assert api.docs_url is None
    for path in ("docs", "", "programmes/"):
        answer = own.ask(path)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/json"
