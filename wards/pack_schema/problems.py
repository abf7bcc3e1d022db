"""What is wrong with a pack, said in one form: `file:path.to.field: sentence`."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

Loc = tuple[int | str, ...]
"""Where something stands in a pack: keys and positions (from 0), outermost first."""

_PLAIN_KEY = re.compile(r"[\w-]+\Z")


def path_text(loc: Loc) -> str:
    """The place as a reader writes it: `units[3].district`, `baselines[0].not_met.21d[1]`."""
    text = ""
    for part in loc:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN_KEY.match(part):
            text += f".{part}"
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text.removeprefix(".")


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence about one place; the place is a path, or a line and column, or the file."""

    loc: Loc
    sentence: str
    line: int | None = None
    column: int | None = None

    def text(self, file: str) -> str:
        """The line that is printed."""
        if self.loc:
            tail = f" (dòng {self.line})" if self.line else ""
            return f"{file}:{path_text(self.loc)}: {self.sentence}{tail}"
        if self.line:
            return f"{file}:{self.line}:{self.column}: {self.sentence}"
        return f"{file}: {self.sentence}"


class PackRefused(Exception):
    """A pack that is not loaded; everything that is wrong with it is in `lines`."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        # A sort that is stable: problems of one line stay in the order in which they were found.
        self.problems = sorted(problems, key=lambda problem: problem.line or 0)
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> list[str]:
        """One printed line per problem, in the order of the file."""
        return [problem.text(self.file) for problem in self.problems]
