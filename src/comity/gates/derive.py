"""The columns that gates may speak of: those of a request, what standardisation and counting add, and the facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from comity.agreements import Agreement, folded
from comity.case.errors import BadInput
from comity.case.tables import REQUESTS
from comity.standard import ADDRESS, NAME
from comity.standard.rows import standardise_rows
from comity.workspace import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ASKED: Mapping[str, str] = {column.name: column.type for column in REQUESTS.columns} | {"received_on": "DATE"}

STANDARDISED: Mapping[str, str] = {
    "a_class": "VARCHAR",
    "n_class": "VARCHAR",
    "reason_words": "VARCHAR",
    "reason_length": "BIGINT",
    "age": "BIGINT",
}
"""Derived from the row alone: the class of its address and of its name, its reason (a short one folded) and of how
many different words it is, its age."""

COUNTED: Mapping[str, str] = {
    "asks_in_submission": "BIGINT",
    "addresses_in_submission": "BIGINT",
    "asks_before": "BIGINT",
    "addresses_before": "BIGINT",
    "address_uses": "BIGINT",
    "reason_uses": "BIGINT",
    "matter_people": "BIGINT",
    "recipient_matters": "BIGINT",
    "recipients_named": "BIGINT",
    "recipients_listed": "BIGINT",
    "recipients_known": "BIGINT",
    "recipients_wrong_agency": "BIGINT",
    "recipients_contractors": "BIGINT",
    "recipients_at_system": "BIGINT",
}
"""Derived from the whole submission: how often the person, the address, the reason and the matter occur; who the
recipients are, and in how many matters the busiest of them is named. `asks_before` and `addresses_before` are of the
ledger of asks: earlier requests about the person, and other addresses in them."""

FACTS: Mapping[str, str] = {
    "signatory_in_force": "BOOLEAN",
    "signatory_office": "VARCHAR",
    "signatory_basis": "VARCHAR",
    "agreement_in_force": "BOOLEAN",
    "attestation_known": "BOOLEAN",
    "signature_verified": "BOOLEAN",
    "counts_agree": "BOOLEAN",
    "agency": "VARCHAR",
    "invokes": "VARCHAR",
    "agency_in_force": "BOOLEAN",
    "agency_federal": "BOOLEAN",
    "safeguards_suspended": "BOOLEAN",
    "report_days_left": "BIGINT",
    "unplanned_findings": "BIGINT",
    "requests": "BIGINT",
    "growth": "BIGINT",
}
"""What office and intake know of the submission; one row.

