"""The overview to take along: all tables as a workbook; each block as a workbook or a drawing."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from reports.charts import leaf, source_line
from reports.rollup.board import Board
from reports.views.narrowing import Chosen, chosen_provinces, chosen_units
from reports.views.overview import picture_of, reading_of
from reports.views.overview_blocks import Block
from reports.views.overview_figures import figures_of
from reports.views.overview_sheets import sheets_of, sheets_of_block
from reports.views.picture import Picture
from reports.workbook import DRAWING_TYPE, MEDIA_TYPE, file_response, write_sheets


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken along: the picture, its units as asked for, what the files are named after."""

    picture: Picture
    chosen: Chosen
    name: str


@allow(*READERS)
@require_safe
def overview_workbook(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """Every table of the overview as of the asked day, a tab each."""
    picture, name = _asked(request, code, year)
    return file_response(write_sheets(sheets_of(picture)), MEDIA_TYPE, f"tong-quan-{name}.xlsx")


@allow(*READERS)
@require_safe
def block_workbook(request: PortalRequest, code: str, year: int, block: str) -> HttpResponse:
    """The tables of one block of the overview, as the page was filtered and ordered."""
    found = _taken(request, code, year)
    sheets = sheets_of_block(_block(block), found.picture, found.chosen)
    if not sheets:
        raise Http404
    return file_response(write_sheets(sheets), MEDIA_TYPE, f"{block}-{found.name}.xlsx")


@allow(*READERS)
@require_safe
def block_drawing(request: PortalRequest, code: str, year: int, block: str) -> HttpResponse:
    """One block of the overview as an SVG file of its own."""
    found = _taken(request, code, year)
    figures = figures_of(_block(block), found.picture, found.chosen)
    if not figures:
        raise Http404
    picture, asked = found.picture, _block(block)
    narrowed = found.chosen.words if asked.is_narrowed_in(picture) else ""
    drawing = leaf(
        figures,
        title=asked.title_of(picture),
        about=about(picture, asked.note_of(picture), narrowed),
        source=source_line(),
    )
    return file_response(drawing.encode(), DRAWING_TYPE, f"{block}-{found.name}.svg")


def about(picture: Picture, *more: str) -> list[str]:
    """The lines under the title of a drawing: of what, of when, counted how."""
    place = picture.place.name if picture.place is not None else "Cả nước"
    lines = [
        f"{picture.programme.name} · {place}",
        f"Năm {picture.year} · Số liệu đến hết ngày {picture.as_of:%d/%m/%Y} · "
        f"Tính là đạt: {picture.counting_label}",
    ]
    if picture.round is not None and picture.round.is_sample:
        lines.append(f"Kỳ {picture.year} là dữ liệu mẫu, không phải số liệu thật")
    return [*lines, *(one for one in more if one)]


def _block(asked: str) -> Block:
    if asked not in set(Block):
        raise Http404
    return Block(asked)


def _taken(request: PortalRequest, code: str, year: int) -> Taken:
    picture, name = _asked(request, code, year)
    if not picture.is_of_country:
        return Taken(picture, chosen_units(request, picture.board), name)
    if picture.round is None:
        return Taken(picture, Chosen(None, "", Board(()), ()), name)
    return Taken(picture, chosen_provinces(request, picture.country), name)


def _asked(request: PortalRequest, code: str, year: int) -> tuple[Picture, str]:
    """The picture, and what its files are named after."""
    reading, asked = reading_of(request, code, year)
    if asked.status != 200:
        raise Http404
    parts = [code, *([reading.code] if reading.code else []), str(year), f"{asked.day:%Y-%m-%d}"]
    return picture_of(reading, year, asked), "-".join(parts)
