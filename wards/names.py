"""Vietnamese names: one stored form, one key to search by, one key to sort by."""

import re
import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Grave, hook, tilde, acute, dot below: the order of dictionaries (huyền, hỏi, ngã, sắc, nặng)."""
_RANK = {letter: f"{position:02d}" for position, letter in enumerate(ALPHABET, start=10)}
_NUMBER = re.compile(r"\d+")


def normalised(text: str) -> str:
    """NFC, without stray spaces: how every name is stored."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def search_key(text: str) -> str:
    """Lower case, no diacritics, single spaces: "HÒA BÌNH", "Hoà Bình" and "hoa binh" are one."""
    decomposed = unicodedata.normalize("NFD", normalised(text).casefold().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def canonical_key(text: str) -> str:
    """The same for every way to write one name: "Hòa", "Hoà" and "HÒA", composed or not.

    Each syllable without its tone, followed by the tone, so that where the mark sits does not
    matter; "Hoa" and "Hòa" stay two names.
    """
    return " ".join(_toneless_first(word) for word in normalised(text).casefold().split())


def _toneless_first(syllable: str) -> str:
    decomposed = unicodedata.normalize("NFD", syllable)
    letters = "".join(char for char in decomposed if char not in TONES)
    tones = "".join(str(TONES.index(char) + 1) for char in decomposed if char in TONES)
    return unicodedata.normalize("NFC", letters) + tones


def sort_key(text: str) -> str:
    """A plain-ASCII key whose order is the Vietnamese one, with numbers by value.

    Base letters decide first (A Ă Â … D Đ …), tones only between otherwise equal names.
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
            letters.append(f"0{letter}")
        elif letter.isspace():
            letters.append("00")
    return f"{''.join(letters)}-{''.join(tones)}"[:240]
