"""Linkage alone, and beside it the peer alone: the same requests, the same registry, each in a process of its own."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comity.bench.judging import judge
from comity.bench.material import Asked, Material
from comity.bench.measuring import Taken, figures, measure, measure_often
from comity.bench.peer import THRESHOLD, require_peer
from comity.bench.physical import limits
from comity.bench.stages import median_stages
from comity.case.errors import Integrity

SPLINK = "splink"
STREAMED = "splink_streamed"
RATIOS = {"speedup": "seconds", "memory_ratio": "peak_gb", "cpu_ratio": "cpu_seconds"}


@dataclass(frozen=True)
class Wanted:
    """What is measured: `requests` against the registry under the term `evidence`, `repeat` times.

    `peers` names what runs beside: `splink`, loaded into memory as its own examples do, and `splink_streamed`, which
    leaves the registry on file.
    """

    requests: int
    evidence: str = "names"
    peers: tuple[str, ...] = ()
    repeat: int = 1


def bench_linkage(material: Material, wanted: Wanted) -> dict[str, Any]:
    """Measure linkage from files on disk to determinations on disk, and each of the peers; give the figures by name.

    `comity` and each peer have `seconds`, `cpu_seconds`, `peak_gb` and what their confirmations were worth against the
    truth; `build` is the index, made before and timed apart; `speedup` and `memory_ratio` divide the peer by Comity.
    Raises Usage `PEER_MISSING` before anything long begins.
    """
    if wanted.peers:
        require_peer()
    built = material.build()
    asked = material.ask(wanted.requests)
    comity = measure_linkage(material, asked, wanted)
    found: dict[str, Any] = {"build": built, "comity": comity, "physical": limits(material.index)}
    if wanted.peers:
        found |= _beside(material, asked, wanted, comity)
    return found


def measure_linkage(material: Material, asked: Asked, wanted: Wanted) -> dict[str, Any]:
    """The figures of linkage alone, the median seconds of its stages, and what its confirmations were worth."""
    material.progress(f"linkage alone against {material.rows:,} rows")
    runs = measure_often(
        wanted.repeat, "matching:link", directory=asked.batch, index=material.index, evidence=wanted.evidence
    )
    judged = judge(Path(runs[-1].found["determinations"]), asked.truth)
    return figures(runs) | {"stages": median_stages(runs)} | judged


def _beside(material: Material, asked: Asked, wanted: Wanted, comity: dict[str, Any]) -> dict[str, Any]:
    """The figures of the peers, each with its ratios to Comity's; those of the first peer stand at the top too."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(dir=material.folder) as place:
        trained = _train(material, asked, wanted, Path(place) / "peer")
        for name in wanted.peers:
            material.progress(f"{name} alone: load and predict")
            found[name] = {"trained_in": round(trained.seconds, 3), "threshold": THRESHOLD}
            found[name] |= _measure_peer(Path(place) / "peer", asked, wanted, name)
            found[name] |= _ratios(found[name], comity)
    first = found[wanted.peers[0]]
    return found | {name: first.get(name) for name in RATIOS}


def _train(material: Material, asked: Asked, wanted: Wanted, directory: Path) -> Taken:
    """Give the peer both sides and let it learn, none of which is counted against it."""
    material.progress("laying the same tables out for the peer, standardised")
    measure("matching:lay_out", directory=asked.batch, index=material.index, evidence=wanted.evidence, into=directory)
    material.progress("training the peer")
    return measure("matching:train", directory=directory, seed=material.seed)


def _measure_peer(directory: Path, asked: Asked, wanted: Wanted, name: str) -> dict[str, Any]:
    try:
        runs = measure_often(wanted.repeat, "matching:predict", directory=directory, streamed=name == STREAMED)
    except Integrity as failed:
        return {"failed": failed.code}
    chosen = measure("matching:choose", directory=directory)
    return figures(runs) | {"stages": median_stages(runs)} | judge(Path(chosen.found["determinations"]), asked.truth)


def _ratios(peer: dict[str, Any], comity: dict[str, Any]) -> dict[str, float]:
    """How many times more the peer took; nothing for a peer that did not come to an end."""
    if "failed" in peer:
        return {}
    return {ratio: round(peer[figure] / comity[figure], 2) for ratio, figure in RATIOS.items()}
