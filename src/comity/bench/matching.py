"""The pieces of work around linkage that are measured: an index built, a batch received, linked, and given the peer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from comity.bench import peer
from comity.bench.stages import Stages, WatchedEngine
from comity.case.artefact import Artefact
from comity.linkage import LinkageTerms, build_index, open_index
from comity.linkage import link as link_batch
from comity.linkage.duckdb import DuckDBEngine
from comity.oversight.evaluate import RECEIVED_ON
from comity.oversight.trial import receive_and_rule
from comity.workspace import workspace

BATCH = "batch.json"


def build(sources: Sequence[str], into: str) -> dict[str, Any]:
    """Build the index of `sources` in the new directory `into`; gives its `rows`, `spells` and `bytes`."""
    index = build_index([Path(source) for source in sources], Path(into))
    return {"rows": index.rows, "spells": index.spells, "bytes": index.path.stat().st_size}


def receive(requests: str, directory: str) -> dict[str, Any]:
    """Receive a file of requests in `directory` and rule on their addresses; gives how many there are and pass."""
    home = Path(directory)
    asked, settled, standardised = receive_and_rule(home, Path(requests), RECEIVED_ON)
    keep_batch(home, asked, settled, standardised)
    with workspace(home) as ws:
        ws.view("settled", settled)
        [(passed,)] = ws.rows("SELECT count(*) FROM settled WHERE ruling = 'pass'")
    return {"requests": asked.rows, "passed": passed}


def link(directory: str, index: str, evidence: str) -> dict[str, Any]:
    """Link the batch in `directory` with an index; gives the seconds of each stage and the file of determinations."""
    stages = Stages()
    pinned, engine = open_index(Path(index)), WatchedEngine(DuckDBEngine(), stages)
    asked, settled, standardised = batch(directory)
    linked = link_batch(Path(directory), asked, settled, pinned, LinkageTerms(evidence), engine, standardised)
    stages.end("write")
    return {"stages": stages.seconds, "determinations": str(linked.determinations.path)}


def lay_out(directory: str, index: str, evidence: str, into: str) -> None:
    """Give the peer the batch in `directory` and the index, standardised, in the new directory `into`."""
    Path(into).mkdir()
    asked, settled, _ = batch(directory)
    peer.lay_out(Path(into), asked, settled, open_index(Path(index)), LinkageTerms(evidence))


def train(directory: str, seed: int) -> None:
    """Train the peer on what it was given in `directory`."""
    peer.train(Path(directory), seed)


def predict(directory: str, streamed: bool) -> dict[str, Any]:  # noqa: FBT001 -- called by name, from JSON
    """The peer alone: load and predict; gives the seconds of its stages."""
    return {"stages": peer.predict(Path(directory), streamed=streamed)}


def choose(directory: str) -> dict[str, Any]:
    """What the peer confirms, as a file of determinations."""
    return {"determinations": str(peer.choose(Path(directory)).path)}


def keep_batch(home: Path, *artefacts: Artefact) -> None:
    """Write down, beside them, which artefacts of the folder `home` are the batch."""
    named = [asdict(artefact) | {"path": artefact.path.name} for artefact in artefacts]
    (home / BATCH).write_text(json.dumps(named), "utf-8")


def batch(directory: str) -> tuple[Artefact, ...]:
    """The artefacts of the batch in `directory`, as `keep_batch` wrote them down."""
    named = json.loads((Path(directory) / BATCH).read_text("utf-8"))
    return tuple(Artefact(**{**facts, "path": Path(directory) / facts["path"]}) for facts in named)
