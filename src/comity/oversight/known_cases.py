"""Known-answer cases: requests that nobody sent, whose right answer the office knows, to measure its reviewers by.

They are made from confirmed requests of the batch: as decoys, which ask about somebody or some home that the registry
does not list, so that the answer is that it is not the same; and as the same person told with less, which the rule
leaves to people. Only those count that the rule itself leaves to people. The truth holds by the way they are made.
"""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.errors import BadInput
from comity.case.outcomes import NOT_SAME, SAME, VOTED_SQL
from comity.case.tables import IDENTITY
from comity.linkage import Index, LinkageTerms, link
from comity.linkage.link import MEMORY_LIMIT
from comity.linkage.seal import demand_unchanged
from comity.oversight.decoys import MOST, make_decoys
from comity.review import SUPPORTED
from comity.workspace import Workspace, quoted, workspace

_SALT_BYTES = 32
# Of five confirmed requests about one lends itself to a case that asks about somebody else, and half the cases do.
_ORIGINALS_PER_CASE = 10
_FEWEST_ORIGINALS = 100

# The same person with less to go by: what each leaves out of a confirmed request.
_WITH_LESS = {
    "no_birth_date": "NULL::DATE AS date_of_birth, NULL::VARCHAR AS tin",
    "birth_date_and_middle_left_out": (
        "NULL::DATE AS date_of_birth, NULL::VARCHAR AS middle_name, NULL::VARCHAR AS tin"
    ),
    "initial": "left(trim(given_name), 1) AS given_name, NULL::VARCHAR AS tin",
}


@dataclass(frozen=True)
class KnownCases:
    """The known cases of a batch: the artefacts `known` (with the answers) and `known_candidates`."""

    known: Artefact
    candidates: Artefact


def make_known(
    scratch: Path,
    folder: Path,
    requests: Artefact,
    determinations: Artefact,
    sample: Artefact,
    index: Index,
    terms: LinkageTerms,
    seed: str,
    most: int,
) -> KnownCases | None:
    """Make at most `most` known cases of a batch and write them into its `folder`; None where none can be made.

    They are linked apart, in a folder under `scratch` that is removed, by the batch's own terms. `seed` (hex) decides
    which; half of them ask about the same person as far as there are as many, and requests that people read again in
    the `sample` are used last. They are numbered behind the last request of the batch.
    """
    if most < 1:
        return None
    with tempfile.TemporaryDirectory(dir=scratch, prefix=".known-") as place:
        home = Path(place)
        demand_unchanged(index.path, index.digest)
        reads = [requests.path, determinations.path, index.path.parent]
        with workspace(home, reads=reads, memory_limit=MEMORY_LIMIT) as ws:
            ws.view("requests", requests)
            ws.view("determinations", determinations)
            ws.con.execute(f"ATTACH {quoted(index.path)} AS registry (READ_ONLY)")
            try:
                make_decoys(ws, int(seed, 16), _originals(most))
            except BadInput:
                return None
            ws.con.execute(f"CREATE TEMP TABLE made AS {_made()}")
            kept = ws.write("made", "SELECT row_number, kind, of_row, original, same FROM made", "row_number")
            asked = ws.write("requests", f"SELECT * EXCLUDE ({_OURS}) FROM made", "row_number")
            settled = ws.write("settled", "SELECT row_number, 'pass' AS ruling FROM made", "row_number")
        linked = link(home, asked, settled, index, terms)
        with workspace(folder, reads=[home, sample.path]) as ws:
            views = {"made": kept, "asked": asked, "sample": sample}
            for name, artefact in {**views, "decided": linked.determinations, "candidates": linked.candidates}.items():
                ws.view(name, artefact)
            return _chosen(ws, seed, most, requests.rows)


def _originals(most: int) -> int:
    """How many confirmed requests are enough for `most` known cases; no batch needs more than the tripwire takes."""
    return min(MOST, max(_FEWEST_ORIGINALS, _ORIGINALS_PER_CASE * most))


_OURS = "kind, of_row, original, same, taxpayer_id, number"


def _made() -> str:
    """SQL: every decoy, and every confirmed request told with less, numbered anew; made of the one at `of_row`."""
    told = " UNION ALL BY NAME ".join(
        f"""SELECT '{kind}' AS kind, row_number AS of_row, TRUE AS same,
        * EXCLUDE (given, second, place) REPLACE ({changes}) FROM drawn"""
        for kind, changes in _WITH_LESS.items()
    )
    return f"""SELECT * REPLACE (number AS row_number, 'K-' || number AS request_id) FROM (
        SELECT *, row_number() OVER (ORDER BY of_row, kind)::INTEGER AS number
        FROM (SELECT FALSE AS same, * EXCLUDE (home) FROM decoys UNION ALL BY NAME {told}))"""


def _chosen(ws: Workspace, seed: str, most: int, last: int) -> KnownCases | None:
    ws.con.execute(f"CREATE TEMP TABLE chosen AS {_CHOSEN}", {"seed": seed, "most": most, "last": last})
    if not ws.rows("SELECT 1 FROM chosen LIMIT 1"):
        return None
    identity = ", ".join(f'a."{name}"' for name in IDENTITY.names() if name != "request_id")
    salt = secrets.token_hex(_SALT_BYTES)
    known = ws.write(
        "known",
        f"""SELECT c.place AS row_number, {identity}, c.determination, c.because AS reason,
        CASE WHEN c.same THEN '{SAME}' ELSE '{NOT_SAME}' END AS verdict,
        CASE WHEN c.same THEN c.original ELSE '' END AS person, c.of_row AS original, c.kind, '{salt}' AS salt
        FROM chosen AS c JOIN asked AS a USING (row_number)""",
        "row_number",
    )
    beside = "SELECT n.* REPLACE (c.place AS row_number) FROM candidates AS n JOIN chosen AS c USING (row_number)"
    return KnownCases(known, ws.write("known_candidates", beside, "ALL"))


# A true match is one that a careful reader can tell: one person, and a record that bears a yes out. Each request
# lends itself once.
_CHOSEN = f"""
WITH fit AS (
    SELECT m.*, d.determination, d.reason AS because, s.row_number IS NOT NULL AS is_read,
        sha256($seed || '/' || m.kind || '/' || m.of_row) AS lot
    FROM made AS m JOIN decided AS d USING (row_number) LEFT JOIN sample AS s ON s.row_number = m.of_row
    LEFT JOIN ({SUPPORTED}) AS u ON u.row_number = m.row_number AND u.person = m.original
    WHERE d.determination IN {VOTED_SQL} AND (NOT m.same
        OR coalesce(d.determination = 'unclear' AND d.person = m.original AND u.person IS NOT NULL, FALSE))
    QUALIFY row_number() OVER (PARTITION BY m.of_row ORDER BY lot) = 1
), turns AS (
    SELECT *, row_number() OVER (PARTITION BY same ORDER BY is_read, lot) AS turn FROM fit
), taken AS (
    SELECT * FROM turns ORDER BY is_read, turn, lot LIMIT $most
)
SELECT *, ($last + row_number() OVER (ORDER BY sha256(lot)))::INTEGER AS place FROM taken
"""
