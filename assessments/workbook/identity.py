"""Whose workbook is it? What the very hidden sheet says, against the file it is sent to."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from assessments.models import Assessment
from assessments.workbook.faults import Fault
from assessments.workbook.layout import FORMAT, HIDDEN, Identity, Origin, structure_of
from criteria.models import Criterion
from wards.spreadsheet.cells import Sheet

NOT_OURS = (
    "không phải bảng tính tải từ cổng, hoặc phần thông tin ẩn đã mất. Hãy tải bảng tính mới từ "
    "phiếu rồi chép số liệu sang"
)
TAMPERED = (
    "phần thông tin ẩn hoặc bộ tiêu chí của bảng tính đã bị sửa. Hãy tải bảng tính mới từ phiếu "
    "rồi chép số liệu sang"
)
OLD_FORMAT = "bảng tính theo mẫu cũ. Hãy tải bảng tính mới từ phiếu rồi chép số liệu sang"


def read_identity(
    sheets: Sequence[Sheet], assessment: Assessment, criteria: Sequence[Criterion]
) -> tuple[Identity | None, list[Fault]]:
    """The identity when the workbook is one of this file, else every reason why it is not."""
    hidden = next((sheet for sheet in sheets if sheet.name == HIDDEN), None)
    if hidden is None:
        return None, [_whole(NOT_OURS)]
    facts, identity = _read(hidden)
    if identity is None:
        return None, [_whole(NOT_OURS)]
    if facts.get("format") != FORMAT:
        return None, [_whole(OLD_FORMAT)]
    reasons = _of_another(identity, assessment)
    if not reasons and not (
        facts.get("checksum") == identity.checksum(structure_of(criteria))
        and identity.origins.keys() == {criterion.code for criterion in criteria}
    ):
        reasons = [TAMPERED]
    if reasons:
        return None, [_whole(reason) for reason in reasons]
    return identity, []


def _whole(what: str) -> Fault:
    return Fault("", 0, 0, what)


def _read(sheet: Sheet) -> tuple[dict[str, str], Identity | None]:
    rows: dict[int, dict[int, str]] = {}
    for cell in sheet.cells:
        rows.setdefault(cell.row, {})[cell.column] = cell.text
    facts = {row.get(1, ""): row.get(2, "") for row in rows.values()}
    try:
        datetime.fromisoformat(facts["downloaded_at"])
        return facts, Identity(
            assessment=str(uuid.UUID(facts["assessment"])),
            criteria_set=facts["criteria_set"],
            year=int(facts["year"]),
            unit=facts["unit"],
            downloaded_at=facts["downloaded_at"],
            origins={
                row[2]: Origin(int(row[3]), row[4])
                for _, row in sorted(rows.items())
                if row.get(1) == "origin"
            },
        )
    except (KeyError, ValueError):
        return facts, None


def _of_another(identity: Identity, assessment: Assessment) -> list[str]:
    round_ = assessment.round
    reasons = []
    if identity.unit != assessment.unit.code:
        reasons.append(
            f"bảng tính của đơn vị khác (mã {identity.unit}), không phải của "
            f"{assessment.unit.station_name}"
        )
    if identity.year != round_.year:
        reasons.append(f"bảng tính của kỳ năm {identity.year}; phiếu này là kỳ năm {round_.year}")
    if identity.criteria_set != round_.criteria_set.code:
        reasons.append(
            f"bảng tính theo bộ tiêu chí {identity.criteria_set}; phiếu này theo bộ tiêu chí "
            f"{round_.criteria_set.code}"
        )
    if not reasons and identity.assessment != str(assessment.pk):
        reasons.append("bảng tính của một phiếu khác")
    return reasons
