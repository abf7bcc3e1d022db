"""Correcting what a document is known by, and putting a new revision in its place."""

import errno
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from assessments.actions.evidence import Details
from assessments.actions.revising import details_of
from assessments.forms.evidence import (
    CLAIM_OPEN,
    CLAIM_UNMARKED,
    CONFIRM_NO_SECRETS,
    DOCUMENT_PARTS,
    NUMBER_LIMIT,
    REQUIRED_TO_CITE,
    SERVER_FULL,
    TITLE_LIMIT,
)
from assessments.forms.fields import LINE_LIMIT, DayField, TextField
from assessments.markings import MARKED, marking_in
from assessments.models import Evidence, EvidenceKind
from assessments.uploads import CheckedUpload, UploadRefused, check_upload, display_name


class DetailsForm(forms.Form):
    """Number, own day, issuer and subject of one document."""

    number = TextField(label="Số, ký hiệu", limit=NUMBER_LIMIT)
    issued_on = DayField(label="Ngày văn bản")
    issuer = TextField(label="Cơ quan ban hành", limit=LINE_LIMIT)
    title = TextField(label="Trích yếu", limit=TITLE_LIMIT)

    def __init__(
        self,
        evidence: Evidence,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        today: date,
    ) -> None:
        self.evidence = evidence
        stored = details_of(evidence)
        super().__init__(
            data, files, initial={part: getattr(stored, part) for part in DOCUMENT_PARTS}
        )
        day = self.fields["issued_on"]
        if isinstance(day, DayField):
            day.today = today

    def clean(self) -> dict[str, Any]:
        """A citation stays complete, so that it can be found."""
        cleaned = super().clean() or self.cleaned_data
        if self.evidence.kind == EvidenceKind.REFERENCE:
            for part in DOCUMENT_PARTS:
                if part not in self.errors and not cleaned.get(part):
                    self.add_error(part, REQUIRED_TO_CITE)
        return cleaned

    @property
    def details(self) -> Details:
        """What was typed; of a valid form."""
        return Details(**{part: self.cleaned_data[part] for part in DOCUMENT_PARTS})


class CorrectionForm(DetailsForm):
    """The details with what the form showed before, so that a change elsewhere is noticed."""

    def __init__(self, evidence: Evidence, data: Any = None, *, today: date) -> None:
        super().__init__(evidence, data, today=today)
        for name, value in shown(evidence).items():
            self.fields[name] = forms.CharField(
                required=False, widget=forms.HiddenInput, strip=False, initial=value
            )

    @property
    def seen(self) -> Details:
        """What the form showed when it was opened; of a valid form."""
        told = {part: self.cleaned_data[f"{part}_was"] for part in DOCUMENT_PARTS}
        try:
            day = date.fromisoformat(told["issued_on"]) if told["issued_on"] else None
        except ValueError:
            day = date.min
        return Details(
            number=told["number"], issued_on=day, issuer=told["issuer"], title=told["title"]
        )

    @property
    def seen_fields(self) -> list[forms.BoundField]:
        """The hidden inputs that carry what was shown."""
        return [self[f"{part}_was"] for part in DOCUMENT_PARTS]


def shown(evidence: Evidence) -> dict[str, str]:
    """What the hidden inputs of a form opened now say, by name."""
    stored = details_of(evidence)
    values = {part: getattr(stored, part) for part in DOCUMENT_PARTS}
    return {f"{part}_was": "" if one is None else str(one) for part, one in values.items()}


class RevisionForm(DetailsForm):
    """A new file in the place of another, with what it is known by."""

    upload = forms.FileField(
        label="Tệp của bản mới",
        error_messages={
            "required": "Hãy chọn tệp của bản mới.",
            "empty": "Tệp rỗng. Hãy chọn tệp khác.",
        },
    )
    not_secret = forms.BooleanField(
        label=CLAIM_OPEN, error_messages={"required": CONFIRM_NO_SECRETS}
    )
    unmarked = forms.BooleanField(label=CLAIM_UNMARKED, required=False)

    checked: CheckedUpload | None = None

    def clean(self) -> dict[str, Any]:
        """The file is checked by its content once everything else is in order."""
        cleaned = super().clean()
        one = cleaned.get("upload")
        if one is None or self.errors:
            return cleaned
        name = display_name(one.name or "")
        mark = marking_in(name, cleaned["title"], cleaned["number"])
        if mark and not cleaned["unmarked"]:
            self.add_error("upload", MARKED.format(name=name, mark=mark))
            return cleaned
        try:
            self.checked = check_upload(one)
        except UploadRefused as refusal:
            self.add_error("upload", refusal.sentence)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            self.add_error("upload", SERVER_FULL.format(name=name))
        return cleaned

    @property
    def asks_unmarked(self) -> bool:
        """Whether the second tick is asked for."""
        return self.is_bound and bool(
            marking_in(
                display_name(getattr(self.files.get("upload"), "name", "") or ""),
                str(self.data.get("title", "")),
                str(self.data.get("number", "")),
            )
        )
