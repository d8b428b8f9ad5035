"""The log alone: as many leaves as a national batch has, appended durably under a signed checkpoint."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from comity.accounting import Log
from comity.accounting.checkpoint import ED25519, NoteKey, Signer
from comity.accounting.verifying import note_verifier
from comity.bench.material import Progress
from comity.bench.measuring import figures, measure
from comity.crypto import Ed25519Key, sign_ed25519

ORIGIN = "comity.example/bench"


def append(directory: str, entries: int) -> dict[str, Any]:
    """Append that many request leaves, made as they are read, to a new log; gives the `bytes` of the log's files."""
    place, key = Path(directory) / "log", Ed25519Key.generate()
    noted = NoteKey(ORIGIN, ED25519, key.public_bytes)
    log = Log.create(place, note_verifier(noted), Signer(noted, lambda content: sign_ed25519(key, content)))
    log.append(leaves(entries))
    return {"bytes": sum(path.stat().st_size for path in place.rglob("*") if path.is_file())}


def leaves(entries: int) -> Iterator[bytes]:
    """Request leaves as `comity.accounting` logs them, over commitments drawn by counting."""
    for number in range(entries):
        inner, outer = (sha256(b"%b %d" % (side, number)).hexdigest().encode() for side in (b"inner", b"outer"))
        yield b'{"inner":"%b","outer":"%b","type":"request/1"}' % (inner, outer)


def bench_log(place: Path, entries: int, repeat: int, progress: Progress) -> dict[str, Any]:
    """`log`: the figures of a log of so many entries, each run in a new one, and its `bytes`.

    The logs are removed when all runs are over: ext4 makes files slowly while those removed a moment ago are many.
    """
    runs = []
    with tempfile.TemporaryDirectory(dir=place) as directory:
        for number in range(repeat):
            progress(f"appending {entries:,} entries to a new log")
            runs.append(measure("log:append", directory=f"{directory}/{number}", entries=entries))
    return {"entries": entries, "log": figures(runs) | runs[-1].found}
