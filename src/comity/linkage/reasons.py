"""The one list of reasons: every word that a comparison or a determination may give, what it is about, and its level.

The SQL and the plain Python engine name a reason; the level of a comparison follows from its reasons by this list
alone, so that a reviewer, the log and both engines mean the same thing by the same word.
"""

from __future__ import annotations

from typing import NamedTuple

NAME_LEVELS = ("exact", "equivalent", "soft", "initial", "single", "blank", "different")
ADDRESS_LEVELS = ("equal", "slip", "one_sided", "different")
AGREEING_ADDRESSES = ("equal", "slip", "one_sided")
SAME_NAMES = ("exact", "equivalent")
PRESENT_NAMES = (*SAME_NAMES, "soft")
WHOLE_NAMES = ("given_same", "family_same", "names_swapped")
DATED_GIVEN = ("given_partial", "given_is_middle", "given_romanised", "given_transposed")


class Reason(NamedTuple):
    """A reason in words: what it is `about` (given, family, address, determination), the `level` it leads to."""

    about: str
    level: str
    says: str


REASONS: dict[str, Reason] = {
    "given_same": Reason("given", "exact", "The given names are the same."),
    "given_written_otherwise": Reason("given", "equivalent", "The same given names, spaced or divided differently."),
    "given_nickname": Reason("given", "soft", "One given name is a short or pet form of the other."),
    "given_transposed": Reason("given", "soft", "Two neighbouring letters of the given name changed places."),
    "given_romanised": Reason("given", "soft", "The given names are one name of another script in Latin letters."),
    "given_transliterated": Reason("given", "soft", "The given names are two spellings of one name."),
    "given_partial": Reason("given", "soft", "One side has only a part of a compound given name."),
    "given_slip": Reason("given", "soft", "The given names differ by a slip of the pen."),
    "given_is_middle": Reason("given", "soft", "The given name on one side is the middle name on the other."),
    "given_initial": Reason("given", "initial", "The given name is only an initial on one side."),
    "given_on_neither": Reason("given", "single", "Neither side has a given name."),
    "given_blank": Reason("given", "blank", "The given name is missing on one side."),
    "given_differs": Reason("given", "different", "The given names are different names."),
    "family_same": Reason("family", "exact", "The family names are the same."),
    "family_written_otherwise": Reason("family", "equivalent", "The same family names, spaced or ordered differently."),
    "family_transliterated": Reason("family", "soft", "The family names are two spellings of one name."),
    "family_partial": Reason("family", "soft", "One side has only a part of a double family name."),
    "family_slip": Reason("family", "soft", "The family names differ by a slip of the pen."),
    "family_wide_slip": Reason("family", "soft", "The family names differ by several slips; all else agrees."),
    "names_swapped": Reason("family", "soft", "Given and family name stand in each other's place."),
    "names_misplaced": Reason("family", "equivalent", "Of the two names only one can be a given name."),
    "family_initial": Reason("family", "initial", "The family name is only an initial on one side."),
    "family_on_neither": Reason("family", "single", "Neither side has a family name."),
    "family_blank": Reason("family", "blank", "The family name is missing on one side."),
    "family_differs": Reason("family", "different", "The family names are different names."),
    "form_differs": Reason("address", "different", "One is a street address, the other is not."),
    "number_differs": Reason("address", "different", "The house or box number differs or is missing."),
    "street_differs": Reason("address", "different", "The street names differ."),
    "street_figures_differ": Reason(
        "address", "different", "Figures, single letters or compass words in the street names differ."
    ),
    "directional_differs": Reason("address", "different", "The directionals (N, S, E, W) differ."),
    "street_type_differs": Reason("address", "different", "The street types (Ave, St) differ."),
    "unit_differs": Reason("address", "different", "The units differ."),
    "place_differs": Reason("address", "different", "City and ZIP do not agree."),
    "directional_one_sided": Reason("address", "one_sided", "Only one side has a directional."),
    "street_type_one_sided": Reason("address", "one_sided", "Only one side has a street type."),
    "unit_one_sided": Reason("address", "one_sided", "Only one side has a unit."),
    "street_slip": Reason("address", "slip", "The street names differ by a slip of the pen."),
    "city_slip": Reason("address", "slip", "The city is misspelt on one side; the ZIP is the same."),
    "zip_slip": Reason("address", "slip", "One figure of the ZIP differs; the city is the same."),
    "record_completed": Reason(
        "address",
        "slip",
        "The record of the stated year lacks its number or street; another year of the person's has it.",
    ),
    "all_agree": Reason("determination", "confirmed", "One person of record, and everything demanded agrees."),
    "name_single": Reason("determination", "unclear", "Both sides have one name only; the birth date agrees."),
    "name_initial": Reason("determination", "unclear", "A name is only an initial on one side."),
    "suffix_conflicts": Reason("determination", "unclear", "The generational suffixes differ."),
    "suffix_one_sided": Reason("determination", "unclear", "Only one side has a generational suffix."),
    "middle_conflicts": Reason("determination", "unclear", "The middle names differ."),
    "birth_date_slip": Reason("determination", "unclear", "A slip sets the birth dates apart, and the names differ."),
    "address_one_sided": Reason("determination", "unclear", "A unit, directional or street type is on one side only."),
    "record_of_minor": Reason("determination", "unclear", "The record shows a minor."),
    "soft_name_unsupported": Reason("determination", "unclear", "The names agree softly and nothing else supports it."),
    "third_identifier_missing": Reason("determination", "unclear", "Neither middle name nor birth date agrees."),
    "birth_date_missing": Reason("determination", "unclear", "The birth date is missing on one side."),
    "several_fit": Reason("determination", "ambiguous", "Another person listed at the address fits as well."),
    "birth_date_conflicts": Reason("determination", "discriminator_differs", "The birth dates differ."),
    "tin_conflicts": Reason(
        "determination", "discriminator_differs", "The TIN differs from every one of the person's."
    ),
    "other_year": Reason("determination", "address_differs", "The address is of record in no stated year."),
    "other_address": Reason("determination", "address_differs", "The name is known at another address only."),
    "dependent_only": Reason("determination", "not_found", "The name is listed there only as a dependent."),
    "name_blank": Reason("determination", "name_differs", "A name is missing, and people could not make up for it."),
    "other_name": Reason("determination", "name_differs", "The address is of record for other names only."),
    "nothing_found": Reason("determination", "not_found", "No record has the name or the address."),
}

ADDRESS_REASONS = tuple(code for code, reason in REASONS.items() if reason.about == "address")


def reasons_of(about: str, *levels: str) -> tuple[str, ...]:
    """The reasons about `about` that lead to one of `levels`."""
    return tuple(code for code, reason in REASONS.items() if reason.about == about and reason.level in levels)


def level_sql(reason: str, about: str) -> str:
    """SQL: the level that the reason in column `reason` leads to; unknown words lead to `different`."""
    whens = " ".join(f"WHEN '{code}' THEN '{known.level}'" for code, known in REASONS.items() if known.about == about)
    return f"CASE {reason} {whens} ELSE 'different' END"


def rank_sql(level: str, levels: tuple[str, ...]) -> str:
    """SQL: the place of `level` in the ordered `levels`, best first; unknown levels come last."""
    whens = " ".join(f"WHEN '{name}' THEN {place}" for place, name in enumerate(levels))
    return f"CASE {level} {whens} ELSE {len(levels)} END"


def words(values: tuple[str, ...]) -> str:
    """SQL: the inside of an IN list or a list literal."""
    return ", ".join(f"'{value}'" for value in values)
