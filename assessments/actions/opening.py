"""Opening a round for every unit of a programme."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.deriving.keeping import derive
from assessments.models import Assessment, CriterionResult
from assessments.readiness import require_open
from criteria.models import Programme, Round
from criteria.roster import units_in_scope

WINDOW_NOTE = (
    "Khoảng thời gian số liệu lấy theo Điều 8.2.b Thông tư 124/2021/TT-BCA; "
    "văn bản của chương trình không quy định, cần xác nhận."
)


def open_round(
    programme: Programme,
    year: int,
    *,
    by: User | None,
    now: datetime,
    deadline: datetime | None = None,
    note: str = "",
    is_sample: bool = False,
) -> Round:
    """The round of a year with one assessment for every unit in scope; opening twice adds nothing.

    `by` is None for the command line. Without `deadline` it is the last second before the
    programme's due day ("trước ngày 15/11" means by the end of 14/11), or of the year.

    Raises:
        NotAllowed: not a coordinator of the programme's province.
        NotReady: the year lies outside the programme, or no criteria set is pinned or published.
        RoundClosed: units would be added to a round whose figures are closed.
    """
    if by is not None and (
        Role.COORDINATOR not in by.scope.roles
        or (programme.province_id and not by.scope.serves(Role.COORDINATOR, programme.province_id))
    ):
        raise NotAllowed("Chỉ cán bộ tổng hợp của tỉnh được mở kỳ đánh giá.")
    if not programme.starts <= year <= programme.ends:
        raise NotReady(
            f"Năm {year} nằm ngoài thời gian của chương trình "
            f"({programme.starts}–{programme.ends}). Chưa mở kỳ nào."
        )
    criteria_set = programme.criteria_set
    if criteria_set is None or not criteria_set.is_published:
        raise NotReady("Chương trình chưa có bộ tiêu chí đã công bố nên chưa mở được kỳ.")
    due = programme.due_day(year)
    with transaction.atomic():
        round_, created = Round.objects.get_or_create(
            programme=programme,
            year=year,
            defaults={
                "criteria_set": criteria_set,
                "window_starts": date(year - 1, 11, 16) if due else date(year, 1, 1),
                "window_ends": date(year, 11, 15) if due else date(year, 12, 31),
                "deadline": deadline or _last_second(due, year),
                "note": note or (WINDOW_NOTE if due else ""),
                "is_sample": is_sample,
                "opened_at": now,
                "opened_by": by,
            },
        )
        existing = set(round_.assessments.values_list("unit_id", flat=True))
        units = [
            unit
            for unit in units_in_scope(programme, round_.window_ends)
            if unit.pk not in existing
        ]
        if units:
            require_open(round_)
        assessments = Assessment.objects.bulk_create(
            Assessment(round=round_, unit=unit, opened_at=now, due_at=round_.deadline)
            for unit in units
        )
        criteria = list(round_.criteria_set.criteria.order_by("group__position", "position"))
        CriterionResult.objects.bulk_create(
            CriterionResult(assessment=assessment, criterion=criterion, place=place)
            for assessment in assessments
            for place, criterion in enumerate(criteria)
        )
        derive([one.pk for one in assessments])
        if created or assessments:
            audit.record(
                "round_opened",
                round_,
                by=by,
                now=now,
                province_code=programme.province.code if programme.province else "",
                details={
                    "programme": programme.code,
                    "year": year,
                    "criteria_set": round_.criteria_set.code,
                    "units_added": [unit.code for unit in units],
                },
            )
    return round_


def _last_second(due: date | None, year: int) -> datetime:
    before = due or date(year + 1, 1, 1)
    return timezone.make_aware(datetime.combine(before - timedelta(days=1), time.max))
