"""One criterion of one assessment, drawn with inputs for the station and in words for readers."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import PortalRequest
from assessments.forms.answers import CriterionForm
from assessments.forms.evidence import NO_SECRETS, EvidenceForm
from assessments.forms.indicators import IndicatorForm
from assessments.judging import judge, values_by_indicator
from assessments.models import CriterionResult
from assessments.outcome import AnswerValue, Judgement
from assessments.views.station_page import StationPage
from assessments.views.station_rows import STATE, Row
from assessments.views.station_words import Line, lines_of, quotations, requirement_words
from criteria.models import Criterion


class CriterionPage(StationPage):
    """A criterion of the assessment's own criteria set.

    Raises:
        Http404: no such assessment within reach, or no such criterion in its set.
    """

    def __init__(self, request: PortalRequest, pk: uuid.UUID, code: str) -> None:
        super().__init__(request, pk)
        found = (
            self.assessment.round.criteria_set.criteria.with_indicators().filter(code=code).first()
        )
        if found is None:
            raise Http404
        self.criterion: Criterion = found

    @cached_property
    def here(self) -> Row:
        """The criterion's row."""
        return self.row(self.criterion.code)

    @cached_property
    def values(self) -> dict[int, AnswerValue]:
        """The stored answers by indicator id."""
        return self.stored()

    def stored(self) -> dict[int, AnswerValue]:
        """The answers as they are stored now."""
        return values_by_indicator(
            self.assessment.answers.filter(indicator__criterion=self.criterion)
        )

    def form(self, data: Mapping[str, Any] | None = None) -> CriterionForm:
        """The form, with what is stored or with what was typed."""
        return CriterionForm(
            self.criterion,
            values=self.values,
            note=self.here.result.note,
            version=self.here.result.version,
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


def live(page: CriterionPage, form: CriterionForm, *, typed: bool) -> Live:
    """What the form comes to: as stored, or as typed (refused parts count as unanswered)."""
    values = form.values() if typed else page.values
    judged = judge(page.criterion, values)
    return Live(
        [
            Part(one, requirement_words(one.indicator), judged.indicators[one.indicator.pk])
            for one in form.indicators
        ],
        judged.total,
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of two versions side by side."""

    title: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.mine != self.theirs


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of a criterion: what was typed here, and what was saved elsewhere."""

    sentence: str
    current: CriterionResult
    lines: list[Compared]


def compare(
    criterion: Criterion,
    mine: Mapping[int, AnswerValue],
    theirs: Mapping[int, AnswerValue],
    notes: tuple[str, str],
) -> list[Compared]:
    """Both versions in words, indicator by indicator, and their notes."""

    def words(line: Line) -> str:
        return "\n".join(part for part in (line.answer, line.detail) if part)

    found = [
        Compared(f"{one.indicator.code}. {one.indicator.title}", words(one), words(other))
        for one, other in zip(lines_of(criterion, mine), lines_of(criterion, theirs), strict=True)
    ]
    return [*found, Compared("Thuyết minh", notes[0] or "–", notes[1] or "–")]


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
        "lines": lines_of(page.criterion, page.values),
        "form": form,
        "live": live(page, form, typed=typed),
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
    }
    return render(request, "assessments/station/criterion.html", context, status=status)


def evidence_links(form: EvidenceForm) -> list[dict[str, str]]:
    """Every error of the evidence form with the address of its input."""
    if not form.is_bound:
        return []
    return [
        {"text": f"{form[name].label}: {error}", "url": f"#{form[name].id_for_label}"}
        for name, errors in form.errors.items()
        for error in errors
    ]
