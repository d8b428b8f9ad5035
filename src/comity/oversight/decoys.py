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
from comity.oversight.evaluate import RECEIVED_ON
from comity.workspace import Workspace, workspace

MOST = 10_000
_DONORS = 12

KINDS = {
    "other_given_name": "same family name and address, the given name of somebody else",
    "near_given_name": "same family name and address, a given name one or two letters away",
    "namesake": "same full name and address, another middle name, and another birth date if one was sent",
}
SAYS = (
    "A tripwire for regressions, not an error rate: a rise says that the rule grew laxer, nothing says how often a "
    "real answer is wrong."
)


@dataclass(frozen=True)
class Decoy:
    """What became of the decoys of one `kind`: how many were `made`, and what linkage made of them.

    `alarms` were confirmed for the very person of the request they were made from, though they ask about another;
    `others` for somebody else who is listed there under that name; `for_people` were unclear or ambiguous.
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
        with workspace(home, reads=[requests.path, determinations.path]) as ws:
            ws.view("requests", requests)
            ws.view("determinations", determinations)
            confirmed = _draw(ws, seed)
            ws.con.execute(f"CREATE TEMP TABLE decoys AS {_DECOYS}")
            kept = ws.write("decoys", "SELECT row_number, kind, original FROM decoys", "row_number")
            asked = ws.write("requests", "SELECT * EXCLUDE (kind, original) FROM decoys", "row_number")
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
        asked, settled = receive_and_rule(home, requests, received_on)
        index = build_index([registry], home / "registry")
        linked = link(home, asked, settled, index, terms)
        return try_decoys(home, asked, linked.determinations, index, terms, seed)


def _draw(ws: Workspace, seed: int) -> int:
    """Make `drawn`, the confirmed requests in an order that `seed` chose, and `donors`, some of the others for each.

    A donor lends a name, a middle name and a birth date; it stands behind the request in the order, all the way round,
    and carries a birth date if the request does, so that a decoy is held to the evidence of its original. Raises
    BadInput `NOTHING_CONFIRMED`.
    """
    ws.con.execute(f"""
CREATE TEMP TABLE drawn AS
SELECT r.*, d.person AS original, upper(strip_accents(trim(r.given_name))) AS given,
    row_number() OVER (ORDER BY md5('{int(seed)} ' || r.row_number)) - 1 AS place
FROM requests AS r JOIN determinations AS d USING (row_number)
WHERE d.determination = 'confirmed' QUALIFY place < {MOST}
""")
    [(drawn,)] = ws.rows("SELECT count(*) FROM drawn")
    if not drawn:
        raise BadInput("NOTHING_CONFIRMED", "No request is confirmed, so no decoy can be made.", "Take another set.")
    ws.con.execute(f"""
CREATE TEMP TABLE donors AS
SELECT a.row_number, shift, b.given_name, b.given, b.middle_name, b.date_of_birth,
    upper(left(trim(a.middle_name), 1)) IS DISTINCT FROM upper(left(trim(b.middle_name), 1))
        AND (a.middle_name IS NULL OR b.middle_name IS NOT NULL)
        AND (a.date_of_birth = b.date_of_birth) IS NOT TRUE AS is_namesake
FROM drawn AS a, range(1, {_DONORS + 1}) AS shifts(shift)
JOIN drawn AS b ON b.place = (a.place + shift) % {int(drawn)}
WHERE a.given <> b.given AND (a.date_of_birth IS NULL) = (b.date_of_birth IS NULL)
""")
    _find_near_names(ws, seed)
    return int(drawn)


def _find_near_names(ws: Workspace, seed: int) -> None:
    """Make `near`: for the given names of `drawn`, another of them within two edits and with the same initial."""
    ws.con.execute(f"""
CREATE TEMP TABLE near AS
WITH names AS (SELECT given, min(given_name) AS given_name FROM drawn WHERE length(given) > 2 GROUP BY given)
SELECT a.given, arg_min(b.given_name, md5('{int(seed)} ' || a.given || b.given)) AS near_name
FROM names AS a JOIN names AS b ON a.given[1] = b.given[1] AND a.given <> b.given
WHERE levenshtein(a.given, b.given) <= 2
GROUP BY a.given
""")


def _changed(kind: str, given: str, source: str) -> str:
    """SQL: decoys of one kind; the middle name and the birth date are the donor's, and no TIN is sent."""
    return f"""
SELECT '{kind}' AS kind, o.* REPLACE ({given} AS given_name, d.middle_name AS middle_name,
    d.date_of_birth AS date_of_birth, NULL::VARCHAR AS tin)
FROM drawn AS o JOIN {source}
"""


def _first_donor(test: str = "TRUE") -> str:
    first = f"SELECT * FROM donors WHERE {test} QUALIFY row_number() OVER (PARTITION BY row_number ORDER BY shift) = 1"
    return f"({first}) AS d USING (row_number)"


_DECOYS = f"""
WITH every AS (
    {_changed("other_given_name", "d.given_name", _first_donor())}
    UNION ALL {_changed("near_given_name", "n.near_name", _first_donor() + " JOIN near AS n ON n.given = o.given")}
    UNION ALL {_changed("namesake", "o.given_name", _first_donor("is_namesake"))}
)
SELECT * EXCLUDE (given, place, number) REPLACE (number AS row_number, 'D-' || number AS request_id)
FROM (SELECT *, row_number() OVER (ORDER BY kind, place)::INTEGER AS number FROM every)
"""

_FATE = """
SELECT kind, count(*), count(*) FILTER (determination = 'confirmed' AND person = original),
    count(*) FILTER (determination = 'confirmed' AND person <> original),
    count(*) FILTER (determination IN ('unclear', 'ambiguous'))
FROM decoys JOIN determinations USING (row_number) GROUP BY kind
"""
