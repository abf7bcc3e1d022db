"""Writes the stories of a province's files as rows, in an order the database's guards allow.

Answers come while a file still may be edited; what was handed in and every step follow; last of all
each file is given the status in which it stands today.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

from accounts.models import User
from assessments.deriving.keeping import derive
from assessments.models import (
    Answer,
    Assessment,
    CriterionResult,
    DeadlineExtension,
    Recognition,
    Registration,
    RegistrationSource,
    Submission,
    Transition,
    Verdict,
)
from assessments.outcome import AnswerValue
from assessments.snapshots import digest
from assessments.workflow import Status
from criteria.models import Round
from reports.country.chance import dice, key_of
from reports.country.criteria import SampleSet
from reports.country.ground import create_document
from reports.country.people import Staff
from reports.country.rows import insert_rows
from reports.country.ruling import Reply
from reports.country.story import Actor, FileStory, HandedIn
from wards.models import Province, Unit

BATCH = 500
ANSWER_FIELDS = tuple(field.name for field in fields(AnswerValue))
RESULT = (
    *("assessment_id", "criterion_id", "place", "outcome", "reason"),
    *("version", "updated_at", "updated_by_id"),
)
ANSWER = ("assessment_id", "indicator_id", *ANSWER_FIELDS)
VERDICT = (
    *("submission_id", "criterion_id", "decision", "outcome", "comment"),
    *("decided_at", "decided_by_id", "is_carried"),
)
TRANSITION = ("assessment_id", "source", "target", "event", "comment", "made_at", "made_by_id")
Row = tuple[object, ...]
CONCLUSION = "Đã thẩm định đủ các tiêu chí (mẫu)."
RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
REGISTERED_BEFORE = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Told:
    """One file with its story."""

    row: Assessment
    story: FileStory
    round: Round
    criteria: SampleSet
    commander: User


class Clerk:
    """Writes the files of one province."""

    def __init__(
        self,
        seed: int,
        province: Province,
        staff: Staff,
        rounds: Mapping[int, Round],
        sets: Mapping[int, SampleSet],
    ) -> None:
        """`rounds` are by year, `sets` by their number of criteria."""
        self.seed, self.province, self.staff = seed, province, staff
        self.rounds, self.sets = rounds, sets

    def write(self, stories: Iterable[tuple[Unit, Sequence[FileStory]]]) -> int:
        """All rows of these files; says how many files there are. Call inside a transaction."""
        files = [self._told(unit, one) for unit, found in stories for one in found]
        Assessment.objects.bulk_create([file.row for file in files], batch_size=BATCH)
        insert_rows(CriterionResult, RESULT, (row for file in files for row in _results(file)))
        insert_rows(Answer, ANSWER, (row for file in files for row in _answers(file)))
        DeadlineExtension.objects.bulk_create(
            (row for file in files for row in self._extensions(file)), BATCH
        )
        self._hand_in(files)
        insert_rows(
            Transition, TRANSITION, (row for file in files for row in self._transitions(file))
        )
        self._register(files)
        self._recognise(files)
        self._settle(files)
        derive([file.row.pk for file in files])
        return len(files)

    def _told(self, unit: Unit, story: FileStory) -> Told:
        round_ = self.rounds[story.days.year]
        concluded = story.verified_at
        row = Assessment(
            id=key_of(self.seed, "file", unit.code, story.days.year),
            round=round_,
            unit=unit,
            opened_at=story.days.opened,
            due_at=story.due_at,
            submitted_at=story.submissions[-1].at if story.submissions else None,
            submissions_made=len(story.submissions),
            reviewer=self.staff.reviewer if story.is_claimed else None,
            verified_at=concluded,
            verified_by=self.staff.reviewer if concluded else None,
            conclusion=CONCLUSION if concluded else "",
        )
        commander = self.staff.commanders[unit.code]
        return Told(row, story, round_, self.sets[story.days.size], commander)

    def _extensions(self, file: Told) -> Iterator[DeadlineExtension]:
        story = file.story
        granted, until = story.extended_at, story.extended_until
        if granted is not None and until is not None and story.has_come(granted):
            yield DeadlineExtension(
                assessment=file.row,
                before=story.days.deadline,
                until=until,
                reason="Đơn vị đề nghị gia hạn (mẫu).",
                approver="Thủ trưởng Công an tỉnh (mẫu)",
                granted_at=granted,
                granted_by=self.staff.coordinator,
            )

    def _hand_in(self, files: Sequence[Told]) -> None:
        handed_in = [
            (file, one, self._submission(file, number, one))
            for file in files
            for number, one in enumerate(file.story.submissions, start=1)
        ]
        Submission.objects.bulk_create([row for _, _, row in handed_in], batch_size=BATCH)
        insert_rows(
            Verdict,
            VERDICT,
            (verdict for file, one, row in handed_in for verdict in self._verdicts(file, one, row)),
        )

    def _submission(self, file: Told, number: int, one: HandedIn) -> Submission:
        snapshot = {
            "criteria": {
                criterion.code: file.criteria.judged[place][one.replies[place]].entry
                for place, criterion in enumerate(file.criteria.criteria)
            }
        }
        random = dice(self.seed, "receipt", file.row.pk, number)
        token = "".join(random.choices(RECEIPT_ALPHABET, k=8))
        return Submission(
            assessment=file.row,
            number=number,
            receipt=f"TN{file.story.days.year}-{token[:4]}-{token[4:]}",
            submitted_at=one.at,
            submitted_by=file.commander,
            is_late=one.is_late,
            met=sum(reply.is_met for reply in one.replies),
            of=len(one.replies),
            snapshot=snapshot,
            sha256=digest(snapshot),
        )

    def _verdicts(self, file: Told, one: HandedIn, row: Submission) -> Iterator[Row]:
        for ruling in one.rulings:
            reply = Reply.MET if ruling.is_met else Reply.NOT_MET
            yield (
                row.pk,
                file.criteria.criteria[ruling.place].pk,
                ruling.decision,
                file.criteria.judged[ruling.place][reply].outcome,
                ruling.comment,
                ruling.at,
                self.staff.reviewer.pk,
                ruling.is_carried,
            )

    def _transitions(self, file: Told) -> Iterator[Row]:
        actors = {
            Actor.COMMANDER: file.commander,
            Actor.REVIEWER: self.staff.reviewer,
            Actor.COORDINATOR: self.staff.coordinator,
        }
        for step in file.story.steps:
            made_by = actors[step.actor].pk
            yield (
                *(file.row.pk, step.source, step.target, step.event),
                *(step.comment, step.at, made_by),
            )

    def _register(self, files: Sequence[Told]) -> None:
        """Whoever was proposed had been registered, and so were some who fell short."""
        Registration.objects.bulk_create(
            (
                Registration(
                    programme=file.round.programme,
                    unit=file.row.unit,
                    year=file.story.days.year,
                    source=RegistrationSource.SELF,
                    registered_at=file.story.days.opened - REGISTERED_BEFORE,
                    registered_by=self.staff.coordinator,
                    is_sample=True,
                )
                for file in files
                if _was_proposed(file.story) or file.row.pk.int % 20 == 0
            ),
            BATCH,
        )

    def _recognise(self, files: Sequence[Told]) -> None:
        for year, round_ in self.rounds.items():
            told = [
                (file, file.story.decided_on, file.story.steps[-1].at)
                for file in files
                if file.story.days.year == year and file.story.decided_on is not None
            ]
            if not told:
                continue
            code = self.province.code
            document = create_document(
                f"MAU-QD-{code}-{year}",
                f"MẪU-{code}-{year}/QĐ-BCA",
                told[0][1],
                f"Quyết định công nhận năm {year}",
            )
            Recognition.objects.bulk_create(
                Recognition(
                    programme=round_.programme,
                    unit=file.row.unit,
                    document=document,
                    decided_on=decided_on,
                    for_year=year,
                    assessment=file.row,
                    is_sample=True,
                    recorded_at=recorded,
                    recorded_by=self.staff.coordinator,
                )
                for file, decided_on, recorded in told
            )

    def _settle(self, files: Sequence[Told]) -> None:
        by_status: dict[Status, list[Assessment]] = {}
        for file in files:
            by_status.setdefault(file.story.status, []).append(file.row)
        for status, rows in by_status.items():
            for start in range(0, len(rows), BATCH):
                chosen = [row.pk for row in rows[start : start + BATCH]]
                Assessment.objects.filter(pk__in=chosen).update(status=status)


def _results(file: Told) -> Iterator[Row]:
    at, by = file.story.answered_at, file.commander.pk
    for place, reply in enumerate(file.story.replies):
        judged = file.criteria.judged[place][reply]
        told = ("", 0, None, None) if reply == Reply.OPEN else (judged.reason, 1, at, by)
        yield (file.row.pk, file.criteria.criteria[place].pk, place, judged.outcome, *told)


def _answers(file: Told) -> Iterator[Row]:
    for place, reply in enumerate(file.story.replies):
        answer = file.criteria.judged[place][reply].answer
        if answer is not None:
            given = (answer[name] for name in ANSWER_FIELDS)
            yield (file.row.pk, file.criteria.indicators[place].pk, *given)


def _was_proposed(story: FileStory) -> bool:
    return any(step.target == Status.PROPOSED for step in story.steps)
