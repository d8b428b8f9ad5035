"""How linkage grows: a small batch, the same batch against a larger registry, and the building of the index itself."""

from __future__ import annotations

from typing import Any

from comity.bench.linkage import Wanted, measure_linkage
from comity.bench.material import Material
from comity.bench.measuring import figures


def bench_small(material: Material, wanted: Wanted) -> dict[str, Any]:
    """How long a small batch takes against the index: `comity`, as `bench_linkage` gives it, and `build`."""
    built = material.build()
    return {"build": built, "comity": measure_linkage(material, material.ask(wanted.requests), wanted)}


def bench_growth(small: Material, large: Material, wanted: Wanted) -> dict[str, Any]:
    """As many requests about the people of a small registry, then of a large one: `small`, `large`, and `time_ratio`.

    Each registry is asked about its own people, so that as many are found in the large one: that is the harder case.
    """
    found = {name: bench_small(material, wanted) for name, material in (("small", small), ("large", large))}
    ratio = found["large"]["comity"]["seconds"] / found["small"]["comity"]["seconds"]
    return found | {"rows_ratio": round(large.rows / small.rows, 2), "time_ratio": round(ratio, 2)}


def bench_build(material: Material, repeat: int = 1) -> dict[str, Any]:
    """Build the index anew, the last of them to be used from now on: `build`, with its `rows`, `spells` and `bytes`."""
    runs = [material.build_anew() for _ in range(repeat)]
    return {"build": figures(runs) | runs[-1].found}
