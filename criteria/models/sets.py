"""Criteria sets as versions: groups, criteria, indicators; frozen once published."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from criteria.querysets import CriteriaSetQuerySet, CriterionQuerySet
from criteria.scale import SCALES, IndicatorKind, Scale
from wards.models import LegalDocument, Province


class FrozenSetError(Exception):
    """A published criteria set is never changed; a correction is a new version."""


class CriteriaSet(models.Model):
    """One version of the criteria. Nothing in code knows how many there are."""

    code = models.CharField("mã", max_length=40, unique=True)
    name = models.TextField("tên")
    document = models.ForeignKey(
        LegalDocument,
        on_delete=models.PROTECT,
        related_name="criteria_sets",
        null=True,
        blank=True,
    )
    short_name = models.CharField("tên ngắn", max_length=40, blank=True)
    """How results name the version they were judged by: "QĐ 5764"."""
    province = models.ForeignKey(
        Province, on_delete=models.PROTECT, related_name="criteria_sets", null=True, blank=True
    )
    """Whose own set it is; empty for a set of the whole country."""
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    stated_count = models.PositiveSmallIntegerField(
        "số tiêu chí văn bản nêu", null=True, blank=True
    )
    """How many criteria the sources say there are, known before all of them are entered."""
    is_confirmed = models.BooleanField("đã đối chiếu văn bản gốc", default=False)
    version = models.PositiveIntegerField("phiên bản bản nháp", default=1)
    drafted_at = models.DateTimeField("soạn lúc", null=True, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    published_at = models.DateTimeField("công bố lúc", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    note = models.TextField("ghi chú", blank=True)

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        verbose_name = "bộ tiêu chí"
        verbose_name_plural = "bộ tiêu chí"
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=Q(drafted_by__isnull=True) | Q(drafted_at__isnull=False),
                name="criteria_set_drafted_with_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | Q(published_at__isnull=False),
                name="criteria_set_published_with_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; publishing is the last time.

        Raises:
            FrozenSetError: the set is published.
        """
        self._guard()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove a draft.

        Raises:
            FrozenSetError: the set is published.
        """
        self._guard()
        return super().delete(*args, **kwargs)

    def _guard(self) -> None:
        stored = CriteriaSet.objects.filter(pk=self.pk, published_at__isnull=False)
        if not self._state.adding and stored.exists():
            raise FrozenSetError(f"{self} is published.")

    @property
    def label(self) -> str:
        """How results name this version: "QĐ 5764"."""
        return self.short_name or self.code

    @property
    def is_published(self) -> bool:
        """Published sets are frozen."""
        return self.published_at is not None


class PartOfSet(models.Model):
    """A row of a criteria set: written while the set is a draft, frozen once it is published."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row.

        Raises:
            FrozenSetError: the set is published.
        """
        self._guard()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the row.

        Raises:
            FrozenSetError: the set is published.
        """
        self._guard()
        return super().delete(*args, **kwargs)

    def owning_set(self) -> CriteriaSet:
        """The set this row belongs to."""
        raise NotImplementedError

    def _guard(self) -> None:
        if self.owning_set().is_published:
            raise FrozenSetError(f"{self.owning_set()} is published.")


class Group(PartOfSet):
    """A heading of the set."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="groups")
    code = models.CharField("mã", max_length=10)
    name = models.TextField("tên")
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "nhóm tiêu chí"
        verbose_name_plural = "nhóm tiêu chí"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "code"], name="group_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.name}"

    def owning_set(self) -> CriteriaSet:
        """The set of the group."""
        return self.criteria_set


class Criterion(PartOfSet):
    """One criterion: met when all its indicators are."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="criteria")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="criteria")
    code = models.CharField("mã", max_length=10)
    title = models.TextField("nội dung")
    evidence = models.TextField("tài liệu kiểm chứng", blank=True)
    basis = models.TextField("căn cứ", blank=True)
    note = models.TextField("ghi chú", blank=True)
    owner = models.CharField("cơ quan quyết định việc đạt", max_length=200, blank=True)
    ward_alone = models.BooleanField("phụ thuộc riêng Công an phường", default=True)
    needs_building = models.BooleanField("cần đất hoặc trụ sở", default=False)
    """Land has to be given or a building put up, which takes longer than anything else."""
    position = models.PositiveSmallIntegerField("thứ tự")

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = "tiêu chí"
        verbose_name_plural = "tiêu chí"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "code"], name="criterion_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def owning_set(self) -> CriteriaSet:
        """The set of the criterion."""
        return self.criteria_set


