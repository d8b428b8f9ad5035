"""The seal of a registry file: by what the file system says, whether it is still the file whose digest was computed."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from comity.case.errors import Integrity
from comity.workspace import file_digest

SEAL_FILE = "registry.seal"

# A change within the same tick of the file system's clock could not be told by its times.
_TICK_NS = 100_000_000


def digest_of(path: Path) -> str:
    """Hex SHA-256 of the registry file at `path`, computed in full, and its seal written beside it.

    The seal holds device, inode, size and the times of the last change of the content and of the inode. Where it
    cannot be written, the digest is computed every time. What it protects against and what not: decision 0008.
    """
    seal = path.parent / SEAL_FILE
    draft = seal.with_name(f".{SEAL_FILE}-{os.getpid()}")
    before, started = _facts(path), 0
    with suppress(OSError):
        draft.touch(0o600)
        started = draft.stat().st_mtime_ns
    digest = file_digest(path)
    unchanged = _facts(path) == before and started - before["ctime_ns"] > _TICK_NS
    with suppress(OSError):
        if unchanged:
            draft.write_text(json.dumps({"digest": digest, **before}, sort_keys=True), encoding="utf-8")
            draft.replace(seal)
        else:
            draft.unlink()
    return digest


def sealed_digest(path: Path) -> str:
    """Hex SHA-256 of the registry file at `path`: as its seal says while the file is as it was sealed, else in full."""
    seal = _seal(path)
    return str(seal["digest"]) if seal == {**_facts(path), "digest": seal.get("digest")} else digest_of(path)


def _seal(path: Path) -> dict[str, Any]:
    try:
        seal = json.loads((path.parent / SEAL_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return seal if isinstance(seal, dict) else {}


def demand_unchanged(path: Path, digest: str) -> None:
    """Raises Integrity `REGISTRY_CHANGED` unless the file at `path` is the one of that digest."""
    if not path.exists() or sealed_digest(path) != digest:
        raise changed()


def changed() -> Integrity:
    """The error of a registry file that is gone or another."""
    return Integrity(
        "REGISTRY_CHANGED",
        "The registry file is not the one that this batch was pinned to.",
        "Restore it from the backup, or build it again and link against the new one.",
    )


def _facts(path: Path) -> dict[str, int]:
    found = path.stat()
    return {
        "device": found.st_dev,
        "inode": found.st_ino,
        "size": found.st_size,
        "mtime_ns": found.st_mtime_ns,
        "ctime_ns": found.st_ctime_ns,
    }
