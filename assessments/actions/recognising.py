"""From verified to recognised: the province proposes, the Minister's decision is recorded."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.actions.moving import move
from assessments.actions.second_look import require_no_open_appeal
from assessments.deriving.keeping import in_step
from assessments.models import Assessment, Recognition
from assessments.permissions import NOT_YOUR_PROVINCE, require_province
from assessments.readiness import latest_submission, unmet_verdicts
from assessments.recognition_terms import default_lapse
from assessments.workflow import Status
from criteria.models import Programme
from criteria.roster import units_in_scope
from wards.actions.citing import cite
from wards.models import Unit

FUTURE = "Ngày quyết định không được ở sau ngày hôm nay."


def propose(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Propose the unit for recognition: all criteria were found met by the province.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: not verified yet, a verdict is contested, or criteria that were not found met.
    """
    require_province(assessment, by, Role.COORDINATOR)
    with in_step():
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
    with in_step():
        move(assessment, Status.VERIFIED, by=by, now=now, comment=comment.strip())


def recognise(
    assessment: Assessment,
    *,
    number: str,
    decided_on: date,
    issuer: str,
    title: str = "",
    note: str = "",
    last_day: date | None = None,
    by: User,
    now: datetime,
    is_sample: bool = False,
) -> Recognition:
    """Record the decision that recognises the unit for the round's year.

    In force to the end of `last_day`; without it as long as the programme says, else until revoked.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: not proposed, a date in the future or before the conclusion, the unit is
            recognised for this year already, the number is of another body or date, or the last
            day lies before the decision.
    """
    require_province(assessment, by, Role.COORDINATOR)
    if decided_on > timezone.localdate(now):
        raise NotReady(FUTURE)
    if assessment.verified_at and decided_on < timezone.localdate(assessment.verified_at):
        raise NotReady(
            "Ngày quyết định không được ở trước ngày kết luận thẩm định "
            f"({timezone.localdate(assessment.verified_at):%d/%m/%Y})."
        )
    programme, year = assessment.round.programme, assessment.round.year
    lapses_on = _lapse(programme, year, decided_on, last_day)
    with in_step():
        _require_not_recognised(programme, assessment.unit, year)
        document = cite(number, decided_on, issuer=issuer, title=title, is_sample=is_sample)
        move(
            assessment,
            Status.RECOGNISED,
            by=by,
            now=now,
            details={
                "decision": number,
                "decided_on": decided_on.isoformat(),
                "lapses_on": lapses_on.isoformat() if lapses_on else "",
            },
        )
        return _write_down(
            Recognition(
                programme=programme,
                unit=assessment.unit,
                document=document,
                decided_on=decided_on,
                for_year=year,
                assessment=assessment,
                lapses_on=lapses_on,
                note=note,
                is_sample=is_sample,
                recorded_at=now,
                recorded_by=by,
            )
        )


def record_decision(
    programme: Programme,
    unit: Unit,
    *,
    for_year: int,
    number: str,
    decided_on: date,
    issuer: str,
    title: str = "",
    note: str = "",
    last_day: date | None = None,
    by: User,
    now: datetime,
    is_sample: bool = False,
) -> Recognition:
    """Record a decision on a unit whose file never was in the portal: history by its document.

    Raises:
        NotAllowed: not a coordinator of the unit's province.
        NotReady: a date in the future, a year out of the programme or after the decision, a unit
            that the programme does not concern that day, a file of that year that is being worked
            on here, or what `recognise` refuses.
    """
    require_coordinator(unit, by)
    if decided_on > timezone.localdate(now):
        raise NotReady(FUTURE)
    require_year(programme, for_year, decided_on)
    lapses_on = _lapse(programme, for_year, decided_on, last_day)
    with transaction.atomic():
        require_in_scope(programme, unit, decided_on)
        _require_not_recognised(programme, unit, for_year)
        begun = Assessment.objects.filter(
            round__programme=programme, round__year=for_year, unit=unit
        ).exclude(status=Status.NOT_STARTED)
        if begun.exists():
            raise NotReady(
                f"{unit.full_name} có phiếu năm {for_year} trên hệ thống; hãy ghi quyết định ở "
                "phiếu đó khi đã đề nghị công nhận."
            )
        document = cite(number, decided_on, issuer=issuer, title=title, is_sample=is_sample)
        recognition = _write_down(
            Recognition(
                programme=programme,
                unit=unit,
                document=document,
                decided_on=decided_on,
                for_year=for_year,
                lapses_on=lapses_on,
                note=note,
                is_sample=is_sample,
                recorded_at=now,
                recorded_by=by,
            )
        )
        audit.record(
            "recognition_recorded",
            recognition,
            by=by,
            now=now,
            province_code=unit.province.code,
            unit_id=unit.pk,
            details={
                "programme": programme.code,
                "for_year": for_year,
                "decision": document.number,
                "decided_on": decided_on.isoformat(),
                "issuer": document.issuer,
                "lapses_on": lapses_on.isoformat() if lapses_on else "",
            },
        )
    return recognition


