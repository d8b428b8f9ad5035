"""Addresses: what agrees, what is for people, what is another address, and which years and roles count."""

from __future__ import annotations

from .drawing import Case

CONFIRMED = ("confirmed", "all_agree")
ONE_SIDED = ("unclear", "address_one_sided")
ELSEWHERE = ("address_differs", "other_address")


def _placed(says: str, registered: str, asked: str, becomes: tuple[str, str]) -> Case:
    """A case in which one taxpayer and one request differ in the address alone."""
    columns = "given | family | street | unit | city | state | zip"
    return Case(says, f"{columns}\nAna | Silva | {registered}", f"{columns}\nAna | Silva | {asked}", becomes)


def _street(says: str, registered: str, asked: str, becomes: tuple[str, str]) -> Case:
    return _placed(says, f"{registered} | CITY | OH | ZIP", f"{asked} | CITY | OH | ZIP", becomes)


def _town(says: str, registered: str, asked: str, becomes: tuple[str, str]) -> Case:
    return _placed(says, f"12 Oak St | - | {registered}", f"12 Oak St | - | {asked}", becomes)


ADDRESS_CASES = [
    _street("every spelling of a unit is the same unit", "12 Oak St | Apt. 4-B", "12 Oak Street #4B | -", CONFIRMED),
    _street("a directional written out is the same", "12 N Oak St | -", "12 North Oak Street | -", CONFIRMED),
    _street("another house number is another address", "12 Oak St | -", "21 Oak St | -", ELSEWHERE),
    _street("another unit is another address", "12 Oak St | 4B", "12 Oak St | 2A", ELSEWHERE),
    _street("a unit on the request alone is for people", "12 Oak St | -", "12 Oak St | 2A", ONE_SIDED),
    _street("a unit on the record alone is for people", "12 Oak St | 2A", "12 Oak St | -", ONE_SIDED),
    _street("another directional is another address", "12 N Oak St | -", "12 S Oak St | -", ELSEWHERE),
    _street("a directional on one side is for people", "12 N Oak St | -", "12 Oak St | -", ONE_SIDED),
    _street("another street type is another address", "12 Oak St | -", "12 Oak Ave | -", ELSEWHERE),
    _street("a street type on one side is for people", "12 Oakland St | -", "12 Oakland | -", ONE_SIDED),
    _street("a misspelt street agrees", "12 Buttonwood St | -", "12 Butonwood St | -", CONFIRMED),
    _street("a misspelt street type agrees", "12 Buttonwood St | -", "12 Buttonwood Stredt | -", CONFIRMED),
    _street("a misread short type that is no word agrees", "12 Buttonwood Ct | -", "12 Buttonwood Kt | -", CONFIRMED),
    _street("so does one of an avenue", "12 Buttonwood Ave | -", "12 Buttonwood Zve | -", CONFIRMED),
    _street("a word that is near a type is none", "12 Buttonwood Way | -", "12 Buttonwood Bay | -", ELSEWHERE),
    _street("nor is a tree, near a circle", "12 Douglas Cir | -", "12 Douglas Fir | -", ELSEWHERE),
    _street("a figure within a word is a letter misread", "12 Buttonwood St | -", "12 But1onwood St | -", CONFIRMED),
    _street("so is a 1 at the end of a word", "12 Central Ave | -", "12 Centra1 Ave | -", CONFIRMED),
    _street("a road's figure behind its letter is none", "12 Highway A1A | -", "12 Highway A2A | -", ELSEWHERE),
    _street("nor is one that is glued to its word", "12 Tract3 Rd | -", "12 Tract4 Rd | -", ELSEWHERE),
    _street("two Vs are a W", "12 Willow St SW | -", "12 VVillow St SVV | -", CONFIRMED),
    _street("an ordinal without a letter of its ending agrees", "12 77th Ave | -", "12 77t Ave | -", CONFIRMED),
    _street("an ordinal with another letter in it agrees", "12 1st St | -", "12 1sd St | -", CONFIRMED),
    _street("another figure of an ordinal is another street", "12 77th Ave | -", "12 17t Ave | -", ELSEWHERE),
    _street("a letter behind a number is no ordinal", "12 77th Ave | -", "12 77a Ave | -", ELSEWHERE),
    _street("a slip of a compass word may be another", "12 Southwestern Ave | -", "12 Nordhwestern Ave | -", ELSEWHERE),
    _street("two frequent names are two streets", "12 Pine St | -", "12 Vine St | -", ELSEWHERE),
    _street("a slip of a frequent name is that street", "12 Hamilton St | -", "12 Hamiltan St | -", CONFIRMED),
    _street("a last letter more or less is a slip", "12 Roberts St | -", "12 Robert St | -", CONFIRMED),
    _street("the letter of a road's number tells", "12 County Road 12A | -", "12 County Road 12 | -", ELSEWHERE),
    _street("a word that only ends like a type is for people", "12 Oak St | -", "12 Oak Tree | -", ELSEWHERE),
    _street("another street is another address", "12 Buttonwood St | -", "12 Brentwood St | -", ELSEWHERE),
    _street("another short street is another address", "12 Oak St | -", "12 Oat St | -", ELSEWHERE),
    _street("another figure in the street is another address", "12 41st St | -", "12 42nd St | -", ELSEWHERE),
    _street("a post-office box agrees with itself", "PO Box 77 | -", "P.O. Box 77 | -", CONFIRMED),
    _street("another box is another address", "PO Box 77 | -", "PO Box 78 | -", ELSEWHERE),
    _street("general delivery agrees with nothing", "General Delivery | -", "General Delivery | -", ELSEWHERE),
    _street("a record without a number agrees with nothing", "Oak St | -", "12 Oak St | -", ELSEWHERE),
    _town("a misspelt city with the same ZIP agrees", "CITY | OH | ZIP", "CITY~ | OH | ZIP", CONFIRMED),
    _town("a misread ZIP with the same city agrees", "CITY | OH | ZIP", "CITY | OH | ZIP~", CONFIRMED),
    _town("a missing ZIP with the same city agrees", "CITY | OH | ZIP", "CITY | OH | -", CONFIRMED),
    _town("a missing city with the same ZIP agrees", "CITY | OH | ZIP", "- | OH | ZIP", CONFIRMED),
    _town("another city under the same ZIP is another place", "CITY | OH | ZIP", "ELSEWHERE | OH | ZIP", ELSEWHERE),
    _town("another ZIP in the same city is another place", "CITY | OH | ZIP", "CITY | OH | 99001", ELSEWHERE),
    _town(
        "the same city in another state without ZIP is another place",
        "CITY | OH | ZIP",
        "CITY | TX | -",
        ("not_found", "nothing_found"),
    ),
    Case(
        "an address of another year is not of record",
        "given | family | year\nAna | Silva | 2019",
        "given | family | years\nAna | Silva | 2020;2021",
        ("address_differs", "other_year"),
    ),
    Case(
        "one of several stated years is enough",
        "given | family | year\nAna | Silva | 2019",
        "given | family | years\nAna | Silva | 2019;2020",
        CONFIRMED,
    ),
    Case(
        "an address of a form that the agreement does not list is not of record",
        "given | family | form\nAna | Silva | 5498",
        "given | family\nAna | Silva",
        ("address_differs", "other_year"),
    ),
    Case(
        "a spouse is a taxpayer",
        "given | family | role\nAna | Silva | spouse",
        "given | family\nAna | Silva",
        CONFIRMED,
    ),
    Case(
        "a dependent is never confirmed",
        "given | family | role\nAna | Silva | dependent",
        "given | family\nAna | Silva",
        ("not_found", "dependent_only"),
    ),
    Case(
        "a missing street type is for people, whatever the birth date",
        "given | family | born | street\nAna | Silva | 1970-02-03 | 12 Oakland St",
        "given | family | born | street\nAna | Silva | 1970-02-03 | 12 Oakland",
        ONE_SIDED,
    ),
    Case(
        "so is a missing directional",
        "given | family | born | street\nAna | Silva | 1970-02-03 | 12 N Oakland St",
        "given | family | born | street\nAna | Silva | 1970-02-03 | 12 Oakland St",
        ONE_SIDED,
    ),
    Case(
        "a record without its number is completed by the same person's record of another year",
        "taxpayer | given | family | street | year\nT1 | Ana | Silva | Buttonwood St | 2020\n"
        "T1 | Ana | Silva | 12 Buttonwood St | 2019",
        "given | family | street\nAna | Silva | 12 Buttonwood St",
        CONFIRMED,
    ),
    Case(
        "a record without its street is completed likewise",
        "taxpayer | given | family | street | year\nT1 | Ana | Silva | 12 | 2020\n"
        "T1 | Ana | Silva | 12 Buttonwood St | 2019",
        "given | family | street\nAna | Silva | 12 Buttonwood St",
        CONFIRMED,
    ),
    Case(
        "a record without its number is not completed by somebody else's",
        "taxpayer | given | family | street | year\nT1 | Ana | Silva | Buttonwood St | 2020\n"
        "T2 | Ana | Silva | 12 Buttonwood St | 2019",
        "given | family | street\nAna | Silva | 12 Buttonwood St",
        ("address_differs", "other_year"),
    ),
    Case(
        "a record on another street is not completed",
        "taxpayer | given | family | street | year\nT1 | Ana | Silva | Elm St | 2020\n"
        "T1 | Ana | Silva | 12 Buttonwood St | 2019",
        "given | family | street\nAna | Silva | 12 Buttonwood St",
        ("address_differs", "other_year"),
    ),
    Case(
        "a record with a directional that the other lacks is not completed",
        "taxpayer | given | family | street | year\nT1 | Ana | Silva | N Buttonwood St | 2020\n"
        "T1 | Ana | Silva | 12 Buttonwood St | 2019",
        "given | family | street\nAna | Silva | 12 Buttonwood St",
        ("address_differs", "other_year"),
    ),
    _street("another lettered avenue is another address", "12 Avenue M | -", "12 Avenue N | -", ELSEWHERE),
    _street("so is another lettered county road", "12 County Road A | -", "12 County Road B | -", ELSEWHERE),
    _street("another compass word is another street", "12 Eastwood Rd | -", "12 Westwood Rd | -", ELSEWHERE),
    _street("two names of common streets are two streets", "12 Riverside Dr | -", "12 Riverview Dr | -", ELSEWHERE),
]
