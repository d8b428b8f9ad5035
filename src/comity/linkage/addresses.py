"""The address of a request against an address of record: the reasons that set them apart, and the level they make."""

from __future__ import annotations

from functools import cache

from comity.linkage.reasons import ADDRESS_LEVELS, ADDRESS_REASONS, REASONS
from comity.linkage.standing import ADDRESS_COLUMNS
from comity.standard.lists import groups

LONG_TYPE, LONGER_TYPE = 5, 8

COMPASS = "NORTH|SOUTH|EAST|WEST"

# One figure between the letters of a word is a letter misread (Su9ar), and so is a 1 or a 0 at an end of it (0akdale).
# A road's own figures stand alone, or behind or before a letter or two.
MISREAD = "[A-Z]{3,}[0-9][A-Z]|[A-Z]{2}[0-9][A-Z]{2,}|[A-Z][0-9][A-Z]{3,}|(^| )[01][A-Z]{4,}|[A-Z]{4,}[01]( |$)"

# Figures, with the letter that a road's number ends in: County Road 12A is not 12.
FIGURES = r"[0-9]+(?:[A-Z]\b)?"

# A last word without a vowel before its last letter is no word, but an abbreviation: Kt, Zve.
ABBREVIATED = "[B-DF-HJ-NP-TV-Z]+[A-Z]"

# By the length of the shorter street name, below which: so many slips of the pen; longer ones may have the most.
SLIPS = ((4, 0), (7, 1), (11, 2))
MOST_SLIPS = 3


def street_types_sql() -> str:
    """SQL: the table (short, whole) of the street types in their standard and their long form."""
    rows = ", ".join(f"('{short}', '{whole}')" for short, whole in street_types().items())
    return f"SELECT * FROM (VALUES {rows}) AS t(short, whole)"


@cache
def street_types() -> dict[str, str]:
    """The long form of each standard street type (Publication 28, appendix C1)."""
    return {short: long for short, long, *_ in groups("suffixes")}


def address_flags_sql(q: str, r: str, misspelt: str, frequent: str) -> str:
    """SQL: the reasons that set the standardised address of `q` apart from that of `r`, as flags; 0 when equal.

    `misspelt` is SQL too: whether one side's street type is only misspelt (see `type_misspelt_sql`); and `frequent`:
    whether both street names are among `std_known_streets`. Two that are, Pine and Vine, are never slips of one.
    """
    joined = _slip(f"replace({q}.a_name, ' ', '')", f"replace({r}.a_name, ' ', '')")
    near = f"(coalesce({joined} AND NOT {frequent}, FALSE) OR {misspelt})"
    near_or_not = f"CASE WHEN {near} THEN {flag('street_slip')} ELSE {flag('street_differs')} END"
    figures = f"CASE WHEN {_telling_parts_differ(q, r)} THEN {flag('street_figures_differ')} ELSE 0 END"
    # Within a CASE, what a street's name shows is looked at only where there are two names.
    street = f"CASE WHEN {q}.a_name IS DISTINCT FROM {r}.a_name THEN {near_or_not} + {figures} ELSE 0 END"
    cells = [
        ("form_differs", f"{q}.a_kind IS DISTINCT FROM {r}.a_kind"),
        ("number_differs", f"({q}.a_number = {r}.a_number) IS NOT TRUE"),
        *_both_and_one_sided(
            "directional", f"nullif(concat({q}.a_pre, {q}.a_post), '')", f"nullif(concat({r}.a_pre, {r}.a_post), '')"
        ),
        *_both_and_one_sided("unit", f"{q}.a_unit", f"{r}.a_unit"),
        ("street_type_differs", f"{q}.a_suffix <> {r}.a_suffix"),
        ("street_type_one_sided", f"({q}.a_suffix IS NULL) <> ({r}.a_suffix IS NULL) AND NOT {misspelt}"),
        *_place(q, r),
    ]
    return " + ".join((street, *(f"CASE WHEN {test} THEN {flag(reason)} ELSE 0 END" for reason, test in cells)))


def address_same_sql(q: str, r: str) -> str:
    """SQL: whether two standardised addresses are the same in every part, with a number and a place."""
    parts = " AND ".join(f"{q}.{part} IS NOT DISTINCT FROM {r}.{part}" for part in ADDRESS_COLUMNS)
    placed = f"({q}.a_zip IS NOT NULL OR {q}.a_city IS NOT NULL AND {q}.a_state IS NOT NULL)"
    return f"({q}.a_number IS NOT NULL AND {placed} AND {parts})"


def address_level_sql(flags: str) -> str:
    """SQL: equal, slip, one_sided or different, from the flags in the column `flags`."""
    whens = " ".join(
        f"WHEN ({flags} & {_flags_of(level)}) <> 0 THEN '{level}'" for level in reversed(ADDRESS_LEVELS[1:])
    )
    return f"CASE {whens} ELSE '{ADDRESS_LEVELS[0]}' END"


