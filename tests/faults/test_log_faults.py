"""Whatever breaks while the log is written or kept, nothing under a checkpoint is lost, and every damage is found."""

from __future__ import annotations

import errno
import os
from hashlib import sha256
from pathlib import Path
from threading import Lock

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from comity.accounting.audit import audit
from comity.accounting.checkpoint import ED25519, Checkpoint, NoteKey, Signer, Verifier, sign_note
from comity.accounting.errors import LogError
from comity.accounting.log import Log

PRIVATE = Ed25519PrivateKey.from_private_bytes(sha256(b"log of the fault tests").digest())
KEY = NoteKey("log.example/faults", ED25519, PRIVATE.public_key().public_bytes_raw())


def verifies(message: bytes, signature: bytes) -> bool:
    try:
        PRIVATE.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


VERIFIER, SIGNER = Verifier(KEY, verifies), Signer(KEY, PRIVATE.sign)
BEFORE = [b"before %d" % index for index in range(250)]
LEAVES = [b"leaf %d" % index for index in range(300)]


class Killed(BaseException):
    """Stands for the process's end: nothing in the shipped code may catch it."""


def grown_log(directory: Path) -> Log:
    log = Log.create(directory, VERIFIER, SIGNER)
    log.append(BEFORE)
    return log


class Countdown:
    """Lets `left` calls of the operating system pass, then stops the process in its stead."""

    def __init__(self, left: int, stop: BaseException) -> None:
        self.left, self.stop = left, stop
        self.counting = Lock()

    def guard(self, monkeypatch, owner, name: str) -> None:
        real = getattr(owner, name)

        def guarded(*args, **kwargs):
            # Files are synced several at a time.
            with self.counting:
                self.left -= 1
                if self.left < 0:
                    raise self.stop
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, guarded)


WRITES = [(os, "fsync"), (Path, "replace"), (Path, "mkdir"), (Path, "open")]


def append_stopping_after(log: Log, calls: int, stop: BaseException, monkeypatch) -> bool:
    """Append, stopped at the given write; say whether it came to an end before that."""
    with monkeypatch.context() as patch:
        countdown = Countdown(calls, stop)
        for owner, name in WRITES:
            countdown.guard(patch, owner, name)
        try:
            log.append(LEAVES, at=len(BEFORE))
        except (Killed, LogError):
            return False
    return True


def writes_of_one_append(tmp_path, monkeypatch) -> int:
    log = grown_log(tmp_path / "counted")
    countdown = Countdown(10_000, Killed())
    with monkeypatch.context() as patch:
        for owner, name in WRITES:
            countdown.guard(patch, owner, name)
        log.append(LEAVES, at=len(BEFORE))
    return 10_000 - countdown.left


@pytest.mark.parametrize("stop", [Killed(), OSError(errno.ENOSPC, "No space left on device")])
def test_an_append_stopped_at_any_write_is_wholly_in_the_log_or_not_at_all(tmp_path, monkeypatch, stop):
    whole = grown_log(tmp_path / "whole")
    whole.append(LEAVES)
    sizes = set()
    for calls in range(writes_of_one_append(tmp_path, monkeypatch)):
        log = grown_log(tmp_path / f"{calls}")
        assert not append_stopping_after(log, calls, stop, monkeypatch)
        reopened = Log(log.directory, VERIFIER, SIGNER)
        size = reopened.checkpoint().size
        sizes.add(size)
        assert list(reopened.entries(0, size)) == (BEFORE + LEAVES)[:size]
        assert audit(log.directory, [VERIFIER]).size == size
        assert reopened.append(LEAVES, at=len(BEFORE)) == (250, 550)
        assert reopened.note() == whole.note()
        assert audit(log.directory, [VERIFIER]).size == 550
    # Only the last sync, after the checkpoint has its name, can fail with the leaves in the log.
    assert sizes == {250, 550}


def test_other_leaves_may_follow_where_an_append_was_stopped(tmp_path, monkeypatch):
    for calls in range(0, writes_of_one_append(tmp_path, monkeypatch) - 1, 3):
        log = grown_log(tmp_path / f"{calls}")
        append_stopping_after(log, calls, Killed(), monkeypatch)
        if log.checkpoint().size == len(BEFORE):
            others = [b"other %d" % index for index in range(280)]
            log.append(others)
            assert list(log.entries(0, 530)) == BEFORE + others
            assert audit(log.directory, [VERIFIER]).size == 530


def test_leaves_that_break_off_leave_the_log_as_it_was(tmp_path):
    log = grown_log(tmp_path / "log")

    def leaves():
        yield from LEAVES
        raise Killed

    with pytest.raises(Killed):
        log.append(leaves())
    assert log.checkpoint().size == 250
    assert log.append(LEAVES) == (250, 550)


