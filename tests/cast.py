"""The cast of the tests, named once: who they are, where they serve, and what they do."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Role, User
from assessments.actions import answering, evidence, opening, recognising, reviewing, submitting
from assessments.models import Assessment
from assessments.outcome import AnswerValue
from assessments.uploads import PDF as PDF_TYPE
from assessments.uploads import CheckedUpload
from criteria.models import (
    CriteriaSet,
    Criterion,
    Group,
    Indicator,
    Measure,
    Programme,
    Round,
    Target,
)
from criteria.scale import IndicatorKind
from wards.models import Agency, District, LegalDocument, Posting, Province, Unit
from wards.postings import attach_scope

PASSWORD = "Mật khẩu dài 2023 của thử nghiệm"
DAY = date(2023, 11, 10)
NOW = datetime(2023, 11, 10, 9, 0, tzinfo=timezone.get_default_timezone())
# Pages ask the real clock, which is years past 2023; a file is handed in as long as this lasts.
FAR_DEADLINE = datetime(2099, 11, 14, 23, 59, 59, tzinfo=timezone.get_default_timezone())

# The smallest PDF that opens: one empty page.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)


def upload(name: str = "quyet-dinh.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def checked(name: str, content: bytes) -> CheckedUpload:
    """A PDF that passed; checking itself takes a process and has tests of its own."""
    return CheckedUpload(name, content, PDF_TYPE, hashlib.sha256(content).hexdigest())


def person(username: str, full_name: str, role: Role, **place: Any) -> User:
    """A person with one posting since 2020."""
    user = User.objects.create_user(
        username=username, password=PASSWORD, full_name=full_name, email=f"{username}@example.vn"
    )
    Posting.objects.create(user=user, role=role, starts=date(2020, 1, 1), **place)
    return attach_scope(user, DAY)


@dataclass
class Places:
    """Two wards of one province, one ward of another."""

    province: Province
    elsewhere: Province
    city: District
    ward: Unit
    other_ward: Unit
    far_ward: Unit
    agency: Agency


@dataclass
class People:
    """Everyone who plays a part."""

    commander: User
    """Lan commands the ward's station."""
    officer: User
    """Minh is her officer."""
    other_commander: User
    """Hùng commands the other ward's station."""
    reviewer: User
    """Thảo reviews for the province."""
    second_reviewer: User
    """Bình reviews for the province, too."""
    coordinator: User
    """Dũng owns the programme in the province."""
    leader: User
    """Quang leads the province's police."""
    far_reviewer: User
    """Phúc reviews in another province."""
    ministry_viewer: User
    """Hạnh follows the programme at the Ministry."""
    rapporteur: User
    """Yến reports for the Department of Finance."""
    administrator: User
    """Sơn keeps the system."""


def make_places() -> Places:
    """Province Trà Vinh with Phường 1 and Phường 2 of its city; Phường 1 of Bến Tre elsewhere."""
    province = Province.objects.create(code="84", name="Trà Vinh", kind="province")
    elsewhere = Province.objects.create(code="83", name="Bến Tre", kind="province")
    city = District.objects.create(code="842", name="Trà Vinh", kind="city", province=province)
    return Places(
        province=province,
        elsewhere=elsewhere,
        city=city,
        ward=Unit.objects.create(
            code="29239", name="Phường 1", kind="ward", province=province, district=city
        ),
        other_ward=Unit.objects.create(
            code="29245", name="Phường 2", kind="ward", province=province, district=city
        ),
        far_ward=Unit.objects.create(
            code="28759", name="Phường 1", kind="ward", province=elsewhere
        ),
        agency=Agency.objects.create(code="so-tai-chinh", name="Sở Tài chính", province=province),
    )


