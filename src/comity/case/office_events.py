"""What can happen in the office: its founding, proposals and approvals, registries, holds, accountings, its keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comity.case.envelope import Event
from comity.case.keeping_events import HomeBackedUp, HomeResumed, LogCaughtUp, LogKeyChanged, LogKeyProposed
from comity.case.registers import (
    AGENCY,
    AGREEMENT,
    AUTHORITY,
    OFFICER,
    PASSKEY,
    QUORUM,
    RECIPIENT,
    RETENTION,
    SAFEGUARDS,
    SIGNATORY,
    STRIKE,
    SYSTEM,
    Dated,
    Proposal,
)


@dataclass(frozen=True)
class OfficeOpened(Event):
    """A home came into being, of `home_kind` `rehearsal` or `live`; certificates are PEM.

    `log_key` is the log's verifier key, `key` the fingerprint of the public key in the office's own certificate.
    """

    schema = 2

    home_kind: str
    name: str
    authority: str = field(repr=False)
    certificate: str = field(repr=False)
    key: str
    log_key: str
    sampling_key: str


@dataclass(frozen=True)
class FounderNamed(Event):
    """One of the two officers whom an office begins with, a registrar and a counsel; nobody was there to approve them.

    It follows `office_opened` at once. Certificate (PEM), its fingerprint and that of its key as in `officer_proposed`.
    """

    officer: str
    name: str = field(repr=False)
    certificate: str = field(repr=False)
    fingerprint: str
    key: str
    role_held: str


@dataclass(frozen=True)
class OfficerProposed(Proposal):
    """A person of the office, by a certificate of their own (PEM), and all `roles` held; a later version holds more.

    `fingerprint` is that of the certificate, `key` that of the public key in it.
    """

    subject: str
    name: str = field(repr=False)
    certificate: str = field(repr=False)
    fingerprint: str
    key: str
    roles: Sequence[str]

    register = OFFICER

    def grantee(self) -> str:
        """The officer."""
        return self.subject


@dataclass(frozen=True)
class PasskeyProposed(Proposal):
    """A passkey with which the officer `subject` signs in the console; it takes the place of an earlier one.

    `credential` is its id and `public_key` the COSE key (both base64url), `algorithm` `ES256` or `EdDSA`, `key` the
    fingerprint of the public key, as of a certificate's. It is bound to `rp_id` and used at `origin`. `vouched` is a
    detached JWS by the officer's own certificate over all this: nobody enters a passkey of one officer for another.
    """

    subject: str
    credential: str
    algorithm: str
    public_key: str
    key: str
    rp_id: str
    origin: str
    vouched: str = field(repr=False)

    register = PASSKEY

    def grantee(self) -> str:
        """The officer."""
        return self.subject


@dataclass(frozen=True)
class AuthorityProposed(Proposal):
    """The certificates of the agency `subject` are to be accepted when they chain to this root (PEM), too."""

    subject: str
    certificate: str = field(repr=False)
    fingerprint: str

    register = AUTHORITY


@dataclass(frozen=True)
class SignatoryProposed(Proposal):
    """Who may sign submissions for `agency`: office held, basis (statute or delegation), days of validity (ISO).

    A later version takes the place of an earlier one. Certificate, fingerprint and key as in `officer_proposed`.
    """

    subject: str
    agency: str
    name: str = field(repr=False)
    office: str
    basis: str
    instrument: str
    certificate: str = field(repr=False)
    fingerprint: str
    key: str
    valid_from: str
    valid_to: str

    register = SIGNATORY


@dataclass(frozen=True)
class RecipientsProposed(Proposal):
    """A list of people to whom replies can be sealed, who open them at the system `subject`: one proposal for all.

    `recipients` has one object for each of its `rows`: `recipient`, `agency`, `name`, `role`, `office_address`,
    `certificate` (PEM), `fingerprint` and `key`. `digest` is that of the list in its canonical form (RFC 8785).
    """

    subject: str
    digest: str
    rows: int
    recipients: Sequence[Mapping[str, str]] = field(repr=False)

    register = RECIPIENT


@dataclass(frozen=True)
class AgreementProposed(Proposal):
    """Version `version` of the agreement `subject`, in the exact text that the home keeps under `digest`.

    `terms` are the policy values set. Once it is approved it is the one in force, within its own days (ISO).
    """

    subject: str
    version: str
    digest: str
    terms: Mapping[str, Any]
    valid_from: str
    valid_to: str

    register = AGREEMENT


@dataclass(frozen=True)
class RegistryBuilt(Event):
    """An index of the custodian's records was built and is the one new batches pin.

    In a rehearsal it is `synthetic` and somebody vouches for that; in a live home neither.
    """

    digest: str
    rows: int
    spells: int
    synthetic: bool
    vouched_by: str


@dataclass(frozen=True)
class HoldPlaced(Event):
    """An order binds from this event on: `direction` is disclose or use; the order's paper is named by its digest.

    `persons` are those it is about, each as `holds.Person` has it; with none it is about everybody.
    """

    schema = 2

    hold: str
    agreement: str
    direction: str
    court: str
    docket: str
    ordered_on: str
    order_digest: str
    says: str
    persons: Sequence[Sequence[str]] = field(default_factory=list, repr=False)


@dataclass(frozen=True)
class HoldConfirmed(Event):
    """A second officer read the order; it bound before as well."""

    hold: str


@dataclass(frozen=True)
class HoldLiftProposed(Event):
    """An officer holds a court's `order` (its id there) that ends the hold; it binds until another role confirms."""

    hold: str
    court: str
    order: str
    ordered_on: str
    order_digest: str


