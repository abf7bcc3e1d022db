"""Coordinators of the drafts: Dũng of Trà Vinh, and Mai of the province elsewhere."""

import pytest

from accounts.models import Role, User
from criteria.actions import drafting
from criteria.models import CriteriaSet
from tests import cast


@pytest.fixture
def mai(people: cast.People, places: cast.Places) -> User:
    return cast.person("mai", "Lý Thị Mai", Role.COORDINATOR, province=places.elsewhere)


@pytest.fixture
def draft(criteria_set: CriteriaSet, people: cast.People) -> CriteriaSet:
    """Dũng's copy of the published set; it is to replace it."""
    return drafting.create(
        code="TC-MOI",
        name="Bộ tiêu chí sửa đổi",
        province=None,
        source=criteria_set,
        by=people.coordinator,
        now=cast.NOW,
    )