def test_a_full_disk_is_told_with_its_code_and_without_a_path(tmp_path, monkeypatch):
    log = grown_log(tmp_path / "log")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "somewhere")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LogError) as refused:
        log.append(LEAVES)
    assert refused.value.code == "LOG_UNWRITABLE"
    assert "somewhere" not in str(refused.value)


def test_a_log_without_its_checkpoint_is_not_taken_for_an_empty_one(tmp_path):
    log = grown_log(tmp_path / "log")
    (log.directory / "checkpoint").unlink()
    for attempt in (lambda: log.append(LEAVES), lambda: Log(log.directory, VERIFIER, SIGNER)):
        with pytest.raises(LogError, match="LOG_DAMAGED"):
            attempt()


def published(log: Log) -> list[Path]:
    return sorted(path for path in (log.directory / "tile").rglob("*") if path.is_file())


@pytest.fixture
def kept(tmp_path) -> Log:
    log = grown_log(tmp_path / "log")
    log.append(LEAVES)
    return log


def test_a_flipped_bit_in_any_tile_or_bundle_is_found(kept):
    for path in published(kept):
        whole = path.read_bytes()
        for position in {0, 1, len(whole) // 2, len(whole) - 1}:
            path.write_bytes(whole[:position] + bytes([whole[position] ^ 4]) + whole[position + 1 :])
            with pytest.raises(LogError, match="LOG_DAMAGED"):
                audit(kept.directory, [VERIFIER])
        path.write_bytes(whole)
    assert audit(kept.directory, [VERIFIER]).size == 550


def test_a_truncated_lengthened_or_missing_file_is_found(kept):
    for path in published(kept):
        whole = path.read_bytes()
        for wrong in (whole[:-1], whole[:-32], b"", whole + b"\x00", whole + bytes(32), None):
            if wrong is None:
                path.unlink()
            else:
                path.write_bytes(wrong)
            with pytest.raises(LogError, match="LOG_DAMAGED"):
                audit(kept.directory, [VERIFIER])
        path.write_bytes(whole)


def test_a_flipped_bit_in_the_checkpoint_is_found(kept):
    path = kept.directory / "checkpoint"
    whole = path.read_bytes()
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        with pytest.raises(LogError):
            audit(kept.directory, [VERIFIER])
        with pytest.raises(LogError):
            Log(kept.directory, VERIFIER, SIGNER)


def test_a_checkpoint_that_signs_another_root_than_the_entries_make_is_found(kept):
    head = Checkpoint(KEY.name, 550, sha256(b"another tree").digest())
    (kept.directory / "checkpoint").write_text(sign_note(head.text, [SIGNER]), "utf-8")
    with pytest.raises(LogError, match="LOG_DAMAGED"):
        audit(kept.directory, [VERIFIER])


def test_a_truncated_tile_makes_no_proof(kept):
    path = kept.directory / "tile/0/000"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(LogError, match="LOG_DAMAGED"):
        kept.inclusion(0, 550)


def test_every_file_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    log = grown_log(tmp_path / "log")
    synced, named = set(), []
    sync, replace = os.fsync, Path.replace

    def watched_sync(descriptor):
        sync(descriptor)
        synced.add(os.fstat(descriptor).st_ino)

    def watched_replace(path, target):
        assert path.stat().st_ino in synced
        named.append(Path(target).name)
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    log.append(LEAVES)
    assert named[-1] == "checkpoint"
    assert named.count("checkpoint") == 1


def test_a_damaged_right_edge_is_not_grown(kept):
    path = kept.directory / "tile/0/002.p/38"
    whole = path.read_bytes()
    path.write_bytes(bytes(32) + whole[32:])
    for attempt in (lambda: Log(kept.directory, VERIFIER, SIGNER), lambda: kept.append([b"one"])):
        with pytest.raises(LogError, match="LOG_DAMAGED"):
            attempt()
    path.write_bytes(whole)
    assert kept.append([b"one"]) == (550, 551)


def test_an_older_checkpoint_put_back_is_a_smaller_log_and_the_state_notices(tmp_path):
    log = grown_log(tmp_path / "log")
    older = log.note()
    log.append(LEAVES)
    (log.directory / "checkpoint").write_text(older, "utf-8")
    with pytest.raises(LogError, match="LOG_TOO_SHORT"):
        log.append([b"next"], at=550)


def test_a_leaf_changed_in_its_bundle_is_noticed_when_it_is_hashed(kept):
    path = kept.directory / "tile/entries/000"
    path.write_bytes(path.read_bytes().replace(b"before 7", b"before 9", 1))
    with pytest.raises(LogError, match="LOG_DAMAGED"):
        kept.leaf_hash(7)
