"""Which requests of a batch are about one person: for an accounting to that person, and so that it shows no third one.

A request is about the person in two ways, which are told apart. Either the person's own record was what was confirmed,
whoever the request named; or the request named the person beyond doubt, whatever was answered. Nothing of a request
that named somebody else leaves this module but that it was answered, when, and for which years.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.case.errors import Integrity
from comity.case.outcomes import CONFIRMED, SAME
from comity.linkage.standing import ADDRESS_COLUMNS, stood_sql, tin_sql
from comity.standard import ADDRESS, NAME, VERSION, load_lists
from comity.standard.rows import standardise_rows
from comity.workspace import Workspace

STANDARD = VERSION
"""By which version names and addresses are read here; another one may read them otherwise."""

SUBJECT = ("salt", "row_number", "taxpayer_id", "tin", "date_of_birth", *NAME, *ADDRESS)
"""The columns of `subject`: a row for each name or address that the person gave, number and birth date in each."""

# What of a record stands in the artefact `candidates`; it has neither of the other two.
_OF_RECORD = tuple(column for column in (*NAME, *ADDRESS) if column not in ("country", "address_text"))


@dataclass(frozen=True)
class About:
    """One request that is about the person.

    `named` says that the request named the person, and `disclosed` that the person's own record was confirmed. What the
    request gave as its ground is here only where it is `named`; else it may be another's.
    """

    row_number: int
    named: bool
    disclosed: bool
    answer: str
    tax_years: tuple[int, ...]
    statute: str
    purpose: str
    recipients: tuple[str, ...]


def about(ws: Workspace) -> list[About]:
    """The requests of a batch that are about the person in `subject`, by row.

    `ws` has the views `subject` and, of a released batch, `requests`, `candidates`, `determinations`, `verdicts`,
    `answers` and, if it was made by this standard, `standardised`. Without `candidates`, which the retention policy may
    have let go, only a request that named the person is found. A record is the person's own when the names agree,
    the birth date too, and the custodian's number or the address; without a birth date on the record, both of these. A
    request named the person when the names agree, no number and no birth date conflict, and the number agrees, or the
    birth date and the address. A middle initial or a suffix that conflicts excludes. All of this is exact after
    standardisation: whoever is in doubt is not told.
    """
    [(salted, births)] = ws.rows("SELECT count(DISTINCT salt), count(DISTINCT date_of_birth) FROM subject")
    if salted != 1 or births != 1:
        raise Integrity("SUBJECT_UNFIT", "What an accounting was made for is not one person.", "Restore the vault.")
    load_lists(ws.con)
    given = {name for (name,) in ws.rows("SELECT table_name FROM information_schema.tables")}
    if "standardised" not in given:
        standardise_rows(ws.con, "requests", "standardised")
    if "candidates" not in given:
        ws.con.execute(_NO_RECORDS)
    standardise_rows(ws.con, "subject", "subject_read")
    ws.con.execute(f"CREATE TEMP TABLE given AS {_GIVEN}")
    ws.con.execute(f"CREATE TEMP TABLE near AS {_NEAR}")
    standardise_rows(ws.con, "near", "near_read")
    ws.con.execute(f"CREATE TEMP TABLE own AS {_OWN}")
    ws.con.execute(f"CREATE TEMP TABLE naming AS {_NAMING}")
    found = ws.records(_ABOUT)
    return [
        About(**{**row, "tax_years": tuple(row["tax_years"]), "recipients": tuple(row["recipients"])}) for row in found
    ]


_NO_RECORDS = f"""
CREATE TEMP TABLE candidates (row_number INTEGER, person VARCHAR, taxpayer_id VARCHAR, record_date_of_birth DATE,
    {", ".join(f"record_{column} VARCHAR" for column in _OF_RECORD)})
"""

_GIVEN = f"""
SELECT s.*, o.date_of_birth AS born, o.taxpayer_id, {tin_sql("o.tin")} AS tin
FROM ({stood_sql("subject_read")}) AS s JOIN subject AS o USING (row_number)
"""

# Every record that could be the person's, before its name is read.
_NEAR = f"""
SELECT row_number() OVER (ORDER BY c.row_number, c.person) AS row_number, c.row_number AS request, c.person,
    c.taxpayer_id, {tin_sql("c.taxpayer_id")} AS bare_number, c.record_date_of_birth AS born,
    {", ".join(f"c.record_{column} AS {column}" for column in _OF_RECORD)},
    NULL::VARCHAR AS country, NULL::VARCHAR AS address_text
