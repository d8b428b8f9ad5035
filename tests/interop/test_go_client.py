"""A client that we did not write verifies our log: the Go checksum database's `sumdb/note` and `sumdb/tlog`."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from comity.accounting import Log
from comity.accounting.add_checkpoint import AddCheckpoint
from comity.accounting.checkpoint import ED25519, NoteKey, Signer
from comity.accounting.verifying import note_verifier
from comity.crypto import Ed25519Key, sign_ed25519
from tests.witnesses import made, serving
from tests.world import World

PROGRAM = Path(__file__).with_name("verify.go")
PACKAGES = Path("/usr/share/gocode")
MOD = PACKAGES / "src" / "golang.org" / "x" / "mod" / "sumdb"


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program, built from Debian's packages, without a network."""
    if shutil.which("go") is None or not MOD.exists():
        pytest.skip("Go and its module golang.org/x/mod are not installed: golang-go, golang-golang-x-mod-dev")
    place = tmp_path_factory.mktemp("go")
    environment = {"GO111MODULE": "off", "GOPATH": str(PACKAGES), "GOCACHE": str(place / "cache"), "GOPROXY": "off"}
    subprocess.run(
        ["go", "build", "-o", place / "verify", PROGRAM], env=os.environ | environment, check=True, capture_output=True
    )
    return place / "verify"


def found(verifier: Path, log: Path, vkey: str, older: Path, index: int) -> str:
    """What the client prints, or the words with which it refuses."""
    done = subprocess.run([verifier, log, vkey, older, str(index)], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else f"refused: {done.stderr.strip()}"


class Sample:
    """A log of some size with an older checkpoint of its own."""

    def __init__(self, place: Path, old: int, new: int) -> None:
        private = Ed25519Key.generate()
        self.key = NoteKey("log.example/interop", ED25519, private.public_bytes)
        signer = Signer(self.key, lambda content: sign_ed25519(private, content))
        self.log = Log.create(place / "log", note_verifier(self.key), signer)
        self.log.append(self.leaf(index) for index in range(old))
        self.older = place / "older"
        self.older.write_text(self.log.note(), "utf-8")
        self.log.append(self.leaf(index) for index in range(old, new))

    def leaf(self, index: int) -> bytes:
        return b"record %d" % index

    def read_by(self, verifier: Path, index: int) -> str:
        return found(verifier, self.log.directory, self.key.vkey, self.older, index)


@pytest.mark.parametrize(("old", "new"), [(1, 1), (1, 2), (200, 256), (255, 257), (512, 770), (300, 66_000)])
def test_an_independent_client_verifies_inclusion_and_consistency(
    tmp_path: Path, verifier: Path, old: int, new: int
) -> None:
    sample = Sample(tmp_path, old, new)
    for index in {0, old - 1, new // 2, new - 1}:
        assert sample.read_by(verifier, index) == f"{new} {old} {sample.leaf(index).hex()}"


def test_an_independent_client_verifies_the_log_of_an_office_under_its_witnesses_lines(
    tmp_path: Path, verifier: Path, sealed: World
) -> None:
    log, key = sealed.office.log, sealed.office.home.note_key()
    older = tmp_path / "older"
    older.write_text(log.note(), "utf-8")
    with serving(made(tmp_path / "w1", key)) as witness:
        status, lines = witness.add(AddCheckpoint(0, (), log.note()).body)
    assert status == 200
    log.publish_cosigned(log.note() + lines.decode())
    size = log.checkpoint().size
    for index in (0, size // 2, size - 1):
        [leaf] = log.entries(index, index + 1)
        assert found(verifier, log.directory, key.vkey, older, index) == f"{size} {size} {leaf.hex()}"


# Where a bit is flipped: the hash of the record's sibling, the right edge, the record, the size in the checkpoint.
TAMPERED = [
    ("tile/0/000", 37, "inclusion"),
    ("tile/0/002.p/88", 5, "tiles"),
    ("tile/1/000.p/2", 5, "tiles"),
    ("tile/entries/000", 5, "inclusion"),
    ("checkpoint", len("log.example/interop\n"), "checkpoint"),
]


@pytest.mark.parametrize(("file", "at", "refused"), TAMPERED)
def test_an_independent_client_refuses_a_log_that_was_tampered_with(
    tmp_path: Path, verifier: Path, file: str, at: int, refused: str
) -> None:
    sample = Sample(tmp_path, 500, 600)
    path = sample.log.directory / file
    content = path.read_bytes()
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    assert sample.read_by(verifier, 0).startswith(f"refused: {refused}")


def test_an_independent_client_refuses_an_older_checkpoint_of_another_history(tmp_path: Path, verifier: Path) -> None:
    sample = Sample(tmp_path / "one", 500, 600)
    other = Sample(tmp_path / "two", 500, 600)
    assert found(verifier, sample.log.directory, sample.key.vkey, other.older, 0).startswith(
        "refused: older checkpoint"
    )
    fork = Log.create(tmp_path / "fork", note_verifier(sample.key), sample.log._signer)
    fork.append(b"other %d" % index for index in range(500))
    sample.older.write_text(fork.note(), "utf-8")
    assert sample.read_by(verifier, 0).startswith("refused: consistency")