def flag(reason: str) -> int:
    """The whole number that stands for a reason that sets two addresses apart: each has a bit of its own."""
    return int(2 ** ADDRESS_REASONS.index(reason))


def flagged_sql(flags: str) -> str:
    """SQL: the list of the reasons in the column `flags`."""
    cells = ", ".join(f"CASE WHEN ({flags} & {flag(reason)}) <> 0 THEN '{reason}' END" for reason in ADDRESS_REASONS)
    return f"CASE WHEN {flags} = 0 THEN [] ELSE list_filter([{cells}], lambda reason: reason IS NOT NULL) END"


def _flags_of(level: str) -> int:
    return sum(flag(reason) for reason in ADDRESS_REASONS if REASONS[reason].level == level)


def _both_and_one_sided(part: str, q: str, r: str) -> list[tuple[str, str]]:
    return [(f"{part}_differs", f"{q} <> {r}"), (f"{part}_one_sided", f"({q} IS NULL) <> ({r} IS NULL)")]


def _telling_parts_differ(q: str, r: str) -> str:
    """SQL: other figures, another single letter (Avenue M, Avenue N), or another compass word (Eastwood, Westwood)."""
    figures = [
        f"regexp_extract_all(regexp_replace({side}.a_name, '{MISREAD}', ' ', 'g'), '{FIGURES}')" for side in (q, r)
    ]
    letters = [f"list_filter(string_split({side}.a_name, ' '), lambda word: length(word) = 1)" for side in (q, r)]
    x, y = (f"regexp_extract_all({side}.a_name, '{COMPASS}')" for side in (q, r))
    turned = f"coalesce({x} <> {y} AND {x} <> [] AND {y} <> [], FALSE)"
    return f"({' IS DISTINCT FROM '.join(figures)} OR {' IS DISTINCT FROM '.join(letters)} OR {turned})"


def _slip(a: str, b: str) -> str:
    """SQL: within one, two or three edits by length; the shortest names allow none."""
    shorter = f"least(length({a}), length({b}))"
    allowed = " ".join(f"WHEN {shorter} < {length} THEN {slips}" for length, slips in SLIPS)
    return f"levenshtein({a}, {b}) <= CASE {allowed} ELSE {MOST_SLIPS} END"


def type_misspelt_sql(q: str, r: str, whole: str) -> str:
    """SQL: one side's street type was not read as one because of a slip, and stands at the end of its street name.

    `whole` is the long form of the type that the other side has.
    """
    return f"(coalesce({_ends_in_type(q, r, whole)}, FALSE) OR coalesce({_ends_in_type(r, q, whole)}, FALSE))"


def _ends_in_type(bare: str, typed: str, whole: str) -> str:
    """SQL: `bare` has no type, but a last word like that of `typed` and before it the same street or a slip of it."""
    last = f"split_part({bare}.a_name, ' ', -1)"
    rest = f"left({bare}.a_name, length({bare}.a_name) - length({last}) - 1)"
    return (
        f"{bare}.a_suffix IS NULL AND {typed}.a_suffix IS NOT NULL AND contains({bare}.a_name, ' ')"
        f" AND {_like_type(last, f'{typed}.a_suffix', whole)} AND {_slip(rest, f'{typed}.a_name')}"
    )


def _like_type(word: str, standard: str, whole: str) -> str:
    """SQL: one edit from the short form, and with its first letter or no word; or one or two from the long form by its
    length."""
    return (
        f"((left({word}, 1) = left({standard}, 1) OR regexp_extract_all({word}, '^{ABBREVIATED}$') <> [])"
        f" AND levenshtein({word}, {standard}) <= 1"
        f" OR levenshtein({word}, {whole}) <= CASE WHEN length({whole}) < {LONG_TYPE} THEN 0"
        f" WHEN length({whole}) < {LONGER_TYPE} THEN 1 ELSE 2 END)"
    )


def _place(q: str, r: str) -> list[tuple[str, str]]:
    """ZIP or city must agree; the other may be absent or a slip, but may not name another place."""
    zips, cities = f"({q}.a_zip = {r}.a_zip)", f"({q}.a_city = {r}.a_city)"
    near_zip = f"levenshtein({q}.a_zip, {r}.a_zip) = 1"
    near_city = (
        f"levenshtein({q}.a_city, {r}.a_city) <= "
        f"CASE WHEN least(length({q}.a_city), length({r}.a_city)) < 6 THEN 1 ELSE 2 END"
    )
    states = f"({q}.a_state = {r}.a_state)"
    agree = (
        f"({zips} AND {cities}) OR ({zips} AND coalesce({near_city}, TRUE) AND coalesce({states}, TRUE))"
        f" OR ({cities} AND {states} AND coalesce({near_zip}, TRUE))"
    )
    return [
        ("city_slip", f"{zips} AND NOT {cities} AND {near_city}"),
        ("zip_slip", f"NOT {zips} AND {cities} AND {near_zip}"),
        ("place_differs", f"NOT coalesce({agree}, FALSE)"),
    ]
