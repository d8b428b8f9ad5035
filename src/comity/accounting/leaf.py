"""What a leaf of the log says: small RFC 8785 JSON, a commitment to a body that it does not show, or facts in clear."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from hashlib import sha256

import rfc8785

from comity.accounting.errors import LogError

# Domain separation: no other digest of this office is taken over bytes that begin like this.
COMMITMENT_TAG = b"comity/commitment/1\n"

STAGES = frozenset(
    {"received", "ruled", "determined", "countersigned", "intended", "closed", "recalled", "disposed", "pruned"}
)
OUTCOMES = frozenset({"sealed", "abandoned"})
HOLD_ACTS = frozenset({"placed", "confirmed", "lift-proposed", "lifted"})
DIRECTIONS = frozenset({"disclose", "use"})
EMBARGO_SCOPES = frozenset({"whole agreement", "one batch"})

_HEX = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")

# The form of each field of a leaf in clear that is no free words, and of each commitment.
_FORMS = {
    "outer": _HEX,
    "inner": _HEX,
    "events": _HEX,
    "at": _TIME,
    "order_date": _DATE,
    "order_digest": _HEX,
    "end_date": _DATE,
}


def commit(salt: bytes, body: bytes) -> str:
    """Give the commitment to a body: the hex SHA-256 of the tag, then salt and body, each after its length.

    A length is eight bytes, big-endian. The salt is 32 random bytes used for this one body; with it the body can be
    opened to one reader, without it the commitment says nothing.
    """
    framed = [len(part).to_bytes(8, "big") + part for part in (salt, body)]
    return sha256(COMMITMENT_TAG + b"".join(framed)).hexdigest()


@dataclass(frozen=True)
class RequestLeaf:
    """One request under one intent: the commitments to its outer and its inner body. All are of one length."""

    outer: str
    inner: str

    def encode(self) -> bytes:
        """Give the leaf's bytes."""
        return _encode("request/1", asdict(self))


@dataclass(frozen=True)
class StageLeaf:
    """A stage that a batch has passed, one of `STAGES`, committing to that stage's events."""

    stage: str
    batch: str
    events: str

    def encode(self) -> bytes:
        """Give the leaf's bytes."""
        _require_one_of(self.stage, STAGES)
        return _encode(f"{self.stage}/1", {"batch": self.batch, "events": self.events})


@dataclass(frozen=True)
class OutcomeLeaf:
    """In clear: that a batch's replies under an intent were sealed, or the intent abandoned, and when."""

    outcome: str
    batch: str
    intent: int
    at: str
    office_version: int

    def encode(self) -> bytes:
        """Give the leaf's bytes."""
        _require_one_of(self.outcome, OUTCOMES)
        fields = asdict(self)
        return _encode(f"{fields.pop('outcome')}/1", fields)


@dataclass(frozen=True)
class HoldLeaf:
    """In clear: that a hold was placed, confirmed or lifted, by which order, and when; no person is named.

    Of a lift, and of the proposal of one, the order is the later one that ends the hold.

    `scope` is `whole agreement` or `person list`; who is on the list is not said.
    """

    act: str
    hold: str
    agreement: str
    direction: str
    scope: str
    order_court: str
    order_docket: str
    order_date: str
    order_digest: str
    at: str
    office_version: int

    def encode(self) -> bytes:
        """Give the leaf's bytes."""
        _require_one_of(self.act, HOLD_ACTS)
        _require_one_of(self.direction, DIRECTIONS)
        fields = asdict(self)
        return _encode(f"hold-{fields.pop('act')}/1", fields)


@dataclass(frozen=True)
class OfficeSegmentLeaf:
    """A closed run of the office's events, by the versions of its stream, and the commitment to them."""

    first_version: int
    last_version: int
    events: str

    def encode(self) -> bytes:
        """Give the leaf's bytes."""
        return _encode("office/1", asdict(self))


@dataclass(frozen=True)
class EmbargoLeaf:
    """In clear: that entries are kept out of accountings to persons, how many, on which basis, and until which day.

    `scope` is `whole agreement` or `one batch`; no batch and no person is named.
    """

    embargo: int
    agreement: str
    scope: str
    basis: str
    covered: int
    end_date: str
    at: str
    office_version: int

    def encode(self) -> bytes:
        """Give the leaf's bytes."""
        _require_one_of(self.scope, EMBARGO_SCOPES)
        return _encode("embargo/1", asdict(self))


Leaf = RequestLeaf | StageLeaf | OutcomeLeaf | HoldLeaf | OfficeSegmentLeaf | EmbargoLeaf


def read_leaf(data: bytes) -> Leaf:
    """Read a leaf's bytes; LEAF_MALFORMED unless they are exactly what `encode` makes of what they say."""
    try:
        fields = json.loads(data)
        kind, _, version = fields.pop("type").partition("/")
        leaf = _compose(kind, fields) if version == "1" else None
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        leaf = None
    if leaf is None or leaf.encode() != data:
        raise LogError("LEAF_MALFORMED", "A leaf is not of a known form.")
    return leaf


def _compose(kind: str, fields: dict[str, object]) -> Leaf | None:
    values: dict[str, object] = dict(fields)
    if kind == "request":
        return RequestLeaf(**values)  # type: ignore[arg-type]
    if kind == "embargo":
        return EmbargoLeaf(**values)  # type: ignore[arg-type]
    if kind == "office":
        return OfficeSegmentLeaf(**values)  # type: ignore[arg-type]
    if kind in STAGES:
        return StageLeaf(stage=kind, **values)  # type: ignore[arg-type]
    if kind in OUTCOMES:
        return OutcomeLeaf(outcome=kind, **values)  # type: ignore[arg-type]
    if kind.startswith("hold-"):
        return HoldLeaf(act=kind.removeprefix("hold-"), **values)  # type: ignore[arg-type]
    return None


def _encode(kind: str, fields: dict[str, object]) -> bytes:
    for name, value in fields.items():
        if isinstance(value, str):
            fits = bool(_FORMS.get(name, _WORDS).fullmatch(value))
        else:
            fits = type(value) is int and 0 <= value < 2**53
        if not fits:
            raise LogError("LEAF_MALFORMED", f"The field {name} of a leaf is not of its form.")
    return rfc8785.dumps({"type": kind, **fields})  # type: ignore[dict-item]


def _require_one_of(word: str, words: frozenset[str]) -> None:
    if word not in words:
        raise LogError("LEAF_MALFORMED", f"A leaf says one of {', '.join(sorted(words))} there.")
