"""Relative-like decoys: requests made from confirmed ones that ask about nobody, as a tripwire for the rule.

A regression trips it; it is no error rate. A study of such decoys found them right in size for rules that fail often,
and unable to tell one careful rule from another, because real errors come of namesakes who are nowhere listed.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.errors import BadInput
from comity.linkage import Index, LinkageTerms, build_index, link
from comity.linkage.seal import demand_unchanged
from comity.oversight.decoy_kinds import KINDS, MOVED, decoys_sql, find_donors
from comity.oversight.decoy_records import find_homes, leave_out_real
from comity.oversight.evaluate import RECEIVED_ON
from comity.workspace import Workspace, quoted, workspace

MOST = 10_000
SAYS = (
    "A tripwire for regressions, not an error rate: a rise says that the rule grew laxer, nothing says how often a "
    "real answer is wrong."
)


@dataclass(frozen=True)
class Decoy:
    """What became of the decoys of one `kind`: how many were `made`, and what linkage made of them.

    `alarms` were confirmed for the very person of the request they were made from, though they ask about another
    person or home; `others` for somebody else who is listed there under that name; `for_people` were unclear or
    ambiguous.
    """

    kind: str
    says: str
    made: int
    alarms: int
    others: int
    for_people: int


@dataclass(frozen=True)
class Tripwire:
    """The decoys of a batch or a set: how many confirmed requests they were made from, and each kind's fate."""

    confirmed: int
    kinds: tuple[Decoy, ...]
    evidence: str
    says: str = SAYS

    def alarms(self) -> dict[str, int]:
        """The alarms by kind."""
        return {decoy.kind: decoy.alarms for decoy in self.kinds}


def try_decoys(
    directory: Path, requests: Artefact, determinations: Artefact, index: Index, terms: LinkageTerms, seed: int
) -> Tripwire:
    """Make decoys of the confirmed rows of `determinations` and link them as `link` does, apart from everything.

    At most MOST confirmed requests are drawn, by `seed`; the same seed draws the same ones and gives the same decoys.
    Works in a folder of its own under `directory`, which is removed: no decoy enters a batch, its log or its answers.
    """
    with tempfile.TemporaryDirectory(dir=directory, prefix=".decoys-") as place:
        home = Path(place)
        demand_unchanged(index.path, index.digest)
        with workspace(home, reads=[requests.path, determinations.path, index.path.parent]) as ws:
            ws.view("requests", requests)
            ws.view("determinations", determinations)
            ws.con.execute(f"ATTACH {quoted(index.path)} AS registry (READ_ONLY)")
            confirmed = make_decoys(ws, seed)
            kept = ws.write("decoys", "SELECT row_number, kind, original FROM decoys", "row_number")
            asked = ws.write(
                "requests", "SELECT * EXCLUDE (of_row, kind, original, taxpayer_id, home) FROM decoys", "row_number"
            )
            settled = ws.write("settled", "SELECT row_number, 'pass' AS ruling FROM decoys", "row_number")
        linked = link(home, asked, settled, index, terms)
        with workspace(home) as ws:
            ws.view("decoys", kept)
            ws.view("determinations", linked.determinations)
            found = {kind: counts for kind, *counts in ws.rows(_FATE)}
    kinds = tuple(Decoy(kind, says, *found.get(kind, (0, 0, 0, 0))) for kind, says in KINDS.items())
    return Tripwire(confirmed, kinds, terms.evidence)


def try_decoys_of_set(
    registry: Path, requests: Path, evidence: str, seed: int, received_on: date = RECEIVED_ON
) -> Tripwire:
    """The same for an evaluation set, whose requests are ruled on and linked first; see `evaluate` for the files."""
    from comity.oversight.trial import receive_and_rule

    terms = LinkageTerms(evidence=evidence)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        asked, settled, standardised = receive_and_rule(home, requests, received_on)
        index = build_index([registry], home / "registry")
        linked = link(home, asked, settled, index, terms, standardised=standardised)
        return try_decoys(home, asked, linked.determinations, index, terms, seed)


def make_decoys(ws: Workspace, seed: int, most: int = MOST) -> int:
    """Make `drawn`, at most `most` confirmed requests, and `decoys` of every kind from them; gives how many were drawn.

    A decoy says of which request (`of_row`) and person (`original`) it is made. Takes `requests`, `determinations` and
    the index as `registry`. Raises BadInput `NOTHING_CONFIRMED`.
    """
    drawn = _draw(ws, seed, most)
    find_donors(ws, seed, drawn)
    find_homes(ws)
    ws.con.execute(f"""
CREATE TEMP TABLE decoys AS
SELECT row_number AS of_row,
    * EXCLUDE (given, second, place, number) REPLACE (number AS row_number, 'D-' || number AS request_id)
FROM (SELECT *, row_number() OVER (ORDER BY kind, place)::INTEGER AS number FROM ({decoys_sql()}))
""")
    leave_out_real(ws, MOVED)
    return drawn


def _draw(ws: Workspace, seed: int, most: int) -> int:
    """Make `drawn`, the confirmed requests in an order that `seed` chose; gives how many."""
    ws.con.execute(f"""
CREATE TEMP TABLE drawn AS
SELECT r.*, d.person AS original, d.taxpayer_id, {_plain("r.given_name")} AS given,
    coalesce({_plain("r.middle_name")}, nullif(substr(given, strpos(given || ' ', ' ') + 1), '')) AS second,
    row_number() OVER (ORDER BY md5('{int(seed)} ' || r.row_number)) - 1 AS place
FROM requests AS r JOIN determinations AS d USING (row_number)
WHERE d.determination = 'confirmed' QUALIFY place < {int(most)}
""")
    [(drawn,)] = ws.rows("SELECT count(*) FROM drawn")
    if not drawn:
        raise BadInput("NOTHING_CONFIRMED", "No request is confirmed, so no decoy can be made.", "Take another set.")
    return int(drawn)


def _plain(name: str) -> str:
    return f"upper(strip_accents(trim({name})))"


_FATE = """
SELECT kind, count(*), count(*) FILTER (determination = 'confirmed' AND person = original),
    count(*) FILTER (determination = 'confirmed' AND person <> original),
    count(*) FILTER (determination IN ('unclear', 'ambiguous'))
FROM decoys JOIN determinations USING (row_number) GROUP BY kind
"""
