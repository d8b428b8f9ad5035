"""Two runs of an evaluation side by side: which requests were newly confirmed or lost, and whether wrong ones rose."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.case.errors import BadInput, Refused
from comity.workspace import Workspace, quoted, workspace

_COLUMNS = {
    "evidence": "VARCHAR",
    "request_id": "VARCHAR",
    "determination": "VARCHAR",
    "reason": "VARCHAR",
    "wrong_person": "BOOLEAN",
    "wrong_address": "BOOLEAN",
}
_SHAPE = ", ".join(f"{name}: '{kind}'" for name, kind in _COLUMNS.items())
_DEFINED = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
RETURNED = "returned"


@dataclass(frozen=True)
class Moved:
    """Requests that went from one determination and reason to another between the runs: `requests` are their ids."""

    before: str
    now: str
    requests: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What changed under one `evidence` since the earlier run.

    `confirmed` were not confirmed before, `lost` are not any more; `newly_wrong` and `no_longer_wrong` are the ids of
    requests confirmed for a wrong person now, or before, alone; the last two count wrong persons then and now.
    """

    evidence: str
    confirmed: tuple[Moved, ...]
    lost: tuple[Moved, ...]
    newly_wrong: tuple[str, ...]
    no_longer_wrong: tuple[str, ...]
    wrong_before: int
    wrong_now: int


def begin_record(ws: Workspace) -> None:
    """Make the empty table `recorded`."""
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE recorded ({_DEFINED})")


def record_outcomes(ws: Workspace, evidence: str) -> None:
    """Add the rows of `outcomes`, made under `evidence`, to `recorded`; a returned request has its codes as reason."""
    ws.con.execute(
        f"""INSERT INTO recorded SELECT ?, request_id, CASE WHEN returned THEN '{RETURNED}' ELSE determination END,
            CASE WHEN returned THEN array_to_string(codes, ' ') ELSE reason END, wrong_person, wrong_address
        FROM outcomes""",
        [evidence],
    )


def write_record(ws: Workspace, into: Path) -> None:
    """Write `recorded` as a JSON list to the file `into`: ids, determinations and reasons, nothing of a person."""
    draft = ws.directory / "recorded.json"
    ws.con.execute(f"COPY (FROM recorded ORDER BY evidence, request_id) TO {quoted(draft)} (FORMAT json, ARRAY true)")
    shutil.copyfile(draft, into)


def compare_runs(home: Path, earlier: Path, later: Path) -> tuple[Change, ...]:
    """What changed from the record `earlier` to the record `later`, for each evidence that both have.

    Works in the directory `home`. Raises BadInput `BASELINE_UNREADABLE`, or `BASELINE_OF_OTHER_REQUESTS` when the two
    do not speak of the same requests.
    """
    with workspace(home, reads=[earlier.absolute(), later.absolute()]) as ws:
        _read(ws, earlier, "earlier")
        _read(ws, later, "later")
        shared = "SELECT DISTINCT evidence FROM earlier SEMI JOIN later USING (evidence) ORDER BY evidence"
        both = [evidence for (evidence,) in ws.rows(shared)]
        _demand_same_requests(ws, both)
        ws.con.execute("CREATE TEMP TABLE changes AS " + _CHANGES)
        return tuple(_change(ws, evidence) for evidence in both)


def require_no_more_wrong(changes: Sequence[Change]) -> None:
    """Raises Refused `WRONG_PERSONS_ROSE` where more wrong persons are confirmed than before."""
    risen = [change for change in changes if change.wrong_now > change.wrong_before]
    if risen:
        says = "; ".join(f"{change.evidence}: {change.wrong_before} before, {change.wrong_now} now" for change in risen)
        raise Refused(
            "WRONG_PERSONS_ROSE",
            f"More wrong persons are confirmed than in the baseline ({says}).",
            "See the ids listed, and `comity explain` for each; a rule that does this is not taken.",
        )


def _read(ws: Workspace, path: Path, into: str) -> None:
    # Read in two steps, because a file that is no such record fails in DuckDB with its own text in the message.
    import duckdb

    try:
        ws.con.execute(f"CREATE TEMP TABLE {into} AS FROM read_json({quoted(path)}, columns = {{{_SHAPE}}})")
        unfit = ws.rows(f"SELECT count(*) = 0 OR count(*) > count(determination) FROM {into}")[0][0]
    except duckdb.Error:
        unfit = True
    if unfit:
        raise BadInput(
            "BASELINE_UNREADABLE",
            "The baseline is not the record of an earlier evaluation.",
            "Write one with `comity evaluate --record FILE.json`.",
        )


def _demand_same_requests(ws: Workspace, both: list[str]) -> None:
    odd = "(SELECT DISTINCT request_id FROM {one} EXCEPT SELECT request_id FROM {other})"
    ways = (odd.format(one="earlier", other="later"), odd.format(one="later", other="earlier"))
    if not both or any(ws.rows(f"SELECT EXISTS {way}")[0][0] for way in ways):
        raise BadInput(
            "BASELINE_OF_OTHER_REQUESTS",
            "The baseline was recorded for other requests or another evidence.",
            "Compare with a record of the same set, made with the same --evidence.",
        )


_CHANGES = """
SELECT evidence, request_id, a.determination = 'confirmed' AS was, b.determination = 'confirmed' AS is_now,
    a.wrong_person AS was_wrong, b.wrong_person AS is_wrong,
    a.determination || ', ' || a.reason AS before, b.determination || ', ' || b.reason AS now
FROM earlier AS a JOIN later AS b USING (evidence, request_id)
"""


def _change(ws: Workspace, evidence: str) -> Change:
    wrong = "SELECT count(*) FILTER (was_wrong), count(*) FILTER (is_wrong) FROM changes WHERE evidence = ?"
    before, now = ws.rows(wrong, [evidence])[0]
    return Change(
        evidence,
        _moved(ws, evidence, "NOT was AND is_now"),
        _moved(ws, evidence, "was AND NOT is_now"),
        _ids(ws, evidence, "is_wrong AND NOT was_wrong"),
        _ids(ws, evidence, "was_wrong AND NOT is_wrong"),
        before,
        now,
    )


def _moved(ws: Workspace, evidence: str, test: str) -> tuple[Moved, ...]:
    rows = ws.rows(
        f"""SELECT before, now, list(request_id ORDER BY request_id) FROM changes WHERE evidence = ? AND {test}
        GROUP BY before, now ORDER BY count(*) DESC, before, now""",
        [evidence],
    )
    return tuple(Moved(before, now, tuple(ids)) for before, now, ids in rows)


def _ids(ws: Workspace, evidence: str, test: str) -> tuple[str, ...]:
    rows = ws.rows(f"SELECT request_id FROM changes WHERE evidence = ? AND {test} ORDER BY request_id", [evidence])
    return tuple(request for (request,) in rows)
