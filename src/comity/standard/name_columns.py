"""The columns of a name: the four that are read, the ones that the rules derive, and how to join them back."""

from __future__ import annotations

from comity.standard.address_columns import same_sql

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


def same_name_sql(left: str, right: str) -> str:
    """SQL: whether two rows have the same name as it was written; the way to join back to what was read of it."""
    return same_sql(NAME, left, right)
