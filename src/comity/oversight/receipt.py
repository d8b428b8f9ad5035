"""A receipt that one file holds: that a request, a batch or a hold stands in the log, verified with nothing beside it.

It opens what it is about and no more: of a request the outer body, for which it carries that one salt; of a batch the
segment of its intent; a hold stands in clear; and of an entry nothing, so that a person who holds its receipt learns
nothing of a third one, and an overseer can open it for both. Form: RFC 8785 JSON, `{type, about, log_key, leaves}`,
each leaf `{leaf, proof, opened}` with the leaf's text, its `.tlog-proof` (c2sp.org/tlog-proof) and what opens it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from comity.accounting.checkpoint import Checkpoint, parse_vkey
from comity.accounting.errors import LogError
from comity.accounting.leaf import HoldLeaf, Leaf, OutcomeLeaf, RequestLeaf, StageLeaf, commit, read_leaf
from comity.accounting.policy import Policy, parse_policy
from comity.accounting.proof import parse_proof, verify_proof
from comity.accounting.verifying import note_verifier
from comity.case.errors import BadInput, ComityError, Integrity
from comity.crypto import CryptoError, canonical

TYPE = "comity-receipt/1"
REQUEST, BATCH, HOLD, ENTRY = "request", "batch", "hold", "entry"
# In lower case alone: a receipt has one spelling.
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class LoggedLeaf:
    """A leaf's text, its proof, and what opens it: {} where it stands in clear."""

    leaf: str
    proof: str
    opened: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Proven:
    """What a receipt proves: `about` what, the log and its size and root (hex) then, where the leaves stand, and what
    they say."""

    about: str
    origin: str
    size: int
    root: str
    indexes: tuple[int, ...]
    says: Mapping[str, Any] = field(repr=False)

    def facts(self) -> dict[str, Any]:
        """The same, for JSON."""
        return {**vars(self), "verified": True}

    def sentence(self) -> str:
        """The same, for people; of a request neither reason nor particulars."""
        told = "\n".join(f"  {name}: {value}" for name, value in self.says.items() if name not in ("body", "facts"))
        places = ", ".join(f"{index:,}" for index in self.indexes)
        return f"Proven: one {self.about} in {self.origin}, at {places} of {self.size:,} leaves.\n{told}"


def write_receipt(about: str, log_key: str, leaves: Sequence[LoggedLeaf]) -> bytes:
    """The bytes of a receipt about a request, a batch or a hold, under the verifier key of the log."""
    return canonical({"type": TYPE, "about": about, "log_key": log_key, "leaves": [dict(vars(one)) for one in leaves]})


def verify_one(data: bytes, key: str = "", policy: bytes | None = None, until: int | None = None) -> Proven:
    """What the receipt `data` proves, with nothing but itself.

    `key` is the log's verifier key as the reader was given it, `policy` a tlog-policy with the witnesses that one
    demands; with both, the key says whose log it has to be. Without either, the key in the receipt is taken, which
    shows it whole, not whose it is. A key that is in other hands counts for logs of up to `until` leaves. Raises
    BadInput `RECEIPT_UNREADABLE`, Integrity `RECEIPT_FAILS`, `LOG_KEY_CHANGED`, `LOG_KEY_ENDED` or the log's own code.
    """
    try:
        proven = _verified(data, key, policy)
    except (LogError, CryptoError) as error:
        raise Integrity(error.code, error.says, "Do not rely on this receipt; ask the office for it again.") from None
    if until is not None and proven.size > until:
        raise Integrity(
            "LOG_KEY_ENDED",
            f"The receipt rests on a checkpoint of {proven.size} leaves, and its key counts up to {until}.",
            "Ask the office for a receipt under its new key.",
        )
    return proven


def key_of(data: bytes) -> str:
    """The verifier key that a receipt says its log has, which is unverified. Raises BadInput `RECEIPT_UNREADABLE`."""
    return _read(data)[1]


def _verified(data: bytes, key: str, policy: bytes | None) -> Proven:
    about, log_key, leaves = _read(data)
    trusted = _policy_of(key or log_key) if policy is None else parse_policy(policy)
    if key:
        trusted = replace(trusted, logs=(parse_vkey(key),))
    verifiers = trusted.verifiers(lambda known: note_verifier(known).verify)
    if key and parse_vkey(key) != parse_vkey(log_key):
        raise _of_another(key, log_key)
    heads = [verify_proof(parse_proof(one.proof), one.leaf.encode(), verifiers, trusted) for one in leaves]
    indexes = [parse_proof(one.proof).index for one in leaves]
    if len(set(heads)) != 1 or indexes != sorted(set(indexes)):
        raise failed("The leaves of the receipt are not proven under one checkpoint, in their order.")
    says = SAYS[about]([(read_leaf(one.leaf.encode()), one.opened) for one in leaves])
    head: Checkpoint = heads[0]
    return Proven(about, head.origin, head.size, head.root.hex(), tuple(indexes), says)


