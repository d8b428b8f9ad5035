"""Determinations against the truth: one row of outcome per request, and the figures counted from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from comity.case.errors import BadInput
from comity.linkage import LinkageTerms
from comity.oversight.evaluation import NO_HOUSE_NUMBER, Evaluation, Kind, Share, unavoidable
from comity.oversight.groups import Grouping, grouping
from comity.workspace import Workspace, identifier

# Whose the confirmed record is: the determination says so, except where a TIN joins the rows of several people.
BY_TAXPAYER = "SELECT row_number, [taxpayer_id] AS filers FROM determinations"
BY_TIN = """
SELECT g.row_number, list(DISTINCT r.filed_by) AS filers
FROM determinations AS d JOIN grounds AS g USING (row_number, person)
JOIN records AS r ON r.taxpayer_id = g.taxpayer_id AND lower(r.role) = g.role
    AND list_contains(g.filed, r.tax_year || ' ' || replace(upper(r.source_form), '-', ''))
    AND r.given_name IS NOT DISTINCT FROM g.given_name AND r.middle_name IS NOT DISTINCT FROM g.middle_name
    AND r.family_name IS NOT DISTINCT FROM g.family_name AND r.name_suffix IS NOT DISTINCT FROM g.name_suffix
GROUP BY g.row_number
"""


def verdicts_sql(is_theirs: str) -> str:
    """SQL: the columns `wrong_person`, `wrong_address`, `is_right` of a row with `confirmed` and the truth `t`.

    `is_theirs` says whether the confirmed record is that of the person asked about. A wrong address is the right person
    at an address that is not of record.
    """
    return f"""
    confirmed AND NOT coalesce({is_theirs}, FALSE) AS wrong_person,
    confirmed AND NOT wrong_person AND NOT t.confirmable AS wrong_address,
    confirmed AND NOT wrong_person AND t.confirmable AS is_right
"""


_OUTCOMES = f"""
SELECT t.request_id, t.confirmable, t.kind, r.date_of_birth IS NOT NULL AS dated, s.ruling = 'return' AS returned,
    s.codes, d.determination, d.reason, coalesce(d.determination = 'confirmed', FALSE) AS confirmed,
    d.determination IN ('unclear', 'ambiguous') AS review,
    {verdicts_sql("list_contains(f.filers, t.taxpayer_id)")}
