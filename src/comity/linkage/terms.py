"""The demands of an agreement on a determination, handed in as plain values: linkage never reads the law."""

from __future__ import annotations

from dataclasses import dataclass

from comity.case.errors import BadInput

# Of the rule that compares and determines: raised with every change that can give another determination.
VERSION = "2026.2"

EVIDENCE = ("names", "third_identifier", "date_of_birth")
NAMESAKE_YEARS = ("any", "stated")


@dataclass(frozen=True)
class LinkageTerms:
    """What a confirmation demands.

    `evidence`: `names` (a soft given name needs the middle name, a soft family name the middle name or the birth
    date), `third_identifier` (always an agreeing middle name or birth date as well), `date_of_birth` (always an
    agreeing birth date as well); where both names are the same, a birth date with a slip agrees. `forms`: the source
    forms whose address is an address of record. `namesake_years`: whether a second person counts in any year or in
    stated years only. Raises BadInput `TERMS_UNKNOWN`.
    """

    evidence: str = "date_of_birth"
    forms: tuple[str, ...] = ("1040", "W2", "1099")
    namesake_years: str = "any"

    def __post_init__(self) -> None:
        named = bool(self.forms) and all(form.isascii() and form.isalnum() for form in self.forms)
        if self.evidence not in EVIDENCE or self.namesake_years not in NAMESAKE_YEARS or not named:
            raise BadInput(
                "TERMS_UNKNOWN",
                "The terms for linkage name an evidence, a form or a namesake rule that does not exist.",
                "Choose evidence among names, third_identifier and date_of_birth, years among any and stated.",
            )
