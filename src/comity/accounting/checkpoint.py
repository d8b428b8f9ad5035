"""Signed notes, cosignatures and checkpoints as c2sp.org/signed-note, tlog-cosignature and tlog-checkpoint define them.

No cryptography is imported here: signing and verifying are callables over bytes, handed in with the key they belong to.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from comity.accounting.errors import LogError
from comity.accounting.tree import HASH_SIZE

ED25519 = 0x01
COSIGNATURE_V1 = 0x04
ML_DSA_44 = 0x06

# Public key and signature lengths of the signature types that are understood, the timestamp included.
_LENGTHS = {ED25519: (32, 64), COSIGNATURE_V1: (32, 8 + 64), ML_DSA_44: (1312, 8 + 2420)}
LOG_KINDS = frozenset({ED25519, ML_DSA_44})
WITNESS_KINDS = frozenset({COSIGNATURE_V1, ML_DSA_44})
_LARGEST_TIMESTAMP = 2**63 - 1
_MOST_SIGNATURES = 64
_NAME = re.compile(r"[^\s+]+")
_NUMBER = re.compile(r"0|[1-9][0-9]*", re.ASCII)

Sign = Callable[[bytes], bytes]
Verify = Callable[[bytes, bytes], bool]


def encode64(data: bytes) -> str:
    """Give the standard Base 64 form (RFC 4648, section 4)."""
    return b64encode(data).decode("ascii")


def decode64(text: str, code: str) -> bytes:
    """Read standard Base 64 in its one canonical spelling; raises LogError `code` for anything else."""
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise LogError(code, "A field is not Base 64.") from None
    if encode64(data) != text:
        raise LogError(code, "A field is Base 64 in another spelling than the canonical one.")
    return data


def decode_number(text: str, code: str) -> int:
    """Read an ASCII decimal without leading zeroes, below 2**63; raises LogError `code` for anything else."""
    if len(text) > 19 or not _NUMBER.fullmatch(text) or int(text) > _LARGEST_TIMESTAMP:
        raise LogError(code, "A field is not a decimal number without leading zeroes.")
    return int(text)


@dataclass(frozen=True)
class NoteKey:
    """A public key with the name and the signature type it is used under (signed-note, Verifier keys)."""

    name: str
    kind: int
    public_key: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.public_key) != _LENGTHS.get(self.kind, (-1, 0))[0]:
            raise LogError("KEY_MALFORMED", "A key needs a name without spaces or '+', and a known type and length.")

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand for name, type and key in a signature line."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public_key).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as one line of text."""
        return f"{self.name}+{self.key_id.hex()}+{encode64(bytes([self.kind]) + self.public_key)}"


def parse_vkey(text: str) -> NoteKey:
    """Read a verifier key; KEY_MALFORMED when its parts do not fit each other."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise LogError("KEY_MALFORMED", "A verifier key has three parts with '+' between them.")
    material = decode64(parts[2], "KEY_MALFORMED")
    key = NoteKey(parts[0], material[0] if material else 0, material[1:])
    if key.vkey != text:
        raise LogError("KEY_MALFORMED", "A verifier key's id is not the one of its name, type and key.")
    return key


@dataclass(frozen=True)
class Signer:
    """A log's or a witness's own key and what signs with it: `sign(message)` gives the bare signature."""

    key: NoteKey
    sign: Sign


@dataclass(frozen=True)
class Verifier:
    """A known key and what verifies with it: `verify(message, signature)` says whether the signature is the key's."""

    key: NoteKey
    verify: Verify


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: its origin, the number of its leaves, and the root over them (tlog-checkpoint).

    Extension lines are read and, being part of the signed text, verified, but nothing here relies on them.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The note text, as it is signed."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, encode64(self.root), *self.extensions))


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the note text of a checkpoint; CHECKPOINT_MALFORMED when it is none."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise LogError("CHECKPOINT_MALFORMED", "A checkpoint is three or more lines, none of them empty.")
    size = decode_number(lines[1], "CHECKPOINT_MALFORMED")
    root = decode64(lines[2], "CHECKPOINT_MALFORMED")
    if len(root) != HASH_SIZE:
        raise LogError("CHECKPOINT_MALFORMED", "A checkpoint's root is not a SHA-256 hash.")
    return Checkpoint(lines[0], size, root, tuple(lines[3:]))


@dataclass(frozen=True)
class Signed:
    """One verified signature of a note: whose, and, for a cosignature, the second since 1970 that it was made."""

    key: NoteKey
    timestamp: int | None


@dataclass(frozen=True)
class VerifiedNote:
    """A note's text and the signatures of known keys under it, every one verified, at least one."""

    text: str
    signatures: tuple[Signed, ...]


def signature_line(key: NoteKey, signature: bytes) -> str:
    """Give a note's signature line; a cosignature begins with its eight bytes of timestamp."""
    return f"\u2014 {key.name} {encode64(key.key_id + signature)}\n"


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """Give the note: the text, an empty line, and one Ed25519 signature line per signer."""
    _require_note_text(text)
    lines = [signature_line(signer.key, signer.sign(text.encode())) for signer in signers]
    return "".join([text, "\n", *lines])


