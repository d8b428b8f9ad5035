"""The files of a batch of which officers may have copies, and by which right; of any other there is no copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from comity.case.batch_events import CopyTaken, Named
from comity.case.batch_state import BatchState


@dataclass(frozen=True)
class Copied:
    """By which act of the rights a copy is taken, and what the file holds, in words."""

    act: str
    says: str


COPIES: Mapping[str, Copied] = {
    "requests": Copied("copy_requests", "every request as it was read"),
    "recipients": Copied("copy_requests", "the recipients that the submission lists"),
    "rulings": Copied("copy_requests", "what each rule found, and the clause that it rests on"),
    "settled": Copied("copy_requests", "which requests passed, and the codes of those that were returned"),
    "candidates": Copied("copy_records", "whom each request met in the records, with the reasons"),
    "determinations": Copied("copy_records", "what the rule made of each request"),
    "answers": Copied("copy_answers", "what every request is answered"),
}
"""By kind of artefact. Votes, samples, known cases, withholdings and whatever holds a secret are left out: votes are
blind, and what is withheld is read by `comity screen read` alone."""


def in_force(batch: BatchState) -> dict[str, Named]:
    """The artefacts of COPIES that the batch has as it stands, by kind; answers that were voided are none."""
    found = {"requests": batch.submission().requests, "recipients": batch.submission().recipients}
    if batch.ruled:
        found["rulings"] = batch.ruled.rulings
    if batch.settled:
        found["settled"] = batch.settled.settled
    if batch.determined:
        found |= {"candidates": batch.determined.candidates, "determinations": batch.determined.determinations}
    if batch.answers:
        found["answers"] = batch.answers.answers
    return found


def act_of(batch: BatchState, taken: CopyTaken) -> str:
    """The act that `taken` is the outcome of; '' where the batch had no such file to be copied, which nobody may do."""
    named = in_force(batch).get(taken.artefact)
    return COPIES[taken.artefact].act if named and named["digest"] == taken.digest else ""
