"""Asks one witness over HTTP to cosign the log's checkpoint (c2sp.org/tlog-witness)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from threading import Event, Timer
from urllib.parse import urlsplit

from comity.accounting.add_checkpoint import AddCheckpoint
from comity.accounting.checkpoint import Verifier, decode_number, lines_of, parse_checkpoint, verify_note
from comity.accounting.errors import LogError
from comity.accounting.log import Log

SILENT = "gives no answer"
AHEAD = "has cosigned a longer history of this log"
DISAGREES = "has cosigned another history of this log"
DISAGREEMENTS = frozenset({AHEAD, DISAGREES})
_ANSWERED = {"WITNESS_AHEAD": AHEAD, "WITNESS_ANSWER_MALFORMED": SILENT}
_PATIENCE_SECONDS = 10
# A witness that gives a byte now and then is as good as a silent one, and may not hold a release up.
_WHOLE_PATIENCE_SECONDS = 30
_LARGEST_ANSWER = 64 * 1024
# A witness moves on between two of our requests only if somebody else asks it about this log at the same moment.
_TRIES = 3


@dataclass(frozen=True)
class Asked:
    """What a witness answered: verified signature lines under the checkpoint, or in a few words why there are none."""

    lines: str = ""
    why: str = ""


def ask(url: str, verifiers: Sequence[Verifier], log: Log, note: str) -> Asked:
    """Ask the witness whose submission prefix is `url` and whose keys `verifiers` know, for `note` of the log.

    Raises LogError only for what is wrong with the log itself.
    """
    try:
        status, body = _add(url, log, note)
    except (OSError, HTTPException, ValueError):
        return Asked(why=SILENT)
    except LogError as error:
        if error.code not in _ANSWERED:
            raise
        return Asked(why=_ANSWERED[error.code])
    if status == 200:
        return _believed(note, body, verifiers)
    return Asked(why=DISAGREES if status == 422 else f"refuses (HTTP {status})")


def _add(url: str, log: Log, note: str) -> tuple[int, bytes]:
    """The final answer of the witness. Which size it cosigned last, it says itself when asked from nothing."""
    size = parse_checkpoint(note[: note.rindex("\n\n") + 1]).size
    old = 0
    for _ in range(_TRIES):
        status, body = _post(url, AddCheckpoint(old, tuple(log.consistency(old, size)), note).body)
        if status != 409:
            break
        old = decode_number(body.decode("ascii").removesuffix("\n"), "WITNESS_ANSWER_MALFORMED")
        if old > size:
            raise LogError("WITNESS_AHEAD", "A witness has cosigned a longer log than this one.")
    return status, body


def _post(url: str, body: bytes) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connects = {"http": HTTPConnection, "https": HTTPSConnection}[parts.scheme]
    connection = connects(parts.hostname or "", parts.port, timeout=_PATIENCE_SECONDS)
    try:
        # Redirections are not followed: whoever answers is who the policy names.
        connection.connect()
        with _cut_off(connection, _WHOLE_PATIENCE_SECONDS):
            connection.request("POST", f"{parts.path.rstrip('/')}/add-checkpoint", body)
            answer = connection.getresponse()
            return answer.status, answer.read(_LARGEST_ANSWER)
    finally:
        connection.close()


@contextmanager
def _cut_off(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Break the connection off after so many seconds, whatever still trickles in. Raises TimeoutError then."""
    late, line = Event(), connection.sock

    def cut() -> None:
        late.set()
        with suppress(OSError):
            line.shutdown(SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if late.is_set():
            raise TimeoutError


def _believed(note: str, body: bytes, verifiers: Sequence[Verifier]) -> Asked:
    """The lines of keys that the policy names, verified; a time of zero says nothing about the largest tree."""
    try:
        answered = note + body.decode("utf-8")
        signed = verify_note(answered, verifiers).signatures
        lines = lines_of(answered, [one.key for one in signed if one.timestamp])
    except (LogError, UnicodeDecodeError):
        return Asked(why="answers with a signature that is not its own")
    return Asked(lines) if lines else Asked(why="answers without a time")
