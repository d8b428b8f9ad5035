"""Tables as no standard would leave them: any cell may be absent, and letters may be of any script."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

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
        "tins": st.lists(TIN, max_size=2, unique=True),
        "names": st.none() | st.lists(st.fixed_dictionaries(NAME), min_size=2, max_size=3),
        "name_keys": st.lists(st.sampled_from(["ANA|LEE", "LI|JOSE"]), max_size=2, unique=True),
    }
)
STAY = st.fixed_dictionaries(
    PART
    | NAME
    | {"role": st.sampled_from(["primary", "spouse", "dependent"]), "filed": FILED, "who": st.integers(0, 9)}
)
TEXTS = ", ".join(f"{column} VARCHAR" for column in (*PART, *NAME))
SHAPES = {
    "asked": f"row_number INTEGER, request_id VARCHAR, {TEXTS}, born DATE, tin VARCHAR, filed VARCHAR[], "
    "of_age_on DATE",
    "fetched": "spell BIGINT, address BIGINT, person VARCHAR, taxpayer_id VARCHAR, role VARCHAR, born DATE, "
    f"tins VARCHAR[], names STRUCT({', '.join(f'{column} VARCHAR' for column in NAME)})[], "
    f"name_keys VARCHAR[], {TEXTS}, filed VARCHAR[]",
}


def laid_out(ws, asks, people, stays):
    """`asked`, `fetched` and every pair of them, as narrowing would leave them."""
    persons = [person | {"person": f"P{number}"} for number, person in enumerate(people)]
    rows = {
        "asked": [ask | {"row_number": n, "request_id": f"R{n}"} for n, ask in enumerate(asks, start=1)],
        "fetched": [stay | persons[stay["who"]] | {"spell": n, "address": n} for n, stay in enumerate(stays)],
    }
    for table, shape in SHAPES.items():
        ws.con.execute(f"CREATE TABLE {table} ({shape})")
        names = [name for name, *_ in ws.rows(f"DESCRIBE {table}")]
        marks = ", ".join("?" for _ in names)
        ws.con.executemany(
            f"INSERT INTO {table} VALUES ({marks})", [[row[name] for name in names] for row in rows[table]]
        )
    ws.con.execute("CREATE TABLE pairs AS SELECT row_number, spell FROM asked, fetched")
    load_lists(ws.con)
