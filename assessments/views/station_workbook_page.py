"""What the pages of the workbook show: faults, and every change in words."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.access import PortalRequest
from assessments.actions.importing import KEPT_FOR, Filled, is_expired, why_not_editable
from assessments.forms.workbook import ConfirmForm, UploadForm
from assessments.models import WorkbookImport
from assessments.outcome import AnswerValue
from assessments.views.station_page import StationPage
from assessments.views.station_words import lines_of
from assessments.workbook import limits
from assessments.workbook.comparing import Current, Difference, Kind, differences, read_current
from assessments.workbook.faults import Fault
from criteria.models import Criterion
from wards.spreadsheet.limits import MEGABYTE

FAULTS_SHOWN = 200
UPLOAD_HELP = (
    f"Tệp .xlsx tải từ phiếu này, tối đa {limits.MAX_BYTES // MEGABYTE} MB. "
    "Lưu và đóng tệp trước khi tải lên."
)


class WorkbookPage(StationPage):
    """The file as its own station sees it.

    Raises:
        Http404: no such file, or not of the person's station.
    """

    def __init__(self, request: PortalRequest, pk: uuid.UUID) -> None:
        super().__init__(request, pk)
        if not self.belongs:
            raise Http404

    @cached_property
    def why_not(self) -> str:
        """Why nothing can be imported now; empty when it can."""
        return why_not_editable(self.assessment)

    @cached_property
    def current(self) -> list[Current]:
        """Every criterion as it is stored."""
        return read_current(self.assessment)

    def waiting(self, pk: uuid.UUID) -> WorkbookImport:
        """A workbook that this person sent.

        Raises:
            Http404: no such workbook, or another person's.
        """
        found = get_object_or_404(
            WorkbookImport, pk=pk, assessment=self.assessment, read_by=self.user
        )
        # The same object everywhere, so that its state is known everywhere.
        found.assessment = self.assessment
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """One thing said of a criterion: what the system says, and what the workbook says."""

    title: str
    stored: str
    sent: str


@dataclass(frozen=True, slots=True)
class Change:
    """One criterion that differs, in words."""

    difference: Difference
    parts: list[Part]
    choice: BoundField | None
    """Which version stays, where two people wrote."""

    @property
    def keeps_outcome(self) -> bool:
        """Whether the criterion would come to the same as it does now."""
        return self.current.result.outcome == self.difference.judgement.outcome

    @property
    def criterion(self) -> Criterion:
        """The criterion."""
        return self.difference.criterion

    @property
    def current(self) -> Current:
        """What is stored."""
        return self.difference.current


def words_of(difference: Difference, form: ConfirmForm) -> Change:
    """Whatever the two versions say differently."""
    criterion, current = difference.criterion, difference.current
    parts = [
        Part(title, stored, sent)
        for (title, stored), (_, sent) in zip(
            _said(criterion, current.values, current.result.note, current.result.explanation),
            _said(
                criterion,
                difference.values,
                difference.filled.note,
                difference.filled.explanation,
            ),
            strict=True,
        )
        if stored != sent
    ]
    carried = current.result.carried_from
    if carried is not None and difference.filled.confirmed:
        title = f"Kết quả mang sang từ kỳ {carried.year}"
        parts.append(Part(title, "Chưa xác nhận", "Xác nhận"))
    name = f"c-{criterion.code}"
    return Change(difference, parts, form[name] if name in form.fields else None)


def _said(
    criterion: Criterion, values: dict[int, AnswerValue], note: str, explanation: str
) -> list[tuple[str, str]]:
    lines = [
        (
            f"{line.indicator.code}. {line.indicator.title}",
            "\n".join(part for part in (line.answer, line.detail) if part),
        )
        for line in lines_of(criterion, values)
    ]
    return [*lines, ("Thuyết minh", note or "–"), ("Giải trình", explanation or "–")]


def show_upload(
    request: PortalRequest,
    page: WorkbookPage,
    form: UploadForm | None = None,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Download, fill in, upload: the three steps."""
    return render(
        request,
        "assessments/workbook/workbook.html",
        {
            "page": page,
            "assessment": page.assessment,
            "form": form or UploadForm(),
            "why_not": page.why_not,
            "refusal": refusal,
            "help": UPLOAD_HELP,
        },
        status=status,
    )


def show_faults(
    request: PortalRequest, page: WorkbookPage, waiting: WorkbookImport, status: int = 200
) -> HttpResponse:
    """Everything that is wrong, and the marked copy."""
    faults = [Fault(**fault) for fault in waiting.plan["faults"]]
    return render(
        request,
        "assessments/workbook/faults.html",
        {
            "page": page,
            "assessment": page.assessment,
            "waiting": waiting,
            "faults": faults[:FAULTS_SHOWN],
            "total": len(faults),
            "correctable": "grid" not in waiting.plan,
            "more": max(0, len(faults) - FAULTS_SHOWN),
            "form": UploadForm(),
            "help": UPLOAD_HELP,
        },
        status=status,
    )


def show_preview(
    request: PortalRequest,
    page: WorkbookPage,
    waiting: WorkbookImport,
    form: ConfirmForm | None = None,
    *,
    now: datetime,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """What would change, what collides, and what stays; or, once imported, what was done."""
    found = differences_of(page, waiting)
    # What was seen is what is shown now; only the choices made before stay made.
    fresh = ConfirmForm(found)
    if form is not None:
        for name in fresh.fields:
            if name.startswith("c-") and name in form.data:
                fresh.initial[name] = form.data[name]
    changes = [words_of(one, fresh) for one in found if one.kind != Kind.SAME]
    return render(
        request,
        "assessments/workbook/preview.html",
        {
            "page": page,
            "assessment": page.assessment,
            "waiting": waiting,
            "form": fresh,
            "conflicts": [one for one in changes if one.difference.kind == Kind.CONFLICT],
            "changes": [one for one in changes if one.difference.kind == Kind.CHANGE],
            "same": len(page.current) - len(changes),
            "refusal": refusal or page.why_not,
            "may_confirm": bool(changes) and not page.why_not and not is_expired(waiting, now),
            "until": waiting.read_at + KEPT_FOR,
        },
        status=status,
    )


def differences_of(page: WorkbookPage, waiting: WorkbookImport) -> list[Difference]:
    """What the workbook says, beside what is stored now."""
    filled = [Filled.from_json(entry) for entry in waiting.plan["entries"]]
    return differences(page.current, filled)


def address_of(waiting: WorkbookImport, name: str = "workbook_import") -> str:
    """The address of a workbook that was sent."""
    return reverse(name, args=[waiting.assessment_id, waiting.pk])
