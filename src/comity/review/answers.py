"""Settled rulings, determinations and votes become one answer per request, and none is a yes by default."""

from __future__ import annotations

from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.errors import Integrity
from comity.case.outcomes import (
    CONFIRMED,
    DETERMINATIONS,
    NO_DISCLOSURE,
    PASS,
    RETURN,
    RETURNED,
    SAME,
    VERDICTS,
    VOTED_SQL,
)
from comity.review.votes import NOT_EXCLUDED, SUPPORTED
from comity.workspace import Workspace, workspace

# The recipient id of the reply that takes the returned requests back to whoever signed the submission.
SIGNATORY = "signatory"

# P2 for the rule: a confirmed person again needs a row of a stated year at an agreeing address (one-sided is for people
# only), a name that is neither blank nor different, and no conflicting birth date. Asked of the person's rows together,
# because linkage pools a person's names over the years.
EVIDENT = f"""
    SELECT row_number, person FROM candidates GROUP BY row_number, person
    HAVING bool_or(coalesce(role IN ('primary', 'spouse') AND in_stated_year
        AND address_level IN ('equal', 'slip'), FALSE))
    AND bool_or(coalesce(name_level IN ('exact', 'equivalent', 'soft'), FALSE))
    AND {NOT_EXCLUDED}"""

# Every request with everything that bears on its answer. A yes needs each of its conditions to be plainly true.
_COMPOSED = f"""
    SELECT r.row_number, r.request_id, s.ruling, d.determination, d.person, v.verdict,
        list_sort(list_distinct(coalesce(s.codes, []))) AS codes,
        list_sort(list_distinct(coalesce(r.recipients, []))) AS named,
        coalesce(s.ruling = '{PASS}' AND d.determination = 'confirmed' AND e.person IS NOT NULL
            AND (a.row_number IS NULL OR v.verdict = '{SAME}' AND v.person = d.person), FALSE) AS yes_by_rule,
        coalesce(s.ruling = '{PASS}' AND d.determination IN {VOTED_SQL} AND v.verdict = '{SAME}'
            AND u.person IS NOT NULL, FALSE) AS yes_by_votes,
        e.person IS NOT NULL AS evident, u.person IS NOT NULL AS supported, a.row_number IS NOT NULL AS audited
    FROM requests AS r
    LEFT JOIN settled AS s USING (row_number)
    LEFT JOIN determinations AS d USING (row_number)
    LEFT JOIN verdicts AS v USING (row_number)
    LEFT JOIN sample AS a USING (row_number)
    LEFT JOIN ({EVIDENT}) AS e ON e.row_number = r.row_number AND e.person = d.person
    LEFT JOIN ({SUPPORTED}) AS u ON u.row_number = r.row_number AND u.person = v.person"""


def _answers_sql(yes: str) -> str:
    return f"""
    SELECT row_number, request_id,
        CASE WHEN ruling = '{RETURN}' THEN '{RETURNED}' WHEN {yes} THEN '{CONFIRMED}'
            ELSE '{NO_DISCLOSURE}' END AS answer,
        CASE WHEN ruling = '{RETURN}' THEN codes ELSE [] END AS codes,
        CASE WHEN ruling = '{RETURN}' THEN [] ELSE named END AS recipients
    FROM composed"""


_ANSWERS = _answers_sql("yes_by_rule OR yes_by_votes")
_FORGONE = _answers_sql("FALSE")

_KNOWN = "(" + ", ".join(f"'{word}'" for word in DETERMINATIONS) + ")"
_JUDGED = "(" + ", ".join(f"'{word}'" for word in VERDICTS) + ")"

