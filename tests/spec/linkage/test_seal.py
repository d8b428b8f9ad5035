"""The seal of a registry file: hashed once, not again while it is as it was, and always when it is not."""

from __future__ import annotations

import json
import os

import pytest

from comity.case.errors import Integrity
from comity.linkage import seal
from comity.linkage.seal import SEAL_FILE, demand_unchanged, digest_of
from comity.workspace import file_digest


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "registry.duckdb"
    path.write_bytes(b"an index")
    return path


@pytest.fixture
def hashed(monkeypatch):
    """The files that were hashed; every change counts as older than the file system's tick."""
    paths = []
    monkeypatch.setattr(seal, "file_digest", lambda path: (paths.append(path), file_digest(path))[1])
    monkeypatch.setattr(seal, "_TICK_NS", -(10**18))
    return paths


def test_a_file_that_is_as_it_was_sealed_is_not_hashed_again(file, hashed):
    digest = digest_of(file)
    demand_unchanged(file, digest)
    demand_unchanged(file, digest)
    assert hashed == [file]


def test_a_flipped_bit_is_found(file, hashed):
    digest = digest_of(file)
    facts = file.stat()
    file.write_bytes(b"an indey")
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    with pytest.raises(Integrity, match="REGISTRY_CHANGED"):
        demand_unchanged(file, digest)
    assert len(hashed) == 2


def test_a_copy_is_hashed_once_and_then_sealed_itself(file, hashed, tmp_path):
    digest = digest_of(file)
    other = tmp_path / "restored"
    other.mkdir()
    for name in (file.name, SEAL_FILE):
        (other / name).write_bytes((tmp_path / name).read_bytes())
    demand_unchanged(other / file.name, digest)
    demand_unchanged(other / file.name, digest)
    assert len(hashed) == 2


def test_a_file_that_changed_within_the_tick_of_the_clock_is_never_sealed(file, monkeypatch):
    monkeypatch.setattr(seal, "_TICK_NS", 10**18)
    digest_of(file)
    assert not (file.parent / SEAL_FILE).exists()


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"digest": "' + "0" * 64 + '"}'])
def test_a_seal_that_is_none_is_not_believed(file, hashed, written):
    (file.parent / SEAL_FILE).write_text(written, encoding="utf-8")
    demand_unchanged(file, file_digest(file))
    assert hashed == [file]


def test_a_seal_of_another_digest_is_refused_like_another_file(file, hashed):
    digest = digest_of(file)
    held = json.loads((file.parent / SEAL_FILE).read_text(encoding="utf-8"))
    (file.parent / SEAL_FILE).write_text(json.dumps(held | {"digest": "0" * 64}), encoding="utf-8")
    with pytest.raises(Integrity, match="REGISTRY_CHANGED"):
        demand_unchanged(file, digest)


def test_a_file_that_is_gone_is_refused(file):
    digest = digest_of(file)
    file.unlink()
    with pytest.raises(Integrity, match="REGISTRY_CHANGED"):
        demand_unchanged(file, digest)
