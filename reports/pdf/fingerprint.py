"""The fingerprint that ties a printed report to the frozen figures it was made from."""

import json
import re
from hashlib import sha256
from io import BytesIO
from typing import Any

import pikepdf

MARK = "figures-sha256:"
_FINGERPRINT = re.compile(MARK + r"([0-9a-f]{64})")


def figures_digest(figures: dict[str, Any]) -> str:
    """Return the SHA-256 of the figures in their canonical form.

    Keys sorted, no spaces, UTF-8: the same figures give the same digest whatever order a database
    or a JSON file returns them in.
    """
    canonical = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def report_fingerprint(pdf: bytes) -> str | None:
    """Return the digest of the figures which a PDF says it was made from.

    ``None`` when the bytes are no PDF or carry no fingerprint. This is the file's own claim: that
    it is unaltered is proved by comparing the digest of the whole file with the one kept.
    """
    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            keywords = str(document.docinfo.get("/Keywords", ""))
    except pikepdf.PdfError:
        return None
    found = _FINGERPRINT.search(keywords)
    return found.group(1) if found else None
