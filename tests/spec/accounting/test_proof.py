"""A .tlog-proof convinces of one leaf without the log, and of no other."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from comity.accounting.errors import LogError
from comity.accounting.policy import parse_policy
from comity.accounting.proof import TlogProof, parse_proof, verify_proof

ORIGIN = "log.agency.example/accounting"
NO_WITNESS = parse_policy(b"quorum none\n")
LEAVES = [b"leaf %d" % index for index in range(300)]


@pytest.fixture
def proof(log) -> TlogProof:
    log.append(LEAVES)
    return log.prove(257, log.note())


def test_a_proof_is_the_text_that_the_specification_shows(proof):
    head, _, note = proof.text.partition("\n\n")
    lines = head.split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 257"]
    assert all(re.fullmatch(r"[A-Za-z0-9+/]{43}=", line) for line in lines[2:])
    assert note == proof.note


def test_a_proof_is_read_back_with_its_extra_data(proof):
    assert parse_proof(proof.text) == proof
    with_extra = replace(proof, extra=b"\x01\x02")
    assert "\nextra AQI=\nindex 257\n" in with_extra.text
    assert parse_proof(with_extra.text) == with_extra


def test_a_proof_of_the_only_leaf_has_no_path(log, keys):
    log.append([b"one"])
    proof = log.prove(0, log.note())
    assert "index 0\n\n" in proof.text
    assert verify_proof(parse_proof(proof.text), b"one", [keys.verifier(ORIGIN)], NO_WITNESS).size == 1


def test_a_proof_convinces_of_its_leaf(proof, keys):
    head = verify_proof(parse_proof(proof.text), LEAVES[257], [keys.verifier(ORIGIN)], NO_WITNESS)
    assert head.size == 300


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: replace(proof, index=256),
        lambda proof: replace(proof, index=300),
        lambda proof: replace(proof, path=proof.path[:-1]),
        lambda proof: replace(proof, path=(*proof.path, bytes(32))),
        lambda proof: replace(proof, path=(bytes(32), *proof.path[1:])),
    ],
)
def test_a_changed_proof_convinces_of_nothing(proof, keys, change):
    with pytest.raises(LogError, match="PROOF_FAILS"):
        verify_proof(change(proof), LEAVES[257], [keys.verifier(ORIGIN)], NO_WITNESS)


def test_a_proof_does_not_convince_of_another_leaf(proof, keys):
    with pytest.raises(LogError, match="PROOF_FAILS"):
        verify_proof(proof, LEAVES[256], [keys.verifier(ORIGIN)], NO_WITNESS)


def test_a_proof_under_another_logs_checkpoint_is_not_believed(proof, keys):
    with pytest.raises(LogError, match="NOTE_UNSIGNED"):
        verify_proof(proof, LEAVES[257], [keys.verifier("other.example")], NO_WITNESS)


def test_a_proof_without_its_witness_is_not_believed(proof, keys):
    policy = parse_policy(f"witness W {keys.key('w.example', 4).vkey}\nquorum W\n".encode())
    verifiers = [keys.verifier(ORIGIN), keys.verifier("w.example", 4)]
    with pytest.raises(LogError, match="QUORUM_NOT_MET"):
        verify_proof(proof, LEAVES[257], verifiers, policy)
    witnessed = replace(proof, note=keys.cosign(proof.note, "w.example"))
    assert verify_proof(witnessed, LEAVES[257], verifiers, policy).size == 300


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("@v1", "@v2"),
        lambda text: text.replace("index 257", "index 0257"),
        lambda text: text.replace("index 257", "index -1"),
        lambda text: text.replace("index 257\n", ""),
        lambda text: text.replace("index 257", "extra !\nindex 257"),
        lambda text: text.replace("=\n\n", "\n\n", 1),
        lambda text: text.replace("index 257\n", "index 257\nAQI=\n"),
        lambda text: text.replace("\n\n", "\n"),
        lambda text: "",
    ],
)
def test_what_is_no_proof_is_refused(proof, change):
    with pytest.raises(LogError, match="PROOF_MALFORMED"):
        parse_proof(change(proof.text))
