"""Provinces, districts of old and units, each with the days between which it is in force."""

import uuid
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from wards.names import canonical_key, normalised, search_key, sort_key
from wards.querysets import ProvinceQuerySet, UnitQuerySet


class Dated(models.Model):
    """A thing in force from a day to a day; empty bounds are open."""

    code = models.CharField("mã", max_length=10)
    name = models.CharField("tên", max_length=120)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    canonical_key = models.CharField(max_length=240, editable=False)
    search_key = models.CharField(max_length=240, editable=False, db_index=True)
    sort_key = models.CharField(max_length=240, editable=False, db_index=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write with the keys that belong to the name."""
        self.clean_names()
        super().save(*args, **kwargs)

    def clean_names(self) -> None:
        """Store the name in its one form, with its keys; call before every write."""
        self.name = normalised(self.name)
        self.canonical_key = canonical_key(self.name)
        self.search_key = search_key(self.name)
        self.sort_key = sort_key(self.name)

    def existed_on(self, day: date) -> bool:
        """Whether it was in force on a day: what `existing_on` asks of the database."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or self.valid_to >= day
        )


def _dated_constraints(name: str) -> list[models.BaseConstraint]:
    # Codes are used again over time, so (code, valid_from) is the key; NULLs need their own rule.
    return [
        models.UniqueConstraint(fields=["code", "valid_from"], name=f"{name}_code_from"),
        models.UniqueConstraint(
            fields=["code"], condition=Q(valid_from__isnull=True), name=f"{name}_code_since_ever"
        ),
        models.CheckConstraint(
            condition=Q(valid_from__isnull=True)
            | Q(valid_to__isnull=True)
            | Q(valid_to__gte=F("valid_from")),
            name=f"{name}_dates_in_order",
        ),
    ]


class ProvinceKind(models.TextChoices):
    """Kinds of province-level units."""

    PROVINCE = "province", "tỉnh"
    CITY = "city", "thành phố trực thuộc Trung ương"


class Province(Dated):
    """A province or a city under the central government."""

    kind = models.CharField("loại", max_length=10, choices=ProvinceKind.choices)

    objects = ProvinceQuerySet.as_manager()

    class Meta:
        verbose_name = "tỉnh, thành phố"
        verbose_name_plural = "tỉnh, thành phố"
        ordering = ("sort_key",)
        constraints = _dated_constraints("province")

    def __str__(self) -> str:
        return self.name

    @property
    def heading_name(self) -> str:
        """The name where a line begins: "Tỉnh Vĩnh Long", "Thành phố Cần Thơ"."""
        word = "Thành phố" if self.kind == ProvinceKind.CITY else "Tỉnh"
        return f"{word} {self.name}"


class DistrictKind(models.TextChoices):
    """Kinds of district-level units, until 30/6/2025."""

    CITY = "city", "thành phố"
    TOWN = "town", "thị xã"
    DISTRICT = "district", "huyện"
    URBAN = "urban", "quận"


DISTRICT_SHORT = {"city": "TP", "town": "TX", "district": "huyện", "urban": "quận"}


class District(Dated):
    """A district-level unit of old; history still names wards by it."""

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="districts")
    kind = models.CharField("loại", max_length=10, choices=DistrictKind.choices)

    class Meta:
        verbose_name = "đơn vị cấp huyện"
        verbose_name_plural = "đơn vị cấp huyện"
        ordering = ("sort_key",)
        constraints = _dated_constraints("district")

    def __str__(self) -> str:
        return f"{DISTRICT_SHORT[self.kind]} {self.name}"


class UnitKind(models.TextChoices):
    """Kinds of commune-level units."""

    WARD = "ward", "phường"
    COMMUNE = "commune", "xã"
    TOWNSHIP = "township", "thị trấn"
    SPECIAL = "special", "đặc khu"


KIND_WORDS = {one.value: str(one.label) for one in UnitKind}
"""The kinds in words, told many times on a page."""


class Unit(Dated):
    """A commune-level unit: ward, commune, township or special zone. Rows are never overwritten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("loại", max_length=10, choices=UnitKind.choices)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="units")
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="units", null=True, blank=True
    )
    key_area = models.BooleanField("địa bàn trọng điểm, phức tạp", default=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ("sort_key", "code")
        constraints = [
            *_dated_constraints("unit"),
            # One name in one place, however it is spelled (RELIABILITY UN-01, UN-02). Empty columns
            # would make every row another one, so they are given a value here.
            models.UniqueConstraint(
                "province",
                Coalesce("district", Value(0), output_field=models.BigIntegerField()),
                "kind",
                "canonical_key",
                Coalesce("valid_from", Value(date.min)),
                name="unit_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def short_name(self) -> str:
        """ "Phường 1" but "phường Trà Vinh" (Nghị định 30/2020/NĐ-CP, Phụ lục II)."""
        kind = KIND_WORDS[self.kind]
        bare = self.name
        for word in (kind, kind.capitalize()):
            bare = bare.removeprefix(f"{word} ")
        return f"{kind.capitalize()} {bare}" if bare[:1].isdigit() else f"{kind} {bare}"

    @property
    def full_name(self) -> str:
        """The name with what makes it unique: "Phường 1, TP Trà Vinh", "phường Trà Vinh"."""
        return f"{self.short_name}, {self.district}" if self.district_id else self.short_name

    @property
    def heading_name(self) -> str:
        """The full name where a line begins: first letter upper case."""
        return self.full_name[:1].upper() + self.full_name[1:]

    @property
    def list_key(self) -> tuple[str, str, str]:
        """Where the unit stands in a list: by district of old in official order, then by name."""
        return (self.district.code if self.district else "", self.sort_key, self.code)

    @property
    def station_name(self) -> str:
        """The police station of the unit: "Công an Phường 1, TP Trà Vinh"."""
        return f"Công an {self.full_name}"
