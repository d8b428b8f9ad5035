"""One request of an evaluation set explained: ruled on and linked as `evaluate` does, and said in words."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from comity import agreements
from comity.case.artefact import Artefact
from comity.case.errors import BadInput
from comity.gates import rule
from comity.linkage import LinkageTerms, build_index
from comity.linkage.explain import Explanation, explain
from comity.oversight.evaluate import RECEIVED_ON
from comity.workspace import workspace


@dataclass(frozen=True)
class Explained:
    """Either the codes with which a request is `returned` before any look-up, or how it was determined.

    `says` is what each code says; `recorded` is the determination on record, where one was made before.
    """

    request_id: str
    returned: tuple[str, ...]
    says: tuple[str, ...]
    explanation: Explanation | None = field(repr=False)
    recorded: str = ""


def explain_request(
    registry: Path, requests: Path, request_id: str, evidence: str = "date_of_birth", received_on: date = RECEIVED_ON
) -> Explained:
    """Explain one request of an evaluation set, under `evidence`; see `evaluate` for what the files hold.

    Raises as `evaluate`, and BadInput `REQUEST_UNKNOWN`.
    """
    from comity.oversight.trial import AGREEMENT, receive

    terms = LinkageTerms(evidence=evidence)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        asked, recipients = receive(home, requests, received_on)
        number, one = _find(home, asked, request_id)
        agreement = agreements.load(AGREEMENT)
        ruled = rule(home, one, recipients, agreement, {}, (), only=agreement.sufficiency)
        if ruled.returned or ruled.review:
            codes = tuple(sorted(ruled.by_code))
            said = tuple(agreement.sentence(code)[0] for code in codes)
            return Explained(request_id, codes, said, None)
        index = build_index([registry], home / "registry")
        return Explained(request_id, (), (), explain(home, one, number, index, terms))


def _find(home: Path, asked: Artefact, request_id: str) -> tuple[int, Artefact]:
    with workspace(home, reads=[asked.path]) as ws:
        ws.view("asked", asked)
        found = ws.rows("SELECT row_number FROM asked WHERE request_id = ?", [request_id])
        if not found:
            raise BadInput("REQUEST_UNKNOWN", "No request has that id.", "See the column request_id of the requests.")
        number = int(found[0][0])
        return number, ws.write("requests", f"SELECT * FROM asked WHERE row_number = {number}", "row_number")
