"""One intent of a batch, verified: its entries, its answers, and the two signatures on them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

from comity.accounting.reading import read_leaves
from comity.case.artefact import Artefact
from comity.case.batch_events import DisclosureIntended
from comity.case.batch_state import BatchState
from comity.case.envelope import Envelope
from comity.disclosure import require_accounted
from comity.oversight.artefacts import named_artefact, reading
from comity.oversight.holds import require_not_held
from comity.oversight.registers import Registers
from comity.oversight.signing import require_signed
from comity.oversight.walk import Walk, inconsistent
from comity.review import compose_answers
from comity.workspace import workspace


@dataclass(frozen=True)
class Disclosure:
    """An intent that holds: its event, the index of its leaf, its entries, and the batch as it stood then."""

    intended: DisclosureIntended
    index: int
    rows: int
    state: BatchState


def verify_intent(walk: Walk, registers: Registers, state: BatchState, last: Envelope, index: int) -> Disclosure:
    """Verify the intent in force in `state`, whose event `last` was and whose leaf stands at `index`.

    It stands under no hold; every artefact that an event names is the one it names; the leaves before `index` are the
    intent's entries, and open to bodies about exactly the answers; the answers follow from rulings, determinations and
    votes; two approvers signed them. Raises Integrity, or what `review.verify_permit` raises.
    """
    intended, received = state.intended, state.submission()
    if intended is None or last.type != DisclosureIntended.kind():
        raise inconsistent("INTENT_MISSING", f"The leaf {index} intends what no event does.")
    require_not_held(walk, received.agreement, index, intended.office_version, "intended")
    folder = walk.folder(state.batch)
    found = {named["kind"]: named_artefact(folder, named) for named in state.named}
    # What is sealed is what the intent names, whatever kind it says that is.
    found |= {name: named_artefact(folder, getattr(intended, name)) for name in ("answers", "accounting", "blinds")}
    rows = found["accounting"].rows
    _require_entries(walk, folder, found, index)
    _require_recomposed(folder, found)
    office = registers.before(index - rows)
    at = datetime.fromisoformat(last.at)
    require_signed(folder, state, office, walk.authority(), found["answers"], at)
    return Disclosure(intended, index, rows, state)


def _require_entries(walk: Walk, folder: Path, found: Mapping[str, Artefact], index: int) -> None:
    entries = walk.entries(index - found["accounting"].rows, index)
    with reading(folder) as ws:
        ws.view("accounting", found["accounting"])
        ws.view("answers", found["answers"])
        if any(ours != theirs for ours, theirs in zip_longest(read_leaves(ws), entries)):
            raise inconsistent("ENTRY_DIFFERS", f"The entries before leaf {index} are not those of its accounting.")
        require_accounted(ws)


def _require_recomposed(folder: Path, found: Mapping[str, Artefact]) -> None:
    """The answers follow again from what came before them."""
    names = ("requests", "settled", "candidates", "determinations", "verdicts")
    with tempfile.TemporaryDirectory() as scratch:
        again = compose_answers(Path(scratch), *(found[name] for name in names))
        with workspace(Path(scratch), reads=[folder]) as ws:
            ws.view("again", again)
            ws.view("answers", found["answers"])
            differ = ws.rows("SELECT count(*) FROM (FROM again EXCEPT ALL FROM answers)")[0][0]
    if differ or again.rows != found["answers"].rows:
        raise inconsistent("ANSWERS_DIFFER", "The answers do not follow from rulings, determinations and votes.")
