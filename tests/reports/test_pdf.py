"""The annual report as PDF: read back with other people's tools, as its receiver would."""

import logging
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from assessments.printing import engine
from reports.figures import figures_sha256
from reports.pdf import figures_digest, render_annual_report, report_fingerprint
from tests.reports.sample_figures import CRITERIA, GROUPS, WARDS, sample_figures

ISSUED_ON = date(2024, 5, 5)
ROOT = Path(__file__).resolve().parents[2]
MM = 72 / 25.4
FIRST_APPENDIX = "KẾT QUẢ TỪNG PHƯỜNG THEO NHÓM TIÊU CHÍ"
SECOND_APPENDIX = "KẾT QUẢ TỪNG PHƯỜNG THEO TIÊU CHÍ"
TONES = "\u0300\u0309\u0303\u0301\u0323"

WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)


def tool(*command: str | Path) -> str:
    finished = subprocess.run(  # noqa: S603 -- fixed tools on our own file
        [str(part) for part in command], capture_output=True, text=True, check=True
    )
    return finished.stdout


class Document:
    """A rendered report and what the poppler tools say about it."""

    def __init__(self, pdf: bytes, path: Path) -> None:
        self.pdf = pdf
        self.path = path
        path.write_bytes(pdf)
        self.pages = tool("pdftotext", "-layout", path, "-").split("\f")[:-1]
        self.text = "\n".join(self.pages)

    @property
    def flat(self) -> str:
        """The text with single spaces, as if it were one line."""
        return " ".join(self.text.split())

    @property
    def solid(self) -> str:
        """The text without any space: lines break anywhere in long words."""
        return "".join(self.text.split())

    def top_of(self, page: int) -> str:
        """What is printed in the top margin of a page (from 1)."""
        height = str(int(19 * MM))
        cut = ("-x", "0", "-y", "0", "-W", "600", "-H", height)
        found = tool("pdftotext", "-f", str(page), "-l", str(page), *cut, self.path, "-")
        return " ".join(found.split())

    def page_of(self, words: str) -> int:
        """The number of the first page (from 1) that has these words."""
        return next(n for n, page in enumerate(self.pages, start=1) if words in page)

    def rows(self, pattern: str) -> list[str]:
        return re.findall(pattern, self.text)


class Complaints(logging.Handler):
    """What WeasyPrint warns about: rules it does not know, addresses it was refused."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@pytest.fixture(scope="module")
def render(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Render and read back; the renderer must have nothing to complain about."""
    folder = tmp_path_factory.mktemp("reports")
    complaints = Complaints(level=logging.WARNING)
    logging.getLogger("weasyprint").addHandler(complaints)

    def _render(figures: dict[str, Any], **options: Any) -> Document:
        options.setdefault("issued_on", ISSUED_ON)
        pdf = render_annual_report(figures, **options)
        assert complaints.heard == []
        return Document(pdf, folder / f"{sha256(pdf).hexdigest()[:12]}.pdf")

    yield _render
    logging.getLogger("weasyprint").removeHandler(complaints)


@pytest.fixture(scope="module")
def report(render: Any) -> Document:
    return render(sample_figures())


def test_every_row_of_the_roadmap_is_printed(report):
    for year, approved, level in (
        (2023, "02/11", 2),
        (2024, "thêm 1", 3),
    ):
        row = rf"{year}\s+{approved}\s+{level}/11\s+4\s+3\s+2\s+"
        assert report.rows(row + ("0" if year == 2023 else "−1"))
    for year, level in ((2025, 4), (2026, 5), (2027, 7), (2028, 9), (2029, 10), (2030, 11)):
        assert report.rows(rf"{year}\s+thêm \d\s+{level}/11\s+–\s+–\s+–\s+–\s+Chưa đến hạn")
    assert report.rows(r"Thị xã Duyên Hải\s+2025\s+100%\s+2/2\s+–")


def test_it_is_stated_which_count_is_taken_as_met(report):
    assert (
        "Số phường được tính là “đạt” trong báo cáo này là số phường đã có quyết định công nhận "
        "của Bộ Công an (cột “Bộ công nhận”)." in report.flat
    )


