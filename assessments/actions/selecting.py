"""Proposing the units of a year, and deciding on the proposal."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.actions.registering import hold_list, list_units, require_in_scope
from assessments.actions.telling_choice import tell_decided, tell_proposed
from assessments.deadlines import clock_words
from assessments.models import (
    Recognition,
    Registration,
    RegistrationSource,
    SelectedUnit,
    Selection,
    SelectionState,
)
from criteria.models import Programme
from wards.models import Province, Unit

ONLY_COORDINATOR = "Chỉ cán bộ tổng hợp của tỉnh được đề xuất danh sách đăng ký."
ONLY_DECIDERS = "Chỉ lãnh đạo hoặc cán bộ tổng hợp của tỉnh được quyết định về đề xuất này."
OWN_PROPOSAL = (
    "Đồng chí là người đề xuất nên không tự quyết định; cần lãnh đạo hoặc một cán bộ tổng hợp khác."
)
ONLY_AUTHOR = "Chỉ người đề xuất được rút đề xuất này."
NOTHING_CHOSEN = "Chưa chọn đơn vị nào; hãy đánh dấu ít nhất một đơn vị rồi lưu đề xuất."
NOTE_NEEDED = "Cần nêu lý do."
TAKEN_KEY = "Đề xuất này đã được người khác lưu. Hãy tải lại trang rồi chọn lại."
DONE = {
    SelectionState.APPROVED: "duyệt",
    SelectionState.DECLINED: "không duyệt",
    SelectionState.WITHDRAWN: "rút",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One chosen unit with what is known of it now."""

    unit: Unit
    of: int
    unmet_alone: int
    label: str
    missing: Sequence[Mapping[str, Any]]


def propose_list(
    programme: Programme,
    province: Province,
    year: int,
    choices: Sequence[Choice],
    *,
    key: uuid.UUID,
    as_of: date,
    basis: Mapping[str, Any],
    note: str = "",
    by: User,
    now: datetime,
    is_sample: bool = False,
) -> Selection:
    """Save a list of units for a year, frozen with what was known; the same `key` saves it once.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: nothing chosen, a year outside the programme or past, a unit the programme does
            not concern in that year, of another province, or recognised already.
    """
    if not by.scope.serves(Role.COORDINATOR, province.pk):
        raise NotAllowed(ONLY_COORDINATOR)
    known = Selection.objects.filter(pk=key).first()
    if known is not None:
        return _same(known, by)
    if not choices:
        raise NotReady(NOTHING_CHOSEN)
    if not programme.starts <= year <= programme.ends:
        raise NotReady(
            f"Năm {year} nằm ngoài thời gian của chương trình "
            f"({programme.starts}–{programme.ends})."
        )
    if year < timezone.localdate(now).year:
        raise NotReady(f"Năm {year} đã qua; danh sách của năm này chỉ xem được, không đề xuất nữa.")
    units = list({choice.unit.pk: choice.unit for choice in choices}.values())
    try:
        with transaction.atomic():
            hold_list(programme)
            _require_choosable(programme, province, units, year, now=now)
            selection = Selection.objects.create(
                pk=key,
                programme=programme,
                province=province,
                year=year,
                as_of=as_of,
                basis=dict(basis),
                note=note.strip(),
                proposed_at=now,
                proposed_by=by,
                is_sample=is_sample,
            )
            SelectedUnit.objects.bulk_create(
                SelectedUnit(
                    selection=selection,
                    unit=choice.unit,
                    position=position,
                    unmet=len(choice.missing),
                    unmet_alone=choice.unmet_alone,
                    of=choice.of,
                    label=choice.label,
                    missing=[dict(one) for one in choice.missing],
                )
                for position, choice in enumerate(
                    {one.unit.pk: one for one in choices}.values(), start=1
                )
            )
            details = {"units": [unit.code for unit in units]}
            _record("selection_proposed", selection, details, by=by, now=now)
            tell_proposed(selection, units=[unit.heading_name for unit in units], now=now)
    except IntegrityError:
        known = Selection.objects.filter(pk=key).first()
        if known is None:
            raise
        return _same(known, by)
    return selection


def approve(selection: Selection, *, note: str = "", by: User, now: datetime) -> list[Registration]:
    """Approve a list: its units that are not on the year's list yet are registered.

    Returns the registrations that this opened.

    Raises:
        NotAllowed: neither a leader nor another coordinator of the province.
        NotReady: decided already, or units that the programme no longer concerns or that were
            recognised meanwhile.
    """
    require_decider(selection, by)
    with transaction.atomic():
        hold_list(selection.programme)
        if not _decide(selection, SelectionState.APPROVED, note=note, by=by, now=now):
            return list(selection.registrations.select_related("unit"))
        chosen = selection.chosen.select_related("unit__district", "unit__province")
        units = [row.unit for row in chosen]
        _require_choosable(selection.programme, selection.province, units, selection.year, now=now)
        listed = set(
            Registration.objects.filter(
                programme=selection.programme, year=selection.year
            ).values_list("unit", flat=True)
        )
        made = list_units(
            selection.programme,
            selection.year,
            [unit for unit in units if unit.pk not in listed],
            source=RegistrationSource.PROVINCE,
            selection=selection,
            details={"selection": str(selection.pk)},
            is_sample=selection.is_sample,
            by=by,
            now=now,
        )
        details = {"registered": [one.unit.code for one in made]}
        _record("selection_approved", selection, details, by=by, now=now)
        tell_decided(selection, now=now)
    return made


