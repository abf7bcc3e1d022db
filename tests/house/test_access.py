"""Every URL × every role × own, other and missing object (RELIABILITY AC-01 … AC-07).

The table is enumerated from the URL resolver: a new URL without a declared access rule, or with a
kind of object that this file cannot make, fails.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.access import Access
from accounts.models import Notice, Role, User
from assessments.actions import submitting
from assessments.models import (
    Appeal,
    Assessment,
    Commendation,
    DutyReport,
    Inspection,
    InspectionFinding,
    Recognition,
    Registration,
    Remedy,
    RemedyOwner,
    SecondReview,
    SelectedUnit,
    Selection,
    WorkbookImport,
)
from criteria.models import CriteriaSet, Criterion, Duty, Group, Round
from reports.models import AnnualReport, Scenario, ScenarioPlace
from reports.rollup.scenario import weigh
from reports.rollup.scenario_ground import load_ground
from tests import cast
from wards.models import Agency, ApiToken, Reorganisation, Unit


@dataclass(frozen=True)
class Address:
    """One address: its name, the names of its arguments, and the rule declared at its view."""

    name: str
    arguments: tuple[str, ...]
    access: Access | None


def addresses() -> Iterator[Address]:
    """Every address of the resolver, nested includes too."""

    def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[Address]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            else:
                yield Address(
                    pattern.name or str(pattern.pattern),
                    tuple(pattern.pattern.regex.groupindex),
                    getattr(pattern.callback, "access", None),
                )

    yield from walk(get_resolver().url_patterns)


ADDRESSES = list(addresses())
GUARDED = [
    one
    for one in ADDRESSES
    if one.access and not one.access.public and not one.access.token and one.name != "healthz"
]
BY_NAME = {one.name: one for one in ADDRESSES}


@dataclass
class World:
    """Arguments for every address: things of Lan's ward, and the same things far away."""

    own: dict[str, Any]
    far: dict[str, Any]


ROUNDS = {
    "round",
    "extend_deadline",
    "close_round",
    "ask_to_unlock",
    "confirm_unlock",
    "withdraw_unlock_request",
}
RECOGNITIONS = {"recognition", "revoke", "correct_term"}
INSPECTIONS = {
    "inspection",
    "inspection_edit",
    "inspection_cancel",
    "inspection_result",
    "finding_remedy",
}
SCENARIOS = {"scenario", "scenario_withdraw", "scenario_workbook"}
REPORTS = {"report", "report_progress", "report_file", "report_again", "issue_report"}


def kind_of(address: Address, argument: str) -> str:
    """Which object an argument names; a new kind must be added here."""
    if argument == "pk":
        if address.name in REPORTS:
            return "report"
        return {
            "unit": "unit",
            "unit_workbook": "unit",
            "unit_history": "unit",
            "inheritance": "unit",
            "reorganisation": "reorganisation",
            "evidence_file": "evidence",
            "evidence_page": "evidence",
            "evidence_preview": "evidence",
            "evidence_picture": "evidence",
            "notice": "notice",
            "mail_again": "mail",
            "api_token_revoke": "api_token",
            "selection": "selection",
            "decide_selection": "selection",
            **dict.fromkeys(SCENARIOS, "scenario"),
            "own_registration": "unit",
            "appeal": "appeal",
            "appeal_decide": "appeal",
            "second_review": "second_review",
            "duty_handed_in": "duty_report",
            **dict.fromkeys(RECOGNITIONS, "recognition"),
            "remove_commendation": "commendation",
            **dict.fromkeys(ROUNDS, "round"),
            **dict.fromkeys(INSPECTIONS, "inspection"),
        }.get(address.name, "assessment")
    if argument == "code":
        if address.name in {"criteria_set", "criteria_comparison"}:
            return "criteria_set"
        if address.name.startswith("criteria_"):
            return "draft"
        if address.name == "province":
            return "province"
        return "criterion" if "pk" in address.arguments else "programme"
    return {
        "part": "part",
        "part_pk": "part_pk",
        "attachment_pk": "attachment",
        "import_pk": "import",
        "remedy_pk": "remedy",
        "recognition_pk": "recognition",
        "finding_pk": "finding",
        "number": "number",
        "year": "year",
        "programme": "programme",
        "registration_pk": "registration",
        "agency": "agency",
        "block": "block",
    }[argument]