def _read(data: bytes) -> tuple[str, str, list[LoggedLeaf]]:
    try:
        said = json.loads(data)
        leaves = [LoggedLeaf(**one) for one in said["leaves"] if _is_text(one)]
        whole = write_receipt(said["about"], said["log_key"], leaves) == data and said["about"] in SAYS and leaves
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ComityError, CryptoError):
        whole = False
    if not whole:
        raise BadInput(
            "RECEIPT_UNREADABLE", "The file is no receipt.", "Give the file that `comity log receipt` wrote."
        )
    return said["about"], said["log_key"], leaves


def _is_text(leaf: Mapping[str, Any]) -> bool:
    """Whether a leaf is of texts, and what is opened of it too; one that is not makes the file no receipt."""
    opened = leaf["opened"]
    return all(isinstance(text, str) for text in (leaf["leaf"], leaf["proof"], *opened, *opened.values()))


def _policy_of(key: str) -> Policy:
    return parse_policy(f"log {key}\nquorum none\n".encode())


Opened = Sequence[tuple[Leaf, Mapping[str, str]]]


def _of_request(leaves: Opened) -> dict[str, Any]:
    match leaves:
        case [(RequestLeaf() as leaf, {"body": body, "salt": salt, "facts": facts})]:
            said, told = _object(body), _object(facts)
        case _:
            raise failed("A receipt of a request is about one leaf.")
    entry = f"{told.get('batch')}/{told.get('intent')}/"
    if leaf.outer != commit(_salt(salt), body.encode()) or sha256(facts.encode()).hexdigest() != said.get("facts"):
        raise failed("The body does not open the leaf.")
    if not str(said.get("entry")).startswith(entry):
        raise failed("The entry is not of the batch that its facts name.")
    recipients = [one["id"] for one in said["recipients"]]
    shown = {"entry": said["entry"], "request": said["request"]["id"], "answer": said["answer"], "codes": said["codes"]}
    return shown | {"recipients": recipients, "answer_on": told["answer_on"], "body": said, "facts": told}


def _of_batch(leaves: Opened) -> dict[str, Any]:
    match leaves:
        case [(StageLeaf(stage="intended") as leaf, {"segment": segment, "salt": salt}), *outcomes]:
            if leaf.events != commit(_salt(salt), segment.encode()):
                raise failed("The segment does not open the leaf.")
        case _:
            raise failed("A receipt of a batch begins with the leaf of its intent.")
    intended = json.loads(segment)[-1]
    body = intended["body"]
    for outcome, _ in outcomes:
        if not isinstance(outcome, OutcomeLeaf) or (outcome.batch, outcome.intent) != (leaf.batch, body["intent"]):
            raise failed("An outcome in the receipt is not of the intent.")
    told = [f"{outcome.outcome} {outcome.at}" for outcome, _ in outcomes if isinstance(outcome, OutcomeLeaf)]
    shown = {"batch": leaf.batch, "intent": body["intent"], "intended": intended["at"], "outcome": told}
    return shown | {"entries": body["accounting"]["rows"], "accounting": body["accounting"]["digest"]}


def _of_hold(leaves: Opened) -> dict[str, Any]:
    holds = [leaf for leaf, _ in leaves if isinstance(leaf, HoldLeaf)]
    if len(holds) != len(leaves) or len({leaf.hold for leaf in holds}) != 1 or holds[0].act != "placed":
        raise failed("A receipt of a hold is about the leaves of that hold alone.")
    acts = [f"{leaf.act} {leaf.at} ({leaf.order_docket}, {leaf.order_date})" for leaf in holds]
    return vars(holds[0]) | {"acts": acts}


def _of_entry(leaves: Opened) -> dict[str, Any]:
    match leaves:
        case [(RequestLeaf() as leaf, opened)] if not opened:
            return {"commitment": leaf.outer}
        case _:
            raise failed("A receipt of an entry is about one leaf, and opens nothing of it.")


SAYS: Mapping[str, Callable[[Opened], dict[str, Any]]] = {
    REQUEST: _of_request,
    BATCH: _of_batch,
    HOLD: _of_hold,
    ENTRY: _of_entry,
}


def _of_another(key: str, log_key: str) -> Integrity:
    if parse_vkey(key).name != parse_vkey(log_key).name:
        return failed("The receipt is of another log.")
    return Integrity(
        "LOG_KEY_CHANGED",
        f"The receipt is under another key of this log: {log_key}.",
        "If the office gave out that key, verify with --key and that key; otherwise do not rely on this receipt.",
    )


def failed(says: str) -> Integrity:
    """What verification raises about a receipt that does not hold."""
    return Integrity("RECEIPT_FAILS", says, "Do not rely on this receipt; ask the office for it again.")


def _salt(text: str) -> bytes:
    if not _HEX.fullmatch(text):
        raise failed("A salt is not of its form.")
    return bytes.fromhex(text)


def _object(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise failed("What opens a leaf is not of its form.")
    return said
