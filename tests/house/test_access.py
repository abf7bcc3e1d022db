"""Every URL × every role × own, other and missing object (RELIABILITY AC-01 … AC-07).

The table is enumerated from the URL resolver: a new URL without a declared access rule, or with a
kind of object that this file cannot make, fails.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.access import Access
from accounts.models import Role, User
from assessments.actions import submitting
from assessments.models import Assessment
from criteria.models import Round
from reports.models import AnnualReport
from tests import cast


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
    one for one in ADDRESSES if one.access and not one.access.public and one.name != "healthz"
]
BY_NAME = {one.name: one for one in ADDRESSES}


@dataclass
class World:
    """Arguments for every address: things of Lan's ward, and the same things far away."""

    own: dict[str, Any]
    far: dict[str, Any]


REPORTS = {"report", "report_progress", "report_file", "report_again", "issue_report"}


def kind_of(address: Address, argument: str) -> str:
    """Which object an argument names; a new kind must be added here."""
    if argument == "pk":
        if address.name in REPORTS:
            return "report"
        return {"unit": "unit", "evidence_file": "evidence"}.get(address.name, "assessment")
    if argument == "code":
        if address.name == "criteria_set":
            return "criteria_set"
        return "criterion" if "pk" in address.arguments else "programme"
    return {"attachment_pk": "attachment", "year": "year"}[argument]


def things_of(assessment: Assessment, report: AnnualReport) -> dict[str, Any]:
    """What addresses can name, for one file and its report."""
    attachment = assessment.attachments.first()
    criterion = assessment.round.criteria_set.criteria.first()
    assert attachment is not None
    assert criterion is not None
    return {
        "assessment": assessment.pk,
        "criterion": criterion.code,
        "attachment": attachment.pk,
        "evidence": attachment.evidence_id,
        "unit": assessment.unit_id,
        "report": report.pk,
        "programme": assessment.round.programme.code,
        "year": assessment.round.year,
        "criteria_set": assessment.round.criteria_set.code,
    }


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
    return reverse(address.name, kwargs=arguments)


def missing(things: dict[str, Any]) -> dict[str, Any]:
    """The same arguments, naming nothing that exists."""
    lost = {
        name: uuid.uuid4() if isinstance(value, uuid.UUID) else "khong-co"
        for name, value in things.items()
    }
    return {**lost, "year": 1999}


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
}


def test_the_public_addresses_are_these_and_no_others() -> None:
    assert {one.name for one in ADDRESSES if one.access and one.access.public} == PUBLIC


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


@pytest.mark.parametrize("address", GUARDED, ids=lambda one: one.name)
def test_each_role_at_its_own_others_and_missing_objects(
    address: Address, world: World, people: cast.People, client: Client
) -> None:
    own, far = world.own, world.far
    url = address_of(address, own)
    far_url = address_of(address, far)
    lost_url = address_of(address, missing(own))
    assert client.get(url).status_code == 302, "a stranger is sent to the log-in"
    assert address.access is not None
    for role, user in cast_by_role(people).items():
        client.force_login(user)
        if not address.access.admits(frozenset({role})):
            assert client.get(url).status_code == 403, role
            assert client.post(url).status_code == 403, role
            continue
        status = client.get(url).status_code
        assert status in {200, 302, 303, 404, 405, 409}, (role, status)
        if address.arguments:
            lost = client.get(lost_url)
            if status != 405:
                assert lost.status_code == 404, (role, lost.status_code)
            if role != Role.MINISTRY_VIEWER and far_url != url:
                away = client.get(far_url)
                if status != 405:
                    assert away.status_code == 404, (role, away.status_code)
                    assert away.content == lost.content, "foreign and missing must look alike"


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


WRITES_ANYONE_MAY = {"account_change_password", "account_reauthenticate"}


@pytest.mark.parametrize(
    "address",
    [one for one in GUARDED if one.name not in WRITES_ANYONE_MAY],
    ids=lambda one: one.name,
)
def test_ac_02_03_07_no_write_by_onlookers_or_from_outside(
    address: Address, world: World, people: cast.People, client: Client
) -> None:
    """POST by leaders, Ministry, rapporteurs to own things and by everyone to far ones: no change."""
    before = checksum()
    url = address_of(address, world.own)
    far_url = address_of(address, world.far)
    for user in (people.leader, people.ministry_viewer, people.rapporteur, people.far_reviewer):
        client.force_login(user)
        for method in (client.post, client.put, client.patch, client.delete):
            assert method(url).status_code < 500
    if far_url != url:
        for user in cast_by_role(people).values():
            client.force_login(user)
            assert client.post(far_url).status_code in {403, 404, 405}
    assert checksum() == before


@pytest.mark.parametrize("address", GUARDED, ids=lambda one: one.name)
def test_au_05_reading_changes_nothing(
    address: Address, world: World, people: cast.People, client: Client
) -> None:
    before = checksum()
    url = address_of(address, world.own)
    for user in cast_by_role(people).values():
        client.force_login(user)
        client.get(url)
        client.head(url)
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
