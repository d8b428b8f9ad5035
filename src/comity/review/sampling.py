"""The audit sample of a batch: which confirmed requests and which noes people read before anything leaves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.batch_events import RequestsDetermined
from comity.case.outcomes import CONFIRMED_BY_RULE, VOTED_SQL
from comity.workspace import workspace

# The strata of a sample.
CONFIRMED_STRATUM = "confirmed"
NO_STRATUM = "no"

_PURPOSE = b"comity audit sample v1\n"

# The lowest hashes of a stratum are its sample: whoever knows the seed can draw it again.
_DRAWN = f"""
WITH strata AS (
    SELECT row_number, CASE WHEN determination = '{CONFIRMED_BY_RULE}' THEN '{CONFIRMED_STRATUM}'
        ELSE '{NO_STRATUM}' END AS stratum
    FROM determinations WHERE determination NOT IN {VOTED_SQL}
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY stratum ORDER BY sha256($seed || '/' || row_number), row_number) AS place
    FROM strata
)
SELECT row_number, stratum FROM placed
WHERE place <= CASE stratum WHEN '{CONFIRMED_STRATUM}' THEN $confirmed ELSE $noes END
"""


@dataclass(frozen=True)
class Draw:
    """What decides a sample: the office's `signature` over `sampling_statement`, and how many of either stratum."""

    signature: bytes
    confirmed: int
    noes: int


def draw_on_record(determined: RequestsDetermined) -> Draw:
    """What decided the sample of a batch that was determined."""
    terms = determined.terms
    return Draw(bytes.fromhex(determined.sampling), terms["audit_confirmed"], terms["audit_noes"])


def sampling_statement(batch: str, determinations: Artefact) -> bytes:
    """What the office signs with its sampling key (Ed25519): the batch and its determinations, by digest.

    The signature is the seed. It is the same however often it is made, so that nobody can choose it, and it verifies
    under the key that the office published when it was opened.
    """
    return _PURPOSE + f"{batch}\n{determinations.digest}\n".encode()


def draw_sample(directory: Path, determinations: Artefact, draw: Draw) -> Artefact:
    """The artefact `sample`: `row_number` and `stratum` (confirmed, no) of the requests that are read again.

    At most `draw.confirmed` of those the rule confirmed and `draw.noes` of those it did not; all of them where there
    are no more. What people decide anyway (unclear, ambiguous) is in neither.
    """
    sizes = {"confirmed": draw.confirmed, "noes": draw.noes}
    seed = hashlib.sha256(draw.signature).hexdigest()
    with workspace(directory, reads=[determinations.path]) as ws:
        ws.view("determinations", determinations)
        ws.con.execute(f"CREATE TABLE drawn AS {_DRAWN}", {"seed": seed} | sizes)
        return ws.write("sample", "SELECT * FROM drawn", "row_number")
