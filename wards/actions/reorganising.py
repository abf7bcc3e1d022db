"""Reorganising units: predecessors end on the eve, successors begin, on a day and by a document."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.access import NotReady
from accounts.models import Role, User
from wards.actions.citing import cite
from wards.actions.posting import post
from wards.actions.telling import tell_reorganised
from wards.boundaries import (
    Draft,
    NewUnit,
    district_of,
    require_day,
    require_possible,
    require_right,
    require_shape,
)
from wards.models import LegalDocument, Posting, Province, Reorganisation, Succession, Unit

TAKEN = "Mã hoặc tên đơn vị mới vừa được ghi ở nơi khác; thao tác của đồng chí chưa được ghi."


def reorganise(draft: Draft, *, key: uuid.UUID, by: User, now: datetime) -> Reorganisation:
    """End the predecessors on the eve, begin the successors, say who became whom, tell people.

    `key` is the form it came from: the same press twice is one reorganisation.

    Raises:
        NotAllowed: not a coordinator of the province of every unit concerned.
        NotReady: why these units cannot be reorganised so; nothing is written then.
    """
    if (done := Reorganisation.objects.filter(key=key).first()) is not None:
        return done
    draft = _tidy(draft)
    require_right(draft, by)
    require_shape(draft)
    require_day(draft, timezone.localdate(now))
    try:
        with transaction.atomic():
            _hold(draft)
            if (done := Reorganisation.objects.filter(key=key).first()) is not None:
                return done
            return _record(_fresh(draft), key=key, by=by, now=now)
    except IntegrityError:
        if (done := Reorganisation.objects.filter(key=key).first()) is not None:
            return done
        raise NotReady(TAKEN) from None


def _tidy(draft: Draft) -> Draft:
    return replace(
        draft,
        new_units=[
            replace(one, code=one.code.strip(), name=one.stored_name if one.name.strip() else "")
            for one in draft.new_units
        ],
        note=draft.note.strip(),
    )


def _hold(draft: Draft) -> None:
    """Whoever else reorganises in these provinces waits; on SQLite the transaction is alone."""
    concerned = {unit.province_id for unit in (*draft.predecessors, *draft.successors)}
    concerned |= {one.province.pk for one in draft.new_units}
    held = Province.objects.select_for_update(no_key=True).filter(pk__in=concerned)
    list(held.order_by("pk"))


def _fresh(draft: Draft) -> Draft:
    """The units as they are now, not as the form once saw them."""
    wanted = [*draft.predecessors, *draft.successors]
    rows = Unit.objects.with_places().in_bulk([unit.pk for unit in wanted])
    for unit in wanted:
        if unit.pk not in rows:
            raise NotReady(f"{unit.heading_name} không còn trong danh sách đơn vị.")
    return replace(
        draft,
        predecessors=[rows[unit.pk] for unit in draft.predecessors],
        successors=[rows[unit.pk] for unit in draft.successors],
    )


def _record(draft: Draft, *, key: uuid.UUID, by: User, now: datetime) -> Reorganisation:
    require_possible(draft)
    document = cite(draft.number, draft.issued_on, issuer=draft.issuer, title=draft.title)
    row = Reorganisation.objects.create(
        on=draft.on,
        kind=draft.kind,
        document=document,
        note=draft.note,
        key=key,
        recorded_at=now,
        recorded_by=by,
    )
    ended = [] if draft.keeps_predecessor else list(draft.predecessors)
    _end(ended, draft)
    begun = [_begin(new, draft) for new in draft.new_units]
    Succession.objects.bulk_create(
        Succession(reorganisation=row, predecessor=before, successor=after)
        for before in draft.predecessors
        for after in (*draft.successors, *begun)
    )
    _log(row, draft, begun, document, by=by, now=now)
    tell_reorganised(row, draft, begun, document, by=by, now=now)
    released = _release(ended, draft, by=by, now=now)
    _go_on(released, begun, draft, by=by, now=now)
    return row


def _end(units: Sequence[Unit], draft: Draft) -> None:
    """Compare and set: whoever ended one of them a moment ago goes first."""
    for unit in units:
        if unit.valid_to == draft.eve:
            continue
        ended = Unit.objects.filter(pk=unit.pk, valid_to__isnull=True).update(valid_to=draft.eve)
        if not ended:
            raise NotReady(
                f"{unit.heading_name} vừa được sắp xếp ở nơi khác; thao tác của đồng chí chưa "
                "được ghi."
            )


def _begin(new: NewUnit, draft: Draft) -> Unit:
    return Unit.objects.create(
        code=new.code,
        name=new.name,
        kind=new.kind,
        province=new.province,
        district=district_of(draft, new),
        key_area=new.key_area,
        valid_from=draft.on,
    )


def _log(
    row: Reorganisation,
    draft: Draft,
    begun: Sequence[Unit],
    document: LegalDocument,
    *,
    by: User,
    now: datetime,
) -> None:
    """One entry for each unit concerned, so that every unit's own trail tells it."""
    details = {
        "kind": draft.kind.value,
        "on": draft.on,
        "document": document.number,
        "from": [unit.code for unit in draft.predecessors],
        "into": [unit.code for unit in (*draft.successors, *begun)],
        "keeps_predecessor": draft.keeps_predecessor,
    }
    for unit in (*draft.predecessors, *draft.successors, *begun):
        audit.record(
            "units_reorganised",
            row,
            by=by,
            now=now,
            province_code=unit.province.code,
            unit_id=unit.pk,
            details=details,
        )


def _release(ended: Sequence[Unit], draft: Draft, *, by: User, now: datetime) -> list[Posting]:
    """End the postings at units that end; one that was to begin later ends on its first day."""
    postings = (
        Posting.objects.filter(unit__in=ended)
        .exclude(ends__lt=draft.on)
        .select_related("user", "unit__province", "unit__district")
        .order_by("pk")
    )
    released = list(postings)
    for posting in released:
        posting.ends = max(draft.eve, posting.starts)
        posting.save(update_fields=["ends"])
        audit.record(
            "posting_ended",
            posting,
            by=by,
            now=now,
            province_code=posting.unit.province.code if posting.unit else "",
            unit_id=posting.unit_id or "",
            details={"ends": posting.ends, "because": "units_reorganised"},
        )
    return released


def _go_on(
    released: Sequence[Posting],
    begun: Sequence[Unit],
    draft: Draft,
    *,
    by: User,
    now: datetime,
) -> None:
    """Commanders of predecessors who command a successor from the day on."""
    known = {posting.pk: posting for posting in released if posting.role == Role.COMMANDER}
    led: set[int] = set()
    for pk, place in draft.commanders:
        posting = known.get(pk)
        if posting is None or not 0 <= place < len(begun):
            raise NotReady("Phân công Trưởng Công an không còn đúng; hãy xem lại hệ quả.")
        if place in led:
            raise NotReady(
                f"{begun[place].heading_name} chỉ có một Trưởng Công an; hãy chọn một người."
            )
        led.add(place)
        post(
            posting.user,
            Role.COMMANDER,
            starts=draft.on,
            title=posting.title,
            unit=begun[place],
            by=by,
            now=now,
        )
