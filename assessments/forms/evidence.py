"""Adding evidence: several files at once, each taken or refused on its own, or a cited document."""

import errno
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from accounts.access import NotReady
from accounts.models import User
from assessments.actions.evidence import attach_file, attach_reference, is_reuse
from assessments.forms.fields import LINE_LIMIT, DayField, TextField
from assessments.markings import MARKED, marking_in
from assessments.models import Assessment
from assessments.uploads import ACCEPT, UploadRefused, check_upload, display_name
from criteria.models import Criterion

NUMBER_LIMIT = 80
TITLE_LIMIT = 500

CLAIM_OPEN = "Tôi xác nhận các tệp này không chứa bí mật nhà nước"
CLAIM_UNMARKED = (
    "Tên hoặc trích yếu có chữ “Mật” nhưng tài liệu không mang dấu độ mật; tôi đã kiểm tra"
)
NO_SECRETS = "Không đưa tài liệu mật lên hệ thống."
CONFIRM_NO_SECRETS = (
    "Hãy xác nhận tệp không chứa bí mật nhà nước, rồi chọn lại tệp. Tệp vừa chọn chưa được lưu."
)
REQUIRED_TO_CITE = "Cần nhập mục này để viện dẫn văn bản."
SERVER_FULL = "Máy chủ hết chỗ lưu. Tệp “{name}” chưa được lưu; phiếu không thay đổi."

DOCUMENT_PARTS = ("number", "issued_on", "issuer", "title")


class FilesInput(forms.ClearableFileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what is in them is checked one by one when they are attached."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        """The files, in the order chosen."""
        return [one for one in data or [] if one]


@dataclass
class Intake:
    """What became of what was sent: labels taken, and a sentence for everything refused."""

    taken: list[str] = field(default_factory=list)
    reused: list[str] = field(default_factory=list)
    """Names among `taken` for which the unit's own earlier copy was attached again."""
    refused: list[str] = field(default_factory=list)
    citation_refused: bool = False
    asks_unmarked: bool = False
    """Something was refused for a mark of secrecy in its name alone; a second tick lets it in."""


class EvidenceForm(forms.Form):
    """Files with a tick that none is secret, and a document cited without its file."""

    uploads = FilesField(label="Tải tệp lên", required=False)
    not_secret = forms.BooleanField(label=CLAIM_OPEN, required=False)
    unmarked = forms.BooleanField(label=CLAIM_UNMARKED, required=False)
    file_number = TextField(label="Số, ký hiệu", limit=NUMBER_LIMIT)
    file_issued_on = DayField(label="Ngày văn bản")
    file_issuer = TextField(label="Cơ quan ban hành", limit=LINE_LIMIT)
    file_title = TextField(label="Trích yếu", limit=TITLE_LIMIT)
    cite_number = TextField(label="Số, ký hiệu", limit=NUMBER_LIMIT)
    cite_issued_on = DayField(label="Ngày văn bản")
    cite_issuer = TextField(label="Cơ quan ban hành", limit=LINE_LIMIT)
    cite_title = TextField(label="Trích yếu", limit=TITLE_LIMIT)

    accept = ACCEPT

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        today: date,
    ) -> None:
        super().__init__(data, files)
        for name in ("file_issued_on", "cite_issued_on"):
            day = self.fields[name]
            if isinstance(day, DayField):
                day.today = today

    @property
    def has_citation(self) -> bool:
        """Whether anything was typed to cite a document."""
        return any(str(self.data.get(f"cite_{part}") or "").strip() for part in DOCUMENT_PARTS)

    @property
    def has_file_details(self) -> bool:
        """Whether anything was typed about the files' document."""
        return any(str(self.data.get(f"file_{part}") or "").strip() for part in DOCUMENT_PARTS)

    def clean(self) -> dict[str, Any]:
        """Files come with the tick; a citation is complete, so that it can be found."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("uploads") and not cleaned.get("not_secret"):
            self.add_error("not_secret", CONFIRM_NO_SECRETS)
        if self.has_citation:
            for part in DOCUMENT_PARTS:
                name = f"cite_{part}"
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, ValidationError(REQUIRED_TO_CITE))
        return cleaned

    def attach(
        self, assessment: Assessment, criterion: Criterion, *, by: User, now: datetime
    ) -> Intake:
        """Attach every file that is taken, and the citation; call on a valid form.

        Raises:
            NotAllowed: not posted at the station.
        """
        intake = Intake()
        for one in self.cleaned_data["uploads"]:
            self._attach_file(one, assessment, criterion, intake, by=by, now=now)
        if self.has_citation:
            try:
                taken = attach_reference(
                    assessment, criterion, **self._document("cite"), by=by, now=now
                )
                intake.taken.append(taken.evidence.label)
            except NotReady as refusal:
                intake.refused.append(refusal.sentence)
                intake.citation_refused = True
        return intake

    def _attach_file(
        self,
        one: "UploadedFile[bytes]",
        assessment: Assessment,
        criterion: Criterion,
        intake: Intake,
        *,
        by: User,
        now: datetime,
    ) -> None:
        name = display_name(one.name or "")
        mark = marking_in(name, self.cleaned_data["file_title"], self.cleaned_data["file_number"])
        if mark and not self.cleaned_data["unmarked"]:
            intake.refused.append(MARKED.format(name=name, mark=mark))
            intake.asks_unmarked = True
            return
        try:
            checked = check_upload(one)
            attached = attach_file(
                assessment, criterion, checked, **self._document("file"), by=by, now=now
            )
            intake.taken.append(checked.name)
            if is_reuse(attached):
                intake.reused.append(checked.name)
        except (UploadRefused, NotReady) as refusal:
            intake.refused.append(refusal.sentence)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            intake.refused.append(SERVER_FULL.format(name=name))

    def _document(self, which: str) -> dict[str, Any]:
        return {part: self.cleaned_data[f"{which}_{part}"] for part in DOCUMENT_PARTS}