@dataclass(frozen=True)
class HoldLifted(Event):
    """An officer of the other role read the order of proposal `lift`, by its digest; the hold binds no more."""

    hold: str
    lift: int
    order_digest: str


@dataclass(frozen=True)
class PersonAccounted(Event):
    """Counsel accounted to one person for what was asked and answered, at the person's request `reference`.

    Who that is stands in the artefact `subject` alone, which begins with 32 random bytes, so that its digest commits
    and tells nothing. `accounted` lists the entries; of these `entries` were given and `embargoed` kept back.
    `looked_at` are the batches that had been released, `standard` the version by which names and addresses were read.
    """

    accounting: int
    reference: str
    subject: Mapping[str, Any] = field(repr=False)
    accounted: Mapping[str, Any]
    looked_at: tuple[str, ...]
    standard: str
    entries: int
    embargoed: int


@dataclass(frozen=True)
class EmbargoPlaced(Event):
    """Counsel keeps what was asked under `agreement`, or in its `batch` alone, out of accountings to persons.

    It rests on `basis` and binds up to the day `ends_on` (ISO), that day included; `covered` is how many entries stood
    under it when it was placed.
    """

    embargo: int
    agreement: str
    batch: str
    basis: str
    ends_on: str
    covered: int


@dataclass(frozen=True)
class ContestReceived(Event):
    """Somebody wrote, as `reference`, that the answer to the request at `row_number` of `batch` was not about them.

    `commitment` (hex) is the salted one to the bytes of the letter; it is to be closed by `answer_by` (ISO date).
    """

    contest: int
    batch: str
    row_number: int
    reference: str
    salt: str
    commitment: str
    answer_by: str


@dataclass(frozen=True)
class ContestLookedUp(Event):
    """Counsel was shown how the contested request had been answered, and the records beside it.

    `read` is the version of the event in its batch's stream that tells of the reading; 0 for a request that was
    returned, of which there are no records to be read.
    """

    schema = 2

    contest: int
    read: int


@dataclass(frozen=True)
class ContestClosed(Event):
    """A contest ended, by the `recall` of that number in its batch, or, where that is 0, by a `finding` in words."""

    contest: int
    recall: int
    finding: str


