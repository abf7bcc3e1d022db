"""Which units the tables of an overview show, and in which order: what the address asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.access import PortalRequest
from assessments.workflow import Status
from reports.rollup import Standing
from reports.rollup.heat import fewest_missing_first, weakest_first

FEWEST_MISSING = "con-thieu"
"""What `?xep=` says for units with the most criteria met first; else a criterion or a group."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The units of a status (`?trang_thai=`; None: of any), in an order (empty: that of lists)."""

    wanted: Status | None
    ordered: str
    standings: Sequence[Standing]

    @property
    def words(self) -> str:
        """What was asked for, for a file that leaves the page; empty when nothing was."""
        found = [f"Chỉ phiếu ở tình trạng “{self.wanted.label}”"] if self.wanted else []
        if self.ordered == FEWEST_MISSING:
            found.append("nhiều tiêu chí đạt nhất nêu trước")
        elif self.ordered:
            found.append(f"yếu nhất ở {self.ordered} nêu trước")
        text = "; ".join(found)
        return text[:1].upper() + text[1:]


def chosen_units(request: PortalRequest, standings: Sequence[Standing]) -> Chosen:
    """What is asked for of these units; a status or an order that does not exist is none."""
    status = request.GET.get("trang_thai", "")
    wanted = Status(status) if status in Status.values else None
    found = [one for one in standings if wanted in (None, one.status)]
    asked = request.GET.get("xep", "")
    if asked == FEWEST_MISSING:
        return Chosen(wanted, asked, fewest_missing_first(found))
    frame = found[0].frame if found else None
    if frame and asked in frame.codes:
        return Chosen(wanted, asked, weakest_first(found, asked))
    return Chosen(wanted, "", found)
