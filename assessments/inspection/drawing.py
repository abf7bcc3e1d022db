"""A page of a PDF, or a photograph, drawn as one JPEG of bounded size."""

from io import BytesIO

import pypdfium2
from PIL import Image, ImageOps

from assessments.inspection.types import PDF

WIDTH = 1_200
MAX_DRAWN = 4_000_000
"""Pixels of one drawn page."""
QUALITY = 82


def draw_page(content: bytes, media_type: str, page: int) -> tuple[bytes, int]:
    """The drawing and the number of pages; a page beyond the last is the last.

    Raises:
        Exception: whatever the libraries raise for a file that cannot be drawn.
    """
    if media_type == PDF:
        return _draw_pdf(content, page)
    with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as image:
        image.draft("RGB", (WIDTH, WIDTH))
        turned = ImageOps.exif_transpose(image)
        turned.thumbnail((WIDTH, WIDTH * 2))
        return _jpeg(turned), 1


def _draw_pdf(content: bytes, page: int) -> tuple[bytes, int]:
    document = pypdfium2.PdfDocument(content)
    pages = len(document)
    shown = document[min(max(page, 1), pages) - 1]
    width, height = shown.get_size()
    scale = min(WIDTH / max(width, 1), (MAX_DRAWN / max(width * height, 1)) ** 0.5, 4)
    drawn = shown.render(scale=scale, may_draw_forms=False).to_pil()
    return _jpeg(drawn), pages


def _jpeg(image: Image.Image) -> bytes:
    flat = image.convert("RGBA") if "A" in image.mode or image.mode == "P" else image.convert("RGB")
    if flat.mode == "RGBA":
        paper = Image.new("RGB", flat.size, "white")
        paper.paste(flat, mask=flat.getchannel("A"))
        flat = paper
    held = BytesIO()
    flat.save(held, "JPEG", quality=QUALITY)
    return held.getvalue()
