"""The outer form of a report: header, number and date, addressees, signature, recipients."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.pdf import words


@dataclass(frozen=True)
class Letterhead:
    """What stands around the text, as Nghị định 30/2020 (Phụ lục I, Mẫu 1.4) asks."""

    parent: str
    name: str
    agency: str
    number: str
    symbol: str
    place_and_date: str
    addressees: list[str]
    signer_capacity: str
    signer_name: str
    recipients: list[str]


OPEN_DAY = "ngày ….. tháng ….. năm 20….."


def letterhead(
    issuer: Mapping[str, Any], *, province: str, issued_on: date | None, number: str
) -> Letterhead:
    """Return the outer form for this issuer.

    A number below ten takes a leading zero; without a number, or without a day, its place stays
    open, to be filled in when the report is registered.
    """
    name = str(issuer.get("name") or "").strip()
    place = str(issuer.get("place") or province).strip()
    day = words.legal_date(issued_on) if issued_on else OPEN_DAY
    written = number.strip()
    return Letterhead(
        parent=str(issuer.get("parent") or "").strip(),
        name=name,
        agency=words.agency_name(name, province) or "Cơ quan báo cáo",
        number=written.zfill(2) if written.isdigit() else written,
        symbol=str(issuer.get("symbol") or "BC").strip(),
        place_and_date=f"{place}, {day}" if place else day[:1].upper() + day[1:],
        addressees=_addressees(issuer.get("addressees") or []),
        signer_capacity=str(issuer.get("signer_capacity") or "").strip(),
        signer_name=str(issuer.get("signer_name") or "").strip(),
        recipients=words.listed(issuer.get("recipients") or ["Như trên", "Lưu: VT"]),
    )


def _addressees(names: list[str]) -> list[str]:
    """One stands on the line of "Kính gửi:" without a mark; several form a list with marks."""
    kept = [name for name in names if name.strip()]
    return [words.stopped(kept[0], "")] if len(kept) == 1 else words.listed(kept)
