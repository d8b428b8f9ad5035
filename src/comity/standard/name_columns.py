"""The columns of a name: the four that are read, and the ones that the rules derive."""

from __future__ import annotations

NAME = ("given_name", "middle_name", "family_name", "name_suffix")

STANDARD_NAME: tuple[str, ...] = (
    "n_given",
    "n_given_parts",
    "n_given_joined",
    "n_middle",
    "n_middle_initial",
    "n_family",
    "n_family_parts",
    "n_family_joined",
    "n_suffix",
    "n_class",
)
