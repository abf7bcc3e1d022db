"""The inside of a workbook: every filled cell as it stands, with what hides or joins cells.

Nothing is interpreted here but what a cell is: text, number, date, percentage, formula or error.
"""

from wards.spreadsheet.cells import Sheet
from wards.spreadsheet.limits import Limits
from wards.spreadsheet.package import DAMAGED, Package, WorkbookRefused
from wards.spreadsheet.parts import Book, ContentTypes, Links, Room, SheetPart, Strings, Styles


def read_workbook(content: bytes, limits: Limits) -> list[Sheet]:
    """All sheets of a workbook in their order.

    Raises:
        WorkbookRefused: not a plain workbook, or more than the limits allow.
    """
    package = Package(content, limits)
    types = ContentTypes()
    package.read("[Content_Types].xml", types)
    book = Book()
    package.read("xl/workbook.xml", book)
    links = _read_links(package, "xl/_rels/workbook.xml.rels")
    strings = Strings(limits)
    if package.has("xl/sharedStrings.xml"):
        package.read("xl/sharedStrings.xml", strings)
    styles = Styles()
    if package.has("xl/styles.xml"):
        package.read("xl/styles.xml", styles)
    if len(book.sheets) > limits.sheets:
        raise WorkbookRefused(f"có hơn {limits.sheets} trang tính")
    found = []
    room = Room(limits)
    for name, state, link in book.sheets:
        reader = SheetPart(Sheet(name, hidden=state != "visible"), strings.found, styles, room)
        package.read(_part_name(links, link), reader)
        found.append(reader.sheet)
    return found


def _part_name(links: dict[str, str], link: str) -> str:
    target = links.get(link)
    if target is None:
        raise WorkbookRefused(DAMAGED)
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _read_links(package: Package, name: str) -> dict[str, str]:
    links = Links()
    package.read(name, links)
    return links.found
