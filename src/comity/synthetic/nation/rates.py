"""The base rates of the made-up nation, read from the one file that holds them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from comity.case.errors import Usage

PROFILES = ("national", "enclaves")


@dataclass(frozen=True)
class Rate:
    """A base rate: its value per profile, where it comes from (`recalled` or `assumption`) and what it says."""

    name: str
    values: dict[str, float]
    basis: str
    source: str
    says: str


class Rates:
    """The rates of one profile, by name: `rates["junior"]`."""

    def __init__(self, profile: str) -> None:
        self.profile = profile
        self._values = {rate.name: rate.values[profile] for rate in base_rates()}

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def weights(self, *names: str) -> dict[str, float]:
        """The rates `names` as weights of SQL texts of the same names, for `Draws.one_of`."""
        return {f"'{name}'": self._values[name] for name in names}


@cache
def base_rates() -> tuple[Rate, ...]:
    """Every rate of `base_rates.toml`, in its order."""
    found = tomllib.loads((files(__package__) / "base_rates.toml").read_text(encoding="utf-8"))
    return tuple(
        Rate(name, {profile: float(said[profile]) for profile in PROFILES}, said["basis"], said["source"], said["says"])
        for name, said in found.items()
    )


def rates_of(profile: str) -> Rates:
    """The rates of `profile`. Raises Usage `PROFILE_UNKNOWN`."""
    if profile not in PROFILES:
        raise Usage("PROFILE_UNKNOWN", "There is no population of that name.", f"Take one of {', '.join(PROFILES)}.")
    return Rates(profile)