# (code, what is wrong, rows of `composed` for which it is)
_UNSOUND = (
    (
        "REQUEST_NOT_TERMINAL",
        "A request is neither returned nor determined.",
        f"NOT coalesce(ruling = '{RETURN}' OR (ruling = '{PASS}' AND determination IN {_KNOWN}), FALSE)",
    ),
    (
        "RETURNED_AND_DETERMINED",
        "A returned request was looked up, or is returned without a code.",
        f"ruling = '{RETURN}' AND (determination IS NOT NULL OR len(codes) = 0)",
    ),
    ("PASSED_WITH_CODES", "A request that passed carries codes.", f"ruling = '{PASS}' AND len(codes) > 0"),
    ("ANSWER_WITHOUT_RECIPIENT", "A request that passed names no recipient.", f"ruling = '{PASS}' AND len(named) = 0"),
    (
        "CONFIRMED_WITHOUT_EVIDENCE",
        "A confirmed request has no candidate row at an agreeing address in a stated year.",
        "determination = 'confirmed' AND NOT evident",
    ),
    (
        "VERDICT_WITHOUT_EVIDENCE",
        "Votes named a person whose record does not support a yes, or a request that is not voted on.",
        f"""verdict IS NOT NULL AND NOT coalesce(verdict IN {_JUDGED} AND (audited
            OR determination IN {VOTED_SQL} AND (supported OR verdict <> '{SAME}')), FALSE)""",
    ),
)


_TABLES = ("requests", "settled", "candidates", "determinations", "sample", "verdicts")


def compose_answers(
    directory: Path,
    requests: Artefact,
    settled: Artefact,
    candidates: Artefact,
    determinations: Artefact,
    sample: Artefact,
    verdicts: Artefact,
    *,
    forgone: bool = False,
) -> Artefact:
    """The artefact `answers`: one row per request (row_number, request_id, answer, codes, recipients).

    RETURNED carries its codes and no recipient: it goes back to the signatory. CONFIRMED needs the determination
    `confirmed` and, again, a candidate's row that bears it out (P2), or two concurring votes for such a person;
    everything else is NO_DISCLOSURE. In the audit sample a confirmed request needs the verdict `same` for the same
    person, and nothing makes a no a yes. Unclear and ambiguous requests without votes are noes. Where disclosure was
    `forgone`, so is everything that was not returned.

    Raises Integrity, and writes nothing, where the artefacts contradict each other: ROWS_DISAGREE,
    REQUEST_NOT_TERMINAL, RETURNED_AND_DETERMINED, PASSED_WITH_CODES, ANSWER_WITHOUT_RECIPIENT,
    CONFIRMED_WITHOUT_EVIDENCE, VERDICT_WITHOUT_EVIDENCE.
    """
    given = (requests, settled, candidates, determinations, sample, verdicts)
    with workspace(directory, reads=[artefact.path for artefact in given]) as ws:
        for name, artefact in zip(_TABLES, given, strict=True):
            ws.view(name, artefact)
        _require_same_rows(ws)
        ws.con.execute(f"CREATE TABLE composed AS {_COMPOSED}")
        for code, says, where in _UNSOUND:
            if ws.rows(f"SELECT 1 FROM composed WHERE {where} LIMIT 1"):
                raise _contradiction(code, says)
        return ws.write_numbered("answers", _FORGONE if forgone else _ANSWERS)


def count_answers(directory: Path, answers: Artefact) -> dict[str, int]:
    """How many requests have each answer."""
    with workspace(directory) as ws:
        ws.view("answers", answers)
        return dict(ws.rows("SELECT answer, count(*) FROM answers GROUP BY answer ORDER BY answer"))


def _require_same_rows(ws: Workspace) -> None:
    """Every table has a request at most once, and none that `requests` has not, under the same id."""
    for name in ("requests", "settled", "determinations", "sample", "verdicts"):
        if ws.rows(f"SELECT 1 FROM {name} GROUP BY row_number HAVING count(*) > 1 OR row_number IS NULL LIMIT 1"):
            raise _contradiction("ROWS_DISAGREE", f"A request is in {name} twice.")
    for name, key in (("settled", _ROW), ("determinations", _ROW), ("sample", _NUMBER), ("verdicts", _NUMBER)):
        if ws.rows(f"SELECT 1 FROM {name} ANTI JOIN requests USING ({key}) LIMIT 1"):
            raise _contradiction("ROWS_DISAGREE", f"A row of {name} belongs to no request of this batch.")


_ROW, _NUMBER = "row_number, request_id", "row_number"


def _contradiction(code: str, says: str) -> Integrity:
    return Integrity(code, says, "Nothing was answered. Run the step that made the table again, then this one.")
