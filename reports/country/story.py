"""What becomes of one unit's files, round by round: a pure function of chance and of today."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from assessments.deriving.days import VIETNAM, day_of
from assessments.workflow import Status, find_move
from reports.country.chance import dice, moment_after, moment_before
from reports.country.places import Region
from reports.country.ruling import Reply, Ruling, first_look, second_look
from reports.country.scale import EARLY_SIZE, RoundDays, Scale

NEVER_BEGUN, NEVER_FINISHED, LATE, RETURNED, NEVER_CORRECTED = 0.02, 0.04, 0.06, 0.20, 0.05
PROPOSED, REFUSED, UNDECIDED = 0.92, 0.06, 0.04
NO_CASE = 0.03
BEHIND = (-1.0, 3.0)
"""How many criteria a province lacks more than others: not all of them reach their share."""
CORRECTION_DAYS = 9
DECISION_DAYS = 140
"""From the deadline to the decision on a province's proposals."""
RETURN_COMMENT = "Đề nghị bổ sung các tiêu chí nêu trên và nộp lại (mẫu)."
REFUSAL_COMMENT = "Chưa đủ điều kiện công nhận trong năm (mẫu)."


class Actor(StrEnum):
    """Whose act a step is."""

    COMMANDER = "commander"
    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Step:
    """One change of status."""

    source: Status
    target: Status
    event: str
    actor: Actor
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One submission with what was ruled on it."""

    at: datetime
    is_late: bool
    replies: tuple[Reply, ...]
    rulings: tuple[Ruling, ...] = ()


@dataclass(slots=True)
class FileStory:
    """One file up to today."""

    days: RoundDays
    today: date
    due_at: datetime
    replies: tuple[Reply, ...]
    status: Status = Status.NOT_STARTED
    answered_at: datetime | None = None
    extended_at: datetime | None = None
    """When more time was granted; `extended_until` says until when."""
    extended_until: datetime | None = None
    decided_on: date | None = None
    steps: list[Step] = field(default_factory=list)
    submissions: list[HandedIn] = field(default_factory=list)

    @property
    def verified_at(self) -> datetime | None:
        """When the province concluded."""
        concluded = [step.at for step in self.steps if step.target == Status.VERIFIED]
        return concluded[-1] if concluded else None

    @property
    def is_claimed(self) -> bool:
        """Whether a reviewer took it up."""
        return any(step.target == Status.UNDER_REVIEW for step in self.steps)

    def has_come(self, moment: datetime) -> bool:
        """Whether a moment lies before today."""
        return day_of(moment) < self.today

    def move(self, target: Status, at: datetime, actor: Actor, comment: str = "") -> bool:
        """Change the status, unless that is still to come; says whether it was done.

        Raises:
            ValueError: the life-cycle has no such move.
        """
        if not self.has_come(at):
            return False
        found = find_move(self.status, target)
        if found is None:
            raise ValueError(f"{self.status} → {target}")
        self.steps.append(Step(self.status, target, found.event, actor, at, comment))
        self.status = target
        return True


@dataclass(frozen=True, slots=True)
class Nature:
    """How far from the standard a unit begins, how fast it comes near, what it lacks first."""

    lacking: float
    pace: float
    order: tuple[float, ...]

    def unmet_in(self, days: RoundDays, random: Random, *, recognised: bool) -> set[int]:
        """The places of the criteria it does not meet in a round."""
        gap = self.lacking - self.pace * days.place + random.gauss(0, 0.8)
        number = int(random.random() < 0.1) if recognised else max(0, round(gap))
        ranked = sorted(range(days.size), key=lambda place: self.order[place])
        return set(ranked[:number])


def region_stories(
    scale: Scale, region: Region, rounds: Sequence[RoundDays]
) -> dict[str, list[FileStory]]:
    """The files of a province by the code of the unit: one for each round it was there for."""
    decisions = decisions_of(scale.seed, region.code, rounds)
    behind = dice(scale.seed, "behind", region.code).uniform(*BEHIND)
    found = {}
    for place in region.places:
        its = [
            (days, decision)
            for days, decision in zip(rounds, decisions, strict=True)
            if place.exists_on(days.window_ends)
        ]
        found[place.code] = stories_of(
            scale.seed,
            place.code,
            [days for days, _ in its],
            [decision for _, decision in its],
            today=scale.today,
            behind=behind,
        )
    return found


def stories_of(
    seed: int,
    code: str,
    rounds: Sequence[RoundDays],
    decisions: Sequence[date],
    *,
    today: date,
    behind: float,
) -> list[FileStory]:
    """The files of one unit in these rounds; `decisions` are its province's, one for each round.

    `behind` is how many criteria its province lacks beyond what is usual. The same arguments give
    the same files. A unit is recognised once; after that it only keeps up.
    """
    random = dice(seed, "unit", code)
    nature = Nature(
        lacking=random.uniform(0, 9) + behind,
        pace=random.uniform(0.4, 1.3),
        order=tuple(random.random() * (1 + place % 3) for place in range(EARLY_SIZE)),
    )
    found: list[FileStory] = []
    for days, decision in zip(rounds, decisions, strict=True):
        recognised = any(story.decided_on is not None for story in found)
        found.append(_story(random, nature, days, decision, today, recognised=recognised))
    return found


def decisions_of(seed: int, province: str, rounds: Sequence[RoundDays]) -> tuple[date, ...]:
    """The day of each round's decision on a province's proposals."""
    random = dice(seed, "decisions", province)
    return tuple(
        day_of(moment_after(random, days.deadline, DECISION_DAYS, DECISION_DAYS + 20))
        for days in rounds
    )


def _story(
    random: Random,
    nature: Nature,
    days: RoundDays,
    decision: date,
    today: date,
    *,
    recognised: bool,
) -> FileStory:
    story = FileStory(days, today, days.deadline, (Reply.OPEN,) * days.size)
    unmet = nature.unmet_in(days, random, recognised=recognised)
    replies = tuple(_reply(random, place in unmet) for place in range(days.size))
    if random.random() < NEVER_BEGUN:
        return story
    begun = moment_after(random, days.opened, 1, 20)
    if not story.move(Status.IN_PROGRESS, begun, Actor.COMMANDER):
        return story
    handed_in = _hand_in_at(random, story)
    if random.random() < NEVER_FINISHED or not story.has_come(handed_in):
        answered = random.randint(1, days.size - 1)
        story.replies = (*replies[:answered], *story.replies[answered:])
        story.answered_at = begun + timedelta(hours=1)
        return story
    _hand_in(story, replies, handed_in)
    if _review(random, story) and not recognised:
        _recognise(random, story, decision)
    return story


def _reply(random: Random, is_unmet: bool) -> Reply:
    if is_unmet:
        return Reply.NOT_MET
    return Reply.NO_CASE if random.random() < NO_CASE else Reply.MET


def _hand_in_at(random: Random, story: FileStory) -> datetime:
    """When it is to be handed in; for late ones more time is granted first."""
    deadline = story.days.deadline
    if random.random() >= LATE:
        return moment_before(random, deadline, 15)
    story.extended_at = moment_before(random, deadline, 5)
    story.extended_until = story.due_at = deadline + timedelta(days=10)
    return moment_after(random, deadline, 1, 7)


def _hand_in(story: FileStory, replies: tuple[Reply, ...], at: datetime) -> None:
    story.replies = replies
    story.answered_at = at - timedelta(minutes=20)
    again = bool(story.submissions)
    is_late = at > story.days.deadline and not again
    story.move(Status.SUBMITTED, at, Actor.COMMANDER)
    story.submissions.append(HandedIn(at, is_late, replies))


def _review(random: Random, story: FileStory) -> bool:
    """Whether the province's conclusion was reached, at once or after a correction."""
    handed_in = story.submissions[-1]
    claimed = moment_after(random, handed_in.at, 1, 10)
    if not story.move(Status.UNDER_REVIEW, claimed, Actor.REVIEWER):
        return False
    done = moment_after(random, claimed, 1, 8)
    asks_for_more = random.random() < RETURNED
    rulings = first_look(random, handed_in.replies, claimed, asks_for_more=asks_for_more)
    if not asks_for_more:
        return _conclude(story, rulings, done)
    if not story.move(Status.RETURNED, done, Actor.REVIEWER, RETURN_COMMENT):
        _rule(story, rulings[: len(rulings) // 2])
        return False
    _rule(story, rulings)
    last_day = day_of(done) + timedelta(days=CORRECTION_DAYS)
    story.due_at = datetime.combine(last_day, time(23, 59, 59), tzinfo=VIETNAM)
    corrected = moment_after(random, done, 2, 6)
    if random.random() < NEVER_CORRECTED or not story.has_come(corrected):
        return False
    asked = {one.place for one in rulings if one.asks_for_more}
    mended = tuple(
        Reply.MET if place in asked and random.random() < 0.5 else reply
        for place, reply in enumerate(handed_in.replies)
    )
    _hand_in(story, mended, corrected)
    claimed = moment_after(random, corrected, 1, 4)
    rulings = second_look(rulings, mended, claimed)
    if not story.move(Status.UNDER_REVIEW, claimed, Actor.REVIEWER):
        _rule(story, tuple(one for one in rulings if one.is_carried))
        return False
    return _conclude(story, rulings, moment_after(random, claimed, 1, 5))


def _conclude(story: FileStory, rulings: tuple[Ruling, ...], at: datetime) -> bool:
    done = story.move(Status.VERIFIED, at, Actor.REVIEWER)
    _rule(story, rulings if done else rulings[: len(rulings) // 2])
    return done


def _rule(story: FileStory, rulings: tuple[Ruling, ...]) -> None:
    story.submissions[-1] = replace(story.submissions[-1], rulings=rulings)


def _recognise(random: Random, story: FileStory, decision: date) -> None:
    """Propose what was found met throughout, and tell what the Ministry decided."""
    concluded = story.steps[-1].at
    proposed = moment_after(random, concluded, 2, 30)
    all_met = all(ruling.is_met for ruling in story.submissions[-1].rulings)
    if not all_met or random.random() >= PROPOSED:
        return
    if not story.move(Status.PROPOSED, proposed, Actor.COORDINATOR):
        return
    heard = moment_after(random, datetime.combine(decision, time(8), tzinfo=VIETNAM), 1, 5)
    chance = random.random()
    if chance < REFUSED:
        story.move(Status.NOT_RECOGNISED, heard, Actor.COORDINATOR, REFUSAL_COMMENT)
    elif chance >= REFUSED + UNDECIDED and story.move(Status.RECOGNISED, heard, Actor.COORDINATOR):
        story.decided_on = decision
