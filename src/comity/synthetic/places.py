"""The made-up country: about four hundred ZIPs in twelve states, and which of them an address lies in.

The package's sample puts everyone into one town. Here the noise-free street and number block of an address choose its
ZIP, so that neighbours share one and every form of a household agrees, whatever was misspelt on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from comity.synthetic.chance import chance, text, whole

STATES = {
    "CA": "958",
    "CO": "805",
    "FL": "327",
    "GA": "306",
    "IL": "616",
    "NM": "881",
    "NY": "126",
    "OH": "447",
    "OR": "973",
    "TX": "770",
    "WA": "981",
    "WI": "538",
}
ZIPS_PER_STATE = 34
FIELD_NOISE = 0.01

_FIRST = ("Alder", "Birch", "Cedar", "Dove", "Elk", "Fern", "Granite", "Heron", "Juniper", "Linden", "Marsh", "Quarry")
_LAST = ("burg", "dale", "field", "ford", "haven", "mont", "port", "stead", "ton", "view", "ville", "wick")


def towns() -> Iterator[tuple[int, str, str, str]]:
    """The places by number: (number, city, state, ZIP), one city for every two ZIPs."""
    names = [first + last for last, first in product(_LAST, _FIRST)]
    for number in range(len(STATES) * ZIPS_PER_STATE):
        place, nth = divmod(number, ZIPS_PER_STATE)
        state, prefix = list(STATES.items())[place]
        city = names[(place * 7 + nth // 2 * 5) % len(names)]
        yield number, city, state, f"{prefix}{3 + nth * 2:02d}"


def towns_sql() -> str:
    """A VALUES list of the places, to be read as `towns(place, city, state, zip)`."""
    rows = (f"({number}, {text(city)}, {text(state)}, {text(zip_code)})" for number, city, state, zip_code in towns())
    return f"(VALUES {', '.join(rows)}) AS towns(place, city, state, zip)"


def place_sql(number: str, street: str, box: str) -> str:
    """SQL for the number of the place that a noise-free address lies in; the three are SQL expressions."""
    block = f"coalesce(try_cast(left(regexp_replace({number}, '\\D', '', 'g'), 6) AS INTEGER) // 100, 0)"
    key = f"coalesce('PO BOX ' || {box}, concat_ws('|', {street}, {block}))"
    return f"CAST(md5_number_lower({key}) % {len(STATES) * ZIPS_PER_STATE} AS INTEGER)"


def slip_city(seed: int, key: str) -> str:
    """SQL for `city` with a letter left out in one row of a hundred."""
    at = f"1 + {whole(seed, 'city letter', key, 'length(city)')}"
    slipped = f"concat(left(city, {at} - 1), substr(city, {at} + 1))"
    return _now_and_then(seed, "city", key, slipped)


def slip_state(seed: int, key: str) -> str:
    """SQL for `state` with another state in one row of a hundred."""
    others = ", ".join(text(state) for state in STATES)
    return _now_and_then(seed, "state", key, f"[{others}][1 + {whole(seed, 'other state', key, str(len(STATES)))}]")


def slip_zip(seed: int, key: str) -> str:
    """SQL for `zip` with another fourth digit in one row of a hundred."""
    digit = f"(try_cast(substr(zip, 4, 1) AS INTEGER) + 1 + {whole(seed, 'zip digit', key, '9')}) % 10"
    return _now_and_then(seed, "zip", key, f"concat(left(zip, 3), {digit}, substr(zip, 5))")


def _now_and_then(seed: int, field: str, key: str, slipped: str) -> str:
    return f"CASE WHEN {chance(seed, f'{field} slips', key)} < {FIELD_NOISE} THEN {slipped} ELSE {field} END"
