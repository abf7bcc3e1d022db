"""The unit's own evidence, to attach again to a criterion: of any criterion and any round."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import STATION, NotReady, PortalRequest, allow
from assessments.actions.evidence import attach_again
from assessments.models import Attachment, Evidence, Scan
from assessments.permissions import require_station
from assessments.previews import shut_sentence
from assessments.views.evidence_add import criterion_of, why_not_editable
from assessments.views.evidence_items import icon_of, kind_label_of
from assessments.views.station_page import StationPage
from assessments.windows import window_sentence
from criteria.models import Criterion
from wards.names import search_key

PER_PAGE = 20
MOST_CHOSEN = 50
NOTHING_CHOSEN = "Hãy chọn ít nhất một tài liệu."
NOT_THERE = "Có tài liệu không còn trong kho của đơn vị. Chưa gắn tài liệu nào; hãy chọn lại."


@dataclass(slots=True)
class Held:
    """One document of the unit with where it is used."""

    evidence: Evidence
    warning: str
    shut: str
    is_attached: bool = False
    uses: set[tuple[int, str]] = field(default_factory=set)
    """Year and criterion of every present use."""

    @property
    def key(self) -> str:
        """The evidence's key as a form sends it."""
        return str(self.evidence.pk)

    @property
    def icon(self) -> str:
        """Name of the icon that stands for its kind."""
        return icon_of(self.evidence)

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return kind_label_of(self.evidence)

    @property
    def uses_text(self) -> str:
        """Where it is used: "C01, C03 (2023); C01 (2022)"."""
        years = sorted({year for year, _ in self.uses}, reverse=True)
        return "; ".join(
            f"{', '.join(sorted(code for of, code in self.uses if of == year))} ({year})"
            for year in years
        )

    @property
    def search_text(self) -> str:
        """Everything a search looks at, without diacritics."""
        one = self.evidence
        return search_key(f"{one.number} {one.title} {one.issuer} {one.original_name}")


class Library:
    """The latest revisions of a unit's evidence with their uses; two queries."""

    def __init__(self, page: StationPage, criterion: Criterion) -> None:
        assessment = page.assessment
        newest = Evidence.objects.filter(
            unit_id=assessment.unit_id, replaced_by__isnull=True
        ).exclude(scan=Scan.INFECTED)
        self.held = {
            one.pk: Held(one, window_sentence(one, assessment.round), shut_sentence(one))
            for one in newest.select_related("added_by").order_by("-added_at", "pk")
        }
        uses = Attachment.objects.filter(
            assessment__unit_id=assessment.unit_id, removed_at__isnull=True
        ).values_list("evidence_id", "assessment_id", "assessment__round__year", "criterion__code")
        for key, of, year, code in uses:
            held = self.held.get(key)
            if held is not None:
                held.uses.add((year, code))
                held.is_attached |= of == assessment.pk and code == criterion.code

    def years(self) -> list[int]:
        """Years in which something of it is used, the latest first."""
        return sorted({year for one in self.held.values() for year, _ in one.uses}, reverse=True)

    def codes(self) -> list[str]:
        """Criteria for which something of it is used."""
        return sorted({code for one in self.held.values() for _, code in one.uses})

    def found(self, *, words: str, code: str, year: str) -> list[Held]:
        """What fits all of these; an empty one fits everything."""
        wanted = search_key(words).split()
        return [
            one
            for one in self.held.values()
            if all(word in one.search_text for word in wanted)
            and (not (code or year) or _is_used(one.uses, code, year))
        ]


def _is_used(uses: Iterable[tuple[int, str]], code: str, year: str) -> bool:
    return any((not code or of == code) and (not year or str(at) == year) for at, of in uses)


@allow(*STATION)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_library(request: PortalRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """Search the unit's evidence, and attach what is chosen to this criterion."""
    page = StationPage(request, pk)
    criterion = criterion_of(page, code)
    require_station(page.assessment, page.user)
    refusal = why_not_editable(page)
    if request.method != "POST":
        return show(request, page, criterion, refusal=refusal)
    if refusal:
        return show(request, page, criterion, refusal=refusal, status=409)
    library = Library(page, criterion)
    keys = request.POST.getlist("chon")[:MOST_CHOSEN]
    chosen = [library.held[key] for key in map(_key, keys) if key in library.held]
    if not keys or len(chosen) != len(keys):
        problem = NOT_THERE if keys else NOTHING_CHOSEN
        return show(request, page, criterion, library, problem=problem, status=400)
    try:
        attached = attach_again(
            page.assessment,
            criterion,
            [one.evidence for one in chosen],
            by=page.user,
            now=timezone.now(),
        )
    except NotReady as problem:
        return show(request, page, criterion, library, problem=problem.sentence, status=409)
    if attached:
        messages.success(request, f"Đã gắn {len(attached)} tài liệu từ kho của đơn vị.")
    else:
        messages.info(request, "Các tài liệu đã chọn đều có ở tiêu chí này rồi.")
    return redirect(f"{page.address('criterion', criterion.code)}#minh-chung")


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def show(
    request: PortalRequest,
    page: StationPage,
    criterion: Criterion,
    library: Library | None = None,
    *,
    refusal: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The list as searched and filtered."""
    library = library or Library(page, criterion)
    asked = {name: request.GET.get(name, "").strip()[:200] for name in ("tim", "tieu-chi", "nam")}
    found = library.found(words=asked["tim"], code=asked["tieu-chi"], year=asked["nam"])
    listed = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "assessment": page.assessment,
        "criterion": criterion,
        "library": library,
        "listed": listed,
        "words": asked["tim"],
        "code": asked["tieu-chi"],
        "year": asked["nam"],
        "is_searched": any(asked.values()),
        "refusal": refusal,
        "problem": problem,
        "chosen": set(request.POST.getlist("chon")),
        "crumbs": [*page.crumbs, (criterion.code, page.address("criterion", criterion.code))],
    }
    return render(request, "assessments/evidence/library.html", context, status=status)
