"""Writing criteria sets: a new one is published at once, a published one is never changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from criteria.models import CriteriaSet, Criterion, Group, Indicator
from criteria.pack_schema.known import Catalogue
from criteria.pack_schema.sets import PackCriteriaSet, PackIndicator
from criteria.scale import IndicatorKind
from wards.pack_loader.ledger import Ledger
from wards.pack_schema.fields import PackModel
from wards.pack_schema.known import Known
from wards.pack_schema.problems import Loc

Content = dict[str, Any]
"""A stored set under the keys of the pack, so that the two can be compared place by place."""


def write_set(
    entry: PackCriteriaSet, loc: Loc, catalogue: Catalogue, ledger: Ledger, *, now: datetime
) -> None:
    """Create and publish a set, or make sure that the published one is the same."""
    known = catalogue.sets[entry.code]
    if known.row is None:
        known.row = _create(entry, ledger, now=now)
        return
    if not known.row.is_published:
        ledger.refuse((*loc, "code"), f'bộ tiêu chí "{entry.code}" đang có bản nháp cùng mã.')
        return
    differing = list(_differences(entry, _stored(known.row), loc))
    for place in differing:
        ledger.refuse(
            place, f'bộ tiêu chí "{entry.code}" đã công bố; sửa bằng phiên bản mới (mã khác).'
        )
    if not differing:
        _count_unchanged(known.row, ledger)


def _create(entry: PackCriteriaSet, ledger: Ledger, *, now: datetime) -> CriteriaSet:
    criteria_set = CriteriaSet.objects.create(
        code=entry.code,
        name=entry.name,
        document=entry.document.written if entry.document else None,
        is_confirmed=entry.confirmed,
        note=entry.note or "",
    )
    ledger.create(criteria_set)
    position = 0
    for number, pack_group in enumerate(entry.groups, start=1):
        group = Group.objects.create(
            criteria_set=criteria_set, code=pack_group.code, name=pack_group.name, position=number
        )
        ledger.create(group)
        for pack_criterion in pack_group.criteria:
            position += 1
            criterion = Criterion.objects.create(
                criteria_set=criteria_set,
                group=group,
                code=pack_criterion.code,
                title=pack_criterion.title,
                evidence=pack_criterion.evidence or "",
                basis=pack_criterion.basis or "",
                note=pack_criterion.note or "",
                owner=pack_criterion.owner or "",
                ward_alone=pack_criterion.ward_alone,
                needs_building=pack_criterion.needs_building,
                position=position,
            )
            ledger.create(criterion)
            for order, pack_indicator in enumerate(pack_criterion.indicators, start=1):
                ledger.create(_create_indicator(pack_indicator, criterion, order))
    # Last of all: from here on the rows refuse to change.
    criteria_set.published_at = now
    criteria_set.save(update_fields=["published_at"])
    return criteria_set


def _create_indicator(entry: PackIndicator, criterion: Criterion, position: int) -> Indicator:
    is_title = entry.kind == IndicatorKind.TITLE
    return Indicator.objects.create(
        criterion=criterion,
        code=entry.code,
        title=entry.title,
        kind=entry.kind,
        at_least=None if is_title else entry.at_least,
        at_most=entry.at_most,
        at_least_level=str(entry.at_least) if is_title else "",
        scale_code=entry.scale,
        unit_label=entry.unit or "",
        exemptible=entry.exemptible,
        no_case_possible=entry.no_case,
        may_exceed=entry.may_exceed,
        basis=entry.basis or "",
        note=entry.note or "",
        is_confirmed=entry.confirmed,
        position=position,
    )


def _stored(row: CriteriaSet) -> Content:
    criteria = list(row.criteria.prefetch_related("indicators"))
    return {
        "code": row.code,
        "name": row.name,
        "document": row.document.code if row.document else None,
        "confirmed": row.is_confirmed,
        "note": row.note,
        "groups": [
            {
                "code": group.code,
                "name": group.name,
                "criteria": [
                    _stored_criterion(one) for one in criteria if one.group_id == group.pk
                ],
            }
            for group in row.groups.all()
        ],
    }


def _stored_criterion(row: Criterion) -> Content:
    return {
        "code": row.code,
        "title": row.title,
        "evidence": row.evidence,
        "basis": row.basis,
        "note": row.note,
        "owner": row.owner,
        "ward_alone": row.ward_alone,
        "needs_building": row.needs_building,
        "indicators": [
            {
                "code": one.code,
                "title": one.title,
                "kind": one.kind,
                "scale": one.scale_code,
                "at_least": one.at_least_level if one.at_least_level else one.at_least,
                "at_most": one.at_most,
                "unit": one.unit_label,
                "exemptible": one.exemptible,
                "no_case": one.no_case_possible,
                "may_exceed": one.may_exceed,
                "basis": one.basis,
                "note": one.note,
                "confirmed": one.is_confirmed,
            }
            for one in row.indicators.all()
        ],
    }


def _differences(stated: Any, stored: Any, loc: Loc) -> Iterator[Loc]:
    """The places at which two contents differ; nothing and an empty text are the same."""
    if isinstance(stated, PackModel):
        for key, value in stated:
            yield from _differences(value, stored[key], (*loc, key))
    elif isinstance(stated, tuple | list):
        if len(stated) != len(stored):
            yield loc
            return
        for index, value in enumerate(stated):
            yield from _differences(value, stored[index], (*loc, index))
    elif (stated.code if isinstance(stated, Known) else stated) not in _same_as(stored):
        yield loc


def _same_as(stored: Any) -> tuple[Any, ...]:
    return ("", None) if stored == "" else (stored,)


def _count_unchanged(row: CriteriaSet, ledger: Ledger) -> None:
    ledger.keep(row)
    for group in row.groups.all():
        ledger.keep(group)
    for criterion in row.criteria.prefetch_related("indicators"):
        ledger.keep(criterion)
        for indicator in criterion.indicators.all():
            ledger.keep(indicator)
