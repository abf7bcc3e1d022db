"""What a person's postings of a day add up to, in ids: the ground floor knows no app above it."""

import uuid
from dataclasses import dataclass
from typing import Protocol

from accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Scope:
    """Roles held, and the units, provinces and agencies they reach.

    `everything` is true for those who look across the country; it never widens what they may do.
    """

    roles: frozenset[Role] = frozenset()
    units: frozenset[uuid.UUID] = frozenset()
    provinces: frozenset[int] = frozenset()
    agencies: frozenset[int] = frozenset()
    everything: bool = False
    commands: frozenset[uuid.UUID] = frozenset()
    """Units in which the person is the commander."""
    services: frozenset[tuple[Role, int]] = frozenset()
    """Each role with the province it is held in: a post in one gives no right in another."""
    lines: tuple[str, ...] = ()
    """Each posting in words."""

    def serves(self, role: Role, province: int) -> bool:
        """Whether the person holds this role in this province."""
        return (role, province) in self.services

    def provinces_as(self, *roles: Role) -> frozenset[int]:
        """The provinces in which the person holds one of these roles."""
        return frozenset(province for role, province in self.services if role in roles)


class Scoped(Protocol):
    """Whoever reads within a scope: a person, or a machine with a token."""

    @property
    def scope(self) -> Scope:
        """The reach of the day."""
        ...
