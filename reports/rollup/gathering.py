"""What the files of a round come to, province by province, without a look at each unit."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from assessments.deriving.words import AWAITING, MET, NOT_MET, UNANSWERED
from assessments.models import FileState
from assessments.workflow import CONCLUDED, EDITABLE, Status
from criteria.models import Round
from reports.rollup.frame import Frame
from reports.rollup.heat import Tally
from reports.rollup.rows import own_word
from wards.models import Province

COLUMNS = ("unit__province", "status", "submitted_on")


class File(NamedTuple):
    """What counts of one file: where it stands, whether it was handed in, its outcomes."""

    status: Status
    is_handed_in: bool
    word: str


@dataclass(frozen=True, slots=True)
class Gathering:
    """So many files together: where they stand, and how many have each outcome.

    `criteria` and `groups` are by code, in the order of the set; outcomes are the province's once
    it has concluded, the station's own until then.
    """

    files: int = 0
    handed_in: int = 0
    statuses: Mapping[Status, int] = field(default_factory=dict)
    criteria: Mapping[str, Tally] = field(default_factory=dict)
    groups: Mapping[str, Tally] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """How many files have not been handed in."""
        return self.files - self.handed_in


@dataclass(frozen=True, slots=True)
class Country:
    """The gatherings of all provinces in name order, and of all files together."""

    frame: Frame
    provinces: tuple[tuple[Province, Gathering], ...]
    whole: Gathering


def load_country(round_: Round, provinces: Mapping[int, Province], *, as_of: date) -> Country:
    """A round at the end of `as_of` by province, in three queries; `provinces` are by id."""
    frame = Frame.load(round_.criteria_set)
    files: dict[int, list[File]] = defaultdict(list)
    states = FileState.objects.on(as_of).filter(round=round_).order_by()
    # Most files are out of their station's hands; of those the row itself tells everything.
    for province, status, submitted_on, verified, handed_in in states.exclude(
        status__in=EDITABLE
    ).values_list(*COLUMNS, "verified_outcomes", "handed_in_outcomes"):
        word = verified if status in CONCLUDED else handed_in
        files[province].append(File(status, submitted_on is not None, word))
    drafts = states.editable().with_words(as_of)
    for province, status, submitted_on, *own in drafts.values_list(
        *COLUMNS, "own_word", "own_days", "opened"
    ):
        word = own_word(*own, day=as_of)
        files[province].append(File(status, submitted_on is not None, word))
    ordered = sorted(files, key=lambda pk: (provinces[pk].sort_key, provinces[pk].code))
    return Country(
        frame,
        tuple((provinces[pk], gather(frame, files[pk])) for pk in ordered),
        gather(frame, [file for pk in ordered for file in files[pk]]),
    )


def gather(frame: Frame, files: Sequence[File]) -> Gathering:
    """These files together."""
    words = [file.word for file in files]
    counted = Counter(file.status for file in files)
    return Gathering(
        files=len(files),
        handed_in=sum(file.is_handed_in for file in files),
        statuses={status: counted[status] for status in Status if counted[status]},
        criteria=_by_criterion(frame, words),
        groups=_by_group(frame, words),
    )


def _by_criterion(frame: Frame, words: Sequence[str]) -> dict[str, Tally]:
    # One long word and steps through it: as many letters as the country has answers.
    text, size = "".join(words), len(frame.criteria)
    columns = ((one.code, text[place::size]) for place, one in enumerate(frame.criteria))
    return {
        code: Tally(
            column.count(MET),
            column.count(NOT_MET),
            column.count(AWAITING),
            column.count(UNANSWERED),
        )
        for code, column in columns
    }


def _by_group(frame: Frame, words: Sequence[str]) -> dict[str, Tally]:
    """A group is what its weakest criterion is; the criteria of one follow each other."""
    found, start = {}, 0
    for group in frame.groups:
        end = start + len(group.criteria)
        # Few different parts: most units meet a group in whole.
        parts = Counter(word[start:end] for word in words)
        counts = Counter[str]()
        for part, number in parts.items():
            counts[_weakest(part)] += number
        found[group.code] = Tally(
            counts[MET], counts[NOT_MET], counts[AWAITING], counts[UNANSWERED]
        )
        start = end
    return found


def _weakest(part: str) -> str:
    return next((letter for letter in (NOT_MET, AWAITING, UNANSWERED) if letter in part), MET)
