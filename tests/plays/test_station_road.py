"""A commander new to the portal completes and submits the 22 real criteria in one sitting."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import expect

from accounts.models import Role
from assessments.models import Assessment
from criteria.models import Programme
from reports.management.commands.demo_data import PACKS
from tests import cast
from tests.plays.acting import (
    Fingers,
    Hands,
    Keys,
    answer,
    attach,
    changes_page,
    hand_in,
    paper,
    sign_in,
)
from tests.plays.conftest import Stage
from wards.models import Unit

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]

NEXT = "button[name=action][value=next]"


@pytest.fixture
def file(transactional_db: Any) -> Assessment:
    """The file of Phường 4, Trà Vinh, in the real programme; Lan commands its station."""
    call_command("load_pack", *[str(Path(settings.BASE_DIR) / pack) for pack in PACKS], verbosity=0)
    ward = Unit.objects.existing_on(cast.DAY).with_places().get(code="29236")
    cast.person("lan", "Nguyễn Thị Lan", Role.COMMANDER, unit=ward)
    round_ = cast.open_2023(Programme.objects.get(code="tra-vinh-2023"))
    return Assessment.objects.get(round=round_, unit=ward)


@pytest.mark.parametrize("kind", [Fingers, Keys], ids=["phone", "keys"])
def test_twenty_two_criteria_in_one_sitting(
    stage: Stage, file: Assessment, tmp_path: Path, kind: type[Hands]
) -> None:
    page = stage.open(**kind.arguments)
    hands = kind(page)
    sign_in(hands, "lan")
    # Home and the file each offer the next thing to do.
    for _ in ("home", "file"):
        changes_page(page, lambda: hands.press("main a.btn-primary >> nth=0"))
    criteria = list(file.round.criteria_set.criteria.with_indicators().order_by("position"))
    assert len(criteria) == 22
    for criterion in criteria:
        expect(page.locator("h1")).to_contain_text(f"{criterion.code}. {criterion.title}")
        answer(hands, criterion)
        attach(hands, paper(tmp_path, f"tai-lieu-{criterion.code}.pdf"))
        changes_page(page, lambda: hands.press(NEXT))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.locator("main")).to_contain_text("Tất cả tiêu chí đã có kết quả")
    receipt = hand_in(hands)
    submission = file.submissions.get()
    assert (submission.receipt, submission.met, submission.of) == (receipt, 22, 22)
    assert file.attachments.values("criterion").distinct().count() == 22
