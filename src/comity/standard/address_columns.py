"""The columns of an address: the seven that are read, the ones that the rules derive, and the key between them."""

from __future__ import annotations

ADDRESS = ("street_line", "unit_line", "city", "state", "zip", "country", "address_text")

STANDARD_ADDRESS: tuple[str, ...] = (
    "address_key",
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


def key_sql(columns: tuple[str, ...], alias: str) -> str:
    """SQL: the MD5 of `columns` of `alias`, the same for the same values and no others: each value is preceded by its
    length, and an absent one is told from an empty one."""
    fields = (f"coalesce(strlen({alias}.{c}) || ':' || {alias}.{c}, '-')" for c in columns)
    return f"md5(concat({', '.join(fields)}))"


def address_key_sql(alias: str) -> str:
    """SQL: the `address_key` of a row of `alias` that has the seven address columns."""
    return key_sql(ADDRESS, alias)


def same_sql(columns: tuple[str, ...], left: str, right: str) -> str:
    """SQL: whether `left` and `right` have the same values in `columns`, absent ones counting as the same."""
    return " AND ".join(f"{left}.{c} IS NOT DISTINCT FROM {right}.{c}" for c in columns)


def same_address_sql(left: str, right: str) -> str:
    """SQL: whether two rows have the same address as it was written; the cheapest way to join back."""
    return same_sql(ADDRESS, left, right)
