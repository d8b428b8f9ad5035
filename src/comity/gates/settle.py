"""Ends step 2: what the gates said and what an examiner said become one ruling per request, pass or return."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.errors import Refused, Waiting
from comity.case.outcomes import PASS, RETURN
from comity.workspace import Workspace, workspace

NOT_IN_TIME = "NOT_SETTLED_IN_TIME"
BY_TIME = "time"

_SETTLED = f"""
SELECT row_number, request_id, ruled AS ruling,
    CASE WHEN ruled = '{PASS}' THEN []::VARCHAR[] WHEN waited AND NOT looked_at
        THEN list_sort(list_append(said, '{NOT_IN_TIME}')) ELSE said END AS codes,
    CASE WHEN looked_at THEN 'examiner' WHEN waited THEN '{BY_TIME}' END AS settled_by
FROM (
    SELECT q.row_number, q.request_id, s.codes AS said, coalesce(NOT s.back, FALSE) AS waited,
        e.row_number IS NOT NULL AS looked_at,
        CASE WHEN s.row_number IS NULL OR NOT s.back AND e.ruling = '{PASS}' THEN '{PASS}' ELSE '{RETURN}' END AS ruled
    FROM requests q
    LEFT JOIN said s ON s.row_number = q.row_number
    LEFT JOIN examined e ON e.row_number = q.row_number
)
"""


def settle(
    directory: Path, requests: Artefact, rulings: Artefact, examined: Sequence[tuple[int, str]], *, due: bool = False
) -> Artefact:
    """The artefact `settled`: per request (row_number, request_id, ruling, codes, settled_by).

    `examined` are the examiner's rulings on the requests that waited: (row_number, `pass` or `return`). A returned
    request carries every code said of it, sorted. `due`: the hour of the answer has come, and what still waits is
    returned, with `NOT_SETTLED_IN_TIME` (the agreement's policy on the day of the answer).

    Raises Waiting `RULINGS_OPEN` while one waits and the answer is not due, Refused `RULING_NOT_OPEN` for a ruling on
    a request that does not wait (a return by law is no examiner's to lift), is not there, or was ruled on twice.
    """
    with workspace(directory, reads=[requests.path, rulings.path]) as ws:
        ws.view("requests", requests)
        ws.view("rulings", rulings)
        _prepare(ws, examined)
        _require_open(ws, examined)
        if not due:
            _require_none_waits(ws)
        return ws.write_numbered("settled", _SETTLED)


def _prepare(ws: Workspace, examined: Sequence[tuple[int, str]]) -> None:
    ws.con.execute("CREATE TABLE examined (row_number INTEGER, ruling VARCHAR)")
    if examined:
        ws.con.execute(
            "INSERT INTO examined SELECT unnest(?::INTEGER[]), unnest(?::VARCHAR[])",
            [[row for row, _ in examined], [ruling for _, ruling in examined]],
        )
    ws.con.execute("""
        CREATE TABLE said AS
        SELECT row_number, coalesce(bool_or(outcome IS DISTINCT FROM 'review'), TRUE) AS back,
            list_sort(list(DISTINCT code)) AS codes
        FROM rulings GROUP BY row_number""")


def _require_open(ws: Workspace, examined: Sequence[tuple[int, str]]) -> None:
    waiting = ws.rows(f"""
        SELECT count(DISTINCT row_number) FROM examined SEMI JOIN (SELECT row_number FROM said WHERE NOT back)
        USING (row_number) WHERE ruling IN ('{PASS}', '{RETURN}')""")[0][0]
    if waiting != len(examined):
        raise Refused(
            "RULING_NOT_OPEN",
            "An examiner's ruling names a request that does not wait for one.",
            "Rule once, pass or return, on each request that waits; a return by the gates stands.",
        )


def _require_none_waits(ws: Workspace) -> None:
    waiting = ws.rows("SELECT count(*) FROM said ANTI JOIN examined USING (row_number) WHERE NOT back")[0][0]
    if waiting:
        raise Waiting(
            "RULINGS_OPEN",
            f"{waiting} requests wait for an intake examiner.",
            "Settle them with `comity review settle`, then run the step again.",
        )
