"""Writing baselines, recognitions and registrations: facts are added, never overwritten."""

from datetime import date, datetime
from typing import Any

from assessments.models import (
    Baseline,
    BaselineFinding,
    Commendation,
    Recognition,
    Registration,
    RegistrationQuota,
)
from assessments.pack_schema import (
    FIGURES,
    Finding,
    Pack,
    PackBaseline,
    PackCommendation,
    PackRecognition,
    PackRegistration,
)
from assessments.recognition_terms import default_lapse
from criteria.models import CriteriaSet, Indicator, Programme
from criteria.roster import Reach
from wards.models import Unit
from wards.pack_loader.ledger import Ledger
from wards.pack_schema.problems import Loc

Key = tuple[str, int, Any]
"""A finding: the part's column, the part, the unit."""


def write_facts(pack: Pack, ledger: Ledger, *, now: datetime) -> None:
    """Write these sections."""
    reach = Reach()
    for index, baseline in enumerate(pack.baselines):
        _write_baseline(baseline, ("baselines", index), ledger)
    for index, recognition in enumerate(pack.recognitions):
        _write_recognition(recognition, ("recognitions", index), reach, ledger, now=now)
    for index, commendation in enumerate(pack.commendations):
        _write_commendation(commendation, ("commendations", index), ledger, now=now)
    for index, registration in enumerate(pack.registrations):
        _write_registration(registration, ("registrations", index), reach, ledger)


def _province(programme: Programme) -> str:
    return programme.province.code if programme.province else ""


def _require_concerned(
    programme: Programme, unit: Unit, day: date, loc: Loc, reach: Reach, ledger: Ledger
) -> None:
    if not reach.covers(programme, unit, day):
        ledger.refuse(
            loc,
            f'đơn vị "{unit.code}" ({unit.name}) không thuộc phạm vi chương trình '
            f'"{programme.code}": không có trong danh sách được duyệt, không kế thừa đơn vị nào '
            "trong danh sách và không phải đơn vị thành lập sau thuộc loại, tỉnh của chương trình.",
        )


def _write_baseline(entry: PackBaseline, loc: Loc, ledger: Ledger) -> None:
    programme = entry.programme.written
    document = entry.document.written
    row = Baseline.objects.filter(programme=programme, on=entry.on).first()
    if row is None:
        row = Baseline.objects.create(programme=programme, on=entry.on, document=document)
        ledger.create(row, _province(programme))
    else:
        ledger.settle(
            row,
            {"document_id": document.pk},
            loc,
            fixed={"document_id"},
            because="hiện trạng của ngày này đã nạp theo văn bản khác",
        )
    stored: dict[Key, BaselineFinding] = {}
    for finding in row.findings.all():
        stored[_key(finding)] = finding
    wanted = _wanted(entry.not_met, _set_of(row))
    missing = [finding for key, finding in stored.items() if key not in wanted]
    if missing:
        ledger.refuse(
            (*loc, "not_met"),
            f"hiện trạng đã nạp có {len(missing)} kết quả mà tệp không còn "
            f"({missing[0]}); chỉ thêm, không bớt được.",
        )
    for column, part, unit in wanted:
        if (column, part, unit) in stored:
            ledger.keep(stored[column, part, unit])
        else:
            finding = BaselineFinding.objects.create(
                baseline=row, unit_id=unit, **{f"{column}_id": part}
            )
            ledger.create(finding, _province(programme))


def _key(finding: BaselineFinding) -> Key:
    for column in ("group", "criterion", "indicator"):
        part = getattr(finding, f"{column}_id")
        if part is not None:
            return column, part, finding.unit_id
    raise LookupError(finding.pk)


def _set_of(row: Baseline) -> CriteriaSet:
    """The set that the stored findings belong to, else the programme's."""
    finding = row.findings.select_related(
        "group__criteria_set",
        "criterion__criteria_set",
        "indicator__criterion__criteria_set",
    ).first()
    if finding is not None:
        part = finding.group or finding.criterion
        if part is not None:
            return part.criteria_set
        if finding.indicator is not None:
            return finding.indicator.criterion.criteria_set
    if row.programme.criteria_set is None:
        raise LookupError(row.programme.code)
    return row.programme.criteria_set


def _wanted(findings: tuple[Finding, ...], criteria_set: CriteriaSet) -> list[Key]:
    indicators = Indicator.objects.filter(criterion__criteria_set=criteria_set)
    parts: dict[str, dict[str, int]] = {
        "group": dict(criteria_set.groups.values_list("code", "pk")),
        "criterion": dict(criteria_set.criteria.values_list("code", "pk")),
        "indicator": dict(indicators.values_list("code", "pk")),
    }
    return [
        (column, parts[column][code], unit.written.pk)
        for column, code, units in findings
        for unit in units
    ]