def cosignature_line(signer: Signer, at: int, text: str) -> str:
    """Give the line with which a witness cosigns a checkpoint's text `at` a second since 1970 (tlog-cosignature)."""
    signature = signer.sign(cosigned_message(signer.key, at, text))
    return signature_line(signer.key, at.to_bytes(8, "big") + signature)


def cosigned_message(key: NoteKey, timestamp: int, text: str) -> bytes:
    """Give the bytes that a cosigner signs for a checkpoint's text at a time (tlog-cosignature)."""
    if key.kind == COSIGNATURE_V1:
        return f"cosignature/v1\ntime {timestamp}\n{text}".encode()
    head = parse_checkpoint(text)
    parts = [b"subtree/v1\n\x00", _opaque8(key.name), timestamp.to_bytes(8, "big"), _opaque8(head.origin)]
    return b"".join([*parts, bytes(8), head.size.to_bytes(8, "big"), head.root])


def lines_of(note: str, keys: Iterable[NoteKey]) -> str:
    """Give the signature lines of a note that bear the name and id of one of the keys, the first of each, unverified.

    A note has room for so many lines: a signer that wrote many would keep the others' out.
    """
    wanted = {(key.name, key.key_id) for key in keys}
    _, lines = _split_note(note)
    first = {(name, key_id): signature for name, key_id, signature in reversed(lines) if (name, key_id) in wanted}
    return "".join(
        f"\u2014 {name} {encode64(key_id + signature)}\n" for (name, key_id), signature in reversed(first.items())
    )


def verify_note(note: str, verifiers: Iterable[Verifier]) -> VerifiedNote:
    """Verify every signature of a known key under the note; unknown ones are ignored, as the specification demands.

    Raises NOTE_MALFORMED for what is no signed note, NOTE_SIGNATURE_WRONG when a known key's signature does not verify,
    NOTE_UNSIGNED when no known key signed.
    """
    text, lines = _split_note(note)
    known = {(verifier.key.name, verifier.key.key_id): verifier for verifier in verifiers}
    signed: dict[NoteKey, Signed] = {}
    for name, key_id, signature in lines:
        verifier = known.get((name, key_id))
        if verifier is not None:
            one = _verify_signature(verifier, text, signature)
            signed.setdefault(one.key, one)
    if not signed:
        raise LogError("NOTE_UNSIGNED", "No known key signed the note.")
    return VerifiedNote(text, tuple(signed.values()))


def verify_log_note(note: str, verifiers: Iterable[Verifier]) -> tuple[Checkpoint, VerifiedNote]:
    """Verify a note as the checkpoint of a log: a key that bears the origin's name signed it as a log does.

    Raises what `verify_note` and `parse_checkpoint` raise, and CHECKPOINT_NOT_THE_LOGS when only others signed.
    """
    verified = verify_note(note, verifiers)
    head = parse_checkpoint(verified.text)
    if not any(one.key.name == head.origin and one.key.kind in LOG_KINDS for one in verified.signatures):
        raise LogError("CHECKPOINT_NOT_THE_LOGS", "No known key of the checkpoint's origin signed it.")
    return head, verified


def _verify_signature(verifier: Verifier, text: str, signature: bytes) -> Signed:
    key = verifier.key
    message, timestamp = text.encode(), None
    well_formed = len(signature) == _LENGTHS[key.kind][1]
    if well_formed and key.kind in WITNESS_KINDS:
        timestamp, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        well_formed = timestamp <= _LARGEST_TIMESTAMP
        message = cosigned_message(key, timestamp, text)
    if not well_formed or verifier.verify(message, signature) is not True:
        raise LogError("NOTE_SIGNATURE_WRONG", "A signature under the note is not the known key's.")
    return Signed(key, timestamp)


def _split_note(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Give the text and the (name, key id, signature) of each line after the last empty one."""
    text, gap, block = note.rpartition("\n\n")
    lines = block.split("\n")
    if not gap or lines.pop() or not lines or len(lines) > _MOST_SIGNATURES:
        raise LogError("NOTE_MALFORMED", "A signed note is a text, an empty line, and one to 64 signature lines.")
    _require_note_text(note)
    return text + "\n", [_split_line(line) for line in lines]


def _split_line(line: str) -> tuple[str, bytes, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not _NAME.fullmatch(parts[1]):
        raise LogError("NOTE_MALFORMED", "A signature line is a dash, a key name and Base 64.")
    data = decode64(parts[2], "NOTE_MALFORMED")
    if len(data) < 5:
        raise LogError("NOTE_MALFORMED", "A signature line holds no signature.")
    return parts[1], data[:4], data[4:]


def _require_note_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise LogError("NOTE_MALFORMED", "A note's text is not UTF-8.") from None
    if not text.endswith("\n") or any(mark < " " and mark != "\n" for mark in text):
        raise LogError("NOTE_MALFORMED", "A note's text ends in a newline and has no other control characters.")


def _opaque8(text: str) -> bytes:
    data = text.encode()
    if not 0 < len(data) < 256:
        raise LogError("NOTE_MALFORMED", "A name of 1 to 255 bytes is needed to cosign.")
    return bytes([len(data)]) + data
