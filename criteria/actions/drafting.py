"""Writing a draft: new sets, copies, and their groups, criteria and indicators."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError, QuerySet

from accounts.access import NotReady
from accounts.models import User
from criteria.actions.holding import hold, record, require_seen
from criteria.models import CriteriaSet, Criterion, Group, Indicator
from criteria.permissions import require_drafter
from wards.models import Province

Part = Group | Criterion | Indicator

SET_FIELDS = (
    "name",
    "short_name",
    "document_id",
    "replaces_id",
    "stated_count",
    "is_confirmed",
    "note",
)
GROUP_FIELDS = ("code", "name")
CRITERION_FIELDS = (
    "group_id",
    "code",
    "title",
    "evidence",
    "basis",
    "note",
    "owner",
    "ward_alone",
    "needs_building",
)
INDICATOR_FIELDS = (
    "code",
    "title",
    "kind",
    "at_least",
    "at_most",
    "at_least_level",
    "scale_code",
    "unit_label",
    "exemptible",
    "no_case_possible",
    "may_exceed",
    "basis",
    "note",
    "is_confirmed",
)
FIELDS: Mapping[type[Part], tuple[str, ...]] = {
    Group: GROUP_FIELDS,
    Criterion: CRITERION_FIELDS,
    Indicator: INDICATOR_FIELDS,
}
"""What an editor may write into each kind of part."""


def create(
    *,
    code: str,
    name: str,
    province: Province | None,
    source: CriteriaSet | None,
    by: User,
    now: datetime,
) -> CriteriaSet:
    """A new draft, empty or with everything that `source` says; a copy is to replace its source.

    Raises:
        NotAllowed: not a coordinator who may draft sets of this province.
        NotReady: the code is taken.
    """
    require_drafter(by, province)
    taken = NotReady(f"Mã “{code}” đã có bộ tiêu chí khác dùng. Hãy chọn mã khác.")
    if CriteriaSet.objects.filter(code=code).exists():
        raise taken
    try:
        with transaction.atomic():
            made = CriteriaSet.objects.create(
                code=code, name=name, province=province, drafted_at=now, drafted_by=by
            )
            if source is not None:
                _copy(source, made)
            record(
                "criteria_set_drafted",
                made,
                by=by,
                now=now,
                details={"copied_from": source.code if source else ""},
            )
    except IntegrityError:
        raise taken from None
    return made


def _copy(source: CriteriaSet, made: CriteriaSet) -> None:
    made.document = source.document
    made.note = source.note
    made.replaces = source if source.is_published else source.replaces
    made.save(update_fields=["document", "note", "replaces"])
    groups = {
        group.pk: Group.objects.create(
            criteria_set=made, position=group.position, **_values(group, GROUP_FIELDS)
        )
        for group in source.groups.all()
    }
    for criterion in source.criteria.with_indicators():
        values = _values(criterion, CRITERION_FIELDS)
        values["group_id"] = groups[criterion.group_id].pk
        copied = Criterion.objects.create(criteria_set=made, position=criterion.position, **values)
        for one in criterion.indicators.all():
            Indicator.objects.create(
                criterion=copied, position=one.position, **_values(one, INDICATOR_FIELDS)
            )


def _values(row: Part, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: getattr(row, field) for field in fields}


def save_facts(
    criteria_set: CriteriaSet, values: Mapping[str, Any], *, seen: str, by: User, now: datetime
) -> None:
    """What the set is: name, document, what it replaces, how many criteria its document states.

    Raises:
        NotAllowed: not a coordinator who may draft it.
        DraftConflict: somebody else changed these facts.
        NotReady: published meanwhile, or criteria are mapped to the set it replaced so far.
    """
    with transaction.atomic():
        hold(criteria_set, by=by, now=now)
        require_seen(criteria_set, SET_FIELDS, seen, now)
        replaces = values.get("replaces_id", criteria_set.replaces_id)
        if replaces != criteria_set.replaces_id and criteria_set.correspondences.exists():
            raise NotReady(
                "Bảng đối chiếu đang nối với bộ cũ; hãy xóa hết các dòng đối chiếu trước khi đổi "
                "bộ được thay thế."
            )
        changes = _write(criteria_set, values)
        record("criteria_set_edited", criteria_set, by=by, now=now, details={"set": changes})


def add_part(
    criteria_set: CriteriaSet,
    kind: type[Part],
    values: Mapping[str, Any],
    *,
    parent: Criterion | None = None,
    by: User,
    now: datetime,
) -> Part:
    """A new group, criterion or indicator at the end of its list.

    Raises:
        NotAllowed: not a coordinator who may draft it.
        NotReady: published meanwhile, or the code is taken in this set.
    """
    with transaction.atomic():
        hold(criteria_set, by=by, now=now)
        _require_free(criteria_set, kind, str(values["code"]), None)
        part = _blank(criteria_set, kind, parent)
        for field, value in values.items():
            setattr(part, field, value)
        last = siblings(part).aggregate(last=Max("position"))["last"]
        part.position = (last or 0) + 1
        part.save()
        _renumber(criteria_set)
        record(
            "criteria_set_edited", criteria_set, by=by, now=now, details={"added": str(part)[:200]}
        )
    return part


def save_part(
    criteria_set: CriteriaSet,
    part: Part,
    values: Mapping[str, Any],
    *,
    seen: str,
    by: User,
    now: datetime,
) -> None:
    """Write what changed in a group, criterion or indicator.

    Raises:
        NotAllowed: not a coordinator who may draft it.
        DraftConflict: somebody else changed this part.
        NotReady: published or deleted meanwhile, or the code is taken in this set.
    """
    with transaction.atomic():
        hold(criteria_set, by=by, now=now)
        _refresh(part)
        require_seen(part, FIELDS[type(part)], seen, now)
        _require_free(criteria_set, type(part), str(values["code"]), part.pk)
        changes = _write(part, values)
        _renumber(criteria_set)
        record("criteria_set_edited", criteria_set, by=by, now=now, details={part.code: changes})


def move_part(criteria_set: CriteriaSet, part: Part, *, up: bool, by: User, now: datetime) -> None:
    """Exchange places with the one above or below; at the end of the list nothing happens.

    Raises:
        NotAllowed: not a coordinator who may draft it.
        NotReady: published or deleted meanwhile.
    """
    with transaction.atomic():
        hold(criteria_set, by=by, now=now)
        _refresh(part)
        order = list(siblings(part).order_by("position", "pk"))
        place = order.index(part)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(order):
            return
        order[place], order[other] = order[other], order[place]
        places = sorted(one.position for one in order)
        if len(set(places)) < len(places):
            places = list(range(1, len(order) + 1))
        for one, position in zip(order, places, strict=True):
            if one.position != position:
                one.position = position
                one.save(update_fields=["position"])
        _renumber(criteria_set)
        record("criteria_set_edited", criteria_set, by=by, now=now, details={"moved": part.code})


def delete_part(
    criteria_set: CriteriaSet, part: Part, *, seen: str, by: User, now: datetime
) -> None:
    """Take a part out of the draft, with all that stands under it.

    Raises:
        NotAllowed: not a coordinator who may draft it.
        DraftConflict: somebody else changed it since.
        NotReady: published or deleted meanwhile, or facts are recorded under its code.
    """
    with transaction.atomic():
        hold(criteria_set, by=by, now=now)
        _refresh(part)
        require_seen(part, FIELDS[type(part)], seen, now)
        told = str(part)
        try:
            _remove(part)
        except ProtectedError:
            raise NotReady(
                f"Không xóa được {part.code}: đã có kết quả khảo sát ghi theo mục này."
            ) from None
        record("criteria_set_edited", criteria_set, by=by, now=now, details={"deleted": told[:200]})


def _remove(part: Part) -> None:
    if isinstance(part, Group):
        for criterion in part.criteria.all():
            _remove(criterion)
    elif isinstance(part, Criterion):
        part.indicators.all().delete()
        part.origins.all().delete()
    part.delete()


def siblings(part: Part) -> Any:
    """The parts among which this one has its place."""
    if isinstance(part, Indicator):
        return Indicator.objects.filter(criterion=part.criterion_id)
    if isinstance(part, Criterion):
        return Criterion.objects.filter(group=part.group_id)
    return Group.objects.filter(criteria_set=part.criteria_set_id)


def _renumber(criteria_set: CriteriaSet) -> None:
    """Criteria are numbered through the whole set, group by group."""
    order = criteria_set.criteria.order_by("group__position", "position", "pk")
    for number, criterion in enumerate(order, start=1):
        if criterion.position != number:
            criterion.position = number
            criterion.save(update_fields=["position"])


def _refresh(part: Part) -> None:
    try:
        part.refresh_from_db()
    except type(part).DoesNotExist:
        raise NotReady("Mục này vừa được người khác xóa khỏi bản nháp.") from None


def _require_free(criteria_set: CriteriaSet, kind: type[Part], code: str, own: int | None) -> None:
    """Results are kept by criterion code and found by indicator code, across all groups."""
    taken: QuerySet[Any]
    if kind is Indicator:
        taken = Indicator.objects.filter(criterion__criteria_set=criteria_set, code=code)
    elif kind is Criterion:
        taken = criteria_set.criteria.filter(code=code)
    else:
        taken = criteria_set.groups.filter(code=code)
    others = taken if own is None else taken.exclude(pk=own)
    if others.exists():
        raise NotReady(f"Mã “{code}” đã được dùng trong bộ tiêu chí này. Hãy chọn mã khác.")


def _blank(criteria_set: CriteriaSet, kind: type[Part], parent: Criterion | None) -> Part:
    if kind is Group:
        return Group(criteria_set=criteria_set, position=0)
    if kind is Criterion:
        return Criterion(criteria_set=criteria_set, position=0)
    if parent is None:
        raise TypeError("An indicator is added to a criterion.")
    return Indicator(criterion=parent, position=0)


def _write(row: Any, values: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    changes = {
        field: (str(getattr(row, field)), str(value))
        for field, value in values.items()
        if getattr(row, field) != value
    }
    for field, value in values.items():
        setattr(row, field, value)
    row.save()
    return {field: list(change) for field, change in changes.items()}
