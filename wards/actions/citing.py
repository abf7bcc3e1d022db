"""Documents that facts cite: found by their number, or written down for the first time."""

import re
import uuid
from datetime import date

from django.db import IntegrityError, transaction

from accounts.access import NotReady
from wards.models import LegalDocument


def cite(
    number: str,
    issued_on: date | None,
    *,
    issuer: str = "",
    title: str = "",
    is_sample: bool = False,
) -> LegalDocument:
    """The document with this number; runs inside the transaction of what cites it.

    Raises:
        NotReady: no number, or it is recorded with another date or of another body.
    """
    number = " ".join(number.split())
    issuer, title = " ".join(issuer.split()), title.strip()
    if not number:
        raise NotReady("Cần nêu số, ký hiệu của văn bản.")
    known = _known(number) or _written(number, issued_on, issuer, title, is_sample=is_sample)
    if known.issued_on and issued_on and known.issued_on != issued_on:
        raise NotReady(
            f"Văn bản {known.number} đã được ghi với ngày {known.issued_on:%d/%m/%Y}; "
            "hãy kiểm tra lại số hoặc ngày."
        )
    if known.issuer and issuer and known.issuer.casefold() != issuer.casefold():
        raise NotReady(
            f"Số {known.number} là văn bản của {known.issuer}; "
            "hãy kiểm tra lại số hoặc cơ quan ban hành."
        )
    return known


def _known(number: str) -> LegalDocument | None:
    return LegalDocument.objects.filter(number__iexact=number).first()


def _written(
    number: str, issued_on: date | None, issuer: str, title: str, *, is_sample: bool
) -> LegalDocument:
    slug = re.sub(r"[^0-9A-Za-zĐđ]+", "-", number).strip("-")[:40] or "VB"
    code = f"{slug}-{issued_on:%Y%m%d}" if issued_on else slug
    if LegalDocument.objects.filter(code=code).exists():
        # Two numbers may differ only in marks that codes leave out; or somebody wrote this very
        # document down since it was looked for.
        if found := _known(number):
            return found
        code = f"{code}-{uuid.uuid4().hex[:8]}"
    try:
        with transaction.atomic():
            return LegalDocument.objects.create(
                code=code,
                number=number,
                issued_on=issued_on,
                issuer=issuer,
                title=title,
                is_sample=is_sample,
            )
    except IntegrityError:
        # Somebody wrote the same document down at this instant.
        if found := _known(number):
            return found
        raise
