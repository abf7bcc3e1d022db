"""Whatever a file holds: it is loaded whole, or refused with sentences and without a trace."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.pack_loader import load_file
from tests.packs.conftest import CRITERIA, NOW, PLACES, PROGRAMME, Packs, rows
from tests.packs.test_facts import BASELINE, RECOGNITION, REGISTRATION
from wards.pack_schema.problems import PackRefused, Problem, path_text
from wards.pack_schema.source import read

TEXTS = (PLACES, CRITERIA, PROGRAMME, BASELINE, RECOGNITION, REGISTRATION)
QUIET = settings(
    deadline=None,
    max_examples=3000,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.text(max_size=12),
    st.sampled_from(["29239", "29242@2025-07-01", "ward", "QD-1578", "tra-vinh", "x" * 300]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=5,
)


def places_in(value: Any) -> list[list[Any]]:
    """Every path into a value."""
    found: list[list[Any]] = []
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, one in inner:
        found.append([key])
        found += [[key, *rest] for rest in places_in(one)]
    return found


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """A good pack in which a few values are replaced, doubled or taken away."""
    data = copy.deepcopy(read("x", draw(st.sampled_from(TEXTS)).encode()).data)
    for _ in range(draw(st.integers(1, 3))):
        every = places_in(data)
        if not every:
            break
        *road, last = draw(st.sampled_from(every))
        target: Any = data
        for step in road:
            target = target[step]
        match draw(st.sampled_from(["replace", "remove", "double"])):
            case "replace":
                target[last] = draw(values)
            case "remove":
                del target[last]
            case "double" if isinstance(target, list):
                target.append(copy.deepcopy(target[last]))
            case _:
                target["thêm"] = draw(values)
    return data


@QUIET
@given(data=spoilt())
def test_a_spoilt_pack_is_loaded_whole_or_leaves_no_trace(base: Packs, data: dict[str, Any]):
    from django.db import transaction

    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    path = base.write(text)
    before = rows()
    with transaction.atomic():
        lines = refusal_of(path)
        if lines is None:
            after = rows()
            assert refusal_of(path) is None
            assert rows() == after
        else:
            assert lines
            assert all(line.startswith(str(path)) and "\n" not in line for line in lines)
            assert rows() == before
        transaction.set_rollback(True)


def refusal_of(path: Path) -> list[str] | None:
    """The lines with which a file is refused; None when it is loaded."""
    try:
        load_file(path, now=NOW)
    except PackRefused as refusal:
        return refusal.lines
    return None


@settings(deadline=None, max_examples=300)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes):
    lines: list[str] = []
    try:
        source = read("x", b"pack: 1\n" + content)
    except PackRefused as refusal:
        lines = refusal.lines
    else:
        lines = [str(source.data["pack"])]
    assert lines


@settings(deadline=None, max_examples=100)
@given(data=st.dictionaries(st.text(min_size=1, max_size=8), values, min_size=1))
def test_what_is_written_is_what_is_read(data: dict[str, Any]):
    """Our reading agrees with the library's wherever a value means the same in YAML 1.1 and 1.2."""
    printable = yaml.safe_dump(data, allow_unicode=False, sort_keys=False, default_style='"')
    source = read("x", printable.encode())
    library = yaml.load(printable, Loader=yaml.CBaseLoader)  # noqa: S506 -- plain text only
    if not source.problems:
        assert texts(source.data) == texts(library)


def texts(value: Any) -> Any:
    """All values as composed text."""
    import unicodedata

    if isinstance(value, dict):
        return {texts(key): texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [texts(one) for one in value]
    return unicodedata.normalize("NFC", str(value))


@pytest.mark.parametrize(
    ("loc", "path"),
    [
        (("units", 3, "district"), "units[3].district"),
        (("baselines", 0, "not_met", "21d", 1), "baselines[0].not_met.21d[1]"),
        (("units", 0, "khóa lạ"), 'units[0]["khóa lạ"]'),
        (("a\nb",), '["a\\nb"]'),
        ((), ""),
    ],
)
def test_paths(loc: tuple[int | str, ...], path: str):
    assert path_text(loc) == path
    assert Problem((), "câu.").text("f") == "f: câu."
