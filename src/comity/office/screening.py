"""Step 4, review: the screen of 26 U.S.C. 6103(i)(6). Nobody is confirmed whom a disclosure would expose.

The screener is shown whom the answers would confirm and nobody else, looks them up in systems that Comity does not
have, and hands the same list in again with a word for each. What was said is kept so that nothing about it, neither
event nor size nor count, tells whether anybody was withheld; outside it is a no like every other.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from comity import review
from comity.case import batch_decisions as decide
from comity.case.artefact import Artefact
from comity.case.batch_events import SubjectsScreened, SubjectsShown, WithholdingsRead
from comity.case.batch_state import BatchState
from comity.case.errors import BadInput, Integrity, Refused
from comity.case.holds import require_no_hold
from comity.case.office_state import OfficeState
from comity.case.tables import REQUESTS
from comity.case.withholding import NOT_ASKED, SCREENED, mark_sql, withheld_sql
from comity.office.desk import Actor, Office
from comity.office.locks import alone
from comity.office.receiving import SALT_BYTES
from comity.office.reviewing import composing, docket
from comity.office.written import require_new, written_beside
from comity.workspace import Workspace, identifier, quoted, workspace

_SCRATCH = ".screen-"
_IDENTITY = ", ".join(
    f"r.{identifier(column.name)}" for column in REQUESTS.columns if column.identity and column.name != "request_id"
)
_SHOWN = f"""
    SELECT r.row_number, r.request_id, '' AS screen, s.taxpayer_id, {_IDENTITY}
    FROM subjects AS s JOIN requests AS r USING (row_number) ORDER BY r.row_number"""
_WORDS = "(" + ", ".join(f"'{word}'" for word in SCREENED) + ")"


def show_subjects(office: Office, actor: Actor, batch_id: str, out: Path) -> int:
    """Write whom the answers of a batch would confirm to the new file `out`, an NDJSON object a line; gives how many.

    Each has the row number, the request's identity as the requester wrote it, the taxpayer whom the custodian found,
    and an empty `screen` for `clear` or `withhold`. The look is recorded before the file is there. Raises Waiting while
    votes or the audit are open, Refused `NO_SCREEN`, `INTENT_IN_FORCE`, `HOLD_ACTIVE` or for a missing right, BadInput
    `FILE_EXISTS` or `OUT_NOT_WRITABLE`.
    """
    require_new(out)
    with _listed(office, actor, batch_id) as listed:
        with listed.file.open("rb") as content, written_beside(out, content) as draft:
            listed.look()
            draft.rename(out)
        return listed.rows


def read_subjects(office: Office, actor: Actor, batch_id: str, most: int | None = None) -> bytes:
    """The same list, for a page; the look is recorded before it is given. Raises as `show_subjects`, and BadInput
    `SCREEN_TOO_LONG` for more than `most` subjects, of which nothing is recorded, for nobody is shown.
    """
    with _listed(office, actor, batch_id) as listed:
        if most is not None and listed.rows > most:
            raise BadInput(
                "SCREEN_TOO_LONG",
                f"There are {listed.rows:,} subjects, too many for a page.",
                "Take the list as a file.",
            )
        content = listed.file.read_bytes()
        listed.look()
    return content


def enter_screen(office: Office, actor: Actor, batch_id: str, list_: Iterable[bytes]) -> int:
    """Record what the screener said of each subject in the list that was shown; gives how many were screened.

    The list comes in parts. Answers made before are void, and so are the signatures on them. It has to answer for
    exactly the subjects as they stand now. Raises BadInput `SCREEN_FILE_UNREADABLE` or `SCREEN_WORD_UNKNOWN`, Refused
    `SCREEN_OUTDATED`, and as `show_subjects`.
    """
    batch, role, state = _to_screen(office, actor, batch_id)
    requests = office.vault.artefact(batch_id, batch.submission().requests)
    with _subjects(office, batch) as (scratch, subjects):
        file = scratch / "said.ndjson"
        with file.open("wb") as said:
            said.writelines(list_)
        with workspace(office.vault.folder(batch_id), reads=[subjects.path, file]) as ws:
            ws.view("requests", requests)
            ws.view("subjects", subjects)
            _read_said(ws, file)
            withholdings = _marked(ws)
    event = decide.screen(batch, SubjectsScreened(withholdings.named()))
    office.record(office.act(actor, role, "screen enter"), [event], state, batch)
    return subjects.rows


def withheld(office: Office, actor: Actor, batch_id: str) -> list[int]:
    """The row numbers that the screen in force withholds. For screener and approver; the look is an event.

    Raises Waiting `SCREEN_OUTSTANDING`, and Refused `NO_SCREEN` or for a missing right.
    """
    batch = office.batch(batch_id)
    role = office.require(actor, "read_withholdings", batch)
    decide.require_screened(batch)
    if batch.screened is None:
        raise Refused("NO_SCREEN", "Nobody was screened in this batch.", "There is nothing to read.")
    state = office.state()
    office.record(office.act(actor, role, "screen read"), [WithholdingsRead()], state, batch)
    with workspace(office.vault.folder(batch_id)) as ws:
        ws.view("withholdings", office.vault.artefact(batch_id, batch.screened.withholdings))
        rows = ws.rows(f"{withheld_sql(batch.screened)} ORDER BY row_number")
    return [int(row) for (row,) in rows]


@dataclass(frozen=True)
class _Listed:
    """The list of `rows` subjects in a `file` for the time being; `look` records that the actor is shown it."""

    file: Path
    rows: int
    look: Callable[[], object]


@contextmanager
def _listed(office: Office, actor: Actor, batch_id: str) -> Iterator[_Listed]:
    batch, role, state = _to_screen(office, actor, batch_id)
    with _subjects(office, batch) as (scratch, subjects):
        file = scratch / "subjects.ndjson"
        requests = office.vault.artefact(batch_id, batch.submission().requests)
        with workspace(scratch, reads=[requests.path]) as ws:
            ws.view("subjects", subjects)
            ws.view("requests", requests)
            ws.con.execute(f"COPY ({_SHOWN}) TO {quoted(file)} (FORMAT json)")
        act = office.act(actor, role, "screen show")
        yield _Listed(file, subjects.rows, lambda: office.record(act, [SubjectsShown()], state, batch))


def _to_screen(office: Office, actor: Actor, batch_id: str) -> tuple[BatchState, str, OfficeState]:
    """The batch, the role in which the actor screens it, and the office, in which no hold stands over it."""
    batch = office.batch(batch_id)
    role = office.require(actor, "screen", batch)
    state = office.state()
    require_no_hold(state.holds.values(), batch.submission().agreement)
    return batch, role, state


@contextmanager
def _subjects(office: Office, batch: BatchState) -> Iterator[tuple[Path, Artefact]]:
    """A folder for what nobody is to keep, and in it whom the answers would confirm as the batch stands now."""
    decide.require_screening(batch)
    on, determined = docket(office, batch), batch.determined
    limit = determined.terms["audit_wrong_limit"] if determined else 0
    review.require_votes_in(on, batch.cast, due=office.is_due(batch))
    review.require_within(review.audit(on, batch.votes), limit)
    with _scratch(office.home.directory) as scratch:
        verdicts = review.fold_votes(scratch, batch.votes)
        yield scratch, review.find_subjects(scratch, *composing(office, batch), verdicts)


@contextmanager
def _scratch(home: Path) -> Iterator[Path]:
    """A folder in the home that is gone afterwards, and so is what an act that was killed left there."""
    with alone(home, "screen", wait=True):
        for left in home.glob(f"{_SCRATCH}*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(dir=home, prefix=_SCRATCH) as place:
            yield Path(place)


def _read_said(ws: Workspace, file: Path) -> None:
    """The table `said`: each line's row number and word."""
    columns = "columns = {row_number: 'INTEGER', screen: 'VARCHAR'}"
    try:
        ws.con.execute(f"CREATE TABLE said AS SELECT * FROM read_ndjson({quoted(file)}, {columns})")
    except Exception:  # noqa: BLE001 -- what DuckDB says of a line may quote it
        raise BadInput(
            "SCREEN_FILE_UNREADABLE",
            "The file is not the list that was shown: one JSON object a line, with row_number and screen.",
            "Take the list anew with `comity screen show`, and fill in `screen`.",
        ) from None
    if ws.rows(f"SELECT 1 FROM said WHERE (screen IN {_WORDS}) IS NOT TRUE LIMIT 1"):
        raise BadInput(
            "SCREEN_WORD_UNKNOWN",
            "A line does not say whether its subject is clear.",
            f"Write {' or '.join(SCREENED)} as `screen` in every line.",
        )
    twice = "SELECT 1 FROM said GROUP BY row_number HAVING count(*) > 1 LIMIT 1"
    others = """SELECT 1 FROM said FULL JOIN subjects USING (row_number)
        WHERE said.row_number IS NULL OR subjects.row_number IS NULL LIMIT 1"""
    if ws.rows(twice) or ws.rows(others):
        raise Refused(
            "SCREEN_OUTDATED",
            "The file does not answer for exactly the subjects of the batch as it stands now, each once.",
            "Take the list anew with `comity screen show`, and screen that.",
        )


def _marked(ws: Workspace) -> Artefact:
    """The artefact `withholdings`: of every request of the batch, in the same form whatever was said."""
    ws.con.execute("CREATE TEMP TABLE drawn AS SELECT unhex(?) AS secret", [secrets.token_hex(SALT_BYTES)])
    made = ws.write_numbered(
        "withholdings",
        f"""SELECT row_number, secret, {mark_sql(f"coalesce(screen, '{NOT_ASKED}')")} AS mark
        FROM requests LEFT JOIN said USING (row_number), drawn""",
    )
    if made.rows != ws.rows("SELECT count(*) FROM requests")[0][0]:
        raise Integrity("SCREEN_NOT_OF_BATCH", "A request has no mark, or two.", "Nothing was recorded.")
    return made
