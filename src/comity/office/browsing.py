"""Read models of the requests of a batch for people who browse them: ids and words, never a person's particulars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields

from comity.case.batch_state import BatchState
from comity.case.errors import BadInput, Refused
from comity.linkage.reasons import REASONS
from comity.office.desk import Actor, Office
from comity.office.paging import SIZE, Page, offset, there_is
from comity.workspace import Workspace, workspace

# What stands of each request, from whichever artefacts the batch has so far.
_STANDING = """
    SELECT r.row_number, r.request_id,
        coalesce(s.ruling, CASE WHEN NOT ruled THEN '' WHEN g.returned THEN 'return' WHEN g.codes IS NULL THEN 'pass'
            ELSE 'waits' END) AS ruling,
        coalesce(g.codes, []) AS codes, coalesce(d.determination, '') AS determination,
        coalesce(d.reason, '') AS reason, coalesce(a.answer, '') AS answer
    FROM requests AS r CROSS JOIN (SELECT ?::BOOLEAN AS ruled)
    LEFT JOIN (SELECT row_number, list_sort(list(DISTINCT code)) AS codes, bool_or(outcome = 'return') AS returned
        FROM rulings GROUP BY row_number) AS g USING (row_number)
    LEFT JOIN settled AS s USING (row_number)
    LEFT JOIN determinations AS d USING (row_number)
    LEFT JOIN answers AS a USING (row_number)"""

_NONE_YET = {
    "rulings": "row_number INTEGER, code VARCHAR, outcome VARCHAR",
    "settled": "row_number INTEGER, ruling VARCHAR",
    "determinations": "row_number INTEGER, determination VARCHAR, reason VARCHAR",
    "answers": "row_number INTEGER, answer VARCHAR",
}


@dataclass(frozen=True)
class Wanted:
    """Which requests are wanted, by the words they have come to; '' for any."""

    ruling: str = ""
    code: str = ""
    determination: str = ""
    reason: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Line:
    """One request in a list; what follows from the custodian's records is '' for whoever may not read those."""

    row_number: int
    request_id: str
    ruling: str
    codes: tuple[str, ...]
    determination: str
    reason: str
    answer: str


def may(
    office: Office, actor: Actor, act: str, batch: BatchState | None = None, concerns: str = "", grantee: str = ""
) -> bool:
    """Whether `actor` may do `act` now: what a page offers. The act itself asks again."""
    try:
        office.require(actor, act, batch, concerns, grantee)
    except Refused:
        return False
    return True


def list_requests(office: Office, actor: Actor, batch_id: str, wanted: Wanted, page: int = 1) -> Page[Line]:
    """A page of the requests that are `wanted`, in the order of the file.

    Raises Refused `RIGHT_MISSING` for whoever asks by determinations or answers without the right to read those.
    """
    batch = office.batch(batch_id)
    office.require(actor, "read", batch)
    if wanted.determination or wanted.reason:
        office.require(actor, "read_records", batch)
    if wanted.answer:
        office.require(actor, "read_answers", batch)
    where, given = _where(wanted)
    with _standing(office, batch) as ws:
        [(total,)] = ws.rows(f"SELECT count(*) FROM standing WHERE {where}", given)
        at = there_is(page, total)
        rows = ws.rows(
            f"SELECT * FROM standing WHERE {where} ORDER BY row_number LIMIT {SIZE} OFFSET {offset(at)}", given
        )
    records, answers = _sees(office, actor, batch)
    return Page(tuple(_line(row, records=records, answers=answers) for row in rows), total, at)


def standing_of(office: Office, actor: Actor, batch_id: str, row_number: int) -> Line:
    """Where the request at `row_number` stands. Raises BadInput `ROW_UNKNOWN`."""
    batch = office.batch(batch_id)
    office.require(actor, "read", batch)
    with _standing(office, batch) as ws:
        rows = ws.rows("SELECT * FROM standing WHERE row_number = ?", [row_number])
    if not rows:
        raise BadInput("ROW_UNKNOWN", "The batch has no request in that row.", "Rows count from 1.")
    records, answers = _sees(office, actor, batch)
    return _line(rows[0], records=records, answers=answers)


