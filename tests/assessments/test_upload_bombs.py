"""Bombs go off in a process of their own, on a short lead (RELIABILITY FL-04)."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from assessments import sandbox
from assessments.inspection.types import DOCX, JPEG, PDF, PNG, XLSX
from assessments.uploads import UploadRefused, check_upload
from tests import cast
from tests.assessments import strangers
from tests.assessments.strangers import office, pdf, picture, workbook

MEGABYTE = 1024 * 1024
MEASURED = """
import sys
from assessments.sandbox import main
code = main(sys.argv[1:])
told = open("/proc/self/status").read()
sys.stderr.write(told.split("VmHWM:")[1].split()[0])
sys.exit(code)
"""


def measured(content: bytes, *words: str) -> tuple[str, int]:
    """What the sandbox answers and the most memory it held, in bytes."""
    done = subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-E", "-s", "-c", MEASURED, *words],
        input=content,
        capture_output=True,
        cwd=sandbox.ROOT,
        env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        check=True,
    )
    return done.stdout.decode(errors="replace"), int(done.stderr.split()[-1]) * 1024


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip bomb": (DOCX, lambda: office(**{"word/media/a.bin": b"0" * 60_000_000})),
    "zip bomb that lies": (
        DOCX,
        lambda: strangers.lying(office(**{"word/media/a.bin": b"0" * 60_000_000})),
    ),
    "zip that claims 4 GB": (
        DOCX,
        lambda: strangers.claiming(office(**{"word/media/a.bin": b"0"}), 0xFFFFFFF0),
    ),
    "zip in zip": (
        XLSX,
        lambda: workbook(**{"xl/media/a.zip": office(**{"a.bin": b"0" * 30_000_000})}),
    ),
    "overlapping entries": (DOCX, strangers.overlapping),
    "too many entries": (
        DOCX,
        lambda: office(**{f"word/media/{number}": b"" for number in range(2_001)}),
    ),
    "million laughs": (
        DOCX,
        lambda: office(
            **{
                "word/document.xml": b'<!DOCTYPE x [<!ENTITY a "'
                + b"a" * 1_000
                + b'">'
                + b"".join(
                    b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 9)
                )
                + b"]><x>&i;</x>"
            }
        ),
    ),
    "picture of 65,535 by 65,535": (
        PNG,
        lambda: strangers.png(65_535, 65_535, strangers.packed_spaces(1_000_000)),
    ),
    "picture with more pixels than it says": (
        PNG,
        lambda: strangers.png(100, 100, strangers.packed_spaces(80_000_000)),
    ),
    "photograph of 65,535 by 65,535": (
        JPEG,
        lambda: _resized(picture("JPEG"), 65_535, 65_535),
    ),
    "huge stream": (
        PDF,
        lambda: strangers.with_stream(["/FlateDecode"], strangers.packed_spaces(300_000_000)),
    ),
    "many large streams": (PDF, lambda: _many_streams()),
    "stream of objects": (PDF, lambda: strangers.object_stream_bomb(250_000_000)),
    "packed twice": (
        PDF,
        lambda: strangers.with_stream(
            ["/FlateDecode", "/FlateDecode"], strangers.packed_spaces(1_000_000)
        ),
    ),
}


def _resized(jpeg: bytes, width: int, height: int) -> bytes:
    """The same photograph with another size in its header."""
    place = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:place] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + jpeg[place + 4 :]


def _many_streams() -> bytes:
    packed = strangers.packed_spaces(150_000_000)

    def change(made: pikepdf.Pdf) -> None:
        for number in range(6):
            stream = pikepdf.Stream(made, b"")
            stream.write(packed, filter=pikepdf.Name.FlateDecode)
            made.pages[0].obj[f"/Odd{number}"] = made.make_indirect(stream)

    return pdf(change)


@pytest.mark.parametrize("case", BOMBS)
def test_fl_04_a_bomb_is_refused_within_200_mb(case: str) -> None:
    media_type, make = BOMBS[case]
    answer, most = measured(make(), "check", media_type)
    assert answer != '{"reason": ""}'
    assert most <= 200 * MEGABYTE


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (PNG, lambda: picture("PNG", (1_200, 900))),
        (JPEG, lambda: picture("JPEG", (3_000, 2_000))),
        (PDF, lambda: pdf(pages=300)),
    ],
)
def test_fl_04_honest_large_files_pass_within_200_mb(
    media_type: str, content: Callable[[], bytes]
) -> None:
    answer, most = measured(content(), "check", media_type)
    assert answer == '{"reason": ""}'
    assert most <= 200 * MEGABYTE


def test_a_page_too_large_to_draw_is_drawn_smaller() -> None:
    vast = strangers.at_page("/MediaBox", strangers.pikepdf.Array([0, 0, 14_400, 14_400]))
    drawn = sandbox.draw(vast, PDF, 1)
    assert drawn.pages == 1
    assert drawn.content.startswith(b"\xff\xd8")


def test_a_check_that_is_stopped_refuses_and_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> str:
        raise sandbox.SandboxFailed("time")

    monkeypatch.setattr(sandbox, "reason_against", stopped)
    with pytest.raises(UploadRefused, match="quá phức tạp"):
        check_upload(cast.upload("cham.pdf", cast.PDF + b"% never seen before"))


def test_the_sandbox_holds_no_secret_and_writes_no_file(tmp_path: Path) -> None:
    looking = """
import os, sys
from assessments import sandbox
sandbox._hold(sandbox.CHECK_MEMORY)
import assessments.inspection.kinds
print(sorted(os.environ), "django" in sys.modules)
try:
    with open(sys.argv[1], "w") as held:
        held.write("x")
except OSError:
    print("nothing written")
"""
    seen = subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-E", "-s", "-c", looking, str(tmp_path / "x")],
        capture_output=True,
        text=True,
        cwd=sandbox.ROOT,
        env={"LC_ALL": "C.UTF-8"},
        check=True,
    )
    assert seen.stdout.splitlines() == ["['LC_ALL'] False", "nothing written"]


def test_the_sandbox_is_stopped_when_it_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.001)
    with pytest.raises(sandbox.SandboxFailed, match="time"):
        sandbox.reason_against(cast.PDF, PDF)


def test_the_sandbox_says_when_a_file_cannot_be_drawn() -> None:
    with pytest.raises(sandbox.SandboxFailed, match="exit"):
        sandbox.draw(b"%PDF-1.4 nothing", PDF, 1)
