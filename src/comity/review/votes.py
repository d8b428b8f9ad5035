"""Blind votes on the cases that rules leave open: who may vote on what, and what the votes come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comity.case.artefact import Artefact
from comity.case.batch_state import Vote
from comity.case.errors import BadInput, Refused, Waiting
from comity.case.outcomes import AUDIT, CLERICAL, NOT_SAME, SAME, UNDECIDED, VOTED_SQL
from comity.case.tables import IDENTITY
from comity.workspace import Workspace, workspace

CONCURRING = 2
MOST = 3

# P2 for people: what a candidate's row must show before anybody's vote can make it a yes. An allow-list of words, and
# absence is no, so that a word nobody foresaw or a NULL supports nothing.
SUPPORTS_SAME = """coalesce(
    role IN ('primary', 'spouse') AND in_stated_year
    AND address_level IN ('equal', 'slip', 'one_sided')
    AND (name_level IN ('exact', 'equivalent', 'soft', 'initial') AND birth_level IN ('agrees', 'slip', 'absent')
        OR name_level = 'single' AND birth_level = 'agrees'), FALSE)"""

# A conflicting birth date, or a TIN against the request's, on any of a person's rows excludes the person, on whichever
# row the address is.
NOT_EXCLUDED = """NOT bool_or(coalesce(birth_level, 'conflicts') = 'conflicts'
        OR list_contains(coalesce(reasons, []), 'tin_conflicts'))"""
SUPPORTED = f"""
    SELECT row_number, person FROM candidates GROUP BY row_number, person
    HAVING bool_or({SUPPORTS_SAME}) AND {NOT_EXCLUDED}"""

# The verdict with the most votes on each request: no verdict yet unless two concur.
TALLY = """
    SELECT row_number, verdict, person, count(*) AS concur, any_value(votes) AS votes
    FROM (SELECT *, count(*) OVER (PARTITION BY row_number) AS votes FROM votes)
    GROUP BY row_number, verdict, person
    QUALIFY row_number() OVER (PARTITION BY row_number ORDER BY concur DESC, verdict, person) = 1"""
_CLOSED = f"SELECT row_number FROM ({TALLY}) WHERE concur >= {CONCURRING} OR votes >= {MOST}"

# Votes cast after the first two concurred, or after the third.
_LATE = f"""
    SELECT row_number FROM votes WINDOW earlier AS (PARTITION BY row_number ORDER BY place)
    QUALIFY row_number() OVER earlier > {MOST} OR (row_number() OVER earlier > {CONCURRING}
        AND first((verdict, person)) OVER earlier = nth_value((verdict, person), {CONCURRING}) OVER earlier)"""
_TWICE = "SELECT row_number FROM votes GROUP BY row_number, officer HAVING count(*) > 1"

# What people are asked: what the rule left to them, and the sample, of which they do not learn what the rule said.
# A known case is asked as what it was made to look like.
_REAL = f"""
    SELECT row_number, '{CLERICAL}' AS kind, determination, reason FROM determinations
    WHERE determination IN {VOTED_SQL}
    UNION ALL SELECT row_number, '{AUDIT}', '', '' FROM sample"""
_ASKED = f"""
    {_REAL} UNION ALL SELECT row_number, '{CLERICAL}', determination, reason FROM known"""

# The office draws the order. A known case stands before the request that it was made from, and is not put to whoever
# judged that one before: its likeness would tell.
_PLACED = f"""
    SELECT a.*, CASE WHEN k.row_number IS NOT NULL THEN least(own, of_original)
        WHEN o.row_number IS NOT NULL THEN greatest(own, of_known) ELSE own END AS place, k.original
    FROM (SELECT *, sha256($seed || '/' || row_number) AS own FROM ({_ASKED})) AS a
    LEFT JOIN (SELECT *, sha256($seed || '/' || original) AS of_original FROM known) AS k USING (row_number)
    LEFT JOIN (SELECT original AS row_number, sha256($seed || '/' || row_number) AS of_known FROM known) AS o
        ON o.row_number = a.row_number"""

# Whom a `same` may name. In the sample any candidate, where a vote makes no yes: the choice shall not tell what the
# rule said.
_NAMEABLE = f"""
    {SUPPORTED} UNION
    SELECT row_number, person FROM candidates SEMI JOIN sample USING (row_number)"""


_NONE_KNOWN = """CREATE TABLE known
    (row_number INTEGER, original INTEGER, determination VARCHAR, reason VARCHAR, verdict VARCHAR, person VARCHAR)"""


@dataclass(frozen=True)
class Docket:
    """What is voted on in a batch: its folder, and the artefacts `determinations`, `candidates` and `sample`.

    `known` and `known_candidates` are the known cases that are mixed in, if any; `seed` draws the order of all.
    """

    directory: Path
    determinations: Artefact
    candidates: Artefact
    sample: Artefact
    known: Artefact | None = None
    known_candidates: Artefact | None = None
    seed: str = field(default="", repr=False)

    @contextmanager
    def opened(self) -> Iterator[Workspace]:
        """A workspace with all of them as views: `known`, with no row if there is none, and its candidates among the
        others."""
        with workspace(self.directory) as ws:
            ws.view("determinations", self.determinations)
            ws.view("sample", self.sample)
            if self.known is None or self.known_candidates is None:
                ws.con.execute(_NONE_KNOWN)
                ws.view("candidates", self.candidates)
            else:
                ws.view("known", self.known)
                ws.view("of_requests", self.candidates)
                ws.view("of_known", self.known_candidates)
                ws.con.execute("CREATE VIEW candidates AS FROM of_requests UNION ALL BY NAME FROM of_known")
            yield ws


# A case shows neither its row nor the request's id: by them a known case could be told.
_SHOWN = ", ".join(f'"{name}"' for name in IDENTITY.names() if name != "request_id")
_BESIDE = "SELECT * EXCLUDE (row_number, request_id) FROM candidates"


@dataclass(frozen=True)
class Case:
    """One open case as a reviewer sees it: who is asked about, beside the custodian's candidates.

    `kind` is `clerical`, with the rule's `determination` and `reason`, or `audit`, where both are empty: who audits the
    rule does not learn what it said. `request` holds the identity columns alone (SoD-7: no narrative, statute or case),
    without the request's id;
    `candidates` the rows of the artefact `candidates`. Showing one is a look at a custodian's record, which the caller
    records. `nameable` are the persons whom a `same` may name (P2).
    """

    row_number: int
    kind: str
    determination: str
    reason: str
    request: dict[str, Any] = field(repr=False)
    candidates: tuple[dict[str, Any], ...] = field(repr=False)
    nameable: tuple[str, ...] = field(repr=False)


def queue(docket: Docket, votes: Sequence[Vote], officer: str = "") -> tuple[tuple[int, str], ...]:
    """The cases whose votes are still open, (row number, kind), in the order that the office drew.

    For `officer`, those not yet voted on. It does not say how many votes are in: a reviewer who knows to be the third
    is not blind; nor which are known cases, but that these are numbered behind the last request.
    """
    with docket.opened() as ws:
        load_votes(ws, votes)
        own = "SELECT row_number FROM votes WHERE officer = $officer"
        found = ws.con.execute(
            f"""SELECT row_number, kind FROM ({_PLACED}) WHERE row_number NOT IN ({_CLOSED})
            AND row_number NOT IN ({own}) AND (original IS NULL OR original NOT IN ({own})) ORDER BY place""",
            {"officer": officer, "seed": docket.seed},
        )
        return tuple(found.fetchall())


def read_case(docket: Docket, row_number: int, requests: Artefact) -> Case:
    """The case at `row_number` for a reviewer. Raises Refused NOT_OPEN_TO_VOTES for a request that is none."""
    with docket.opened() as ws:
        asked = ws.rows(f"SELECT kind, determination, reason FROM ({_ASKED}) WHERE row_number = ?", [row_number])
        if not asked:
            raise _not_open()
        [(kind, determination, reason)] = asked
        ws.view("requests", requests)
        source = "known" if ws.rows("SELECT 1 FROM known WHERE row_number = ?", [row_number]) else "requests"
        [request] = ws.records(f"SELECT {_SHOWN} FROM {source} WHERE row_number = ?", [row_number])
        shown = ws.records(f"{_BESIDE} WHERE row_number = ? ORDER BY ALL", [row_number])
        named = ws.rows(f"SELECT person FROM ({_NAMEABLE}) WHERE row_number = ? ORDER BY person", [row_number])
    persons = tuple(person for (person,) in named)
    return Case(row_number, kind, determination, reason, request, tuple(shown), persons)


def nameable(docket: Docket, rows: Sequence[int]) -> list[tuple[int, str, str]]:
    """Whom a `same` may name in the cases `rows`: (row number, person, taxpayer id), in the order of the file (P2).

    Raises Refused NOT_OPEN_TO_VOTES where one of them is no case.
    """
    with docket.opened() as ws:
        ws.con.execute("CREATE TABLE taken AS SELECT unnest(?::INTEGER[]) AS row_number", [list(rows)])
        _refuse_any(ws, _not_open(), f"SELECT 1 FROM taken ANTI JOIN ({_ASKED}) AS asked USING (row_number)")
        return ws.rows(
            f"""SELECT row_number, person, any_value(taxpayer_id) FROM candidates SEMI JOIN taken USING (row_number)
            SEMI JOIN ({_NAMEABLE}) AS named USING (row_number, person) GROUP BY row_number, person ORDER BY ALL"""
        )


def seen_by(officer: str, votes: Iterable[Vote]) -> tuple[Vote, ...]:
    """The votes on one request that `officer` may see: the officer's own, and all of them once none is open (blind)."""
    cast = tuple(votes)
    return cast if _settled(cast) else tuple(vote for vote in cast if vote.officer == officer)


