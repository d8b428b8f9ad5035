"""A made-up nation of any size: its registry, requests about its people and the truth about them, all from one seed."""

from comity.synthetic.nation.rates import PROFILES, base_rates
from comity.synthetic.nation.registry import Nation, Registry, nation_of_people, nation_of_rows, write_registry
from comity.synthetic.nation.requests import Requests, write_requests

__all__ = [
    "PROFILES",
    "Nation",
    "Registry",
    "Requests",
    "base_rates",
    "nation_of_people",
    "nation_of_rows",
    "write_registry",
    "write_requests",
]
