"""The commands behind make: the supervisor, and set-up that touches nothing when all is there."""
# ruff: noqa: S603 -- every command run here is the project's own

import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.operations.test_compose import variables_read_by_settings

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "bin"
# Leaves a child of its own behind, as gunicorn and Celery would when they are killed.
PARENT = "sh -c 'sleep 300 & echo $! $$ > {file}; wait'"


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


class Demo:
    """The supervisor with two dummy commands, and the process ids of all it started."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.files = [folder / "web", folder / "worker"]
        commands = [
            f"{file.name}={PARENT.format(file=shlex.quote(str(file)))}" for file in self.files
        ]
        self.process = subprocess.Popen(
            [sys.executable, str(BIN / "serve"), "--grace", "2", *options, *commands],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert wait_until(lambda: all(len(self.read(file)) == 2 for file in self.files))
        self.pids = [pid for file in self.files for pid in self.read(file)]

    @staticmethod
    def read(file: Path) -> list[int]:
        return [int(word) for word in file.read_text().split()] if file.exists() else []

    def leaders(self) -> list[int]:
        return [self.read(file)[1] for file in self.files]

    def is_gone(self) -> bool:
        return not any(is_running(pid) for pid in self.pids)

    def clear(self) -> None:
        self.process.kill()
        for pid in self.pids:
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path)
    yield demo
    demo.clear()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(demo: Demo, number: signal.Signals) -> None:
    assert all(is_running(pid) for pid in demo.pids)
    demo.process.send_signal(number)
    assert demo.process.wait(timeout=10) == 0
    assert demo.is_gone()


def test_everything_stops_when_one_command_ends(demo: Demo) -> None:
    os.kill(demo.leaders()[1], signal.SIGKILL)
    output, _ = demo.process.communicate(timeout=10)
    assert demo.process.returncode == 1
    assert output == "worker ended with exit code -9; stopping everything.\n"
    assert demo.is_gone()


def test_a_command_that_does_not_listen_is_ended_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "stubborn"
    command = f"""sh -c 'trap "" TERM; echo $$ > {file}; while true; do sleep 1; done'"""
    process = subprocess.Popen(
        [sys.executable, str(BIN / "serve"), "--grace", "0.5", f"stubborn={command}"]
    )
    assert wait_until(lambda: bool(Demo.read(file)))
    process.terminate()
    assert process.wait(timeout=10) == 0
    assert not is_running(Demo.read(file)[0])


def test_commands_do_not_outlive_a_killed_supervisor(demo: Demo) -> None:
    demo.process.kill()
    demo.process.wait()
    assert wait_until(lambda: not any(is_running(pid) for pid in demo.leaders()))


def test_it_says_when_the_first_page_answers(tmp_path: Path) -> None:
    choose = (
        "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
    )
    port = subprocess.check_output([sys.executable, "-c", choose], text=True).strip()
    process = subprocess.Popen(
        [
            *(sys.executable, str(BIN / "serve")),
            *("--ready-url", f"http://127.0.0.1:{port}/", "--ready-text", "Here it is"),
            f"web={sys.executable} -m http.server --bind 127.0.0.1 --directory {tmp_path} {port}",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert any(line == "Here it is\n" for line in process.stdout)
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert process.returncode == 0


def test_a_taken_port_is_refused_before_anything_else(tmp_path: Path) -> None:
    listen = (
        "import socket, time; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); "
        "print(s.getsockname()[1], flush=True); time.sleep(60)"
    )
    listener = subprocess.Popen([sys.executable, "-c", listen], stdout=subprocess.PIPE, text=True)
    assert listener.stdout is not None
    port = listener.stdout.readline().strip()
    # A copy without anything it would go on to call: going further would fail differently.
    (tmp_path / "bin").mkdir()
    shutil.copy(BIN / "demo", tmp_path / "bin")
    try:
        result = subprocess.run(
            [str(tmp_path / "bin" / "demo")],
            env={**os.environ, "PORT": port},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        listener.kill()
        listener.communicate()
    assert result.returncode == 1
    assert result.stderr == (
        f"Port {port} cannot be used (Address already in use). "
        "Choose another one: make demo PORT=8001\n"
    )


def fake_commands(folder: Path, **scripts: str) -> dict[str, str]:
    """Environment with the scripts given and little else to call."""
    folder.mkdir()
    for name in ("sh", "cat", "grep", "mktemp", "rm"):
        (folder / name).symlink_to(f"/bin/{name}")
    (folder / "python3").symlink_to(sys.executable)
    for name, script in scripts.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    return {"PATH": str(folder)}


def system_packages(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / "system-packages"), "tests"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_installed_packages_are_left_alone(tmp_path: Path) -> None:
    result = system_packages(fake_commands(tmp_path / "bin", dpkg_query="echo installed"))
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_missing_packages_without_root_or_sudo(tmp_path: Path) -> None:
    environment = fake_commands(tmp_path / "bin", dpkg_query="exit 1", id="echo 1000")
    result = system_packages(environment)
    assert result.returncode == 1
    assert result.stderr == "Root or sudo is needed to install: chromium poppler-utils qpdf\n"


def test_only_what_is_missing_is_installed(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    environment = fake_commands(
        tmp_path / "bin",
        dpkg_query='[ "$4" = qpdf ] || echo installed',
        id="echo 1000",
        sudo='"$@"',
        apt_get=f'echo "$@" >> {calls}',
    )
    result = system_packages(environment)
    assert (result.returncode, result.stderr) == (0, "")
    update, install = calls.read_text().splitlines()
    assert update.endswith("update")
    assert install.endswith("install -y --no-install-recommends qpdf")


def test_the_environment_is_made_again_only_when_requirements_change(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    shutil.copy(BIN / "environment", tmp_path / "bin")
    requirements = tmp_path / "requirements" / "production.txt"
    requirements.parent.mkdir()
    requirements.write_text("one==1\n")
    scripts = tmp_path / ".venv" / "bin"
    scripts.mkdir(parents=True)
    (scripts / "python").write_text("#!/bin/sh\n")
    calls = tmp_path / "calls"
    (scripts / "uv").write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo uv 0.13.9 && exit\necho "$@" >> {calls}\n'
    )
    for script in scripts.iterdir():
        script.chmod(0o755)

    def run() -> None:
        subprocess.run(
            [str(tmp_path / "bin" / "environment"), "production"], check=True, capture_output=True
        )

    run()
    run()
    assert calls.read_text().count("--require-hashes -r requirements/production.txt") == 1
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    assert (tmp_path / ".venv" / "production.sha256").read_text().startswith(digest)
    requirements.write_text("one==2\n")
    run()
    assert len(calls.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    "script", ["bin/demo", "bin/environment", "bin/system-packages", "bin/with-services", ".ci/run"]
)
def test_scripts_are_executable_and_well_formed(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    shell = "bash" if "bash" in path.read_text().splitlines()[0] else "sh"
    subprocess.run([f"/bin/{shell}", "-n", str(path)], check=True)


def test_no_setting_of_the_caller_reaches_the_suites() -> None:
    makefile = (ROOT / "Makefile").read_text()
    removed = set(re.findall(r"-u ([A-Z_]+)", makefile))
    assert variables_read_by_settings() <= removed


@pytest.mark.parametrize("target", ["setup", "demo", "test", "test-services", "check", "format"])
def test_make_knows_the_target(target: str) -> None:
    subprocess.run(
        ["/usr/bin/make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True
    )
