"""A submission's worth of requests about people of the census, most of them proper, with the truth about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from comity.case.tables import REQUESTS
from comity.synthetic.chance import chance, text
from comity.synthetic.defects import (
    REPEATED_ROWS,
    Defect,
    changed,
    chosen,
    identity_defects,
    paper_defects,
)
from comity.synthetic.particulars import particulars
from comity.synthetic.places import place_sql, slip_city, slip_state, slip_zip, towns_sql
from comity.synthetic.population import Population
from comity.synthetic.recipients import Recipient, officers, shares_sql, strangers, write_recipients
from comity.workspace import Workspace, quoted, workspace

RELATIVES = 200
EXAMPLES = {
    "no_final_order": "order_missing",
    "civil_purpose": "purpose_civil",
    "new_address": "asks_new_address",
}


@dataclass(frozen=True)
class RequestsFiles:
    """Requests on file.

    `requests` follows the REQUESTS contract, `truth` the TRUTH contract with `defect` beside it (names joined by `;`,
    NULL for a proper request); `recipients` are the officers named, also in `recipients_file`; `examples` gives the
    request id of one request without a final order, one with a civil purpose and one that asks for a new address.
    """

    requests: Path
    truth: Path
    recipients_file: Path
    recipients: tuple[Recipient, ...]
    examples: Mapping[str, str]
    rows: int


def make_requests(population: Population, directory: Path, seed: int, received_on: date) -> RequestsFiles:
    """Write requests about every adult of the population's census, as the survey wrote them, to `directory`.

    Some two hundred invented relatives of theirs, on no form, are asked about too.
    About one in five is defective in a named way (see `defects`). `received_on` is the day the requester expects to be
    read: periods of days are counted to it. The same population, seed and day write the same rows.
    """
    with workspace(directory, reads=[population.asked, population.records]) as ws:
        ws.con.execute(f"CREATE VIEW asked AS FROM read_parquet({quoted(population.asked)})")
        ws.con.execute(f"CREATE VIEW records AS FROM read_parquet({quoted(population.records)})")
        ws.con.execute(f"CREATE TEMP TABLE relatives AS {_relatives(seed)}")
        ws.con.execute(f"CREATE TEMP TABLE people AS {_people(seed)}")
        return write_requests(ws, seed, received_on, directory)


def write_requests(ws: Workspace, seed: int, received_on: date, directory: Path) -> RequestsFiles:
    """Give the table `people` of `ws` a case each, spoil some, and write requests, truth and recipients.

    `people` holds row_number, person, the name and address columns, born_as_written, tin_known, and the truth:
    true_given, true_family, true_number, true_street, true_unit. `records` holds who is truly on file (see Population).
    """
    for name, sql in _steps(seed, received_on):
        ws.con.execute(f"CREATE TEMP TABLE {name} AS {sql}")
    files = {name: directory / f"{name}.parquet" for name in ("requests", "truth")}
    for name, columns in (("requests", contract_columns()), ("truth", _TRUTH)):
        ws.con.execute(
            f"COPY (SELECT {columns} FROM sent ORDER BY row_number) TO {quoted(files[name])} (FORMAT parquet)"
        )
    recipients = _counted(ws)
    listed = directory / "recipients.ndjson"
    write_recipients(listed, recipients)
    rows = int(ws.rows("SELECT count(*) FROM sent")[0][0])
    return RequestsFiles(files["requests"], files["truth"], listed, recipients, _examples(ws), rows)


def _people(seed: int) -> str:
    turn = f"md5(concat_ws('|', '{seed}', a.place, person)), a.place"
    everyone = "(FROM asked UNION ALL BY NAME FROM relatives)"
    return f"""
        SELECT row_number() OVER (ORDER BY {turn}, person) AS row_number, person,
               given AS given_name, middle AS middle_name, family AS family_name, NULL::VARCHAR AS name_suffix,
               nullif(concat_ws(' ', number, street), '') AS street_line, unit AS unit_line,
               {slip_city(seed, "person")} AS city, {slip_state(seed, "person")} AS state,
               {slip_zip(seed, "person")} AS zip, born_as_written, tin_known,
               true_given, true_family, true_number, true_street, true_unit
        FROM {everyone} a JOIN {towns_sql()} ON towns.place = {place_sql("true_number", "true_street", "NULL::VARCHAR")}
    """


def _relatives(seed: int) -> str:
    """People on no form who share family name and home with one who is: what a careless match would confirm."""
    return f"""
        SELECT * EXCLUDE (turn, next_given, next_true_given) REPLACE ('N-' || person AS person, next_given AS given,
               next_true_given AS true_given, NULL AS tin_known,
               born_as_written + 365 * 8 AS born_as_written, born + 365 * 8 AS born)
        FROM (SELECT *, row_number() OVER places AS turn, lead(given) OVER places AS next_given,
                     lead(true_given) OVER places AS next_true_given
              FROM asked WHERE true_number IS NOT NULL
              WINDOW places AS (ORDER BY {chance(seed, "relative", "place")}, place))
        WHERE turn <= {RELATIVES} AND next_true_given <> true_given
    """


def _steps(seed: int, received_on: date) -> list[tuple[str, str]]:
    kinds = (identity_defects(seed), paper_defects(seed, received_on))
    spoiling = [defect.name for defect in kinds[0]]
    return [
        ("proper", proper_select(seed, received_on, "people")),
        ("spoiled", _spoiled(seed, kinds)),
        ("again", _AGAIN.format(order=chance(seed, "again", "row_number"), rows=REPEATED_ROWS)),
        ("drafted", "SELECT * FROM spoiled UNION ALL BY NAME SELECT * FROM again"),
        ("sent", _judged(spoiling)),
    ]


def proper_select(seed: int, received_on: date, people: str) -> str:
    """A SELECT that gives each row of `people` a proper case, its officers and what is asked for."""
    officer, other = (chance(seed, salt, "row_number") for salt in ("officer", "second officer"))
    return f"""
        SELECT p.*, ['address_confirmation'] AS elements, []::VARCHAR[] AS bars,
               CASE WHEN second AND mine.recipient <> other.recipient THEN [mine.recipient, other.recipient]
                    ELSE [mine.recipient] END AS recipients
        FROM ({particulars(seed, received_on, people)}) p
        JOIN {shares_sql("mine")} ON {officer} >= mine.low AND {officer} < mine.high
        JOIN {shares_sql("other")} ON {other} >= other.low AND {other} < other.high
    """


def _spoiled(seed: int, kinds: Sequence[Sequence[Defect]]) -> str:
    defects = [defect for kind in kinds for defect in kind]
    touched = sorted({column for defect in defects for column in defect.changes})
    replaced = ", ".join(f'{changed(column, defects)} AS "{column}"' for column in touched)
    return f"SELECT * REPLACE ({replaced}) FROM (SELECT *, {chosen(seed, kinds)} AS defects FROM proper)"


# The same person a second time, half of them with somebody else's address: only rows in which nothing else is wrong.
_AGAIN = """
    WITH clean AS (
        SELECT *, row_number() OVER (ORDER BY {order}, row_number) AS turn FROM spoiled
        WHERE defects = [] AND date_of_birth IS NOT NULL AND given_name IS NOT NULL AND family_name IS NOT NULL
          AND true_number IS NOT NULL
    ),
    same AS (SELECT * REPLACE (['repeated'] AS defects) FROM clean WHERE turn <= {rows}),
    moved AS (
        SELECT c.* REPLACE (['second_address'] AS defects, o.street_line AS street_line, o.unit_line AS unit_line,
               o.city AS city, o.state AS state, o.zip AS zip, o.true_number AS true_number,
               o.true_street AS true_street, o.true_unit AS true_unit)
        FROM clean c JOIN clean o ON o.turn = c.turn + {rows} WHERE c.turn > {rows} AND c.turn <= 2 * {rows}
    )
    SELECT * EXCLUDE (turn) REPLACE ((SELECT count(*) FROM spoiled) + turn AS row_number)
    FROM (FROM same UNION ALL BY NAME FROM moved)
