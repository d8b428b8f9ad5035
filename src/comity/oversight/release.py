"""What had to stand at the hour of a release, by the registers of that hour: rules, agreement, signatory, agency."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from comity import gates
from comity.accounting.leaf import OutcomeLeaf
from comity.agreements import Agreement, kept
from comity.case.artefact import Artefact
from comity.case.batch_decisions import discloses_nothing, require_answer_hour, require_still_allowed
from comity.case.batch_events import BATCH_EVENTS, ReplyHandedOver
from comity.case.batch_state import BatchState
from comity.case.envelope import Envelope, opened
from comity.case.errors import Refused, Waiting
from comity.case.office_state import OfficeState
from comity.disclosure import require_still_known
from comity.oversight.artefacts import named_artefact
from comity.oversight.registers import Registers
from comity.oversight.signing import require_signatures_stand
from comity.oversight.walk import Walk, inconsistent
from comity.review import SIGNATORY


def require_allowed(walk: Walk, state: BatchState, office: OfficeState, at: str, index: int) -> None:
    """The batch in `state` might be released at the hour `at` (ISO, UTC), by the registers `office`, with leaf `index`.

    Everything that a release asks for again is asked for again. Raises Integrity with the code that would have refused
    it: `ANSWER_HOUR_NOT_REACHED`, `AGREEMENT_CHANGED`, `AGREEMENT_NOT_IN_FORCE`, `SIGNATORY_NOT_AUTHORISED` or
    `LAPSED_SINCE_RECEIPT`.
    """
    agreed, received = _agreed(walk, state, office), state.submission()
    settled = state.settled.settled if state.settled else {}
    named = {"requests": received.requests, "recipients": received.recipients, "settled": settled}

    def ask() -> None:
        require_answer_hour(state, datetime.fromisoformat(at))
        require_still_allowed(state, office, at[:10])
        if discloses_nothing(state):
            return
        tables = {name: _table(walk, state, table) for name, table in named.items()}
        with tempfile.TemporaryDirectory() as scratch:
            gates.require_still_passing(Path(scratch), tables, agreed, received, office, date.fromisoformat(at[:10]))

    _was_to_be(ask, f"The leaf {index} was not to be")


def require_sealing_allowed(walk: Walk, registers: Registers, state: BatchState, index: int, leaf: OutcomeLeaf) -> None:
    """The same of a sealing, where the office's events of that hour are opened; both signatures still count then."""
    office = registers.at(leaf.office_version, leaf.at)
    if office is not None and state.intended is not None:
        require_allowed(walk, state, office, leaf.at, index)
        folder, at = walk.folder(state.batch), datetime.fromisoformat(leaf.at)
        answers = named_artefact(folder, state.intended.answers)
        require_signatures_stand(folder, state, office, walk.authority(), answers, at)


def require_handing_over_allowed(
    walk: Walk, registers: Registers, state: BatchState, envelopes: Iterable[Envelope]
) -> None:
    """No reply with an answer left for whom it was not to leave then. Raises Integrity as `require_allowed`."""
    for stored in envelopes:
        handed = opened(stored, BATCH_EVENTS) if stored.type == ReplyHandedOver.kind() else None
        office = registers.at(handed.office_version, stored.at) if isinstance(handed, ReplyHandedOver) else None
        if isinstance(handed, ReplyHandedOver) and office is not None and handed.recipient != SIGNATORY:
            _require_entitled(walk, state, office, handed.recipient, stored.at)


def _require_entitled(walk: Walk, state: BatchState, office: OfficeState, recipient: str, at: str) -> None:
    received, agreed = state.submission(), _agreed(walk, state, office)

    def ask() -> None:
        require_still_known(received, recipient, office, datetime.fromisoformat(at))
        recipients = _table(walk, state, received.recipients)
        with tempfile.TemporaryDirectory() as scratch:
            gates.require_still_entitled(
                Path(scratch), recipients, recipient, agreed, received, office, date.fromisoformat(at[:10])
            )

    _was_to_be(ask, f"A reply of batch {state.batch} left")


def _was_to_be(ask: Callable[[], None], says: str) -> None:
    try:
        ask()
    except (Refused, Waiting) as refused:
        raise inconsistent(refused.code, f"{says}: {refused.says}") from None


def _table(walk: Walk, state: BatchState, named: Mapping[str, Any]) -> Artefact:
    return named_artefact(walk.folder(state.batch), named)


def _agreed(walk: Walk, state: BatchState, office: OfficeState) -> Agreement:
    return kept(walk.directory / "agreements", office.agreement(state.submission().agreement).digest)
