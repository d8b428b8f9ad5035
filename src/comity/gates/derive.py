"""The columns that gates may speak of: those of a request, what standardisation and counting add, and the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from comity.agreements import Agreement, folded
from comity.case.errors import BadInput
from comity.case.tables import REQUESTS
from comity.standard import address_key_sql, name_key_sql, standardise_addresses, standardise_names

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ASKED: Mapping[str, str] = {column.name: column.type for column in REQUESTS.columns} | {"received_on": "DATE"}

STANDARDISED: Mapping[str, str] = {
    "a_class": "VARCHAR",
    "n_class": "VARCHAR",
    "reason_words": "VARCHAR",
    "age": "BIGINT",
}
"""Derived from the row alone: the class of its address and of its name, its reason without punctuation, its age."""

COUNTED: Mapping[str, str] = {
    "asks_in_submission": "BIGINT",
    "addresses_in_submission": "BIGINT",
    "address_uses": "BIGINT",
    "reason_uses": "BIGINT",
    "recipients_named": "BIGINT",
    "recipients_listed": "BIGINT",
    "recipients_known": "BIGINT",
    "recipients_wrong_agency": "BIGINT",
    "recipients_contractors": "BIGINT",
}
"""Derived from the whole submission: how often the person, the address, the reason occur; who the recipients are."""

FACTS: Mapping[str, str] = {
    "signatory_in_force": "BOOLEAN",
    "signatory_office": "VARCHAR",
    "signatory_basis": "VARCHAR",
    "agreement_in_force": "BOOLEAN",
    "attestation_known": "BOOLEAN",
    "signature_verified": "BOOLEAN",
    "counts_agree": "BOOLEAN",
    "agency": "VARCHAR",
}
"""What office and intake know of the submission; one row."""

REQUEST_COLUMNS: Mapping[str, str] = {**ASKED, **STANDARDISED, **COUNTED}

_PYTHON = {"BOOLEAN": bool, "VARCHAR": str}
_CODED = ("statute", "purpose", "prong", "bars", "case_status", "elements")


def fact_row(agreement: Agreement, facts: Mapping[str, object]) -> tuple[object, ...]:
    """The facts in the order of FACTS; what is missing, blank or of another type is absent, and an absent fact fails.

    Raises BadInput `FACT_UNKNOWN` for a fact that no gate can know.
    """
    if not set(facts) <= set(FACTS):
        raise BadInput("FACT_UNKNOWN", "A fact about the submission has no such name.", "See the facts of the gates.")
    given = {name: facts.get(name) for name in FACTS}
    office = given["signatory_office"]
    if isinstance(office, str):
        given["signatory_office"] = _coded_word(agreement.terms.signatory_offices, office)
    return tuple(_typed(value, FACTS[name]) for name, value in given.items())


def _typed(value: object, type_name: str) -> object:
    fits = isinstance(value, _PYTHON[type_name]) and value != ""
    return value if fits else None


def _coded_word(closed: Mapping[str, tuple[str, ...]], word: str) -> str:
    return next((value for value, spellings in closed.items() if folded(word) in spellings), word)


def standardise_requests(con: DuckDBPyConnection, agreement: Agreement, source: str, into: str) -> None:
    """Create the table `into`: per row of `source` its columns, coded ones folded, STANDARDISED, and keys for counting.

    `source` has `row_number` and the ASKED columns. `person` is who is asked about: standardised names with the birth
    date, or else the ZIP; `place` is the standardised address; both are absent where there is nothing to tell.
    """
    standardise_addresses(con, source, "standard_addresses")
    standardise_names(con, source, "standard_names")
    con.execute(f"CREATE OR REPLACE TABLE {into} AS {_standardised_sql(agreement, source)}")


def _standardised_sql(agreement: Agreement, source: str) -> str:
    coded = ", ".join(f"{_coded_sql(column, agreement.terms.coded()[column])} AS {column}" for column in _CODED)
    return f"""
        SELECT r.* REPLACE ({coded}, {_folded_sql("removal_ground")} AS removal_ground),
            a.a_class, n.n_class, nullif({_folded_sql("reason")}, '') AS reason_words,
            date_sub('year', date_of_birth, received_on) AS age,
            n.n_given_joined || '|' || n.n_family_joined AS names,
            names || '|' || coalesce(CAST(date_of_birth AS VARCHAR), left(a.a_zip, 5), '') AS person,
            a.a_street || '|' || coalesce(a.a_unit, '') || '|'
                || coalesce(left(a.a_zip, 5), a.a_city || ' ' || a.a_state, '') AS place
        FROM {source} r
        LEFT JOIN standard_addresses a ON a.address_key = {address_key_sql("r")}
        LEFT JOIN standard_names n ON n.name_key = {name_key_sql("r")}"""


def _folded_sql(expression: str) -> str:
    return f"regexp_replace(upper({expression}), '[^0-9A-Z]', '', 'g')"


def _coded_sql(column: str, closed: Mapping[str, tuple[str, ...]]) -> str:
    """SQL: the value of the closed list that a coded cell means; what is on no list stays as sent."""
    if REQUESTS_LISTS[column]:
        return f"list_transform(r.{column}, lambda word: {_word_sql('word', closed)})"
    return _word_sql(f"r.{column}", closed)


REQUESTS_LISTS: Mapping[str, bool] = {column.name: column.is_list for column in REQUESTS.columns}


def _word_sql(expression: str, closed: Mapping[str, tuple[str, ...]]) -> str:
    values = ", ".join(map(_literal, closed))
    meant = " ".join(
        f"WHEN {_literal(spelling)} THEN {_literal(value)}" for value, words in closed.items() for spelling in words
    )
    # Nearly every cell already is the value: only the others pay for folding.
    return (
        f"CASE WHEN {expression} IN ({values}) THEN {expression} "
        f"ELSE CASE {_folded_sql(expression)} {meant} ELSE {expression} END END"
    )


def count_submission(
    con: DuckDBPyConnection, source: str, into: str, agency: str | None, register: Sequence[tuple[str, str]]
) -> None:
    """Create the table `into`: per row of `source` (made by `standardise_requests`) the COUNTED columns.

    Reads the table `recipients` (recipient, agency, role). `register` is who the custodian has registered: (recipient,
    agency); `agency` is the one that asks.
    """
    con.execute("CREATE OR REPLACE TABLE registered (recipient VARCHAR, agency VARCHAR)")
    if register:
        con.executemany("INSERT INTO registered VALUES (?, ?)", [list(entry) for entry in register])
    con.execute(f"CREATE OR REPLACE TABLE engaged AS {_ENGAGED.format(source=source)}", [agency, agency])
    con.execute(f"CREATE OR REPLACE TABLE {into} AS {_COUNTED.format(source=source)}")


# Per distinct list of recipients, which are few, not per request.
_ENGAGED = """
WITH named AS (SELECT DISTINCT recipients FROM {source} WHERE recipients IS NOT NULL),
    each AS (SELECT recipients, unnest(list_distinct(recipients)) AS recipient FROM named)
