"""Writing criteria sets: published at once unless a draft; a published one is never changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import ProtectedError

from criteria.models import Correspondence, CriteriaSet, Criterion, Group, Indicator
from criteria.pack_schema.known import Catalogue
from criteria.pack_schema.sets import PackCriteriaSet, PackIndicator
from criteria.scale import IndicatorKind
from wards.pack_loader.ledger import Ledger
from wards.pack_schema.fields import PackModel
from wards.pack_schema.known import Bearer, Known
from wards.pack_schema.problems import Loc

Content = dict[str, Any]
"""A stored set under the keys of the pack, so that the two can be compared place by place."""


def write_set(
    entry: PackCriteriaSet, loc: Loc, catalogue: Catalogue, ledger: Ledger, *, now: datetime
) -> None:
    """Create a set, or make sure that the stored one is the same.

    A new set is published at once unless the pack calls it a draft. What people drafted in the
    portal since is never overwritten by a draft of a pack; one that differs from what was
    published is refused.
    """
    known = catalogue.sets[entry.code]
    row = known.row
    if entry.replaces and entry.replaces.row is None:
        said = f'bộ tiêu chí "{entry.replaces.code}" phải đứng trước bộ thay thế nó trong gói.'
        ledger.refuse((*loc, "replaces"), said)
    elif row is None:
        known.row = _create(entry, ledger, now=now)
    elif entry.draft:
        _settle_draft(entry, row, loc, ledger)
    elif not row.is_published:
        ledger.refuse((*loc, "code"), f'bộ tiêu chí "{entry.code}" đang có bản nháp cùng mã.')
    else:
        _settle_published(entry, row, loc, ledger)


def _settle_draft(entry: PackCriteriaSet, row: CriteriaSet, loc: Loc, ledger: Ledger) -> None:
    if not any(_differences(entry, _stored(row), loc)):
        _count_unchanged(row, ledger)
    elif row.is_published:
        _settle_published(entry, row, loc, ledger)
    elif row.drafted_at is not None:
        ledger.keep(row)
        ledger.notes.append(
            f'Bộ tiêu chí "{row.code}" đang được soạn trong cổng nên giữ nguyên, '
            "không lấy theo gói."
        )
    else:
        _write_again(entry, row, loc, ledger)


def _write_again(entry: PackCriteriaSet, row: CriteriaSet, loc: Loc, ledger: Ledger) -> None:
    """Nobody has worked on the draft yet: it becomes what the pack says now."""
    try:
        row.correspondences.all().delete()
        Indicator.objects.filter(criterion__criteria_set=row).delete()
        row.criteria.all().delete()
        row.groups.all().delete()
    except ProtectedError:
        ledger.refuse(
            loc, f'bản nháp "{row.code}" đã được dùng; sửa trong cổng hoặc nạp với mã khác.'
        )
        return
    for name, value in _facts(entry).items():
        setattr(row, name, value)
    row.save()
    ledger.update(row, {"groups": ("", "lấy theo gói")})
    _create_parts(entry, row, ledger)


def _settle_published(entry: PackCriteriaSet, row: CriteriaSet, loc: Loc, ledger: Ledger) -> None:
    stored = _stored(row)
    names_it = bool(entry.short_name and not row.short_name)
    if names_it or entry.short_name is None:
        stored["short_name"] = entry.short_name
    differing = list(_differences(entry, stored, loc))
    for place in differing:
        ledger.refuse(
            place, f'bộ tiêu chí "{entry.code}" đã công bố; sửa bằng phiên bản mới (mã khác).'
        )
    if differing:
        return
    if names_it:
        # The one thing that a published set may still be given (docs/decisions/0019).
        CriteriaSet.objects.filter(pk=row.pk).update(short_name=entry.short_name)
        ledger.update(row, {"short_name": ("", entry.short_name)})
        return
    _count_unchanged(row, ledger)


def _facts(entry: PackCriteriaSet) -> dict[str, Any]:
    return {
        "name": entry.name,
        "short_name": entry.short_name or "",
        "document": entry.document.written if entry.document else None,
        "province": entry.province.written if entry.province else None,
        "replaces": entry.replaces.written if entry.replaces else None,
        "stated_count": entry.stated_count,
        "is_confirmed": entry.confirmed,
        "note": entry.note or "",
    }


def _create(entry: PackCriteriaSet, ledger: Ledger, *, now: datetime) -> CriteriaSet:
    criteria_set = CriteriaSet.objects.create(code=entry.code, **_facts(entry))
    ledger.create(criteria_set)
    _create_parts(entry, criteria_set, ledger)
    if not entry.draft:
        # Last of all: from here on the rows refuse to change.
        criteria_set.published_at = now
        criteria_set.save(update_fields=["published_at"])
    return criteria_set


def _create_parts(entry: PackCriteriaSet, criteria_set: CriteriaSet, ledger: Ledger) -> None:
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
    _create_mapping(entry, criteria_set, ledger)


def _create_mapping(entry: PackCriteriaSet, criteria_set: CriteriaSet, ledger: Ledger) -> None:
    former = dict(
        criteria_set.replaces.criteria.values_list("code", "pk") if criteria_set.replaces else ()
    )
    current = dict(criteria_set.criteria.values_list("code", "pk"))
    for one in entry.mapping:
        ledger.create(
            Correspondence.objects.create(
                criteria_set=criteria_set,
                former_id=former.get(one.former or ""),
                current_id=current.get(one.current or ""),
                relation=one.relation,
                note=one.note or "",
            )
        )


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
        "short_name": row.short_name,
        "province": row.province.code if row.province else None,
        "replaces": row.replaces.code if row.replaces else None,
        "stated_count": row.stated_count,
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
        "mapping": [
            {
                "former": one.former.code if one.former else None,
                "current": one.current.code if one.current else None,
                "relation": one.relation,
                "note": one.note,
            }
            for one in row.correspondences.select_related("former", "current").order_by("pk")
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
            if key in stored:
                named = type(stated).model_fields[key].alias or key
                yield from _differences(value, stored[key], (*loc, named))
    elif isinstance(stated, tuple | list):
        if len(stated) != len(stored):
            yield loc
            return
        for index, value in enumerate(stated):
            yield from _differences(value, stored[index], (*loc, index))
    elif (stated.code if isinstance(stated, Known | Bearer) else stated) not in _same_as(stored):
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
    for line in row.correspondences.all():
        ledger.keep(line)