def make_people(places: Places) -> People:
    """One person for every role, and the second ones that conflicts need."""
    return People(
        commander=person("lan", "Nguyễn Thị Lan", Role.COMMANDER, unit=places.ward),
        officer=person("minh", "Trần Văn Minh", Role.OFFICER, unit=places.ward),
        other_commander=person("hung", "Lê Mạnh Hùng", Role.COMMANDER, unit=places.other_ward),
        reviewer=person("thao", "Phạm Phương Thảo", Role.REVIEWER, province=places.province),
        second_reviewer=person("binh", "Võ Thanh Bình", Role.REVIEWER, province=places.province),
        coordinator=person("dung", "Đặng Tiến Dũng", Role.COORDINATOR, province=places.province),
        leader=person("quang", "Bùi Minh Quang", Role.LEADER, province=places.province),
        far_reviewer=person("phuc", "Hồ Hoàng Phúc", Role.REVIEWER, province=places.elsewhere),
        ministry_viewer=person("hanh", "Đỗ Mỹ Hạnh", Role.MINISTRY_VIEWER),
        rapporteur=person("yen", "Dương Hải Yến", Role.RAPPORTEUR, agency=places.agency),
        administrator=person("son", "Ngô Thái Sơn", Role.SYSTEM_ADMINISTRATOR),
    )


def make_criteria_set(code: str = "TC-3") -> CriteriaSet:
    """Three criteria in two groups with one indicator of every kind; published."""
    document = LegalDocument.objects.create(
        code=f"QD-{code}", number="5764/QĐ-BCA-V05", issued_on=date(2021, 7, 13)
    )
    found = CriteriaSet.objects.create(code=code, name="Bộ tiêu chí thử", document=document)
    groups = [
        Group.objects.create(criteria_set=found, code=str(n), name=name, position=n)
        for n, name in ((1, "Xây dựng Đảng"), (2, "Trật tự"))
    ]

    def criterion(position: int, group: Group, title: str, **more: Any) -> Criterion:
        return Criterion.objects.create(
            criteria_set=found,
            group=group,
            code=f"C{position:02d}",
            title=title,
            position=position,
            **more,
        )

    def indicator(on: Criterion, code: str, kind: IndicatorKind, **more: Any) -> Indicator:
        position = int(code[0]) * 10 + ord(code[1])
        return Indicator.objects.create(
            criterion=on, code=code, title=f"Chỉ số {code}", kind=kind, position=position, **more
        )

    first = criterion(1, groups[0], "Chi bộ xếp loại", owner="Đảng ủy phường", ward_alone=False)
    indicator(
        first,
        "1a",
        IndicatorKind.TITLE,
        scale_code="party-rating",
        at_least_level="excellent",
    )
    second = criterion(2, groups[1], "Trực ban, cháy nổ")
    indicator(second, "2a", IndicatorKind.YES_NO)
    indicator(
        second,
        "2b",
        IndicatorKind.COUNT,
        at_most=0,
        unit_label="vụ",
        exemptible=True,
    )
    third = criterion(3, groups[1], "Tin báo, tố giác")
    indicator(third, "3a", IndicatorKind.RATIO, at_least=100, no_case_possible=True)
    found.published_at = NOW
    found.save()
    return found


def make_programme(places: Places, criteria_set: CriteriaSet) -> Programme:
    """Two wards, 2023: one of two, then one more; inputs before 15/11."""
    document = LegalDocument.objects.create(
        code="QD-1578", number="1578/QĐ-UBND", issued_on=date(2023, 10, 20)
    )
    programme = Programme.objects.create(
        code="tra-vinh-2023",
        name="Đề án Công an phường kiểu mẫu",
        document=document,
        province=places.province,
        unit_kinds=["ward"],
        starts=2023,
        ends=2030,
        criteria_set=criteria_set,
        inputs_due="11-15",
    )
    programme.roster.set([places.ward, places.other_ward])
    Target.objects.create(
        programme=programme, by=date(2023, 12, 31), measure=Measure.LEVEL, value=1, position=1
    )
    Target.objects.create(
        programme=programme,
        by=date(2024, 12, 31),
        measure=Measure.ADDITIONAL,
        value=1,
        position=2,
    )
    return programme


def open_2023(programme: Programme, deadline: datetime = FAR_DEADLINE) -> Round:
    """The round of 2023, opened by command and kept open for handing in."""
    return opening.open_round(programme, 2023, by=None, now=NOW, deadline=deadline)


