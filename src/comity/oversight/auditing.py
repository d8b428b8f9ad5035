"""The audit of a batch, verified: drawn as the office's key decides, read by its votes, and within the limit."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from comity.agreements import kept
from comity.case.artefact import Artefact
from comity.case.batch_events import AnswersMade, RequestsDetermined
from comity.case.batch_state import BatchState
from comity.crypto import CryptoError, verify_ed25519
from comity.oversight.artefacts import same_rows
from comity.oversight.walk import Walk, inconsistent
from comity.review import (
    Docket,
    audit,
    draw_on_record,
    draw_sample,
    fold_votes,
    known_wanted,
    measure_reviewers,
    sampling_statement,
)


def require_audited(walk: Walk, folder: Path, state: BatchState, found: Mapping[str, Artefact]) -> None:
    """The sample, the verdicts and the audit of the batch in `state` follow from its determinations and votes.

    `found` has the batch's artefacts by kind. Raises Integrity TERMS_DIFFER where it was not compared and audited by
    the terms that it was ruled by, SAMPLE_DIFFERS where others were read than the office's
    key decides, VERDICTS_DIFFER where the verdicts are not those of the votes, and AUDIT_DIFFERS where the figures are
    not those of the sample, or leave more doubt than the agreement allows and something was confirmed all the same; and
    REVIEWERS_DIFFER where what is said of the reviewers' own error does not follow from the known cases. Without
    `candidates`, which the retention policy may have let go, the figures are left as they are told.
    """
    determined, answers = state.determined, state.answers
    if determined is None or answers is None:
        raise inconsistent("INTENT_MISSING", "A batch has an intent without determinations and answers.")
    _require_agreed(walk, state, determined)
    _require_drawn(walk, folder, determined, state.batch, found)
    with tempfile.TemporaryDirectory() as scratch:
        again = fold_votes(Path(scratch), state.votes)
        if not same_rows(Path(scratch), folder, again, found["verdicts"]):
            raise inconsistent("VERDICTS_DIFFER", "The verdicts are not those that the votes come to.")
    if "candidates" not in found:
        return
    on = _docket(folder, found)
    _require_figures(on, state, answers, determined)
    _require_reviewers_measured(folder, state, found, determined)


def _docket(folder: Path, found: Mapping[str, Artefact]) -> Docket:
    voted_on = found["determinations"], found["candidates"], found["sample"]
    return Docket(folder, *voted_on, found.get("known"), found.get("known_candidates"))


def _require_reviewers_measured(
    folder: Path, state: BatchState, found: Mapping[str, Artefact], determined: RequestsDetermined
) -> None:
    """The answers of the known cases stood in the log before anybody voted, and the figures follow from them."""
    known, said = state.known, state.measured
    if known is None:
        if said is not None or state.known_votes:
            raise inconsistent("REVIEWERS_DIFFER", "Reviewers were measured on cases whose answers nobody wrote down.")
        return
    on = _docket(folder, found)
    wanted = known_wanted(folder, found["determinations"], determined.terms["known_cases"])
    if known.known["rows"] > wanted:
        raise inconsistent("REVIEWERS_DIFFER", "More known cases were mixed in than the agreement says.")
    if said is None or said.reviewers != measure_reviewers(on, state.known_votes):
        raise inconsistent("REVIEWERS_DIFFER", "The error of the reviewers is not what their votes come to.")


def _require_agreed(walk: Walk, state: BatchState, determined: RequestsDetermined) -> None:
    received, ruled = state.submission(), state.ruled
    text = kept(walk.directory / "agreements", ruled.agreement_digest if ruled else "")
    if determined.terms != text.on(date.fromisoformat(received.received_on)).terms.determining():
        raise inconsistent("TERMS_DIFFER", "A batch was compared or audited by other terms than it was ruled by.")


def _require_drawn(
    walk: Walk, folder: Path, determined: RequestsDetermined, batch: str, found: Mapping[str, Artefact]
) -> None:
    draw = draw_on_record(determined)
    try:
        key = bytes.fromhex(walk.genesis.sampling_key)
        verify_ed25519(key, draw.signature, sampling_statement(batch, found["determinations"]))
    except CryptoError:
        raise inconsistent("SAMPLE_DIFFERS", "The sample of a batch is not drawn by the office's key.") from None
    with tempfile.TemporaryDirectory() as scratch:
        again = draw_sample(Path(scratch), found["determinations"], draw)
        if not same_rows(Path(scratch), folder, again, found["sample"]):
            raise inconsistent("SAMPLE_DIFFERS", "Others were read than the office's key decides.")


def _require_figures(docket: Docket, state: BatchState, answers: AnswersMade, determined: RequestsDetermined) -> None:
    audited = audit(docket, state.votes)
    whole = all(part.read == part.drawn for part in (audited.confirmed, audited.noes))
    within = state.forgone or (whole and audited.within(determined.terms["audit_wrong_limit"]))
    if audited.form() != answers.audit or not within:
        raise inconsistent("AUDIT_DIFFERS", "The audit of a batch is not what its votes and its sample come to.")
