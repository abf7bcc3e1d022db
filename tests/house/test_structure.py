"""The house stands: relations and templates point downwards, guards are complete."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.events import EVENTS
from assessments.workflow import COLOUR, ICON, MOVES, NEXT_STEP, OWNER, Status

FLOORS = ("accounts", "wards", "criteria", "assessments", "reports")
BASE = Path(settings.BASE_DIR)
OUR_MODELS = [model for model in apps.get_models() if model._meta.app_label in FLOORS]


def floor(label: str) -> int:
    """Height of an app; everything that is not ours lies below the house."""
    return FLOORS.index(label) if label in FLOORS else -1


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Every source file of ours with its syntax tree."""
    for name in FLOORS:
        for path in (BASE / name).rglob("*.py"):
            yield path, ast.parse(path.read_text())


def test_no_relation_points_upwards() -> None:
    upwards = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in OUR_MODELS
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and floor(field.related_model._meta.app_label) > floor(model._meta.app_label)
    ]
    assert upwards == []


def named_urls() -> dict[str, str]:
    """Every URL name with the app whose view it is."""
    found: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns)
            elif pattern.name:
                found[pattern.name] = pattern.callback.__module__.split(".")[0]

    walk(get_resolver().url_patterns)
    return found


def test_no_template_points_upwards() -> None:
    views = named_urls()
    upwards = []
    for path in (BASE / "templates").rglob("*.html"):
        area = path.relative_to(BASE / "templates").parts[0]
        if area not in FLOORS:
            continue
        text = path.read_text()
        for name in re.findall(r"{%\s*url\s+[\"']([\w-]+)", text):
            if floor(views.get(name, "")) > floor(area):
                upwards.append(f"{path.name}: url {name}")
        for included in re.findall(r"{%\s*(?:include|extends)\s+[\"']([\w/-]+)", text):
            if floor(included.split("/")[0]) > floor(area):
                upwards.append(f"{path.name}: include {included}")
    assert upwards == []


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_a_moment_with_a_person_comes_as_a_pair(model: type[models.Model]) -> None:
    """What ends in `_by` has its `_at`, and when both may be empty a constraint keeps them so."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    checks = " ".join(str(check) for check in model._meta.constraints)
    for name, field in fields.items():
        if not name.endswith("_by"):
            continue
        moment = fields.get(f"{name[:-3]}_at")
        assert moment is not None, f"{name} without its moment"
        if field.null and moment.null:
            assert name in checks, f"{name} and {moment.name} may come apart"


def test_every_status_has_an_owner_words_and_a_colour() -> None:
    for table in (OWNER, NEXT_STEP, COLOUR, ICON):
        assert set(table) == set(Status)
    assert all(status.label for status in Status)


def test_every_status_can_be_reached_and_every_move_has_a_sentence() -> None:
    reached = {Status.NOT_STARTED} | {move.target for move in MOVES}
    assert reached == set(Status)
    assert {move.event for move in MOVES} <= set(EVENTS)
    assert len({(move.source, move.target) for move in MOVES}) == len(MOVES)


def recorded_events() -> Iterator[tuple[str, str]]:
    """Every literal event that code passes to `audit.record`."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "record"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield path.name, node.args[0].value


def test_every_recorded_event_has_a_sentence() -> None:
    found = list(recorded_events())
    assert found
    assert [pair for pair in found if pair[1] not in EVENTS] == []


def test_every_event_is_recorded_somewhere() -> None:
    used = {event for _, event in recorded_events()} | {move.event for move in MOVES}
    text = "".join(path.read_text() for path, _ in sources() if path.name != "events.py")
    assert [event for event in EVENTS if event not in used and f'"{event}"' not in text] == []


CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today")}
DOMAIN_FILES = {"actions", "rollup", "models", "querysets.py", "outcome.py", "judging.py"}


def test_no_clock_of_the_machine_and_none_at_all_in_the_domain() -> None:
    """Days are those of Asia/Ho_Chi_Minh; the domain is told what day it is (WF-13)."""
    found = []
    for path, tree in sources():
        inner = set(path.relative_to(BASE).parts) & DOMAIN_FILES
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner = getattr(node.func.value, "id", "")
            if (owner, node.func.attr) in CLOCKS:
                found.append(f"{path}: {owner}.{node.func.attr}()")
            asks_now = owner == "timezone" and (
                node.func.attr == "now"
                or (node.func.attr in {"localdate", "localtime"} and not node.args)
            )
            if inner and asks_now:
                found.append(f"{path}: clock in the domain")
    assert found == []


WITHOUT_SCOPE = {
    # Reached only through their parents' scoped querysets, or by the system administrator alone.
    "accounts.User",
    "accounts.AuditHead",
    "accounts.AuditEntry",
    "wards.LegalDocument",
    "wards.District",
    "wards.ApiToken",
    # Marks without content.
    "wards.Edition",
    "assessments.FileMark",
    "wards.Holiday",
    "wards.Succession",
    "criteria.Group",
    "criteria.Criterion",
    "criteria.Indicator",
    "criteria.TargetRevision",
    "criteria.Target",
    "assessments.CriterionResult",
    "assessments.Answer",
    "assessments.Attachment",
    "assessments.Submission",
    "assessments.Verdict",
    "assessments.Transition",
    "assessments.DeadlineExtension",
    "assessments.RoundLock",
    "assessments.WorkbookImport",
    "assessments.RegistrationQuota",
    "assessments.Baseline",
    "assessments.BaselineFinding",
    "assessments.Inheritance",
    "assessments.SelectedUnit",
    "assessments.DutyAnswer",
    "assessments.FileState",
    "criteria.Correspondence",
    "reports.ScenarioPlace",
}


def test_every_model_has_a_scoped_queryset_or_says_why_not() -> None:
    without = {
        model._meta.label
        for model in OUR_MODELS
        if not hasattr(model._default_manager, "visible_to")
    }
    assert without == WITHOUT_SCOPE
