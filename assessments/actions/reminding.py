"""Reminders of what is due: to whoever is late, and one digest a day to each coordinator.

A slot (`assessments.actions.due_files`) is sent once, whoever asks and however often.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts import notices
from accounts.models import Notice, Role, User
from assessments.actions.audience import file_of, name_of, paragraphs, people_of
from assessments.actions.due_files import Due, plan
from assessments.deadlines import full_words
from assessments.models import (
    Assessment,
    CriterionResult,
    Decision,
    Verdict,
)
from assessments.workflow import Status
from criteria.scale import Outcome
from wards.models import Posting

LISTED = 40
"""Units a digest names; it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What keeps a file from being handed in: criterion codes in order, and whose they are."""

    codes: list[str] = field(default_factory=list)
    by_officer: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))


def remind(*, now: datetime) -> int:
    """Send every slot that has come and was not sent; how many files were reminded of.

    One transaction for each province, so a crash leaves whole provinces done or to be done.
    """
    count = 0
    for _, group in groupby(plan(now=now), key=lambda due: due.assessment.unit.province_id):
        with transaction.atomic():
            count += _remind_province(list(group), now)
    return count


def _remind_province(dues: list[Due], now: datetime) -> int:
    slotted = [due for due in dues if due.slot is not None]
    sent = set(
        Notice.objects.filter(key__in=[due.key for due in slotted])
        .order_by()
        .values_list("key", flat=True)
        .distinct()
    )
    fresh = [due for due in slotted if due.key not in sent]
    if not fresh:
        return 0
    today = fresh[0].today
    unfinished = _unfinished([due.assessment for due in fresh])
    serving = _serving([due.assessment.unit_id for due in fresh], today)
    reached = [
        due
        for due in fresh
        if _tell_station(due, unfinished[due.assessment.pk], serving, now)
        or (due.slot is not None and due.slot.day == today)
    ]
    if reached:
        _tell_coordinators(dues, serving_commanders=_with_commander(dues, today), now=now)
    return len(reached)


People = Mapping[tuple[object, str], list[User]]


def _serving(units: Iterable[object], day: date) -> People:
    """Who serves at these units' stations, by unit and role."""
    found: dict[tuple[object, str], list[User]] = defaultdict(list)
    postings = Posting.objects.active_on(day).filter(
        unit_id__in=list(units), user__is_active=True, role__in=[Role.COMMANDER, Role.OFFICER]
    )
    for posting in postings.select_related("user").order_by("pk"):
        found[posting.unit_id, posting.role].append(posting.user)
    return found


def _with_commander(dues: list[Due], day: date) -> set[object]:
    return {
        unit
        for unit, role in _serving([due.assessment.unit_id for due in dues], day)
        if role == Role.COMMANDER
    }


def _unfinished(files: list[Assessment]) -> Mapping[object, Unfinished]:
    """Criteria without a confirmed result, and in returned files those that were sent back."""
    found: dict[object, Unfinished] = defaultdict(Unfinished)
    open_results = CriterionResult.objects.filter(
        Q(outcome=Outcome.UNANSWERED) | Q(carried_from__isnull=False), assessment__in=files
    )
    sent_back = CriterionResult.objects.filter(
        Exists(
            Verdict.objects.filter(
                submission__assessment=OuterRef("assessment"),
                submission__number=OuterRef("assessment__submissions_made"),
                criterion=OuterRef("criterion"),
                decision=Decision.MORE,
            )
        ),
        assessment__in=[file for file in files if file.status == Status.RETURNED],
    )
    results = (
        (open_results | sent_back)
        .select_related("criterion")
        .order_by("assessment_id", "criterion__position")
    )
    for result in results:
        unfinished = found[result.assessment_id]
        unfinished.codes.append(result.criterion.code)
        if result.assigned_to_id is not None:
            unfinished.by_officer[result.assigned_to_id].append(result.criterion.code)
    return found


def _tell_station(due: Due, unfinished: Unfinished, serving: People, now: datetime) -> bool:
    """Remind the commander, and the officers whose criteria are open; False when nobody serves."""
    assessment = due.assessment
    returned = assessment.status == Status.RETURNED
    what = "bổ sung và nộp lại" if returned else "nộp"
    event = "deadline_missed" if due.days_left < 0 else "deadline_near"
    path = reverse("assessment", args=[assessment.pk])
    commanders = serving.get((assessment.unit_id, Role.COMMANDER), [])
    when = full_words(assessment.due_at)
    todo = (
        f"Còn {len(unfinished.codes)} tiêu chí "
        f"{'cần bổ sung' if returned else 'chưa có kết quả'}: {', '.join(unfinished.codes)}."
        if unfinished.codes
        else "Các tiêu chí đã có kết quả; chỉ còn kiểm tra và nộp phiếu."
    )
    notices.tell(
        commanders,
        key=due.key,
        event=event,
        title=f"{name_of(assessment)}: {due.words}, cần {what} {file_of(assessment)}",
        body=paragraphs(f"Hạn: {when}.", todo),
        path=path,
        now=now,
    )
    officers = [
        one
        for one in serving.get((assessment.unit_id, Role.OFFICER), [])
        if one.pk in unfinished.by_officer
    ]
    for officer in officers:
        own = unfinished.by_officer[officer.pk]
        notices.tell(
            [officer],
            key=due.key,
            event=event,
            title=f"{name_of(assessment)}: {due.words}, {len(own)} tiêu chí giao cho đồng chí "
            "chưa xong",
            body=paragraphs(f"Tiêu chí: {', '.join(own)}.", f"Hạn của phiếu: {when}."),
            path=path,
            now=now,
        )
    return bool(commanders or officers)


def _tell_coordinators(dues: list[Due], *, serving_commanders: set[object], now: datetime) -> None:
    """One digest a day: who is late and who is still to come, the latest first."""
    province = dues[0].assessment.unit.province
    today = dues[0].today
    late = [due for due in dues if due.days_left < 0]
    lines = [
        f"- {name_of(due.assessment)}: {due.words} (hạn {due.on:%d/%m/%Y}), "
        f"{due.assessment.get_status_display().lower()}"
        + (
            ""
            if due.assessment.unit_id in serving_commanders
            else "; chưa có Trưởng Công an phường trong hệ thống"
        )
        for due in sorted(dues, key=lambda due: due.days_left)
    ]
    if len(lines) > LISTED:
        lines = [*lines[:LISTED], f"… và {len(lines) - LISTED} đơn vị khác."]
    notices.tell(
        people_of(province, Role.COORDINATOR, day=today),
        key=f"digest:{province.pk}:{today.isoformat()}",
        event="deadline_digest",
        title=f"{province}: {len(dues)} đơn vị chưa nộp phiếu"
        + (f", trong đó {len(late)} đơn vị quá hạn" if late else ""),
        body="\n".join(lines),
        path=reverse("home"),
        now=now,
    )
