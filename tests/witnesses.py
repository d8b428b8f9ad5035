"""Witnesses that answer over HTTP, each in a thread of its own, for the tests of whoever asks them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

from comity.accounting.checkpoint import NoteKey
from comity.witness import Witness, WitnessHome, create_witness, open_witness, serve, trust_log

NOON = 1_772_452_800


@dataclass
class Running:
    """A witness that serves: its home, the port it listens at, the hour it believes in, and what it told."""

    home: WitnessHome
    told: list[str] = field(default_factory=list)
    now: int = NOON
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def line(self, name: str) -> str:
        """The line of a policy file that names this witness by its ML-DSA-44 key."""
        return f"witness {name} {self.home.signers()[0].key.vkey} {self.url}\n"

    def asked(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, bytes]:
        """Status, type and body of the answer to a request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", ""), answer.read()
        finally:
            connection.close()

    def add(self, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer to `add-checkpoint`."""
        status, _, answered = self.asked("POST", "/add-checkpoint", body)
        return status, answered

    def folder(self, origin: str) -> Path:
        """Where the witness keeps what it knows of a log."""
        return self.home.directory / "logs" / sha256(origin.encode()).hexdigest()

    def evidence(self, origin: str) -> list[Path]:
        """The evidence that is kept about a log."""
        return sorted((self.folder(origin) / "evidence").glob("*"))


def made(place: Path, log: NoteKey) -> Running:
    """A new witness that watches `log`, not yet serving."""
    home = create_witness(place, f"witness.example/{place.name}")
    trust_log(home, log.vkey)
    return Running(home)


@contextmanager
def serving(running: Running, port: int = 0) -> Iterator[Running]:
    """Let the witness answer, opened anew from its folder as after a restart, until the block ends."""
    witness = Witness(open_witness(running.home.directory), lambda: running.now, running.told.append)
    with serve(witness, "127.0.0.1", port, running.told.append) as server:
        running.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield running
        finally:
            server.shutdown()
            thread.join()
