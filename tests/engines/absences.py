"""Tables as no standard would leave them: any cell may be absent, and letters may be of any script."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from comity.linkage.asked import read_filings
from comity.linkage.keys import initials_sql
from comity.linkage.manifest import INDEX_FILE, Index, write_manifest
from comity.linkage.outline import outlines_sql
from comity.linkage.seal import digest_of
from comity.linkage.spells import WRITTEN_PLACE
from comity.standard import NAME as WRITTEN_NAME
from comity.standard import load_lists

NAMES = st.sampled_from([None, "A", "ANA", "ANNA", "ANA MARIA", "MARIA ANA", "JOSE", "ОЛЬГА", "ОЛЬКА", "LEE", "LI"])
PART = {
    "a_kind": st.sampled_from(["street", "po_box", None]),
    "a_number": st.sampled_from(["12", "12", "21", None]),
    "a_pre": st.sampled_from([None, None, "N", "S"]),
    "a_name": st.sampled_from(["OAK", "OAKK", "OAK ST", "41", "42", "BUTTONWOOD", "BUTONWOOD", "ДУБ", None]),
    "a_suffix": st.sampled_from([None, "ST", "STT", "AVE"]),
    "a_post": st.sampled_from([None, None, "N"]),
    "a_unit": st.sampled_from([None, None, "4B", "2"]),
    "a_city": st.sampled_from(["MILLVILLE", "MILVILLE", "FAIRVIEW", None]),
    "a_state": st.sampled_from(["OH", "OH", "PA", None]),
    "a_zip": st.sampled_from(["44001", "44001", "44007", None]),
}
NAME = {
    "n_given": NAMES,
    "n_middle": st.sampled_from([None, "J", "JOSE", "MARIA", "JOSEPH"]),
    "n_family": NAMES,
    "n_suffix": st.sampled_from([None, None, "JR", "SR"]),
}
BORN = st.sampled_from([None, date(2004, 2, 29), date(2004, 3, 1), date(1980, 1, 1)])
TIN = st.sampled_from(["1", "2", "3"])
FILED = st.lists(st.sampled_from(["2019 1040", "2020 1040", "2021 W2"]), max_size=3, unique=True)
ASK = st.fixed_dictionaries(
    PART | NAME | {"born": BORN, "tin": st.none() | TIN, "filed": FILED, "of_age_on": st.just(date(2022, 2, 28))}
)
PERSON = st.fixed_dictionaries(
    {
        "taxpayer_id": st.sampled_from(["T1", "T2", "T3", "T4"]),
        "born": BORN,
        "tins": st.sampled_from([None, "1", "2", "1\n3"]),
        "names": st.none() | st.lists(st.fixed_dictionaries(NAME), min_size=1, max_size=3),
    }
)
STAY = st.fixed_dictionaries(
    PART
    | NAME
    | {
        "role": st.sampled_from(["primary", "spouse", "dependent"]),
        "filed": FILED.map("\n".join).filter(bool),
        "who": st.integers(0, 9),
    }
)
_TEXTS = ", ".join(f"{column} VARCHAR" for column in (*PART, *NAME))
_ASKED = f"row_number INTEGER, request_id VARCHAR, {_TEXTS}, born DATE, tin VARCHAR, filed VARCHAR[], of_age_on DATE"
_WRITTEN = ", ".join(f"NULL::VARCHAR AS {column}" for column in (*WRITTEN_PLACE, *WRITTEN_NAME))

# Every key is the same wherever there is one: all that have it meet.
_PLACE_KEYS = f"""
CASE WHEN a_zip IS NOT NULL THEN 1 END AS key_place, CASE WHEN a_city IS NOT NULL THEN 2 END AS key_town,
{outlines_sql("a_name")}
"""
_NAME_KEY = "CASE WHEN n_family IS NOT NULL THEN 3 END AS key_name"
_NAMES = ", ".join(NAME)


def laid_out(ws, asks, people, stays):
    """`asked`, and an index of which every address has one spell, attached as `registry`."""
    persons = [person | {"part": number} for number, person in enumerate(people)]
    spells = [stay | persons[stay["who"]] | {"address": number} for number, stay in enumerate(stays)]
    requests = [ask | {"row_number": n, "request_id": f"R{n}"} for n, ask in enumerate(asks, start=1)]
    _fill(ws, "drawn_requests", _ASKED, requests)
    _fill(ws, "drawn_spells", _SPELLS, spells)
    file = ws.directory / INDEX_FILE
    ws.con.execute(f"""
CREATE TABLE stated AS
SELECT row_number() OVER ()::INTEGER AS stated, filed FROM (SELECT DISTINCT filed FROM drawn_requests);
CREATE TABLE asked AS
SELECT * EXCLUDE (filed), {_PLACE_KEYS}, {_NAME_KEY}, {initials_sql("r")}
FROM drawn_requests AS r JOIN stated USING (filed);
ATTACH '{file}' AS registry;
CREATE TABLE registry.addresses AS SELECT address, {", ".join(PART)}, {_PLACE_KEYS} FROM drawn_spells ORDER BY address;
CREATE TABLE registry.filings AS
SELECT row_number() OVER ()::INTEGER AS filing, filed FROM (SELECT DISTINCT filed FROM drawn_spells);
CREATE TABLE registry.spells AS
SELECT address AS spell, address, taxpayer_id, part, role, born, tins, {_WRITTEN}, filing
FROM drawn_spells JOIN registry.filings USING (filed) ORDER BY address;
CREATE TABLE registry.known AS
SELECT spell, address, key_name, {_NAMES}, {initials_sql("k")} FROM (
    SELECT address AS spell, address, {_NAME_KEY}, {_NAMES} FROM drawn_spells WHERE names IS NULL
    UNION ALL
    SELECT spell, address, key_name, {", ".join(f"name.{column}" for column in NAME)} FROM (
        SELECT address AS spell, address, {_NAME_KEY}, unnest(names) AS name FROM drawn_spells WHERE names IS NOT NULL)
) AS k;
CHECKPOINT registry; DETACH registry
""")
    counts = {"rows": len(spells), "spells": len(spells), "persons": len(people), "addresses": len(spells)}
    write_manifest(ws.directory, Index(digest_of(file), file, **counts, unplaced=0, years=(2020,), forms=("1040",)))
    ws.con.execute(f"ATTACH '{file}' AS registry (READ_ONLY)")
    load_lists(ws.con)
    read_filings(ws)


_SPELLS = (
    f"address BIGINT, {_TEXTS}, taxpayer_id VARCHAR, part INTEGER, role VARCHAR, born DATE, tins VARCHAR, "
    f"filed VARCHAR, who INTEGER, names STRUCT({', '.join(f'{column} VARCHAR' for column in NAME)})[]"
)


def _fill(ws, table, shape, rows):
    ws.con.execute(f"CREATE TABLE {table} ({shape})")
    names = [name for name, *_ in ws.rows(f"DESCRIBE {table}")]
    marks = ", ".join("?" for _ in names)
    ws.con.executemany(f"INSERT INTO {table} VALUES ({marks})", [[row[name] for name in names] for row in rows])
