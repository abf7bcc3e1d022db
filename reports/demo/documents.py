"""Small files that really open: one page of PDF for each criterion, and a drawn picture."""

import hashlib
from io import BytesIO

from django.conf import settings
from django.utils.html import escape
from PIL import Image, ImageDraw, ImageFont
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from assessments.uploads import CheckedUpload
from criteria.models import Criterion

FONTS = settings.BASE_DIR / "static" / "fonts" / "liberation-serif"
PAGE = """
<html lang="vi"><head><title>Tài liệu mẫu {code}</title><style>
@font-face {{ font-family: Mau; src: url("{font}") }}
@page {{ size: A4; margin: 25mm }}
body {{ font: 13pt/1.5 Mau }} h1 {{ font-size: 15pt; text-align: center }}
p.mark {{ border: 1pt solid #c8102e; color: #c8102e; padding: 3mm; text-align: center }}
</style></head><body>
<p class="mark">DỮ LIỆU MẪU – không phải văn bản thật</p>
<h1>TÀI LIỆU KIỂM CHỨNG<br>{code}. {title}</h1>
<p>Nội dung mong đợi: {evidence}</p>
<p>{edition}</p>
<p>Trang này do phần trình diễn của cổng đánh giá tạo ra để xem thử việc mở, tải và thẩm định
tài liệu kiểm chứng.</p></body></html>
"""


def sample_pdf(criterion: Criterion, *, edition: str = "") -> CheckedUpload:
    """One page that says what would prove the criterion; `edition` tells a later copy apart."""
    html = PAGE.format(
        code=escape(criterion.code),
        title=escape(criterion.title),
        edition=escape(edition),
        evidence=escape(criterion.evidence or "văn bản của cấp có thẩm quyền"),
        font=(FONTS / "LiberationSerif-Regular.ttf").as_uri(),
    )
    content = HTML(string=html).write_pdf(font_config=FontConfiguration())
    return _checked(f"Tai lieu mau {criterion.code}.pdf", content, "application/pdf")


def sample_picture(caption: str) -> CheckedUpload:
    """A drawn station house with a caption."""
    image = Image.new("RGB", (960, 640), "#dfe9e3")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 470, 960, 640), fill="#b9c7bd")
    draw.rectangle((180, 210, 780, 500), fill="#f6f2e4", outline="#0b5d3b", width=5)
    draw.polygon([(150, 210), (480, 110), (810, 210)], fill="#0b5d3b")
    for column in range(4):
        left = 225 + column * 140
        draw.rectangle((left, 260, left + 80, 340), fill="#9cc3d5", outline="#0b5d3b", width=3)
    draw.rectangle((430, 380, 530, 500), fill="#c8102e")
    large = ImageFont.truetype(str(FONTS / "LiberationSerif-Bold.ttf"), 34)
    draw.text((480, 555), caption, font=large, fill="#1f2a24", anchor="mm")
    draw.text((480, 600), "Ảnh mẫu", font=large, fill="#c8102e", anchor="mm")
    content = BytesIO()
    image.save(content, "JPEG", quality=80)
    return _checked("Anh tru so mau.jpg", content.getvalue(), "image/jpeg")


def _checked(name: str, content: bytes, media_type: str) -> CheckedUpload:
    # Made here a moment ago: the sandbox that strangers' files go through would only cost time.
    return CheckedUpload(name, content, media_type, hashlib.sha256(content).hexdigest())
