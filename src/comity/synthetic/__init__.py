"""Synthetic people: populations, registries and submissions for rehearsal, each with the truth about every row."""

from comity.synthetic.population import Population, make_population
from comity.synthetic.requests import RequestsFiles, make_requests
from comity.synthetic.smallset import SMALL_SETS, SmallFiles, SmallSet, make_small_set

__all__ = [
    "SMALL_SETS",
    "Population",
    "RequestsFiles",
    "SmallFiles",
    "SmallSet",
    "make_population",
    "make_requests",
    "make_small_set",
]