def things_of(assessment: Assessment, report: AnnualReport) -> dict[str, Any]:
    """What addresses can name, for one file and its report."""
    attachment = assessment.attachments.first()
    duty_report = a_duty_report(assessment)
    notice = Notice.objects.filter(path__contains=str(assessment.pk)).first()
    mail = Notice.objects.order_by("pk").first()
    criterion = assessment.round.criteria_set.criteria.first()
    assert attachment is not None
    assert criterion is not None
    assert notice is not None
    assert mail is not None
    return {
        "notice": notice.pk,
        # The system administrator keeps the mails of all provinces.
        "mail": mail.pk,
        "api_token": a_token(duty_report.agency).pk,
        "assessment": assessment.pk,
        "criterion": criterion.code,
        "remedy": a_remedy(assessment, criterion).pk,
        **dict(zip(("inspection", "finding"), an_inspection(assessment, criterion), strict=True)),
        "appeal": an_appeal(assessment, criterion).pk,
        "second_review": SecondReview.objects.create(
            submission=assessment.submissions.get(),
            criterion=criterion,
            drawn_at=cast.NOW,
            first_outcome="met",
        ).pk,
        "import": a_workbook(assessment).pk,
        "selection": a_selection(assessment).pk,
        "scenario": a_scenario(assessment).pk,
        "registration": Registration.objects.create(
            programme=assessment.round.programme,
            unit=assessment.unit,
            year=2024,
            source="self",
        ).pk,
        "recognition": a_recognition(assessment).pk,
        "commendation": a_commendation(assessment).pk,
        "attachment": attachment.pk,
        "evidence": attachment.evidence_id,
        "unit": assessment.unit_id,
        "reorganisation": a_reorganisation(assessment).pk,
        "province": assessment.unit.province.code,
        "report": report.pk,
        "programme": assessment.round.programme.code,
        "year": assessment.round.year,
        "round": assessment.round_id,
        "number": 1,
        "block": "tieu-chi",
        "criteria_set": assessment.round.criteria_set.code,
        "draft": (draft := a_draft(assessment)).code,
        "part": "tieu-chi",
        "part_pk": draft.criteria.get().pk,
        "agency": duty_report.agency.code,
        "duty_report": duty_report.pk,
    }


def a_token(agency: Agency) -> ApiToken:
    """The one token there is; the system administrator keeps those of all agencies."""
    return ApiToken.objects.first() or ApiToken.objects.create(
        agency=agency,
        purpose="Kho dữ liệu",
        digest="0" * 64,
        expires_on=date(2023, 12, 31),
        issued_at=cast.NOW,
    )


def a_recognition(assessment: Assessment) -> Recognition:
    """A recognition of the unit, for a year without a round."""
    return Recognition.objects.create(
        programme=assessment.round.programme,
        unit=assessment.unit,
        document=assessment.round.programme.document,
        decided_on=date(2024, 12, 1),
        for_year=2024,
        recorded_at=cast.NOW,
    )


def a_commendation(assessment: Assessment) -> Commendation:
    """A certificate of merit of the unit."""
    return Commendation.objects.create(
        programme=assessment.round.programme,
        unit=assessment.unit,
        form="Bằng khen",
        document=assessment.round.programme.document,
        decided_on=date(2023, 10, 20),
        recorded_at=cast.NOW,
    )


def a_selection(assessment: Assessment) -> Selection:
    """A list for the next year that waits for a leader."""
    found = Selection.objects.create(
        programme=assessment.round.programme,
        province=assessment.unit.province,
        year=2024,
        as_of=date(2023, 11, 10),
        proposed_at=cast.NOW,
        proposed_by=assessment.submissions.get().submitted_by,
    )
    SelectedUnit.objects.create(
        selection=found, unit=assessment.unit, position=1, unmet=0, unmet_alone=0, of=3
    )
    return found


def a_scenario(assessment: Assessment) -> Scenario:
    """A plan of the coming years with the unit in the next one."""
    programme, unit = assessment.round.programme, assessment.unit
    ground = load_ground(programme, unit.province, as_of=cast.DAY)
    found = Scenario.objects.create(
        programme=programme,
        province=unit.province,
        title="Phương án",
        reason="Dồn sức",
        as_of=cast.DAY,
        figures=weigh(ground, {unit.pk: 2024}).as_json(),
        created_at=cast.NOW,
        created_by=assessment.submissions.get().submitted_by,
    )
    ScenarioPlace.objects.create(scenario=found, unit=unit, year=2024)
    return found


