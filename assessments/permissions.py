"""May this person do this to this assessment? Each refusal is one sentence."""

from django.db.models import Exists

from accounts.access import NotAllowed
from accounts.models import Role, User
from assessments.models import Assessment, CriterionResult, Submission
from assessments.workflow import Move
from criteria.models import Round
from wards.models import Unit

NOT_YOUR_STATION = "Đồng chí không thuộc Công an phường này."
ONLY_COMMANDER = "Chỉ Trưởng Công an phường được nộp hoặc rút phiếu."
NOT_YOUR_PROVINCE = "Đồng chí không được phân công ở Công an tỉnh phụ trách đơn vị này."
OWN_FILE = "Đồng chí không tự thẩm định phiếu của mình."
NOT_YOUR_ROUND = "Chỉ cán bộ tổng hợp phụ trách kỳ này được thực hiện thao tác này."
NOT_YOUR_REVIEW = "Phiếu này do cán bộ khác nhận thẩm định."
ONLY_PLANNERS = (
    "Chỉ Công an phường và cán bộ tổng hợp của tỉnh được lập, sửa việc khắc phục của đơn vị này."
)

ONLY_INSPECTORS = (
    "Chỉ cán bộ tổng hợp và cán bộ thẩm định của tỉnh được lập, sửa cuộc kiểm tra ở đơn vị này."
)


def require_station(assessment: Assessment, user: User) -> None:
    """Posted at the station of this assessment.

    Raises:
        NotAllowed: posted elsewhere.
    """
    if assessment.unit_id not in user.scope.units:
        raise NotAllowed(NOT_YOUR_STATION)


def require_commander(assessment: Assessment, user: User) -> None:
    """Commander of this station.

    Raises:
        NotAllowed: an officer, or somebody of another station.
    """
    require_station(assessment, user)
    if assessment.unit_id not in user.scope.commands:
        raise NotAllowed(ONLY_COMMANDER)


def require_province(assessment: Assessment, user: User, role: Role) -> None:
    """In this role in the province of the unit.

    Raises:
        NotAllowed: another role, or another province.
    """
    if not user.scope.serves(role, assessment.unit.province_id):
        raise NotAllowed(NOT_YOUR_PROVINCE)


def require_impartial(assessment: Assessment, user: User) -> None:
    """Has no part in the file to be reviewed.

    Raises:
        NotAllowed: posted at the station, or wrote or handed in part of the file.
    """
    wrote = CriterionResult.objects.filter(assessment=assessment, updated_by=user)
    handed_in = Submission.objects.filter(assessment=assessment, submitted_by=user)
    took_part = Assessment.objects.filter(Exists(wrote) | Exists(handed_in), pk=assessment.pk)
    if assessment.unit_id in user.scope.units or took_part.exists():
        raise NotAllowed(OWN_FILE)


def require_reviewer_in_charge(assessment: Assessment, user: User) -> None:
    """The reviewer who claimed the file, with no part in it.

    Raises:
        NotAllowed: anyone else.
    """
    require_province(assessment, user, Role.REVIEWER)
    require_impartial(assessment, user)
    if assessment.reviewer_id != user.pk:
        raise NotAllowed(NOT_YOUR_REVIEW)


def require_move(assessment: Assessment, user: User, move: Move) -> None:
    """One of the roles that may make this move, at the right place.

    Raises:
        NotAllowed: none of the person's postings allows it.
    """
    if move.roles <= {Role.COMMANDER, Role.OFFICER}:
        if Role.OFFICER in move.roles:
            require_station(assessment, user)
        else:
            require_commander(assessment, user)
        return
    if assessment.unit.province_id not in user.scope.provinces_as(*move.roles):
        raise NotAllowed(NOT_YOUR_PROVINCE)


def require_planner(assessment: Assessment, user: User) -> None:
    """Someone of this station, or a coordinator of its province.

    Raises:
        NotAllowed: anyone else.
    """
    if not plans_for(assessment.unit, user):
        raise NotAllowed(ONLY_PLANNERS)


def plans_for(unit: Unit, user: User) -> bool:
    """Whether the person writes the unit's improvement plan."""
    return unit.pk in user.scope.units or user.scope.serves(Role.COORDINATOR, unit.province_id)


def inspects(unit: Unit, user: User) -> bool:
    """Whether the person coordinates or reviews for the unit's province."""
    return unit.province_id in user.scope.provinces_as(Role.COORDINATOR, Role.REVIEWER)


def require_inspector(unit: Unit, user: User) -> None:
    """A coordinator or a reviewer of the unit's province.

    Raises:
        NotAllowed: anyone else.
    """
    if not inspects(unit, user):
        raise NotAllowed(ONLY_INSPECTORS)


def takes_care_of(round_: Round, user: User, *roles: Role) -> bool:
    """Whether the person looks after the round in one of these roles: every file is theirs."""
    provinces = user.scope.provinces_as(*roles)
    if not provinces:
        return False
    if round_.programme.province_id is not None:
        return round_.programme.province_id in provinces
    # A national round belongs to whoever has all of its units.
    outside = Assessment.objects.filter(round=round_).exclude(unit__province_id__in=provinces)
    return not outside.exists()


def require_care_of(round_: Round, user: User, *roles: Role) -> None:
    """Looks after the round in one of these roles.

    Raises:
        NotAllowed: another role, or another province.
    """
    if not takes_care_of(round_, user, *roles):
        raise NotAllowed(NOT_YOUR_ROUND)
