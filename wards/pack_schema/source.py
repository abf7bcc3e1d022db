"""From bytes to plain values: a small, strict reading of YAML that remembers the lines.

YAML is read event by event, so that a hostile file (aliases that multiply, brackets without end) is
refused before it costs anything. Booleans are only `true` and `false`: in YAML 1.1 the key `on`,
which packs use, would be read as a boolean. Nothing in a file can name a Python type.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

import yaml

from wards.pack_schema.problems import Loc, PackRefused, Problem

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 20
MAX_VALUES = 400_000
"""Ten times the values that all 3,321 units of the country need."""

_WHOLE = re.compile(r"[-+]?[0-9]+\Z")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]{1,3})?\Z")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\Z")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_HINTS = (
    ("found character that cannot start any token", "không dùng dấu tab hoặc ký tự @ ` % ở đầu"),
    ("found a tab", "không thụt dòng bằng dấu tab"),
    ("mapping values are not allowed", "có dấu hai chấm thừa; đặt cả đoạn trong ngoặc kép"),
    ("found unexpected end of stream", "thiếu dấu ngoặc kép hoặc dấu nháy đóng"),
    ("control characters are not allowed", "có ký tự điều khiển"),
    ("did not find expected", "kiểm tra thụt dòng, dấu phẩy và dấu ngoặc ngay trước chỗ này"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a file holds, with where each value stands."""

    file: str
    data: dict[str, Any]
    sha256: str
    lines: dict[Loc, int]
    problems: tuple[Problem, ...]

    def line_of(self, loc: Loc) -> int | None:
        """The line of the value at `loc`, or of the nearest thing around it."""
        for length in range(len(loc), 0, -1):
            if loc[:length] in self.lines:
                return self.lines[loc[:length]]
        return None

    def refusal(self, problems: Iterable[Problem]) -> PackRefused:
        """The exception for these problems, each with its line.

        About a place that could not be read nothing else is said.
        """
        unread = {one.loc for one in self.problems}
        placed = [
            Problem(one.loc, one.sentence, self.line_of(one.loc) if one.loc else None)
            for one in problems
            if one.loc not in unread
        ]
        return PackRefused(self.file, [*self.problems, *placed])


