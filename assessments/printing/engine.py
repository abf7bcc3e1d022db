"""WeasyPrint on a short lead: our own style sheets, our own fonts, no fetch of anything else."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint import CSS, HTML
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
FONTS = STATIC / "fonts" / "liberation-serif"
VARIANT = "pdf/a-3a"

# The font map behind a FontConfiguration is shared and not made for several threads at once.
_one_at_a_time = Lock()


class RefusedFetch(ValueError):
    """A document asked for something that is not one of our packaged fonts."""


class PackagedFilesOnly(URLFetcher):  # type: ignore[misc]
    """Answers for the printed fonts and refuses every other address, local or not."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return a packaged font; raise :class:`RefusedFetch` for anything else."""
        parts = urlsplit(url)
        if parts.scheme == "file" and not parts.netloc:
            path = Path(url2pathname(parts.path)).resolve()
            if path.parent == FONTS and path.suffix == ".ttf":
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})
        raise RefusedFetch(f"Not a packaged file: {url}")


@lru_cache(maxsize=4)
def _style(name: str) -> tuple[CSS, FontConfiguration]:
    """Parse a style sheet and register its fonts, once per process."""
    fonts = FontConfiguration()
    style = CSS(filename=STATIC / "css" / name, font_config=fonts, url_fetcher=PackagedFilesOnly())
    return style, fonts


@lru_cache(maxsize=1)
def _srgb() -> bytes:
    """Return the colour profile an archivable file carries, as shipped with the renderer."""
    return (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()


def _colours() -> dict[str, ColorProfile]:
    """Hand the profile over read: left to itself, the renderer leaves its file open."""
    components = (["r"], ["g"], ["b"])
    return {
        "srgb": ColorProfile(BytesIO(_srgb()), "sRGB2014.icc", "relative-colorimetric", components)
    }


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the garbage collector from walking a growing document over and over: a third faster."""
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()


def write_pdf(html: str, *, stylesheet: str, identifier: bytes) -> bytes:
    """Return the PDF of a document of ours, drawn by a style sheet of ours.

    ``identifier`` becomes the first half of its /ID.
    """
    with _one_at_a_time, _without_collector():
        style, fonts = _style(stylesheet)
        document = HTML(string=html, url_fetcher=PackagedFilesOnly())
        pdf: bytes = document.write_pdf(
            stylesheets=[style],
            font_config=fonts,
            pdf_variant=VARIANT,
            color_profiles=_colours(),
            output_intent="",
            pdf_identifier=identifier,
        )
    return pdf
