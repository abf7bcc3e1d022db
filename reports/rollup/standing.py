"""How each unit of a round stood at the end of a day: counts, outcomes, what is in the way."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assessments.models import Recognition
from assessments.workflow import CONCLUDED, NEXT_STEP, Status
from criteria.models import Round
from criteria.scale import Outcome
from reports.rollup.blockers import Blocker, owner_of
from reports.rollup.frame import Frame
from wards.models import Unit

NO_ROUND = "Chưa mở kỳ đánh giá"
ENDED = "Công nhận đã hết hiệu lực"
ENDED_BADGE = "recognition_ended"
"""The badge of a file that ended in a recognition which no longer holds; no status of a file."""
ENDED_NEXT_STEP = "Đăng ký kỳ sau để được xét lại."


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many."""

    met: int = 0
    of: int = 0

    def as_json(self) -> dict[str, int]:
        """`{met, of}`."""
        return {"met": self.met, "of": self.of}


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit in one round, at the end of a day.

    Outcomes are by criterion code, in the four words of a criterion. Those of the province are
    empty, and its count is none of all, until its conclusion stands: what a reviewer has noted so
    far is not a finding yet.
    """

    unit: Unit
    round: Round | None
    assessment: uuid.UUID | None
    frame: Frame
    status: Status | None
    since: date | None
    self_assessed: Count
    verified: Count
    recognition: Recognition | None
    self_outcomes: Mapping[str, Outcome]
    verified_outcomes: Mapping[str, Outcome]
    blockers: tuple[Blocker, ...]
    submitted_on: date | None
    days_late: int
    days_left: int = 0
    """Days to the last one in time, of the unit's own deadline; 0 once it has handed in."""

    @property
    def recognition_ended(self) -> bool:
        """Whether the file was recognised and no recognition of the unit is in force."""
        return self.status == Status.RECOGNISED and self.recognition is None

    @property
    def badge(self) -> str:
        """The code under which components/status_badge.html shows the status."""
        return ENDED_BADGE if self.recognition_ended else str(self.status or "")

    @property
    def status_label(self) -> str:
        """The status in words; a recognition that was revoked or has lapsed is said to be over."""
        if self.recognition_ended:
            return ENDED
        return str(self.status.label) if self.status is not None else NO_ROUND

    @property
    def is_concluded(self) -> bool:
        """Whether the province's conclusion stands."""
        return self.status in CONCLUDED

    @property
    def is_missing(self) -> bool:
        """Whether the unit has a file and has not handed it in."""
        return self.status is not None and self.submitted_on is None

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The province's outcomes once it has concluded, the station's own until then."""
        return self.verified_outcomes if self.is_concluded else self.self_outcomes

    @property
    def group_outcomes(self) -> dict[str, Outcome]:
        """The outcome of each group, from `outcomes`."""
        return self.frame.group_outcomes(self.outcomes)

    @property
    def recognised(self) -> Count:
        """One of one when a recognition is in force."""
        return Count(1 if self.recognition is not None else 0, 1)

    @property
    def owner_label(self) -> str:
        """Whose turn it is."""
        return owner_of(self.status, self.unit.station_name) if self.status is not None else ""

    @property
    def next_step(self) -> str:
        """What happens next."""
        if self.recognition_ended:
            return ENDED_NEXT_STEP
        return NEXT_STEP[self.status] if self.status is not None else "Mở kỳ đánh giá."

    def as_json(self) -> dict[str, object]:
        """The unit as the `standing` command prints it."""
        return {
            "code": self.unit.code,
            "name": self.unit.heading_name,
            "self": self.self_assessed.as_json(),
            "verified": self.verified.as_json(),
            "recognised": self.recognised.as_json(),
            "status": str(self.status) if self.status is not None else None,
            "blockers": [blocker.text for blocker in self.blockers],
        }
