"""Reading the tables of a page."""

import re


def stacked(page: str) -> tuple[list[str], list[str]]:
    """Columns of the one table that stacks on a phone, and what its cells say they are."""
    (table,) = re.findall(r'<table class="[^"]*table-stacked[^"]*">(.*?)</table>', page, re.DOTALL)
    columns = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table, re.DOTALL)
    cells = re.findall(r"<td([^>]*)>", table)
    labels = [re.findall(r'data-label="([^"]*)"', cell) for cell in cells]
    return [column.strip() for column in columns], ["".join(label) for label in labels]
