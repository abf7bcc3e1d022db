"""What is read once and kept in memory until what it was read from changes."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")
Entry = tuple[Hashable, Value]


class Shelf(Generic[Value]):
    """At most `size` values, each of one edition of the data, in the memory of this process."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._entries: dict[Hashable, Entry[Value]] = {}

    def find(self, key: Hashable, edition: Hashable | None) -> Value | None:
        """The value of this key if it is of this edition, else None."""
        found = self._entries.get(key)
        return found[1] if found is not None and found[0] == edition is not None else None

    def put(self, key: Hashable, edition: Hashable | None, value: Value) -> Value:
        """Keep a value in place of the key's former one, and say it; without an edition, only say.

        What is kept is shared by all who ask: nobody may change it.
        """
        if edition is not None:
            # A new dictionary each time: threads that look into the old one are not disturbed.
            others = [one for one in self._entries.items() if one[0] != key]
            self._entries = dict([*others, (key, (edition, value))][-self.size :])
        return value

    def get(self, key: Hashable, edition: Hashable | None, read: Callable[[], Value]) -> Value:
        """The value of this key, read anew unless it is kept of this edition.

        Ask for the edition before calling: what changes in between is then read again by the next
        one. None says that nobody can tell editions apart, and keeps nothing.
        """
        found = self.find(key, edition)
        return found if found is not None else self.put(key, edition, read())
