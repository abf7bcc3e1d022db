"""One list: read, checked whole, compared, told, and – unless it is a preview – applied."""

import hashlib
from datetime import date, datetime
from pathlib import Path

from django.db import IntegrityError, OperationalError, transaction

from wards.models import LegalDocument
from wards.unit_list.applying import Changes, Cited, Tell, select, write
from wards.unit_list.checking import check
from wards.unit_list.comparing import compare
from wards.unit_list.faults import Fault, ListRefused
from wards.unit_list.package import NAME, SINCE, read_package
from wards.unit_list.table import read_file
from wards.unit_list.telling import number, preview


def load_list(
    path: str | Path | None,
    *,
    on: date | None,
    document: LegalDocument | None,
    end_missing: bool,
    whole_country: bool,
    preview_only: bool,
    now: datetime,
    tell: Tell,
) -> Changes:
    """Load the list of a file, or that of the optional package where there is no file.

    Raises:
        ListRefused: with every fault of the list; the database is as it was.
    """
    if path is None:
        table, sha256 = read_package()
        cited = Cited(NAME, sha256, document)
        on = on or date.fromisoformat(SINCE)
    else:
        table, content = read_file(path)
        cited = Cited(Path(path).name, hashlib.sha256(content).hexdigest(), document)
    tell(f"Đã đọc {number(len(table.rows))} dòng; đang kiểm tra …")
    if table.ignored:
        tell(f"Không dùng các cột: {', '.join(table.ignored)}.")
    listed = check(table, on=on)
    if listed.faults:
        raise ListRefused(listed.faults)
    try:
        with transaction.atomic():
            plan = compare(listed, whole_country=whole_country)
            if plan.faults:
                raise ListRefused(plan.faults)
            for line in preview(plan, end_missing=end_missing):
                tell(line)
            changes = select(plan, end_missing=end_missing)
            if not preview_only:
                write(changes, cited=cited, now=now, tell=tell)
    except (IntegrityError, OperationalError) as error:
        # Two loads at once, or tables that are not there yet: the operator has to know which.
        said = " ".join(str(error).split())
        sentence = f"cơ sở dữ liệu từ chối ({said}); chưa ghi gì."
        raise ListRefused([Fault(table.sheet, 0, "", sentence)]) from error
    return changes