def check_votes(docket: Docket, new: Sequence[Vote], earlier: Sequence[Vote]) -> None:
    """Let the votes `new` be cast after `earlier`, or refuse all of them.

    Raises BadInput VERDICT_UNKNOWN (a verdict that is not same or not_same, a `same` without a person or a `not_same`
    with one); Refused NOT_OPEN_TO_VOTES, VOTED_TWICE, VOTES_CLOSED, and CANDIDATE_UNSUPPORTED for a `same` on a person
    whose record could not be a yes, or, in the sample, on nobody who is a candidate.
    """
    if any((vote.verdict, bool(vote.person)) not in {(SAME, True), (NOT_SAME, False)} for vote in new):
        raise BadInput("VERDICT_UNKNOWN", "A vote is `same` with a person or `not_same` without.", "Vote again.")
    with docket.opened() as ws:
        load_votes(ws, (*earlier, *new))
        cast = f"SELECT * FROM votes WHERE place >= {len(earlier)}"
        _refuse_any(
            ws, _not_open(), f"SELECT 1 FROM ({cast}) AS cast_now ANTI JOIN ({_ASKED}) AS asked USING (row_number)"
        )
        same = f"{cast} AND verdict = '{SAME}'"
        named = f"({_NAMEABLE}) AS named USING (row_number, person)"
        _refuse_any(ws, _unsupported(), f"SELECT 1 FROM ({same}) AS same ANTI JOIN {named}")


