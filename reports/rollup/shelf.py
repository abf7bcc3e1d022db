"""What is read once and kept until places, programmes or criteria change."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from wards.models import Edition

Value = TypeVar("Value")
Place = tuple[tuple[int, int], Hashable]


class Shelf(Generic[Value]):
    """At most `size` values of one edition of the data, in the memory of this process."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._values: dict[Place, Value] = {}

    def get(self, key: Hashable, read: Callable[[], Value]) -> Value:
        """The value of this key, read anew when anything changed since; one query otherwise.

        What is kept is shared by all who ask: nobody may change it.
        """
        edition = Edition.objects.current()
        if edition is None:
            return read()
        # Asked before it is read: what changes in between is read again by the next one.
        place = edition, key
        if place in self._values:
            return self._values[place]
        value = read()
        # A new dictionary each time: threads that look into the old one are not disturbed.
        kept = [one for one in self._values.items() if one[0][0] == edition]
        self._values = dict([*kept, (place, value)][-self.size :])
        return value
