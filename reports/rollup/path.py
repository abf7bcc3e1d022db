"""The shortest path to recognition: what is closed most often first, then the file's own steps.

Pure: what files came to, what is in the way and how long stays lasted go in, an ordered list comes
out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from assessments.workflow import Status
from criteria.scale import Outcome
from reports.rollup.blockers import Blocker, Party
from reports.rollup.stays import Stage, UsualStay

MINIMUM_CLOSINGS = 5
"""Cases looked at again before a share is said: of four, one unit moves it by a quarter."""
PARTIES = tuple(Party)


@dataclass(frozen=True, slots=True)
class Found:
    """What one file came to in one criterion.

    `last` is the province's conclusion once it stands, else the latest submission.
    """

    first: Outcome
    last: Outcome
    is_concluded: bool
    was_handed_in_again: bool


class ClosingCase(NamedTuple):
    """One file and criterion; `closed_later` is None where nobody has looked again."""

    criterion: str
    found_unmet: bool
    closed_later: bool | None


def case_of(criterion: str, found: Found, following: Found | None) -> ClosingCase:
    """Whether a criterion was found not met in a file, and whether a later look had it met.

    Found by the station when it first handed in, or by the province's conclusion. A later look is
    a further submission of the round, or what the unit's following round came to.
    """
    by_station = found.first == Outcome.NOT_MET
    looks = [found.last] if by_station and found.was_handed_in_again else []
    if following is not None:
        looks.append(following.last)
    return ClosingCase(
        criterion,
        by_station or (found.is_concluded and found.last == Outcome.NOT_MET),
        Outcome.MET in looks if looks else None,
    )


@dataclass(frozen=True, slots=True)
class Closing:
    """How often a criterion found not met was met later, of the cases looked at again."""

    closed: int = 0
    of: int = 0

    @property
    def is_known(self) -> bool:
        """Whether there are enough cases to say a share."""
        return self.of >= MINIMUM_CLOSINGS

    @property
    def share(self) -> Fraction:
        """The share closed; nothing of nothing is none."""
        return Fraction(self.closed, self.of) if self.of else Fraction(0)


def count_closings(cases: Iterable[ClosingCase]) -> dict[str, Closing]:
    """Per criterion, how many were closed of those found not met and looked at again."""
    closed: dict[str, int] = defaultdict(int)
    of: dict[str, int] = defaultdict(int)
    for case in cases:
        if case.found_unmet and case.closed_later is not None:
            closed[case.criterion] += case.closed_later
            of[case.criterion] += 1
    return {code: Closing(closed[code], number) for code, number in of.items()}


@dataclass(frozen=True, slots=True)
class Mending:
    """One unmet criterion on the path, with how often units of the programme close it."""

    blocker: Blocker
    closing: Closing


@dataclass(frozen=True, slots=True)
class FileStep:
    """One step of the file that remains; `stay` is None where it takes no time of its own."""

    name: str
    who: str
    stay: UsualStay | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """What remains to recognition, in order."""

    mendings: tuple[Mending, ...] = ()
    steps: tuple[FileStep, ...] = ()
    unanswered: int = 0
    """Criteria nobody has assessed yet: neither met nor unmet, but on the way."""

    @property
    def remaining(self) -> int:
        """How many criteria are not met yet."""
        return len(self.mendings) + self.unanswered


def unmet_of(blockers: Iterable[Blocker]) -> list[Blocker]:
    """The criteria among these that are not met, awaited or asked more for."""
    return [one for one in blockers if one.outcome not in {None, Outcome.UNANSWERED}]


def in_order(blockers: Sequence[Blocker], closings: Mapping[str, Closing]) -> tuple[Mending, ...]:
    """The unmet criteria, those closed most often first; too little known goes last.

    Of equal shares the one nearest to the station comes first, then the one with more cases, then
    the order of criteria, which `blockers` are in.
    """
    found = [Mending(one, closings.get(one.criterion, Closing())) for one in unmet_of(blockers)]
    known = [one for one in found if one.closing.is_known]
    known.sort(
        key=lambda one: (-one.closing.share, PARTIES.index(one.blocker.party), -one.closing.of)
    )
    return (*known, *(one for one in found if not one.closing.is_known))


REGISTER, HAND_IN, HAND_IN_AGAIN = "Đăng ký kỳ sau", "Nộp phiếu tự đánh giá", "Bổ sung rồi nộp lại"
REOPEN = "Mở lại thẩm định khi các tiêu chí đã đạt"
REVIEW, PROPOSE, DECIDE = (
    "Thẩm định và kết luận",
    "Đề nghị công nhận",
    "Quyết định của Bộ trưởng Bộ Công an",
)
WHO = {
    REGISTER: "Trưởng Công an phường",
    REOPEN: "Cán bộ tổng hợp",
    HAND_IN: "Trưởng Công an phường",
    HAND_IN_AGAIN: "Trưởng Công an phường",
    REVIEW: "Cán bộ thẩm định",
    PROPOSE: "Cán bộ tổng hợp",
    DECIDE: "Bộ Công an",
}
STAGES = {
    HAND_IN: Stage.OPENED,
    HAND_IN_AGAIN: Stage.RETURNED,
    REVIEW: Stage.SUBMITTED,
    PROPOSE: Stage.VERIFIED,
    DECIDE: Stage.PROPOSED,
}
"""The stay that tells how long a step takes."""
REMAINING: Mapping[Status, tuple[str, ...]] = {
    Status.NOT_STARTED: (HAND_IN, REVIEW, PROPOSE, DECIDE),
    Status.IN_PROGRESS: (HAND_IN, REVIEW, PROPOSE, DECIDE),
    Status.SUBMITTED: (REVIEW, PROPOSE, DECIDE),
    Status.UNDER_REVIEW: (REVIEW, PROPOSE, DECIDE),
    Status.RETURNED: (HAND_IN_AGAIN, REVIEW, PROPOSE, DECIDE),
    Status.VERIFIED: (PROPOSE, DECIDE),
    Status.PROPOSED: (DECIDE,),
    Status.RECOGNISED: (),
    Status.NOT_RECOGNISED: (REGISTER, HAND_IN, REVIEW, PROPOSE, DECIDE),
}
"""The steps of the file ahead of it."""
FALLEN_SHORT = (REOPEN, REVIEW, PROPOSE, DECIDE)
"""The same where the province concluded that criteria are not met: nobody proposes such a file."""


def shortest_path(
    status: Status,
    blockers: Sequence[Blocker],
    closings: Mapping[str, Closing],
    stays: Mapping[Stage, UsualStay],
) -> Path:
    """The whole path of a file from where it stands."""
    falls_short = status == Status.VERIFIED and unmet_of(blockers)
    steps = tuple(
        FileStep(name, WHO[name], stays.get(STAGES[name]) if name in STAGES else None)
        for name in (FALLEN_SHORT if falls_short else REMAINING[status])
    )
    unanswered = sum(one.outcome == Outcome.UNANSWERED for one in blockers)
    return Path(in_order(blockers, closings), steps, unanswered)