def test_every_group_is_printed_with_its_counts(report):
    figures = sample_figures()
    found = {item["code"]: item["units_not_met"] for item in figures["baseline"]["groups"]}
    for group in figures["groups"]:
        counts = [len(group["criteria"]), group["met"], group["not_met"], group["awaiting"]]
        counts += [group["unanswered"], found.get(group["code"], "–")]
        assert report.rows(r"\s" + r"\s+".join(str(count) for count in counts) + r"\s")
        assert "".join(GROUPS[group["code"]].split()[:2]) in report.solid
    assert "54 lượt nội dung chưa đạt" in report.flat


def test_every_unit_is_printed_with_its_two_counts(report):
    for place, unit in enumerate(sample_figures()["units"], start=1):
        own = f"{unit['self_assessed']['met']}/22" if unit["self_assessed"] else "–"
        verified = f"{unit['verified']['met']}/22" if unit["verified"] else "–"
        assert report.rows(rf"\s{place}\s+{unit['name']}\s+{own}\s+{verified}\s")
    assert report.flat.count("2878/QĐ-BCA") == 2
    assert "Thành phố Trà Vinh" in report.text
    assert "Thị xã Duyên Hải" in report.text


def test_every_criterion_and_every_ward_is_in_the_second_appendix(report):
    figures = sample_figures()
    appendix = "\n".join(report.pages[report.page_of(SECOND_APPENDIX) - 1 :])
    for item in figures["criteria"]:
        counts = r"\s+".join(
            str(item[name]) for name in ("met", "not_met", "awaiting", "unanswered")
        )
        assert re.search(rf"\s{counts}\s", appendix)
        assert item["code"] in appendix
    for ward in WARDS:
        assert f"- {ward[1]}, {'thành phố' if 'TP' in ward[2] else 'thị xã'}" in appendix
    flat = " ".join(appendix.split())
    assert "chưa đạt C01, C09, C10, C18, C21." in flat
    assert "chưa đánh giá toàn bộ 22 tiêu chí." in flat
    assert "đạt 22/22 tiêu chí." in flat


def test_what_blocks_each_unit_is_printed(report):
    for unit in sample_figures()["units"]:
        for blocker in unit["blockers"]:
            assert "".join(blocker.split()) in report.solid


def test_late_registered_duties_and_narrative_are_printed(report):
    figures = sample_figures()
    for text in (
        "Phường 9, thành phố Trà Vinh: chưa bắt đầu, quá hạn 168 ngày.",
        "Bộ Công an giao 01 phường; danh sách đăng ký năm 2024 gồm 02 phường "
        "(Bộ giao 1; tự đăng ký 1, văn bản nêu 3):",
        "Phường 2, thị xã Duyên Hải (Bộ giao).",
        "Chỉ tiêu lũy kế đến hết năm 2024: 03/11 phường.",
        "theo 14 mục, giao cho 19 cơ quan, đơn vị",
        figures["sentence"],
        *figures["narrative"]["difficulties"].split("\n"),
        *figures["narrative"]["tasks"].split("\n"),
        figures["narrative"]["proposals"],
    ):
        assert text in report.flat
    for duty in figures["duties"]:
        assert duty["agency"] in report.flat


def test_the_header_follows_the_decree(report):
    first = report.pages[0]
    lines = [" ".join(line.split()) for line in first.splitlines() if line.strip()]
    assert "BỘ CÔNG AN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in lines
    assert "CÔNG AN TỈNH TRÀ VINH Độc lập - Tự do - Hạnh phúc" in lines
    assert "Số: /BC-CAT-PTM Trà Vinh, ngày 05 tháng 5 năm 2024" in lines
    assert lines.index("BÁO CÁO") < lines.index("Kính gửi:")
    assert lines[lines.index("Kính gửi:") + 1 :][:3] == [
        "- Bộ Công an;",
        "- Thường trực Tỉnh ủy;",
        "- Ủy ban nhân dân tỉnh.",
    ]
    assert (
        "Thực hiện Quyết định số 1578/QĐ-UBND ngày 20 tháng 10 năm 2023 của Ủy ban nhân dân tỉnh "
        "Trà Vinh về việc ban hành Đề án" in report.flat
    )


