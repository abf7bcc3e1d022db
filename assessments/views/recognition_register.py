"""The register: every recognition in reach, in its state on a day."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from accounts.models import Role
from assessments.forms.recognition_register import ALL, CHOICES, SOON, STATE_OF, RegisterForm
from assessments.models import Recognition
from assessments.querysets import RecognitionQuerySet
from assessments.recognition_terms import RecognitionState, in_state, lapsing_soon
from assessments.views.recognition_rows import rows_of
from wards.names import search_key
from wards.querysets import dated

PER_PAGE = 25
PAGE = "assessments/recognition/register.html"


@allow(*READERS)
@require_safe
def recognition_register(request: PortalRequest) -> HttpResponse:
    """Recognitions by programme, year, words, and their state on the day asked for."""
    visible = Recognition.objects.visible_to(request.user)
    known = list(
        visible.order_by("programme__starts", "programme__code", "for_year")
        .values_list("programme__code", "programme__name", "for_year")
        .distinct()
    )
    form = RegisterForm(
        request.GET,
        today=timezone.localdate(),
        programmes=list({code: (code, name) for code, name, _ in known}.values()),
        years=sorted({year for _, _, year in known}, reverse=True),
    )
    may_act = Role.COORDINATOR in request.roles
    if not form.is_valid():
        return render(request, PAGE, {"form": form, "may_act": may_act}, status=400)
    asked = form.cleaned_data
    day: date = asked["ngay"]
    wanted = asked["tinh_trang"] or ALL
    narrowed = _narrowed(visible, asked["chuong_trinh"], asked["nam"], asked["q"])
    in_force = in_state(RecognitionState.IN_FORCE, day)
    standing = dated(day, "unit__valid_from", "unit__valid_to")
    counts = narrowed.order_by().aggregate(
        units=Count("unit", filter=in_force & standing, distinct=True),
        former=Count("unit", filter=in_force & ~standing, distinct=True),
        **{_key(code): Count("pk", filter=_state(code, day)) for code, _ in CHOICES},
    )
    found = (
        narrowed.filter(_state(wanted, day))
        .select_related("document", "programme", "unit__district", "unit__province")
        .select_related("assessment__round__criteria_set", "revoking_document")
        # The next to lapse first; otherwise the latest decision.
        .order_by(*(["lapses_on"] if wanted == SOON else []), "-decided_on", "unit__sort_key", "pk")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "day": day,
        "is_today": day == form.today,
        "page_obj": page,
        "rows": rows_of(page.object_list, day),
        "units": counts["units"],
        "former": counts["former"],
        "chips": [(code, label, counts[_key(code)], code == wanted) for code, label in CHOICES],
        "wanted": asked["tinh_trang"],
        "is_narrowed": any((asked["q"], asked["chuong_trinh"], asked["nam"], day != form.today)),
        "may_act": may_act,
    }
    return render(request, PAGE, context)


def _key(code: str) -> str:
    return code.replace("-", "_")


def _state(code: str, day: date) -> Q:
    if code == ALL:
        return Q(decided_on__lte=day)
    if code == SOON:
        return lapsing_soon(day)
    return in_state(STATE_OF[code], day)


def _narrowed(
    recognitions: RecognitionQuerySet, programme: str, year: int | None, words: str
) -> RecognitionQuerySet:
    if programme:
        recognitions = recognitions.filter(programme__code=programme)
    if year is not None:
        recognitions = recognitions.filter(for_year=year)
    if "/" in words:
        return recognitions.filter(document__number__icontains=" ".join(words.split()))
    for word in search_key(words).split():
        named = Q(unit__search_key__contains=word) | Q(unit__district__search_key__contains=word)
        if word.isdigit():
            # A whole number of a name ("Phường 1" is not "Phường 10"), a code, a decision's number.
            named = (
                Q(unit__search_key__endswith=f" {word}")
                | Q(unit__search_key__contains=f" {word} ")
                | Q(unit__search_key=word)
                | Q(unit__code=word)
                | Q(document__number__startswith=word)
            )
        recognitions = recognitions.filter(named)
    return recognitions