"""


def _judged(spoiling: Sequence[str]) -> str:
    """Each request with its id and kind; confirmable when the true address is the person's own in a stated year."""
    gone = ", ".join(text(name) for name in spoiling)
    return f"""
        SELECT d.*, 'ERO-' || lpad(d.row_number::VARCHAR, 6, '0') AS request_id,
               CASE WHEN t.filed THEN d.person END AS taxpayer_id, {_KIND} AS kind,
               {_KIND} = 'same_address' AND NOT list_has_any(defects, [{gone}]) AS confirmable
        FROM drafted d
        LEFT JOIN (SELECT taxpayer_id, bool_or(role <> 'dependent') AS filed FROM records GROUP BY ALL) t
            ON t.taxpayer_id = d.person
        LEFT JOIN ({_AT_HOME}) h ON h.row_number = d.row_number
        LEFT JOIN ({_NAMESAKES}) n ON n.row_number = d.row_number
    """


_KIND = """
    CASE WHEN t.filed AND h.stated AND d.true_number IS NULL THEN 'no_house_number_at_source'
         WHEN t.filed AND h.stated THEN 'same_address'
         WHEN t.filed AND h.filed THEN 'other_years_address'
         WHEN t.filed THEN 'address_not_of_record'
         WHEN n.row_number IS NULL AND starts_with(d.person, 'N-') THEN 'relative_not_in_registry'
         WHEN n.row_number IS NOT NULL AND h.listed THEN 'namesake_not_taxpayer_listed_dependent'
         WHEN n.row_number IS NOT NULL THEN 'namesake_not_taxpayer'
         WHEN t.taxpayer_id IS NOT NULL THEN 'dependent_only'
         ELSE 'not_in_registry' END
"""
_SAME_ADDRESS = """
    r.street = d.true_street AND r.number IS NOT DISTINCT FROM d.true_number
    AND r.unit IS NOT DISTINCT FROM d.true_unit
"""
_AT_HOME = f"""
    SELECT d.row_number, bool_or(r.role <> 'dependent' AND list_contains(d.tax_years, r.tax_year)) AS stated,
           bool_or(r.role <> 'dependent') AS filed, bool_or(r.role = 'dependent') AS listed
    FROM drafted d JOIN records r ON r.taxpayer_id = d.person AND {_SAME_ADDRESS} GROUP BY ALL
"""
_NAMESAKES = f"""
    SELECT DISTINCT d.row_number FROM drafted d
    JOIN records r ON r.taxpayer_id <> d.person AND r.role <> 'dependent' AND list_contains(d.tax_years, r.tax_year)
        AND r.given = d.true_given AND r.family = d.true_family AND {_SAME_ADDRESS}
"""
_TRUTH = "request_id, taxpayer_id, confirmable, kind, nullif(array_to_string(defects, ';'), '') AS defect"


def contract_columns() -> str:
    """Every column of the REQUESTS contract, NULL where a requester of this statute has nothing to say."""
    unsaid = {"country", "address_text", "removed_on", "reentered_on"}
    names = {column.name: "NULL" if column.name in unsaid else f'"{column.name}"' for column in REQUESTS.columns}
    return ", ".join(f'{names[column.name]}::{column.type} AS "{column.name}"' for column in REQUESTS.columns)


def _counted(ws: Workspace) -> tuple[Recipient, ...]:
    named = "SELECT unnest(recipients) AS recipient, case_id FROM sent"
    matters = dict(ws.rows(f"SELECT recipient, count(DISTINCT case_id) FROM ({named}) GROUP BY ALL"))
    return tuple(replace(who, matters=matters.get(who.id, 0)) for who in (*officers(), *strangers()))


def _examples(ws: Workspace) -> dict[str, str]:
    first = dict(ws.rows("SELECT defects[1], min(request_id) FROM sent WHERE len(defects) = 1 GROUP BY ALL"))
    return {name: first[defect] for name, defect in EXAMPLES.items() if defect in first}
