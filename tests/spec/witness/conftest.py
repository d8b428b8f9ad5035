"""A log, a second one under the same key, and a witness that watches it and answers over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.accounting import Log
from comity.accounting.add_checkpoint import AddCheckpoint
from comity.accounting.checkpoint import ED25519, NoteKey, Signer
from comity.accounting.verifying import note_verifier
from comity.crypto import Ed25519Key, sign_ed25519
from tests.witnesses import Running, made, serving

ORIGIN = "log.example/accounting"


class Logs:
    """Makes logs under one key, as a dishonest operator could."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._key = Ed25519Key.generate()
        self.key = NoteKey(ORIGIN, ED25519, self._key.public_bytes)
        self.signer = Signer(self.key, lambda content: sign_ed25519(self._key, content))

    def log(self, name: str, *leaves: bytes) -> Log:
        log = Log.create(self.place / name, note_verifier(self.key), self.signer)
        if leaves:
            log.append(leaves)
        return log


def request(log: Log, old: int) -> bytes:
    """An honest request of a log."""
    return AddCheckpoint(old, tuple(log.consistency(old, log.checkpoint().size)), log.note()).body


@pytest.fixture
def logs(tmp_path: Path) -> Logs:
    return Logs(tmp_path)


@pytest.fixture
def witness(tmp_path: Path, logs: Logs) -> Iterator[Running]:
    with serving(made(tmp_path / "w1", logs.key)) as running:
        yield running