def a_draft(assessment: Assessment) -> CriteriaSet:
    """A draft of the province's own set, with one criterion."""
    province = assessment.unit.province
    found = CriteriaSet.objects.create(code=f"NHAP-{province.code}", name="Nháp", province=province)
    group = Group.objects.create(criteria_set=found, code="1", name="Nhóm", position=1)
    Criterion.objects.create(
        criteria_set=found, group=group, code="C01", title="Tiêu chí", position=1
    )
    return found


def a_reorganisation(assessment: Assessment) -> Reorganisation:
    """The unit as it was made of a former one of its province, long ago."""
    unit = assessment.unit
    former = Unit.objects.create(
        code=f"9{unit.code}"[:10],
        name="Phường Cũ",
        kind="ward",
        province=unit.province,
        valid_to=date(2010, 12, 31),
    )
    row = Reorganisation.objects.create(
        on=date(2011, 1, 1), kind="merge", document=assessment.round.programme.document
    )
    row.successions.create(predecessor=former, successor=unit)
    return row


def a_workbook(assessment: Assessment) -> WorkbookImport:
    """A filled workbook that waits for the word of whoever handed the file in."""
    return WorkbookImport.objects.create(
        assessment=assessment,
        original_name="phieu.xlsx",
        sha256="0" * 64,
        plan={"entries": []},
        read_at=cast.NOW,
        read_by=assessment.submissions.get().submitted_by,
    )


def a_remedy(assessment: Assessment, criterion: Criterion) -> Remedy:
    """An act of the file's improvement plan, by whoever handed the file in."""
    by = assessment.submissions.get().submitted_by
    return Remedy.objects.create(
        programme=assessment.round.programme,
        unit=assessment.unit,
        criterion=criterion,
        assessment=assessment,
        action="Lập hồ sơ giao đất",
        owner=RemedyOwner.STATION,
        due_on=date(2024, 6, 30),
        created_at=cast.NOW,
        created_by=by,
        updated_at=cast.NOW,
        updated_by=by,
    )


def a_duty_report(assessment: Assessment) -> DutyReport:
    """What an agency of the unit's province handed in about its duty in the programme."""
    province = assessment.unit.province
    agency = Agency.objects.filter(province=province).first() or Agency.objects.create(
        code=f"so-{province.code}", name="Sở ở xa", province=province
    )
    programme = assessment.round.programme
    Duty.objects.create(programme=programme, agency=agency, text="Bố trí kinh phí", position=1)
    by = assessment.submissions.get().submitted_by
    return DutyReport.objects.create(
        programme=programme,
        agency=agency,
        year=assessment.round.year,
        updated_at=cast.NOW,
        updated_by=by,
        receipt=f"NV2023-{agency.pk}",
        submitted_at=cast.NOW,
        submitted_by=by,
    )


def an_inspection(assessment: Assessment, criterion: Criterion) -> tuple[uuid.UUID, uuid.UUID]:
    """A visit that took place, and what it found."""
    by = assessment.submissions.get().submitted_by
    inspection = Inspection.objects.create(
        programme=assessment.round.programme,
        unit=assessment.unit,
        kind="inspection",
        planned_for=cast.DAY,
        done_on=cast.DAY,
        team="Đoàn kiểm tra",
        conclusion="Còn tồn tại",
        created_at=cast.NOW,
        created_by=by,
        updated_at=cast.NOW,
        updated_by=by,
    )
    finding = InspectionFinding.objects.create(
        inspection=inspection, criterion=criterion, text="Chưa niêm yết lịch trực", position=1
    )
    return inspection.pk, finding.pk


def an_appeal(assessment: Assessment, criterion: Criterion) -> Appeal:
    """A contested verdict of the file."""
    submission = assessment.submissions.get()
    return Appeal.objects.create(
        assessment=assessment,
        submission=submission,
        criterion=criterion,
        text="Đề nghị xem lại",
        filed_at=cast.NOW,
        filed_by=submission.submitted_by,
        first_decision="adjust",
        first_outcome="not_met",
        first_comment="Chưa đủ",
        first_at=cast.NOW,
        first_by=submission.submitted_by,
    )


