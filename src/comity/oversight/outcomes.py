"""What became of the intents of a batch: sealed or abandoned, once each, as leaves and events agree to tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comity.accounting.leaf import OutcomeLeaf
from comity.case.batch_state import BatchState
from comity.case.envelope import Envelope
from comity.oversight.disclosures import Disclosure
from comity.oversight.holds import (
    require_lifted_by_others,
    require_not_handed_over_under_hold,
    require_not_held,
)
from comity.oversight.recalls import require_recalls_kept
from comity.oversight.registers import Registers
from comity.oversight.release import require_handing_over_allowed, require_sealing_allowed
from comity.oversight.replies import verify_replies
from comity.oversight.walk import BatchLeaves, Walk, inconsistent

OUTCOMES = {"replies_sealed": "sealed", "disclosure_abandoned": "abandoned"}


def verify_outcomes(
    walk: Walk,
    registers: Registers,
    leaves: BatchLeaves,
    intents: Sequence[Disclosure],
    envelopes: Sequence[Envelope],
    state: BatchState,
) -> None:
    """Verify every outcome of a batch, whose opened events are `envelopes` and make `state`.

    Each outcome is of the newest intent before it and the only one of that intent; the opened events tell of the same
    outcomes; what was sealed stands under no hold, when it was allowed, and is what was answered. Raises Integrity.
    """
    _require_as_told(leaves, envelopes, state)
    settled: set[int] = set()
    for index, leaf in leaves.outcomes:
        intent = _intent_of(intents, index, leaf)
        if leaf.intent in settled:
            raise inconsistent("OUTCOME_TWICE", f"The leaf {index} speaks of an intent that is sealed or abandoned.")
        settled.add(leaf.intent)
        if leaf.outcome == "sealed":
            require_not_held(walk, intent.state, index, leaf.office_version, "sealed")
            require_sealing_allowed(walk, registers, intent.state, index, leaf)
            verify_replies(walk, intent, leaf, state)
    require_not_handed_over_under_hold(walk, state, envelopes)
    require_lifted_by_others(registers, state)
    require_handing_over_allowed(walk, registers, state, envelopes)
    require_recalls_kept(state.batch, envelopes)


def _require_as_told(leaves: BatchLeaves, envelopes: Sequence[Envelope], state: BatchState) -> None:
    last = leaves.stages[-1][0]
    told = [(o.outcome, o.intent, o.at, o.office_version) for index, o in leaves.outcomes if index < last]
    if told != list(_happened(envelopes)) or (state.handed_over and state.sealed is None):
        raise inconsistent("OUTCOME_DIFFERS", f"The outcomes before leaf {last} are not those of the batch's events.")


def _happened(envelopes: Sequence[Envelope]) -> Iterator[tuple[str, int, str, int]]:
    for stored in envelopes:
        if stored.type in OUTCOMES:
            yield OUTCOMES[stored.type], stored.body["intent"], stored.at, stored.body["office_version"]


def _intent_of(intents: Sequence[Disclosure], index: int, leaf: OutcomeLeaf) -> Disclosure:
    before = [intent for intent in intents if intent.index < index]
    if not before or before[-1].intended.intent != leaf.intent:
        raise inconsistent("OUTCOME_WITHOUT_INTENT", f"The leaf {index} speaks of an intent that is not in the log.")
    return before[-1]
