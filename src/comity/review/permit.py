"""Leave to release: two approvers, with no other part in the batch, signed exactly these answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from comity.case.batch_state import Involvement
from comity.case.errors import Integrity, Refused, Waiting
from comity.case.office_events import PasskeyProposed
from comity.case.office_state import OfficeState
from comity.case.passkeys import Entered, entered
from comity.crypto import Certificate, Passkey
from comity.review.statements import (
    APPROVER,
    COVERS,
    TYPE,
    Countersignature,
    Enrolled,
    Statement,
    verify_countersignature,
)

NEEDED = 2
# What ends a signature and leaves room for another's: it is as if it were not there.
_ENDED = ("CERTIFICATE_EXPIRED", "PASSKEY_REPLACED")


@dataclass(frozen=True)
class ToRelease:
    """What is to be released: the submission, its rules, and the answers by digest, rows and counts."""

    submission: str
    submission_digest: str
    agreement: str
    version: str
    digest: str
    rows: int
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Approvers:
    """Whose signatures count, by the office's registers and not by what a signature says of itself.

    `roots` are the authorities of the office; `officers` maps the certificate fingerprint of every officer who holds
    the role approver to the officer's id, and `struck` are those who were struck off it; `excluded` are the officers
    who received, examined, matched, voted, screened or transmitted in the batch, or lifted a hold that stood over it;
    `requester` is the fingerprint of the certificate that signed the submission and `requester_key` that of its public
    key, which another certificate may name as well. `passkeys` are those of officers, by credential.
    """

    roots: tuple[Certificate, ...] = field(repr=False)
    officers: Mapping[str, str]
    excluded: frozenset[str]
    requester: str
    requester_key: str
    struck: frozenset[str] = frozenset()
    passkeys: Mapping[str, Enrolled] = field(default_factory=dict, repr=False)

    @classmethod
    def by(
        cls,
        registers: OfficeState,
        roots: Iterable[Certificate],
        involvement: Involvement,
        requester: Certificate,
    ) -> Approvers:
        """Who may sign by `registers`, as they stood at one version of the office, in a batch with that involvement."""
        return cls(
            roots=tuple(roots),
            officers={who.fingerprint: who.officer for who in registers.officers.values() if APPROVER in who.roles},
            excluded=cls.excluded_by(involvement),
            requester=requester.fingerprint,
            requester_key=requester.key_fingerprint,
            struck=frozenset(who.officer for who in registers.officers.values() if APPROVER in who.struck),
            passkeys={
                credential: enrolled(
                    held, Certificate.from_pem(registers.officer(held.said.subject).certificate.encode())
                )
                for credential, held in entered(registers.entries).items()
            },
        )

    @staticmethod
    def excluded_by(involvement: Involvement) -> frozenset[str]:
        """The officers whose part in a batch keeps them from signing it (P4)."""
        worked = involvement.received | involvement.examined | involvement.operated
        return worked | involvement.voted | involvement.screened | involvement.transmitted | involvement.lifted


def enrolled(held: Entered, certificate: Certificate) -> Enrolled:
    """A passkey of the register beside the certificate of its officer."""
    return Enrolled(passkey_of(held.said), certificate, held.since, held.replaced)


def passkey_of(said: PasskeyProposed) -> Passkey:
    """The passkey in an entry of the register."""
    return Passkey(said.credential, said.algorithm, said.public_key, said.rp_id, said.origin)


@dataclass(frozen=True)
class Permit:
    """Leave to release, made by `grant` alone. It carries its evidence: whoever takes one verifies it again."""

    release: ToRelease
    countersignatures: tuple[Countersignature, ...]


def grant(
    release: ToRelease, countersignatures: Sequence[Countersignature], approvers: Approvers, at: datetime
) -> Permit:
    """Make the permit for `release`, if two approvers countersigned it and may have.

    Raises Waiting SIGNATURES_MISSING (fewer than two); Refused: SAME_OFFICER, SIGNER_UNKNOWN, SIGNER_INVOLVED,
    SIGNATURE_OF_ANOTHER_BATCH, ANSWERS_CHANGED; Integrity for a signature that does not verify at `at`.
    """
    permit = Permit(release, tuple(countersignatures))
    verify_permit(permit, release, approvers, at)
    return permit


def verify_permit(permit: Permit, release: ToRelease, approvers: Approvers, at: datetime) -> None:
    """Verify the evidence in `permit` for `release` from nothing but registers, authorities and the signatures.

    A signature whose certificate's term has ended by `at`, whose passkey another one has taken the place of, or whose
    signer was struck off, is as if it were not there: another may stand in its place. Raises as `grant`, and Refused
    PERMIT_FORGED for anything that is not plainly one of this module's permits, SIGNER_STRUCK_OFF where no other does
    stand in the place of one.
    """
    signed_by = [_signer(signed, release, approvers, at) for signed in _signatures_for(permit, release)]
    signers = [signer for signer in signed_by if signer]
    # Two certificates for one key are one hand.
    if any(len(set(seen)) < len(signers) for seen in zip(*signers, strict=True)):
        raise Refused("SAME_OFFICER", "One officer, or one key, signed twice.", "A second approver has to sign.")
    if len(signers) < NEEDED and any(_struck(signed, approvers) for signed in permit.countersignatures):
        raise Refused(
            "SIGNER_STRUCK_OFF",
            "An approver who signed these answers was struck off since, and the signature counts no more.",
            "Have another approver sign the answers: `comity review sign`. Abandon an intent first, if there is one.",
        )
    if len(signers) < NEEDED:
        raise Waiting(
            "SIGNATURES_MISSING",
            f"{len(signers)} of {NEEDED} countersignatures are there.",
            "Have approvers sign with `comity review sign`.",
        )


def _signatures_for(permit: Permit, release: ToRelease) -> list[Countersignature]:
    """Plain copies of the permit's signatures: an object of another making could answer differently each time."""
    try:
        if type(permit) is not Permit or type(permit.release) is not ToRelease or permit.release != release:
            raise _forged()
        return [Countersignature.read(Countersignature.form(signed)) for signed in permit.countersignatures]
    except (AttributeError, TypeError, ValueError, Integrity):
        raise _forged() from None


