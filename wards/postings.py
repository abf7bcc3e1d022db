"""From postings to scope: what a person reaches on a day."""

from datetime import date

from accounts.models import Role, User
from accounts.scope import Scope
from wards.models import Posting


def scope_of(user: User, day: date) -> Scope:
    """The roles this person holds on `day` and the units, provinces and agencies they reach."""
    postings = list(
        Posting.objects.of(user).active_on(day).select_related("unit__district", "province")
    )
    roles = frozenset(Role(posting.role) for posting in postings)
    return Scope(
        roles=roles,
        units=frozenset(posting.unit_id for posting in postings if posting.unit_id),
        provinces=frozenset(posting.province_id for posting in postings if posting.province_id),
        agencies=frozenset(posting.agency_id for posting in postings if posting.agency_id),
        everything=Role.MINISTRY_VIEWER in roles,
        commands=frozenset(
            posting.unit_id
            for posting in postings
            if posting.unit_id and posting.role == Role.COMMANDER
        ),
        services=frozenset(
            (Role(posting.role), posting.province_id) for posting in postings if posting.province_id
        ),
        lines=tuple(posting.line for posting in postings),
    )


def attach_scope(user: User, day: date) -> User:
    """Give the user the scope of the day; scoped querysets read it from there."""
    user.scope = scope_of(user, day)
    return user
