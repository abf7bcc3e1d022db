"""What the files of a round come to, province by province, without a look at each unit."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from django.db.models import Count

from assessments.deriving.words import AWAITING, MET, NOT_MET, UNANSWERED
from assessments.models import FileMark, FileState
from assessments.workflow import CONCLUDED, EDITABLE, Status
from criteria.models import Round
from reports.rollup.frame import Frame
from reports.rollup.heat import Tally
from reports.rollup.marks import Marks
from reports.rollup.plan import Plan
from reports.rollup.rows import own_word
from wards.models import Province
from wards.shelf import Shelf

DRAFT = ("unit__province", "status", "submitted_on", "own_word", "own_days", "opened")


class File(NamedTuple):
    """What counts of files that are alike: their status, their outcomes."""

    status: Status
    word: str


@dataclass(slots=True)
class Alike:
    """How many files are alike, and how many of them were handed in."""

    files: int = 0
    handed_in: int = 0


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

    def tally(self, code: str) -> Tally:
        """How many have each outcome in a criterion, or in a group, of this code."""
        return self.criteria[code] if code in self.criteria else self.groups[code]


@dataclass(frozen=True, slots=True)
class Country:
    """The gatherings of all provinces in name order, and of all files together."""

    frame: Frame
    provinces: tuple[tuple[Province, Gathering], ...]
    whole: Gathering

    def in_order(self, code: str) -> Sequence[tuple[Province, Gathering]]:
        """The provinces, those with the smallest share of units that meet this part first.

        In name order where no criterion and no group has this code.
        """

        def share(place: tuple[Province, Gathering]) -> Fraction:
            met = place[1].tally(code).met
            return Fraction(met, place[1].files) if place[1].files else Fraction(0)

        known = code in self.whole.criteria or code in self.whole.groups
        return sorted(self.provinces, key=share) if known else self.provinces

    def listed(self, code: str = "") -> list[tuple[str, Gathering]]:
        """The provinces in that order by name, and last of all the whole, as tables list them."""
        named = [(province.name, one) for province, one in self.in_order(code)]
        return [*named, ("Cả nước", self.whole)]


GATHERINGS: Shelf[Gathering] = Shelf(34 * 16)
"""The provinces of a country on the days asked about lately."""
COUNTRIES: Shelf[Country] = Shelf(16)
"""The same, put together."""


def country_of(round_: Round, plan: Plan, *, as_of: date, marks: Marks) -> Country:
    """A round at the end of `as_of` by province, kept until any of its files changes."""
    return COUNTRIES.get(
        (round_.pk, as_of), marks.here, lambda: load_country(round_, plan, as_of=as_of)
    )


def load_country(round_: Round, plan: Plan, *, as_of: date) -> Country:
    """A round at the end of `as_of` by province; only those are read whose files changed."""
    frame = Frame.kept(round_.criteria_set, plan.edition)
    marks = FileMark.objects.filter(round=round_).by_province()
    editions = {pk: plan.edition and (plan.edition, mark) for pk, mark in marks.items()}
    keys = {pk: (round_.pk, pk, as_of) for pk in marks}
    found = {pk: GATHERINGS.find(keys[pk], editions[pk]) for pk in marks}
    changed = [pk for pk, known in found.items() if known is None]
    if changed:
        read = _read(round_, frame, None if len(changed) == len(found) else changed, as_of)
        for pk in changed:
            found[pk] = GATHERINGS.put(keys[pk], editions[pk], read.get(pk, Gathering()))
    gathered = [(plan.provinces[pk], one) for pk, one in found.items() if one and one.files]
    gathered.sort(key=lambda one: (one[0].sort_key, one[0].code))
    return Country(frame, tuple(gathered), together(one for _, one in gathered))


def _read(
    round_: Round, frame: Frame, provinces: Collection[int] | None, as_of: date
) -> dict[int, Gathering]:
    """The gatherings of these provinces, or of all, by their ids, in two queries."""
    files: dict[int, dict[File, Alike]] = defaultdict(lambda: defaultdict(Alike))
    states = FileState.objects.on(as_of).filter(round=round_).order_by()
    if provinces is not None:
        states = states.filter(unit__province__in=provinces)
    # Most files are out of their station's hands; of those the row itself tells everything, and
    # many are alike.
    settled = states.exclude(status__in=EDITABLE).values_list(
        "unit__province", "status", "verified_outcomes", "handed_in_outcomes"
    )
    for province, status, verified, own, number, handed_in in settled.annotate(
        number=Count("pk"), handed_in=Count("submitted_on")
    ):
        alike = files[province][File(status, verified if status in CONCLUDED else own)]
        alike.files += number
        alike.handed_in += handed_in
    drafts = states.editable().with_words(as_of)
    for province, status, submitted_on, *parts in drafts.values_list(*DRAFT):
        alike = files[province][File(status, own_word(*parts, day=as_of))]
        alike.files += 1
        alike.handed_in += submitted_on is not None
    return {pk: gather(frame, inside) for pk, inside in files.items()}


def gather(frame: Frame, files: Mapping[File, Alike]) -> Gathering:
    """These files together."""
    statuses, words = Counter[Status](), Counter[str]()
    for file, alike in files.items():
        statuses[file.status] += alike.files
        words[file.word] += alike.files
    return Gathering(
        files=sum(alike.files for alike in files.values()),
        handed_in=sum(alike.handed_in for alike in files.values()),
        statuses={status: statuses[status] for status in Status if statuses[status]},
        criteria=_by_criterion(frame, words),
        groups=_by_group(frame, words),
    )


def together(parts: Iterable[Gathering]) -> Gathering:
    """The sum of several gatherings of one round."""
    listed = list(parts)
    statuses = Counter[Status]()
    for one in listed:
        statuses.update(one.statuses)
    return Gathering(
        files=sum(one.files for one in listed),
        handed_in=sum(one.handed_in for one in listed),
        statuses={status: statuses[status] for status in Status if statuses[status]},
        criteria=_summed(one.criteria for one in listed),
        groups=_summed(one.groups for one in listed),
    )


def _summed(tallies: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for one in tallies:
        for code, tally in one.items():
            found[code] = found[code] + tally if code in found else tally
    return found


def _by_criterion(frame: Frame, words: Mapping[str, int]) -> dict[str, Tally]:
    # One long word and steps through it: as many letters as there are answers.
    text, size = "".join(word * number for word, number in words.items()), len(frame.criteria)
    columns = ((one.code, text[place::size]) for place, one in enumerate(frame.criteria))
    return {code: _tally(column) for code, column in columns}


def _by_group(frame: Frame, words: Mapping[str, int]) -> dict[str, Tally]:
    """A group is what its weakest criterion is; the criteria of one follow each other."""
    found, start = {}, 0
    for group in frame.groups:
        end = start + len(group.criteria)
        # Few different parts: most units meet a group in whole.
        parts = Counter[str]()
        for word, number in words.items():
            parts[word[start:end]] += number
        found[group.code] = _tally(
            "".join(_weakest(part) * number for part, number in parts.items())
        )
        start = end
    return found


def _tally(letters: str) -> Tally:
    return Tally(*(letters.count(letter) for letter in (MET, NOT_MET, AWAITING, UNANSWERED)))


def _weakest(part: str) -> str:
    return next((letter for letter in (NOT_MET, AWAITING, UNANSWERED) if letter in part), MET)
