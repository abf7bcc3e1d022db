"""What is to become of units on a day, and the rules it must keep. Each refusal is one sentence."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from wards.lineage import Heirs
from wards.models import (
    District,
    Province,
    Reorganisation,
    ReorganisationKind,
    Succession,
    Unit,
    UnitKind,
)
from wards.names import canonical_key, fault_in_name, hidden_character, normalised

YEARS_AHEAD = 2
FIRST_YEAR = 1945
MANY = 40
"""Units that one reorganisation may name on either side; more come by pack."""

NOT_YOURS = (
    "Chỉ cán bộ tổng hợp của tỉnh có đơn vị được sắp xếp mới được ghi lần sắp xếp này; "
    "{unit} không thuộc phạm vi của đồng chí."
)


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that begins on the day, as it was typed."""

    code: str
    name: str
    kind: str
    province: Province
    key_area: bool = False

    @property
    def stored_name(self) -> str:
        """The name as inside a sentence: "Phường 1", "phường Trà Vinh", whichever was typed."""
        return Unit(name=normalised(self.name), kind=self.kind).short_name

    @property
    def label(self) -> str:
        """The unit where a sentence begins."""
        name = self.stored_name
        return name[:1].upper() + name[1:]


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be recorded; nothing of it is believed before it is checked."""

    kind: ReorganisationKind
    on: date
    number: str
    """Number of the deciding document."""
    predecessors: Sequence[Unit]
    successors: Sequence[Unit] = ()
    """Units that are there already and take the predecessors in, themselves unchanged."""
    new_units: Sequence[NewUnit] = ()
    issued_on: date | None = None
    issuer: str = ""
    title: str = ""
    note: str = ""
    keeps_predecessor: bool = False
    """A split may leave the divided unit in being."""
    commanders: Sequence[tuple[int, int]] = ()
    """Ended postings of commanders who go on in a new unit: (posting, place in the list)."""

    @property
    def eve(self) -> date:
        """The last day of the predecessors."""
        return self.on - timedelta(days=1)


def require_right(draft: Draft, by: User) -> None:
    """The coordinator of the predecessors' provinces decides what ends (docs/decisions/0013).

    Raises:
        NotAllowed: a unit of another province.
    """
    for unit in (*draft.predecessors, *draft.successors):
        if not by.scope.serves(Role.COORDINATOR, unit.province_id):
            raise NotAllowed(NOT_YOURS.format(unit=unit.heading_name))
    if draft.kind == ReorganisationKind.PROVINCE_CHANGE:
        return
    known = {unit.province_id for unit in draft.predecessors}
    for new in draft.new_units:
        if new.province.pk not in known and not by.scope.serves(Role.COORDINATOR, new.province.pk):
            raise NotAllowed(NOT_YOURS.format(unit=new.label))


def require_shape(draft: Draft) -> None:
    """The right number of units on either side, none twice, each new one complete.

    Raises:
        NotReady: what is too many, too few, or not a change of this kind.
    """
    kind, before = draft.kind, draft.predecessors
    label = kind.label
    number = len(draft.successors) + len(draft.new_units)
    if not before:
        raise NotReady("Cần chọn ít nhất một đơn vị trước sắp xếp.")
    if not number:
        raise NotReady("Cần có ít nhất một đơn vị sau sắp xếp.")
    if len(before) > MANY or number > MANY:
        raise NotReady(f"Một lần ghi nhiều nhất {MANY} đơn vị; nhiều hơn thì nạp bằng gói dữ liệu.")
    if kind.takes_one and len(before) > 1:
        raise NotReady(f"Hình thức “{label}” chỉ có một đơn vị trước sắp xếp.")
    if kind.makes_one and number > 1:
        raise NotReady(f"Hình thức “{label}” chỉ có một đơn vị sau sắp xếp.")
    if kind == ReorganisationKind.SPLIT and number < 2 and not draft.keeps_predecessor:
        raise NotReady("Chia, tách mà đơn vị cũ kết thúc thì phải có từ hai đơn vị sau sắp xếp.")
    if draft.keeps_predecessor and kind != ReorganisationKind.SPLIT:
        raise NotReady("Chỉ khi chia, tách thì đơn vị cũ mới có thể tiếp tục hoạt động.")
    if kind.is_one_to_one and not draft.new_units:
        raise NotReady(f"Hình thức “{label}” cần thông tin của đơn vị mới.")
    twice = _twice([*before, *draft.successors])
    if twice is not None:
        raise NotReady(f"{twice.heading_name} được chọn hai lần; mỗi đơn vị chỉ đứng một chỗ.")
    codes = [one.code for one in draft.new_units]
    if len(set(codes)) < len(codes):
        raise NotReady("Hai đơn vị mới mang cùng một mã; mỗi mã chỉ của một đơn vị.")
    for new in draft.new_units:
        if not new.code or not new.name:
            raise NotReady("Mỗi đơn vị mới cần có mã và tên.")
        if fault := fault_in_name(new.name):
            raise NotReady(f"Tên đơn vị mới {fault}.")
    if kind.is_one_to_one:
        _require_change(kind, before[0], draft.new_units[0])


def _twice(units: Iterable[Unit]) -> Unit | None:
    seen: set[uuid.UUID] = set()
    for unit in units:
        if unit.pk in seen:
            return unit
        seen.add(unit.pk)
    return None


def _require_change(kind: ReorganisationKind, old: Unit, new: NewUnit) -> None:
    """What the kind says has changed is what changes, so that nothing else slips in with it."""
    same_name = canonical_key(new.stored_name) == canonical_key(old.short_name)
    same_kind, same_province = new.kind == old.kind, new.province.pk == old.province_id
    if kind == ReorganisationKind.RENAME:
        if same_name:
            raise NotReady("Đổi tên thì tên mới phải khác tên cũ.")
        if not (same_kind and same_province):
            raise NotReady("Đổi tên không đổi loại và tỉnh của đơn vị; hãy chọn hình thức khác.")
    elif kind == ReorganisationKind.KIND_CHANGE:
        if same_kind:
            raise NotReady("Đổi loại thì loại mới phải khác loại cũ.")
        if not same_province:
            raise NotReady("Đổi loại không đổi tỉnh của đơn vị; hãy chọn hình thức khác.")
    elif same_province:
        raise NotReady("Chuyển tỉnh thì tỉnh mới phải khác tỉnh cũ.")


def require_day(draft: Draft, today: date) -> None:
    """A day that can be, by a document that is named.

    Raises:
        NotReady: a day long past or far ahead, or no document.
    """
    on = draft.on
    last = _years_after(today, YEARS_AHEAD)
    if on.year < FIRST_YEAR or on > last:
        raise NotReady(f"Ngày hiệu lực phải trong khoảng từ năm {FIRST_YEAR} đến {last:%d/%m/%Y}.")
    if not draft.number.strip():
        raise NotReady("Cần nêu số, ký hiệu văn bản quyết định việc sắp xếp.")
    told = {"Số, ký hiệu": draft.number, "Cơ quan ban hành": draft.issuer, "Trích yếu": draft.title}
    for label, text in told.items():
        if fault := hidden_character(text):
            raise NotReady(f"{label} của văn bản {fault}.")
    if draft.issued_on is not None and draft.issued_on > today:
        raise NotReady("Ngày ban hành văn bản không được ở sau ngày hôm nay.")


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def require_possible(draft: Draft) -> None:
    """The units as they are allow it; the draft holds them fresh from the database.

    Raises:
        NotReady: a unit is not in force, was reorganised already, a code or name is taken, or
            somebody would become their own predecessor.
    """
    for unit in draft.predecessors:
        _require_predecessor(unit, draft)
    for unit in draft.successors:
        _require_successor(unit, draft)
    for new in draft.new_units:
        _require_free(new, draft)
    _require_no_circle(draft)


def _require_predecessor(unit: Unit, draft: Draft) -> None:
    name, on = unit.heading_name, draft.on
    if unit.valid_from is not None and unit.valid_from >= on:
        raise NotReady(
            f"{name} chỉ có từ {unit.valid_from:%d/%m/%Y}; ngày sắp xếp phải sau ngày đó."
        )
    others = Reorganisation.objects.filter(successions__predecessor=unit).order_by("-on")
    latest = others.select_related("document").first()
    if latest is not None and (unit.valid_to is not None or latest.on >= on):
        raise NotReady(
            f"{name} đã được sắp xếp từ {latest.on:%d/%m/%Y} theo {latest.document}; "
            "một đơn vị không được sắp xếp hai lần."
        )
    if unit.valid_to is not None and unit.valid_to < draft.eve:
        raise NotReady(
            f"{name} hết hiệu lực sau ngày {unit.valid_to:%d/%m/%Y}, "
            f"không còn vào ngày {draft.eve:%d/%m/%Y}."
        )
    if unit.valid_to is not None and unit.valid_to != draft.eve:
        raise NotReady(
            f"{name} đã được ghi kết thúc ngày {unit.valid_to:%d/%m/%Y}; "
            "ngày sắp xếp phải là ngày liền sau."
        )
    later = unit.origins.filter(reorganisation__on__gte=on)
    if not draft.keeps_predecessor and later.exists():
        raise NotReady(
            f"{name} tiếp nhận đơn vị khác vào hoặc sau ngày {on:%d/%m/%Y} nên không thể "
            "kết thúc trước đó."
        )


def _require_successor(unit: Unit, draft: Draft) -> None:
    name, on = unit.heading_name, draft.on
    if unit.valid_from is not None and unit.valid_from > on:
        raise NotReady(
            f"{name} chỉ có từ {unit.valid_from:%d/%m/%Y}, sau ngày sắp xếp; "
            "đơn vị sau không thể có muộn hơn."
        )
    if unit.valid_to is not None and unit.valid_to < on:
        raise NotReady(
            f"{name} hết hiệu lực sau ngày {unit.valid_to:%d/%m/%Y}, trước ngày sắp xếp, "
            "nên không thể kế thừa."
        )


def _require_free(new: NewUnit, draft: Draft) -> None:
    """No other unit bears the code, or the name in this province, from the day on."""
    if not _lasts(new.province, draft.on):
        raise NotReady(
            f"{new.label}: tỉnh {new.province.name} không có hiệu lực lâu dài từ "
            f"{draft.on:%d/%m/%Y}; hãy chọn tỉnh khác."
        )
    ending = [] if draft.keeps_predecessor else [unit.pk for unit in draft.predecessors]
    others = (
        Unit.objects.exclude(pk__in=ending)
        .exclude(valid_to__lt=draft.on)
        .with_places()
        .order_by("valid_from", "pk")
    )
    bearer = others.filter(code=new.code).first()
    if bearer is not None:
        raise NotReady(
            f"Mã {new.code} của {new.label} đang là mã của {bearer.full_name}; hãy kiểm tra lại mã."
        )
    key = canonical_key(new.stored_name)
    # Lists write names with their kind or without it.
    bare = key.removeprefix(f"{canonical_key(UnitKind(new.kind).label)} ")
    namesake = others.filter(
        province=new.province,
        district=district_of(draft, new),
        kind=new.kind,
        canonical_key__in={key, bare},
    ).first()
    if namesake is not None:
        raise NotReady(
            f"{new.label} trùng tên với đơn vị mã {namesake.code} cùng địa bàn; "
            "tên chỉ khác cách bỏ dấu cũng là một tên."
        )


def _lasts(place: Province | District, day: date) -> bool:
    return (place.valid_from is None or place.valid_from <= day) and place.valid_to is None


def district_of(draft: Draft, new: NewUnit) -> District | None:
    """The district of old goes on where all predecessors had it and it is still there."""
    districts = {unit.district_id for unit in draft.predecessors}
    district = draft.predecessors[0].district
    if len(districts) > 1 or district is None or not _lasts(district, draft.on):
        return None
    return district if district.province_id == new.province.pk else None


def _require_no_circle(draft: Draft) -> None:
    heirs: Heirs[uuid.UUID] = Heirs()
    for old, new in Succession.objects.values_list("predecessor", "successor"):
        heirs.add(old, new)
    for after in draft.successors:
        for before in draft.predecessors:
            if heirs.leads(after.pk, before.pk):
                raise NotReady(
                    f"{before.heading_name} từng được tách ra từ {after.full_name}, nhập trở lại "
                    "là vòng kế thừa; hãy ghi đơn vị tiếp nhận như một đơn vị mới."
                )