def _write_recognition(
    entry: PackRecognition, loc: Loc, reach: Reach, ledger: Ledger, *, now: datetime
) -> None:
    programme = entry.programme.written
    row = Recognition.objects.filter(
        programme=programme, unit=entry.unit.written, for_year=entry.for_year
    ).first()
    ended: dict[str, Any] = {
        "lapses_on": entry.lapses_on,
        "revoked_on": entry.revoked_on,
        "revoking_document_id": (
            entry.revoking_document.written.pk if entry.revoking_document else None
        ),
    }
    if row is None:
        place = (*loc, "unit")
        _require_concerned(programme, entry.unit.written, entry.decided_on, place, reach, ledger)
        ended["lapses_on"] = entry.lapses_on or default_lapse(programme, entry.for_year)
        if ended["lapses_on"] is not None and ended["lapses_on"] <= entry.decided_on:
            ledger.refuse(
                (*loc, "lapses_on"),
                "phải ghi rõ: theo quy định của chương trình thì công nhận đã hết hạn trước ngày "
                "quyết định.",
            )
        row = Recognition.objects.create(
            programme=programme,
            unit=entry.unit.written,
            document=entry.document.written,
            decided_on=entry.decided_on,
            for_year=entry.for_year,
            **ended,
            revocation_reason=entry.revocation_reason or "",
            note=entry.note or "",
            is_sample=bool(entry.sample),
            recorded_at=now,
        )
        ledger.create(row, _province(programme))
        return
    ledger.settle(
        row,
        {
            "document_id": entry.document.written.pk,
            "decided_on": entry.decided_on,
            "is_sample": entry.sample,
            "note": entry.note,
            **ended,
            "revocation_reason": entry.revocation_reason,
        },
        loc,
        # An end may be told later; one that is known is not told otherwise.
        fixed={"document_id", "decided_on", "is_sample"}
        | {name for name in (*ended, "revocation_reason") if getattr(row, name)},
        because=f"công nhận {entry.unit.name} năm {entry.for_year} đã nạp với nội dung khác",
        province=_province(programme),
    )


def _write_commendation(
    entry: PackCommendation, loc: Loc, ledger: Ledger, *, now: datetime
) -> None:
    programme = entry.programme.written
    known = {
        "programme": programme,
        "unit": entry.unit.written,
        "document": entry.document.written,
        "form": entry.form,
    }
    row = Commendation.objects.filter(**known).first()
    if row is None:
        row = Commendation.objects.create(
            **known,
            decided_on=entry.decided_on,
            for_year=entry.for_year,
            note=entry.note or "",
            is_sample=bool(entry.sample),
            recorded_at=now,
        )
        ledger.create(row, _province(programme))
        return
    ledger.settle(
        row,
        {
            "decided_on": entry.decided_on,
            "for_year": entry.for_year,
            "note": entry.note,
            "is_sample": entry.sample,
        },
        loc,
        fixed={"decided_on", "for_year", "is_sample"},
        because=f"khen thưởng {entry.unit.name} đã nạp với nội dung khác",
        province=_province(programme),
    )


def _write_registration(entry: PackRegistration, loc: Loc, reach: Reach, ledger: Ledger) -> None:
    programme = entry.programme.written
    province = _province(programme)
    _write_quota(entry, loc, ledger)
    known = {
        row.unit_id: row
        for row in Registration.objects.filter(
            programme=programme, year=entry.year, source=entry.source
        )
    }
    for index, unit in enumerate(entry.units):
        row = known.get(unit.written.pk)
        if row is None:
            place = (*loc, "units", index)
            _require_concerned(
                programme, unit.written, date(entry.year, 1, 1), place, reach, ledger
            )
            row = Registration.objects.create(
                programme=programme,
                unit=unit.written,
                year=entry.year,
                source=entry.source,
                is_sample=bool(entry.sample),
            )
            ledger.create(row, province)
        else:
            ledger.settle(
                row,
                {"is_sample": entry.sample},
                (*loc, "units", index),
                fixed={"is_sample"},
                because="đăng ký này đã nạp với dấu dữ liệu mẫu khác",
            )


def _write_quota(entry: PackRegistration, loc: Loc, ledger: Ledger) -> None:
    stated: dict[str, Any] = {key: getattr(entry, key) for key in FIGURES}
    if all(value is None for value in stated.values()):
        return
    programme = entry.programme.written
    stated["document_id"] = entry.document.written.pk if entry.document else None
    stated["text"] = entry.text
    quota = RegistrationQuota.objects.filter(programme=programme, year=entry.year).first()
    if quota is None:
        given = {name: value for name, value in stated.items() if value is not None}
        quota = RegistrationQuota.objects.create(programme=programme, year=entry.year, **given)
        ledger.create(quota, _province(programme))
    else:
        ledger.settle(quota, stated, loc, province=_province(programme))
