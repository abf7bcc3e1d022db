"""The words criteria are made of: kinds of indicators, graded titles, outcomes."""

from dataclasses import dataclass

from django.db import models


class IndicatorKind(models.TextChoices):
    """How an indicator is answered."""

    YES_NO = "yes_no", "Có/Không"
    COUNT = "count", "Số lượng"
    RATIO = "ratio", "Tỷ lệ"
    TITLE = "title", "Xếp loại, danh hiệu"


class Outcome(models.TextChoices):
    """What an indicator or a criterion comes to. There are no points."""

    MET = "met", "Đạt"
    NOT_MET = "not_met", "Chưa đạt"
    AWAITING = "awaiting", "Chờ xếp loại"
    NO_CASE = "no_case", "Không phát sinh"
    EXEMPT = "exempt", "Bất khả kháng"
    UNANSWERED = "unanswered", "Chưa đánh giá"


COUNTS_AS_MET = frozenset({Outcome.MET, Outcome.NO_CASE, Outcome.EXEMPT})


def settled(outcome: str) -> Outcome:
    """One of the four words of a criterion: "không phát sinh" and "bất khả kháng" count as met."""
    found = Outcome(outcome)
    return Outcome.MET if found in COUNTS_AS_MET else found


OUTCOME_ICON = {
    Outcome.MET: "check-circle-fill",
    Outcome.NOT_MET: "x-circle-fill",
    Outcome.AWAITING: "hourglass-split",
    Outcome.NO_CASE: "check-circle",
    Outcome.EXEMPT: "shield-check",
    Outcome.UNANSWERED: "circle",
}


@dataclass(frozen=True, slots=True)
class Scale:
    """A graded title: levels from the highest to the lowest."""

    code: str
    name: str
    levels: tuple[tuple[str, str], ...]

    def label(self, level: str) -> str:
        """The level in words; the code itself when the scale does not know it."""
        return dict(self.levels).get(level, level)

    def reaches(self, level: str, at_least: str) -> bool:
        """Whether `level` is `at_least` or higher.

        Raises:
            ValueError: one of the two is not a level of this scale.
        """
        codes = [code for code, _ in self.levels]
        return codes.index(level) <= codes.index(at_least)


SCALES: dict[str, Scale] = {
    scale.code: scale
    for scale in (
        # Four levels of the Party's yearly rating (Quy định 124-QĐ/TW 2023).
        Scale(
            "party-rating",
            "Mức xếp loại chất lượng",
            (
                ("excellent", "Hoàn thành xuất sắc nhiệm vụ"),
                ("good", "Hoàn thành tốt nhiệm vụ"),
                ("fulfilled", "Hoàn thành nhiệm vụ"),
                ("not_fulfilled", "Không hoàn thành nhiệm vụ"),
            ),
        ),
        Scale(
            "collective-labour",
            "Danh hiệu tập thể lao động",
            (
                ("excellent", "Tập thể lao động xuất sắc"),
                ("advanced", "Tập thể lao động tiên tiến"),
                ("none", "Không đạt danh hiệu"),
            ),
        ),
        Scale(
            "police-unit",
            "Danh hiệu đơn vị Công an nhân dân",
            (
                ("victory", "Đơn vị quyết thắng"),
                ("advanced", "Đơn vị tiên tiến"),
                ("none", "Không đạt danh hiệu"),
            ),
        ),
        Scale(
            "recognition",
            "Công nhận",
            (("recognised", "Được công nhận"), ("not_recognised", "Không được công nhận")),
        ),
    )
}
