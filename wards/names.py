"""Vietnamese names: one stored form, one key to search by, one key to sort by."""

import re
import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Grave, hook, tilde, acute, dot below: the order of dictionaries (huyền, hỏi, ngã, sắc, nặng)."""
_RANK = {letter: f"{position:02d}" for position, letter in enumerate(ALPHABET, start=12)}
_END, _SPACE, _FIRST_DIGIT = "00", "01", 2
_NUMBER = re.compile(r"\d+")
_MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "–": "-", "‐": "-"})
"""Apostrophes and dashes that keyboards and typesetters put for one another."""

HIGHLAND = "ĕŏĭŭčƀñ"
"""Letters of the languages of the Central Highlands, in which some places are named."""
PUNCTUATION = "'’-–.,()/"
_LETTERS = frozenset(
    unicodedata.normalize("NFC", letter + tone)
    for base in (*ALPHABET, *HIGHLAND)
    for letter in (base, base.upper())
    for tone in ("", *TONES)
)
_ALLOWED = _LETTERS | frozenset(f"0123456789 {PUNCTUATION}")
_BLANKS = frozenset(" \t\r\n")
_LOOK_ALIKES = {"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ", "\u0256": "đ"}


def normalised(text: str) -> str:
    """NFC, without stray spaces: how every name is stored."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def hidden_character(text: str) -> str | None:
    """The first character that cannot be seen or turns the text, as the end of a sentence.

    None when there is none. Spaces, tabs and ends of lines are how texts are typed.
    """
    for place, char in enumerate(unicodedata.normalize("NFC", text), start=1):
        if char not in _BLANKS and not char.isprintable():
            return f"có ký tự không nhìn thấy (U+{ord(char):04X} ở vị trí {place}); xóa và gõ lại"
    return None


def fault_in_name(text: str) -> str | None:
    """Why this cannot be a name of a place, as the end of a sentence; None when it can.

    Vietnamese letters, digits, spaces and the marks of names: whatever merely looks like one of
    them, cannot be seen, or turns the text around would make one place look like another.
    """
    for place, char in enumerate(unicodedata.normalize("NFC", text), start=1):
        if char in _ALLOWED:
            continue
        shown = f"U+{ord(char):04X} ở vị trí {place}"
        if not char.isprintable() or unicodedata.category(char) in {"Cf", "Zs", "Zl", "Zp", "Lm"}:
            return f"có ký tự không nhìn thấy ({shown}); xóa và gõ lại"
        if char in _LOOK_ALIKES:
            return f'có chữ "{char}" ({shown}) chỉ giống chữ "{_LOOK_ALIKES[char]}"; gõ lại'
        if char.isalpha() or unicodedata.combining(char):
            return f'có chữ "{char}" ({shown}) không phải chữ tiếng Việt; gõ lại'
        return f'có ký tự "{char}" ({shown}) không dùng trong tên; xóa hoặc gõ lại'
    return None


def search_key(text: str) -> str:
    """Lower case, no diacritics, single spaces: "HÒA BÌNH", "Hoà Bình" and "hoa binh" are one."""
    plain = normalised(text).translate(_MARKS).casefold().replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", plain)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def canonical_key(text: str) -> str:
    """The same for every way to write one name: "Hòa", "Hoà" and "HÒA", composed or not.

    Each syllable without its tone, followed by the tone, so that where the mark sits does not
    matter; "Hoa" and "Hòa" stay two names.
    """
    plain = normalised(text).translate(_MARKS).casefold()
    return " ".join(_toneless_first(word) for word in plain.split())


def _toneless_first(syllable: str) -> str:
    decomposed = unicodedata.normalize("NFD", syllable)
    letters = "".join(char for char in decomposed if char not in TONES)
    tones = "".join(str(TONES.index(char) + 1) for char in decomposed if char in TONES)
    return unicodedata.normalize("NFC", letters) + tones


def sort_key(text: str) -> str:
    """A key of digits whose order is the Vietnamese one, with numbers by value.

    Base letters decide first (A Ă Â … D Đ …), tones only between otherwise equal names. Digits
    alone are ordered alike by every collation of every database.
    """
    padded = _NUMBER.sub(lambda number: number.group().zfill(6), normalised(text).casefold())
    letters, tones = [], []
    for char in padded:
        base = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in base if mark in TONES), "")
        letter = unicodedata.normalize("NFC", base.replace(tone, "") if tone else base)
        if letter in _RANK:
            letters.append(_RANK[letter])
            tones.append(str(TONES.index(tone) + 1) if tone else "0")
        elif letter.isdigit():
            letters.append(f"{_FIRST_DIGIT + unicodedata.digit(letter):02d}")
        elif letter.isspace():
            letters.append(_SPACE)
    return f"{''.join(letters)}{_END}{''.join(tones)}"[:240]
