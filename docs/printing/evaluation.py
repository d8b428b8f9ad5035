"""Prints the recorded evaluation: how often matching is right on sets whose truth is known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from docs.evaluate import RECORDED
from docs.printing.markdown import page, table

OPENING = (
    "Measured on made-up people by `comity evaluate`: sufficiency, linkage and determination as shipped, no person "
    "having helped. Recall is of the confirmable requests, those returned for want of a name or an address included; "
    "avoidable are the wrong ones that some rule could have told from true requests. The sets share their people, so "
    "a zero bounds no rate: real namesakes are more frequent than these. What each figure counts, and how to measure "
    "on sets of your own: [evaluate matching](how-to/evaluate.md)."
)
REPEAT = (
    "## Repeat it\n\n    python -m docs.evaluate SETS\n    make docs\n\nSETS is a folder with a folder for each set "
    "(`registry.parquet`, `requests.parquet`, `truth.parquet`); without it only the small sets are measured, which "
    "`comity.synthetic` makes anywhere."
)
HEAD = (
    "set", "requests", "confirmable", "confirmed", "recall", "with birth date", "wrong person", "avoidable",
    "wrong address", "to review", "returned",
)  # fmt: skip
DEMANDS = {
    "names": "Evidence `names`: exact names may confirm, soft ones need support",
    "third_identifier": "Evidence `third_identifier`: a middle name or birth date has to agree as well",
    "date_of_birth": "Evidence `date_of_birth`: the birth date has to agree as well (the shipped agreement)",
}
GROUPED = {"taxpayer_id": "Registry grouped by person", "tin": "Registry grouped by TIN, as a tax agency has it"}


def evaluation_page() -> str:
    """The page `docs/evaluation.md`."""
    recorded = json.loads(RECORDED.read_text("utf-8"))
    return page("Evaluation", OPENING, *_sections(recorded["runs"]), *map(_decoys, recorded["decoys"]), REPEAT)


def _sections(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    def place(run: Mapping[str, Any]) -> tuple[int, int]:
        return list(GROUPED).index(run["grouped_by"]), list(DEMANDS).index(run["evidence"])

    above = ""
    for _, some in groupby(sorted(runs, key=place), place):
        shown = list(some)
        grouped = GROUPED[shown[0]["grouped_by"]]
        heading = "" if grouped == above else f"## {grouped}\n\n"
        above = grouped
        yield f"{heading}### {DEMANDS[shown[0]['evidence']]}\n\n{table(HEAD, map(_row, shown))}"


def _row(run: Mapping[str, Any]) -> tuple[str, ...]:
    counts = (run["requests"], run["confirmable"], run["confirmed"])
    wrong = (run["wrong_person"], run["avoidable"], run["wrong_address"])
    shares = (run["recall"], run["recall_dated"])
    return (
        run["set"],
        *(f"{count:,}" for count in counts),
        *map(_percent, shares),
        *(f"{count:,}" for count in wrong),
        *map(_percent, (run["review"], run["returned"])),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _decoys(found: Mapping[str, Any]) -> str:
    rows = [(kind["says"], *(f"{kind[name]:,}" for name in ("made", "alarms", "others"))) for kind in found["kinds"]]
    head = ("decoy", "made", "confirmed for the person it was made from", "for somebody else listed there")
    return (
        f"## Decoys\n\nMade from the {found['confirmed']:,} confirmed requests of {found['set']}, evidence `names`. "
        f"{found['says']}\n\n{table(head, rows)}"
    )
