"""The answers of the demonstration against the truth of its synthetic people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from comity.case.artefact import Artefact
from comity.demo.facts import AccuracyFacts, CodeFacts
from comity.workspace import Workspace, quoted, workspace

# A request counts as confirmable when its paper is in order too: a defect that the requester made is not a miss.
_JUDGED = """
SELECT a.answer, d.determination, t.confirmable AND t.defect IS NULL AS confirmable,
    coalesce(v.person, d.person) AS person, c.taxpayer_id IS NOT DISTINCT FROM t.taxpayer_id AS right_person,
    t.confirmable AS of_record
FROM answers AS a JOIN truth AS t USING (request_id) LEFT JOIN determinations AS d USING (row_number)
LEFT JOIN verdicts AS v USING (row_number)
LEFT JOIN (SELECT row_number, person, any_value(taxpayer_id) AS taxpayer_id FROM candidates GROUP BY ALL) AS c
    ON c.row_number = a.row_number AND c.person = coalesce(v.person, d.person)"""


def accuracy(folder: Path, found: Mapping[str, Artefact], truth: Path) -> AccuracyFacts:
    """Judge the answers by the truth; `found` holds answers, determinations, verdicts and candidates."""
    with workspace(folder, reads=[truth]) as ws:
        _load(ws, found, truth)
        [row] = ws.rows(
            f"""SELECT count(*) FILTER (answer = 'CONFIRMED'), count(*) FILTER (confirmable),
            count(*) FILTER (answer = 'CONFIRMED' AND confirmable AND right_person),
            count(*) FILTER (answer = 'CONFIRMED' AND NOT right_person AND determination = 'confirmed'),
            count(*) FILTER (answer = 'CONFIRMED' AND NOT right_person AND determination <> 'confirmed'),
            count(*) FILTER (answer = 'CONFIRMED' AND right_person AND NOT of_record) FROM ({_JUDGED})"""
        )
    confirmed, confirmable, right, wrong, by_vote, address = row
    return AccuracyFacts(confirmed, confirmable, right / max(confirmable, 1), wrong, by_vote, address)


def confirmed_by_vote(folder: Path, found: Mapping[str, Artefact], truth: Path) -> int:
    """How many yeses two reviewers made."""
    with workspace(folder, reads=[truth]) as ws:
        _load(ws, found, truth)
        sql = f"SELECT count(*) FROM ({_JUDGED}) WHERE answer = 'CONFIRMED' AND determination <> 'confirmed'"
        return int(ws.rows(sql)[0][0])


def _load(ws: Workspace, found: Mapping[str, Artefact], truth: Path) -> None:
    for name in ("answers", "determinations", "verdicts", "candidates"):
        ws.view(name, found[name])
    ws.con.execute(f"CREATE VIEW truth AS FROM read_parquet({quoted(truth)})")


def taxpayers(registry: Path) -> int:
    """How many ids the custodian's records group by."""
    with workspace(registry.parent) as ws:
        return int(ws.rows(f"SELECT count(DISTINCT taxpayer_id) FROM read_parquet({quoted(registry)})")[0][0])


def codes(folder: Path, rulings: Artefact, says: Mapping[str, str]) -> tuple[CodeFacts, ...]:
    """Every code that was said, with its clause, most frequent first."""
    with workspace(folder) as ws:
        ws.view("rulings", rulings)
        rows = ws.rows(
            """SELECT code, any_value(clause), any_value(outcome), count(DISTINCT row_number) AS requests
            FROM rulings GROUP BY code ORDER BY requests DESC, code"""
        )
    return tuple(CodeFacts(code, says[code], clause, outcome, requests) for code, clause, outcome, requests in rows)
