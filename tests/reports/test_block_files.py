"""Every block of the overview taken along: a drawing that stands alone, a workbook of values."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Role, User
from assessments.models import Assessment
from criteria.models import Programme
from reports.charts import Bar, Cell, Column, Series, bars_figure, leaf, table_figure
from reports.country.making import make_country
from reports.country.scale import Scale
from reports.views.overview_blocks import Block
from tests import cast
from tests.reports.drawings import SVG, drawn, texts
from wards.models import Province

SignIn = Callable[[User], Client]
MOST_QUERIES = 15
OF_UNITS = [one for one in Block if one is not Block.PROVINCE_ROADMAPS]
PARTS = {"svg", "title", "desc", "g", "path", "rect", "text"}
HOSTILE = '<script>alert(1)</script> & "x"'


@pytest.fixture
def programme(db: None) -> Programme:
    today = timezone.localdate()
    make_country(Scale(seed=5, today=today, years=2, provinces=2, units=14), say=lambda line: None)
    return Programme.objects.get()


def test_each_drawing_says_of_itself_what_it_is_and_fetches_nothing(
    ministry: Client, address: str, programme: Programme, provinces: list[Province]
) -> None:
    day = timezone.localdate() - timedelta(days=10)
    for block in Block:
        for place, asked in (("Cả nước", {}), (provinces[0].name, {"tinh": provinces[0].code})):
            if asked and block not in OF_UNITS:
                continue
            answer = ministry.get(f"{address}{block}.svg", {**asked, "ngay": day.isoformat()})
            assert answer.status_code == 200, (block, place)
            assert answer["Content-Type"] == "image/svg+xml"
            assert answer["Content-Disposition"].startswith(f'attachment; filename="{block}-')
            root = drawn(answer.content)
            assert root.get("role") == "img"
            title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
            assert title is not None
            assert title.text
            assert told is not None
            for part in (programme.name, place, str(day.year), f"{day:%d/%m/%Y}", "Nguồn: "):
                assert part in (told.text or "")
                assert part in " ".join(texts(root))
            assert "sans-serif" in (root.get("font-family") or "")
            for one in root.iter():
                assert one.tag.removeprefix(SVG) in PARTS
                assert not {"href", "style"} & one.attrib.keys()


def test_each_workbook_holds_values_alone(
    ministry: Client, address: str, provinces: list[Province]
) -> None:
    for block in Block:
        for asked in ({}, {"tinh": provinces[0].code}):
            answer = ministry.get(f"{address}{block}.xlsx", asked)
            if asked and block not in OF_UNITS:
                assert answer.status_code == 404
                continue
            assert answer.status_code == 200, block
            book = load_workbook(BytesIO(answer.content))
            cells = [cell for page in book for row in page.iter_rows() for cell in row]
            assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
            assert all(page.max_row > 4 for page in book), block


def test_the_page_leads_to_every_block_it_shows(
    ministry: Client, address: str, provinces: list[Province]
) -> None:
    day = (timezone.localdate() - timedelta(days=10)).isoformat()
    here = {"tinh": provinces[1].code, "ngay": day}
    status = ministry.get(address, here).context["picture"].statuses[0][0].value
    part = {"tinh": provinces[1].code, "trang_thai": status, "xep": "M05", "ngay": day}
    for asked, blocks in (({}, list(Block)), (part, OF_UNITS)):
        content = ministry.get(address, asked).content.decode()
        for block in blocks:
            for kind in ("xlsx", "svg"):
                assert f'href="{address}{block}.{kind}?' in content, (block, asked)
    kept = f"tinh={part['tinh']}&amp;trang_thai={status}&amp;xep=M05&amp;ngay={day}"
    assert f'href="{address}tieu-chi.svg?{kept}"' in content


def test_under_every_block_stands_what_is_counted(
    ministry: Client, address: str, provinces: list[Province]
) -> None:
    drawer = "<summary>Tính những gì, bỏ những gì</summary>"
    for asked, blocks in (({}, list(Block)), ({"tinh": provinces[0].code}, OF_UNITS)):
        content = ministry.get(address, asked).content.decode()
        # The groups and criteria of a country are one table; the key figures have one more.
        together = 1 if not asked else 0
        assert content.count(drawer) == len(blocks) - together + 1
    for page in ("so-sanh/?theo=tinh", "don-vi/"):
        assert ministry.get(f"{address}{page}").content.decode().count(drawer) == 1
    assert "Tính đến cuối hôm nay" in ministry.get(f"{address}man-hinh/").content.decode()


def test_what_is_narrowed_and_ordered_on_the_page_is_so_in_the_file(
    ministry: Client, address: str, provinces: list[Province]
) -> None:
    picture = ministry.get(address, {"tinh": provinces[0].code}).context["picture"]
    status = picture.statuses[0][0]
    asked = {"tinh": provinces[0].code, "trang_thai": status.value, "xep": "M05"}
    wanted = [one.unit.heading_name for one in picture.standings if one.status == status]
    book = load_workbook(BytesIO(ministry.get(f"{address}tieu-chi.xlsx", asked).content))
    listed = [row[0] for row in book.active.iter_rows(min_row=5, values_only=True)][:-1]
    assert sorted(listed) == sorted(wanted)
    told = ministry.get(f"{address}tieu-chi.svg", asked).content.decode()
    assert f"Chỉ phiếu ở tình trạng “{status.label}”; yếu nhất ở M05 nêu trước" in told
    assert [one for one in texts(drawn(told.encode())) if one in listed] == listed
    # The states of all files are not narrowed with the list of units beside them.
    states = load_workbook(BytesIO(ministry.get(f"{address}tinh-trang.xlsx", asked).content))
    rows = dict(states["Tình trạng"].iter_rows(min_row=5, max_col=2, values_only=True))
    assert rows["Số phiếu"] == picture.gathering.files


def test_provinces_weakest_in_a_criterion_come_first_on_the_page_and_in_its_files(
    ministry: Client, address: str
) -> None:
    page = ministry.get(address, {"xep": "M05"})
    country = page.context["picture"].country
    shares = [one.criteria["M05"].met / one.files for _, one in country.in_order("M05")]
    assert shares == sorted(shares)
    names = [province.name for province, _ in country.in_order("M05")]
    body = page.context["heat"].body
    assert sorted(names, key=body.index) == names
    assert 'aria-sort="ascending"' in page.content.decode()
    for block in ("nhom", "tieu-chi"):
        book = load_workbook(BytesIO(ministry.get(f"{address}{block}.xlsx?xep=M05").content))
        listed = [row[0] for row in book.active.iter_rows(min_row=5, values_only=True)]
        drawing = ministry.get(f"{address}{block}.svg?xep=M05").content
        written = [one for one in texts(drawn(drawing)) if one in names]
        assert listed == [*names, "Cả nước"]
        assert written == names
        assert "Yếu nhất ở M05 nêu trước" in drawing.decode()
    # What is no criterion is no order.
    assert ministry.get(address, {"xep": "<b>"}).context["heat"].body


def test_a_province_takes_its_own_blocks_and_no_other(
    address: str, provinces: list[Province], sign_in: SignIn
) -> None:
    leader = sign_in(cast.person("tinh", "Trần Tỉnh", Role.LEADER, province=provinces[0]))
    for block in OF_UNITS:
        for kind in ("svg", "xlsx"):
            file = f"{address}{block}.{kind}"
            own = leader.get(file)
            assert own.status_code == 200
            assert leader.get(file, {"tinh": provinces[1].code}).status_code == 404
    for asked in ("khong-co.svg", "khong-co.xlsx", "lo-trinh-tinh.svg"):
        assert leader.get(f"{address}{asked}").status_code == 404


def test_no_block_asks_more_than_a_page(
    ministry: Client, address: str, provinces: list[Province]
) -> None:
    for block in OF_UNITS:
        for asked in ({}, {"tinh": provinces[0].code}):
            ministry.get(f"{address}{block}.svg", asked)
            with CaptureQueriesContext(connection) as queries:
                ministry.get(f"{address}{block}.svg", asked)
            assert len(queries) <= MOST_QUERIES, (block, asked)


def test_a_year_without_a_round_has_its_roadmap_alone(
    programme: Programme, address: str, ministry: Client
) -> None:
    programme.rounds.filter(year=timezone.localdate().year).update(
        opened_at=timezone.now() + timedelta(days=1)
    )
    for block in Block:
        status = 200 if block in {Block.ROADMAP, Block.PROVINCE_ROADMAPS} else 404
        for kind in ("svg", "xlsx"):
            assert ministry.get(f"{address}{block}.{kind}").status_code == status, block


def test_two_sides_are_drawn_as_they_stand_in_the_tables(
    ministry: Client, address: str, provinces: list[Province]
) -> None:
    asked = {"theo": "tinh", "tinh": provinces[0].code, "voi": provinces[1].code}
    found = ministry.get(f"{address}so-sanh/", asked).context["found"]
    answer = ministry.get(f"{address}so-sanh/bieu-do.svg", asked)
    written = texts(drawn(answer.content))
    for line in (*found.summary, *found.lines):
        for place, share in enumerate(line.row.sides, 1):
            if share is not None and share.percent is not None:
                told = f"{place}: {share.number}/{share.of} ({share.percent} %)"
                assert told in written, line.row.title
    files = Assessment.objects.filter(round__year=timezone.localdate().year)
    first, second = files.values_list("unit", flat=True)[:2]
    both = {"theo": "don-vi", "don_vi": str(first), "voi": str(second)}
    lines = ministry.get(f"{address}so-sanh/", both).context["found"].units.lines
    written = texts(drawn(ministry.get(f"{address}so-sanh/bieu-do.svg", both).content))
    assert written.count("Khác nhau") == sum(one.differs for one in lines)
    assert ministry.get(f"{address}so-sanh/bieu-do.svg", {"theo": "don-vi"}).status_code == 404


def test_what_people_wrote_stays_text() -> None:
    table = table_figure([Column(HOSTILE, 90)], [[Cell(HOSTILE, "", "met")]], description=HOSTILE)
    bars = bars_figure(
        [Series(HOSTILE, "#fff", HOSTILE)],
        [Bar(HOSTILE, (1,), (HOSTILE,), HOSTILE)],
        description="",
    )
    found = leaf([table, bars], title=HOSTILE, about=[HOSTILE], source=HOSTILE)
    assert "<script" not in found
    root = drawn(found.encode())
    width = float(root.get("width", "0"))
    assert all(0 <= float(one.get("x", "0")) <= width for one in root.iter(f"{SVG}text"))


def test_a_row_that_is_shifted_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells expected, got 1"):
        table_figure([Column("A", 50), Column("B", 50)], [[Cell("x")]], description="")
