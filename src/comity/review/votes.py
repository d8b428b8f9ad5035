"""Blind votes on the cases that rules leave open: who may vote on what, and what the votes come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comity.case.artefact import Artefact
from comity.case.batch_state import Vote
from comity.case.errors import BadInput, Refused, Waiting
from comity.case.outcomes import NOT_SAME, SAME, UNDECIDED, VOTED
from comity.case.tables import IDENTITY
from comity.workspace import Workspace, workspace

CONCURRING = 2
MOST = 3

VOTED_SQL = "(" + ", ".join(f"'{word}'" for word in VOTED) + ")"

# P2 for people: what a candidate's row must show before anybody's vote can make it a yes. An allow-list of words, and
# absence is no, so that a word nobody foresaw or a NULL supports nothing.
SUPPORTS_SAME = """coalesce(
    role IN ('primary', 'spouse') AND in_stated_year
    AND address_level IN ('equal', 'slip', 'one_sided')
    AND (name_level IN ('exact', 'equivalent', 'soft', 'initial') AND birth_level IN ('agrees', 'slip', 'absent')
        OR name_level = 'single' AND birth_level = 'agrees'), FALSE)"""

# One conflicting birth date on any of a person's rows excludes the person, on whichever row the address is.
SUPPORTED = f"""
    SELECT row_number, person FROM candidates GROUP BY row_number, person
    HAVING bool_or({SUPPORTS_SAME}) AND NOT bool_or(coalesce(birth_level, 'conflicts') = 'conflicts')"""

# The verdict with the most votes on each request: no verdict yet unless two concur.
_TALLY = """
    SELECT row_number, verdict, person, count(*) AS concur, any_value(votes) AS votes
    FROM (SELECT *, count(*) OVER (PARTITION BY row_number) AS votes FROM votes)
    GROUP BY row_number, verdict, person
    QUALIFY row_number() OVER (PARTITION BY row_number ORDER BY concur DESC, verdict, person) = 1"""
_CLOSED = f"SELECT row_number FROM ({_TALLY}) WHERE concur >= {CONCURRING} OR votes >= {MOST}"

# Votes cast after the first two concurred, or after the third.
_LATE = f"""
    SELECT row_number FROM votes WINDOW earlier AS (PARTITION BY row_number ORDER BY place)
    QUALIFY row_number() OVER earlier > {MOST} OR (row_number() OVER earlier > {CONCURRING}
        AND first((verdict, person)) OVER earlier = nth_value((verdict, person), {CONCURRING}) OVER earlier)"""
_TWICE = "SELECT row_number FROM votes GROUP BY row_number, officer HAVING count(*) > 1"
_OPEN = f"SELECT row_number FROM determinations WHERE determination IN {VOTED_SQL}"


@dataclass(frozen=True)
class Case:
    """One open case as a reviewer sees it: who is asked about, beside the custodian's candidates.

    `request` holds the identity columns alone (SoD-7: no narrative, statute or case); `candidates` the rows of the
    artefact `candidates`. Showing one is a look at a custodian's record, which the caller records.
    """

    row_number: int
    determination: str
    reason: str
    request: dict[str, Any] = field(repr=False)
    candidates: tuple[dict[str, Any], ...] = field(repr=False)


def queue(directory: Path, determinations: Artefact, votes: Sequence[Vote], officer: str = "") -> tuple[int, ...]:
    """The row numbers whose votes are still open, in the order of the file; for `officer`, those not yet voted on.

    It does not say how many votes are in: a reviewer who knows to be the third is not blind.
    """
    with workspace(directory) as ws:
        _load_votes(ws, votes)
        ws.view("determinations", determinations)
        rows = ws.rows(
            f"""SELECT row_number FROM determinations WHERE determination IN {VOTED_SQL}
            AND row_number NOT IN ({_CLOSED})
            AND row_number NOT IN (SELECT row_number FROM votes WHERE officer = ?) ORDER BY row_number""",
            [officer],
        )
    return tuple(row[0] for row in rows)


def read_case(
    directory: Path, row_number: int, requests: Artefact, determinations: Artefact, candidates: Artefact
) -> Case:
    """The case at `row_number` for a reviewer. Raises Refused NOT_OPEN_TO_VOTES for a request that is none."""
    with workspace(directory) as ws:
        ws.view("determinations", determinations)
        open_now = ws.rows(
            f"""SELECT determination, reason FROM determinations
            WHERE row_number = ? AND determination IN {VOTED_SQL}""",
            [row_number],
        )
        if not open_now:
            raise _not_open()
        ws.view("requests", requests)
        ws.view("candidates", candidates)
        columns = ", ".join(f'"{name}"' for name in IDENTITY.names())
        [request] = _dicts(ws, f"SELECT {columns} FROM requests WHERE row_number = ?", row_number)
        shown = _dicts(ws, "SELECT * FROM candidates WHERE row_number = ? ORDER BY ALL", row_number)
    [(determination, reason)] = open_now
    return Case(row_number, determination, reason, request, tuple(shown))


def nameable(directory: Path, candidates: Artefact, rows: Sequence[int]) -> list[tuple[int, str, str]]:
    """Whom a `same` may name in the cases `rows`: (row number, person, taxpayer id), in the order of the file (P2)."""
    with workspace(directory) as ws:
        ws.view("candidates", candidates)
        ws.con.execute("CREATE TABLE taken AS SELECT unnest(?::INTEGER[]) AS row_number", [list(rows)])
        return ws.rows(
            f"""SELECT row_number, person, any_value(taxpayer_id) FROM candidates SEMI JOIN taken USING (row_number)
            SEMI JOIN ({SUPPORTED}) AS supported USING (row_number, person) GROUP BY row_number, person ORDER BY ALL"""
        )


def seen_by(officer: str, votes: Iterable[Vote]) -> tuple[Vote, ...]:
    """The votes on one request that `officer` may see: the officer's own, and all of them once none is open (blind)."""
    cast = tuple(votes)
    return cast if _settled(cast) else tuple(vote for vote in cast if vote.officer == officer)


