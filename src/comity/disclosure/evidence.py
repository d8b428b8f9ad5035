"""What must be true before anything is sealed, worked out again from evidence: signatures, leaves, log, same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from comity.accounting import LogError, Receipt, read_receipt, verify_receipt
from comity.accounting.checkpoint import Verifier
from comity.accounting.leaf import StageLeaf, read_leaf
from comity.accounting.policy import Policy
from comity.accounting.reading import read_leaves
from comity.case.artefact import Artefact
from comity.case.errors import ComityError, Integrity, Refused, Waiting
from comity.disclosure.accounted import require_accounted
from comity.review import Approvers, Permit, ToRelease, counted, verify_permit
from comity.workspace import Workspace


@dataclass(frozen=True)
class Evidence:
    """A permit and a receipt, and what they are verified against, which the office takes from its own registers.

    `release` and `approvers` as `review.grant` takes them; `intended_leaf` the bytes of the intent's leaf; `verifiers`
    and `policy` those of the log and its witnesses.
    """

    permit: Permit
    release: ToRelease
    approvers: Approvers
    receipt: Receipt = field(repr=False)
    intended_leaf: bytes = field(repr=False)
    verifiers: Sequence[Verifier] = field(repr=False)
    policy: Policy = field(repr=False)


@dataclass(frozen=True)
class Tables:
    """The artefacts of a release: `answers`, its `accounting` and `blinds`, and the `recipients` of the submission."""

    answers: Artefact
    accounting: Artefact
    blinds: Artefact
    recipients: Artefact


def verify_evidence(ws: Workspace, tables: Tables, evidence: Evidence, at: datetime) -> Receipt:
    """Verify everything that a release rests on, and give the receipt as its evidence says it.

    Makes the views `answers` and `accounting`. Raises what `review.verify_permit` raises; Refused ANSWERS_CHANGED;
    Integrity ACCOUNTING_DIFFERS, RECEIPT_FORGED or a code of the log; Waiting QUORUM_NOT_MET.
    """
    # (1) two officers signed these answers
    verify_permit(evidence.permit, evidence.release, evidence.approvers, at)
    # (2) these are the answers: the view compares the file with its digest
    ws.view("answers", tables.answers)
    _require_signed_answers(ws, tables.answers, evidence.release)
    # (3) the accounting is of the same rows, answers and recipients
    ws.view("accounting", tables.accounting)
    require_accounted(ws)
    # (4) its leaves, made again of its bodies, and the intent after them, are in the log under a witnessed checkpoint
    return _verify_logged(ws, evidence)


def _require_signed_answers(ws: Workspace, answers: Artefact, release: ToRelease) -> None:
    counts = counted(dict(ws.rows("SELECT answer, count(*) FROM answers GROUP BY answer")))
    rows = sum(number for _, number in counts)
    if (answers.digest, rows, counts) != (release.digest, release.rows, release.counts):
        raise Refused(
            "ANSWERS_CHANGED",
            "The answers are not the ones that were signed.",
            "Have two approvers look at the answers as they are now, and sign them.",
        )


def _verify_logged(ws: Workspace, evidence: Evidence) -> Receipt:
    if type(evidence.receipt) is not Receipt:
        raise _forged()
    try:
        # What is verified and what is used afterwards are one plain copy.
        receipt = read_receipt(evidence.receipt.encode())
        leaf = read_leaf(evidence.intended_leaf)
        verify_receipt(receipt, read_leaves(ws), evidence.intended_leaf, evidence.verifiers, evidence.policy)
    except LogError as error:
        raise _of_the_log(error) from None
    except (AttributeError, TypeError, ValueError):
        raise _forged() from None
    if type(leaf) is not StageLeaf or (leaf.stage, leaf.batch) != ("intended", evidence.release.submission):
        raise _forged()
    return receipt


def _of_the_log(error: LogError) -> ComityError:
    if error.code == "QUORUM_NOT_MET":
        return Waiting(error.code, error.says, "Wait for the witnesses, then release again.")
    return Integrity(error.code, error.says, "Verify the log with `comity log verify`; nothing was sealed.")


def _forged() -> Integrity:
    return Integrity(
        "RECEIPT_FORGED", "This is not a receipt of the log.", "Ask the log for the receipt; nothing was sealed."
    )
