"""Files that are not what a pack is: refused before anything is looked up."""

import time

import pytest

from tests.packs.conftest import HEAD, Packs
from wards.pack_schema.problems import PackRefused, path_text
from wards.pack_schema.source import MAX_BYTES, read


def refusal(content: str | bytes) -> list[str]:
    """The lines with which a file is refused while it is read."""
    data = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(PackRefused) as refused:
        read("x.yaml", data)
    return refused.value.lines


@pytest.mark.parametrize("text", ["", "   \n\n", "# only a comment\n", "---\n", "~\n", "\ufeff"])
def test_an_empty_file(text: str):
    assert refusal(text) == ["x.yaml: tệp trống."]


@pytest.mark.parametrize("text", ["- pack: 1\n", "pack\n", "42\n", '"pack: 1"\n'])
def test_not_a_mapping(text: str):
    assert refusal(text) == ['x.yaml: tệp phải bắt đầu bằng các khóa, ví dụ "pack: 1".']


def test_a_pack_that_says_nothing(packs: Packs):
    assert packs.faults("pack: 1\n") == {"": "gói không có phần nội dung nào."}


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258", "latin-1"])
def test_not_utf_8(encoding: str):
    content = "pack: 1\nname: é Ê\n".encode(encoding)
    [line] = refusal(content)
    assert line.startswith("x.yaml: tệp không phải UTF-8 (byte sai đầu tiên ở dòng ")


def test_a_byte_order_mark_is_no_fault():
    assert read("x.yaml", b"\xef\xbb\xbfpack: 1\n").data == {"pack": 1}


def test_too_large():
    assert refusal(b"#" * (MAX_BYTES + 1)) == ["x.yaml: tệp lớn hơn 5 MB."]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("pack: 1\nunits:\n  - {code: a\n", "4:1"),
        ("pack: 1\ntitle: Đề án: giai đoạn 2\n", "2:13"),
        ("pack: 1\nunits:\n\t- a\n", "3:1"),
        ('pack: 1\ntitle: "chưa đóng\n', "3:1"),
        ("pack: 1\n  units: []\n", "2:8"),
    ],
)
def test_bad_syntax_tells_line_and_column(text: str, place: str):
    [line] = refusal(text)
    row, column = place.split(":")
    assert line.startswith(
        f"x.yaml:{place}: không đúng cú pháp YAML ở dòng {row}, cột {column}: "
    ), line


@pytest.mark.parametrize("text", ["pack: 1\nname: a\x00b\n", "pack: 1\nname: a\x07b\n"])
def test_control_characters(text: str):
    assert any("ký tự điều khiển" in line for line in refusal(text))


def test_escaped_control_characters_have_a_path():
    source = read("x.yaml", b'pack: 1\nunits: [{name: "a\\0b"}]\n')
    [problem] = source.problems
    assert path_text(problem.loc) == "units[0].name"
    assert "ký tự điều khiển" in problem.sentence


def test_repeated_keys_are_refused_with_path_and_line(packs: Packs):
    text = HEAD + (
        "documents:\n  - code: A\n    number: 1/QĐ\n    code: B\n    number: 2/QĐ\ndocuments: []\n"
    )
    assert packs.faults(text) == {
        "documents[0].code": 'khóa "code" lặp lại, đã có ở dòng 3.',
        "documents[0].number": 'khóa "number" lặp lại, đã có ở dòng 4.',
        "documents": 'khóa "documents" lặp lại, đã có ở dòng 2.',
    }


def test_on_is_a_key_and_not_a_boolean():
    assert read("x.yaml", b"on: 2025-01-01\nyes: no\n").data == {
        "on": __import__("datetime").date(2025, 1, 1),
        "yes": "no",
    }


def test_more_than_one_document():
    [line] = refusal("pack: 1\n---\npack: 1\n")
    assert line == "x.yaml:2:1: một tệp chỉ gồm một gói; bỏ phần sau dấu ---."


def test_tags_cannot_name_types(packs: Packs):
    text = HEAD + "documents:\n  - {code: A, number: !!python/object/apply:os.getcwd []}\n"
    faults = packs.faults(text)
    assert faults["documents[0].number"].startswith("không dùng thẻ YAML")


@pytest.mark.parametrize("depth", [25, 50_000])
def test_nesting_without_end(depth: int):
    [line] = refusal("pack: " + "[" * depth)
    assert "lồng nhau quá 20 tầng" in line


def test_aliases_that_multiply_are_refused_at_once():
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    started = time.process_time()
    [line] = refusal("pack: 1\n" + "\n".join(levels))
    assert "giá trị (tính cả tham chiếu *)" in line
    assert time.process_time() - started < 2


def test_an_alias_of_itself():
    [line] = refusal("pack: 1\nunits: &a [*a]\n")
    assert "tham chiếu *a chưa có &a ở trước" in line


def test_an_alias_may_repeat_a_text(packs: Packs):
    packs.load(
        HEAD + "documents:\n"
        "  - {code: A, number: 1/QĐ, issuer: &who UBND tỉnh}\n"
        "  - {code: B, number: 2/QĐ, issuer: *who}\n"
    )


def test_text_is_stored_composed(packs: Packs):
    import unicodedata

    from wards.models import LegalDocument

    decomposed = unicodedata.normalize("NFD", "Trà Vinh – Hòa Thuận")
    packs.load(HEAD + f"documents:\n  - {{code: A, number: 1/QĐ, title: {decomposed}}}\n")
    assert LegalDocument.objects.get().title == "Trà Vinh – Hòa Thuận"


def test_a_file_that_is_not_there(packs: Packs):
    from assessments.pack_loader import load_file
    from tests.packs.conftest import NOW

    with pytest.raises(PackRefused) as refused:
        load_file(packs.folder / "none.yaml", now=NOW)
    assert "không đọc được tệp" in str(refused.value)
    with pytest.raises(PackRefused):
        load_file(packs.folder, now=NOW)