def values(criterion: Criterion, *, met: bool = True) -> dict[int, AnswerValue]:
    """Answers to all indicators of a criterion: all met, or all failing."""
    level = "excellent" if met else "good"
    by_kind = {
        IndicatorKind.TITLE: AnswerValue(level=level),
        IndicatorKind.YES_NO: AnswerValue(yes=met),
        IndicatorKind.COUNT: AnswerValue(number=Decimal(0 if met else 2)),
        IndicatorKind.RATIO: AnswerValue(
            numerator=Decimal(10 if met else 9), denominator=Decimal(10)
        ),
    }
    return {one.pk: by_kind[IndicatorKind(one.kind)] for one in criterion.indicators.all()}


def answer(
    assessment: Assessment,
    code: str,
    *,
    by: User,
    met: bool = True,
    now: datetime = NOW,
    note: str = "",
) -> None:
    """Answer one criterion from whatever version it has."""
    criterion = assessment.round.criteria_set.criteria.get(code=code)
    assessment.refresh_from_db()
    answering.save_criterion(
        assessment,
        criterion,
        values(criterion, met=met),
        note=note,
        version=assessment.results.get(criterion=criterion).version,
        by=by,
        now=now,
    )
    assessment.refresh_from_db()


def answer_all(
    assessment: Assessment, *, by: User, failing: tuple[str, ...] = (), now: datetime = NOW
) -> None:
    """Answer every criterion and attach a file to each that is met."""
    for criterion in assessment.round.criteria_set.criteria.all():
        met = criterion.code not in failing
        answer(assessment, criterion.code, by=by, met=met, now=now)
        if met:
            unlike = PDF + f"% {assessment.unit.code} {criterion.code}\n".encode()
            evidence.attach_file(
                assessment,
                criterion,
                checked(f"{criterion.code}.pdf", unlike),
                by=by,
                now=now,
            )


def accept_all(assessment: Assessment, *, by: User, now: datetime = NOW) -> None:
    """Claim the file and accept every criterion that has no verdict yet."""
    reviewing.claim(assessment, by=by, now=now)
    accept_rest(assessment, by=by, now=now)


def accept_rest(assessment: Assessment, *, by: User, now: datetime = NOW) -> None:
    """Accept every criterion of a claimed file that has no verdict yet."""
    submission = assessment.submissions.order_by("-number")[0]
    done = set(submission.verdicts.values_list("criterion_id", flat=True))
    for criterion in assessment.round.criteria_set.criteria.all():
        if criterion.pk not in done:
            reviewing.save_verdict(
                assessment, criterion, decision="accept", comment="", version=0, by=by, now=now
            )


def recognise(assessment: Assessment, people: People, now: datetime = NOW) -> None:
    """Take a file in which everything is met all the way to recognition."""
    answer_all(assessment, by=people.commander, now=now)
    submitting.submit(assessment, by=people.commander, now=now)
    accept_all(assessment, by=people.reviewer, now=now)
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=now)
    recognising.propose(assessment, by=people.coordinator, now=now)
    recognising.recognise(
        assessment,
        number="99/QĐ-BCA",
        decided_on=timezone.localdate(now),
        issuer="Bộ Công an",
        by=people.coordinator,
        now=now,
    )


@contextmanager
def handed_back(files: QuerySet[Assessment]) -> Iterator[None]:
    """Let a test write what the database refuses for submitted files, then restore them."""
    before = dict(files.values_list("pk", "status"))
    Assessment.objects.filter(pk__in=before).update(status="in_progress")
    yield
    for pk, status in before.items():
        Assessment.objects.filter(pk=pk).update(status=status)


@contextmanager
def unfrozen() -> Iterator[None]:
    """Let a test write what the database refuses for published sets; then the wall is back."""
    guards = import_module("criteria.migrations.0002_guards")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            tables = (*guards.OWNER, guards.SET_TABLE)
            # Checks left for the end of the transaction stand in the way of changing a table.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_frozen")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_frozen")
            return
        triggers = guards.sqlite_triggers()
        for name in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for statement in triggers.values():
            cursor.execute(statement)
