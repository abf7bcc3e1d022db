"""Asking the virus scanner again about evidence that waits."""

import logging
from datetime import datetime

from django.db import transaction

from accounts import audit
from assessments.models import Evidence, Scan
from assessments.scanning import scan

logger = logging.getLogger(__name__)

AT_ONCE = 200


def scan_waiting(*, now: datetime) -> int:
    """Scan what waits, the oldest first, until the scanner falls silent; returns how many were."""
    done = 0
    waiting = Evidence.objects.filter(scan=Scan.WAITING).select_related("unit__province")
    for evidence in waiting.order_by("added_at", "pk")[:AT_ONCE]:
        try:
            with evidence.file.open("rb") as held:
                found = scan(held.read())
        except OSError:
            logger.error("Evidence %s has no file on the disk", evidence.pk)
            continue
        if found.state == Scan.WAITING:
            break
        with transaction.atomic():
            changed = Evidence.objects.filter(pk=evidence.pk, scan=Scan.WAITING).update(
                scan=found.state
            )
            if changed:
                done += 1
                audit.record(
                    "evidence_scanned",
                    evidence,
                    by=None,
                    now=now,
                    province_code=evidence.unit.province.code,
                    unit_id=evidence.unit_id,
                    details={
                        "state": found.state,
                        "signature": found.signature,
                        "sha256": evidence.sha256,
                    },
                )
    return done
