"""Commendations: recorded beside recognition, never counted as one."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions.recognising import FUTURE, require_coordinator, require_in_scope
from assessments.models import Commendation
from criteria.models import Programme
from wards.actions.citing import cite
from wards.models import LegalDocument, Unit

FORM_REQUIRED = "Cần nêu hình thức khen thưởng."
REASON_REQUIRED = "Cần nêu lý do gỡ khen thưởng đã ghi."
GONE = "Khen thưởng này vừa được gỡ ở nơi khác; thao tác của đồng chí không thay đổi gì."


def commend(
    programme: Programme,
    unit: Unit,
    *,
    form: str,
    number: str,
    decided_on: date,
    issuer: str,
    title: str = "",
    for_year: int | None = None,
    note: str = "",
    by: User,
    now: datetime,
    is_sample: bool = False,
) -> Commendation:
    """Record a certificate of merit or the like; a unit may have several, in one year too.

    Raises:
        NotAllowed: not a coordinator of the unit's province.
        NotReady: no form, a date in the future, a year after the decision, a unit that the
            programme does not concern that day, recorded already, or the number is of another
            body or date.
    """
    require_coordinator(unit, by)
    form = " ".join(form.split())
    if not form:
        raise NotReady(FORM_REQUIRED)
    if decided_on > timezone.localdate(now):
        raise NotReady(FUTURE)
    if for_year is not None and for_year > decided_on.year:
        raise NotReady(
            f"Quyết định ngày {decided_on:%d/%m/%Y} không thể khen thưởng thành tích năm "
            f"{for_year}."
        )
    with transaction.atomic():
        require_in_scope(programme, unit, decided_on)
        document = cite(number, decided_on, issuer=issuer, title=title, is_sample=is_sample)
        _require_new(programme, unit, document, form)
        try:
            with transaction.atomic():
                commendation = Commendation.objects.create(
                    programme=programme,
                    unit=unit,
                    form=form,
                    document=document,
                    decided_on=decided_on,
                    for_year=for_year,
                    note=note,
                    is_sample=is_sample,
                    recorded_at=now,
                    recorded_by=by,
                )
        except IntegrityError:
            _require_new(programme, unit, document, form)
            raise
        _record("commendation_recorded", commendation, {}, by=by, now=now)
    return commendation


def remove(commendation: Commendation, *, reason: str, by: User, now: datetime) -> None:
    """Take away a commendation that was entered by mistake; the audit trail keeps what it said.

    Raises:
        NotAllowed: not a coordinator of the unit's province.
        NotReady: no reason, or taken away by somebody else meanwhile.
    """
    require_coordinator(commendation.unit, by)
    if not reason.strip():
        raise NotReady(REASON_REQUIRED)
    with transaction.atomic():
        held = Commendation.objects.select_for_update(of=("self",)).filter(pk=commendation.pk)
        found = held.select_related("document", "programme", "unit__province").first()
        if found is None:
            raise NotReady(GONE)
        _record("commendation_removed", found, {"reason": reason.strip()}, by=by, now=now)
        found.delete()


def _require_new(programme: Programme, unit: Unit, document: LegalDocument, form: str) -> None:
    known = Commendation.objects.filter(
        programme=programme, unit=unit, document=document, form=form
    )
    if known.exists():
        raise NotReady(f"“{form}” theo {document} đã được ghi cho {unit.full_name}.")


def _record(
    event: str, commendation: Commendation, details: dict[str, str], *, by: User, now: datetime
) -> None:
    audit.record(
        event,
        commendation,
        by=by,
        now=now,
        province_code=commendation.unit.province.code,
        unit_id=commendation.unit_id,
        details={
            "programme": commendation.programme.code,
            "form": commendation.form,
            "decision": commendation.document.number,
            "decided_on": commendation.decided_on.isoformat(),
            "for_year": commendation.for_year,
            "note": commendation.note,
            **details,
        },
    )
