"""What can happen in the office: authorities, officers, registers, agreements, registries and holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comity.case.envelope import Event
from comity.case.registers import AGENCY, AGREEMENT, QUORUM, SAFEGUARDS, SYSTEM, Dated, Proposal


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
class EntryApproved(Event):
    """Another officer than the proposer approved version `number` of the entry about `subject` in `register`."""

    register: str
    subject: str
    number: int


OFFICE_EVENTS: Mapping[str, type[Event]] = {
    kind.kind(): kind
    for kind in (
        OfficeOpened,
        AuthorityTrusted,
        OfficerAdded,
        RoleGranted,
        SignatoryAdded,
        RecipientAdded,
        AgreementProposed,
        RegistryBuilt,
        HoldPlaced,
        HoldConfirmed,
        AgencyProposed,
        SafeguardsProposed,
        SystemProposed,
        QuorumProposed,
        EntryApproved,
    )
}
