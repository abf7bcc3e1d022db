"""Which units the tables of an overview show, and in which order: what the address asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.access import PortalRequest
from assessments.workflow import Status
from reports.rollup import Standing
from reports.rollup.board import Board
from reports.rollup.gathering import Country
from reports.rollup.heat import Heat, fewest_missing_first

FEWEST_MISSING = "con-thieu"
"""What `?xep=` says for units with the most criteria met first; else a criterion or a group."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The units of a status (`?trang_thai=`; None: of any), in an order (empty: that of lists)."""

    wanted: Status | None
    ordered: str
    board: Board
    standings: Sequence[Standing]

    @property
    def groups(self) -> Heat:
        """Units × groups in that order."""
        return self._in_order(self.board.groups)

    @property
    def criteria(self) -> Heat:
        """Units × criteria in that order."""
        return self._in_order(self.board.criteria)

    def _in_order(self, heat: Heat) -> Heat:
        return Heat(heat.columns, tuple(heat.rows_of(self.standings)))

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


def chosen_provinces(request: PortalRequest, country: Country) -> Chosen:
    """The order that is asked for of the provinces of a country; they have no status."""
    asked = request.GET.get("xep", "")
    known = asked in country.whole.criteria or asked in country.whole.groups
    return Chosen(None, asked if known else "", Board(()), ())


def chosen_units(request: PortalRequest, board: Board) -> Chosen:
    """What is asked for of these units; a status or an order that does not exist is none."""
    status = request.GET.get("trang_thai", "")
    wanted = Status(status) if status in Status.values else None
    if wanted is not None:
        board = Board(tuple(one for one in board.standings if one.status == wanted))
    asked = request.GET.get("xep", "")
    if asked == FEWEST_MISSING:
        return Chosen(wanted, asked, board, fewest_missing_first(board.standings))
    for heat in (board.criteria, board.groups):
        if any(column.code == asked for column in heat.columns):
            return Chosen(wanted, asked, board, heat.weakest_first(asked))
    return Chosen(wanted, "", board, board.standings)
