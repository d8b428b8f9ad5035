"""The blocking keys: whole numbers that lie in the order of the ZIP, so that neighbours in the index are neighbours on
the map and a few requests read a few places of the file.

A key is a place in its upper half and what is sought there in its lower 32 bits. An absent part makes it NULL, which
meets nothing. What is not a number is hashed with MD5, which no version of the database may change; two values that
share a key are both met, and compared.
"""

from __future__ import annotations

# A town of which no address has a ZIP lies behind all that have one.
NO_ZIP = 100_000

LOWER_HALF = 2**32 - 1

GIVEN_LETTERS = 3


def place_key_sql(place: str) -> str:
    """SQL: `key_place` of the standard address `place`: its ZIP and primary number."""
    return f"(({place}.a_zip::BIGINT << 32) | {_number(place)})"


def _number(place: str) -> str:
    number = f"{place}.a_number"
    figures = f"regexp_full_match({number}, '[0-9]{{1,9}}')"
    named = f"(md5_number_lower({number}) & {2**31 - 1})::BIGINT"
    return f"CASE WHEN {figures} THEN {number}::BIGINT ELSE {2**31} + {named} END"


def street_sql(place: str) -> str:
    """SQL: the lower half of `key_town`: the primary number and the first two letters of the street."""
    letters = f"(((ord({place}.a_name) & 31) << 5) | (ord(substr({place}.a_name, 2)) & 31))"
    return f"((({_number(place)} & {2**22 - 1}) << 10) | coalesce({letters}, 0))"


def town_key_sql(town: str, street: str) -> str:
    """SQL: `key_town`, for a ZIP that is absent or wrong: the ZIP that stands for the town, and the street in it."""
    return f"(({town}::BIGINT << 32) | {street})"


def name_hash_sql(family: str, beginning: str) -> str:
    """SQL: the lower half of `key_name`: the family name without spaces and the first letters of the given one."""
    return f"(md5_number_lower({family} || '|' || {beginning}) & {LOWER_HALF})::BIGINT"


def beginning_sql(given: str) -> str:
    """SQL: the letters of a given name that `key_name` has: a longer or shorter form of it has the same."""
    return f"left({given}, {GIVEN_LETTERS})"


def name_key_sql(zip_code: str, name_hash: str) -> str:
    """SQL: `key_name`, for a person at another address: the ZIP, and the hash of the name."""
    return f"(({zip_code}::BIGINT << 32) | {name_hash})"


def initials_sql(name: str) -> str:
    """SQL: `given_initial` and `family_initial` of the standard name `name`, as the numbers of the letters."""
    return f"ord({name}.n_given) AS given_initial, ord({name}.n_family) AS family_initial"


def towns_sql(addresses: str) -> str:
    """SQL: the table (a_state, a_city, town) of the towns of `addresses`.

    `town` is the ZIP that stands for the town, the middle one of its distinct ZIPs, as a number: towns then follow
    each other as their ZIPs do. It depends on which ZIPs there are, not on how often.
    """
    return f"""
SELECT a_state, a_city, coalesce(quantile_disc(a_zip, 0.5)::INTEGER, {NO_ZIP}) AS town
FROM (SELECT DISTINCT a_state, a_city, a_zip FROM {addresses} WHERE a_state IS NOT NULL AND a_city IS NOT NULL)
GROUP BY a_state, a_city
"""
