"""Another key for the log: made by one officer, put into force by another, and signed over by the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.case import log_keys as decide
from comity.case.batch_events import RepliesSealed
from comity.case.envelope import OFFICE
from comity.case.errors import BadInput, Refused
from comity.case.keeping_events import HomeBackedUp, LogKeyChanged, LogKeyProposed
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


def key_terms(office: Office) -> tuple[decide.KeyTerm, ...]:
    """Every key that signed the log, oldest first, each with the sizes for which it counts."""
    state = office.state()
    changes = dict(state.key_changes)
    terms: tuple[decide.KeyTerm, ...] = (decide.KeyTerm(state.log_key_at(0)),)
    for stored in office.store.read(OFFICE):
        if stored.version in changes:
            leaves = office.store.leaves_of(office.store.position_of(stored)) or (0, 0)
            terms = decide.followed(terms, changes[stored.version], leaves[1])
    return terms


def change_key(office: Office, actor: Actor, compromised_after: int | None = None) -> KeyChange:
    """Put the proposed key into force; the log's checkpoint is signed by both keys once, then by the new one alone.

    With `compromised_after`, a number of leaves, the key before is in other hands, and what it signed counts up to that
    size alone. The witnesses of all quorums in force are asked for their cosignatures. Raises Refused
    `KEY_NOT_PROPOSED`, `SOD_VIOLATION` or for a missing right; BadInput `SIZE_UNFIT` for more leaves than there are,
    `SIZE_CONTRADICTED` for fewer than something rests on that this key signed.
    """
    state = office.state()
    vkey, proposer = state.key_proposed or ("", "nobody")
    role = office.require(actor, "change_log_key", concerns=proposer)
    with log_errors():
        size = office.log.checkpoint().size
        if compromised_after is not None and not 0 < compromised_after <= size:
            raise BadInput("SIZE_UNFIT", f"The log has {size} leaves.", "Name the last checkpoint that is known good.")
        if compromised_after is not None:
            _require_nothing_cut_off(office, compromised_after)
        root = office.log.root_at(compromised_after).hex() if compromised_after else ""
    event = LogKeyChanged(vkey, compromised_after is not None, compromised_after or 0, root)
    office.record(office.act(actor, role, "log change-key"), [decide.change(state, event, actor.officer)], state)
    return KeyChange(vkey, _asked(office))


def _require_nothing_cut_off(office: Office, counts_to: int) -> None:
    """What the office itself sealed, handed over or copied under this key would not verify any more, and for good."""
    copied = [stored for stored in office.store.read(OFFICE) if stored.type == HomeBackedUp.kind()]
    said = [(key_terms(office)[-1].since, "this key was taken up")]
    said += [(start, "a release was sealed") for start in _sealed_at(office)]
    said += [(stored.body["size"], "a backup was taken") for stored in copied]
    least, what = max(said)
    if counts_to < least:
        raise BadInput(
            "SIZE_CONTRADICTED",
            f"At {least} leaves {what}, under a checkpoint by this key: nothing that rests on it would verify again.",
            f"Name {least} or more, whose root is this log's own, and recall what you cannot vouch for: "
            "docs/how-to/7-recall.md.",
        )


def _sealed_at(office: Office) -> Iterator[int]:
    """How many leaves there were when each batch was sealed: the checkpoint in its replies has no more."""
    for batch in office.batches():
        if batch.sealed:
            yield office.leaves_of(batch, RepliesSealed.kind())[0]


def _asked(office: Office) -> dict[str, str]:
    said: dict[str, str] = {}
    subjects = {subject for register, subject in office.state().entries if register == QUORUM}
    for agreement in sorted(subjects):
        found = witness_log(office, quorum_today(office, agreement))
        with log_errors():
            office.log.keep_cosigned_handover(found.note)
        said |= {name: found.refusals.get(name, "") for name in found.names()}
    return said