@pytest.fixture
def world(assessment: Assessment, people: cast.People, places: cast.Places) -> World:
    """Lan's submitted file with its report, and a file and report of another province."""
    cast.answer_all(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    far_commander = cast.person("xa", "Người Ở Xa", Role.COMMANDER, unit=places.far_ward)
    programme = assessment.round.programme
    far_programme = type(programme).objects.create(
        code="ben-tre-2023",
        name="Đề án tỉnh khác",
        document=programme.document,
        province=places.elsewhere,
        unit_kinds=["ward"],
        starts=2023,
        ends=2030,
        criteria_set=cast.make_criteria_set("TC-XA"),
        inputs_due="11-15",
    )
    far_programme.roster.set([places.far_ward])
    far_round: Round = cast.open_2023(far_programme)
    far = Assessment.objects.with_places().get(round=far_round)
    cast.answer_all(far, by=far_commander)
    submitting.submit(far, by=far_commander, now=cast.NOW)
    reports = [
        AnnualReport.objects.create(
            programme=one, year=2023, version=1, as_of=date(2023, 12, 31), requested_at=cast.NOW
        )
        for one in (programme, far_programme)
    ]
    return World(things_of(assessment, reports[0]), things_of(far, reports[1]))


def address_of(address: Address, things: dict[str, Any]) -> str:
    """The URL that names these things."""
    arguments = {name: things[kind_of(address, name)] for name in address.arguments}
    space = "api-v1:" if address.access and address.access.token else ""
    return reverse(f"{space}{address.name}", kwargs=arguments)


def missing(things: dict[str, Any]) -> dict[str, Any]:
    """The same arguments, naming nothing that exists."""

    def nothing(value: Any) -> Any:
        if isinstance(value, uuid.UUID):
            return uuid.uuid4()
        return 999_999 if isinstance(value, int) else "khong-co"

    lost = {name: nothing(value) for name, value in things.items()}
    return {**lost, "year": 1999, "number": 999, "part": "tieu-chi"}


def test_every_address_declares_who_may_call_it() -> None:
    assert [one.name for one in ADDRESSES if one.access is None] == []


def test_every_address_has_a_name_of_its_own() -> None:
    names = [one.name for one in ADDRESSES]
    assert len(names) == len(set(names))


PUBLIC = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "healthz",
    "openapi-json",
    "api-root",
}
BY_TOKEN = {"api_programmes", "api_programme", "api_units", "api_standings", "api_roadmap"}


def test_the_public_addresses_are_these_and_no_others() -> None:
    assert {one.name for one in ADDRESSES if one.access and one.access.public} == PUBLIC


def test_the_addresses_by_token_are_these_and_nobody_signs_in_to_them(
    world: World, people: cast.People
) -> None:
    guarded = [one for one in ADDRESSES if one.access and one.access.token]
    assert {one.name for one in guarded} == BY_TOKEN
    for browser in (Client(), *browsers(cast_by_role(people).values()).values()):
        for address in guarded:
            path = address_of(address, world.own)
            assert (ask(browser, path)[0], ask(browser, path, "post")[0]) == (401, 405)


def cast_by_role(people: cast.People) -> dict[Role, User]:
    return {
        Role.COMMANDER: people.commander,
        Role.OFFICER: people.officer,
        Role.REVIEWER: people.reviewer,
        Role.COORDINATOR: people.coordinator,
        Role.LEADER: people.leader,
        Role.MINISTRY_VIEWER: people.ministry_viewer,
        Role.RAPPORTEUR: people.rapporteur,
        Role.SYSTEM_ADMINISTRATOR: people.administrator,
    }


SHARED = {"criteria_set", "criteria_comparison"}
"""What everyone with a posting may read: the criteria are no secret among those who answer."""


def browsers(people: Iterable[User]) -> dict[str, Client]:
    """A browser for each person, signed in once, by user name."""
    opened = {}
    for user in people:
        opened[user.username] = Client()
        opened[user.username].force_login(user)
    return opened


def ask(client: Client, url: str, method: str = "get") -> tuple[int, bytes]:
    """Status and body; a file is read to its end, which closes it."""
    response = getattr(client, method)(url)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, body


