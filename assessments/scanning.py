"""Asking a ClamAV daemon about a file, when the settings name one."""

import logging
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from assessments.models import Scan

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 2
ANSWER_SECONDS = 20
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What was found; `signature` names the malware."""

    state: Scan
    signature: str = ""


def scan(content: bytes) -> ScanResult:
    """Ask about this content. Whatever goes wrong means that the file waits, never that it passes.

    Without a scanner in the settings nothing is asked.
    """
    if not settings.CLAMAV_ADDRESS:
        return ScanResult(Scan.NOT_ASKED)
    try:
        answer = _ask(settings.CLAMAV_ADDRESS, content)
    except (OSError, ValueError) as problem:
        logger.warning("virus scanner does not answer: %s", problem)
        return ScanResult(Scan.WAITING)
    if answer == "stream: OK":
        return ScanResult(Scan.CLEAN)
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return ScanResult(Scan.INFECTED, answer.removeprefix("stream: ").removesuffix(" FOUND"))
    logger.warning("virus scanner answers %r", answer[:200])
    return ScanResult(Scan.WAITING)


def _ask(address: str, content: bytes) -> str:
    """Send one INSTREAM command and return the answer.

    Raises:
        OSError: no connection, cut off, or too slow.
        ValueError: an address or an answer that cannot be read.
    """
    with _connect(address) as line:
        line.settimeout(ANSWER_SECONDS)
        line.sendall(b"zINSTREAM\0")
        for part in _parts(content):
            line.sendall(len(part).to_bytes(4, "big") + part)
        line.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and (more := line.recv(1024)):
            answer += more
    return answer.rstrip(b"\0").decode()


def _connect(address: str) -> socket.socket:
    host, colon, port = address.rpartition(":")
    if colon and not address.startswith("/"):
        return socket.create_connection((host, int(port)), timeout=CONNECT_SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(CONNECT_SECONDS)
    try:
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def _parts(content: bytes) -> Iterable[bytes]:
    return (content[start : start + CHUNK] for start in range(0, len(content), CHUNK))
