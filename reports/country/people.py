"""Who may sign in to the country: each commander for a handful of units, three per province."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.models import Role, User
from reports.demo.people import PASSWORD
from wards.models import Posting, Province, Unit

UNITS_PER_COMMANDER = 5
VIEWER = "mau.bocongan"


@dataclass(frozen=True, slots=True)
class Staff:
    """A province's people; commanders by the code of the unit."""

    reviewer: User
    coordinator: User
    leader: User
    commanders: Mapping[str, User]


class Recruiter:
    """Makes accounts with one password, hashed once, because hashing is slow on purpose."""

    def __init__(self, since: date) -> None:
        """Whoever is recruited serves from this day, or from the first day of the unit."""
        self.since = since
        self.password = make_password(PASSWORD)

    def viewer(self) -> User:
        """The one who looks on for the Ministry."""
        user = self._user(VIEWER, "Cán bộ theo dõi (mẫu)")
        user.save()
        Posting.objects.create(user=user, role=Role.MINISTRY_VIEWER, starts=self.since)
        return user

    def staff(self, province: Province, units: Sequence[Unit]) -> Staff:
        """A reviewer, a coordinator and a leader, and the commanders of these units."""
        code = province.code
        offices = [
            (Role.REVIEWER, self._user(f"mau.{code}.thamdinh", f"Cán bộ thẩm định {code} (mẫu)")),
            (Role.COORDINATOR, self._user(f"mau.{code}.tonghop", f"Cán bộ tổng hợp {code} (mẫu)")),
            (Role.LEADER, self._user(f"mau.{code}.lanhdao", f"Lãnh đạo {code} (mẫu)")),
        ]
        heads = [
            self._user(f"mau.{code}.truong{number:02d}", f"Trưởng Công an {code}-{number} (mẫu)")
            for number in range(1, -(-len(units) // UNITS_PER_COMMANDER) + 1)
        ]
        User.objects.bulk_create([*(user for _, user in offices), *heads])
        commanders = {
            unit.code: heads[place // UNITS_PER_COMMANDER] for place, unit in enumerate(units)
        }
        postings = [
            Posting(user=user, role=role, province=province, starts=self.since)
            for role, user in offices
        ]
        postings += [
            Posting(
                user=commanders[unit.code],
                role=Role.COMMANDER,
                unit=unit,
                starts=unit.valid_from or self.since,
                ends=unit.valid_to,
            )
            for unit in units
        ]
        Posting.objects.bulk_create(postings)
        return Staff(offices[0][1], offices[1][1], offices[2][1], commanders)

    def _user(self, username: str, full_name: str) -> User:
        return User(
            username=username,
            full_name=full_name,
            email=f"{username}@mau.example",
            password=self.password,
        )