def test_the_text_ends_and_is_signed_as_the_decree_asks(report):
    headings = ("I. TÌNH HÌNH", "II. KẾT QUẢ", "III. KHÓ KHĂN", "IV. NHIỆM VỤ", "V. KIẾN NGHỊ")
    places = [report.flat.index(heading) for heading in headings]
    assert places == sorted(places)
    ending = report.flat.index("báo cáo./.")
    signature, appendix = report.flat.index("Nơi nhận:"), report.flat.index("Phụ lục I KẾT QUẢ")
    assert places[-1] < ending < signature < appendix
    assert report.flat.count("./.") == 1
    signed = report.pages[report.page_of("Nơi nhận:") - 1]
    assert re.search(r"Nơi nhận:\s+GIÁM ĐỐC", signed)
    assert "- Như trên;" in signed
    assert "- Lưu: VT, PTM." in signed


def test_page_numbers_are_at_the_top_and_not_on_first_pages(report):
    appendices = [report.page_of(FIRST_APPENDIX), report.page_of(SECOND_APPENDIX)]
    assert len(report.pages) > appendices[1] > appendices[0] > 2
    number = 0
    for page in range(1, len(report.pages) + 1):
        number = 1 if page in appendices else number + 1
        expected = "DỮ LIỆU MẪU" if number == 1 else f"{number} DỮ LIỆU MẪU"
        assert report.top_of(page) == expected


def test_pages_are_a4_with_the_margins_of_the_decree(report):
    with pikepdf.open(BytesIO(report.pdf)) as document:
        for page in document.pages:
            width, height = (float(value) for value in list(page.mediabox)[2:])
            assert width == pytest.approx(210 * MM, abs=0.5)
            assert height == pytest.approx(297 * MM, abs=0.5)
    left, right, top, bottom = [], [], [], []
    for x1, y1, x2, y2, _ in WORD.findall(tool("pdftotext", "-bbox", report.path, "-")):
        if float(y2) < 18 * MM:
            continue
        left.append(float(x1) / MM)
        right.append(210 - float(x2) / MM)
        top.append(float(y1) / MM)
        bottom.append(297 - float(y2) / MM)
    assert 29.5 <= min(left) <= 35
    assert 14 <= min(right) <= 20
    assert 19 <= min(top) <= 25
    assert 19 <= min(bottom) <= 30


def test_all_fonts_are_ours_and_embedded(report):
    fonts = tool("pdffonts", report.path).splitlines()[2:]
    assert len(fonts) == 4
    for line in fonts:
        name, embedded, subset, unicode = line.split()[0], *line.split()[-5:-2]
        assert "Report-Serif" in name
        assert (embedded, subset, unicode) == ("yes", "yes", "yes")


def test_the_file_is_sound_archivable_and_tagged(report):
    tool("qpdf", "--check", report.path)
    with pikepdf.open(BytesIO(report.pdf)) as document:
        with document.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["dc:creator"] == ["Công an tỉnh Trà Vinh"]
        root = document.Root
        assert str(root.Lang) == "vi"
        assert bool(root.MarkInfo.Marked)
        assert "/OutputIntents" in root
        assert "/EmbeddedFiles" not in root.get("/Names", {})
        assert not document.attachments
        kinds = [
            (str(item.S), "/Alt" in item)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
        ]
    assert [alternative for kind, alternative in kinds if kind == "/Figure"] == [True] * 3
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/P"} <= {kind for kind, _ in kinds}


