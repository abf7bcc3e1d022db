"""Who may draft and publish which criteria set."""

from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from criteria.models import CriteriaSet
from wards.models import Province

NOT_YOUR_SET = "Chỉ cán bộ tổng hợp của tỉnh có bộ tiêu chí này được soạn và công bố bộ tiêu chí."
ONLY_COORDINATORS = "Chỉ cán bộ tổng hợp cấp tỉnh được soạn bộ tiêu chí."
PUBLISHED = (
    "Bộ tiêu chí đã công bố nên không sửa được. Muốn thay đổi, hãy lập phiên bản mới từ bộ này."
)


def may_draft(user: User, province: Province | None) -> bool:
    """A set of the whole country is any coordinator's to draft, a province's own set is its own."""
    if province is None:
        return Role.COORDINATOR in user.scope.roles
    return user.scope.serves(Role.COORDINATOR, province.pk)


def require_drafter(user: User, province: Province | None) -> None:
    """May draft sets of this province (None: of the whole country).

    Raises:
        NotAllowed: not a coordinator, or one of another province.
    """
    if not may_draft(user, province):
        raise NotAllowed(NOT_YOUR_SET if province else ONLY_COORDINATORS)


def require_draft(criteria_set: CriteriaSet) -> None:
    """Not published yet.

    Raises:
        NotReady: published.
    """
    if criteria_set.is_published:
        raise NotReady(PUBLISHED)
