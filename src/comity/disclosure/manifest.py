"""The manifest of a reply: small, signed by the office, and readable by anybody who handles the sealed file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from comity.case.errors import Integrity, Refused
from comity.crypto import Certificate, CryptoError, P256Key, canonical, sign, verify

TYPE = "comity/manifest/v1"
LEAD = "A lead, not proof: verify independently before acting on it."


@dataclass(frozen=True)
class Manifest:
    """What the office says of one sealed reply.

    `recipient` and `certificate` (fingerprint) are whom it is sealed to; `rows` how many requests it answers;
    `plaintext_digest` and `content_digest` the SHA-256 of the reply before and after sealing; `rules_digest` that of
    the agreement's folder; `use` the restriction of use; `destroy_by` an ISO date; `intended` the tlog-proof of the
    intent; `orders` the court orders behind a HOLD_ACTIVE; `rehearsal` whether the people are made up.
    """

    submission: str
    submission_digest: str
    agreement: str
    version: str
    rules_digest: str
    recipient: str
    certificate: str
    rows: int
    plaintext_digest: str
    content_digest: str
    use: str
    destroy_by: str
    intended: str
    orders: tuple[str, ...]
    rehearsal: bool
    says: str = LEAD
    type: str = TYPE

    def signed(self, key: P256Key, certificate: Certificate) -> str:
        """The compact JWS of the manifest's RFC 8785 form, by the office. Raises Refused with a code of `crypto`."""
        try:
            return sign(canonical(vars(self) | {"orders": list(self.orders)}), key, certificate)
        except CryptoError as error:
            raise Refused(error.code, error.says, error.next) from None

    @classmethod
    def read(cls, token: str, roots: Sequence[Certificate], at: datetime) -> Manifest:
        """The manifest in `token`, when the office's certificate is believed under `roots` at `at`.

        Raises Integrity: MANIFEST_MALFORMED, or a code of `crypto`.
        """
        try:
            form = json.loads(verify(token, roots, at).payload)
        except CryptoError as error:
            raise Integrity(error.code, error.says, error.next) from None
        except ValueError:
            raise _malformed() from None
        if not isinstance(form, dict) or {name: type(value).__name__ for name, value in form.items()} != _TYPES:
            raise _malformed()
        if form["type"] != TYPE or not all(isinstance(order, str) for order in form["orders"]):
            raise _malformed()
        return cls(**(form | {"orders": tuple(form["orders"])}))


# What each member is in JSON, by the name of its Python type.
_TYPES = {field.name: "list" if field.name == "orders" else str(field.type) for field in fields(Manifest)}


def enclose(manifest: str, sealed: bytes) -> bytes:
    """The file that is handed over: the signed manifest, a line feed, the sealed reply."""
    return manifest.encode("ascii") + b"\n" + sealed


def enclosed(content: bytes) -> tuple[str, bytes]:
    """The signed manifest and the sealed reply in a file. Raises Integrity MANIFEST_MALFORMED."""
    manifest, gap, sealed = content.partition(b"\n")
    if not gap or not manifest.isascii():
        raise _malformed()
    return manifest.decode("ascii"), sealed


def _malformed() -> Integrity:
    return Integrity("MANIFEST_MALFORMED", "The file does not begin with a manifest.", "Collect the reply again.")
