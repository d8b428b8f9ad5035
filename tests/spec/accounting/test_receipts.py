"""A receipt carries evidence, not trust: whoever relies on it hashes the leaves again, and no forgery survives that."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from comity.accounting.errors import LogError
from comity.accounting.leaf import RequestLeaf, StageLeaf, commit
from comity.accounting.policy import parse_policy
from comity.accounting.receipts import Receipt, make_receipt, read_receipt, verify_receipt

ORIGIN = "log.agency.example/accounting"
GOLDEN = Path(__file__).parent / "golden" / "receipt.json"
NO_WITNESS = parse_policy(b"quorum none\n")
LEAVES = [RequestLeaf(commit(b"o", b"%d" % n), commit(b"i", b"%d" % n)).encode() for n in range(300)]
INTENDED = StageLeaf("intended", "01JAB0XQ6W3V5T8N2M4K7R9D1F", commit(b"s", b"events")).encode()


@pytest.fixture
def receipt(log) -> Receipt:
    log.append([b"earlier %d" % index for index in range(5)])
    log.append([*LEAVES, INTENDED])
    log.append([b"later"])
    return make_receipt(log, 5, 305, 305)


@pytest.fixture
def verify(keys):
    def verify(receipt, leaves=LEAVES, intended=INTENDED, policy=NO_WITNESS):
        return verify_receipt(receipt, iter(leaves), intended, [keys.verifier(ORIGIN)], policy)

    return verify


def test_the_leaves_of_a_batch_are_found_under_the_signed_checkpoint(receipt, verify):
    head = verify(receipt)
    assert (head.origin, head.size) == (ORIGIN, 307)


def test_a_receipt_is_its_golden_file_and_reads_back(receipt):
    assert receipt.encode() == GOLDEN.read_bytes()
    assert read_receipt(GOLDEN.read_bytes()) == receipt


def test_a_receipt_that_came_through_files_verifies(receipt, verify):
    assert verify(read_receipt(receipt.encode())).size == 307


def test_no_receipt_is_made_when_the_intent_is_not_after_the_leaves(receipt, log):
    for start, end, intended in [(5, 305, 304), (5, 5, 306), (305, 5, 306), (-1, 5, 306)]:
        with pytest.raises(LogError, match="RECEIPT_RANGE"):
            make_receipt(log, start, end, intended)


@pytest.mark.parametrize(
    "leaves",
    [[], LEAVES[:-1], [*LEAVES, LEAVES[0]], LEAVES[::-1], [b"other", *LEAVES[1:]], [*LEAVES[:-1], INTENDED]],
)
def test_other_leaves_than_those_logged_are_refused(receipt, verify, leaves):
    with pytest.raises(LogError, match="RECEIPT_FAILS"):
        verify(receipt, leaves)


def test_another_intent_than_the_one_logged_is_refused(receipt, verify):
    with pytest.raises(LogError, match="PROOF_FAILS"):
        verify(receipt, intended=INTENDED.replace(b"intended", b"received"))


def forged_by_new(receipt: Receipt) -> Receipt:
    forged = object.__new__(Receipt)
    for name in ("note", "left", "right", "intended"):
        object.__setattr__(forged, name, getattr(receipt, name))
    object.__setattr__(forged, "start", 6)
    object.__setattr__(forged, "end", receipt.end + 1)
    return forged


def forged_by_copy(receipt: Receipt) -> Receipt:
    forged = copy.deepcopy(receipt)
    object.__setattr__(forged, "left", ())
    return forged


def forged_by_pickle(receipt: Receipt) -> Receipt:
    return pickle.loads(pickle.dumps(replace(receipt, start=4)))


class Lenient(Receipt):
    """A receipt that says another note every time it is asked."""

    def encode(self) -> bytes:
        return b"{}"


FORGERIES = {
    "object.__new__": forged_by_new,
    "copy": forged_by_copy,
    "pickle": forged_by_pickle,
    "nothing at all": lambda receipt: object.__new__(Receipt),
    "no receipt": lambda receipt: "receipt",
    "end": lambda receipt: replace(receipt, end=304),
    "end beyond the intent": lambda receipt: replace(receipt, end=306),
    "no right": lambda receipt: replace(receipt, right=()),
    "right": lambda receipt: replace(receipt, right=(bytes(32), *receipt.right[1:])),
    "a float": lambda receipt: replace(receipt, start=5.5),
    "a truth": lambda receipt: replace(receipt, start=True),
    "a number as a note": lambda receipt: replace(receipt, note=7),
    "a note of another size": lambda receipt: replace(receipt, note=receipt.note.replace("\n307\n", "\n308\n")),
    "no note": lambda receipt: replace(receipt, note=""),
    "no proof": lambda receipt: replace(receipt, intended=""),
    "huge": lambda receipt: replace(receipt, end=2**70),
}


@pytest.mark.parametrize("way", FORGERIES)
def test_a_forged_receipt_is_refused_in_whatever_way_it_was_made(receipt, verify, way):
    with pytest.raises(LogError):
        verify(FORGERIES[way](receipt))


def test_a_receipt_of_a_class_of_ones_own_is_judged_by_its_evidence_alone(receipt, verify):
    lenient = Lenient(**vars(receipt))
    assert verify(lenient).size == 307
    with pytest.raises(LogError, match="RECEIPT_FAILS"):
        verify(replace(lenient, end=304))


def test_the_intent_must_stand_under_the_same_checkpoint(receipt, log, verify):
    log.append([b"much later"])
    other = make_receipt(log, 5, 305, 305)
    with pytest.raises(LogError, match="RECEIPT_FAILS"):
        verify(replace(receipt, intended=other.intended))


def test_an_intent_that_was_logged_before_the_request_leaves_is_refused(receipt, log, verify):
    earlier = log.prove(3, log.note()).text
    with pytest.raises(LogError, match="RECEIPT_FAILS"):
        verify(replace(receipt, intended=earlier), intended=b"earlier 3")


def test_a_receipt_without_the_witnesses_that_the_policy_demands_is_refused(receipt, keys, log):
    policy = parse_policy(f"witness W {keys.key('w.example', 4).vkey}\nquorum W\n".encode())
    verifiers = [keys.verifier(ORIGIN), keys.verifier("w.example", 4)]
    with pytest.raises(LogError, match="QUORUM_NOT_MET"):
        verify_receipt(receipt, iter(LEAVES), INTENDED, verifiers, policy)
    witnessed = make_receipt(log, 5, 305, 305, keys.cosign(log.note(), "w.example"))
    assert verify_receipt(witnessed, iter(LEAVES), INTENDED, verifiers, policy).size == 307


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"[" * 100_000, b'{"type":"receipt/1"}'])
def test_what_is_no_receipt_is_refused(data):
    with pytest.raises(LogError, match="RECEIPT_MALFORMED"):
        read_receipt(data)


def test_a_receipt_in_another_spelling_is_refused(receipt):
    with pytest.raises(LogError, match="RECEIPT_MALFORMED"):
        read_receipt(receipt.encode().replace(b'"start":5', b'"start": 5'))