def decline(selection: Selection, *, note: str, by: User, now: datetime) -> None:
    """Say no to a list, with the reason.

    Raises:
        NotAllowed: neither a leader nor another coordinator of the province.
        NotReady: no reason, or decided already.
    """
    require_decider(selection, by)
    if not note.strip():
        raise NotReady(NOTE_NEEDED)
    with transaction.atomic():
        if _decide(selection, SelectionState.DECLINED, note=note, by=by, now=now):
            _record("selection_declined", selection, {"note": note.strip()}, by=by, now=now)
            tell_decided(selection, now=now)


def withdraw(selection: Selection, *, note: str, by: User, now: datetime) -> None:
    """Take one's own proposal back, with the reason.

    Raises:
        NotAllowed: somebody else's proposal.
        NotReady: no reason, or decided already.
    """
    if selection.proposed_by_id != by.pk:
        raise NotAllowed(ONLY_AUTHOR)
    if not note.strip():
        raise NotReady(NOTE_NEEDED)
    with transaction.atomic():
        if _decide(selection, SelectionState.WITHDRAWN, note=note, by=by, now=now):
            _record("selection_withdrawn", selection, {"note": note.strip()}, by=by, now=now)


def may_decide(selection: Selection, user: User) -> bool:
    """Whether this person may approve or decline: a leader or a coordinator, not its author."""
    serves = user.scope.serves
    return selection.proposed_by_id != user.pk and (
        serves(Role.LEADER, selection.province_id)
        or serves(Role.COORDINATOR, selection.province_id)
    )


def require_decider(selection: Selection, user: User) -> None:
    """May approve or decline this proposal.

    Raises:
        NotAllowed: its author, or nobody of the province's leaders and coordinators.
    """
    if may_decide(selection, user):
        return
    if selection.proposed_by_id == user.pk:
        raise NotAllowed(OWN_PROPOSAL)
    raise NotAllowed(ONLY_DECIDERS)


def require_part(selection: Selection, user: User) -> None:
    """May decide on this proposal, or take it back as its author.

    Raises:
        NotAllowed: neither.
    """
    if selection.proposed_by_id != user.pk:
        require_decider(selection, user)


def _decide(
    selection: Selection, state: SelectionState, *, note: str, by: User, now: datetime
) -> bool:
    """Settle it unless somebody has; False when this person decided the same before."""
    changed = Selection.objects.filter(pk=selection.pk, state=SelectionState.PROPOSED).update(
        state=state, decision_note=note.strip(), decided_at=now, decided_by=by
    )
    selection.refresh_from_db()
    if changed:
        return True
    if selection.state == state and selection.decided_by_id == by.pk:
        return False
    raise NotReady(already_decided(selection))


def already_decided(selection: Selection) -> str:
    """Who decided before, what and when."""
    when = clock_words(selection.decided_at) if selection.decided_at else ""
    done = DONE[SelectionState(selection.state)]
    return (
        f"Đồng chí {selection.decided_by} đã {done} đề xuất này lúc {when}. "
        "Thao tác của đồng chí chưa được ghi."
    )


def _same(selection: Selection, by: User) -> Selection:
    if selection.proposed_by_id != by.pk:
        raise NotReady(TAKEN_KEY)
    return selection


def _require_choosable(
    programme: Programme, province: Province, units: Sequence[Unit], year: int, *, now: datetime
) -> None:
    require_in_scope(programme, units, year, now=now)
    if programme.province_id is None:
        elsewhere = [unit.heading_name for unit in units if unit.province_id != province.pk]
        if elsewhere:
            raise NotReady(f"Không thuộc tỉnh {province.name}: {'; '.join(elsewhere)}.")
    recognised = set(
        Recognition.objects.filter(programme=programme, unit__in=units)
        .in_force_on(timezone.localdate(now))
        .values_list("unit", flat=True)
    )
    if recognised:
        names = "; ".join(unit.heading_name for unit in units if unit.pk in recognised)
        raise NotReady(f"Đã được công nhận, không cần đăng ký: {names}. Hãy bỏ chọn rồi lưu lại.")


def _record(
    event: str, selection: Selection, details: dict[str, Any], *, by: User, now: datetime
) -> None:
    audit.record(
        event,
        selection,
        by=by,
        now=now,
        province_code=selection.province.code,
        details={"programme": selection.programme.code, "year": selection.year, **details},
    )
