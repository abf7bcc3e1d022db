"""Who may sign in to the demonstration."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from accounts.actions import create_user
from accounts.models import Role, User
from wards.actions.posting import post
from wards.models import Agency, Province, Unit
from wards.postings import attach_scope

PASSWORD = "CongAnPhuong@Demo2023"  # noqa: S105 -- printed on purpose; the data are samples
SINCE = date(2023, 1, 1)

STATIONS: tuple[tuple[str, str, str, str], ...] = (
    ("p1", "29239", "Nguyễn Hoàng Nam", "Trần Thị Ngọc Ánh"),
    ("p2", "29245", "Lâm Quốc Khánh", "Thạch Minh Tú"),
    ("p3", "29242", "Phạm Thị Thu Hà", "Kim Sơn Hải"),
    ("p4", "29236", "Huỳnh Tấn Phát", "Lê Thị Cẩm Tiên"),
    ("p5", "29248", "Đặng Văn Thành", "Nguyễn Minh Đức"),
    ("p6", "29251", "Võ Thị Kim Loan", "Trương Hữu Nghĩa"),
    ("p7", "29254", "Bùi Đức Anh", "Sơn Thị Hồng Nhung"),
    ("p8", "29257", "Ngô Thanh Tùng", "Đỗ Ngọc Lan"),
    ("p9", "29260", "Hồ Thị Bích Thủy", "Châu Văn Lộc"),
    ("dh1", "29512", "Mai Xuân Trường", "Lý Thị Mỹ Duyên"),
    ("dh2", "29516", "Dương Thị Hòa", "Tạ Quang Vinh"),
)
"""Prefix of the user names, code of the ward in 2023, commander, officer."""


@dataclass(frozen=True, slots=True)
class Staff:
    """The province's people, the Ministry's viewer and the others."""

    reviewer: User
    second_reviewer: User
    coordinator: User
    leader: User


@dataclass(frozen=True, slots=True)
class Station:
    """A ward with its commander and officer."""

    unit: Unit
    commander: User
    officer: User


def create_stations(day: date, now: datetime) -> dict[str, Station]:
    """Commander and officer of each ward of 2023, by user-name prefix."""
    stations = {}
    for prefix, code, commander_name, officer_name in STATIONS:
        unit = Unit.objects.existing_on(day).with_places().get(code=code)
        commander = _person(f"{prefix}.truong", commander_name, now)
        officer = _person(f"{prefix}.canbo", officer_name, now)
        post(commander, Role.COMMANDER, unit=unit, starts=SINCE, by=None, now=now)
        post(officer, Role.OFFICER, unit=unit, starts=SINCE, by=None, now=now)
        stations[prefix] = Station(unit, attach_scope(commander, day), attach_scope(officer, day))
    return stations


def create_staff(day: date, now: datetime) -> Staff:
    """Reviewers, coordinator and leader of the province, and everyone else who looks on.

    The province's people serve in Trà Vinh and, since the provinces merged, in Vĩnh Long.
    """
    provinces = [Province.objects.get(code="84"), Province.objects.get(code="86")]

    def staff(username: str, full_name: str, role: Role, title: str) -> User:
        user = _person(username, full_name, now)
        for province in provinces:
            post(user, role, title=title, province=province, starts=SINCE, by=None, now=now)
        return attach_scope(user, day)

    people = Staff(
        reviewer=staff("thamdinh1", "Phan Thị Mai", Role.REVIEWER, "Cán bộ thẩm định"),
        second_reviewer=staff("thamdinh2", "Cao Minh Trí", Role.REVIEWER, "Cán bộ thẩm định"),
        coordinator=staff("tonghop", "Lưu Quang Huy", Role.COORDINATOR, "Cán bộ tổng hợp"),
        leader=staff("lanhdao", "Đinh Công Thắng", Role.LEADER, "Lãnh đạo"),
    )
    post(
        _person("bocongan", "Tô Thị Phương Thảo", now),
        Role.MINISTRY_VIEWER,
        title="Cán bộ theo dõi, Bộ Công an",
        starts=SINCE,
        by=None,
        now=now,
    )
    post(
        _person("so.taichinh", "Nguyễn Thị Yến", now),
        Role.RAPPORTEUR,
        agency=Agency.objects.get(code="so-tai-chinh"),
        starts=SINCE,
        by=None,
        now=now,
    )
    post(
        _person("quantri", "Trịnh Hải Đăng", now),
        Role.SYSTEM_ADMINISTRATOR,
        starts=SINCE,
        by=None,
        now=now,
    )
    return people


def give_passwords() -> None:
    """Give every account the printed password; hashed once, because hashing is slow on purpose."""
    User.objects.update(password=make_password(PASSWORD))


def _person(username: str, full_name: str, now: datetime) -> User:
    return create_user(
        username=username,
        full_name=full_name,
        email=f"{username}@mau.example",
        password=None,
        by=None,
        now=now,
        must_change_password=False,
    )


LOGINS = (
    ("p5.truong … p1.truong, dh1.truong", "Trưởng Công an phường (11 phường)"),
    ("p2.canbo", "Cán bộ Công an phường"),
    ("thamdinh1, thamdinh2", "Cán bộ thẩm định"),
    ("tonghop", "Cán bộ tổng hợp"),
    ("lanhdao", "Lãnh đạo Công an tỉnh"),
    ("bocongan", "Cán bộ theo dõi của Bộ"),
    ("so.taichinh", "Cán bộ báo cáo của Sở Tài chính"),
    ("quantri", "Quản trị hệ thống"),
)
"""What the demonstration prints: user names and whose they are."""
