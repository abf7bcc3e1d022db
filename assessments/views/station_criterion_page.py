"""One criterion of one assessment, drawn with inputs for the station and in words for readers."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import PortalRequest
from accounts.models import User
from assessments.actions.answering import Stored, unconfirmed
from assessments.actions.assigning import station_people
from assessments.forms.answers import CriterionForm
from assessments.forms.evidence import NO_SECRETS, EvidenceForm
from assessments.forms.indicators import IndicatorForm
from assessments.improvement import UNMET, in_plan_of
from assessments.judging import judge
from assessments.models import OPEN_STATES, Assessment
from assessments.outcome import AnswerValue, Judgement
from assessments.views.station_conflict import Conflict
from assessments.views.station_last_round import LastAnswer, is_blank, last_answer
from assessments.views.station_page import StationPage
from assessments.views.station_reading import read_criterion
from assessments.views.station_rows import STATE, Row
from assessments.views.station_words import Line, lines_of, quotations, requirement_words
from assessments.workflow import CONCLUDED
from criteria.models import Criterion
from criteria.scale import COUNTS_AS_MET


class CriterionPage(StationPage):
    """A criterion of the assessment's own criteria set.

    Raises:
        Http404: no such assessment within reach, or no such criterion in its set.
    """

    def __init__(self, request: PortalRequest, pk: uuid.UUID, code: str) -> None:
        self.code = code
        super().__init__(request, pk)

    def find(self, pk: uuid.UUID) -> Assessment:
        """The file, with everything about this criterion."""
        reading = read_criterion(self.user, pk, self.code)
        self.criterion: Criterion = reading.criterion
        self.stored: Stored = reading.stored
        self.has_evidence: bool = reading.has_evidence
        return reading.assessment

    @cached_property
    def here(self) -> Row:
        """The criterion's row."""
        return self.row(self.criterion.code)

    @property
    def asks_for_remedy(self) -> bool:
        """Whether the criterion is one that the improvement plan is about."""
        verdict = self.here.verdict if self.assessment.status in CONCLUDED else None
        return (verdict or self.here.result).outcome in UNMET

    @property
    def open_remedies(self) -> int:
        """How many acts against it are still to be done."""
        found = in_plan_of(self.assessment).filter(state__in=OPEN_STATES)
        return found.filter(criterion__code=self.code).count()

    @cached_property
    def last(self) -> LastAnswer | None:
        """What was answered in the round before."""
        return last_answer(self.assessment, self.criterion)

    @property
    def may_carry(self) -> bool:
        """Whether the answers of the round before can be put here."""
        return (
            self.may_edit
            and is_blank(self.stored)
            and self.last is not None
            and self.last.may_be_carried
        )

    @cached_property
    def people(self) -> list[User]:
        """Whom the commander may give the criterion to; nobody for anyone else."""
        if not (self.commands and self.may_edit):
            return []
        return station_people(self.assessment, timezone.now())

    def form(self, data: Mapping[str, Any] | None = None) -> CriterionForm:
        """The form, with what is stored or with what was typed."""
        result = self.stored.result
        return CriterionForm(
            self.criterion,
            values=self.stored.values,
            note=result.note,
            explanation=result.explanation,
            version=result.version,
            year=self.assessment.round.year,
            carried_from=result.carried_from,
            data=data,
        )

    def address_of_self(self, name: str = "criterion") -> str:
        """The address of this criterion."""
        return self.address(name, self.criterion.code)

    @property
    def position(self) -> int:
        """Which criterion of all this is, from 1."""
        return self.rows.index(self.here) + 1

    @property
    def previous(self) -> Row | None:
        """The criterion before."""
        return self.rows[self.position - 2] if self.position > 1 else None

    @property
    def following(self) -> Row | None:
        """The criterion after."""
        return self.rows[self.position] if self.position < len(self.rows) else None


