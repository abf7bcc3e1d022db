"""Reasons to start from: what this criterion suggests, what was said before, what is often said."""

from dataclasses import dataclass, replace

from django.db.models import Max

from accounts.models import User
from assessments.models import Assessment, Decision, Verdict
from assessments.views.review_answers import EvidenceLine, IndicatorLine
from assessments.views.review_reading import CriterionRow
from criteria.models import Criterion, Round
from criteria.scale import IndicatorKind, Outcome

ELSEWHERE = 3
"""How many of one's own earlier wordings are offered."""
LABEL = 48

GENERAL = (
    ("Chưa ký, đóng dấu", "Tài liệu chưa có chữ ký, con dấu của người có thẩm quyền: "),
    ("Tệp mờ, thiếu trang", "Tệp mờ, thiếu trang hoặc không đọc được; đề nghị tải lại bản rõ: "),
    ("Chưa đúng nội dung", "Tài liệu chưa chứng minh được nội dung của tiêu chí vì: "),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One wording: a short label on the button, the text that is put into the comment."""

    label: str
    text: str
    number: int = 0
    """Its place among all wordings of the page, from 1; names it in an address."""


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Wordings of one origin."""

    title: str
    reasons: tuple[Reason, ...]


def _day_span(round_: Round) -> str:
    return f"từ {round_.window_starts:%d/%m/%Y} đến {round_.window_ends:%d/%m/%Y}"


def _of_evidence(row: CriterionRow, round_: Round, evidence: list[EvidenceLine]) -> list[Reason]:
    found = []
    expected = row.criterion.evidence.strip().rstrip(".")
    wanted = f" đề nghị bổ sung: {expected}." if expected else " đề nghị bổ sung: "
    if not evidence:
        found.append(Reason("Thiếu tài liệu", f"Chưa có tài liệu kiểm chứng;{wanted}"))
    else:
        found.append(Reason("Thiếu tài liệu", f"Tài liệu kiểm chứng chưa đủ;{wanted}"))
    for item in evidence:
        day = item.row.issued_on if item.row else None
        if day and not round_.window_starts <= day <= round_.window_ends:
            found.append(
                Reason(
                    "Tài liệu ngoài kỳ",
                    f"Tài liệu “{item.label}” ngày {day:%d/%m/%Y} không thuộc thời gian lấy số "
                    f"liệu của kỳ ({_day_span(round_)}).",
                )
            )
    return found


def _of_indicator(line: IndicatorLine) -> Reason | None:
    code, kind = line.indicator.code, line.indicator.kind
    if line.judgement.outcome == Outcome.EXEMPT:
        return Reason(
            f"{code}: bất khả kháng", f"Chỉ số {code}: chưa chứng minh được lý do bất khả kháng: "
        )
    if line.judgement.outcome in {Outcome.AWAITING, Outcome.UNANSWERED}:
        return Reason(
            f"{code}: chưa có kết quả", f"Chỉ số {code}: đề nghị cập nhật khi có kết quả: "
        )
    if kind == IndicatorKind.TITLE and not line.decision:
        return Reason(
            f"{code}: chưa có quyết định",
            f"Chỉ số {code}: chưa nêu số, ngày quyết định xếp loại hoặc công nhận của cấp có "
            "thẩm quyền.",
        )
    if kind in {IndicatorKind.COUNT, IndicatorKind.RATIO}:
        return Reason(
            f"{code}: số liệu chưa khớp",
            f"Chỉ số {code}: số liệu khai ({line.answer}) chưa khớp với tài liệu kiểm chứng: ",
        )
    return None


def _of_criterion(
    row: CriterionRow,
    round_: Round,
    indicators: list[IndicatorLine],
    evidence: list[EvidenceLine],
) -> list[Reason]:
    found = _of_evidence(row, round_, evidence)
    if row.entry["explanation"]:
        found.append(
            Reason(
                "Giải trình chưa đủ",
                "Giải trình chưa đủ căn cứ để thay cho tài liệu kiểm chứng vì: ",
            )
        )
    found += [reason for line in indicators if (reason := _of_indicator(line))]
    return found


def _labelled(text: str) -> Reason:
    line = " ".join(text.split())
    return Reason(line if len(line) <= LABEL else f"{line[: LABEL - 1].rstrip()}…", text)


def _own_elsewhere(assessment: Assessment, criterion: Criterion, user: User) -> list[str]:
    """One's own latest wordings on the same criterion in other files, each once; one query."""
    found = (
        Verdict.objects.filter(
            criterion=criterion, decided_by=user, decision__in=[Decision.MORE, Decision.ADJUST]
        )
        .exclude(submission__assessment=assessment)
        .values("comment")
        .annotate(latest=Max("decided_at"))
        .order_by("-latest")[:ELSEWHERE]
    )
    return [row["comment"] for row in found]


def reason_groups(
    assessment: Assessment,
    row: CriterionRow,
    *,
    indicators: list[IndicatorLine],
    evidence: list[EvidenceLine],
    earlier: list[Verdict],
    user: User,
) -> list[ReasonGroup]:
    """Everything a reason may start from, most particular first; the same text only once."""
    said = [verdict.comment for verdict in earlier if verdict.comment]
    groups = (
        ("Đã nêu ở phiếu này", [_labelled(text) for text in said]),
        ("Theo tiêu chí này", _of_criterion(row, assessment.round, indicators, evidence)),
        (
            "Đồng chí đã dùng ở phiếu khác",
            [_labelled(text) for text in _own_elsewhere(assessment, row.criterion, user)],
        ),
        ("Thường gặp", [Reason(*one) for one in GENERAL]),
    )
    seen: set[str] = set()
    found = []
    for title, reasons in groups:
        kept = []
        for reason in reasons:
            if reason.text not in seen:
                seen.add(reason.text)
                kept.append(replace(reason, number=len(seen)))
        if kept:
            found.append(ReasonGroup(title, tuple(kept)))
    return found
