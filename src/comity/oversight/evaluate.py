"""How often linkage is right: the shipped path over requests whose truth is known."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Evaluation:
    """What came of a set of requests with known truth.

    `confirmable`: a taxpayer's address of record in a stated year, by the truth. `insufficient`: returned before any
    look-up for want of a name, an address or a period. `wrong_person`: confirmed, and the candidate is not the person
    asked about, or no taxpayer is; `wrong_address`: the right person, but not confirmable; `recall`: right person and
    confirmable, over all confirmable ones, insufficient ones included. `wrong_by_kind` counts both errors by the
    truth's `kind`. `terms` are the demands that were made.
    """

    requests: int
    confirmable: int
    insufficient: int
    confirmed: int
    unclear: int
    ambiguous: int
    wrong_person: int
    wrong_address: int
    recall: float
    wrong_by_kind: dict[str, int]
    terms: dict[str, object]

    def as_dict(self) -> dict[str, object]:
        """Plain values, for printing or JSON."""
        return asdict(self)


def evaluate(
    registry: Path, requests: Path, truth: Path, evidence: str = "date_of_birth", *, directory: Path | None = None
) -> Evaluation:
    """Measure linkage on the registry source, identity requests and truth table in these CSV or Parquet files.

    `requests` has the identity columns of the contract and `truth` the TRUTH columns; `evidence` is a term of
    `LinkageTerms`. Standardises, returns what is insufficient, links and determines as the office does; no other gate
    runs. Works in `directory`, or in a temporary one that is removed. Raises BadInput `REGISTRY_*`,
    `EVALUATION_COLUMN_MISSING`, `EVALUATION_UNREADABLE`, `EVALUATION_UNPAIRED` or `TERMS_UNKNOWN`.
    """
    # Readers of figures alone should not pay for the engine.
    from comity.oversight.trial import try_out

    with tempfile.TemporaryDirectory(dir=directory) as place:
        return try_out(Path(place), registry, requests, truth, evidence)


def avoidable(evaluation: Evaluation) -> dict[str, int]:
    """The wrong ones by kind, without those that no rule can tell apart: labelled so, or unlisted namesakes."""
    return {
        kind: count
        for kind, count in evaluation.wrong_by_kind.items()
        if "(unavoidable)" not in kind and kind != "namesake_not_taxpayer"
    }
