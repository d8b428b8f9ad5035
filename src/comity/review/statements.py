"""What an officer signs, and the signature beside it: both can be checked without the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from comity.case.errors import BadInput, Integrity
from comity.crypto import (
    Certificate,
    CryptoError,
    P256Key,
    Passkey,
    Purpose,
    canonical,
    sign_detached,
    verify_assertion,
    verify_chain,
    verify_detached,
)

TYPE = "comity/countersignature/v1"
COVERS = "answers"
APPROVER = "approver"
ES256 = "ES256"
# A passkey's assertion, by the kind of its key.
BY_PASSKEY = {"WebAuthn-ES256": "ES256", "WebAuthn-EdDSA": "EdDSA"}


@dataclass(frozen=True)
class Statement:
    """What one officer says about the answers of one batch.

    `submission` is its ULID, `submission_digest` that of the package; `agreement` and `version` name the rules;
    `role` is the role the `officer` signs in; `covers` the kind of artefact, `digest` (SHA-256 of its file), `rows` and
    `counts` (answer, number) what it holds; `office_version` how far the office stream had come; `at` when (UTC).
    """

    submission: str
    submission_digest: str
    agreement: str
    version: str
    officer: str
    role: str
    digest: str
    rows: int
    counts: tuple[tuple[str, int], ...]
    office_version: int
    at: str
    covers: str = COVERS
    type: str = TYPE

    def form(self) -> dict[str, Any]:
        """The statement as plain values, counts as an object."""
        return asdict(self) | {"counts": dict(self.counts)}

    def canonical(self) -> bytes:
        """The bytes that are signed: the RFC 8785 form."""
        return canonical(self.form())

    def moment(self) -> datetime:
        """When it was made. Raises Integrity STATEMENT_UNREADABLE if `at` is no moment in UTC."""
        try:
            at = datetime.fromisoformat(self.at)
        except ValueError:
            raise _unreadable() from None
        if at.utcoffset() != UTC.utcoffset(None):
            raise _unreadable()
        return at

    @classmethod
    def read(cls, form: Mapping[str, Any]) -> Statement:
        """The statement in its plain values. Raises Integrity STATEMENT_UNREADABLE for any other shape."""
        if set(form) != {field.name for field in fields(cls)} or not isinstance(form["counts"], Mapping):
            raise _unreadable()
        numbers = (form["rows"], form["office_version"], *form["counts"].values())
        texts = (*(form[field.name] for field in fields(cls) if field.type == "str"), *form["counts"])
        if any(type(number) is not int for number in numbers) or any(type(text) is not str for text in texts):
            raise _unreadable()
        return cls(**(dict(form) | {"counts": counted(form["counts"])}))


@dataclass(frozen=True)
class Countersignature:
    """A statement, the kind of signature (`alg`), the signature, and the credential that made it.

    For `ES256`, the signature is a detached compact JWS (RFC 7515, appendix F) over the canonical statement that
    carries the certificate, and `credential` is that certificate's fingerprint (hex SHA-256). For `WebAuthn-ES256` and
    `WebAuthn-EdDSA` it is a passkey's assertion whose challenge is the statement's SHA-256 (`crypto.verify_assertion`),
    and `credential` is the id of a passkey in the office's register.
    """

    statement: Statement
    alg: str
    signature: str
    credential: str

    def form(self) -> dict[str, Any]:
        """The countersignature as plain values."""
        return asdict(self) | {"statement": self.statement.form()}

    @classmethod
    def read(cls, form: Mapping[str, Any]) -> Countersignature:
        """The countersignature in its plain values. Raises Integrity STATEMENT_UNREADABLE for any other shape."""
        if set(form) != {field.name for field in fields(cls)} or not isinstance(form["statement"], Mapping):
            raise _unreadable()
        words = (form["alg"], form["signature"], form["credential"])
        if any(type(word) is not str for word in words):
            raise _unreadable()
        return cls(Statement.read(form["statement"]), *words)


@dataclass(frozen=True)
class Enrolled:
    """A passkey as the registers have it: the `certificate` of its officer, since when it counts (ISO, UTC), and
    whether a later one took its place."""

    passkey: Passkey
    certificate: Certificate
    since: str
    replaced: bool = False


@dataclass(frozen=True)
class Signer:
    """Whose a signature is: the officer's certificate, and the fingerprint of the key that made it."""

    certificate: Certificate
    key: str


