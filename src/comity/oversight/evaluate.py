"""How often linkage is right: the shipped path over requests whose truth is known."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from comity.case.errors import Usage
from comity.oversight.evaluation import Evaluation

if TYPE_CHECKING:
    from comity.linkage import EngineChoice
    from comity.oversight.trial import Peer

RECEIVED_ON = date(2026, 1, 1)


def evaluate(
    registry: Path,
    requests: Path,
    truth: Path,
    evidence: str = "date_of_birth",
    *,
    received_on: date = RECEIVED_ON,
    directory: Path | None = None,
) -> Evaluation:
    """Measure linkage on the registry source, identity requests and truth table in these CSV or Parquet files.

    `requests` has the identity columns of the contract and `truth` the TRUTH columns; `evidence` is a term of
    `LinkageTerms`. The gates of sufficiency (G-20 to G-24 and G-28) rule as if the requests had come on `received_on`;
    what passes is linked and determined as the office does; no other gate runs. Works in `directory`, or in a
    temporary one that is removed. Raises BadInput `REGISTRY_*`, `EVALUATION_COLUMN_MISSING`, `EVALUATION_UNREADABLE`,
    `EVALUATION_UNPAIRED` or `TERMS_UNKNOWN`.
    """
    found = evaluate_each(registry, requests, truth, [evidence], received_on=received_on, directory=directory)
    return found[0]


def evaluate_each(
    registry: Path,
    requests: Path,
    truth: Path,
    evidence: Sequence[str],
    *,
    groups: Sequence[str] = (),
    by_tin: bool = False,
    peer: Peer | None = None,
    record: Path | None = None,
    engine: EngineChoice | None = None,
    received_on: date = RECEIVED_ON,
    directory: Path | None = None,
) -> tuple[Evaluation, ...]:
    """Measure as `evaluate` does, under each of `evidence` in turn; the requests are standardised and compared once.

    `groups` names further columns of the truth by which recall and false confirmations are shown; `by_tin` groups the
    registry by TIN, as a tax agency does, and judges by whose the confirmed record was in the registry as given;
    `peer` is another method that decides the same requests; `record` is a JSON file to which every request's
    determination is written, for `compare_runs`; `engine` is what links, DuckDB unless said otherwise. Raises as
    `evaluate` and the engine do, Usage `PEER_BY_TIN`, and BadInput `EVALUATION_GROUP_UNKNOWN` or
    `EVALUATION_GROUP_NOT_ONE`.
    """
    # Readers of figures alone should not pay for the engine.
    from comity.linkage import EngineChoice
    from comity.oversight.trial import Trial, try_out

    if peer and by_tin:
        raise Usage(
            "PEER_BY_TIN",
            "Another method is judged by the registry's own grouping alone.",
            "Leave out --group-by-tin or --against.",
        )
    chosen = engine or EngineChoice()
    trial = Trial(registry, requests, truth, tuple(evidence), received_on, tuple(groups), by_tin, peer, record, chosen)
    with tempfile.TemporaryDirectory(dir=directory) as place:
        return try_out(Path(place), trial)
