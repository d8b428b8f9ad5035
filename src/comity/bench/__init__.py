"""Measurements: how long each step takes and how much memory, and the same for a peer beside it."""

from comity.bench.measuring import Taken, figures, measure, measure_often

__all__ = ["Taken", "figures", "measure", "measure_often"]
