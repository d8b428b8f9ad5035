"""Settled rulings, determinations and votes become one answer per request, and none is a yes by default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from comity.case.withholding import CLEAR, NOT_ASKED, SCREENED, says_sql
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
    SELECT r.row_number, r.request_id, s.ruling, d.determination, d.person, v.verdict, v.person AS voted,
        list_sort(list_distinct(coalesce(s.codes, []))) AS codes,
        list_sort(list_distinct(coalesce(r.recipients, []))) AS named,
        coalesce(s.ruling = '{PASS}' AND d.determination = 'confirmed' AND e.person IS NOT NULL
            AND (a.row_number IS NULL OR v.verdict = '{SAME}' AND v.person = d.person), FALSE) AS yes_by_rule,
        coalesce(s.ruling = '{PASS}' AND d.determination IN {VOTED_SQL} AND v.verdict = '{SAME}'
            AND u.person IS NOT NULL, FALSE) AS yes_by_votes,
        e.person IS NOT NULL AS evident, u.person IS NOT NULL AS supported, a.row_number IS NOT NULL AS audited,
        w.screen, h.row_number IS NOT NULL AS held
    FROM requests AS r
    LEFT JOIN settled AS s USING (row_number)
    LEFT JOIN determinations AS d USING (row_number)
    LEFT JOIN verdicts AS v USING (row_number)
    LEFT JOIN sample AS a USING (row_number)
    LEFT JOIN screened AS w USING (row_number)
    LEFT JOIN listed AS h USING (row_number)
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


_YES = "(yes_by_rule OR yes_by_votes)"
_ANSWERS = _answers_sql(f"{_YES} AND NOT held")
_SCREENED = _answers_sql(f"{_YES} AND NOT held AND coalesce(screen = '{CLEAR}', FALSE)")
_FORGONE = _answers_sql("FALSE")

# Whom a yes would disclose: the taxpayer whom the rule or two votes named, to be looked up as the custodian knows them.
_SUBJECTS = f"""
    SELECT c.row_number, any_value(k.taxpayer_id) AS taxpayer_id
    FROM (SELECT row_number, CASE WHEN yes_by_votes THEN voted ELSE person END AS person
        FROM composed WHERE {_YES}) AS c
    LEFT JOIN candidates AS k USING (row_number, person) GROUP BY c.row_number"""

# What a screen said of each row, in words; NULL for a mark that is none.
_WORDS = " ".join(f"WHEN {says_sql(word)} THEN '{word}'" for word in (NOT_ASKED, *SCREENED))
_SAID = f"SELECT row_number, CASE {_WORDS} END AS screen FROM withholdings"
_NOTHING_SAID = "SELECT row_number, NULL::VARCHAR AS screen FROM requests WHERE FALSE"

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


# Where the answers rest on a screen, it is of every request, and asked about exactly those who would be confirmed.
_UNSCREENED = (
    ("SCREEN_UNREADABLE", "A mark of the screen says nothing, or a request has none.", "screen IS NULL"),
    (
        "SCREEN_OUTSTANDING",
        "The screen was of other subjects than those who would be confirmed.",
        f"(screen <> '{NOT_ASKED}') <> {_YES}",
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
    withholdings: Artefact | None = None,
    listed: Artefact | None = None,
    forgone: bool = False,
) -> Artefact:
    """The artefact `answers`: one row per request (row_number, request_id, answer, codes, recipients).

    RETURNED carries its codes and no recipient: it goes back to the signatory. CONFIRMED needs the determination
    `confirmed` and, again, a candidate's row that bears it out (P2), or two concurring votes for such a person;
    everything else is NO_DISCLOSURE. In the audit sample a confirmed request needs the verdict `same` for the same
    person, and nothing makes a no a yes. Unclear and ambiguous requests without votes are noes. Where disclosure was
    `forgone`, so is everything that was not returned. Where the agreement has the subjects screened, `withholdings` is
    what was said of them, and only who is clear is confirmed; the others are NO_DISCLOSURE like any other. So is every
    request in `listed` (row_number), which names somebody whom a court's order is about.

    Raises Integrity, and writes nothing, where the artefacts contradict each other: ROWS_DISAGREE,
    REQUEST_NOT_TERMINAL, RETURNED_AND_DETERMINED, PASSED_WITH_CODES, ANSWER_WITHOUT_RECIPIENT,
    CONFIRMED_WITHOUT_EVIDENCE, VERDICT_WITHOUT_EVIDENCE, SCREEN_UNREADABLE, SCREEN_OUTSTANDING.
    """
    given = (requests, settled, candidates, determinations, sample, verdicts)
    with _composing(directory, given, withholdings, listed) as ws:
        if forgone:
            return ws.write_numbered("answers", _FORGONE)
        return ws.write_numbered("answers", _ANSWERS if withholdings is None else _SCREENED)


def find_subjects(directory: Path, *given: Artefact) -> Artefact:
    """The artefact `subjects`: whom the answers would confirm if nobody were withheld (row_number, taxpayer_id).

    Takes the tables of `compose_answers` in their order, and raises as it does.
    """
    with _composing(directory, given) as ws:
        return ws.write("subjects", _SUBJECTS, "row_number")


@contextmanager
def _composing(
    directory: Path, given: Sequence[Artefact], withholdings: Artefact | None = None, listed: Artefact | None = None
) -> Iterator[Workspace]:
    """A workspace with the table `composed`, in which nothing contradicts anything else."""
    further = [artefact for artefact in (withholdings, listed) if artefact]
    with workspace(directory, reads=[artefact.path for artefact in (*given, *further)]) as ws:
        for name, artefact in zip(_TABLES, given, strict=True):
            ws.view(name, artefact)
        if withholdings:
            ws.view("withholdings", withholdings)
        ws.con.execute(f"CREATE TABLE screened AS {_SAID if withholdings else _NOTHING_SAID}")
        if listed:
            ws.view("listed", listed)
        else:
            ws.con.execute("CREATE TABLE listed (row_number INTEGER)")
        _require_same_rows(ws)
        ws.con.execute(f"CREATE TABLE composed AS {_COMPOSED}")
        for code, says, where in (*_UNSOUND, *(_UNSCREENED if withholdings else ())):
            if ws.rows(f"SELECT 1 FROM composed WHERE {where} LIMIT 1"):
                raise _contradiction(code, says)
        yield ws


def count_answers(directory: Path, answers: Artefact) -> dict[str, int]:
    """How many requests have each answer."""
    with workspace(directory) as ws:
        ws.view("answers", answers)
        return dict(ws.rows("SELECT answer, count(*) FROM answers GROUP BY answer ORDER BY answer"))


def _require_same_rows(ws: Workspace) -> None:
    """Every table has a request at most once, and none that `requests` has not, under the same id."""
    for name in ("requests", "settled", "determinations", "sample", "verdicts", "screened", "listed"):
        if ws.rows(f"SELECT 1 FROM {name} GROUP BY row_number HAVING count(*) > 1 OR row_number IS NULL LIMIT 1"):
            raise _contradiction("ROWS_DISAGREE", f"A request is in {name} twice.")
    by_number = dict.fromkeys(("sample", "verdicts", "screened", "listed"), _NUMBER)
    for name, key in {"settled": _ROW, "determinations": _ROW, **by_number}.items():
        if ws.rows(f"SELECT 1 FROM {name} ANTI JOIN requests USING ({key}) LIMIT 1"):
            raise _contradiction("ROWS_DISAGREE", f"A row of {name} belongs to no request of this batch.")


_ROW, _NUMBER = "row_number, request_id", "row_number"


def _contradiction(code: str, says: str) -> Integrity:
    return Integrity(code, says, "Nothing was answered. Run the step that made the table again, then this one.")
