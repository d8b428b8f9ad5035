"""Another key for the log: made by one officer, put into force by another, and signed over by the one before it."""

from __future__ import annotations

from dataclasses import dataclass

from comity.case import log_keys as decide
from comity.case.errors import BadInput, Refused
from comity.case.office_events import LogKeyChanged, LogKeyProposed
from comity.case.registers import QUORUM
from comity.crypto import Ed25519Key
from comity.office.desk import Actor, Office, log_errors
from comity.office.home import NEXT_LOG_KEY, next_log_key
from comity.office.witnessing import quorum_today, witness_log


@dataclass(frozen=True)
class KeyChange:
    """The key in force from now on, and what each witness that was asked said to the log under it: '' for cosigned."""

    vkey: str
    witnesses: dict[str, str]


def propose_key(office: Office, actor: Actor) -> str:
    """Make the next key of the log, beside the one in force; gives its verifier key, to be handed out before it signs.

    Raises Refused `DONE_BEFORE` while a key waits to be put into force, or for a missing right.
    """
    role = office.require(actor, "propose_log_key")
    state = office.state()
    made = next_log_key(office.home)
    if made is None:
        made = Ed25519Key.generate()
        made.save(office.home.directory / "keys" / NEXT_LOG_KEY)
    vkey = office.home.named(made).vkey
    if state.key_proposed and state.key_proposed[0] == vkey:
        raise Refused(
            "DONE_BEFORE", "A key waits to be put into force.", "Another officer does: `comity log change-key`."
        )
    event = decide.propose(state, LogKeyProposed(vkey))
    office.record(office.act(actor, role, "log new-key"), [event], state)
    return vkey


def change_key(office: Office, actor: Actor, compromised_after: int | None = None) -> KeyChange:
    """Put the proposed key into force; the log's checkpoint is signed by both keys once, then by the new one alone.

    With `compromised_after`, a number of leaves, the key before is in other hands, and what it signed counts up to that
    size alone. The witnesses of all quorums in force are asked for their cosignatures. Raises Refused
    `KEY_NOT_PROPOSED`, `SOD_VIOLATION` or for a missing right; BadInput `SIZE_UNFIT` for more leaves than there are.
    """
    state = office.state()
    vkey, proposer = state.key_proposed or ("", "nobody")
    role = office.require(actor, "change_log_key", concerns=proposer)
    with log_errors():
        size = office.log.checkpoint().size
        if compromised_after is not None and not 0 < compromised_after <= size:
            raise BadInput("SIZE_UNFIT", f"The log has {size} leaves.", "Name the last checkpoint that is known good.")
        root = office.log.root_at(compromised_after).hex() if compromised_after else ""
    event = LogKeyChanged(vkey, compromised_after is not None, compromised_after or 0, root)
    office.record(office.act(actor, role, "log change-key"), [decide.change(state, event, actor.officer)], state)
    return KeyChange(vkey, _asked(office))


def _asked(office: Office) -> dict[str, str]:
    said: dict[str, str] = {}
    subjects = {subject for register, subject in office.state().entries if register == QUORUM}
    for agreement in sorted(subjects):
        found = witness_log(office, quorum_today(office, agreement))
        with log_errors():
            office.log.keep_cosigned_handover(found.note)
        said |= {name: found.refusals.get(name, "") for name in found.names()}
    return said
