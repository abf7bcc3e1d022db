"""What was found: assessments with their answers, evidence, review, and the facts that follow."""

from assessments.models.answers import Answer, AnswerState, Assessment, CriterionResult
from assessments.models.evidence import Attachment, Evidence, EvidenceKind
from assessments.models.facts import (
    Baseline,
    BaselineFinding,
    Recognition,
    Registration,
    RegistrationQuota,
    RegistrationSource,
)
from assessments.models.review import Decision, Submission, Transition, Verdict

__all__ = [
    "Answer",
    "AnswerState",
    "Assessment",
    "Attachment",
    "Baseline",
    "BaselineFinding",
    "CriterionResult",
    "Decision",
    "Evidence",
    "EvidenceKind",
    "Recognition",
    "Registration",
    "RegistrationQuota",
    "RegistrationSource",
    "Submission",
    "Transition",
    "Verdict",
]
