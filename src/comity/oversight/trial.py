"""The work behind `evaluate`: requests with known truth ruled on, linked as shipped, and counted."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

from comity import agreements
from comity.case.artefact import Artefact
from comity.case.errors import BadInput
from comity.case.tables import IDENTITY, REQUESTS, TRUTH, Table, as_text, casting_select, unreadable_select
from comity.gates import SUFFICIENCY, rule, settle
from comity.linkage import LinkageTerms, build_index, link
from comity.oversight.evaluation import Evaluation
from comity.workspace import Workspace, quoted, workspace

AGREEMENT = "irs_ice_2025"
_RECIPIENT = ("recipient", "agency", "role", "certificate")


def try_out(home: Path, registry: Path, requests: Path, truth: Path, evidence: str, received_on: date) -> Evaluation:
    """Build the index, return what is insufficient, link the rest and judge it, all in the directory `home`."""
    terms = LinkageTerms(evidence=evidence)
    index = build_index([registry], home / "registry")
    asked, recipients = _receive(home, requests, received_on)
    ruled = rule(home, asked, recipients, agreements.load(AGREEMENT), {}, (), SUFFICIENCY)
    settled = settle(home, asked, ruled.rulings, ())
    linked = link(home, asked, settled, index, terms)
    return _judge(home, truth, asked, settled, linked.determinations, terms)


def _receive(home: Path, requests: Path, received_on: date) -> tuple[Artefact, Artefact]:
    """The requests as intake would leave them, whose legal columns are absent, and nobody as recipient."""
    with workspace(home, reads=[requests.absolute()]) as ws:
        _read(ws, requests, IDENTITY, "sent", REQUESTS)
        numbered = (
            f"row_number() OVER (ORDER BY request_id)::INTEGER AS row_number, DATE '{received_on}' AS received_on"
        )
        asked = ws.write("requests", f"SELECT {numbered}, * FROM sent", "row_number")
        return asked, ws.write("recipients", _NOBODY, "recipient")


_NOBODY = f"SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in _RECIPIENT)} WHERE FALSE"


def _read(ws: Workspace, path: Path, table: Table, into: str, whole: Table | None = None) -> None:
    """Make `into` from the columns of `table` in a CSV or Parquet file; those only `whole` has come out absent."""
    reader = f"read_parquet({quoted(path)})" if path.suffix == ".parquet" else _csv(path)
    columns = ws.rows(f"DESCRIBE SELECT * FROM {reader}")
    present = [name for name, *_ in columns]
    known = [name for name in present if name in table.names()]
    missing = [name for name in table.required() if name not in present]
    if missing:
        raise BadInput(
            "EVALUATION_COLUMN_MISSING",
            f"The {table.name} file lacks: {', '.join(missing)}.",
            "Add the columns of the contract.",
        )
    text = ", ".join(f'{as_text(name, kind)} AS "{name}"' for name, kind, *_ in columns)
    ws.con.execute(f"CREATE OR REPLACE TEMP VIEW {into}_text AS SELECT {text} FROM {reader}")
    unread = ws.rows(f"SELECT count(*) FROM ({unreadable_select(table, present, f'{into}_text', '1')})")[0][0]
    if unread:
        raise BadInput(
            "EVALUATION_UNREADABLE",
            f"{unread} cells of the {table.name} file cannot be read.",
            "Write dates as YYYY-MM-DD and years as figures.",
        )
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {casting_select(whole or table, known, f'{into}_text')}")


def _csv(path: Path) -> str:
    return f"read_csv({quoted(path)}, header = true, all_varchar = true)"


_OUTCOMES = """
SELECT t.request_id, t.confirmable, t.kind, s.ruling = 'return' AS returned, d.determination,
    d.determination = 'confirmed' AS confirmed,
    confirmed AND (t.taxpayer_id IS DISTINCT FROM d.taxpayer_id) AS wrong_person,
    confirmed AND NOT wrong_person AND NOT t.confirmable AS wrong_address
FROM requests AS r JOIN truth AS t USING (request_id) JOIN settled AS s USING (row_number)
LEFT JOIN determinations AS d USING (row_number)
"""

_COUNTED = {
    "requests": "TRUE",
    "confirmable": "confirmable",
    "insufficient": "returned",
    "confirmed": "confirmed",
    "unclear": "determination = 'unclear'",
    "ambiguous": "determination = 'ambiguous'",
    "wrong_person": "wrong_person",
    "wrong_address": "wrong_address",
    "right": "confirmed AND confirmable AND NOT wrong_person",
}
_COUNTS = f"SELECT {', '.join(f'count(*) FILTER ({test})' for test in _COUNTED.values())} FROM outcomes"


def _demand_pairs(ws: Workspace) -> None:
    pairs = "requests AS r FULL JOIN truth AS t USING (request_id)"
    counted = "count(*) = count(DISTINCT request_id) AND count(r.request_id) = count(t.request_id)"
    if not ws.rows(f"SELECT {counted} AND count(r.request_id) = count(*) FROM {pairs}")[0][0]:
        raise BadInput(
            "EVALUATION_UNPAIRED",
            "Requests and truth do not have the same request ids, each once.",
            "Give every request exactly one row of truth.",
        )


def _judge(
    home: Path, truth: Path, asked: Artefact, settled: Artefact, determinations: Artefact, terms: LinkageTerms
) -> Evaluation:
    with workspace(home, reads=[truth.absolute()]) as ws:
        _read(ws, truth, TRUTH, "truth")
        ws.view("requests", asked)
        _demand_pairs(ws)
        ws.view("settled", settled)
        ws.view("determinations", determinations)
        ws.con.execute(f"CREATE TEMP TABLE outcomes AS {_OUTCOMES}")
        counts = ws.con.execute(_COUNTS).fetchone() or ()
        named = dict(zip(_COUNTED, counts, strict=True))
        wrong = ws.rows(
            "SELECT kind, count(*) FROM outcomes WHERE wrong_person OR wrong_address GROUP BY kind ORDER BY kind"
        )
    right = named.pop("right")
    recall = right / named["confirmable"] if named["confirmable"] else 0.0
    return Evaluation(**named, recall=recall, wrong_by_kind=dict(wrong), terms=asdict(terms))
