"""A witness at work: decides on one request at a time for each log, and keeps what it cosigned and what it refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from comity.accounting.add_checkpoint import AddCheckpoint, parse_add_checkpoint
from comity.accounting.checkpoint import Checkpoint, cosignature_line, lines_of, parse_checkpoint, verify_note
from comity.accounting.durable import Staging, exclusively, sync
from comity.accounting.errors import LogError
from comity.accounting.verifying import note_verifier
from comity.witness.deciding import INCONSISTENT, STATUS, require_extends, signed_head, splits
from comity.witness.home import WitnessHome

CHECKPOINT = "checkpoint"
EVIDENCE = "evidence"
SIZE_TYPE = "text/x.tlog.size"
_PLAIN = "text/plain; charset=utf-8"

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: status, body and its type."""

    status: int
    body: bytes
    type: str = _PLAIN


@dataclass(frozen=True)
class Latest:
    """The checkpoint cosigned last for a log, the note as it is published, and the second it was cosigned at."""

    head: Checkpoint
    note: str
    at: int


class Witness:
    """Cosigns for the logs that its home watches. `clock` gives the second since 1970, `tell` hears what is refused.

    Below `logs/<SHA-256 of the origin>` lie the `checkpoint` cosigned last and, for each checkpoint that does not
    extend what was cosigned, the `evidence`. Any number of threads and processes may work in one home.
    """

    def __init__(self, home: WitnessHome, clock: Callable[[], int], tell: Tell) -> None:
        self._home = home
        self._clock = clock
        self._tell = tell

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer `add-checkpoint`: the cosignatures, on disk before they are given, or a refusal by its status."""
        watched = self._home.watched()
        try:
            asked = parse_add_checkpoint(body)
            head = signed_head(asked.note, watched)
        except LogError as error:
            return self._refused(error)
        folder = self._folder(head.origin)
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            # A cosignature is on the disk only if its folder's own name is.
            sync(folder.parent)
            sync(self._home.directory)
        with exclusively(folder / ".lock"):
            latest = self._latest(head.origin)
            before = latest.head if latest else None
            try:
                require_extends(asked, head, before)
            except LogError as error:
                if error.code in INCONSISTENT or splits(head, before):
                    self._keep_evidence(folder, head, asked, latest)
                return self._refused(error, before.size if before else 0)
            return self._cosigned(folder, asked.note, latest)

    def published(self, origin_hash: str) -> Answer:
        """The checkpoint cosigned last for the log whose origin has that SHA-256 (hex), or 404."""
        folders = {self._folder(origin).name: self._folder(origin) for origin in self._home.watched()}
        try:
            return Answer(200, (folders[origin_hash] / CHECKPOINT).read_bytes())
        except (KeyError, FileNotFoundError):
            return Answer(404, b"No checkpoint of such a log was cosigned here.\n")

    def _folder(self, origin: str) -> Path:
        return self._home.directory / "logs" / sha256(origin.encode()).hexdigest()

    def _latest(self, origin: str) -> Latest | None:
        """What was cosigned last, its own signatures verified: a state that was tampered with is not built upon."""
        try:
            note = (self._folder(origin) / CHECKPOINT).read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None
        own = verify_note(note, [note_verifier(signer.key) for signer in self._home.signers()])
        return Latest(parse_checkpoint(own.text), note, max(signed.timestamp or 0 for signed in own.signatures))

    def _cosigned(self, folder: Path, note: str, latest: Latest | None) -> Answer:
        at = self._clock()
        if latest and at < latest.at:
            self._tell("CLOCK_BACKWARDS: the clock shows an hour before the last cosignature; nothing was cosigned.")
            return Answer(503, b"The clock of this witness is wrong.\n")
        text = note[: note.rindex("\n\n") + 1]
        lines = "".join(cosignature_line(signer, at, text) for signer in self._home.signers())
        # Only the log's own lines are kept beside ours: others are nobody's we verified.
        own = lines_of(note, [verifier.key for keys in self._home.watched().values() for verifier in keys])
        staging = Staging(folder)
        staging.write(CHECKPOINT, f"{text}\n{own}{lines}".encode())
        staging.publish()
        return Answer(200, lines.encode())

    def _keep_evidence(self, folder: Path, head: Checkpoint, asked: AddCheckpoint, latest: Latest | None) -> None:
        """Keep what was received beside what had been cosigned. By the checkpoint's text, so that a log's own
        checkpoints bound how much is kept, however often and with whatever proof somebody sends them.
        """
        place = f"{EVIDENCE}/{sha256(head.text.encode()).hexdigest()}"
        if (folder / place / "received").exists():
            return
        staging = Staging(folder)
        staging.write(f"{place}/cosigned", (latest.note if latest else "").encode())
        staging.write(f"{place}/received", asked.body)
        staging.publish()
        proven = latest is not None and splits(head, latest.head)
        said = "signed two histories" if proven else "did not show that its history goes on"
        self._tell(f"EVIDENCE: the log {head.origin} {said}; both checkpoints are kept in {folder / place}.")

    def _refused(self, error: LogError, size: int = 0) -> Answer:
        status = STATUS[error.code]
        self._tell(f"{status} {error.code}: {error.says}")
        if status == 409:
            return Answer(status, b"%d\n" % size, SIZE_TYPE)
        return Answer(status, f"{error.code}: {error.says}\n".encode())
