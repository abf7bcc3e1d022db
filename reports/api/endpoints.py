"""The addresses of the API. Each asks what a page or a command asks, in the same words."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, Throttled, ValidationError

from accounts.access import public
from reports.api import answers
from reports.api.access import TokenAccess, TokenRequest
from reports.api.asking import SENTENCES, InPart, Paged, PartPaged, StandingsAsked
from reports.api.problems import problem
from reports.api.rows import (
    place_facts,
    programme_details,
    programme_facts,
    roadmap_of_part,
    standings_page,
    unit_facts,
    units_of_part,
)
from reports.views.reach import Reading, programmes_in_part, read

Operation = TypeVar("Operation", bound=Callable[..., HttpResponse])

api = NinjaAPI(
    title="Công an phường kiểu mẫu",
    version="1",
    description=(
        "Programmes, units, standings and roadmaps as of any day, for other systems. "
        "Only for reading; see docs/api.md."
    ),
    urls_namespace="api-v1",
    openapi_url="openapi.json",
    docs_url=None,
    docs_decorator=public,
    auth=TokenAccess(),
)


def reads(path: str, name: str, answer: type) -> Callable[[Operation], Operation]:
    """Register a view for GET, which the description tells, and for HEAD."""
    told: dict[int, Any] = {200: answer, **dict.fromkeys((401, 404, 422, 429), answers.Problem)}

    def register(view: Operation) -> Operation:
        api.api_operation(["HEAD"], path, response=told, include_in_schema=False)(view)
        return api.get(path, response=told, url_name=name, operation_id=name)(view)

    return register


@reads("programmes", "api_programmes", answers.Programmes)
def programmes(request: TokenRequest, asked: Query[Paged]) -> HttpResponse:
    """Programmes of which the token reads all, or the part of its province."""
    found = programmes_in_part(request.auth)
    items = [programme_facts(one) for one in found[asked.rows]]
    return _page(asked, timezone.localdate(), found.count(), items)


@reads("programmes/{slug:code}", "api_programme", answers.OneProgramme)
def programme(request: TokenRequest, code: str, asked: Query[InPart]) -> HttpResponse:
    """One programme with the rounds opened by the day."""
    reading = _read(request, code, asked)
    found = programme_details(reading.programme, as_of=asked.day)
    return _answer(asked.day, part=place_facts(reading.province), programme=found)


@reads("programmes/{slug:code}/units", "api_units", answers.Units)
def units(request: TokenRequest, code: str, asked: Query[PartPaged]) -> HttpResponse:
    """Units in force on the day that the programme, or the part that is read, concerns."""
    reading = _read(request, code, asked)
    found = units_of_part(reading, as_of=asked.day)
    items = [unit_facts(one) for one in found[asked.rows]]
    return _page(asked, asked.day, len(found), items, part=place_facts(reading.province))


@reads("programmes/{slug:code}/standings", "api_standings", answers.Standings)
def standings(request: TokenRequest, code: str, asked: Query[StandingsAsked]) -> HttpResponse:
    """How each unit of a round stands, and what is in its way."""
    reading = _read(request, code, asked, year=asked.year)
    round_, count, rows = standings_page(reading, asked.year, as_of=asked.day, rows=asked.rows)
    items = [row.as_json() for row in rows]
    told = {
        "year": round_.year if round_ is not None else None,
        "part": place_facts(reading.province),
    }
    return _page(asked, asked.day, count, items, **told)


@reads("programmes/{slug:code}/roadmap", "api_roadmap", answers.Roadmap)
def roadmap(request: TokenRequest, code: str, asked: Query[PartPaged]) -> HttpResponse:
    """What is required by when, and what is reached."""
    reading = _read(request, code, asked)
    found = roadmap_of_part(reading, as_of=asked.day)
    items = [row.as_json() for row in found[asked.rows]]
    return _page(asked, asked.day, len(found), items, part=place_facts(reading.province))


def _read(request: TokenRequest, code: str, asked: InPart, year: int | None = None) -> Reading:
    return read(request.auth, code, asked.province, year=year, day=asked.day)


def _answer(as_of: date, **content: Any) -> HttpResponse:
    now = timezone.localtime()
    told = {"as_of": as_of.isoformat(), "generated_at": now.isoformat(timespec="seconds")}
    return JsonResponse(told | content, json_dumps_params={"ensure_ascii": False})


def _page(
    asked: Paged, as_of: date, count: int, items: list[dict[str, Any]], **more: Any
) -> HttpResponse:
    return _answer(
        as_of, page=asked.page, page_size=asked.page_size, count=count, **more, items=items
    )


@api.exception_handler(Http404)
def not_found(request: HttpRequest, refused: Http404) -> HttpResponse:
    """404, the same for what is missing and for what is out of reach."""
    return problem(404)


@api.exception_handler(HttpError)
def refuse(request: HttpRequest, refused: HttpError) -> HttpResponse:
    """401 with the scheme to use, 429 with the seconds to wait."""
    answer = problem(refused.status_code)
    if refused.status_code == 401:
        answer["WWW-Authenticate"] = "Bearer"
    if isinstance(refused, Throttled):
        answer["Retry-After"] = str(refused.wait)
    return answer


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, refused: ValidationError) -> HttpResponse:
    """422 with what is wrong with the first parameter."""
    fault = refused.errors[0]
    own = fault["msg"] if fault["type"] == "sentence" else ""
    return problem(422, own or SENTENCES.get(fault["loc"][-1], ""))
