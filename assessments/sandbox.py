"""Strangers' files are opened in a process of their own, on a short lead.

The process starts with an empty environment (no secret, no database), limits its own memory, time
and files before it reads a byte, does one job and ends. Whatever happens to it happens to it alone.
Run as `python -m assessments.sandbox JOB …` with the file on standard input.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
CHECK_MEMORY = 192 * MEGABYTE
DRAW_MEMORY = 512 * MEGABYTE
CPU_SECONDS = 5
WALL_SECONDS = 20


class SandboxFailed(Exception):
    """The process was stopped at a limit, or could not do its job."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page as an image, and how many pages there are."""

    content: bytes
    pages: int


def reason_against(content: bytes, media_type: str) -> str:
    """Why a file of this type is not taken; empty when it is.

    Raises:
        SandboxFailed: the check came to its limits.
    """
    answer = json.loads(_run("check", media_type, content=content))
    return str(answer["reason"])


def draw(content: bytes, media_type: str, page: int) -> Drawn:
    """A page (from 1) of a PDF, or an image, as a JPEG of bounded size.

    Raises:
        SandboxFailed: the file cannot be drawn.
    """
    head, _, body = _run("draw", media_type, str(page), content=content).partition(b"\n")
    return Drawn(body, int(json.loads(head)["pages"]))


def _run(*words: str, content: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 -- our own module and words of our own, no shell
            [sys.executable, "-E", "-s", "-m", "assessments.sandbox", *words],
            input=content,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd=ROOT,
            env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SandboxFailed("time") from None
    if done.returncode != 0:
        last_words = done.stderr[-500:].decode(errors="replace")
        raise SandboxFailed(f"exit {done.returncode}: {last_words}")
    return done.stdout


def _hold(memory: int) -> None:
    """Limit this process; nothing it does can take more."""
    for what, most in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_AS, memory + 512 * MEGABYTE),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(5)


def main(words: list[str]) -> int:
    """Do one job on what comes in."""
    job, media_type, *more = words
    if job == "check":
        _hold(CHECK_MEMORY)
        from assessments.inspection.kinds import reason_in

        content = sys.stdin.buffer.read()
        sys.stdout.write(json.dumps({"reason": reason_in(content, media_type)}))
        return 0
    _hold(DRAW_MEMORY)
    from assessments.inspection.drawing import draw_page

    body, pages = draw_page(sys.stdin.buffer.read(), media_type, int(more[0]))
    sys.stdout.buffer.write(json.dumps({"pages": pages}).encode() + b"\n" + body)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