def read(file: str, content: bytes) -> Source:
    """The plain values of a pack; `file` is how messages call it.

    Problems that leave the rest readable (a key twice, a tag) are kept in `problems`.

    Raises:
        PackRefused: too large, not UTF-8, not YAML, empty, or not a mapping.
    """
    if len(content) > MAX_BYTES:
        raise PackRefused(file, [Problem((), f"tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB.")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = f"tệp không phải UTF-8 (byte sai đầu tiên ở dòng {line}); lưu lại dạng UTF-8."
        raise PackRefused(file, [Problem((), sentence)]) from error
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            reader.take(event)
    except _Fatal as error:
        raise PackRefused(file, [*reader.problems, error.problem]) from error
    except yaml.MarkedYAMLError as error:
        raise PackRefused(file, [*reader.problems, _syntax(error)]) from error
    except yaml.YAMLError as error:
        sentence = "tệp có ký tự điều khiển mà YAML không cho phép."
        raise PackRefused(file, [Problem((), sentence)]) from error
    if reader.documents == 0 or reader.root is None:
        raise PackRefused(file, [Problem((), "tệp trống.")])
    if not isinstance(reader.root, dict):
        sentence = 'tệp phải bắt đầu bằng các khóa, ví dụ "pack: 1".'
        raise PackRefused(file, [Problem((), sentence)])
    return Source(
        file,
        reader.root,
        hashlib.sha256(content).hexdigest(),
        reader.lines,
        tuple(reader.problems),
    )


def _syntax(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    said = error.problem or ""
    hint = next((words for sign, words in _HINTS if sign in said), "kiểm tra dòng này")
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    sentence = f"không đúng cú pháp YAML ở dòng {line}, cột {column}: {hint}."
    return Problem((), sentence, line, column)


class _Fatal(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open."""

    value: dict[str, Any] | list[Any]
    loc: Loc
    anchor: str | None
    opened_at: int
    key: str | None = None
    first_seen: dict[str, int] = field(default_factory=dict)
    dropped: bool = False
    """Whether the value under `key` is a repetition, which is read but not kept."""


class _Reader:
    """Builds the values from the events."""

    def __init__(self) -> None:
        self.root: Any = None
        self.documents = 0
        self.lines: dict[Loc, int] = {}
        self.problems: list[Problem] = []
        self._frames: list[_Frame] = []
        self._values = 0
        self._anchors: dict[str, tuple[Any, int]] = {}

    def take(self, event: yaml.Event) -> None:
        """Take the next event.

        Raises:
            _Fatal: what follows cannot be read sensibly, or costs too much.
        """
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._stop(event, "một tệp chỉ gồm một gói; bỏ phần sau dấu ---.")
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            frame = self._frames.pop()
            if frame.anchor:
                self._anchors[frame.anchor] = (frame.value, self._values - frame.opened_at + 1)
            self._put(frame.value)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        self._count(event, 1)
        if len(self._frames) >= MAX_DEPTH:
            self._stop(event, f"lồng nhau quá {MAX_DEPTH} tầng.")
        if self._awaits_key:
            self._stop(event, "khóa phải là một chuỗi, không phải danh sách hay nhóm khóa.")
        self._refuse_tag(event, event.tag)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        loc = self._next_loc()
        self.lines.setdefault(loc, _line(event))
        self._frames.append(_Frame(value, loc, event.anchor, self._values))
        if event.anchor:
            self._anchors.pop(event.anchor, None)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._count(event, 1)
        self._refuse_tag(event, event.tag)
        plain = bool(event.implicit[0])
        value = _plain_value(event.value) if plain else event.value
        if isinstance(value, str):
            value = unicodedata.normalize("NFC", value)
        if self._awaits_key:
            self._key(event, value)
            return
        loc = self._next_loc()
        self.lines.setdefault(loc, _line(event))
        if isinstance(value, str) and any(map(_is_control, value)):
            self._say(event, loc, "có ký tự điều khiển không in được.")
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._put(value)

    def _key(self, event: yaml.ScalarEvent, value: Any) -> None:
        frame = self._frames[-1]
        key = value if isinstance(value, str) else event.value
        loc = (*frame.loc, key)
        line = _line(event)
        if not isinstance(value, str):
            self._say(event, loc, f'khóa phải là chuỗi: viết "{key}" trong ngoặc kép.')
        frame.dropped = key in frame.first_seen
        if frame.dropped:
            self._say(event, loc, f'khóa "{key}" lặp lại, đã có ở dòng {frame.first_seen[key]}.')
        frame.key = key
        frame.first_seen.setdefault(key, line)
        self.lines.setdefault(loc, line)

    def _alias(self, event: yaml.AliasEvent) -> None:
        if self._awaits_key:
            self._stop(event, "khóa phải là một chuỗi, không phải tham chiếu *.")
        found = self._anchors.get(event.anchor or "")
        if found is None:
            self._stop(event, f"tham chiếu *{event.anchor} chưa có &{event.anchor} ở trước.")
        value, weight = found
        self._count(event, weight)
        self.lines.setdefault(self._next_loc(), _line(event))
        self._put(value)

    @property
    def _awaits_key(self) -> bool:
        frame = self._frames[-1] if self._frames else None
        return frame is not None and isinstance(frame.value, dict) and frame.key is None

    def _next_loc(self) -> Loc:
        if not self._frames:
            return ()
        frame = self._frames[-1]
        if isinstance(frame.value, list):
            return (*frame.loc, len(frame.value))
        return (*frame.loc, frame.key or "")

    def _put(self, value: Any) -> None:
        if not self._frames:
            self.root = value
            return
        frame = self._frames[-1]
        if isinstance(frame.value, list):
            frame.value.append(value)
            return
        if not frame.dropped:
            frame.value[frame.key or ""] = value
        frame.key = None

    def _count(self, event: yaml.Event, weight: int) -> None:
        self._values += weight
        if self._values > MAX_VALUES:
            self._stop(event, f"tệp có hơn {MAX_VALUES} giá trị (tính cả tham chiếu *).")

    def _refuse_tag(self, event: yaml.Event, tag: str | None) -> None:
        if tag is not None:
            self._say(event, self._next_loc(), f"không dùng thẻ YAML ({tag}).")

    def _say(self, event: yaml.Event, loc: Loc, sentence: str) -> None:
        self.problems.append(Problem(loc, sentence, _line(event)))

    def _stop(self, event: yaml.Event, sentence: str) -> NoReturn:
        column = event.start_mark.column + 1 if event.start_mark else 1
        raise _Fatal(Problem((), sentence, _line(event), column))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t"


def _plain_value(text: str) -> Any:
    """What an unquoted word means: nothing, true, false, a number, a day, or the word itself."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _WHOLE.match(text):
        # Thirty digits are past every limit; more would only cost time to convert.
        return int(text[:30])
    if _DECIMAL.match(text):
        return Decimal(text)
    found = _DATE.match(text)
    if found:
        try:
            return date(*(int(part) for part in found.groups()))
        except ValueError:
            return text
    return text