def _signer(signed: Countersignature, release: ToRelease, approvers: Approvers, at: datetime) -> tuple[str, str] | None:
    """Officer and key of this countersignature, after everything it says has been held against `release`.

    None if the certificate's term has ended, the passkey was replaced, or the officer was struck off.
    """
    statement = signed.statement
    _require_same_batch(statement, release)
    try:
        signer = verify_countersignature(signed, approvers.roots, at, approvers.passkeys)
    except Integrity as error:
        if error.code in _ENDED:
            return None
        raise
    if _struck(signed, approvers):
        return None
    certificate = signer.certificate
    officer = approvers.officers.get(certificate.fingerprint, "")
    if not officer or officer != statement.officer or statement.role != APPROVER:
        raise Refused(
            "SIGNER_UNKNOWN",
            "A signature is not by the certificate of a registered approver.",
            "Have an approver sign with the registered certificate.",
        )
    keys = (signer.key, certificate.key_fingerprint)
    if (
        officer in approvers.excluded
        or approvers.requester == certificate.fingerprint
        or approvers.requester_key in keys
    ):
        raise Refused(
            "SIGNER_INVOLVED",
            "A signer had another part in this batch, or lifted a hold that stood over it.",
            "Have an approver sign who had no other part in it.",
        )
    return officer, signer.key


def _struck(signed: Countersignature, approvers: Approvers) -> bool:
    return signed.statement.officer in approvers.struck


def _require_same_batch(statement: Statement, release: ToRelease) -> None:
    said = (statement.submission, statement.submission_digest, statement.agreement, statement.version)
    if said != (release.submission, release.submission_digest, release.agreement, release.version):
        raise Refused(
            "SIGNATURE_OF_ANOTHER_BATCH",
            "A countersignature was made for another submission or under other rules.",
            "Have the approvers sign the answers of this batch.",
        )
    covered = (statement.type, statement.covers, statement.digest, statement.rows, statement.counts)
    if covered != (TYPE, COVERS, release.digest, release.rows, release.counts):
        raise Refused(
            "ANSWERS_CHANGED",
            "The answers are not the ones that were signed.",
            "Have two approvers look at the answers as they are now, and sign them.",
        )


def _forged() -> Refused:
    return Refused(
        "PERMIT_FORGED",
        "This is not a permit for these answers.",
        "Ask for a permit with the countersignatures of this batch.",
    )
