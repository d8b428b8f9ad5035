"""The written form of a reply, read at the requester's desk: manifest, heading, and one row per request."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from comity.case.errors import Integrity
from comity.case.outcomes import ANSWERS, RETURNED
from comity.crypto.errors import refusing

MANIFEST_TYPE = "comity/manifest/v1"
FORM = "comity/reply/1"

_ID_WIDTH = 26
_ANSWER_WIDTH = max(map(len, ANSWERS))
# The word that the second line begins with.
_KINDS = {"REHEARSAL": True, "LIVE": False}
_ID = re.compile(r"[A-Z0-9-]{1,26}")
_DIGITS = re.compile(r"[0-9a-f]+")
_TEXTS = (
    "submission",
    "submission_digest",
    "recipient",
    "certificate",
    "plaintext_digest",
    "content_digest",
    "use",
    "destroy_by",
    "says",
)


@dataclass(frozen=True)
class Manifest:
    """What the office's signed manifest says of a reply; `orders` are the court orders behind HOLD_ACTIVE."""

    submission: str
    submission_digest: str
    recipient: str
    certificate: str
    plaintext_digest: str
    content_digest: str
    use: str
    destroy_by: str
    says: str
    rows: int
    orders: tuple[str, ...]
    rehearsal: bool


@dataclass(frozen=True)
class Answered:
    """One request answered: its id, CONFIRMED, NO_DISCLOSURE or RETURNED, and the codes of a returned one."""

    request_id: str
    answer: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """An opened reply: whose it is, whether of a rehearsal, and what it answers."""

    submission: str
    submission_digest: str
    recipient: str
    rehearsal: bool
    answers: tuple[Answered, ...] = field(repr=False)


def split(collected: bytes) -> tuple[str, bytes]:
    """The signed manifest and the sealed bytes of a collected file; raises Integrity REPLY_MALFORMED."""
    manifest, gap, sealed = collected.partition(b"\n")
    if not gap or not manifest.isascii():
        raise malformed()
    return manifest.decode("ascii"), sealed


def read_manifest(content: bytes) -> Manifest:
    """The manifest in its verified JSON; raises Integrity REPLY_MALFORMED."""
    with refusing(malformed, ValueError, RecursionError):
        said: Any = json.loads(content)
    if not isinstance(said, dict) or said.get("type") != MANIFEST_TYPE:
        raise malformed()
    rows, orders, rehearsal = (said.get(name) for name in ("rows", "orders", "rehearsal"))
    if type(rows) is not int or not isinstance(orders, list) or type(rehearsal) is not bool:
        raise malformed()
    return Manifest(
        **{name: _text(said.get(name)) for name in _TEXTS},
        rows=rows,
        orders=tuple(_text(order) for order in orders),
        rehearsal=rehearsal,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise malformed()
    return value


def read_rows(plaintext: bytes) -> Rows:
    """The rows of an opened reply; raises Integrity REPLY_MALFORMED unless every byte is accounted for."""
    with refusing(malformed, ValueError, KeyError):
        head, _, body = plaintext.decode("ascii").partition("\n\n")
        form, kind, *lines = head.split("\n")
        said = dict(line.split(" ", 1) for line in lines)
        codes = said["codes"].split(" ")
        *rows, end = body.split("\n")
        if form != FORM or end or said["rows"] != str(len(rows)):
            raise malformed()
        answers = tuple(_answered(row, codes) for row in rows)
        rehearsal = _KINDS[kind.split(":")[0]]
        return Rows(said["submission"], said["submission-digest"], said["recipient"], rehearsal, answers)


def _answered(line: str, codes: Sequence[str]) -> Answered:
    request_id = line[:_ID_WIDTH].rstrip()
    answer = line[_ID_WIDTH + 1 : _ID_WIDTH + 1 + _ANSWER_WIDTH].rstrip()
    digits = line[_ID_WIDTH + _ANSWER_WIDTH + 2 :]
    written = f"{request_id:{_ID_WIDTH}} {answer:{_ANSWER_WIDTH}} {digits}"
    if line != written or not _ID.fullmatch(request_id) or answer not in ANSWERS:
        raise malformed()
    if not _DIGITS.fullmatch(digits) or len(digits) != -(-len(codes) // 4):
        raise malformed()
    # The first code is the highest bit of as many hexadecimal digits as the list needs.
    bits = format(int(digits, 16), f"0{4 * len(digits)}b")
    raised = tuple(code for code, bit in zip(codes, bits, strict=False) if bit == "1")
    if bool(raised) != (answer == RETURNED):
        raise malformed()
    return Answered(request_id, answer, raised)


def malformed() -> Integrity:
    """REPLY_MALFORMED."""
    return Integrity(
        "REPLY_MALFORMED",
        "The file is not a reply as the reference has it.",
        "Collect it again; nothing of it was kept.",
    )