@dataclass(frozen=True)
class AgencyProposed(Dated):
    """A version of an agency's entry: whether `subject` is a Federal agency and on which `basis`; its days (ISO)."""

    subject: str
    name: str = field(repr=False)
    federal: bool
    basis: str
    binds_from: str
    binds_to: str

    register = AGENCY


@dataclass(frozen=True)
class SafeguardsProposed(Dated):
    """A version of how the agency `subject` meets its safeguards.

    `report` names the approved safeguard security report, good until the day `report_until` (ISO; both empty for none).
    Of the open serious `findings`, `planned` are in an accepted corrective action plan, which ends on `plan_until`.
    """

    subject: str
    report: str
    report_until: str
    suspended: bool
    findings: int
    planned: int
    plan_until: str
    binds_from: str

    register = SAFEGUARDS


@dataclass(frozen=True)
class SystemProposed(Dated):
    """A version of a destination, the system `subject` of `agency`: of which `sort` it is, and its days (ISO)."""

    subject: str
    agency: str
    sort: str
    binds_from: str
    binds_to: str

    register = SYSTEM


@dataclass(frozen=True)
class QuorumProposed(Dated):
    """A version of which witnesses have to cosign before anything is sealed under the agreement `subject`.

    `policy` is the text of a policy file (c2sp.org/tlog-policy).
    """

    subject: str
    policy: str
    binds_from: str

    register = QUORUM


@dataclass(frozen=True)
class RetentionProposed(Dated):
    """A version of how long files of the class `subject` are kept after the closing of their batch, and on what basis.

    After `days` they may be removed; 0 keeps them for good, as does no entry.
    """

    subject: str
    days: int
    basis: str
    binds_from: str

    register = RETENTION


@dataclass(frozen=True)
class StrikeProposed(Dated):
    """What the register `of` says of `subject` is struck off from a day on, for a `reason`; nothing before is touched.

    `part` is the role that an officer loses ('' for all of them), or the fingerprint of an agency's root; else ''.
    """

    subject: str
    of: str
    part: str
    reason: str
    binds_from: str

    register = STRIKE

    def grantee(self) -> str:
        """The officer who loses a role."""
        return self.subject if self.of == OFFICER else ""


@dataclass(frozen=True)
class EntryApproved(Event):
    """Another officer than the proposer approved version `number` of the entry about `subject` in `register`."""

    register: str
    subject: str
    number: int


@dataclass(frozen=True)
class SignInOffered(Event):
    """`officer`, proved by key, drew a one-time code to set up sign-in, good until `until` (ISO, UTC)."""

    officer: str
    until: str


@dataclass(frozen=True)
class SignInSetUp(Event):
    """`officer` set up sign-in with that code: `ways` are of `passkey`, `password_and_code`, `provider`."""

    officer: str
    ways: Sequence[str]


@dataclass(frozen=True)
class SignInBarred(Event):
    """Whether nobody signs in as `officer` from now on, or the officer does again; and for which `reason`."""

    officer: str
    barred: bool
    reason: str


OFFICE_EVENTS: Mapping[str, type[Event]] = {
    kind.kind(): kind
    for kind in (
        OfficeOpened,
        FounderNamed,
        OfficerProposed,
        PasskeyProposed,
        AuthorityProposed,
        SignatoryProposed,
        RecipientsProposed,
        AgreementProposed,
        RegistryBuilt,
        HoldPlaced,
        HoldConfirmed,
        HoldLiftProposed,
        HoldLifted,
        PersonAccounted,
        EmbargoPlaced,
        ContestReceived,
        ContestLookedUp,
        ContestClosed,
        AgencyProposed,
        SafeguardsProposed,
        SystemProposed,
        QuorumProposed,
        RetentionProposed,
        StrikeProposed,
        EntryApproved,
        LogCaughtUp,
        HomeBackedUp,
        HomeResumed,
        LogKeyProposed,
        LogKeyChanged,
        SignInOffered,
        SignInSetUp,
        SignInBarred,
    )
}
