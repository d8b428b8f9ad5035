"""What was sealed had been intended under a checkpoint of this log that enough witnesses cosigned."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from comity.accounting.checkpoint import verify_log_note
from comity.accounting.log import read_note
from comity.accounting.policy import Policy, parse_policy
from comity.accounting.proof import parse_proof, verify_proof
from comity.accounting.verifying import note_verifier
from comity.case.office_events import QuorumProposed
from comity.case.office_state import NO_QUORUM
from comity.oversight.disclosures import Disclosure
from comity.oversight.log_keys import counting
from comity.oversight.registers import Registers
from comity.oversight.walk import Walk, inconsistent


def require_cosignatures_true(walk: Walk, registers: Registers) -> None:
    """Verify what witnesses that the registers ever named, or the verifier's policy does, wrote under the checkpoint.

    Raises LogError NOTE_SIGNATURE_WRONG.
    """
    versions = chain.from_iterable(registers.opened[-1].after.entries.values())
    texts = [entry.said.policy for entry in versions if isinstance(entry.said, QuorumProposed)]
    policies = [parse_policy(text.encode()) for text in (*texts, NO_QUORUM if walk.policy is None else walk.policy)]
    keys = {key for policy in policies for key in policy.witnesses.values()}
    verify_log_note(read_note(walk.directory / "log"), [walk.verifier, *map(note_verifier, keys)])


def require_witnessed(walk: Walk, intent: Disclosure, proof: str) -> None:
    """Verify the tlog-proof of an intent that a sealed reply carries.

    Against the keys of the log that count for its size, and the policy that the verifier brought, or else the one its
    agreement had when it was intended. Raises LogError as `verify_proof`, QUORUM_NOT_MET among them; Integrity
    LOG_KEY_ENDED, CHECKPOINT_DIFFERS when the checkpoint is not of this log, whoever cosigned it, and PROOF_OF_ANOTHER.
    """
    parsed = parse_proof(proof)
    if parsed.index != intent.index:
        raise inconsistent("PROOF_OF_ANOTHER", f"A reply does not carry the proof of its intent, leaf {intent.index}.")
    policy = _policy(walk, intent)
    verifiers = [*counting(walk.terms, parsed.note), *map(note_verifier, policy.witnesses.values())]
    [leaf] = walk.entries(intent.index, intent.index + 1)
    head = verify_proof(parsed, leaf, verifiers, policy)
    if walk.root_at(head.size) != head.root:
        raise inconsistent("CHECKPOINT_DIFFERS", f"A reply carries a checkpoint of {head.size} leaves of another log.")


def _policy(walk: Walk, intent: Disclosure) -> Policy:
    if walk.policy is not None:
        return parse_policy(walk.policy.encode())
    # Which log it is, the office's events say; a quorum of last year may name the key of last year.
    return replace(parse_policy(intent.policy.encode()), logs=())
