"""Answering one criterion. One press saves everything on the page: answers and evidence."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import READERS, STATION, NotReady, PortalRequest, allow
from assessments.actions.answering import (
    Stored,
    VersionConflict,
    save_criterion,
    sent_sentence,
)
from assessments.actions.evidence import remove_attachment
from assessments.actions.moving import localised
from assessments.forms.answers import CriterionForm
from assessments.forms.evidence import DOCUMENT_PARTS, EvidenceForm, Intake
from assessments.models import Assessment, Attachment, CriterionResult
from assessments.permissions import require_station
from assessments.views.station_conflict import Conflict, Said, chosen, compare
from assessments.views.station_criterion_page import CriterionPage, Reply, show

NOTHING_TO_SAVE = "Chưa có gì để lưu ở tiêu chí này."
ANOTHER_PERSON = (
    "Trang này do một tài khoản khác mở. Chưa lưu gì; nội dung vừa nhập vẫn còn dưới đây. "
    "Hãy đăng nhập lại bằng tài khoản đã mở trang, hoặc tải lại trang."
)
ALL_DONE = "Tất cả tiêu chí đã có kết quả. Đồng chí kiểm tra lại trước khi nộp."


@allow(*STATION, *READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def criterion(request: PortalRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """Show a criterion, or save what the station typed and chose."""
    page = CriterionPage(request, pk, code)
    if request.method == "POST":
        return take(request, page)
    return show(request, page)


@allow(*STATION)
@require_http_methods(["GET", "POST"])
def evidence_remove(
    request: PortalRequest, pk: uuid.UUID, attachment_pk: uuid.UUID
) -> HttpResponse:
    """Take evidence off its criterion, saving what else was typed on the page."""
    attachment = get_object_or_404(
        Attachment.objects.select_related("evidence", "criterion"),
        pk=attachment_pk,
        assessment__in=Assessment.objects.visible_to(request.user).filter(pk=pk),
    )
    page = CriterionPage(request, pk, attachment.criterion.code)
    if request.method != "POST":
        return redirect(f"{page.address_of_self()}#minh-chung")
    attachment.assessment = page.assessment
    return take(request, page, attachment)


def take(
    request: PortalRequest, page: CriterionPage, attachment: Attachment | None = None
) -> HttpResponse:
    """Save answers, add and remove evidence; each part stands although another is refused."""
    require_station(page.assessment, page.user)
    now = timezone.now()
    # A form that lost its fields on the way must not read as a page of empty answers.
    whole = {"version", "note"} <= request.POST.keys()
    form = page.form(request.POST) if whole else None
    if not page.assessment.is_editable:
        typed = EvidenceForm(request.POST, today=timezone.localdate(now))
        reply = Reply(form=form, evidence=typed, refusal=sent_sentence(page.assessment))
        return show(request, page, reply, status=409)

    if opened_by_another(request):
        typed = EvidenceForm(request.POST, today=timezone.localdate(now))
        return show(request, page, Reply(form=form, evidence=typed, refusal=ANOTHER_PERSON), 409)

    done: list[str] = []
    evidence, intake = take_evidence(request, page, now)
    if intake.taken:
        done.append(f"Đã thêm {len(intake.taken)} tài liệu: {', '.join(intake.taken)}.")
    if attachment is not None:
        try:
            remove_attachment(attachment, by=page.user, now=now)
            done.append(f"Đã gỡ tài liệu “{attachment.evidence.label}”.")
        except NotReady as refusal:
            intake.refused.append(refusal.sentence)

    reply, status = take_answers(request, page, form, done, now)
    if done:
        messages.success(request, " ".join(done))
    reply.refused = intake.refused
    reply.evidence = evidence
    if status or intake.refused or evidence is not None:
        fresh = CriterionPage(request, page.assessment.pk, page.criterion.code)
        return show(request, fresh, reply, status=status or 400)
    if not done:
        messages.info(request, as_stored(page))
    return onwards(request, page, to_evidence=bool(intake.taken or attachment))


def take_evidence(
    request: PortalRequest, page: CriterionPage, now: datetime
) -> tuple[EvidenceForm | None, Intake]:
    """Attach what was sent; the form comes back only when something in it has to be corrected."""
    today = timezone.localdate(now)
    form = EvidenceForm(request.POST, request.FILES, today=today)
    if not form.is_valid():
        return form, Intake()
    intake = form.attach(page.assessment, page.criterion, by=page.user, now=now)
    if not intake.refused:
        return None, intake
    # What was typed about the refused ones stays; what was taken is not offered again.
    typed = request.POST.copy()
    typed.pop("not_secret", None)
    if not intake.citation_refused:
        for part in DOCUMENT_PARTS:
            typed.pop(f"cite_{part}", None)
    return EvidenceForm(typed, today=today), intake


def take_answers(
    request: PortalRequest,
    page: CriterionPage,
    form: CriterionForm | None,
    done: list[str],
    now: datetime,
) -> tuple[Reply, int]:
    """Save the answers and say so in `done`; else the reply and status that give them back."""
    if form is None:
        return Reply(), 0
    if not form.is_valid():
        return Reply(form=form), 400
    said = chosen(form, page.stored, request.POST)
    # The same content sent again (double press, retry) is no conflict and no new version.
    if said.is_stored(page.stored):
        return Reply(), 0
    try:
        result = save(page, said, form, now)
    except VersionConflict as found:
        return conflict_reply(request, page, said, found), 409
    except NotReady as refusal:
        return Reply(form=form, refusal=refusal.sentence), 409
    done.insert(0, f"Đã lưu tiêu chí {page.criterion.code}: {result.get_outcome_display()}.")
    return Reply(), 0


def save(page: CriterionPage, said: Said, form: CriterionForm, now: datetime) -> CriterionResult:
    """Save what was said on the version that the form shows.

    Raises:
        VersionConflict: saved elsewhere meanwhile.
        NotReady: the file is no longer editable.
    """
    return save_criterion(
        page.assessment,
        page.criterion,
        said.values,
        note=said.note,
        explanation=said.explanation,
        confirmed=said.confirmed,
        version=form.version,
        by=page.user,
        now=now,
        stored=page.stored,
    )


def opened_by_another(request: PortalRequest) -> bool:
    """Whether the form was opened by somebody else at this PC, who has signed out since."""
    opened_by = request.POST.get("opened_by", "")
    return bool(opened_by) and opened_by != str(request.user.pk)


def conflict_of(page: CriterionPage, said: Said, found: VersionConflict) -> Conflict:
    """Both versions in words, with what is stored now."""
    now = Stored.read(page.assessment, page.criterion)
    return Conflict(found.sentence, now.result, compare(page.criterion, said, now))


def conflict_reply(
    request: PortalRequest, page: CriterionPage, said: Said, found: VersionConflict
) -> Reply:
    """Both versions side by side; sending the form once more saves what is chosen of them."""
    conflict = conflict_of(page, said, found)
    data = request.POST.copy()
    data["version"] = str(conflict.current.version)
    again = page.form(data)
    again.is_valid()
    return Reply(form=again, conflict=conflict)


def as_stored(page: CriterionPage) -> str:
    """What stands saved, for a press that found nothing left to save."""
    result = page.stored.result
    if result.updated_at is None:
        return NOTHING_TO_SAVE
    return (
        f"Tiêu chí {page.criterion.code} đã được lưu lúc {localised(result.updated_at)}: "
        f"{result.get_outcome_display()}."
    )


def onwards(request: PortalRequest, page: CriterionPage, *, to_evidence: bool) -> HttpResponse:
    """Back to the same criterion, or on to the next unfinished one."""
    here = page.address_of_self()
    if request.POST.get("action") != "next":
        return redirect(f"{here}#minh-chung" if to_evidence else here)
    fresh = CriterionPage(request, page.assessment.pk, page.criterion.code)
    work = fresh.next_unfinished(after=page.criterion.code)
    if work is not None:
        return redirect(fresh.address("criterion", work.criterion.code))
    if not fresh.here.unfinished:
        messages.info(request, ALL_DONE)
    return redirect(fresh.address("check"))