SELECT each.recipients,
    count(*) AS recipients_named,
    count(l.recipient) AS recipients_listed,
    count(k.recipient) FILTER (l.recipient IS NOT NULL) AS recipients_known,
    count(*) FILTER (upper(trim(l.agency)) IS DISTINCT FROM upper(trim(?::VARCHAR))
        OR (k.recipient IS NOT NULL AND upper(trim(k.agency)) IS DISTINCT FROM upper(trim(?::VARCHAR))))
        AS recipients_wrong_agency,
    count(*) FILTER (contains(upper(l.role), 'CONTRACTOR')) AS recipients_contractors
FROM each
LEFT JOIN (SELECT recipient, any_value(agency) AS agency, any_value(role) AS role FROM recipients GROUP BY recipient) l
    ON l.recipient = each.recipient
LEFT JOIN (SELECT recipient, any_value(agency) AS agency FROM registered GROUP BY recipient) k
    ON k.recipient = each.recipient
GROUP BY each.recipients
"""

_COUNTED = """
WITH people AS (
        SELECT person, count(*) AS asks, count(DISTINCT place) AS places FROM {source}
        WHERE person IS NOT NULL GROUP BY person HAVING count(*) > 1),
    places AS (
        SELECT place, count(DISTINCT names) AS uses FROM {source}
        WHERE place IS NOT NULL GROUP BY place HAVING count(*) > 1),
    reasons AS (
        SELECT reason_words, count(*) AS uses FROM {source} WHERE reason_words IS NOT NULL GROUP BY reason_words)
SELECT r.row_number,
    coalesce(people.asks, 1) AS asks_in_submission,
    coalesce(people.places, 1) AS addresses_in_submission,
    coalesce(places.uses, 1) AS address_uses,
    reasons.uses AS reason_uses,
    coalesce(engaged.recipients_named, 0) AS recipients_named,
    coalesce(engaged.recipients_listed, 0) AS recipients_listed,
    coalesce(engaged.recipients_known, 0) AS recipients_known,
    coalesce(engaged.recipients_wrong_agency, 0) AS recipients_wrong_agency,
    coalesce(engaged.recipients_contractors, 0) AS recipients_contractors
FROM {source} r
LEFT JOIN people ON people.person = r.person
LEFT JOIN places ON places.place = r.place
LEFT JOIN reasons ON reasons.reason_words = r.reason_words
LEFT JOIN engaged ON engaged.recipients = r.recipients
"""


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
