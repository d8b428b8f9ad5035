"""An accounting to one person: which requests of the released batches are about that person, found by one rule.

The office finds them when counsel accounts, and verification finds them again, from the same artefacts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.batch_events import Named
from comity.case.batch_state import BatchState
from comity.case.embargoes import Embargo, embargo_on
from comity.case.errors import Refused
from comity.linkage.about import STANDARD, About, about
from comity.workspace import workspace


@dataclass(frozen=True)
class Found:
    """One request that is about the person, in its batch; `embargo` keeps it back, 0 for none."""

    batch: str
    embargo: int
    about: About

    @property
    def place(self) -> tuple[str, int, int]:
        """Batch, row number and embargo: what an accounting's own list says of it."""
        return self.batch, self.about.row_number, self.embargo


def read_batch(
    state: BatchState,
    folder: Path,
    artefacts: Mapping[str, Artefact],
    subject: Artefact,
    embargoes: Iterable[Embargo],
    day: str,
) -> list[Found]:
    """What of the released batch in `state` is about the person in `subject`, on `day` (ISO) under these `embargoes`.

    `folder` has its `artefacts`, by the names that `tables_of` gives. Raises as `linkage.about.about`.
    """
    with tempfile.TemporaryDirectory() as scratch, workspace(Path(scratch), reads=[folder, subject.path]) as ws:
        ws.view("subject", subject)
        for name, artefact in artefacts.items():
            ws.view(name, artefact)
        found = about(ws)
    embargo = embargo_on(embargoes, state.submission().agreement, state.batch, day)
    return [Found(state.batch, embargo, one) for one in found]


def tables_of(state: BatchState, gone: Collection[str]) -> dict[str, Named]:
    """The artefacts of a released batch in which a person is looked for, as its events name them, without those `gone`.

    Names and addresses that were read by another standard than today's are read anew. Raises Refused `OUT_OF_ORDER`.
    """
    ruled, determined, answers = state.ruled, state.determined, state.answers
    if ruled is None or determined is None or answers is None:
        raise Refused("OUT_OF_ORDER", "Nothing of this batch has been answered.", "See `comity batches`.")
    named = {
        "requests": state.submission().requests,
        "candidates": determined.candidates,
        "determinations": determined.determinations,
        "verdicts": answers.verdicts,
        "answers": state.intent().answers,
    }
    named |= {"standardised": ruled.standardised} if ruled.standard == STANDARD else {}
    return {name: one for name, one in named.items() if one["digest"] not in gone}
