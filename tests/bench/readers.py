"""Concurrent readers: the server of production on a free port, and threads that keep asking."""

import http.client
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import perf_counter, sleep

from tests.bench.ground import ROOT
from tests.bench.table import Readings

HOST = "127.0.0.1"
WORKERS, THREADS = 2, 8
"""As docker-compose.yml starts it."""
START_SECONDS, ANSWER_SECONDS, STOP_SECONDS = 60, 30, 10


@dataclass
class Reader:
    """One person with a session who opens these addresses one after the other."""

    cookie: str
    addresses: Sequence[str]
    taken: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def read(self, port: int, until: float) -> None:
        """Ask until the time is over; nobody waits between two pages."""
        place = 0
        while perf_counter() < until:
            address = self.addresses[place % len(self.addresses)]
            place += 1
            start = perf_counter()
            try:
                status = get(port, address, self.cookie)
            except (OSError, http.client.HTTPException) as problem:
                self.errors.append(f"{address}: {type(problem).__name__}")
                continue
            self.taken.append(perf_counter() - start)
            if status != http.client.OK:
                self.errors.append(f"{address}: {status}")


def get(port: int, address: str, cookie: str = "") -> int:
    """The status of one page, read to its end."""
    connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)
    try:
        connection.request(
            "GET", address, headers={"Cookie": f"sessionid={cookie}", "Connection": "close"}
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def hammer(label: str, port: int, readers: Sequence[Reader], seconds: float) -> Readings:
    """All readers at once for so many seconds, warmed up by one page of each address."""
    cookies = {one: reader.cookie for reader in readers for one in reader.addresses}
    for address, cookie in sorted(cookies.items()):
        # Whoever asks first may wait longer than anybody should: that is not what is measured.
        with suppress(OSError):
            get(port, address, cookie)
    start = perf_counter()
    threads = [
        threading.Thread(target=reader.read, args=(port, start + seconds)) for reader in readers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Readings(
        label,
        [one for reader in readers for one in reader.taken],
        [one for reader in readers for one in reader.errors],
        perf_counter() - start,
    )


@contextmanager
def server() -> Iterator[int]:
    """The portal on a free port, in the environment of this process; stopped at the end."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 -- the project's own server
        [
            *("setpriv", "--pdeathsig", "TERM", "--"),
            *(sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}"),
            *("--worker-class", "gthread", "--threads", str(THREADS), "--workers", str(WORKERS)),
            *("--timeout", "60", "--graceful-timeout", "1", "--log-level", "critical"),
            "--no-control-socket",
        ],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int) -> None:
    for _ in range(START_SECONDS * 5):
        try:
            if get(port, "/healthz") < http.client.INTERNAL_SERVER_ERROR:
                return
        except OSError:
            pass
        sleep(0.2)
    raise RuntimeError("The server did not start.")
