"""Evidence, uniqueness and who is who: what a yes needs beside a name and an address."""

from __future__ import annotations

from .drawing import Case

CONFIRMED = ("confirmed", "all_agree")
AMBIGUOUS = ("ambiguous", "several_fit")
ANA = "given | family\nAna | Silva"
ANA_BORN = "given | family | born\nAna | Silva | 1970-02-03"
ANA_K = "given | middle | family\nAna | K | Silva"

EVIDENCE_CASES = [
    Case("an agreeing birth date satisfies the shipped terms", ANA_BORN, ANA_BORN, CONFIRMED, "date_of_birth"),
    Case(
        "without a birth date in the request the shipped terms wait for people",
        ANA_BORN,
        ANA,
        ("unclear", "birth_date_missing"),
        "date_of_birth",
    ),
    Case(
        "without a birth date of record the shipped terms wait for people",
        ANA,
        ANA_BORN,
        ("unclear", "birth_date_missing"),
        "date_of_birth",
    ),
    Case("a third identifier may be the middle name", ANA_K, ANA_K, CONFIRMED, "third_identifier"),
    Case("a third identifier may be the birth date", ANA_BORN, ANA_BORN, CONFIRMED, "third_identifier"),
    Case(
        "without a third identifier it waits for people",
        ANA_K,
        ANA_BORN,
        ("unclear", "third_identifier_missing"),
        "third_identifier",
    ),
    Case(
        "a compound given name is no third identifier of itself",
        "given | family\nAna Maria | Silva",
        "given | family\nAna Maria | Silva",
        ("unclear", "third_identifier_missing"),
        "third_identifier",
    ),
    Case(
        "a birth date with day and month exchanged excludes nobody",
        ANA_BORN,
        "given | family | born\nAna | Silva | 1970-03-02",
        CONFIRMED,
    ),
    Case(
        "nor does one with another figure",
        ANA_BORN,
        "given | family | born\nAna | Silva | 1970-02-04",
        CONFIRMED,
    ),
    Case(
        "where both names are the same, it is the birth date that the shipped terms demand",
        ANA_BORN,
        "given | family | born\nAna | Silva | 1970-02-04",
        CONFIRMED,
        "date_of_birth",
    ),
    Case(
        "and a third identifier",
        ANA_BORN,
        "given | family | born\nAna | Silva | 1970-03-02",
        CONFIRMED,
        "third_identifier",
    ),
    Case(
        "it supports no pet form",
        "given | family | born\nRobert | Silva | 1970-02-03",
        "given | family | born\nBob | Silva | 1970-02-04",
        ("unclear", "birth_date_slip"),
        "date_of_birth",
    ),
    Case(
        "nor rules out a second person of the name whose birth date is not known",
        "given | family | born\nAna | Silva | 1970-02-03\nAna | Silva | -",
        "given | family | born\nAna | Silva | 1970-02-04",
        AMBIGUOUS,
        "date_of_birth",
    ),
    Case(
        "and with another name it is for people",
        "given | middle | family | born\nAna | K | Lima Cruz | 1970-02-03",
        "given | middle | family | born\nAna | K | Cruz | 1970-02-04",
        ("unclear", "birth_date_slip"),
    ),
    Case(
        "another year is no slip: it may be another's of the same name",
        ANA_BORN,
        "given | family | born\nAna | Silva | 1972-02-03",
        ("discriminator_differs", "birth_date_conflicts"),
    ),
    Case(
        "one figure of the year is a slip, where the full name, the day and the month are the same",
        "given | middle | family | born\nAna | K | Silva | 1970-02-03",
        "given | middle | family | born\nAna | K | Silva | 1972-02-03",
        CONFIRMED,
    ),
    Case(
        "and that the shipped terms demand, too",
        "given | middle | family | born\nAna | K | Silva | 1970-02-03",
        "given | middle | family | born\nAna | K | Silva | 1972-02-03",
        CONFIRMED,
        "date_of_birth",
    ),
    Case(
        "a son born on his father's birthday is another",
        "given | middle | family | born\nJohn | K | Silva | 1960-02-03",
        "given | middle | family | born\nJohn | K | Silva | 1980-02-03",
        ("discriminator_differs", "birth_date_conflicts"),
    ),
    Case(
        "the first of a month stands for days that nobody knows",
        "given | middle | family | born\nAna | K | Silva | 1990-01-01",
        "given | middle | family | born\nAna | K | Silva | 1992-01-01",
        ("discriminator_differs", "birth_date_conflicts"),
    ),
    Case(
        "two figures of the year are no slip",
        "given | middle | family | born\nAna | K | Silva | 1978-02-03",
        "given | middle | family | born\nAna | K | Silva | 1987-02-03",
        ("discriminator_differs", "birth_date_conflicts"),
    ),
    Case(
        "another middle name is another person's birth date",
        "given | middle | family | born\nAna | K | Silva | 1970-02-03",
        "given | middle | family | born\nAna | L | Silva | 1972-02-03",
        ("discriminator_differs", "birth_date_conflicts"),
    ),
    Case(
        "the day before is a slip, over the end of a year too",
        "given | family | born\nAna | Silva | 1970-01-01",
        "given | family | born\nAna | Silva | 1969-12-31",
        CONFIRMED,
    ),
    Case(
        "twins who were born before and after midnight have two names",
        "given | middle | family | born\nTheodosia | - | Silva | 1970-02-09",
        "given | middle | family | born\nTheodsia | - | Silva | 1970-02-10",
        ("unclear", "birth_date_slip"),
    ),
    Case(
        "a birth date that conflicts is never confirmed",
        ANA_BORN,
        "given | family | born\nAna | Silva | 1970-05-04",
        ("discriminator_differs", "birth_date_conflicts"),
    ),
    Case(
        "a TIN that differs from every one of record excludes",
        "given | family | tin\nAna | Silva | 900-11-2222",
        "given | family | tin\nAna | Silva | 900-11-3333",
        ("discriminator_differs", "tin_conflicts"),
    ),
    Case(
        "a TIN that one record has does not exclude",
        "taxpayer | given | family | tin | year\nT1 | Ana | Silva | 900112222 | 2019\n"
        "T1 | Ana | Silva | 900113333 | 2020",
        "given | family | tin\nAna | Silva | 900-11-2222",
        CONFIRMED,
    ),
    Case(
        "an agreeing TIN does not make up for a blank name",
        "given | family | tin\nAna | Silva | 900-11-2222",
        "given | family | tin\n- | Silva | 900-11-2222",
        ("name_differs", "name_blank"),
    ),
    Case(
        "an agreeing birth date and TIN do not make up for the address",
        "given | family | tin | born | street\nAna | Silva | 900-11-2222 | 1970-02-03 | 7 Elm Rd",
        "given | family | tin | born\nAna | Silva | 900-11-2222 | 1970-02-03",
        ("address_differs", "other_address"),
    ),
    Case(
        "a record of a minor waits for people",
        "given | family | born\nAna | Silva | 2003-01-01",
        "given | family | born\nAna | Silva | 2003-01-01",
        ("unclear", "record_of_minor"),
    ),
    Case(
        "on the birthday nobody is a minor",
        "given | family | born\nAna | Silva | 2002-12-31",
        "given | family | born\nAna | Silva | 2002-12-31",
        CONFIRMED,
    ),
]

