"""How often linkage is right: the shipped path over requests whose truth is known."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from comity.oversight.evaluation import Evaluation

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
    # Readers of figures alone should not pay for the engine.
    from comity.oversight.trial import try_out

    with tempfile.TemporaryDirectory(dir=directory) as place:
        return try_out(Path(place), registry, requests, truth, evidence, received_on)
