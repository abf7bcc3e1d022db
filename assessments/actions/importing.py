"""Keeping a filled workbook until its sender confirms it, then saving all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from django.db import transaction

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions.answering import hold_editable, save_criterion, sent_sentence
from assessments.actions.holding import all_or_nothing
from assessments.models import Assessment, WorkbookImport
from assessments.outcome import AnswerValue
from assessments.permissions import require_station
from assessments.readiness import RoundClosed, require_open
from criteria.models import Criterion

KEPT_FOR = timedelta(hours=24)
KEPT_PER_PERSON = 5
"""So many workbooks of one person may wait at one file; older ones make room."""
EXPIRED = (
    "Bản xem trước chỉ giữ trong 24 giờ nên không nhập được nữa. Phiếu không thay đổi. "
    "Hãy tải tệp lên lại."
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a workbook says of one criterion that was filled in after it was downloaded."""

    code: str
    version: int
    """The version of the criterion that the workbook was made from."""
    values: Mapping[str, AnswerValue]
    """Answers by indicator code."""
    note: str
    explanation: str
    confirmed: bool

    def as_json(self) -> dict[str, Any]:
        """For storing; numbers as text, which loses nothing."""
        return {
            "code": self.code,
            "version": self.version,
            "values": {
                code: {
                    name: str(part) if isinstance(part, Decimal) else part
                    for name, part in asdict(value).items()
                }
                for code, value in self.values.items()
            },
            "note": self.note,
            "explanation": self.explanation,
            "confirmed": self.confirmed,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `as_json` stored."""
        values = {code: _value(stored) for code, stored in data["values"].items()}
        return cls(**{**data, "values": values})


def _value(stored: Mapping[str, Any]) -> AnswerValue:
    numbers = {
        name: None if stored[name] is None else Decimal(stored[name])
        for name in ("number", "numerator", "denominator")
    }
    parts: dict[str, Any] = {**stored, **numbers}
    return AnswerValue(**parts)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A criterion to be saved as a workbook says, from the version that the preview showed."""

    criterion: Criterion
    filled: Filled
    version: int


def keep_workbook(
    assessment: Assessment,
    *,
    name: str,
    sha256: str,
    plan: Mapping[str, Any],
    by: User,
    now: datetime,
) -> WorkbookImport:
    """Store what was read until its sender decides; nothing of the file changes.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the file is no longer editable.
    """
    require_station(assessment, by)
    if refusal := why_not_editable(assessment):
        raise NotReady(refusal)
    with transaction.atomic():
        waiting = WorkbookImport.objects.filter(
            assessment=assessment, read_by=by, applied_at__isnull=True
        )
        waiting.filter(read_at__lt=now - KEPT_FOR).delete()
        newest = waiting.order_by("-read_at").values_list("pk", flat=True)
        waiting.filter(pk__in=list(newest[KEPT_PER_PERSON - 1 :])).delete()
        return WorkbookImport.objects.create(
            assessment=assessment,
            original_name=name,
            sha256=sha256,
            plan=plan,
            read_at=now,
            read_by=by,
        )


def why_not_editable(assessment: Assessment) -> str:
    """Why nothing can be imported into this file; empty when it can."""
    if not assessment.is_editable:
        return sent_sentence(assessment)
    try:
        require_open(assessment.round)
    except RoundClosed as refusal:
        return refusal.sentence
    return ""


def is_expired(waiting: WorkbookImport, now: datetime) -> bool:
    """Whether a workbook waited too long to be imported."""
    return waiting.applied_at is None and waiting.read_at < now - KEPT_FOR


def apply_workbook(
    waiting: WorkbookImport,
    wanted: Sequence[Wanted],
    *,
    kept: Sequence[str],
    by: User,
    now: datetime,
) -> bool:
    """Save every wanted criterion in one transaction, by the rules of the page.

    `kept` names the criteria whose version on the system was chosen. False when this workbook
    was imported before: a second press imports nothing.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the workbook waited too long, or the file is no longer editable.
        VersionConflict: a criterion was saved elsewhere since the preview; nothing is written.
    """
    assessment = waiting.assessment
    require_station(assessment, by)
    if is_expired(waiting, now):
        raise NotReady(EXPIRED)
    with all_or_nothing(assessment):
        done = {"taken": [one.criterion.code for one in wanted], "kept": list(kept)}
        claimed = WorkbookImport.objects.filter(pk=waiting.pk, applied_at__isnull=True).update(
            applied_at=now, applied_by=by, plan={**waiting.plan, **done}
        )
        if not claimed:
            return False
        hold_editable(assessment, by=by, now=now)
        for one in wanted:
            save_criterion(
                assessment,
                one.criterion,
                {
                    indicator.pk: one.filled.values[indicator.code]
                    for indicator in one.criterion.indicators.all()
                    if indicator.code in one.filled.values
                },
                note=one.filled.note,
                explanation=one.filled.explanation,
                confirmed=one.filled.confirmed,
                version=one.version,
                by=by,
                now=now,
            )
        audit.record(
            "workbook_applied",
            assessment,
            by=by,
            now=now,
            province_code=assessment.unit.province.code,
            unit_id=assessment.unit_id,
            details={
                "file": waiting.original_name,
                "sha256": waiting.sha256,
                "criteria": done["taken"],
                "kept": done["kept"],
            },
        )
    waiting.applied_at, waiting.applied_by = now, by
    return True


def record_download(assessment: Assessment, *, sha256: str, by: User, now: datetime) -> None:
    """Note that the file left the system as a workbook.

    Raises:
        NotAllowed: not posted at the station.
    """
    require_station(assessment, by)
    with transaction.atomic():
        audit.record(
            "workbook_downloaded",
            assessment,
            by=by,
            now=now,
            province_code=assessment.unit.province.code,
            unit_id=assessment.unit_id,
            details={"sha256": sha256},
        )
