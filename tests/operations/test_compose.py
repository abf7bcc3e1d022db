"""The production set-up, as far as it can be checked where no container engine runs."""
# ruff: noqa: S603 -- every command run here is the project's own

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PROXY = (ROOT / "deploy" / "nginx" / "portal.conf.template").read_text()
PORTAL_SERVICES = ("migrate", "web", "worker", "beat")
REQUIRED = {
    "ALLOWED_HOSTS": "portal.example",
    "CERTIFICATES": "/srv/certificates",
    "POSTGRES_PASSWORD": "p" * 20,
    "REDIS_PASSWORD": "r" * 20,
    "SECRET_KEY": "s" * 60,
    "SITE_URL": "https://portal.example",
}
# Debugging stays off, and whatever VAR_DIR would hold has its own place in a container.
NOT_PASSED = {"DEBUG", "VAR_DIR"}


def variables_read_by_settings() -> set[str]:
    text = (ROOT / "config" / "settings.py").read_text()
    return set(re.findall(r'(?:env(?:\.\w+)?|required)\(\s*"([A-Z][A-Z0-9_]*)"', text))


def test_every_part_of_the_portal_has_a_service() -> None:
    assert set(SERVICES) == {*PORTAL_SERVICES, "postgres", "redis", "proxy"}


@pytest.mark.parametrize("name", ["postgres", "redis", "proxy"])
def test_foreign_images_are_pinned_to_a_release(name: str) -> None:
    assert re.fullmatch(r"[a-z]+:\d+(\.\d+)*-bookworm", SERVICES[name]["image"])


def test_the_image_is_built_on_a_pinned_release() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert bases == ["python:3.11-slim-bookworm"]


def test_settings_are_known_to_the_test() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SITE_URL"} <= variables_read_by_settings()


@pytest.mark.parametrize("name", PORTAL_SERVICES)
def test_every_setting_reaches_the_containers(name: str) -> None:
    assert variables_read_by_settings() - NOT_PASSED <= set(SERVICES[name]["environment"])


def test_no_secret_has_a_default() -> None:
    for name in REQUIRED:
        uses = re.findall(rf"\$\{{{name}(.*?)\}}", COMPOSE_TEXT)
        assert uses, f"{name} is not used"
        assert all(use.startswith(":?") for use in uses), f"{name} may be missing or empty"
    literal = [
        line
        for line in COMPOSE_TEXT.splitlines()
        if re.search(r"(PASSWORD|SECRET_KEY|REDISCLI_AUTH):", line) and ":?" not in line
    ]
    assert not [line for line in literal if not line.lstrip().startswith("#")]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_starts_before_the_database_is_up_to_date(name: str) -> None:
    conditions = {
        service: wait["condition"] for service, wait in SERVICES[name]["depends_on"].items()
    }
    assert conditions == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }


def test_whatever_is_waited_for_can_become_healthy() -> None:
    for service in SERVICES.values():
        for name, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[name]


def test_migration_runs_once_and_refuses_an_insecure_configuration() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    script = SERVICES["migrate"]["command"][-1]
    assert script.splitlines() == [
        "python manage.py check --deploy --fail-level WARNING",
        "python manage.py migrate --no-input",
        "python manage.py createcachetable",
        "python manage.py collectstatic --no-input",
    ]


def test_volumes_are_declared_and_used() -> None:
    used = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith((".", "$"))
    }
    assert used == set(COMPOSE["volumes"])


def test_mounted_files_exist() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            if volume.startswith("."):
                assert (ROOT / volume.split(":")[0]).exists()


@pytest.mark.parametrize("name", ["web", "worker"])
def test_web_and_worker_share_the_evidence(name: str) -> None:
    assert f"media:{SERVICES[name]['environment']['MEDIA_ROOT']}" in SERVICES[name]["volumes"]


def test_only_the_proxy_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["data"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["data"]
    assert "data" not in SERVICES["proxy"]["networks"]


def test_redis_keeps_its_queue_over_a_restart() -> None:
    command = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_postgres_sorts_vietnamese() -> None:
    arguments = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert "--locale-provider=icu --icu-locale=vi-VN" in arguments
    assert int(SERVICES["postgres"]["image"].split(":")[1].split("-")[0]) >= 16


def test_proxy_serves_static_files_and_tells_the_portal_who_asks() -> None:
    for line in (
        "server_tokens off;",
        "client_max_body_size 25m;",
        "alias /srv/static/;",
        "proxy_set_header Host $http_host;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "return 301 ${SITE_URL}$request_uri;",
    ):
        assert line in PROXY
    assert PROXY.count("{") == PROXY.count("}")
    for page in re.findall(r"error_page [\d ]+ /_pages/(\S+);", PROXY):
        assert (ROOT / "deploy" / "nginx" / "pages" / page).exists()
    assert "static:/srv/static:ro" in SERVICES["proxy"]["volumes"]


def test_image_copies_what_exists_and_installs_by_hash() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE):
        for source in line.split():
            assert (ROOT / source).exists()
            assert source not in ignored
    assert re.search(r"^ARG REQUIREMENTS=production$", DOCKERFILE, re.MULTILINE)
    assert '--require-hashes -r "requirements/$REQUIREMENTS.txt"' in DOCKERFILE
    assert re.search(r"^USER portal$", DOCKERFILE, re.MULTILINE)


def test_image_has_the_system_libraries_that_set_up_installs() -> None:
    script = (ROOT / "bin" / "system-packages").read_text()
    found = re.search(r'^    packages="ca-certificates (.*)"$', script, re.MULTILINE)
    assert found
    for package in found[1].split():
        assert f" {package} " in DOCKERFILE.replace("\n", " ").replace("\\", " ")


@pytest.mark.parametrize("name", [".git", ".venv", ".env", "var", "tests", "staticfiles"])
def test_image_holds_no_data_and_no_secret(name: str) -> None:
    assert name in (ROOT / ".dockerignore").read_text().split()


def test_files_run_in_the_containers_are_in_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    script = SERVICES["web"]["healthcheck"]["test"][-1]
    assert (ROOT / script).exists()
    assert not [entry for entry in ignored if script.startswith(f"{entry}/") or script == entry]


def pins(name: str) -> set[str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return set(re.findall(r"^\S+==\S+", text, re.MULTILINE))


def test_the_api_is_one_library_more_than_production_and_tested_as_pinned() -> None:
    more = pins("api") - pins("production")
    assert [pin.split("==")[0] for pin in more] == ["django-ninja"]
    assert pins("production") < pins("api") < pins("development")
    assert SERVICES["web"]["build"]["args"] == {"REQUIREMENTS": "${REQUIREMENTS:-production}"}


def compose_client() -> list[str] | None:
    """Command of a Compose client that can read a configuration, when there is one."""
    docker = shutil.which("docker")
    if not docker:
        return None
    version = subprocess.run([docker, "compose", "version"], capture_output=True, check=False)
    return [docker, "compose"] if version.returncode == 0 else None


def test_compose_client_accepts_the_configuration() -> None:
    client = compose_client()
    if client is None:
        # No engine is needed for the portal's own development; the tests above stand alone.
        return
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", **REQUIRED}
    command = [*client, "--file", str(ROOT / "docker-compose.yml"), "config", "--format", "json"]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 0, result.stderr
    assert set(json.loads(result.stdout)["services"]) == set(SERVICES)
    for name in REQUIRED:
        partial = {key: value for key, value in environment.items() if key != name}
        refused = subprocess.run(command, capture_output=True, text=True, env=partial, check=False)
        assert refused.returncode != 0
        assert name in refused.stderr
