"""Decisions that facts cite, found by their number or written down for the first time."""

import re
import uuid
from datetime import date

from django.db import IntegrityError, transaction

from accounts.access import NotReady
from wards.models import LegalDocument


def decision_document(
    number: str, decided_on: date, issuer: str, title: str, *, is_sample: bool = False
) -> LegalDocument:
    """The document with this number; must run inside the transaction of what cites it.

    Raises:
        NotReady: the number is recorded with another date or of another body.
    """
    number = " ".join(number.split())
    existing = _known(number) or _written(number, decided_on, issuer, title, is_sample=is_sample)
    if existing.issued_on not in {None, decided_on}:
        raise NotReady(
            f"Quyết định {existing.number} đã được ghi với ngày "
            f"{existing.issued_on:%d/%m/%Y}; hãy kiểm tra lại số hoặc ngày."
        )
    if existing.issuer and issuer and existing.issuer.casefold() != issuer.strip().casefold():
        raise NotReady(
            f"Số {existing.number} là văn bản của {existing.issuer}; "
            "hãy kiểm tra lại số quyết định hoặc cơ quan ban hành."
        )
    return existing


def _known(number: str) -> LegalDocument | None:
    return LegalDocument.objects.filter(number__iexact=number).first()


def _written(
    number: str, decided_on: date, issuer: str, title: str, *, is_sample: bool
) -> LegalDocument:
    slug = re.sub(r"[^0-9A-Za-zĐđ]+", "-", number).strip("-")
    code = f"{slug[:40]}-{decided_on:%Y%m%d}"
    if LegalDocument.objects.filter(code=code).exists():
        # Two numbers may differ only in marks that codes leave out; or somebody wrote this very
        # decision down since it was looked for.
        if found := _known(number):
            return found
        code = f"{code}-{uuid.uuid4().hex[:8]}"
    try:
        with transaction.atomic():
            return LegalDocument.objects.create(
                code=code,
                number=number,
                issued_on=decided_on,
                issuer=issuer,
                title=title,
                is_sample=is_sample,
            )
    except IntegrityError:
        # Somebody wrote the same decision down at this instant.
        if found := _known(number):
            return found
        raise
