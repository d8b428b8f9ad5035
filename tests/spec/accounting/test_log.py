"""The log grows only forward, publishes what its checkpoint signs, and repeats an append without repeating a leaf."""

from __future__ import annotations

import fcntl
from pathlib import Path
from threading import Thread

import pytest

from comity.accounting.audit import audit
from comity.accounting.errors import LogError
from comity.accounting.log import Log
from comity.accounting.tree import leaf_hash, verify_consistency, verify_inclusion

ORIGIN = "log.agency.example/accounting"


def leaves_of(count: int, first: int = 0) -> list[bytes]:
    return [b'{"leaf":%d}' % index for index in range(first, first + count)]


def files_of(log: Log) -> set[str]:
    return {str(path.relative_to(log.directory)) for path in log.directory.rglob("*") if path.is_file()} - {".lock"}


def test_a_new_log_is_empty_and_signed(log):
    assert log.checkpoint().size == 0
    assert log.note().startswith(f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u2014 {ORIGIN} ")


def test_a_log_is_not_made_over_another(log, keys):
    with pytest.raises(LogError, match="LOG_EXISTS"):
        Log.create(log.directory, keys.verifier(ORIGIN), keys.signer(ORIGIN))


def test_what_is_appended_can_be_read_and_audited(log, keys):
    assert log.append(leaves_of(600)) == (0, 600)
    assert log.append(leaves_of(3, 600)) == (600, 603)
    assert list(log.entries(0, 603)) == leaves_of(603)
    assert list(log.entries(250, 520)) == leaves_of(270, 250)
    assert log.leaf_hash(602) == leaf_hash(leaves_of(1, 602)[0])
    checked = audit(log.directory, [keys.verifier(ORIGIN)])
    assert (checked.origin, checked.size, checked.root) == (ORIGIN, 603, log.checkpoint().root)


def test_a_log_that_is_grown_leaf_by_leaf_is_the_one_grown_at_once(log, tmp_path, keys):
    other = Log.create(tmp_path / "other", keys.verifier(ORIGIN), keys.signer(ORIGIN))
    other.append(leaves_of(520))
    for first, last in [(0, 1), (1, 2), (2, 255), (255, 256), (256, 257), (257, 519), (519, 520)]:
        log.append(leaves_of(last - first, first))
    assert log.note() == other.note()
    assert {name for name in files_of(other) if "tile" in name} <= files_of(log)


def test_the_files_of_a_log_are_those_that_the_specification_names(log):
    log.append(leaves_of(300))
    assert files_of(log) == {
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/44",
    }


def test_partial_files_give_way_to_the_full_one(log):
    log.append(leaves_of(200))
    note = log.note()
    log.append(leaves_of(60, 200))
    assert not any("000.p/200" in name for name in files_of(log))
    assert verify_inclusion(leaf_hash(leaves_of(1)[0]), 0, 200, log.inclusion(0, 200), log.verified(note).root)


def test_an_append_can_be_repeated_by_who_says_where_it_stands(log):
    assert log.append(leaves_of(300), at=0) == (0, 300)
    note = log.note()
    assert log.append(leaves_of(300), at=0) == (0, 300)
    assert log.append(leaves_of(50, 100), at=100) == (100, 150)
    assert log.note() == note
    assert log.append(leaves_of(10, 295), at=295) == (295, 305)
    assert list(log.entries(0, 305)) == leaves_of(305)


def test_nothing_is_appended_when_log_and_state_disagree(log):
    log.append(leaves_of(5))
    for leaves, at in [(leaves_of(1), 6), ([b"other"], 4), ([*leaves_of(4), b"other", b"more"], 0), (leaves_of(1), -1)]:
        with pytest.raises(LogError, match=r"LEAF_DIFFERS|LOG_TOO_SHORT"):
            log.append(leaves, at=at)
    assert log.checkpoint().size == 5


def test_no_leaves_leave_the_log_as_it_is(log):
    note = log.note()
    assert log.append([]) == (0, 0)
    assert log.note() == note


def test_a_leaf_that_is_too_large_leaves_the_log_as_it_is(log):
    with pytest.raises(LogError, match="LEAF_TOO_LARGE"):
        log.append([*leaves_of(300), bytes(70_000)])
    assert log.checkpoint().size == 0
    log.append(leaves_of(2))
    assert list(log.entries(0, 2)) == leaves_of(2)


def test_earlier_checkpoints_are_proven_to_be_of_the_same_log(log):
    heads = []
    for count in (1, 254, 2, 300, 1):
        log.append(leaves_of(count, log.checkpoint().size))
        heads.append(log.checkpoint())
    for old in heads:
        for new in heads[heads.index(old) :]:
            proof = log.consistency(old.size, new.size)
            assert verify_consistency(old.size, new.size, proof, old.root, new.root)
            path = log.inclusion(0, new.size)
            assert verify_inclusion(log.leaf_hash(0), 0, new.size, path, new.root)


def test_nothing_is_proven_beyond_the_checkpoint(log):
    log.append(leaves_of(3))
    for ask in (lambda: log.inclusion(0, 4), lambda: log.consistency(1, 4), lambda: log.range(0, 1, 4)):
        with pytest.raises(LogError, match="LOG_RANGE"):
            ask()
    with pytest.raises(LogError, match="LOG_RANGE"):
        list(log.entries(0, 4))


def test_without_a_signer_the_log_is_read_only(log, keys):
    log.append(leaves_of(3))
    reader = Log(log.directory, keys.verifier(ORIGIN))
    assert list(reader.entries(0, 3)) == leaves_of(3)
    with pytest.raises(LogError, match="LOG_READ_ONLY"):
        reader.append(leaves_of(1))


def test_a_checkpoint_that_another_key_signed_does_not_open_the_log(log, keys):
    with pytest.raises(LogError, match="NOTE_UNSIGNED"):
        Log(log.directory, keys.verifier("other.example"))


def test_the_lock_is_held_while_leaves_are_appended(log):
    refused = []

    def leaves():
        with (log.directory / ".lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                refused.append(True)
        yield b"leaf"

    log.append(leaves())
    assert refused == [True]


def test_appenders_at_the_same_time_lose_no_leaf(log, keys):
    again = Log(log.directory, keys.verifier(ORIGIN), keys.signer(ORIGIN))
    threads = [
        Thread(target=lambda one=one, name=name: [one.append([name + b"%d" % i]) for i in range(40)])
        for one, name in ((log, b"a"), (again, b"b"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = list(log.entries(0, 80))
    assert sorted(held) == sorted([b"a%d" % i for i in range(40)] + [b"b%d" % i for i in range(40)])
    assert audit(log.directory, [keys.verifier(ORIGIN)]).size == 80


def test_a_readers_view_does_not_depend_on_where_the_log_stands(log, keys, tmp_path):
    log.append(leaves_of(300))
    published = tmp_path / "www"
    for name in files_of(log):
        target = published / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((Path(log.directory) / name).read_bytes())
    assert audit(published, [keys.verifier(ORIGIN)]).size == 300
