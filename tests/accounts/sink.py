"""A mail server of the tests' own: takes mails on a loopback port and remembers them."""

import socketserver
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Sink:
    """What arrived, and how the server behaves."""

    port: int = 0
    accepted: list[EmailMessage] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    """Addresses that the server refuses."""
    before_accepting: Callable[[], None] = lambda: None
    """Called with a whole mail in hand, before the server says that it took it."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def by_message_id(self) -> Counter[str]:
        """How often each Message-ID was accepted."""
        return Counter(mail["Message-ID"] for mail in self.accepted)


class Talk(socketserver.StreamRequestHandler):
    """One client: as much of SMTP as a sender needs."""

    timeout = 30
    sink: Sink

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        try:
            self.converse()
        except OSError:
            # A client that was killed says no goodbye.
            return

    def converse(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline():
            command = line.decode(errors="replace").strip()
            verb = command[:4].upper()
            if verb in {"EHLO", "HELO"}:
                self.say("250 sink")
            elif verb == "RCPT" and any(one in command for one in self.sink.unknown):
                self.say("550 no such mailbox")
            elif verb == "DATA":
                self.say("354 go on")
                self.take()
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.sink.before_accepting()
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        with self.sink.lock:
            self.sink.accepted.append(mail)
        self.say("250 taken")


class Server(socketserver.ThreadingTCPServer):
    """One thread for each client; none outlives the test."""

    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def running() -> Iterator[Sink]:
    """A server on a free port, until the block ends."""
    sink = Sink()
    handler = type("Handler", (Talk,), {"sink": sink})
    with Server(("127.0.0.1", 0), handler) as server:
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join(timeout=10)