def check_votes(
    directory: Path,
    new: Sequence[Vote],
    earlier: Sequence[Vote],
    determinations: Artefact,
    candidates: Artefact,
) -> None:
    """Let the votes `new` be cast after `earlier`, or refuse all of them.

    Raises BadInput VERDICT_UNKNOWN (a verdict that is not same or not_same, a `same` without a person or a `not_same`
    with one); Refused NOT_OPEN_TO_VOTES, VOTED_TWICE, VOTES_CLOSED, and CANDIDATE_UNSUPPORTED for a `same` on a person
    whose record could not be a yes.
    """
    if any((vote.verdict, bool(vote.person)) not in {(SAME, True), (NOT_SAME, False)} for vote in new):
        raise BadInput("VERDICT_UNKNOWN", "A vote is `same` with a person or `not_same` without.", "Vote again.")
    with workspace(directory) as ws:
        ws.view("determinations", determinations)
        ws.view("candidates", candidates)
        _load_votes(ws, (*earlier, *new))
        cast = f"SELECT * FROM votes WHERE place >= {len(earlier)}"
        _refuse_any(
            ws, _not_open(), f"SELECT 1 FROM ({cast}) AS cast_now ANTI JOIN ({_OPEN}) AS open USING (row_number)"
        )
        same = f"{cast} AND verdict = '{SAME}'"
        supported = f"({SUPPORTED}) AS supported USING (row_number, person)"
        _refuse_any(ws, _unsupported(), f"SELECT 1 FROM ({same}) AS same ANTI JOIN {supported}")


def fold_votes(directory: Path, votes: Sequence[Vote]) -> Artefact:
    """The artefact `verdicts`: what the votes on each request come to.

    Two that concur (on one person, for `same`) settle; anything less is `undecided`. Raises Refused VOTED_TWICE and
    VOTES_CLOSED for votes that could not have been cast.
    """
    with workspace(directory) as ws:
        _load_votes(ws, votes)
        return ws.write(
            "verdicts",
            f"""SELECT row_number, CASE WHEN concur >= {CONCURRING} THEN verdict ELSE '{UNDECIDED}' END AS verdict,
            CASE WHEN concur >= {CONCURRING} AND verdict = '{SAME}' THEN person END AS person FROM ({_TALLY})""",
            "row_number",
        )


def require_votes_in(directory: Path, determinations: Artefact, votes: Sequence[Vote]) -> None:
    """Raise Waiting VOTES_OPEN while a case still needs a vote."""
    if waiting := len(queue(directory, determinations, votes)):
        raise Waiting(
            "VOTES_OPEN",
            f"{waiting} cases wait for reviewers.",
            "Have reviewers vote with `comity review vote`, or wait for the day of the answer.",
        )


def _settled(votes: Sequence[Vote]) -> bool:
    said = [(vote.verdict, vote.person) for vote in votes]
    return len(said) >= MOST or any(said.count(one) >= CONCURRING for one in said)


def _load_votes(ws: Workspace, votes: Sequence[Vote]) -> None:
    """The table `votes`, in the order they were cast; nobody votes twice on a request, nor after it was settled."""
    ws.con.execute(
        "CREATE TABLE votes (place INTEGER, row_number INTEGER, officer VARCHAR, verdict VARCHAR, person VARCHAR)"
    )
    columns: list[object] = [
        list(range(len(votes))),
        [vote.row_number for vote in votes],
        [vote.officer for vote in votes],
        [vote.verdict for vote in votes],
        [vote.person for vote in votes],
    ]
    ws.con.execute("INSERT INTO votes SELECT unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)", columns)
    _refuse_any(ws, Refused("VOTED_TWICE", "An officer votes once on a request.", "Ask another reviewer."), _TWICE)
    _refuse_any(ws, Refused("VOTES_CLOSED", "The votes on this request are in.", "Take the next case."), _LATE)


def _refuse_any(ws: Workspace, refusal: Exception, sql: str) -> None:
    if ws.rows(f"{sql} LIMIT 1"):
        raise refusal


def _dicts(ws: Workspace, sql: str, row_number: int) -> list[dict[str, Any]]:
    cursor = ws.con.execute(sql, [row_number])
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _not_open() -> Refused:
    return Refused(
        "NOT_OPEN_TO_VOTES",
        "Only unclear and ambiguous requests of this batch are voted on.",
        "Take the next case with `comity review queue`.",
    )


def _unsupported() -> Refused:
    return Refused(
        "CANDIDATE_UNSUPPORTED",
        "That person's record has no agreeing address in a stated year, no such name, or a conflicting birth date.",
        "Vote `not_same`, or name a candidate whose record supports it.",
    )