def decline(assessment: Assessment, *, comment: str, by: User, now: datetime) -> None:
    """Record that the proposal did not lead to recognition.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: nothing is proposed, or no reason is given.
    """
    require_province(assessment, by, Role.COORDINATOR)
    if not comment.strip():
        raise NotReady("Cần nêu lý do không được công nhận.")
    with in_step():
        move(assessment, Status.NOT_RECOGNISED, by=by, now=now, comment=comment.strip())


def require_coordinator(unit: Unit, user: User) -> None:
    """A coordinator of the unit's province.

    Raises:
        NotAllowed: anyone else.
    """
    if not user.scope.serves(Role.COORDINATOR, unit.province_id):
        raise NotAllowed(NOT_YOUR_PROVINCE)


def require_in_scope(programme: Programme, unit: Unit, day: date) -> None:
    """The programme concerns the unit, which is in force on this day.

    Raises:
        NotReady: it does not.
    """
    if not Unit.objects.filter(pk=unit.pk).existing_on(day).exists():
        raise NotReady(f"{unit.full_name} không có hiệu lực ngày {day:%d/%m/%Y}.")
    if unit.pk not in {one.pk for one in units_in_scope(programme, day)}:
        raise NotReady(
            f"{unit.full_name} không thuộc phạm vi chương trình “{programme.name}” ngày "
            f"{day:%d/%m/%Y}."
        )


def require_year(programme: Programme, year: int, decided_on: date) -> None:
    """A year of the programme that had begun when it was decided.

    Raises:
        NotReady: it is not.
    """
    if not programme.starts <= year <= programme.ends:
        raise NotReady(
            f"Năm {year} nằm ngoài thời gian của chương trình "
            f"({programme.starts}–{programme.ends})."
        )
    if year > decided_on.year:
        raise NotReady(
            f"Quyết định ngày {decided_on:%d/%m/%Y} không thể công nhận kết quả năm {year}."
        )


def _lapse(
    programme: Programme, for_year: int, decided_on: date, last_day: date | None
) -> date | None:
    lapse = last_day + timedelta(days=1) if last_day else default_lapse(programme, for_year)
    if lapse is not None and lapse <= decided_on:
        ending = lapse - timedelta(days=1)
        raise NotReady(
            f"Ngày hết hiệu lực ({ending:%d/%m/%Y}) ở trước ngày quyết định; hãy nhập ngày cuối "
            "cùng còn hiệu lực ghi trong văn bản."
        )
    return lapse


def _require_not_recognised(programme: Programme, unit: Unit, year: int) -> None:
    found = Recognition.objects.filter(programme=programme, unit=unit, for_year=year)
    if known := found.select_related("document").first():
        raise NotReady(
            f"Đơn vị đã có quyết định công nhận cho năm {year} ({known.document}); không ghi lần "
            "nữa."
        )


def _write_down(recognition: Recognition) -> Recognition:
    try:
        with transaction.atomic():
            recognition.save(force_insert=True)
    except IntegrityError as error:
        # Somebody recorded the same year at this instant; whoever came second is told.
        _require_not_recognised(recognition.programme, recognition.unit, recognition.for_year)
        raise error
    return recognition
