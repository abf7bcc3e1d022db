"""`load_pack` and `open_round` as operators call them."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEntry
from assessments.models import Assessment
from criteria.models import Round
from tests.packs.conftest import CRITERIA, HEAD, PLACES, PROGRAMME, Packs, rows
from wards.models import LegalDocument, Unit


def run(command: str, *args: str) -> list[str]:
    """The lines a command prints."""
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue().splitlines()


def test_one_line_per_file_with_counts(packs: Packs):
    first, second = packs.write(PLACES, "a.yaml"), packs.write(CRITERIA, "b.yaml")
    lines = run("load_pack", str(first), str(second))
    assert lines == [
        f"{first}: tạo mới 12 (2 văn bản; 2 tỉnh, thành phố; 2 đơn vị cấp huyện; 5 đơn vị; "
        "1 cơ quan), cập nhật 0, không đổi 0.",
        f"{second}: tạo mới 9 (1 bộ tiêu chí; 2 nhóm tiêu chí; 2 tiêu chí; 4 chỉ số), "
        "cập nhật 0, không đổi 0.",
    ]
    assert run("load_pack", str(first)) == [f"{first}: không thay đổi (12 mục)."]


def test_the_first_refused_file_ends_the_run(packs: Packs):
    good = packs.write(HEAD + "documents: [{code: A, number: 1/QĐ}]\n", "good.yaml")
    bad = packs.write(
        HEAD + "documents: [{code: B, number: 2/QĐ}]\nunits:\n"
        '  - {code: 29239, name: Phường 1, kind: ward, province: "84"}\n',
        "bad.yaml",
    )
    never = packs.write(HEAD + "documents: [{code: C, number: 3/QĐ}]\n", "never.yaml")
    with pytest.raises(CommandError) as refused:
        run("load_pack", str(good), str(bad), str(never))
    assert str(refused.value).splitlines() == [
        f"{bad}: 2 lỗi, chưa nạp gì từ tệp này.",
        f'{bad}:units[0].code: mã phải là chuỗi: đặt trong ngoặc kép, ví dụ "29242". (dòng 4)',
        f'{bad}:units[0].province: không có tỉnh, thành phố mang mã "84". (dòng 4)',
    ]
    assert refused.value.returncode != 0
    assert [one.code for one in LegalDocument.objects.all()] == ["A"]
    assert AuditEntry.objects.filter(event="pack_loaded").count() == 1


def test_a_country_of_units_loads_quickly(packs: Packs):
    """3,321 units: the limit is ten seconds on a small machine; here it is processor time."""
    import time

    provinces = "".join(
        f'  - {{code: "{number:02d}", name: Tỉnh {number}, kind: province}}\n'
        for number in range(34)
    )
    listed = "".join(
        f'  - {{code: "{number:05d}", name: Đơn vị {number}, kind: commune, '
        f'province: "{number % 34:02d}", valid_from: 2025-07-01}}\n'
        for number in range(3321)
    )
    path = packs.write(HEAD + "provinces:\n" + provinces + "units:\n" + listed)
    started = time.process_time()
    run("load_pack", str(path))
    assert time.process_time() - started < 10
    assert Unit.objects.count() == 3321
    assert Unit.objects.filter(sort_key="").count() == 0
    assert run("load_pack", str(path)) == [f"{path}: không thay đổi (3355 mục)."]


@pytest.fixture
def programme(packs: Packs) -> None:
    packs.load(PLACES, CRITERIA, PROGRAMME)


@pytest.mark.usefixtures("programme")
def test_a_round_is_opened_once():
    assert run("open_round", "--programme", "tra-vinh", "--year", "2023") == [
        "Kỳ 2023 của tra-vinh: đã mở cho 4 đơn vị; hạn nộp 23:59 ngày 14/11/2023."
    ]
    before = rows()
    [line] = run("open_round", "--programme", "tra-vinh", "--year", "2023")
    assert "đã mở từ trước cho 4 đơn vị, không thay đổi" in line
    assert rows() == before
    assert Assessment.objects.count() == 4


@pytest.mark.usefixtures("programme")
@pytest.mark.parametrize(
    ("written", "local"),
    [
        ("2023-12-01", "2023-12-01 23:59:59"),
        ("2023-12-01T17:00", "2023-12-01 17:00:00"),
        ("2023-12-01T10:00Z", "2023-12-01 17:00:00"),
    ],
)
def test_the_deadline_is_vietnamese_time(written: str, local: str):
    run("open_round", "--programme", "tra-vinh", "--year", "2023", "--deadline", written)
    deadline = timezone.localtime(Round.objects.get().deadline)
    assert f"{deadline:%Y-%m-%d %H:%M:%S}" == local
    lines = run(
        "open_round", "--programme", "tra-vinh", "--year", "2023", "--deadline", "2024-01-01"
    )
    assert lines[1:] == ["Hạn nộp của kỳ đã mở không đổi bằng lệnh này."]


@pytest.mark.usefixtures("programme")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("tay-ninh", "2023"), 'Không có chương trình mang mã "tay-ninh".'),
        (("tra-vinh", "2022"), "Năm 2022 nằm ngoài thời gian của chương trình (2023–2030)."),
        (("tra-vinh", "năm nay"), '"năm nay" không phải là năm, ví dụ 2023.'),
        (("tra-vinh", "²⁰²³"), "không phải là năm"),
        (("tra-vinh", "2023", "--deadline", "mai"), 'Hạn nộp "mai" sai dạng'),
        (("tra-vinh", "2023", "--deadline", "2023-02-30T10:00"), "sai dạng"),
    ],
)
def test_a_round_that_cannot_be_opened(options: tuple[str, ...], sentence: str):
    before = rows()
    code, year, *rest = options
    with pytest.raises(CommandError) as refused:
        run("open_round", "--programme", code, "--year", year, *rest)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert rows() == before


@pytest.mark.usefixtures("programme")
def test_no_round_without_a_criteria_set(packs: Packs, edit: Callable[[str, str, str], str]):
    text = edit(PROGRAMME, "code: tra-vinh", "code: chua-co")
    packs.load(edit(text, "    criteria_set: TC-2\n", ""))
    with pytest.raises(CommandError, match="chưa có bộ tiêu chí"):
        run("open_round", "--programme", "chua-co", "--year", "2023")
