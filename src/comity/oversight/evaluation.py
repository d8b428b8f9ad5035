"""The figures of an evaluation: what came of requests whose truth is known."""

from __future__ import annotations

from dataclasses import asdict, dataclass


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


def avoidable(evaluation: Evaluation) -> dict[str, int]:
    """The wrong ones by kind, without those that no rule can tell apart: labelled so, or unlisted namesakes."""
    return {
        kind: count
        for kind, count in evaluation.wrong_by_kind.items()
        if "(unavoidable)" not in kind and kind != "namesake_not_taxpayer"
    }