FROM requests AS r JOIN truth AS t USING (request_id) JOIN settled AS s USING (row_number)
LEFT JOIN determinations AS d USING (row_number) LEFT JOIN filed AS f USING (row_number)
"""

_COUNTED = {
    "requests": "TRUE",
    "confirmable": "confirmable",
    "insufficient": "returned",
    "confirmed": "confirmed",
    "unclear": "determination = 'unclear'",
    "ambiguous": "determination = 'ambiguous'",
    "review": "review",
    "wrong_person": "wrong_person",
    "wrong_address": "wrong_address",
    "is_right": "is_right",
}


_SHOWN = tuple(name for name in _COUNTED if name != "is_right")


def demand_pairs(ws: Workspace) -> None:
    """Raises BadInput `EVALUATION_UNPAIRED` unless `requests` and `truth` hold the same request ids, each once."""
    pairs = "requests AS r FULL JOIN truth AS t USING (request_id)"
    counted = "count(*) = count(DISTINCT request_id) AND count(r.request_id) = count(t.request_id)"
    if not ws.rows(f"SELECT {counted} AND count(r.request_id) = count(*) FROM {pairs}")[0][0]:
        raise BadInput(
            "EVALUATION_UNPAIRED",
            "Requests and truth do not have the same request ids, each once.",
            "Give every request exactly one row of truth.",
        )


def make_outcomes(ws: Workspace, filed: str) -> None:
    """Make `outcomes`, one row per request, from `requests`, `truth`, `settled`, `determinations` and the rows of
    `filed` (row_number, filers: whose the confirmed record is)."""
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE filed AS {filed}")
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE outcomes AS {_OUTCOMES}")


def figures(ws: Workspace, terms: LinkageTerms, groups: Sequence[str], grouped_by: str) -> Evaluation:
    """The figures of the table `outcomes`."""
    counts = _counts(ws)
    requests = max(counts["requests"], 1)
    kinds = _kinds(ws)
    return Evaluation(
        **{name: counts[name] for name in _SHOWN},  # type: ignore[arg-type]
        recall=_part(counts["is_right"], counts["confirmable"]),
        wrong_by_kind={k.kind: k.wrong_person + k.wrong_address for k in kinds if k.wrong_person or k.wrong_address},
        terms=asdict(terms),
        review_share=counts["review"] / requests,
        returned_share=counts["insufficient"] / requests,
        dated=_dated(ws),
        no_house_number=_no_house_number(ws),
        returned_by_code=dict(ws.rows(_BY_CODE)),
        reasons=_reasons(ws),
        kinds=kinds,
        groups=tuple(_grouping(ws, column) for column in groups),
        grouped_by=grouped_by,
    )


def peer_figures(ws: Workspace) -> dict[str, float]:
    """What `outcomes` say of another method: confirmed, wrong_person, wrong_address and recall."""
    counts = _counts(ws)
    named = {name: counts[name] for name in ("confirmed", "wrong_person", "wrong_address")}
    return {**named, "recall": _part(counts["is_right"], counts["confirmable"])}


def _counts(ws: Workspace, among: str = "TRUE") -> dict[str, int]:
    tests = ", ".join(f"count(*) FILTER ({test})" for test in _COUNTED.values())
    return dict(zip(_COUNTED, ws.rows(f"SELECT {tests} FROM outcomes WHERE {among}")[0], strict=True))


def _part(count: int, of: int) -> float:
    return count / of if of else 0.0


_BY_CODE = """
SELECT code, count(*) AS requests FROM (SELECT unnest(codes) AS code FROM outcomes WHERE returned)
GROUP BY code ORDER BY requests DESC, code
"""

_BY_REASON = """
SELECT determination, reason, n FROM (
    SELECT determination, reason, count(*) AS n FROM outcomes WHERE determination IS NOT NULL GROUP BY ALL
) ORDER BY sum(n) OVER (PARTITION BY determination) DESC, determination, n DESC, reason
"""

_BY_KIND = """
SELECT kind, count(*), count(*) FILTER (confirmable), count(*) FILTER (is_right), count(*) FILTER (returned),
    count(*) FILTER (review), count(*) FILTER (wrong_person), count(*) FILTER (wrong_address)
FROM outcomes GROUP BY kind ORDER BY kind
"""


def _reasons(ws: Workspace) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for determination, reason, requests in ws.rows(_BY_REASON):
        found.setdefault(determination, {})[reason] = requests
    return found


def _kinds(ws: Workspace) -> tuple[Kind, ...]:
    return tuple(Kind(kind, unavoidable(kind), *counts) for kind, *counts in ws.rows(_BY_KIND))


def _dated(ws: Workspace) -> Share:
    counts = _counts(ws, "dated")
    return Share(counts["confirmable"], counts["is_right"], _part(counts["is_right"], counts["confirmable"]))


def _no_house_number(ws: Workspace) -> dict[str, int]:
    counts = _counts(ws, f"contains(kind, '{NO_HOUSE_NUMBER}')")
    return {name: counts[name] for name in ("requests", "insufficient", "confirmed", "wrong_person")}


def _grouping(ws: Workspace, column: str) -> Grouping:
    rows = ws.rows(f"""
SELECT groups.{identifier(column)} AS name, count(*) AS requests, count(*) FILTER (confirmable),
    count(*) FILTER (is_right), count(*) FILTER (wrong_person OR wrong_address)
FROM outcomes JOIN groups USING (request_id) GROUP BY name ORDER BY requests DESC, name""")
    return grouping(column, rows)
