"""What is proposed for the registers and first has to be read from files: certificates, lists and agreements.

Each function gives a proposal for `acts.propose_entry`; nothing is entered by it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from comity import agreements
from comity.case import office_events as e
from comity.case.errors import BadInput
from comity.case.office_state import OfficeState
from comity.case.registers import Proposal
from comity.case.wording import require_id
from comity.crypto import Certificate, Purpose, canonical, digest, verify_chain
from comity.gates import admit
from comity.office.desk import Actor, Office, certificate_at, crypto_errors
from comity.oversight.checking import check_folder
from comity.review.rights import ROLES

# Signatories and recipients sign what they send or open, and replies are sealed to them.
_OF_AGENCY = Purpose.SIGNING | Purpose.SEALING


def authority_proposal(agency: str, certificate: Path) -> e.AuthorityProposed:
    """A root certificate (PEM file) that is to be trusted for the people of `agency`."""
    with crypto_errors():
        root = Certificate.load(certificate)
    return e.AuthorityProposed(agency, root.pem().decode(), root.fingerprint)


def officer_proposal(
    office: Office, officer: str, name: str, certificate: Path, roles: Collection[str]
) -> e.OfficerProposed:
    """A person of the office in `roles` (of `review.rights.ROLES`), by a certificate (PEM file) of its authority."""
    _require_roles(roles)
    found = certificate_at(certificate, [office.home.authority], office.clock(), Purpose.SIGNING)
    pem, held = found.pem().decode(), sorted(set(roles))
    return e.OfficerProposed(officer, name, pem, found.fingerprint, found.key_fingerprint, held)


def role_proposal(office: Office, officer: str, role: str) -> e.OfficerProposed:
    """An officer of the office in one role more. Raises Refused `OFFICER_UNKNOWN`, BadInput `ROLE_UNKNOWN`."""
    known = office.state().officer(officer)
    _require_roles([role])
    held = sorted({*known.roles, role})
    return e.OfficerProposed(officer, known.name, known.certificate, known.fingerprint, known.key, held)


def signatory_proposal(
    office: Office,
    signatory: str,
    agency: str,
    name: str,
    held: Mapping[str, str],
    certificate: Path,
    term: tuple[date, date],
) -> e.SignatoryProposed:
    """Who may sign for `agency` (26 U.S.C. 6103(i)(2)(A)) within `term`, first and last day.

    `held` says the `office` held, the `basis` (statute or delegation) and, for a delegation, its `instrument`.
    """
    found = certificate_at(certificate, _roots(office.state(), agency), office.clock(), _OF_AGENCY)
    return e.SignatoryProposed(
        signatory,
        agency,
        name,
        held["office"],
        held["basis"],
        held.get("instrument", ""),
        found.pem().decode(),
        found.fingerprint,
        found.key_fingerprint,
        *(day.isoformat() for day in term),
    )


def recipients_proposal(
    office: Office, rows: Sequence[Mapping[str, str]], certificates: Path, system: str
) -> e.RecipientsProposed:
    """One list of recipients (recipient, agency, name, role, office_address) who open replies at `system`.

    Certificates are `<id>.pem` files. The system need not be registered yet, but requests come back while it is not.
    """
    state = office.state()
    roots = {agency: _roots(state, agency) for agency in {row["agency"] for row in rows}}
    listed = [_recipient(office, row, certificates, roots[row["agency"]]) for row in rows]
    return e.RecipientsProposed(system, digest(canonical(listed)), len(listed), listed)


def _recipient(
    office: Office, row: Mapping[str, str], certificates: Path, roots: Sequence[Certificate]
) -> dict[str, str]:
    # Before it becomes a part of a file's name.
    require_id(row["recipient"])
    found = certificate_at(certificates / f"{row['recipient']}.pem", roots, office.clock(), _OF_AGENCY)
    said = {name: row[name] for name in ("recipient", "agency", "name", "role", "office_address")}
    pem = found.pem().decode()
    return {**said, "certificate": pem, "fingerprint": found.fingerprint, "key": found.key_fingerprint}


def agreement_proposal(
    office: Office, actor: Actor, named: str, term: tuple[date, date], terms: Mapping[str, object]
) -> e.AgreementProposed:
    """The agreement of that name, or in that folder, for `term`, first and last day; the home keeps its exact text.

    `terms` sets values of level policy; they are part of what is proposed, and of its digest. Raises Refused for
    whoever may not propose, Integrity `AGREEMENT_INVALID` with the first fault of `comity agreement check`, and as
    `agreements.keep`.
    """
    office.require(actor, "propose_entry")
    folder = agreements.folder_of(named)
    for fault in check_folder(folder).faults if named not in agreements.names() else ():
        raise fault
    agreement = agreements.keep(office.home.agreements, folder, terms)
    # With what was set: a batch under rules that cannot be worked out could neither be answered nor returned.
    for reading in agreement.readings():
        admit(reading)
    first, last = (day.isoformat() for day in term)
    return e.AgreementProposed(agreement.name, agreement.version, agreement.digest, dict(terms), first, last)


def require_current(office: Office, said: Proposal) -> None:
    """The certificates of the people in a proposal chain to a trusted authority at this hour, and are in their term.

    Between a proposal and its approval a certificate may end, or its authority be struck off. Raises BadInput as
    `crypto.verify_chain`.
    """
    now, roots = office.clock(), {agency: _roots(office.state(), agency) for agency in office.state().authorities}
    with crypto_errors():
        match said:
            case e.OfficerProposed():
                verify_chain(_certificate(said.certificate), [office.home.authority], now, Purpose.SIGNING)
            case e.SignatoryProposed():
                verify_chain(_certificate(said.certificate), roots.get(said.agency, []), now, _OF_AGENCY)
            case e.RecipientsProposed():
                for row in said.recipients:
                    verify_chain(_certificate(row["certificate"]), roots.get(row["agency"], []), now, _OF_AGENCY)


def _certificate(pem: str) -> Certificate:
    return Certificate.from_pem(pem.encode())


def _require_roles(roles: Collection[str]) -> None:
    if not roles or not set(roles) <= set(ROLES):
        raise BadInput("ROLE_UNKNOWN", f"A role is one of {', '.join(sorted(ROLES))}.", "Grant one of these.")


def _roots(state: OfficeState, agency: str) -> list[Certificate]:
    return [_certificate(pem) for pem in state.authorities.get(agency, ())]
