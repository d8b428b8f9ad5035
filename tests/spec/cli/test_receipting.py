"""A receipt is one file: it verifies in an empty folder, says what it is about, and opens nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from comity.accounting.checkpoint import ED25519, NoteKey
from comity.accounting.leaf import read_leaf
from comity.case.errors import ComityError, Integrity
from comity.crypto import Ed25519Key, canonical
from comity.office import acts
from comity.oversight.receipt import verify_one
from tests.spec.cli.terminal import Terminal, error_of, typed
from tests.world import World

ROW = 7


def entries(world: World) -> dict[int, tuple[str, bytes, str, bytes]]:
    """By row, what opens each entry: the outer body with its salt, the inner body with its."""
    intended = world.office.batch(world.batch).intended
    assert intended
    path = world.office.vault.artefact(world.batch, intended.accounting).path
    with duckdb.connect() as con:
        sql = f"SELECT row_number, outer_body, outer_salt, inner_body, inner_salt FROM '{path}'"
        return {row: tuple(opens) for row, *opens in con.execute(sql).fetchall()}


@pytest.fixture
def written(sealed: World, at: Callable[[World], Terminal], tmp_path: Path) -> Callable[..., Path]:
    """Write a receipt by typing the command."""

    def write(*words: object, name: str = "one.receipt") -> Path:
        out = tmp_path / name
        result = at(sealed).office("log", "receipt", *words, "--out", out, officer="counsel")
        assert result.exit_code == 0, result.output
        return out

    return write


def test_a_receipt_verifies_in_an_empty_folder_with_nothing_else(
    sealed: World, written: Callable[..., Path], tmp_path: Path
) -> None:
    receipt = written(sealed.batch, ROW)
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "one.receipt").write_bytes(receipt.read_bytes())
    key = sealed.office.home.note_key().vkey
    words = [sys.executable, "-m", "comity.cli", "verify-receipt", "one.receipt", "--key", key, "--json"]
    program = "from comity.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *words[3:]],
        cwd=empty,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", ""), "HOME": str(empty)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)["says"]
    assert said["entry"] == f"{sealed.batch}/1/{ROW}"
    assert said["answer"] in ("CONFIRMED", "NO_DISCLOSURE")
    assert [path.name for path in empty.iterdir()] == ["one.receipt"]


def test_a_receipt_of_a_request_opens_its_outer_body_and_no_other_entry(
    sealed: World, written: Callable[..., Path]
) -> None:
    text = written(sealed.batch, ROW).read_text("utf-8")
    opened = entries(sealed)
    outer, salt, inner, inner_salt = opened.pop(ROW)
    assert opened
    assert json.loads(text)["leaves"][0]["opened"]["body"] == outer
    assert salt.hex() in text
    assert inner_salt.hex() not in text
    assert json.dumps(inner)[1:-1] not in text
    for other_outer, other_salt, _, other_inner_salt in opened.values():
        assert other_salt.hex() not in text
        assert other_inner_salt.hex() not in text
        assert json.dumps(other_outer)[1:-1] not in text


def test_a_receipt_of_a_batch_says_what_became_of_its_intent(sealed: World, written: Callable[..., Path]) -> None:
    found = verify_one(written(sealed.batch).read_bytes(), sealed.office.home.note_key().vkey)
    assert found.says["batch"] == sealed.batch
    assert found.says["entries"] == 120
    assert found.says["outcome"][0].startswith("sealed")
    assert "120" in found.sentence()


def test_a_receipt_of_a_hold_names_its_order(sealed: World, written: Callable[..., Path]) -> None:
    sealed.hold()
    acts.confirm_hold(sealed.office, sealed.actor("counsel"), "H1")
    found = verify_one(written("--hold", "H1").read_bytes())
    assert found.says["order_docket"] == "1:26-cv-00001"
    assert [act.split()[0] for act in found.says["acts"]] == ["placed", "confirmed"]


def test_a_receipt_of_nothing_is_refused(signed: World, at: Callable[[World], Terminal], tmp_path: Path) -> None:
    terminal, out = at(signed), ("--out", tmp_path / "none")
    assert terminal.refused("log", "receipt", signed.batch, ROW, *out, officer="counsel") == (3, "OUT_OF_ORDER")
    assert terminal.refused("log", "receipt", "--hold", "H1", *out, officer="counsel") == (5, "HOLD_UNKNOWN")
    assert terminal.refused("log", "receipt", *out, officer="counsel") == (2, "RECEIPT_OF_WHAT")
    signed.release()
    assert terminal.refused("log", "receipt", signed.batch, ROW, *out, officer="operator") == (3, "RIGHT_MISSING")
    assert terminal.refused("log", "receipt", signed.batch, 999, *out, officer="counsel") == (5, "ROW_UNKNOWN")
    assert not (tmp_path / "none").exists()


def test_a_flipped_bit_anywhere_in_a_receipt_is_found(sealed: World, written: Callable[..., Path]) -> None:
    key = sealed.office.home.note_key().vkey
    sealed.hold()
    for words in ((sealed.batch, ROW), (sealed.batch,), ("--hold", "H1")):
        whole = written(*words, name=f"{len(words)}{words[0]}").read_bytes()
        verify_one(whole, key)
        for position in range(len(whole)):
            damaged = bytearray(whole)
            damaged[position] ^= 1 << (position % 8)
            with pytest.raises(ComityError):
                verify_one(bytes(damaged), key)


def test_the_receipt_of_another_log_or_a_body_of_another_entry_is_refused(
    sealed: World, written: Callable[..., Path], tmp_path: Path
) -> None:
    one, other = (written(sealed.batch, row, name=f"{row}") for row in (1, 2))
    said, stolen = (json.loads(path.read_bytes()) for path in (one, other))
    assert read_leaf(said["leaves"][0]["leaf"].encode()) != read_leaf(stolen["leaves"][0]["leaf"].encode())
    said["leaves"][0]["opened"] = stolen["leaves"][0]["opened"]
    (tmp_path / "mixed").write_text(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    wrong = typed("verify-receipt", tmp_path / "mixed", "--json")
    assert (wrong.exit_code, error_of(wrong)["code"]) == (6, "RECEIPT_FAILS")
    (tmp_path / "policy").write_text("log example.org/x+ABCDEF\n")
    assert typed("verify-receipt", one, "--policy", tmp_path / "policy").exit_code == 6
    assert typed("verify-receipt", one, "--policy", _policy(sealed, tmp_path)).exit_code == 0


def test_a_policy_does_not_stand_in_for_the_key_that_the_reader_was_given(
    sealed: World, written: Callable[..., Path], tmp_path: Path
) -> None:
    other = NoteKey("another.example", ED25519, Ed25519Key.generate().public_bytes)
    said = json.loads(written(sealed.batch, ROW).read_bytes()) | {"log_key": other.vkey}
    claimed = canonical(said)
    policy = _policy(sealed, tmp_path).read_bytes()
    assert verify_one(claimed, policy=policy).about == "request"
    with pytest.raises(Integrity):
        verify_one(claimed, other.vkey, policy)


def _policy(world: World, place: Path) -> Path:
    (place / "own").write_text(f"log {world.office.home.note_key().vkey}\nquorum none\n")
    return place / "own"