def test_each_role_at_its_own_others_and_missing_objects(
    world: World, people: cast.People, client: Client
) -> None:
    wrong = []
    opened = browsers(cast_by_role(people).values())
    for address in GUARDED:
        assert address.access is not None
        url = address_of(address, world.own)
        far_url = address_of(address, world.far)
        lost_url = address_of(address, missing(world.own))
        if ask(client, url)[0] != 302:
            wrong.append((address.name, "a stranger is not sent to the log-in"))
        for role, user in cast_by_role(people).items():
            browser = opened[user.username]
            if not address.access.admits(frozenset({role})):
                if (ask(browser, url)[0], ask(browser, url, "post")[0]) != (403, 403):
                    wrong.append((address.name, role, "not refused"))
                continue
            status = ask(browser, url)[0]
            if status not in {200, 302, 404, 405, 409}:
                wrong.append((address.name, role, status))
            if not address.arguments or status == 405 or address.name in SHARED:
                continue
            lost = ask(browser, lost_url)
            if lost[0] != 404:
                wrong.append((address.name, role, "missing", lost[0]))
            if role != Role.MINISTRY_VIEWER and ask(browser, far_url) != lost:
                wrong.append((address.name, role, "foreign and missing differ"))
    assert wrong == []


def test_another_stations_commander_finds_nothing_of_this_one(
    world: World, people: cast.People, client: Client
) -> None:
    client.force_login(people.other_commander)
    found = []
    for address in GUARDED:
        kinds = {kind_of(address, name) for name in address.arguments}
        assert address.access is not None
        if kinds & {"assessment", "evidence", "unit", "inspection"} and address.access.admits(
            frozenset({Role.COMMANDER})
        ):
            url = address_of(address, world.own)
            for method in ("get", "post"):
                status = ask(client, url, method)[0]
                if status not in {404, 405}:
                    found.append((address.name, method, status))
    assert found == []


def checksum() -> str:
    """SHA-256 over every row of ours but sessions and the trail of refusals."""
    digest = hashlib.sha256()
    for model in apps.get_models():
        if model._meta.label in {
            "sessions.Session",
            "accounts.AuditEntry",
            "accounts.AuditHead",
            "accounts.User",
        }:
            continue
        rows = serializers.serialize("json", model._default_manager.order_by("pk"))
        digest.update(rows.encode())
    return digest.hexdigest()


WRITES_ANYONE_MAY = {"account_change_password", "account_reauthenticate", "notices_read"}


def test_ac_02_03_07_no_write_by_onlookers_or_from_outside(
    world: World, people: cast.People
) -> None:
    """Writes by onlookers to own things, and by everyone to far ones, change nothing."""
    before = checksum()
    wrong = []
    opened = browsers([*cast_by_role(people).values(), people.far_reviewer])
    onlookers = (people.leader, people.ministry_viewer, people.rapporteur, people.far_reviewer)
    for address in GUARDED:
        if address.name in WRITES_ANYONE_MAY:
            continue
        url = address_of(address, world.own)
        far_url = address_of(address, world.far)
        for user in onlookers:
            for method in ("post", "put", "patch", "delete"):
                if ask(opened[user.username], url, method)[0] >= 500:
                    wrong.append((address.name, user.username, method))
        if far_url == url or address.name in SHARED:
            continue
        for user in cast_by_role(people).values():
            if ask(opened[user.username], far_url, "post")[0] not in {403, 404, 405}:
                wrong.append((address.name, user.username, "post far"))
    assert wrong == []
    assert checksum() == before


def test_au_05_reading_changes_nothing(world: World, people: cast.People, client: Client) -> None:
    before = checksum()
    wrong = []
    opened = browsers(cast_by_role(people).values())
    for address in GUARDED:
        url = address_of(address, world.own)
        for name, browser in opened.items():
            for method in ("get", "head"):
                if ask(browser, url, method)[0] >= 500:
                    wrong.append((address.name, name, method))
    assert wrong == []
    assert checksum() == before


def test_ac_12_a_right_that_ended_is_gone_at_the_next_request(
    assessment: Assessment, people: cast.People, client: Client
) -> None:
    client.force_login(people.commander)
    url = reverse("assessment", kwargs={"pk": assessment.pk})
    assert client.get(url).status_code == 200
    people.commander.postings.update(ends=date(2023, 12, 31))
    assert client.get(url).status_code in {403, 404}


def test_sessions_are_private(
    assessment: Assessment, people: cast.People, sign_in: Callable[[User], Client]
) -> None:
    response = sign_in(people.commander).get("/")
    assert response["Cache-Control"] == "private, no-store"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert response["X-Frame-Options"] == "DENY"
