"""Walking a lived-in portal from link to link: who walks, and which addresses are alike."""

import re

PEOPLE = (
    "p4.truong",
    "p6.truong",
    "p2.canbo",
    "thamdinh1",
    "tonghop",
    "lanhdao",
    "bocongan",
    "so.taichinh",
    "quantri",
)
"""One person of every role of the demonstration, and a few more of a station."""
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\bC\d\d\b|\d+")
DOWNLOADS = ("/tep", "/hinh", "/tai-ve", "/danh-dau", ".pdf", ".csv", ".xlsx", ".svg")


def kind(address: str) -> str:
    """Addresses that differ only in what they name are of one kind."""
    path, _, query = address.partition("?")
    return IDENTIFIER.sub("…", path) + ("?" if query else "")


def is_page(address: str) -> bool:
    """Whether the address is one of a page, not of a file to take along."""
    return not address.split("?")[0].rstrip("/").endswith(DOWNLOADS)