`requests` is their number, `growth` how many times, rounded up, that of those which passed of any earlier submission of
the agency it is, 1 if there was none. `report_days_left` counts from the day of receipt to the last day of the agency's
security report, 0 on that day itself. `invokes` is the provision of law that the cover rests on.
"""

_TEXTS = (*NAME, *ADDRESS, "reason")
KEPT = tuple(name for name in ASKED if name not in _TEXTS)
"""The columns of a request that gates see as such; of its texts they see what is derived."""

REQUEST_COLUMNS: Mapping[str, str] = {name: ASKED[name] for name in KEPT} | {**STANDARDISED, **COUNTED}

# Folding costs more than all gates together, and only a short reason can be a word that stands for none.
_REASON_WORDS = """
    CASE WHEN length(r.reason) > 60 AND regexp_matches(r.reason, '[0-9A-Za-z]') THEN r.reason
    ELSE nullif(regexp_replace(upper(r.reason), '[^0-9A-Z]', '', 'g'), '') END"""

# The beginning tells: the different words in it that have a letter or a figure. To look at each word costs more than to
# see first that it has none without, as nearly every reason has.
_WORDS = "list_distinct(string_split(upper(left(r.reason, 120)), ' '))"
_REASON_LENGTH = rf"""
    CASE WHEN regexp_matches(left(r.reason, 120), '(^| )[^\p{{L}}\p{{N}} ]*( |$)')
    THEN len(list_filter({_WORDS}, lambda word: regexp_matches(word, '[\p{{L}}\p{{N}}]'))) ELSE len({_WORDS}) END"""

_PYTHON: Mapping[str, type] = {"VARCHAR": str, "BOOLEAN": bool, "DATE": date, "INTEGER": int, "BIGINT": int}

# Rows are joined by these, or people told apart: no agreement may read another word into them.
_NAMES = ("request_id", "tin", "recipients", "agency")
CODED = tuple(
    name
    for name, kind in {**{name: ASKED[name] for name in KEPT}, **FACTS}.items()
    if kind.startswith("VARCHAR") and name not in _NAMES
)
"""The columns and facts whose words an agreement may list, with the spellings that it accepts."""


def fact_row(agreement: Agreement, facts: Mapping[str, object]) -> tuple[object, ...]:
    """The facts in the order of FACTS; what is missing, blank or of another type is absent, and an absent fact fails.

    Raises BadInput `FACT_UNKNOWN` for a fact that no gate can know.
    """
    if not set(facts) <= set(FACTS):
        raise BadInput("FACT_UNKNOWN", "A fact about the submission has no such name.", "See the facts of the gates.")
    given = {name: facts.get(name) for name in FACTS}
    for name, closed in agreement.coded.items():
        word = given.get(name)
        if isinstance(word, str):
            given[name] = _coded_word(closed, word)
    return tuple(_typed(value, FACTS[name]) for name, value in given.items())


def _typed(value: object, kind: str) -> object:
    return value if fits(value, kind) and value != "" else None


def fits(value: object, kind: str) -> bool:
    """Whether `value` is one of the SQL type `kind`; a list may have absent items."""
    if kind.endswith("[]"):
        return isinstance(value, list) and all(part is None or fits(part, kind.removesuffix("[]")) for part in value)
    # Python's True is a number as well; here it is none.
    return type(value) is _PYTHON[kind]


def _coded_word(closed: Mapping[str, tuple[str, ...]], word: str) -> str:
    return next((value for value, spellings in closed.items() if folded(word) in spellings), word)


def standardise_requests(
    con: DuckDBPyConnection, agreement: Agreement, source: str, into: str, carried: Iterable[str] = ()
) -> None:
    """Create the table `into`: per row of `source` the KEPT columns, coded ones folded, STANDARDISED, and five keys.

    `source` has `row_number` and the ASKED columns; `carried` names further ones to carry along. The keys, to count by,
    are hashes, absent where there is nothing to tell: `names` is who is asked about, `person` the same with the birth
    date or else the ZIP, `place` the standardised address, `words` the reason; `matter` is the matter's name, folded.
    Two that collide, in a million requests less than one chance in 10^7, only wait for an examiner. Leaves the table
    `standard_rows` (see `standardise_rows`).
    """
    standardise_rows(con, source, "standard_rows")
    con.execute(f"CREATE TABLE {into} AS {_standardised_sql(agreement, source, carried)}")


def _standardised_sql(agreement: Agreement, source: str, carried: Iterable[str]) -> str:
    coded = {column: _coded_sql(column, closed) for column, closed in agreement.coded.items() if column in KEPT}
    cells = {"removal_ground": "g.folded", **coded}
    kept = ", ".join(f"{cells.get(name, f'r.{name}')} AS {name}" for name in ("row_number", *KEPT, *carried))
    return f"""
        SELECT {kept}, s.a_class, s.n_class, {_REASON_WORDS} AS reason_words,
            {_REASON_LENGTH} AS reason_length,
            date_sub('year', r.date_of_birth, r.received_on) AS age,
            CASE WHEN coalesce(s.n_given_joined, s.n_family_joined) IS NOT NULL
                THEN hash(coalesce(s.n_given_joined, ''), coalesce(s.n_family_joined, '')) END AS names,
            CASE WHEN names IS NOT NULL
                THEN hash(names, r.date_of_birth, CASE WHEN r.date_of_birth IS NULL
                    THEN coalesce(left(s.a_zip, 5), s.a_city || ' ' || s.a_state) END)
                END AS person,
            CASE WHEN s.a_street IS NOT NULL THEN hash(s.a_street, s.a_unit, left(s.a_zip, 5),
                CASE WHEN s.a_zip IS NULL THEN s.a_city || ' ' || s.a_state END) END AS place,
            CASE WHEN reason_words IS NOT NULL THEN hash(upper(reason_words)) END AS words,
            {_folded_sql("r.case_id")} AS matter
        FROM {source} r
        LEFT JOIN standard_rows s ON s.row_number = r.row_number
        LEFT JOIN (SELECT removal_ground, {_folded_sql("removal_ground")} AS folded
            FROM (SELECT DISTINCT removal_ground FROM {source})) g ON g.removal_ground = r.removal_ground"""


def _folded_sql(expression: str) -> str:
    return f"regexp_replace(replace(upper({expression}), '§', ''), '[^0-9A-Z\\x{{80}}-\\x{{10FFFF}}]', '', 'g')"


def _coded_sql(column: str, closed: Mapping[str, tuple[str, ...]]) -> str:
    """SQL: the value of the closed list that a coded cell means; what is on no list stays as sent."""
    if REQUESTS_LISTS[column]:
        return f"list_transform(r.{column}, lambda word: {_word_sql('word', closed)})"
    return _word_sql(f"r.{column}", closed)


REQUESTS_LISTS: Mapping[str, bool] = {column.name: column.is_list for column in REQUESTS.columns}


def _word_sql(expression: str, closed: Mapping[str, tuple[str, ...]]) -> str:
    values = ", ".join(map(quoted, closed))
    meant = " ".join(
        f"WHEN {quoted(spelling)} THEN {quoted(value)}" for value, words in closed.items() for spelling in words
    )
    # Nearly every cell already is the value: only the others pay for folding.
    return (
        f"CASE WHEN {expression} IN ({values}) THEN {expression} "
        f"ELSE CASE {_folded_sql(expression)} {meant} ELSE {expression} END END"
    )
