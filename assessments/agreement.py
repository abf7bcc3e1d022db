"""How far two reviewers agree, counted on the verdicts that were given twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q

from assessments.models import SecondReview
from assessments.querysets import SecondReviewQuerySet
from criteria.models import Criterion, Round

ENOUGH = 5
"""A share of fewer verdicts than this says nothing."""
LISTED = 100


@dataclass(frozen=True, slots=True)
class Agreement:
    """So many drawn, given a second time, and found the same."""

    drawn: int
    decided: int
    equal: int

    @property
    def is_enough(self) -> bool:
        """Whether a percentage says anything."""
        return self.decided >= ENOUGH

    @property
    def percent(self) -> int | None:
        """The share found the same, rounded; None of too few."""
        return round(100 * self.equal / self.decided) if self.is_enough else None

    @property
    def words(self) -> str:
        """The share in words."""
        return f"{self.percent}%" if self.is_enough else "chưa đủ dữ liệu"


@dataclass(frozen=True, slots=True)
class CriterionAgreement:
    """The agreement on one criterion."""

    criterion: Criterion
    counts: Agreement


@dataclass(frozen=True, slots=True)
class RoundAgreement:
    """The agreement of a round: in all, per criterion drawn, and where two reviewers differ."""

    total: Agreement
    rows: tuple[CriterionAgreement, ...]
    differing: tuple[SecondReview, ...]
    """At most `LISTED`, in the order of the criteria."""

    @property
    def sentence(self) -> str:
        """The whole in one sentence."""
        total = self.total
        if not total.decided:
            return (
                f"Đã chọn {total.drawn} kết quả thẩm định để thẩm định lần hai; "
                "chưa có kết quả lần hai nào."
            )
        share = f" ({total.percent}%)" if total.is_enough else ", chưa đủ dữ liệu để tính tỷ lệ"
        return (
            f"Đã chọn {total.drawn} kết quả thẩm định; {total.decided} đã được thẩm định lần hai, "
            f"trong đó {total.equal} trùng với lần một{share}."
        )


def rounds_drawn(second_reviews: SecondReviewQuerySet) -> Sequence[Round]:
    """The rounds of these second reviews, the latest first, in one query."""
    inside = second_reviews.order_by().values("submission__assessment__round")
    return list(
        Round.objects.filter(pk__in=inside)
        .select_related("programme")
        .order_by("-year", "programme__name")
    )


def agreement_of(second_reviews: SecondReviewQuerySet, round_: Round) -> RoundAgreement:
    """The agreement of one round, in three queries."""
    inside = second_reviews.filter(submission__assessment__round=round_)
    counted = {
        pk: Agreement(drawn, decided, equal)
        for pk, drawn, decided, equal in inside.order_by()
        .values("criterion")
        .annotate(
            drawn=Count("pk"),
            decided=Count("pk", filter=Q(decided_at__isnull=False)),
            equal=Count("pk", filter=Q(outcome=F("first_outcome"))),
        )
        .values_list("criterion", "drawn", "decided", "equal")
    }
    criteria = Criterion.objects.filter(pk__in=counted).order_by("position")
    differing = (
        inside.filter(decided_at__isnull=False)
        .exclude(outcome=F("first_outcome"))
        .select_related(
            "submission__assessment__unit__district",
            "submission__assessment__unit__province",
            "criterion",
            "decided_by",
        )
        .defer("submission__snapshot")
        .order_by("criterion__position", "submission__assessment__unit__sort_key", "pk")
    )
    return RoundAgreement(
        total=Agreement(
            sum(one.drawn for one in counted.values()),
            sum(one.decided for one in counted.values()),
            sum(one.equal for one in counted.values()),
        ),
        rows=tuple(CriterionAgreement(one, counted[one.pk]) for one in criteria),
        differing=tuple(differing[:LISTED]),
    )