def counted(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Counts by answer in the order a statement keeps them."""
    return tuple(sorted(counts.items()))


def moment_text(at: datetime) -> str:
    """`at` (with a zone) in UTC, to the second, as a statement writes it. Raises BadInput CLOCK_WITHOUT_ZONE."""
    if at.utcoffset() is None:
        raise BadInput("CLOCK_WITHOUT_ZONE", "The moment has no time zone.", "Give a moment in UTC.")
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def countersign(statement: Statement, key: P256Key, certificate: Certificate) -> Countersignature:
    """Sign `statement` with the officer's own key and certificate.

    Raises BadInput with the code of `comity.crypto` when key and certificate do not fit.
    """
    try:
        signature = sign_detached(statement.canonical(), key, certificate)
    except CryptoError as error:
        raise BadInput(error.code, error.says, error.next) from None
    return Countersignature(statement, ES256, signature, certificate.fingerprint)


def assert_statement(statement: Statement, passkey: Passkey, assertion: str) -> Countersignature:
    """The countersignature that a passkey's `assertion` over `statement` makes; it is not verified by this.

    Raises BadInput SIGNATURE_KIND_UNKNOWN for a passkey of another kind than those here.
    """
    for alg, kind in BY_PASSKEY.items():
        if kind == passkey.algorithm:
            return Countersignature(statement, alg, assertion, passkey.credential)
    raise BadInput("SIGNATURE_KIND_UNKNOWN", "This passkey signs in a way that is not known here.", "Use another one.")


def verify_countersignature(
    signed: Countersignature, roots: Sequence[Certificate], at: datetime, passkeys: Mapping[str, Enrolled] | None = None
) -> Signer:
    """Who signed: an officer whose certificate is believed under `roots` both at the signature and at `at`.

    `passkeys` are those that the registers have, by credential; without them a passkey's signature is nobody's. Raises
    Integrity: SIGNATURE_KIND_UNKNOWN, STATEMENT_UNREADABLE, CREDENTIAL_DIFFERS, STATEMENT_FROM_THE_FUTURE,
    PASSKEY_UNKNOWN, PASSKEY_REPLACED, PASSKEY_NOT_YET_ENTERED, and the codes of `comity.crypto`.
    """
    # `at` of a signature may have been back-dated by its maker, so the certificate must be in term now as well.
    made = signed.statement.moment()
    if made > at:
        raise _untrusted("STATEMENT_FROM_THE_FUTURE", "The statement is dated after the moment it is used at.")
    if signed.alg == ES256:
        return _by_certificate(signed, roots, made, at)
    if signed.alg in BY_PASSKEY:
        return _by_passkey(signed, roots, made, at, passkeys or {})
    raise _untrusted("SIGNATURE_KIND_UNKNOWN", "This kind of signature is not one that is known here.")


def _by_certificate(signed: Countersignature, roots: Sequence[Certificate], made: datetime, at: datetime) -> Signer:
    try:
        content = signed.statement.canonical()
        found = verify_detached(signed.signature, content, roots, made).certificate
        verify_detached(signed.signature, content, roots, at)
    except CryptoError as error:
        raise Integrity(error.code, error.says, error.next) from None
    if found.fingerprint != signed.credential:
        raise _untrusted("CREDENTIAL_DIFFERS", "The signature was made by another certificate than it names.")
    return Signer(found, found.key_fingerprint)


def _by_passkey(
    signed: Countersignature,
    roots: Sequence[Certificate],
    made: datetime,
    at: datetime,
    passkeys: Mapping[str, Enrolled],
) -> Signer:
    held = passkeys.get(signed.credential)
    if held is None or held.passkey.algorithm != BY_PASSKEY[signed.alg]:
        raise _untrusted("PASSKEY_UNKNOWN", "No officer has entered the passkey that a signature names.")
    try:
        verify_assertion(held.passkey, signed.signature, signed.statement.canonical())
        for moment in (made, at):
            verify_chain(held.certificate, roots, moment, Purpose.SIGNING)
    except CryptoError as error:
        raise Integrity(error.code, error.says, error.next) from None
    if made < datetime.fromisoformat(held.since):
        raise _untrusted("PASSKEY_NOT_YET_ENTERED", "The passkey was entered after the hour of the signature.")
    if held.replaced:
        raise _untrusted("PASSKEY_REPLACED", "Another passkey has taken the place of the one that signed.")
    return Signer(held.certificate, held.passkey.key_fingerprint)


def _unreadable() -> Integrity:
    return _untrusted("STATEMENT_UNREADABLE", "The signed statement does not have the form of one.")


def _untrusted(code: str, says: str) -> Integrity:
    return Integrity(code, says, "Do not release on it; have the approver sign again.")