@dataclass(frozen=True, slots=True)
class Part:
    """One indicator of the form with what it comes to as far as typed."""

    form: IndicatorForm
    requirement: str
    judgement: Judgement
    before: Line | None
    """What was answered in the round before."""

    @property
    def state(self) -> str:
        """Which of the five states draws the indicator."""
        return STATE[self.judgement.outcome]

    @property
    def errors(self) -> list[str]:
        """What is refused in it."""
        return [str(error) for errors in self.form.errors.values() for error in errors]


@dataclass(frozen=True, slots=True)
class Live:
    """The whole form as far as typed: every indicator, and the criterion."""

    parts: list[Part]
    total: Judgement

    @property
    def state(self) -> str:
        """Which of the five states draws the criterion."""
        return STATE[self.total.outcome]


def live(
    page: CriterionPage,
    form: CriterionForm,
    values: Mapping[int, AnswerValue],
    *,
    beside: bool = True,
) -> Live:
    """What the form comes to with these values.

    `beside` False leaves out the round before, for answers that only bring results.
    """
    judged = judge(page.criterion, values)
    source = page.stored.result.carried_from if values and not form.confirmed else None
    last = page.last if beside else None
    before = {line.indicator.code: line for line in last.lines} if last else {}
    return Live(
        [
            Part(
                one,
                requirement_words(one.indicator),
                judged.indicators[one.indicator.pk],
                before.get(one.indicator.code),
            )
            for one in form.indicators
        ],
        unconfirmed(source) if source else judged.total,
    )


@dataclass
class Reply:
    """What a page says after something was refused; what was typed is in its forms."""

    form: CriterionForm | None = None
    evidence: EvidenceForm | None = None
    refused: list[str] = field(default_factory=list)
    """Sentences about files and citations that were not taken."""
    refusal: str = ""
    """Why nothing could be saved at all."""
    conflict: Conflict | None = None


def show(
    request: PortalRequest, page: CriterionPage, reply: Reply | None = None, status: int = 200
) -> HttpResponse:
    """The page: inputs for those who may edit or have just typed, words for everybody else."""
    reply = reply or Reply()
    typed = reply.form is not None
    form = reply.form or page.form()
    evidence = reply.evidence or EvidenceForm(today=timezone.localdate())
    confirmed = page.assessment.round.criteria_set.is_confirmed
    context = {
        "page": page,
        "assessment": page.assessment,
        "criterion": page.criterion,
        "row": page.here,
        "basis": quotations(page.criterion.basis),
        "is_confirmed": confirmed,
        "attachments": list(page.attachments(page.criterion)),
        "lines": lines_of(page.criterion, page.stored.values),
        "form": form,
        "live": live(page, form, form.values() if typed else page.stored.values),
        "typed": typed,
        "evidence_form": evidence,
        "no_secrets": NO_SECRETS,
        "reply": reply,
        "error_links": [
            *(form.error_links if typed else []),
            *([] if reply.refusal else evidence_links(evidence)),
            *({"text": sentence, "url": "#minh-chung"} for sentence in reply.refused),
        ],
        "shows_inputs": page.may_edit or typed,
        "asks_explanation": asks_explanation(page, form),
    }
    return render(request, "assessments/station/criterion.html", context, status=status)


def asks_explanation(page: CriterionPage, form: CriterionForm) -> bool:
    """Whether the criterion is claimed as met with nothing to show for it and no word why."""
    result = page.stored.result
    written = result.explanation if form.explanation is None else form.explanation
    return result.outcome in COUNTS_AS_MET and not page.has_evidence and not written


def evidence_links(form: EvidenceForm) -> list[dict[str, str]]:
    """Every error of the evidence form with the address of its input."""
    if not form.is_bound:
        return []
    return [
        {"text": f"{form[name].label}: {error}", "url": f"#{form[name].id_for_label}"}
        for name, errors in form.errors.items()
        for error in errors
    ]
