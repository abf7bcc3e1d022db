"""A document's own day against the days that a round looks at."""

from assessments.models import Evidence
from criteria.models import Round


def outside_window(evidence: Evidence, round_: Round) -> bool:
    """Whether the document's own day is known and lies outside the round's data window."""
    day = evidence.issued_on
    return day is not None and not round_.window_starts <= day <= round_.window_ends


def window_sentence(evidence: Evidence, round_: Round) -> str:
    """The warning about a document of another time; empty when there is nothing to warn of."""
    if evidence.issued_on is None or not outside_window(evidence, round_):
        return ""
    return (
        f"Ngày văn bản {evidence.issued_on:%d/%m/%Y} nằm ngoài khoảng số liệu của kỳ "
        f"({round_.window_starts:%d/%m/%Y} – {round_.window_ends:%d/%m/%Y})."
    )
