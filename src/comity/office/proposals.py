"""What is proposed for the registers and first has to be read from files: agreements.

Each function gives a proposal for `acts.propose_entry`; nothing is entered by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from comity import agreements
from comity.case import office_events as e
from comity.gates import admit
from comity.office.desk import Actor, Office
from comity.oversight.checking import check_folder


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