UNIQUENESS_CASES = [
    Case(
        "two like-named taxpayers at one address are a tie", "given | family\nAna | Silva\nAna | Silva", ANA, AMBIGUOUS
    ),
    Case(
        "a like-named dependent listed there is a second person",
        "given | family | role\nAna | Silva |\nAna | Silva | dependent",
        ANA,
        AMBIGUOUS,
    ),
    Case(
        "a like-named taxpayer of another year is a second person",
        "given | family | year\nAna | Silva | 2020\nAna | Silva | 2018",
        ANA,
        AMBIGUOUS,
    ),
    Case(
        "unless the terms look at stated years only",
        "given | family | year\nAna | Silva | 2020\nAna | Silva | 2018",
        ANA,
        CONFIRMED,
        "names",
        "stated",
    ),
    Case(
        "a namesake in another unit is somewhere else",
        "given | family | unit\nAna | Silva | 4B\nAna | Silva | 2A",
        "given | family | unit\nAna | Silva | 2A",
        CONFIRMED,
    ),
    Case(
        "without the unit nobody can tell the two",
        "given | family | unit\nAna | Silva | 4B\nAna | Silva | 2A",
        ANA,
        AMBIGUOUS,
    ),
    Case(
        "a birth date that conflicts rules the second person out",
        "given | family | born\nAna | Silva | 1970-02-03\nAna | Silva | 1999-09-09",
        ANA_BORN,
        CONFIRMED,
    ),
    Case(
        "a slip of one birth date rules out nobody, but the date that agrees rules out the one with the slip",
        "given | family | born\nAna | Silva | 1970-02-03\nAna | Silva | 1970-02-04",
        ANA_BORN,
        CONFIRMED,
    ),
    Case(
        "a namesake whose year is one figure away is a second person where no birth date agrees",
        "given | middle | family | born\nAna | K | Silva | 1970-02-03\nAna | K | Silva | 1974-02-03",
        "given | middle | family | born\nAna | K | Silva | 1972-02-03",
        AMBIGUOUS,
    ),
    Case(
        "and none where one does",
        "given | middle | family | born\nAna | K | Silva | 1970-02-03\nAna | K | Silva | 1974-02-03",
        "given | middle | family | born\nAna | K | Silva | 1970-02-03",
        CONFIRMED,
    ),
    Case(
        "a middle name that conflicts rules the second person out",
        "given | middle | family\nAna | K | Silva\nAna | L | Silva",
        ANA_K,
        CONFIRMED,
    ),
    Case(
        "a suffix that conflicts rules the second person out",
        "given | family | suffix\nJohn | Silva | Sr\nJohn | Silva | Jr",
        "given | family | suffix\nJohn | Silva | Jr",
        CONFIRMED,
    ),
    Case(
        "a housemate of another name is no second person",
        "given | family\nAna | Silva\nBeatrice | Silva",
        ANA,
        CONFIRMED,
    ),
    Case(
        "two housemates fit an initial",
        "given | family\nAna | Silva\nAndrea | Silva",
        "given | family\nA | Silva",
        AMBIGUOUS,
    ),
    Case(
        "a second person beside the candidate under another ZIP is seen",
        "given | family | city | zip\nAna | Silva | CITY | ZIP\nAna | Silva | - | ZIP",
        "given | family | city | zip\nAna | Silva | CITY | -",
        AMBIGUOUS,
    ),
    Case(
        "the taxpayer's own row as a dependent of earlier years is no second person",
        "taxpayer | given | family | role | year\nT1 | Ana | Silva | primary | 2020\n"
        "T1 | Ana | Silva | dependent | 2018",
        ANA,
        CONFIRMED,
    ),
    Case(
        "the taxpayer's own row under a borrowed number, with the birth date, is no second person",
        "taxpayer | given | family | born\nT1 | Ana | Silva | 1970-02-03\nT2 | Ana | Silva | 1970-02-03",
        ANA,
        CONFIRMED,
    ),
    Case(
        "a like-named row with the same TIN is no second person",
        "taxpayer | given | family | tin\nT1 | Ana | Silva | 900112222\nT2 | Ana | Silva | 900112222",
        ANA,
        CONFIRMED,
    ),
    Case(
        "one number with two birth dates is two people",
        "taxpayer | given | family | born\nT1 | Ana | Silva | 1970-02-03\nT1 | Ana | Silva | 1999-09-09",
        ANA,
        AMBIGUOUS,
    ),
    Case(
        "a birth date that agrees with the taxpayer alone rules out the child of the same name, of whom none is known",
        "given | family | role | born\nAna | Silva | | 1970-02-03\nAna | Silva | dependent | -",
        ANA_BORN,
        CONFIRMED,
    ),
    Case(
        "but not a second person whose name fits better",
        "given | middle | family | role | born\n"
        "Theodsia | K | Silva | | 1970-02-03\nTheodosia | - | Silva | dependent | -",
        "given | middle | family | born\nTheodosia | K | Silva | 1970-02-03",
        AMBIGUOUS,
    ),
    Case(
        "the same full name at the same address under another number is the same person",
        "taxpayer | given | middle | family | form\nT1 | Ana | K | Silva | 1040\nT2 | Ana | K | Silva | W2",
        ANA_K,
        CONFIRMED,
    ),
    Case(
        "unless both filed a return in one year",
        "taxpayer | given | middle | family\nT1 | Ana | K | Silva\nT2 | Ana | K | Silva",
        ANA_K,
        AMBIGUOUS,
    ),
    Case(
        "and without a middle name nobody can tell it from a namesake",
        "taxpayer | given | family | form\nT1 | Ana | Silva | 1040\nT2 | Ana | Silva | W2",
        ANA,
        AMBIGUOUS,
    ),
    Case(
        "the same birth date and given name under another number and family name is the same person",
        "taxpayer | given | family | born\nT1 | Ana | Silva | 1970-02-03\nT2 | Ana | Sylvas | 1970-02-03",
        ANA_BORN,
        CONFIRMED,
    ),
    Case(
        "a suffix on one side is made up for by the birth date",
        "given | family | suffix | born\nJohn | Silva | Jr | 1970-02-03",
        "given | family | born\nJohn | Silva | 1970-02-03",
        CONFIRMED,
    ),
]

