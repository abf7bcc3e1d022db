"""Makes the country: first the ground, then one transaction for each province."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from assessments.deriving.days import VIETNAM
from criteria.models import Programme
from reports.country.criteria import create_set
from reports.country.files import Clerk
from reports.country.ground import (
    PROGRAMME,
    create_document,
    create_places,
    create_programme,
    create_rounds,
)
from reports.country.people import Recruiter
from reports.country.places import draw_map
from reports.country.scale import EARLY_SIZE, LATE_SIZE, Scale, rounds_of
from reports.country.story import region_stories
from wards.models import Unit

NOT_HERE = (
    "Chỉ tạo dữ liệu mẫu khi DEBUG bật hoặc khi cơ sở dữ liệu chưa có chương trình, đơn vị, "
    "người dùng nào. Chưa ghi gì."
)
MADE_ALREADY = (
    "Cơ sở dữ liệu này đã có chương trình mẫu toàn quốc; hãy dùng một cơ sở dữ liệu trống. "
    "Chưa ghi gì."
)


class Refused(Exception):
    """The database is not one to fill with samples; says why in one sentence."""


def require_room() -> None:
    """The database is of a developer, or has nothing in it that samples could be taken for.

    Raises:
        Refused: it is in use, or the country is there already.
    """
    in_use = any(model.objects.exists() for model in (Programme, Unit, User))
    if in_use and not settings.DEBUG:
        raise Refused(NOT_HERE)
    if Programme.objects.filter(code=PROGRAMME).exists():
        raise Refused(MADE_ALREADY)


def make_country(scale: Scale, *, say: Callable[[str], None]) -> int:
    """Everything of this scale, told line by line; returns how many files there are.

    Raises:
        OutOfScale: the scale cannot be made.
        Refused: the database is not one to fill with samples.
    """
    scale.check()
    require_room()
    rounds = rounds_of(scale)
    regions = draw_map(scale, rounds)
    since = rounds[0].opened.date() - timedelta(days=60)
    approved = datetime.combine(since, time(8), tzinfo=VIETNAM)
    with transaction.atomic():
        document = create_document("MAU-CT", "01/QĐ-MẪU", since, "Phê duyệt chương trình mẫu")
        sets = {size: create_set(size, document, now=approved) for size in (EARLY_SIZE, LATE_SIZE)}
        programme = create_programme(document, sets[rounds[-1].size], rounds)
        opened = create_rounds(scale.seed, programme, rounds, sets)
        recruiter = Recruiter(since)
        recruiter.viewer()
    total = 0
    for number, region in enumerate(regions, start=1):
        with transaction.atomic():
            province, units = create_places(scale.seed, region)
            clerk = Clerk(scale.seed, province, recruiter.staff(province, units), opened, sets)
            stories = region_stories(scale, region, rounds)
            files = clerk.write((unit, stories[unit.code]) for unit in units)
        total += files
        say(f"{number}/{len(regions)} {region.name}: {len(units)} đơn vị, {files} phiếu")
    return total
