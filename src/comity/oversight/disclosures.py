"""One intent of a batch, verified: its entries, its answers, and the two signatures on them."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

from comity.accounting.entries import withheld_words_sql
from comity.accounting.reading import read_leaves
from comity.case.artefact import Artefact
from comity.case.batch_decisions import require_screened, withholdings_of
from comity.case.batch_events import DisclosureIntended
from comity.case.batch_state import BatchState
from comity.case.envelope import Envelope
from comity.case.errors import Waiting
from comity.case.holds import persons_of
from comity.case.office_state import OfficeState
from comity.case.outcomes import CONFIRMED
from comity.disclosure import require_accounted
from comity.gates import settle
from comity.linkage import READ_BY, Compared, find_listed
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
    require_not_held(walk, state, index, intended.office_version, "intended")
    folder = walk.folder(state.batch)
    found = {named["kind"]: named_artefact(folder, named) for named in state.named if named["digest"] not in gone}
    # What is sealed is what the intent names, whatever kind it says that is.
    found |= {name: named_artefact(folder, getattr(intended, name)) for name in ("answers", "accounting", "blinds")}
    rows = found["accounting"].rows
    office = registers.before(index - rows, last.at)
    require_audited(walk, folder, state, found)
    with tempfile.TemporaryDirectory() as scratch:
        listed = _require_listed(Path(scratch), folder, found, state, office)
        _require_entries(walk, folder, found, state, index, listed)
        _require_recomposed(Path(scratch), folder, found, state, listed)
    at = datetime.fromisoformat(last.at)
    require_signed(folder, state, office, walk.authority(), found["answers"], at)
    require_allowed(walk, state, office, last.at, index)
    return Disclosure(intended, index, rows, state, office.quorum_on(received.agreement, last.at[:10]))


def _require_listed(
    scratch: Path, folder: Path, found: Mapping[str, Artefact], state: BatchState, office: OfficeState
) -> Artefact | None:
    """Which requests are about somebody named by a hold that the answers were made by; None without such a hold.

    They are found again where the names are read today as they were then, and the records are still there.
    """
    answers, agreement = state.answers, state.submission().agreement
    if answers is None or not answers.holds:
        return None
    applied = [office.holds[hold] for hold in answers.holds if hold in office.holds]
    if len(applied) < len(answers.holds) or not all(hold.persons and hold.covers(agreement) for hold in applied):
        raise inconsistent("HOLD_WITHOUT_EVENT", f"The answers of batch {state.batch} go by a hold that is not so.")
    listed = named_artefact(folder, answers.listed)
    if answers.read_by == READ_BY and "candidates" in found:
        compared = Compared(*(found[name] for name in ("requests", "candidates", "determinations", "verdicts")))
        if not same_rows(scratch, folder, find_listed(scratch, compared, persons_of(applied)), listed):
            raise inconsistent("LISTED_DIFFERS", f"Whom the holds on batch {state.batch} are about is not so.")
    return listed


def _require_entries(
    walk: Walk, folder: Path, found: Mapping[str, Artefact], state: BatchState, index: int, listed: Artefact | None
) -> None:
    entries = walk.entries(index - found["accounting"].rows, index)
    with reading(folder) as ws:
        ws.view("accounting", found["accounting"])
        ws.view("answers", found["answers"])
        if any(ours != theirs for ours, theirs in zip_longest(read_leaves(ws), entries)):
            raise inconsistent("ENTRY_DIFFERS", f"The entries before leaf {index} are not those of its accounting.")
        require_accounted(ws)
        _require_withheld_told(ws, folder, state, listed)


def _require_withheld_told(ws: Workspace, folder: Path, state: BatchState, listed: Artefact | None) -> None:
    """The inner bodies of the view `accounting` say of exactly those requests why nothing is said of them: that the
    screen withheld them, or that a hold is about whom they name.
    """
    if listed:
        ws.view("listed", listed)
    screened = withholdings_of(state)
    if screened:
        ws.view("withholdings", named_artefact(folder, screened))
    ws.con.execute(f"CREATE TABLE withheld AS {withheld_words_sql(screened, listed)}")
    if ws.rows(f"{_WITHHELD_OTHERWISE} LIMIT 1"):
        raise inconsistent(
            "WITHHOLDING_DIFFERS", f"What the accounting of batch {state.batch} says of screen and holds is not so."
        )


# Without the records answers are not derived again; that nobody is confirmed who was withheld is seen all the same.
_WITHHELD_OTHERWISE = f"""
SELECT 1 FROM accounting JOIN answers USING (row_number) LEFT JOIN withheld USING (row_number)
WHERE json_extract_string(inner_body, '$.withheld') IS DISTINCT FROM withheld.withheld
    OR withheld.withheld IS NOT NULL AND answers.answer = '{CONFIRMED}'
"""


def _require_recomposed(
    scratch: Path, folder: Path, found: Mapping[str, Artefact], state: BatchState, listed: Artefact | None
) -> None:
    """What every request was settled to follows again from the gates' rulings, and the answers from all before them."""
    _require_screened(state)
    screened = withholdings_of(state)
    withholdings = named_artefact(folder, screened) if screened else None
    names = ("requests", "settled", "candidates", "determinations", "sample", "verdicts")
    examined = [(row, said.ruling) for row, said in sorted(state.examined.items())]
    settled = settle(scratch, found["requests"], found["rulings"], examined, due=True)
    if not same_rows(scratch, folder, settled, found["settled"]):
        raise inconsistent("RULINGS_DIFFER", "What was settled does not follow from the gates and the examiners.")
    if "candidates" not in found:
        return
    given = (found[name] for name in names)
    again = compose_answers(scratch, *given, withholdings=withholdings, listed=listed, forgone=state.forgone)
    if not same_rows(scratch, folder, again, found["answers"]):
        raise inconsistent(
            "ANSWERS_DIFFER", "The answers do not follow from rulings, determinations, votes, screen and holds."
        )


def _require_screened(state: BatchState) -> None:
    try:
        require_screened(state)
    except Waiting as waiting:
        raise inconsistent(
            waiting.code, f"Batch {state.batch} was answered without the screen of its subjects."
        ) from None