POOLING_CASES = [
    Case(
        "a maiden name of an earlier year is the person's name",
        "taxpayer | given | family | year\nT1 | Ana | Silva | 2019\nT1 | Ana | Walker | 2020",
        ANA,
        CONFIRMED,
    ),
    Case(
        "a name that was left blank in the stated year is known from another",
        "taxpayer | given | family | year\nT1 | Ana | Silva | 2019\nT1 | - | Silva | 2020",
        ANA,
        CONFIRMED,
    ),
    Case(
        "names are not pooled over one number that two people use",
        "taxpayer | given | family | street\nT1 | Ana | Silva | 7 Elm Rd\nT1 | Peter | Walker | 12 Oak St",
        ANA,
        ("address_differs", "other_address"),
    ),
    Case(
        "names are not pooled over spouses on one number",
        "taxpayer | given | family | street\nT1 | Ana | Silva | 7 Elm Rd\nT1 | Beatrice | Silva | 12 Oak St",
        ANA,
        ("address_differs", "other_address"),
    ),
    Case(
        "names are not pooled over two birth dates on one number",
        "taxpayer | given | family | born | street\nT1 | Ana | Silva | 1970-02-03 | 7 Elm Rd\n"
        "T1 | Ana | Walker | 1999-09-09 | 12 Oak St",
        ANA,
        ("address_differs", "other_address"),
    ),
    Case(
        "names are not pooled over family names with several slips between them",
        "taxpayer | given | family | born | street\nT1 | Ana | Guthridge | 1970-02-03 | 7 Elm Rd\n"
        "T1 | Beatrice | Guthrytke | 1970-02-03 | 12 Oak St",
        "given | family | born\nAna | Guthridge | 1970-02-03",
        ("address_differs", "other_address"),
    ),
    Case(
        "a middle name that conflicts in one year counts, though another year has none",
        "taxpayer | given | middle | family | year\nT1 | Ana | K | Silva | 2019\nT1 | Ana | - | Silva | 2020",
        "given | middle | family\nAna | L | Silva",
        ("unclear", "middle_conflicts"),
    ),
    Case(
        "a suffix of one year counts, though another year has none",
        "taxpayer | given | family | suffix | year\nT1 | John | Silva | Jr | 2019\nT1 | John | Silva | - | 2020",
        "given | family\nJohn | Silva",
        ("unclear", "suffix_one_sided"),
    ),
    Case(
        "names are not pooled over a father and a son on one number",
        "taxpayer | given | family | suffix | street\n"
        "T1 | John | Silva | Sr | 7 Elm Rd\nT1 | John | Silva | Jr | 12 Oak St",
        "given | family | suffix\nJohn | Silva | Sr",
        ("unclear", "suffix_conflicts"),
    ),
    Case(
        "a row without a given name makes nobody of two people on one number",
        "taxpayer | given | family | role | year\nT1 | Ana | Silva | primary | 2019\n"
        "T1 | Beatrice | Silva | primary | 2020\nT1 | - | Silva | primary | 2020",
        ANA,
        ("name_differs", "name_blank"),
    ),
    Case(
        "a row without a given name is the one person's whom it fits",
        "taxpayer | given | family | born | year\n"
        "T1 | Ana | Silva | 1970-02-03 | 2019\nT1 | - | Silva | 1970-02-03 | 2020",
        ANA_BORN,
        CONFIRMED,
        "date_of_birth",
    ),
    Case(
        "names are not pooled over two middle names on one number",
        "taxpayer | given | middle | family | street\n"
        "T1 | Ana | K | Silva | 7 Elm Rd\nT1 | Anna | L | Silva | 12 Oak St",
        ANA_K,
        ("unclear", "middle_conflicts"),
    ),
    Case(
        "a given name that one year leaves blank and another shows is no blank name",
        "taxpayer | given | family | year\nT1 | Beatrice | Silva | 2019\nT1 | - | Silva | 2020",
        ANA,
        ("name_differs", "other_name"),
    ),
    Case(
        "an initial that another year writes out is no initial",
        "taxpayer | given | family | year\nT1 | Agatha | Silva | 2019\nT1 | A | Silva | 2020",
        ANA,
        ("name_differs", "other_name"),
    ),
    Case(
        "a taxpayer's row without a given name is not a dependent's under the same number",
        "taxpayer | given | family | role | year\nT1 | Ana | Silva | dependent | 2019\nT1 | - | Silva | primary | 2020",
        ANA,
        ("name_differs", "name_blank"),
    ),
]