def test_the_same_figures_give_the_same_bytes_in_another_process(report):
    code = (
        "import django, sys; django.setup()\n"
        "from datetime import date\n"
        "from hashlib import sha256\n"
        "from reports.pdf import render_annual_report\n"
        "from tests.reports.sample_figures import sample_figures\n"
        "figures = dict(reversed(sample_figures().items()))\n"
        "pdf = render_annual_report(figures, issued_on=date(2024, 5, 5))\n"
        "sys.stdout.write(sha256(pdf).hexdigest())\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
        "PYTHONHASHSEED": "12345",
        "TZ": "America/New_York",
        "LANG": "C",
    }
    elsewhere = subprocess.run(  # noqa: S603 -- our own interpreter and code
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert elsewhere.stdout == sha256(report.pdf).hexdigest()


def test_one_report_does_not_colour_the_next(report, render):
    figures = sample_figures()
    figures["roadmap"][0]["recognised"] = 1
    figures["roadmap"][2].update({"roster_now": 6, "required_now": 3})
    figures["narrative"]["difficulties"] = "Một khó khăn khác, chữ Ω chưa từng in trước đó."
    other = render(figures)
    assert "chữ Ω" in other.flat
    assert report_fingerprint(other.pdf) != report_fingerprint(report.pdf)
    assert (
        "Toàn chương trình: 11 phường khi phê duyệt nay là 6 phường do sắp xếp đơn vị hành chính"
        in other.flat
    )
    assert other.flat.count("nay 3/6") == 1
    assert render(sample_figures()).pdf == report.pdf


def test_fonts_and_style_are_prepared_once(report):
    assert report.pdf
    before = engine._style.cache_info().misses
    engine._style("report.css")
    assert engine._style.cache_info().misses == before


def test_the_fingerprint_is_printed_last_and_read_back(report):
    digest = figures_digest(sample_figures())
    assert report.pages[-1].split()[-1] == digest
    assert report_fingerprint(report.pdf) == digest == figures_sha256(sample_figures())


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7 not really", b"\x00" * 100])
def test_what_is_no_report_has_no_fingerprint(pdf):
    assert report_fingerprint(pdf) is None


def test_a_pdf_of_others_has_no_fingerprint():
    document = pikepdf.new()
    document.add_blank_page()
    written = BytesIO()
    document.save(written)
    assert report_fingerprint(written.getvalue()) is None


def test_draft_number_and_real_data_change_the_marks(render):
    figures = sample_figures()
    figures["data_kind"] = "real"
    figures["criteria_set"]["confirmed"] = True
    figures["issuer"]["addressees"] = ["Bộ Công an"]
    figures["issuer"]["signer_name"] = "Nguyễn Văn Mẫu"
    draft = render(figures, draft=True, number="7")
    assert draft.top_of(1) == "BẢN NHÁP"
    assert draft.top_of(2) == "2 BẢN NHÁP"
    assert "DỮ LIỆU MẪU" not in draft.text
    assert "chưa đối chiếu văn bản gốc" not in draft.flat
    assert "Số: 07/BC-CAT-PTM" in draft.flat
    assert "Kính gửi: Bộ Công an Thực hiện" in draft.flat
    assert "Nguyễn Văn Mẫu" in draft.text


def test_sample_data_and_an_unconfirmed_set_are_said(report):
    assert all("DỮ LIỆU MẪU" in report.top_of(n + 1) for n in range(len(report.pages)))
    assert "gồm 22 tiêu chí (chưa đối chiếu văn bản gốc)" in report.flat


def test_nothing_known_is_still_a_proper_document(render):
    figures = sample_figures()
    figures.update(
        {
            "sentence": "",
            "criteria_set": None,
            "roadmap": [],
            "groups": [],
            "criteria": [],
            "units": [],
            "matrix": {"criteria": [], "rows": []},
            "group_matrix": {"groups": [], "rows": []},
            "baseline": None,
            "registrations": {"next_year": 2024, "assigned": None, "units": []},
            "duties": [],
            "late": [],
            "narrative": {"difficulties": "", "tasks": "", "proposals": ""},
        }
    )
    figures["programme"]["document"] = {"number": "", "issued_on": None, "issuer": "", "title": ""}
    figures["issuer"].update(
        {"signer_capacity": "", "recipients": [], "addressees": [], "parent": ""}
    )
    empty = render(figures)
    for sentence in (
        "Chưa xác định bộ tiêu chí áp dụng.",
        "Chưa có phân công nhiệm vụ",
        "Chương trình chưa có chỉ tiêu lộ trình.",
        "Chưa có phường thuộc chương trình trong kỳ báo cáo.",
        "Chưa ghi nhận khó khăn, vướng mắc.",
        "Chưa có phường đăng ký năm 2024.",
        "Không có kiến nghị, đề xuất.",
        "Nơi nhận:",
        "Phụ lục II",
    ):
        assert sentence in empty.flat
    assert "None" not in empty.text
    assert "Kính gửi" not in empty.text


def test_tables_of_many_units_repeat_their_head_and_lose_no_row(render):
    figures = sample_figures()
    figures["units"] = [
        {**figures["units"][0], "name": f"phường Số {n}", "district": "", "blockers": []}
        for n in range(1, 71)
    ]
    for matrix, width in (("matrix", 22), ("group_matrix", 10)):
        figures[matrix]["rows"] = [
            {"unit": f"phường Số {n}", "district": "", "cells": ["met"] * width}
            for n in range(1, 71)
        ]
    many = render(figures)
    listed = [re.findall(r"^ *(\d+) +Phường Số (\d+) ", page, re.MULTILINE) for page in many.pages]
    assert [n for page in listed for n, _ in page] == [str(n) for n in range(1, 71)]
    for page, rows in zip(many.pages, listed, strict=True):
        if rows:
            assert re.search(r"TT\s+Đơn vị", page)
    for appendix in (FIRST_APPENDIX, SECOND_APPENDIX):
        following = "\n".join(many.pages[many.page_of(appendix) - 1 :])
        assert all(f"Phường Số {n} " in following for n in (1, 30, 31, 60, 61, 70))
    assert many.flat.count("Số đơn vị đạt") == 2
    tool("qpdf", "--check", many.path)


HOSTILE = (
    '<img src="http://169.254.169.254/latest">',
    "<link rel=attachment href=file:///etc/passwd>",
    "<style>@import url(http://h.example/a.css);</style>",
    '<object data="file:///etc/hostname"></object>',
    "<svg><image href='http://h.example/x.svg'/></svg>",
    "{{7*7}}{%load_static%}",
    '"><script>alert(1)</script>',
    "url(http://h.example/font.ttf)",
    "&lt;b&gt;&amp;nbsp;",
)


FREE_TEXTS = (
    ("programme", "name"),
    ("programme", "province"),
    ("programme", "document", "title"),
    ("programme", "document", "issuer"),
    ("sentence",),
    ("criteria_set", "name"),
    ("roadmap", 0, "as_approved"),
    ("roadmap", 0, "state_label"),
    ("roadmap", 8, "scope_label"),
    ("groups", 0, "name"),
    ("groups", 0, "units_not_met", 0),
    ("criteria", 0, "title"),
    ("units", 0, "name"),
    ("units", 0, "district"),
    ("units", 0, "status_label"),
    ("units", 2, "recognition", "number"),
    ("units", 0, "blockers", 0),
    ("matrix", "rows", 0, "unit"),
    ("matrix", "criteria", 0),
    ("group_matrix", "rows", 0, "district"),
    ("registrations", "units", 0, "name"),
    ("registrations", "units", 0, "source_label"),
    ("duties", 0, "agency"),
    ("late", 0, "unit"),
    ("narrative", "difficulties"),
    ("narrative", "tasks"),
    ("narrative", "proposals"),
    ("issuer", "parent"),
    ("issuer", "name"),
    ("issuer", "symbol"),
    ("issuer", "place"),
    ("issuer", "signer_capacity"),
    ("issuer", "signer_name"),
    ("issuer", "recipients", 0),
    ("issuer", "addressees", 0),
)


def test_hostile_text_in_every_field_is_printed_and_nothing_is_fetched(render, monkeypatch):
    asked: list[str] = []
    fetch = engine.PackagedFilesOnly.fetch

    def recorded(self: Any, url: str, headers: dict[str, str] | None = None) -> Any:
        asked.append(url)
        return fetch(self, url, headers)

    monkeypatch.setattr(engine.PackagedFilesOnly, "fetch", recorded)
    figures = sample_figures()
    for place, path in enumerate(FREE_TEXTS):
        at: Any = figures
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = HOSTILE[place % len(HOSTILE)]
    figures["narrative"]["difficulties"] = "\n".join(HOSTILE)
    document = render(figures, number=HOSTILE[0])
    for text in HOSTILE:
        assert "".join(text.split()).rstrip(";.") in document.solid
    assert asked == []
    with pikepdf.open(BytesIO(document.pdf)) as pdf:
        assert not pdf.attachments
    assert "root:" not in document.text
    assert "49" not in document.flat.split()
    tool("qpdf", "--check", document.path)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/",
        "https://h.example/font.ttf",
        "file:///etc/passwd",
        "file://host/etc/passwd",
        (engine.FONTS / ".." / ".." / ".." / "pyproject.toml").as_uri(),
        (engine.FONTS / "OFL.txt").as_uri(),
        "data:text/plain,x",
        "ftp://h.example/x.ttf",
        "LiberationSerif-Regular.ttf",
    ],
)
def test_the_fetcher_refuses_everything_but_our_fonts(url):
    with pytest.raises(engine.RefusedFetch):
        engine.PackagedFilesOnly().fetch(url)


