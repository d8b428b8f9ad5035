"""How often the rule was wrong in a batch, as far as two readers of the same record can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from comity.case.batch_state import Vote
from comity.case.errors import Waiting
from comity.case.outcomes import CONFIRMED_BY_RULE, SAME, VOTED_SQL
from comity.review.bounds import at_most
from comity.review.sampling import CONFIRMED_STRATUM, NO_STRATUM
from comity.review.votes import CONCURRING, MOST, TALLY, Docket, load_votes

# Readers who cannot agree count against the rule.
_FOUND = f"""
WITH strata AS (
    SELECT CASE determination WHEN '{CONFIRMED_BY_RULE}' THEN '{CONFIRMED_STRATUM}' ELSE '{NO_STRATUM}' END AS stratum,
        d.person, t.verdict, t.person AS voted,
        s.row_number IS NOT NULL AND coalesce(t.concur >= {CONCURRING} OR t.votes >= {MOST}, FALSE) AS read,
        coalesce(t.concur >= {CONCURRING}, FALSE) AS agreed, s.row_number IS NOT NULL AS drawn
    FROM determinations AS d LEFT JOIN sample AS s USING (row_number) LEFT JOIN ({TALLY}) AS t USING (row_number)
    WHERE d.determination NOT IN {VOTED_SQL}
)
SELECT stratum, count(*), count(*) FILTER (drawn), count(*) FILTER (read),
    count(*) FILTER (read AND CASE stratum
        WHEN '{CONFIRMED_STRATUM}' THEN NOT coalesce(agreed AND verdict = '{SAME}' AND voted = person, FALSE)
        ELSE coalesce(verdict = '{SAME}' OR NOT agreed, TRUE) END)
FROM strata GROUP BY stratum
"""


@dataclass(frozen=True)
class Stratum:
    """One side of a sample: how many there are `of` it, `drawn`, `read` by enough people, and `found` otherwise."""

    of: int
    drawn: int
    read: int
    found: int

    @property
    def at_most(self) -> int:
        """With 95 % confidence no more of them than this are otherwise; what was found is among them."""
        return at_most(self.found, self.read, self.of)

    def form(self) -> dict[str, int]:
        """How an event states it."""
        return asdict(self) | {"at_most": self.at_most}


@dataclass(frozen=True)
class Audit:
    """What the sample of a batch shows: of the `confirmed`, who is wrong; of the `noes`, who was missed.

    It measures the errors that two readers of the same record can see, and no others.
    """

    confirmed: Stratum
    noes: Stratum

    @property
    def wrong_at_most(self) -> tuple[int, int]:
        """What may be wrong among what would leave, (at most, of): those that were found do not leave."""
        return self.confirmed.at_most - self.confirmed.found, self.confirmed.of - self.confirmed.found

    def within(self, wrong_per_thousand: int) -> bool:
        """Whether no more of a thousand confirmations than that can be wrong, with 95 % confidence."""
        wrong, of = self.wrong_at_most
        return wrong * 1000 <= wrong_per_thousand * of

    def form(self) -> dict[str, dict[str, int]]:
        """How an event states it."""
        return {CONFIRMED_STRATUM: self.confirmed.form(), NO_STRATUM: self.noes.form()}


def audit(docket: Docket, votes: Sequence[Vote]) -> Audit:
    """What the sample shows so far; the bounds tighten as more of it is read."""
    with docket.opened() as ws:
        load_votes(ws, votes)
        found = {stratum: Stratum(*counts) for stratum, *counts in ws.rows(_FOUND)}
    nothing = Stratum(0, 0, 0, 0)
    return Audit(found.get(CONFIRMED_STRATUM, nothing), found.get(NO_STRATUM, nothing))


@dataclass(frozen=True)
class Reader:
    """A reviewer's share: the `votes` cast on cases that are settled, and how many went `against` what two others said.

    Nobody's truth is known here; who is outvoted often is either careless or the only one who looks.
    """

    officer: str
    votes: int
    against: int


_READERS = f"""
SELECT officer, count(*), count(*) FILTER ((v.verdict, v.person) IS DISTINCT FROM (t.verdict, t.person))
FROM votes AS v JOIN (FROM ({TALLY}) WHERE concur >= {CONCURRING}) AS t USING (row_number)
GROUP BY officer ORDER BY officer
"""


def readers(docket: Docket, votes: Sequence[Vote]) -> list[Reader]:
    """Each reviewer of the batch, by name."""
    with docket.opened() as ws:
        load_votes(ws, votes)
        return [Reader(*row) for row in ws.rows(_READERS)]


def require_within(audited: Audit, wrong_per_thousand: int) -> None:
    """Raise Waiting AUDIT_ABOVE_LIMIT where more of what would leave can be wrong than the agreement allows."""
    if not audited.within(wrong_per_thousand):
        wrong, of = audited.wrong_at_most
        raise Waiting(
            "AUDIT_ABOVE_LIMIT",
            f"Of {of:,} confirmations as many as {wrong:,} may be wrong (95 %); the agreement allows "
            f"{wrong_per_thousand} of a thousand.",
            "Counsel closes the batch with noes: `comity review forgo`.",
        )
