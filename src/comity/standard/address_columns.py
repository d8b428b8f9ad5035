"""The columns of an address: the seven that are read, the ones that the rules derive, and how to compare them."""

from __future__ import annotations

ADDRESS = ("street_line", "unit_line", "city", "state", "zip", "country", "address_text")

STANDARD_ADDRESS: tuple[str, ...] = (
    "a_form",
    "a_number",
    "a_pre",
    "a_name",
    "a_suffix",
    "a_post",
    "a_unit",
    "a_street",
    "a_city",
    "a_state",
    "a_zip",
    "a_class",
    "a_class_detail",
)


def same_sql(columns: tuple[str, ...], left: str, right: str) -> str:
    """SQL: whether `left` and `right` have the same values in `columns`, absent ones counting as the same."""
    return " AND ".join(f"{left}.{c} IS NOT DISTINCT FROM {right}.{c}" for c in columns)
