"""Pages of the programmes of the sources: what is approved, restated, told and not sure."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Role, User
from assessments.pack_loader import load_file
from criteria.models import Programme, Target, TargetRevision
from tests import cast
from wards.models import LegalDocument, Posting

SignIn = Callable[[User], Client]
PACKS = (
    "wards/packs/documents.yaml",
    "wards/packs/programme-documents.yaml",
    "wards/packs/tra-vinh-units.yaml",
    "wards/packs/tay-ninh-units.yaml",
    "criteria/packs/qd-5764.yaml",
    "criteria/packs/tay-ninh-programme.yaml",
    "criteria/packs/national-programme.yaml",
)
ROADMAP_QUERIES = 25
PROGRAMME_QUERIES = 20


@pytest.fixture
def viewer(db: None) -> User:
    """Someone of the Ministry, who looks across the country."""
    for pack in PACKS:
        load_file(Path(settings.BASE_DIR) / pack, now=cast.NOW)
    user = User.objects.create_user("bo.xem", full_name="Nguyễn Thị Xem")
    Posting.objects.create(user=user, role=Role.MINISTRY_VIEWER, starts=date(2023, 1, 1))
    return user


def test_the_country_is_told_by_province(viewer: User, sign_in: SignIn) -> None:
    page = sign_in(viewer).get("/lo-trinh/quoc-gia-2022/").content.decode()
    for expected in (
        "Theo tỉnh, thành phố: ít nhất 30% đến hết năm 2025",
        "Trà Vinh (nay thuộc Vĩnh Long)",
        "gần 1.800 Công an phường trên cả nước",
        "<strong>28</strong>",
        "mỗi tỉnh, thành phố",
    ):
        assert expected in page, expected
    assert page.count("Mục tiêu đến năm 2025, mỗi tỉnh, thành phố") == 1


def test_a_programme_shows_its_words_and_what_is_unsure(viewer: User, sign_in: SignIn) -> None:
    page = sign_in(viewer).get("/chuong-trinh/tay-ninh-2023/").content.decode()
    for expected in (
        "Theo dõi, kiểm tra, giám sát",
        "Trích nguyên văn",
        "Kế hoạch của thành ủy, thị ủy (điểm 8)",
        "Điều suy ra, chưa xác nhận",
        "<strong>17</strong> đơn vị khi phê duyệt, nay là <strong>10</strong>",
    ):
        assert expected in page, expected


def test_a_replaced_target_stays_and_says_by_what(viewer: User, sign_in: SignIn) -> None:
    programme = Programme.objects.get(code="tay-ninh-2023")
    later = LegalDocument.objects.create(code="SAU", number="9/QĐ-THỬ")
    revision = TargetRevision.objects.create(
        programme=programme, on=date(2025, 1, 1), document=later
    )
    Target.objects.create(
        programme=programme,
        revision=revision,
        by=date(2030, 12, 31),
        measure="percent",
        value=90,
        position=1,
    )
    page = sign_in(viewer).get("/chuong-trinh/tay-ninh-2023/").content.decode()
    assert "<del>ít nhất 30%</del>" in page
    assert "<del>100%</del>" in page
    assert "<del>01/17</del>" not in page
    assert page.count("đã thay bằng 9/QĐ-THỬ từ 01/01/2025") == 2
    roadmap = sign_in(viewer).get("/lo-trinh/tay-ninh-2023/").content.decode()
    assert "từ 01/01/2025 theo 9/QĐ-THỬ." in roadmap
    assert "ít nhất 90%" in roadmap


def test_the_pages_take_a_fixed_number_of_queries(
    viewer: User, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(viewer)
    client.get("/chuong-trinh/")
    with django_assert_max_num_queries(ROADMAP_QUERIES):
        client.get("/lo-trinh/quoc-gia-2022/")
    with django_assert_max_num_queries(PROGRAMME_QUERIES):
        client.get("/chuong-trinh/quoc-gia-2022/")
