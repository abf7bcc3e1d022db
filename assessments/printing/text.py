"""Text that came from people, made fit to be printed."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

_BREAK_EVERY = 60
_ENDLESS_WORD = re.compile(r"\S{200,}")


def _breakable(word: re.Match[str]) -> str:
    letters = word.group()
    return "\u200b".join(
        letters[start : start + _BREAK_EVERY] for start in range(0, len(letters), _BREAK_EVERY)
    )


def clean(value: Any) -> Any:
    """Return data with every text in NFC and without characters that cannot be printed.

    Control, direction and zero-width characters and lone surrogates are dropped, line breaks are
    kept. A "word" of hundreds of letters gets invisible places to break, because laying out one
    takes time by the square of its length.
    """
    if isinstance(value, str):
        kept = (
            char
            for char in unicodedata.normalize("NFC", value)
            if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Cn", "Co"}
        )
        return _ENDLESS_WORD.sub(_breakable, "".join(kept))
    if isinstance(value, Mapping):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value
