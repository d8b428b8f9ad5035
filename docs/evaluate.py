"""Measures matching on sets with truth and records the figures that `docs/evaluation.md` prints.

    python -m docs.evaluate ../shared/evaluation

takes every folder there that holds `registry.parquet`, `requests.parquet` and `truth.parquet`, and the small sets that
`comity.synthetic` makes, which need no folder. It writes `docs/evaluation.json`; `make docs` prints the page.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from comity.linkage.terms import EVIDENCE
from comity.oversight import Evaluation, avoidable, evaluate_each
from comity.oversight.decoys import Tripwire, try_decoys_of_set
from comity.synthetic import SMALL_SETS, make_small_set
from docs.source import ROOT

RECORDED = ROOT / "docs" / "evaluation.json"
TABLES = ("registry", "requests", "truth")
GROUPINGS = ("taxpayer_id", "tin")
SEED = 1


def measure(sets: Path | None) -> dict[str, Any]:
    """The figures of every set under every evidence, grouped by person and by TIN, and its decoys by names alone."""
    with tempfile.TemporaryDirectory() as place:
        small = [(f"small {name}", _small(Path(place) / name, name)) for name in SMALL_SETS]
        found = [*_given(sets), *small]
        runs = [run for name, files in found for run in _runs(name, files)]
        decoys = [_decoys(name, files) for name, files in found if name == "census2020"]
    return {"runs": runs, "decoys": decoys}


def _given(sets: Path | None) -> Iterator[tuple[str, list[Path]]]:
    for folder in sorted(sets.iterdir()) if sets else ():
        files = [folder / f"{table}.parquet" for table in TABLES]
        if all(path.exists() for path in files):
            yield folder.name, files


def _small(place: Path, name: str) -> list[Path]:
    place.mkdir()
    files = make_small_set(name, SEED).write(place)
    return [files.registry, files.requests, files.truth]


def _runs(name: str, files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    registry, requests, truth = files
    for grouped_by in GROUPINGS:
        print(f"{name}, grouped by {grouped_by}", flush=True)
        for found in evaluate_each(registry, requests, truth, EVIDENCE, by_tin=grouped_by == "tin"):
            yield {"set": name, **_figures(found)}


def _figures(found: Evaluation) -> dict[str, Any]:
    return {
        "grouped_by": found.grouped_by,
        "evidence": found.evidence,
        "requests": found.requests,
        "confirmable": found.confirmable,
        "confirmed": found.confirmed,
        "recall": round(found.recall, 5),
        "recall_dated": round(found.dated.recall, 5),
        "wrong_person": found.wrong_person,
        "wrong_address": found.wrong_address,
        "avoidable": sum(avoidable(found).values()),
        "review": round(found.review_share, 5),
        "returned": round(found.returned_share, 5),
        "wrong_by_kind": found.wrong_by_kind,
    }


def _decoys(name: str, files: Sequence[Path]) -> dict[str, Any]:
    found: Tripwire = try_decoys_of_set(files[0], files[1], "names", SEED)
    kinds = [{"says": d.says, "made": d.made, "alarms": d.alarms, "others": d.others} for d in found.kinds]
    return {"set": name, "confirmed": found.confirmed, "kinds": kinds, "says": found.says}


def main() -> None:
    """Measure and record."""
    sets = Path(sys.argv[1]) if sys.argv[1:] else None
    RECORDED.write_text(json.dumps(measure(sets), indent=1, sort_keys=True) + "\n", "utf-8")
    print(f"recorded {RECORDED.relative_to(ROOT)}; print it with `make docs`")


if __name__ == "__main__":
    main()