def fold_votes(directory: Path, votes: Sequence[Vote]) -> Artefact:
    """The artefact `verdicts`: what the votes on each request come to.

    Two that concur (on one person, for `same`) settle; anything less is `undecided`. Raises Refused VOTED_TWICE and
    VOTES_CLOSED for votes that could not have been cast.
    """
    with workspace(directory) as ws:
        load_votes(ws, votes)
        return ws.write(
            "verdicts",
            f"""SELECT row_number, CASE WHEN concur >= {CONCURRING} THEN verdict ELSE '{UNDECIDED}' END AS verdict,
            CASE WHEN concur >= {CONCURRING} AND verdict = '{SAME}' THEN person END AS person FROM ({TALLY})""",
            "row_number",
        )


def require_votes_in(docket: Docket, votes: Sequence[Vote], *, due: bool) -> None:
    """Raise Waiting where votes are missing: VOTES_OPEN, or AUDIT_OPEN when it is `due` and the sample is not read.

    At the hour of the answer what is unclear is a no; how often the rule was wrong has to be known all the same. No
    answer waits for a known case.
    """
    with docket.opened() as ws:
        load_votes(ws, votes)
        kinds = [kind for (kind,) in ws.rows(f"SELECT kind FROM ({_REAL}) WHERE row_number NOT IN ({_CLOSED})")]
    if kinds and not due:
        raise Waiting(
            "VOTES_OPEN",
            f"{len(kinds)} cases wait for reviewers.",
            "Have reviewers go on with `comity review next`, or wait for the day of the answer.",
        )
    if audited := kinds.count(AUDIT):
        raise Waiting(
            "AUDIT_OPEN",
            f"{audited} cases of the audit sample wait for reviewers: how often the rule erred is not known yet.",
            "Have reviewers vote, or counsel close the batch with noes: `comity review forgo`.",
        )


def _settled(votes: Sequence[Vote]) -> bool:
    said = [(vote.verdict, vote.person) for vote in votes]
    return len(said) >= MOST or any(said.count(one) >= CONCURRING for one in said)


def load_votes(ws: Workspace, votes: Sequence[Vote]) -> None:
    """Make the table `votes`, in the order they were cast: `place, row_number, officer, verdict, person`.

    Raises Refused VOTED_TWICE and VOTES_CLOSED: nobody votes twice on a request, nor after it was settled.
    """
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


def _not_open() -> Refused:
    return Refused(
        "NOT_OPEN_TO_VOTES",
        "Only unclear and ambiguous requests of this batch, and those of its sample, are voted on.",
        "Take the next case with `comity review next`.",
    )


def _unsupported() -> Refused:
    return Refused(
        "CANDIDATE_UNSUPPORTED",
        "That person's record has no agreeing address in a stated year, no such name, or a conflicting birth date.",
        "Vote `not_same`, or name a candidate whose record supports it.",
    )
