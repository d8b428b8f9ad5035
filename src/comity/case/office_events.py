"""What can happen in the office: authorities, officers, registers, agreements, registries, holds, accountings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comity.case.envelope import Event
from comity.case.registers import AGENCY, QUORUM, SAFEGUARDS, SYSTEM, Proposal


@dataclass(frozen=True)
class OfficeOpened(Event):
    """A home came into being. `home_kind` is `rehearsal`; certificates are PEM; `log_key` is the log's verifier key."""

    home_kind: str
    name: str
    authority: str = field(repr=False)
    certificate: str = field(repr=False)
    log_key: str
    sampling_key: str


@dataclass(frozen=True)
class AuthorityTrusted(Event):
    """The certificates of `agency` are accepted when they chain to this root (PEM)."""

    agency: str
    certificate: str = field(repr=False)


@dataclass(frozen=True)
class OfficerAdded(Event):
    """A person of the office with a certificate of their own (PEM); no right comes with it."""

    officer: str
    name: str = field(repr=False)
    certificate: str = field(repr=False)
    fingerprint: str


@dataclass(frozen=True)
class RoleGranted(Event):
    """`officer` holds `role_granted` from now on."""

    officer: str
    role_granted: str


@dataclass(frozen=True)
class SignatoryAdded(Event):
    """Who may sign submissions for `agency`: office held, basis (statute or delegation), days of validity (ISO)."""

    signatory: str
    agency: str
    name: str = field(repr=False)
    office: str
    basis: str
    instrument: str
    fingerprint: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True)
class RecipientAdded(Event):
    """An officer of `agency` to whom replies can be sealed, by certificate (PEM), and the system that opens them."""

    schema = 2

    recipient: str
    agency: str
    name: str = field(repr=False)
    role: str
    office_address: str = field(repr=False)
    certificate: str = field(repr=False)
    fingerprint: str
    system: str


@dataclass(frozen=True)
class AgreementActivated(Event):
    """Counsel put version `version` of `agreement` (folder digest) into force; `terms` are the policy values set."""

    agreement: str
    version: str
    digest: str
    terms: Mapping[str, Any]
    valid_from: str
    valid_to: str


@dataclass(frozen=True)
class RegistryBuilt(Event):
    """An index of the custodian's records was built and is the one new batches pin."""

    digest: str
    rows: int
    spells: int
    synthetic: bool
    vouched_by: str


@dataclass(frozen=True)
class HoldPlaced(Event):
    """An order binds from this event on: `direction` is disclose or use; the order's paper is named by its digest."""

    hold: str
    agreement: str
    direction: str
    court: str
    docket: str
    ordered_on: str
    order_digest: str
    says: str


@dataclass(frozen=True)
class HoldConfirmed(Event):
    """A second officer read the order; it bound before as well."""

    hold: str


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
    """Counsel was shown how the contested request had been answered, and the records beside it."""

    contest: int


@dataclass(frozen=True)
class ContestClosed(Event):
    """A contest ended, by the `recall` of that number in its batch, or, where that is 0, by a `finding` in words."""

    contest: int
    recall: int
    finding: str


@dataclass(frozen=True)
class AgencyProposed(Proposal):
    """A version of an agency's entry: whether `subject` is a Federal agency and on which `basis`; its days (ISO)."""

    subject: str
    name: str = field(repr=False)
    federal: bool
    basis: str
    binds_from: str
    binds_to: str

    register = AGENCY


@dataclass(frozen=True)
class SafeguardsProposed(Proposal):
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
class SystemProposed(Proposal):
    """A version of a destination, the system `subject` of `agency`: of which `sort` it is, and its days (ISO)."""

    subject: str
    agency: str
    sort: str
    binds_from: str
    binds_to: str

    register = SYSTEM


@dataclass(frozen=True)
class QuorumProposed(Proposal):
    """A version of which witnesses have to cosign before anything is sealed under the agreement `subject`.

    `policy` is the text of a policy file (c2sp.org/tlog-policy).
    """

    subject: str
    policy: str
    binds_from: str

    register = QUORUM


@dataclass(frozen=True)
class EntryApproved(Event):
    """Another officer than the proposer approved version `number` of the entry about `subject` in `register`."""

    register: str
    subject: str
    number: int


@dataclass(frozen=True)
class LogCaughtUp(Event):
    """The log was of an earlier day, and its leaves from `lacked_from` up to the size `made_to` were made again."""

    lacked_from: int
    made_to: int


@dataclass(frozen=True)
class HomeBackedUp(Event):
    """A copy of the home was begun, of all but its private keys; `size` and `root` (hex) are those of the log before.

    It is told before the copy, which so holds it: told afterwards, it would make every backup older than the log.
    """

    size: int
    root: str


@dataclass(frozen=True)
class HomeResumed(Event):
    """A home that was restored from the backup of that manifest's digest is at work; the one it was made from is not.

    `size` and `root` (hex) are those of the log that was restored.
    """

    manifest: str
    size: int
    root: str


@dataclass(frozen=True)
class LogKeyProposed(Event):
    """A key was made that is to sign the log; `vkey` is its verifier key. It signs nothing yet."""

    vkey: str


@dataclass(frozen=True)
class LogKeyChanged(Event):
    """The proposed key took the place of the one in force, which signed the leaf of this event as its last.

    A key that is `compromised` counts for checkpoints of up to `counts_to` leaves with that `root` (hex) alone;
    otherwise these are 0 and ''.
    """

    vkey: str
    compromised: bool
    counts_to: int
    root: str


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
        AuthorityTrusted,
        OfficerAdded,
        RoleGranted,
        SignatoryAdded,
        RecipientAdded,
        AgreementActivated,
        RegistryBuilt,
        HoldPlaced,
        HoldConfirmed,
        PersonAccounted,
        EmbargoPlaced,
        ContestReceived,
        ContestLookedUp,
        ContestClosed,
        AgencyProposed,
        SafeguardsProposed,
        SystemProposed,
        QuorumProposed,
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
