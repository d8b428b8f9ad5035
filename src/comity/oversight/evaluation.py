"""The figures of an evaluation: what came of requests whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from comity.oversight.groups import Grouping

NO_HOUSE_NUMBER = "no_house_number_at_source"


@dataclass(frozen=True)
class Kind:
    """What came of the requests of one `kind` of the truth; `unavoidable`: no rule can tell them from true ones."""

    kind: str
    unavoidable: bool
    requests: int
    confirmable: int
    right: int
    insufficient: int
    review: int
    wrong_person: int
    wrong_address: int


@dataclass(frozen=True)
class Share:
    """`right` of `confirmable` ones among some of the requests, and their `recall`."""

    confirmable: int
    right: int
    recall: float


@dataclass(frozen=True)
class Evaluation:
    """What came of a set of requests with known truth.

    `confirmable`: a taxpayer's address of record in a stated year, by the truth. `insufficient`: returned before any
    look-up for want of a name, an address or a period. `wrong_person`: confirmed, and the candidate is not the person
    asked about, or no taxpayer is; `wrong_address`: the right person, but not confirmable; `recall`: right person and
    confirmable, over all confirmable ones, insufficient ones included. `review`: for people, `unclear` or `ambiguous`;
    `review_share` and `returned_share` are of all requests. `wrong_by_kind` counts both errors by the truth's `kind`.
    `dated` looks only at requests that carry a birth date, `no_house_number` only at those whose address has no house
    number at its source: right, but insufficient by policy, and so never confirmable. `reasons` counts determinations
    by reason, `returned_by_code` requests by what was said of them. `grouped_by` says what joins the registry's rows;
    `peer` is what another method made of the same requests. `terms` are the demands that were made.
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
    review: int = 0
    review_share: float = 0.0
    returned_share: float = 0.0
    dated: Share = Share(0, 0, 0.0)
    no_house_number: Mapping[str, int] = field(default_factory=dict)
    returned_by_code: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    kinds: tuple[Kind, ...] = ()
    groups: tuple[Grouping, ...] = ()
    grouped_by: str = "taxpayer_id"
    peer: Mapping[str, float] | None = None

    @property
    def evidence(self) -> str:
        """The evidence that was demanded."""
        return str(self.terms["evidence"])

    def as_dict(self) -> dict[str, object]:
        """Plain values, for printing or JSON."""
        return asdict(self) | {"avoidable": avoidable(self)}


def avoidable(evaluation: Evaluation) -> dict[str, int]:
    """The wrong ones by kind, without those that no rule can tell apart: labelled so, or unlisted namesakes."""
    return {kind: count for kind, count in evaluation.wrong_by_kind.items() if not unavoidable(kind)}


def unavoidable(kind: str) -> bool:
    """Whether requests of this kind read the same as true ones: labelled so, or a namesake who is nowhere listed."""
    return "(unavoidable)" in kind or kind == "namesake_not_taxpayer"
