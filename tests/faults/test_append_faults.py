"""Where an append breaks, whether its leaves are in the log all the same, and that the log goes on: as a table."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from comity.accounting import log as appending
from comity.accounting.audit import audit
from comity.accounting.checkpoint import Signer
from comity.accounting.errors import LogError
from comity.accounting.log import Log
from tests.faults.test_log_faults import BEFORE, KEY, LEAVES, SIGNER, VERIFIER, Killed, grown_log

FULL = OSError(errno.ENOSPC, "No space left on device")
WHOLE = len(BEFORE) + len(LEAVES)


@dataclass(frozen=True)
class Break:
    """A call of `owner.name` that fails, the first whose arguments fit `when`."""

    owner: Any
    name: str
    when: Callable[..., bool] = lambda *_: True


def into_staging(path: Path, *_: object) -> bool:
    return path.parent.name == ".staging"


def of_a_folder(descriptor: int) -> bool:
    return stat.S_ISDIR(os.fstat(descriptor).st_mode)


def names_a_tile(_: Path, target: Path) -> bool:
    return "tile" in target.parts


def names_the_checkpoint(_: Path, target: Path) -> bool:
    return target.name == "checkpoint"


# Where it breaks, and whether the leaves are in the log then.
TABLE = {
    "a tile is put aside": (Break(Path, "write_bytes", into_staging), False),
    "a tile is not on the disk": (Break(os, "fsync"), False),
    "a tile gets its name": (Break(Path, "replace", names_a_tile), False),
    "a folder's names are not on the disk": (Break(os, "fsync", of_a_folder), False),
    "the checkpoint is signed": (Break(appending, "sign_note"), False),
    "the checkpoint gets its name": (Break(Path, "replace", names_the_checkpoint), False),
    "what was outgrown is removed": (Break(appending, "rmtree"), True),
}


def broken(monkeypatch: pytest.MonkeyPatch, place: Break, stop: BaseException) -> None:
    real, done = getattr(place.owner, place.name), []

    def call(*arguments: Any, **named: Any) -> Any:
        if not done and place.when(*arguments):
            done.append(place.name)
            raise stop
        return real(*arguments, **named)

    monkeypatch.setattr(place.owner, place.name, call)


@pytest.mark.parametrize("where", TABLE)
@pytest.mark.parametrize("stop", [Killed(), FULL], ids=["killed", "disk full"])
def test_an_append_that_breaks_is_told_and_the_log_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, stop: BaseException
) -> None:
    log = grown_log(tmp_path / "log")
    place, persisted = TABLE[where]
    with monkeypatch.context() as patch:
        broken(patch, place, stop)
        with pytest.raises((Killed, LogError)) as told:
            log.append(LEAVES)
    if isinstance(stop, OSError):
        assert told.value.code == "LOG_UNWRITABLE"
    assert log.checkpoint().size == (WHOLE if persisted else len(BEFORE))
    assert log.append(LEAVES, at=len(BEFORE)) == (len(BEFORE), WHOLE)
    assert list(log.entries(0, WHOLE)) == BEFORE + LEAVES
    assert audit(log.directory, [VERIFIER]).size == WHOLE


def test_an_append_whose_last_sync_fails_is_told_as_failed_and_may_be_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, after = grown_log(tmp_path / "log"), []
    replace, sync = Path.replace, os.fsync

    def named(path: Path, target: Path) -> Path:
        after.extend(["the checkpoint has its name"] * (target.name == "checkpoint"))
        return replace(path, target)

    def synced(descriptor: int) -> None:
        if after:
            raise FULL
        sync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", named)
        patch.setattr(os, "fsync", synced)
        with pytest.raises(LogError, match="LOG_UNWRITABLE"):
            log.append(LEAVES)
    # Whoever knows where the leaves begin finds out, and nothing is there twice.
    assert log.append(LEAVES, at=len(BEFORE)) == (len(BEFORE), WHOLE)
    assert audit(log.directory, [VERIFIER]).size == WHOLE


def test_a_signature_that_is_not_the_logs_own_is_not_published(tmp_path: Path) -> None:
    log = grown_log(tmp_path / "log")
    faulty = Log(log.directory, VERIFIER, Signer(KEY, lambda _: bytes(64)))
    with pytest.raises(LogError, match="NOTE_SIGNATURE_WRONG"):
        faulty.append(LEAVES)
    assert log.append(LEAVES, at=len(BEFORE)) == (len(BEFORE), WHOLE)


def test_leaves_that_raise_leave_nothing_aside_for_the_next_append(tmp_path: Path) -> None:
    log = grown_log(tmp_path / "log")

    def leaves() -> Iterator[bytes]:
        yield from LEAVES
        raise Killed

    with pytest.raises(Killed):
        log.append(leaves())
    assert Log(log.directory, VERIFIER, SIGNER).append([b"one"]) == (250, 251)
    assert list((log.directory / ".staging").iterdir()) == []
