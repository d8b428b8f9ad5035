"""The columns of a name: the four that are read, the ones that the rules derive, and the key between them."""

from __future__ import annotations

from comity.standard.address_columns import key_sql, same_sql

NAME = ("given_name", "middle_name", "family_name", "name_suffix")

STANDARD_NAME: tuple[str, ...] = (
    "name_key",
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


def name_key_sql(alias: str) -> str:
    """SQL: the `name_key` of a row of `alias` that has the four name columns."""
    return key_sql(NAME, alias)


def same_name_sql(left: str, right: str) -> str:
    """SQL: whether two rows have the same name as it was written; the cheapest way to join back."""
    return same_sql(NAME, left, right)
