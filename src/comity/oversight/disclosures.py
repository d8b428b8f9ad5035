"""One intent of a batch, verified: its entries, its answers, and the two signatures on them."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

from comity.accounting.reading import read_leaves
from comity.case.artefact import Artefact
from comity.case.batch_decisions import require_screened, withholdings_of
from comity.case.batch_events import DisclosureIntended
from comity.case.batch_state import BatchState
from comity.case.envelope import Envelope
from comity.case.errors import Waiting
from comity.case.withholding import WITHHELD_I6, withheld_sql
from comity.disclosure import require_accounted
from comity.gates import settle
from comity.oversight.artefacts import named_artefact, reading, same_rows
from comity.oversight.auditing import require_audited
from comity.oversight.holds import require_not_held
from comity.oversight.registers import Registers
from comity.oversight.release import require_allowed
from comity.oversight.signing import require_signed
from comity.oversight.walk import Walk, inconsistent
from comity.review import compose_answers
from comity.workspace import Workspace


@dataclass(frozen=True)
class Disclosure:
    """An intent that holds: its event, the index of its leaf, its entries, the batch as it stood then, and the witness
    policy (c2sp.org/tlog-policy) that its agreement had.
    """

    intended: DisclosureIntended
    index: int
    rows: int
    state: BatchState
    policy: str


def verify_intent(
    walk: Walk, registers: Registers, state: BatchState, last: Envelope, index: int, gone: Collection[str] = ()
) -> Disclosure:
    """Verify the intent in force in `state`, whose event `last` was and whose leaf stands at `index`.

    It stands under no hold; every artefact that an event names is the one it names; the leaves before `index` are the
    intent's entries, and open to bodies about exactly the answers; rulings, sample and verdicts follow from gates,
    determinations and votes, and the answers from these; two approvers signed them; rules, signatory and agency stood
    at that hour. `gone` are the digests of artefacts that were removed since by the retention policy: without the
    records, audit and answers are not derived again. Raises Integrity, or what `review.verify_permit` raises.
    """
    intended, received = state.intended, state.submission()
    if intended is None or last.type != DisclosureIntended.kind():
        raise inconsistent("INTENT_MISSING", f"The leaf {index} intends what no event does.")
    require_not_held(walk, received.agreement, index, intended.office_version, "intended")
    folder = walk.folder(state.batch)
    found = {named["kind"]: named_artefact(folder, named) for named in state.named if named["digest"] not in gone}
    # What is sealed is what the intent names, whatever kind it says that is.
    found |= {name: named_artefact(folder, getattr(intended, name)) for name in ("answers", "accounting", "blinds")}
    rows = found["accounting"].rows
    _require_entries(walk, folder, found, state, index)
    require_audited(walk, folder, state, found)
    _require_recomposed(folder, found, state)
    office = registers.before(index - rows, last.at)
    at = datetime.fromisoformat(last.at)
    require_signed(folder, state, office, walk.authority(), found["answers"], at)
    require_allowed(walk, state, office, last.at, index)
    return Disclosure(intended, index, rows, state, office.quorum_on(received.agreement, last.at[:10]))


def _require_entries(walk: Walk, folder: Path, found: Mapping[str, Artefact], state: BatchState, index: int) -> None:
    entries = walk.entries(index - found["accounting"].rows, index)
    with reading(folder) as ws:
        ws.view("accounting", found["accounting"])
        ws.view("answers", found["answers"])
        if any(ours != theirs for ours, theirs in zip_longest(read_leaves(ws), entries)):
            raise inconsistent("ENTRY_DIFFERS", f"The entries before leaf {index} are not those of its accounting.")
        require_accounted(ws)
        _require_withheld_told(ws, folder, state)


def _require_withheld_told(ws: Workspace, folder: Path, state: BatchState) -> None:
    """The inner bodies of the view `accounting` say of exactly those requests that the screen withheld them."""
    screened = withholdings_of(state)
    if screened:
        ws.view("withholdings", named_artefact(folder, screened))
    ws.con.execute(f"CREATE TABLE withheld AS {withheld_sql(screened)}")
    if ws.rows(f"{_WITHHELD_OTHERWISE} LIMIT 1"):
        raise inconsistent(
            "WITHHOLDING_DIFFERS", f"What the accounting of batch {state.batch} says of the screen is not so."
        )


_WITHHELD_OTHERWISE = f"""
SELECT 1 FROM accounting LEFT JOIN withheld USING (row_number)
WHERE json_extract_string(inner_body, '$.withheld') IS DISTINCT FROM
    CASE WHEN withheld.row_number IS NOT NULL THEN '{WITHHELD_I6}' END
"""


def _require_recomposed(folder: Path, found: Mapping[str, Artefact], state: BatchState) -> None:
    """What every request was settled to follows again from the gates' rulings, and the answers from all before them."""
    _require_screened(state)
    screened = withholdings_of(state)
    withholdings = named_artefact(folder, screened) if screened else None
    names = ("requests", "settled", "candidates", "determinations", "sample", "verdicts")
    examined = [(row, said.ruling) for row, said in sorted(state.examined.items())]
    with tempfile.TemporaryDirectory() as scratch:
        settled = settle(Path(scratch), found["requests"], found["rulings"], examined, due=True)
        if not same_rows(Path(scratch), folder, settled, found["settled"]):
            raise inconsistent("RULINGS_DIFFER", "What was settled does not follow from the gates and the examiners.")
        if "candidates" not in found:
            return
        given = (found[name] for name in names)
        again = compose_answers(Path(scratch), *given, withholdings=withholdings, forgone=state.forgone)
        if not same_rows(Path(scratch), folder, again, found["answers"]):
            raise inconsistent(
                "ANSWERS_DIFFER", "The answers do not follow from rulings, determinations, votes and the screen."
            )


def _require_screened(state: BatchState) -> None:
    try:
        require_screened(state)
    except Waiting as waiting:
        raise inconsistent(
            waiting.code, f"Batch {state.batch} was answered without the screen of its subjects."
        ) from None