class Indicator(PartOfSet):
    """One measurable part of a criterion, with its threshold."""

    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="indicators")
    code = models.CharField("mã", max_length=10)
    title = models.TextField("nội dung")
    kind = models.CharField("kiểu", max_length=10, choices=IndicatorKind.choices)
    at_least = models.DecimalField(
        "tối thiểu", max_digits=14, decimal_places=2, null=True, blank=True
    )
    at_most = models.DecimalField("tối đa", max_digits=14, decimal_places=2, null=True, blank=True)
    at_least_level = models.CharField("mức tối thiểu", max_length=20, blank=True)
    scale_code = models.CharField("thang xếp loại", max_length=30, blank=True)
    unit_label = models.CharField("đơn vị tính", max_length=40, blank=True)
    exemptible = models.BooleanField("có thể bất khả kháng", default=False)
    no_case_possible = models.BooleanField("có thể không phát sinh", default=False)
    may_exceed = models.BooleanField("tử số có thể lớn hơn mẫu số", default=False)
    basis = models.TextField("căn cứ", blank=True)
    note = models.TextField("ghi chú", blank=True)
    is_confirmed = models.BooleanField("đã đối chiếu văn bản gốc", default=True)
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "chỉ số"
        verbose_name_plural = "chỉ số"
        ordering = ("criterion__position", "position")
        constraints = [
            models.UniqueConstraint(fields=["criterion", "code"], name="indicator_code_once"),
            models.CheckConstraint(
                condition=~Q(kind=IndicatorKind.TITLE) | ~Q(scale_code=""),
                name="title_indicator_has_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def owning_set(self) -> CriteriaSet:
        """The set of the indicator's criterion."""
        return self.criterion.criteria_set

    @property
    def scale(self) -> Scale | None:
        """The graded title, for title indicators."""
        return SCALES.get(self.scale_code)


class Relation(models.TextChoices):
    """What became of a criterion in the next version of its set."""

    KEPT = "kept", "Giữ nguyên"
    SPLIT = "split", "Tách"
    MERGED = "merged", "Gộp"
    DROPPED = "dropped", "Bỏ"
    NEW = "new", "Mới"


class Correspondence(PartOfSet):
    """One line of the mapping from the replaced set to this one, by who knows both texts."""

    criteria_set = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, related_name="correspondences"
    )
    """The newer of the two sets."""
    former = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="continued", null=True, blank=True
    )
    current = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="origins", null=True, blank=True
    )
    relation = models.CharField("quan hệ", max_length=10, choices=Relation.choices)
    note = models.TextField("ghi chú", blank=True)

    class Meta:
        verbose_name = "đối chiếu tiêu chí"
        verbose_name_plural = "đối chiếu tiêu chí"
        ordering = ("former__position", "current__position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_set", "former", "current"], name="correspondence_once"
            ),
            models.CheckConstraint(
                condition=Q(relation=Relation.DROPPED, former__isnull=False, current__isnull=True)
                | Q(relation=Relation.NEW, former__isnull=True, current__isnull=False)
                | Q(
                    relation__in=[Relation.KEPT, Relation.SPLIT, Relation.MERGED],
                    former__isnull=False,
                    current__isnull=False,
                ),
                name="correspondence_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.former or '–'} → {self.current or '–'}"

    def owning_set(self) -> CriteriaSet:
        """The newer of the two sets."""
        return self.criteria_set
