"""The commander gives criteria to officers, one or several at once."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import STATION, NotReady, PortalRequest, allow
from accounts.models import User
from assessments.actions.assigning import NOT_POSTED_HERE, assign, station_people
from assessments.views.station_criterion_page import CriterionPage, Reply, show
from assessments.views.station_page import StationPage
from assessments.views.station_tasks import show_tasks
from criteria.models import Criterion

NOBODY = "khong-giao"
NOTHING_TICKED = "Chưa chọn tiêu chí nào. Hãy đánh dấu các tiêu chí cần giao rồi bấm “Giao”."
NO_PERSON = "Chưa chọn cán bộ. Hãy chọn người được giao rồi bấm “Giao”."
INCOMPLETE = frozenset({NOTHING_TICKED, NO_PERSON})


@allow(*STATION)
@require_http_methods(["GET", "POST"])
def assign_criteria(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the ticked criteria to the chosen person; `from` names the criterion page left."""
    page = StationPage(request, pk)
    if request.method == "POST":
        criteria = page.criteria_named(request.POST.getlist("criteria"))
        left = len(criteria) == 1 and request.POST.get("from") == criteria[0].code
        try:
            tell(request, page, criteria)
        except NotReady as refusal:
            status = 400 if refusal.sentence in INCOMPLETE else 409
            if left:
                criterion = CriterionPage(request, pk, criteria[0].code)
                return show(request, criterion, Reply(refusal=refusal.sentence), status)
            messages.error(request, refusal.sentence)
            return show_tasks(request, StationPage(request, pk), status=status)
        if left:
            return redirect(page.address("criterion", criteria[0].code))
    return redirect(page.address("assessment"))


def tell(request: PortalRequest, page: StationPage, criteria: list[Criterion]) -> None:
    """Assign and say what changed.

    Raises:
        NotReady: nothing or nobody chosen, or the file is no longer editable.
    """
    now = timezone.now()
    to = chosen_person(request, page)
    if not criteria:
        raise NotReady(NOTHING_TICKED)
    moved = assign(page.assessment, criteria, to, by=page.user, now=now)
    codes = ", ".join(criterion.code for criterion in moved)
    if not moved:
        messages.info(request, "Phân công không có gì thay đổi.")
    elif to is None:
        messages.success(request, f"Đã bỏ phân công {codes}.")
    else:
        messages.success(request, f"Đã giao {codes} cho đồng chí {to.full_name}.")


def chosen_person(request: PortalRequest, page: StationPage) -> User | None:
    """The person chosen among those of the station; None to take the criteria back.

    Raises:
        NotReady: nobody was chosen, or somebody who does not serve there.
    """
    chosen = request.POST.get("person", "")
    if chosen == NOBODY:
        return None
    if not chosen:
        raise NotReady(NO_PERSON)
    for person in station_people(page.assessment, timezone.now()):
        if str(person.pk) == chosen:
            return person
    raise NotReady(NOT_POSTED_HERE)
