"""From verified to recognised: the province proposes, the Minister's decision is recorded."""

import re
import uuid
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.access import NotReady
from accounts.models import Role, User
from assessments.actions.moving import move
from assessments.actions.second_look import require_no_open_appeal
from assessments.models import Assessment, Recognition
from assessments.permissions import require_province
from assessments.readiness import latest_submission, unmet_verdicts
from assessments.workflow import Status
from wards.models import LegalDocument


def propose(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Propose the unit for recognition: all criteria were found met by the province.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: not verified yet, a verdict is contested, or criteria that were not found met.
    """
    require_province(assessment, by, Role.COORDINATOR)
    with transaction.atomic():
        # Held from here on: no appeal comes or is decided between these checks and the move.
        Assessment.objects.filter(pk=assessment.pk).update(status=F("status"))
        require_no_open_appeal(assessment, "đề nghị công nhận")
        submission = latest_submission(assessment)
        if submission is not None and (unmet := unmet_verdicts(submission)):
            codes = ", ".join(gap.criterion.code for gap in unmet)
            raise NotReady(
                f"Chưa đề nghị được: {len(unmet)} tiêu chí chưa được thẩm định đạt ({codes})."
            )
        move(assessment, Status.PROPOSED, by=by, now=now)


def withdraw_proposal(assessment: Assessment, *, comment: str, by: User, now: datetime) -> None:
    """Take a proposal back before a decision on it is recorded.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: nothing is proposed, or no reason is given.
    """
    require_province(assessment, by, Role.COORDINATOR)
    if not comment.strip():
        raise NotReady("Cần nêu lý do rút đề nghị.")
    with transaction.atomic():
        move(assessment, Status.VERIFIED, by=by, now=now, comment=comment.strip())


def recognise(
    assessment: Assessment,
    *,
    number: str,
    decided_on: date,
    issuer: str,
    title: str = "",
    note: str = "",
    by: User,
    now: datetime,
    is_sample: bool = False,
) -> Recognition:
    """Record the decision that recognises the unit for the round's year.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: not proposed, a date in the future or before the conclusion, the unit is
            recognised for this year already, or the number is of another body or date.
    """
    require_province(assessment, by, Role.COORDINATOR)
    if decided_on > timezone.localdate(now):
        raise NotReady("Ngày quyết định không được ở sau ngày hôm nay.")
    if assessment.verified_at and decided_on < timezone.localdate(assessment.verified_at):
        raise NotReady(
            "Ngày quyết định không được ở trước ngày kết luận thẩm định "
            f"({timezone.localdate(assessment.verified_at):%d/%m/%Y})."
        )
    with transaction.atomic():
        year = assessment.round.year
        recognised = Recognition.objects.filter(
            programme=assessment.round.programme, unit=assessment.unit, for_year=year
        )
        if recognised.exists():
            raise NotReady(f"Đơn vị đã có quyết định công nhận cho năm {year}.")
        document = _decision_document(number, decided_on, issuer, title, is_sample=is_sample)
        move(
            assessment,
            Status.RECOGNISED,
            by=by,
            now=now,
            details={"decision": number, "decided_on": decided_on.isoformat()},
        )
        return Recognition.objects.create(
            programme=assessment.round.programme,
            unit=assessment.unit,
            document=document,
            decided_on=decided_on,
            for_year=year,
            assessment=assessment,
            note=note,
            is_sample=is_sample,
            recorded_at=now,
            recorded_by=by,
        )


def decline(assessment: Assessment, *, comment: str, by: User, now: datetime) -> None:
    """Record that the proposal did not lead to recognition.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: nothing is proposed, or no reason is given.
    """
    require_province(assessment, by, Role.COORDINATOR)
    if not comment.strip():
        raise NotReady("Cần nêu lý do không được công nhận.")
    with transaction.atomic():
        move(assessment, Status.NOT_RECOGNISED, by=by, now=now, comment=comment.strip())


def _decision_document(
    number: str, decided_on: date, issuer: str, title: str, *, is_sample: bool
) -> LegalDocument:
    number = " ".join(number.split())
    existing = LegalDocument.objects.filter(number__iexact=number).first()
    if existing is not None:
        if existing.issued_on not in {None, decided_on}:
            raise NotReady(
                f"Quyết định {existing.number} đã được ghi với ngày "
                f"{existing.issued_on:%d/%m/%Y}; hãy kiểm tra lại số hoặc ngày."
            )
        if existing.issuer and issuer and existing.issuer.casefold() != issuer.strip().casefold():
            raise NotReady(
                f"Số {existing.number} là văn bản của {existing.issuer}; "
                "hãy kiểm tra lại số quyết định hoặc cơ quan ban hành."
            )
        return existing
    slug = re.sub(r"[^0-9A-Za-zĐđ]+", "-", number).strip("-")
    code = f"{slug[:40]}-{decided_on:%Y%m%d}"
    if LegalDocument.objects.filter(code=code).exists():
        # Two numbers may differ only in marks that codes leave out.
        code = f"{code}-{uuid.uuid4().hex[:8]}"
    return LegalDocument.objects.create(
        code=code,
        number=number,
        issued_on=decided_on,
        issuer=issuer,
        title=title,
        is_sample=is_sample,
    )