def test_the_fetcher_hands_out_our_fonts():
    for name in ("Regular", "Bold", "Italic", "BoldItalic"):
        path = engine.FONTS / f"LiberationSerif-{name}.ttf"
        assert engine.PackagedFilesOnly().fetch(path.as_uri()).read() == path.read_bytes()


def vietnamese_letters() -> list[str]:
    letters = [*"ăâêôơưđ"]
    letters += [
        unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES
    ]
    return letters + [letter.upper() for letter in letters]


@pytest.fixture(scope="module")
def unusual(render: Any) -> Document:
    """All letters, decomposed and unprintable characters, and a word without end."""
    letters = vietnamese_letters()
    figures = sample_figures()
    rows = ["".join(letters[start : start + 7]) for start in range(0, 134, 7)]
    for row, chunk in zip(figures["matrix"]["rows"], rows, strict=False):
        row["unit"] = chunk
    decomposed = unicodedata.normalize("NFD", "Phường Hòa Thuận đã đạt chuẩn")
    figures["narrative"] = {
        "difficulties": " ".join(rows),
        "tasks": f"{decomposed}\x00\x1b\u202e\u200b\ud800\ufeff.",
        "proposals": "x" * 20_000,
    }
    return render(figures)


def test_all_vietnamese_letters_survive_in_text_and_drawing(unusual):
    letters = vietnamese_letters()
    assert len(set(letters)) == 134
    drawn = unusual.pages[unusual.page_of(SECOND_APPENDIX) - 1]
    for place, start in enumerate(range(0, 134, 7)):
        chunk = "".join(letters[start : start + 7])
        assert chunk in unusual.flat
        assert place >= len(WARDS) or chunk in drawn


def test_decomposed_and_unprintable_input_prints_as_clean_text(unusual):
    assert "Phường Hòa Thuận đã đạt chuẩn." in unusual.flat


def test_a_word_without_end_neither_stops_nor_leaves_the_page(unusual):
    assert unusual.solid.replace("\u200b", "").count("x") >= 20_000
    words = WORD.findall(tool("pdftotext", "-bbox", unusual.path, "-"))
    assert max(float(word[2]) for word in words) <= (210 - 14) * MM


def test_the_sample_has_the_programme_s_shape():
    figures = sample_figures()
    assert len(CRITERIA) == len(figures["criteria"]) == 22
    assert len(figures["units"]) == len(figures["matrix"]["rows"]) == 11
    assert len(GROUPS) == len(figures["groups"]) == 10
    assert sum(item["units_not_met"] for item in figures["baseline"]["groups"]) == 54
