"""What was found: assessments with their answers, evidence, review, and the facts that follow."""

from assessments.models.administration import DeadlineExtension, RoundLock, WorkbookImport
from assessments.models.answers import Answer, AnswerState, Assessment, CriterionResult
from assessments.models.choice import SelectedUnit, Selection, SelectionState
from assessments.models.duties import DutyAnswer, DutyProgress, DutyReport
from assessments.models.evidence import USABLE_SCANS, Attachment, Evidence, EvidenceKind, Scan
from assessments.models.facts import (
    Baseline,
    BaselineFinding,
    Commendation,
    Inheritance,
    InheritanceChoice,
    Recognition,
    Registration,
    RegistrationQuota,
    RegistrationSource,
)
from assessments.models.inspections import Inspection, InspectionFinding, InspectionKind
from assessments.models.marks import FileMark
from assessments.models.remedies import (
    OPEN_STATES,
    FundSource,
    Remedy,
    RemedyOwner,
    RemedyState,
)
from assessments.models.review import (
    Decision,
    ExplanationVerdict,
    Submission,
    Transition,
    Verdict,
)
from assessments.models.second_look import Appeal, SecondReview
from assessments.models.states import FileState

__all__ = [
    "OPEN_STATES",
    "USABLE_SCANS",
    "Answer",
    "AnswerState",
    "Appeal",
    "Assessment",
    "Attachment",
    "Baseline",
    "BaselineFinding",
    "Commendation",
    "CriterionResult",
    "DeadlineExtension",
    "Decision",
    "DutyAnswer",
    "DutyProgress",
    "DutyReport",
    "Evidence",
    "EvidenceKind",
    "ExplanationVerdict",
    "FileMark",
    "FileState",
    "FundSource",
    "Inheritance",
    "InheritanceChoice",
    "Inspection",
    "InspectionFinding",
    "InspectionKind",
    "Recognition",
    "Registration",
    "RegistrationQuota",
    "RegistrationSource",
    "Remedy",
    "RemedyOwner",
    "RemedyState",
    "RoundLock",
    "Scan",
    "SecondReview",
    "SelectedUnit",
    "Selection",
    "SelectionState",
    "Submission",
    "Transition",
    "Verdict",
    "WorkbookImport",
]