def _sees(office: Office, actor: Actor, batch: BatchState) -> tuple[bool, bool]:
    """Whether `actor` sees determinations, and the answers beside them."""
    return may(office, actor, "read_records", batch), may(office, actor, "read_answers", batch)


def row_of(office: Office, actor: Actor, batch_id: str, request_id: str) -> int:
    """The row number of the request of that id. Raises BadInput `REQUEST_UNKNOWN`."""
    batch = office.batch(batch_id)
    office.require(actor, "read", batch)
    with _standing(office, batch) as ws:
        rows = ws.rows("SELECT row_number FROM requests WHERE request_id = ?", [request_id.strip().upper()])
    if not rows:
        raise BadInput("REQUEST_UNKNOWN", "The batch has no request of that id.", "Check the id with the requester's.")
    return int(rows[0][0])


def leaving(office: Office, actor: Actor, batch_id: str) -> list[tuple[str, int, int]]:
    """What the answers would send to each recipient: (recipient, confirmed, no disclosure), by recipient.

    It is nothing for whoever may neither read the answers nor release.
    """
    batch = office.batch(batch_id)
    office.require(actor, "read", batch)
    if batch.answers is None or not any(may(office, actor, act, batch) for act in ("read_answers", "release", "sign")):
        return []
    with workspace(office.vault.folder(batch_id)) as ws:
        ws.view("answers", office.vault.artefact(batch_id, batch.answers.answers))
        return ws.rows(
            """SELECT recipient, count(*) FILTER (answer = 'CONFIRMED'), count(*) FILTER (answer = 'NO_DISCLOSURE')
            FROM (SELECT answer, unnest(recipients) AS recipient FROM answers) GROUP BY recipient ORDER BY recipient"""
        )


def reason_says(reason: str) -> str:
    """A reason of a comparison or a determination in words; '' for a word that is none."""
    return REASONS[reason].says if reason in REASONS else ""


@contextmanager
def _standing(office: Office, batch: BatchState) -> Iterator[Workspace]:
    """A workspace with `requests` and the view `standing`."""
    found = _found(batch)
    with workspace(office.vault.folder(batch.batch)) as ws:
        ws.view("requests", office.vault.artefact(batch.batch, batch.submission().requests))
        for name, columns in _NONE_YET.items():
            if name in found:
                ws.view(name, office.vault.artefact(batch.batch, found[name]))
            else:
                ws.con.execute(f"CREATE TABLE {name} ({columns})")
        ws.con.execute(f"CREATE VIEW standing AS {_STANDING.replace('?', str('rulings' in found))}")
        yield ws


def _found(batch: BatchState) -> Mapping[str, Mapping[str, object]]:
    """The artefacts in force, by their kind, of what the list is made from."""
    stages = {
        "rulings": batch.ruled and batch.ruled.rulings,
        "settled": batch.settled and batch.settled.settled,
        "determinations": batch.determined and batch.determined.determinations,
        "answers": batch.answers and batch.answers.answers,
    }
    return {name: named for name, named in stages.items() if named}


def _where(wanted: Wanted) -> tuple[str, list[object]]:
    asked = {field.name: getattr(wanted, field.name) for field in fields(wanted) if getattr(wanted, field.name)}
    tests = ["list_contains(codes, ?)" if name == "code" else f"{name} = ?" for name in asked]
    return " AND ".join(tests) or "TRUE", list(asked.values())


def _line(row: tuple[object, ...], *, records: bool, answers: bool) -> Line:
    number, request_id, ruling, codes, *of_records = row
    determination, reason = of_records[:2] if records else ("", "")
    answer = of_records[2] if answers else ""
    said = tuple(str(code) for code in codes) if isinstance(codes, list) else ()
    return Line(int(str(number)), str(request_id), str(ruling), said, str(determination), str(reason), str(answer))
