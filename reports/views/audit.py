"""The audit trail: who did what, when, to what; as far as one's provinces reach."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import PortalRequest, allow
from accounts.audit import SYSTEM_ACTOR
from accounts.events import EVENTS
from accounts.models import AuditEntry, AuditHead, Role, User
from accounts.querysets import AuditEntryQuerySet
from assessments.models import Decision
from reports.forms import AuditForm
from wards.models import Province
from wards.names import search_key

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry with its sentence and what of its details a reader needs."""

    entry: AuditEntry
    sentence: str
    details: list[tuple[str, str]]


@allow(Role.COORDINATOR, Role.LEADER, Role.SYSTEM_ADMINISTRATOR)
@require_safe
def audit_trail(request: PortalRequest) -> HttpResponse:
    """Entries in reach, newest first, by event, person and day."""
    form = AuditForm(request.GET or None)
    entries = _in_reach(request)
    status = 200
    if form.is_bound:
        if form.is_valid():
            entries = _narrowed(entries, form)
        else:
            entries, status = entries.none(), 400
    page = Paginator(entries.order_by("-sequence"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "lines": [_line(entry) for entry in page.object_list],
        "head": AuditHead.objects.first(),
        "sees_all": Role.SYSTEM_ADMINISTRATOR in request.roles,
    }
    return render(request, "reports/audit.html", context, status=status)


def _in_reach(request: PortalRequest) -> AuditEntryQuerySet:
    if Role.SYSTEM_ADMINISTRATOR in request.roles:
        return AuditEntry.objects.all()
    provinces = request.user.scope.provinces_as(Role.COORDINATOR, Role.LEADER)
    codes = Province.objects.filter(pk__in=provinces).values_list("code", flat=True)
    return AuditEntry.objects.in_provinces(set(codes))


def _narrowed(entries: AuditEntryQuerySet, form: AuditForm) -> AuditEntryQuerySet:
    asked = form.cleaned_data
    if asked["su_kien"]:
        entries = entries.filter(event=asked["su_kien"])
    if words := search_key(asked["nguoi"]).split():
        entries = entries.filter(_by_person(words))
    if asked["tu"]:
        entries = entries.filter(at__gte=timezone.make_aware(datetime.combine(asked["tu"], time())))
    if asked["den"]:
        after = datetime.combine(asked["den"] + timedelta(days=1), time())
        entries = entries.filter(at__lt=timezone.make_aware(after))
    return entries


def _by_person(words: list[str]) -> Q:
    """Acts of people whose name has these words, with or without diacritics; or the system's."""

    def fits(text: str) -> bool:
        key = search_key(text)
        return all(word in key for word in words)

    people = [
        pk
        for pk, name, username in User.objects.values_list("pk", "full_name", "username")
        if fits(f"{name} {username}")
    ]
    wanted = Q(actor_id__in=people)
    return wanted | Q(actor_id__isnull=True) if fits(SYSTEM_ACTOR) else wanted


DETAIL_LABELS = {
    "criterion": "Tiêu chí",
    "receipt": "Mã tiếp nhận",
    "comment": "Ý kiến",
    "decision": "Kết quả",
    "decided_on": "Ngày quyết định",
    "year": "Năm",
    "version": "Phiên bản",
    "as_of": "Số liệu đến",
    "criteria_set": "Bộ tiêu chí",
    "file_sha256": "SHA-256 tệp",
    "error": "Lỗi",
}

WORDS = {str(value): str(label) for value, label in Decision.choices}
"""Codes that entries keep, in words."""


def _line(entry: AuditEntry) -> AuditLine:
    details = [
        (label, WORDS.get(str(entry.details[key]), str(entry.details[key])))
        for key, label in DETAIL_LABELS.items()
        if entry.details.get(key) not in (None, "")
    ]
    return AuditLine(entry, EVENTS.get(entry.event, entry.event), details)