FROM candidates AS c
WHERE c.record_date_of_birth IN (SELECT born FROM given) OR (c.record_date_of_birth IS NULL
    AND (c.taxpayer_id IN (SELECT taxpayer_id FROM given) OR {tin_sql("c.taxpayer_id")} IN (SELECT tin FROM given)))
"""


def _names(x: str) -> str:
    """SQL: the names of `x` are those of the row `g` of `given`, and no middle initial and no suffix conflicts."""
    same = " AND ".join(
        f"replace({x}.{part}, ' ', '') = replace(g.{part}, ' ', '')" for part in ("n_given", "n_family")
    )
    conflicts = f"left({x}.n_middle, 1) <> left(g.n_middle, 1) OR {x}.n_suffix <> g.n_suffix"
    return f"coalesce({same}, FALSE) AND ({conflicts}) IS NOT TRUE"


def _address(x: str) -> str:
    """SQL: the address of `x` is that of the row `g` of `given`; one without a number is nobody's."""
    town = ("a_city", "a_state", "a_zip")
    line = " AND ".join(
        f"{x}.{column} IS NOT DISTINCT FROM g.{column}" for column in ADDRESS_COLUMNS if column not in town
    )
    place = f"coalesce({x}.a_zip = g.a_zip, {x}.a_city = g.a_city AND {x}.a_state = g.a_state, FALSE)"
    return f"({x}.a_number IS NOT NULL AND {line} AND {place})"


_NUMBER = "coalesce(n.taxpayer_id = g.taxpayer_id, FALSE) OR coalesce(n.bare_number = g.tin, FALSE)"
_UNDATED = f"n.born IS NULL AND ({_NUMBER}) AND {_address('n')} AND n.n_suffix IS NOT DISTINCT FROM g.n_suffix"

_OWN = f"""
WITH n AS (
    SELECT s.*, r.request, r.person, r.taxpayer_id, r.bare_number, r.born
    FROM ({stood_sql("near_read")}) AS s JOIN near AS r USING (row_number)
)
SELECT DISTINCT n.request AS row_number, n.person
FROM n JOIN given AS g ON {_names("n")}
WHERE (n.taxpayer_id <> g.taxpayer_id) IS NOT TRUE
    AND (coalesce(n.born = g.born, FALSE) AND ({_NUMBER} OR {_address("n")}) OR {_UNDATED})
"""

_SAME_TIN = f"coalesce({tin_sql('r.tin')} = g.tin, FALSE)"

_NAMING = f"""
WITH likely AS (
    SELECT row_number, tin, date_of_birth FROM requests
    WHERE date_of_birth IN (SELECT born FROM given) OR {tin_sql("tin")} IN (SELECT tin FROM given)
), stood AS (SELECT * FROM ({stood_sql("standardised")}) SEMI JOIN likely USING (row_number))
SELECT DISTINCT row_number
FROM stood AS x JOIN likely AS r USING (row_number) JOIN given AS g ON {_names("x")}
WHERE (r.date_of_birth <> g.born) IS NOT TRUE AND ({tin_sql("r.tin")} <> g.tin) IS NOT TRUE
    AND ({_SAME_TIN} OR coalesce(r.date_of_birth = g.born, FALSE) AND {_address("x")})
"""

# By votes the answer is about whom two reviewers named, else about whom the rule named.
_ABOUT = f"""
WITH confirmed AS (
    SELECT a.row_number, CASE WHEN v.verdict = '{SAME}' THEN v.person ELSE d.person END AS person
    FROM answers AS a LEFT JOIN determinations AS d USING (row_number) LEFT JOIN verdicts AS v USING (row_number)
    WHERE a.answer = '{CONFIRMED}'
), disclosed AS (SELECT row_number FROM confirmed SEMI JOIN own USING (row_number, person)),
told AS (
    SELECT row_number, n.row_number IS NOT NULL AS named, d.row_number IS NOT NULL AS disclosed
    FROM naming AS n FULL JOIN disclosed AS d USING (row_number)
)
SELECT t.row_number, t.named, t.disclosed, a.answer, coalesce(r.tax_years, []) AS tax_years,
    CASE WHEN t.named THEN coalesce(r.statute, '') ELSE '' END AS statute,
    CASE WHEN t.named THEN coalesce(r.purpose, '') ELSE '' END AS purpose,
    coalesce(a.recipients, []) AS recipients
FROM told AS t JOIN answers AS a USING (row_number) JOIN requests AS r USING (row_number) ORDER BY row_number
"""
