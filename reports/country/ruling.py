"""What a station answers to a criterion, and what the reviewer says of it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from assessments.models import Decision

ADJUSTED = 0.015
MINUTES_EACH = 3
MORE_COMMENT = "Đề nghị bổ sung tài liệu kiểm chứng (mẫu)."
ADJUSTED_COMMENT = "Tài liệu chưa chứng minh được kết quả (mẫu)."


class Reply(StrEnum):
    """The station's answer to one criterion."""

    MET = "met"
    NOT_MET = "not_met"
    NO_CASE = "no_case"
    OPEN = "open"

    @property
    def is_met(self) -> bool:
        """Whether it stands for "đạt"."""
        return self in {Reply.MET, Reply.NO_CASE}


@dataclass(frozen=True, slots=True)
class Ruling:
    """One verdict, by the place of its criterion in the set."""

    place: int
    decision: Decision
    is_met: bool
    at: datetime
    comment: str = ""
    is_carried: bool = False

    @property
    def asks_for_more(self) -> bool:
        """Whether the station has to complete it."""
        return self.decision == Decision.MORE


def first_look(
    random: Random, replies: tuple[Reply, ...], since: datetime, *, asks_for_more: bool
) -> tuple[Ruling, ...]:
    """Verdicts on all that was handed in; one to three of them ask for more where that is meant."""
    asked = set(random.sample(range(len(replies)), random.randint(1, 3))) if asks_for_more else ()
    found = []
    for place, reply in enumerate(replies):
        at = since + timedelta(minutes=MINUTES_EACH * place)
        adjusts = reply.is_met and random.random() < ADJUSTED
        if place in asked:
            found.append(Ruling(place, Decision.MORE, reply.is_met, at, MORE_COMMENT))
        elif adjusts:
            found.append(Ruling(place, Decision.ADJUST, False, at, ADJUSTED_COMMENT))
        else:
            found.append(Ruling(place, Decision.ACCEPT, reply.is_met, at))
    return tuple(found)


def second_look(
    before: tuple[Ruling, ...], replies: tuple[Reply, ...], since: datetime
) -> tuple[Ruling, ...]:
    """Verdicts on what came back: those on unchanged criteria stay, the others are accepted."""
    return tuple(
        Ruling(
            one.place,
            Decision.ACCEPT,
            replies[one.place].is_met,
            since + timedelta(minutes=MINUTES_EACH * one.place),
        )
        if one.asks_for_more
        else Ruling(one.place, one.decision, one.is_met, one.at, one.comment, is_carried=True)
        for one in before
    )
