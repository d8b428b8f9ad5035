"""The gates alone: every gate of the agreement over a national batch that intake has read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from comity import agreements
from comity.bench.matching import batch, keep_batch
from comity.bench.material import Material
from comity.bench.measuring import figures, measure, measure_often
from comity.gates import FACTS, KEY_BYTES, Earlier, rule
from comity.intake.requests import load_requests, write_requests
from comity.oversight.trial import AGREEMENT
from comity.synthetic.nation.requests import RECEIVED_ON
from comity.workspace import workspace

AGENCY = "ICE"
_LISTED = f"""
SELECT recipient, recipient AS name, '{AGENCY}' AS agency, 'Special Agent' AS role, 1::INTEGER AS matters,
    '100 Rehearsal Plaza' AS office_address, sha256(recipient) AS certificate
FROM (SELECT DISTINCT unnest(recipients) AS recipient FROM asked)
"""


def receive(directory: str, requests: str) -> None:
    """Read a whole file of requests into `directory` as intake does, with the list of the recipients it names."""
    home, path = Path(directory), Path(requests)
    with workspace(home, reads=[path]) as ws:
        asked = write_requests(ws, load_requests(ws, path), RECEIVED_ON)
        ws.view("asked", asked)
        listed = ws.write("recipients", _LISTED, "recipient")
    keep_batch(home, asked, listed)


def rule_all(directory: str) -> dict[str, Any]:
    """Rule on the batch in `directory` by every gate in force; gives how many passed, returned and wait."""
    requests, recipients = batch(directory)
    with workspace(Path(directory)) as ws:
        ws.view("recipients", recipients)
        register = ws.rows("SELECT recipient, agency, certificate, role, TRUE FROM recipients")
    first = Earlier(bytes(KEY_BYTES))
    agreement = agreements.load(AGREEMENT)
    facts = {name: agreement.lawful[name] for name in FACTS}
    ruled = rule(Path(directory), requests, recipients, agreement, facts, register, first)
    return {"passed": ruled.passed, "returned": ruled.returned, "review": ruled.review}


def bench_gates(material: Material, requests: int, repeat: int) -> dict[str, Any]:
    """`gates`: the figures of all gates over so many requests, read by intake before, and what came of them."""
    asked = material.ask(requests)
    with tempfile.TemporaryDirectory(dir=material.folder) as directory:
        material.progress(f"reading {requests:,} requests whole")
        measure("gates:receive", directory=directory, requests=asked.requests)
        material.progress("ruling on them by every gate")
        runs = measure_often(repeat, "gates:rule_all", directory=directory)
    return {"requests": requests, "gates": figures(runs) | runs[-1].found}
