"""Each request's entry accounts for all that the law wants accounted for, and its leaf shows none of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.accounting.bodies import InnerFacts, OuterFacts
from comity.accounting.canonical import canonical_sql, object_sql, text_sql
from comity.accounting.commitments import framed_sql, salt_sql
from comity.accounting.entries import Sources, make_blinds, make_entries
from comity.accounting.errors import LogError
from comity.accounting.leaf import RequestLeaf, commit
from comity.accounting.reading import read_leaves
from comity.case.errors import Integrity
from comity.case.tables import REQUESTS
from comity.workspace import workspace

SECRET = bytes(range(32))
OUTER = OuterFacts(
    batch="B1",
    intent=2,
    submission="S1",
    submission_digest="a" * 64,
    supersedes=None,
    agency="ICE",
    signatory_name="Ada Signatory",
    signatory_office="Assistant Director",
    signatory_basis="26 USC 6103(i)(2)",
    agreement="irs-ice-2025",
    agreement_version="1",
    agreement_digest="b" * 64,
    answer_on=date(2025, 8, 7),
    channel="sealed-reply/1",
)
INNER = InnerFacts(
    registry_digest="c" * 64,
    engine="duckdb",
    code_version="0.1.0",
    office_version=12,
    transmitter="T1",
    countersignatures=("d" * 64, "e" * 64),
    holds=("H-1",),
    at=datetime(2025, 8, 7, 16, tzinfo=UTC),
)
# One row per request: row number, id, family name, reason, recipients; the last two went back to the requester.
REQUEST_ROWS = """
    SELECT row_number::INTEGER AS row_number, request_id, 'Maria' AS given_name, family_name,
        [2019, 2020]::INTEGER[] AS tax_years, DATE '1980-02-03' AS date_of_birth, '8 USC 1253(a)(1)' AS statute,
        'PREP_PROCEEDING' AS purpose, 'CASE-' || row_number AS case_id, DATE '2024-01-02' AS case_opened_on,
        'OPEN' AS case_status, reason, ['address_confirmation'] AS elements, DATE '2025-06-27' AS received_on,
        ['R1', 'R2'] AS recipients
    FROM (VALUES (1, 'Q-1', 'Garc"ia', 'to prepare'), (2, 'Q-2', 'Pe\\u00f1a', 'back\\slash' || chr(31)),
        (3, 'Q-3', 'Roe', 'none'), (4, 'Q-4', 'Poe', 'none')) AS t(row_number, request_id, family_name, reason)
"""
TABLES = {
    "recipients": (
        """SELECT recipient, name, 'ICE' AS agency, 'officer' AS role, 3 AS matters, '500 12th St SW' AS office_address,
        repeat('f', 64) AS certificate FROM (VALUES ('R1', 'Bo One'), ('R2', 'Cy Two')) AS t(recipient, name)""",
        "recipient",
    ),
    "rulings": (
        """SELECT * FROM (VALUES (3, 'Q-3', 'G-30', 'NINETY_DAYS_NOT_RUN', 'return', '8 USC 1253(a)(1)(A)'),
        (3, 'Q-3', 'G-20', 'ADDRESS_MISSING', 'return', '26 USC 6103(i)(2)(B)'),
        (4, 'Q-4', 'G-41', 'SUBJECT_MINOR', 'review', 'policy'))
        AS t(row_number, request_id, gate, code, outcome, clause)""",
        "row_number, gate",
    ),
    "settled": (
        """SELECT * FROM (VALUES (1, 'Q-1', 'pass', []::VARCHAR[], NULL), (2, 'Q-2', 'pass', [], NULL),
        (3, 'Q-3', 'return', ['ADDRESS_MISSING', 'NINETY_DAYS_NOT_RUN'], NULL),
        (4, 'Q-4', 'return', ['SUBJECT_MINOR'], 'examiner')) AS t(row_number, request_id, ruling, codes, settled_by)""",
        "row_number",
    ),
    "determinations": (
        """SELECT * FROM (VALUES (1, 'Q-1', 'confirmed', 'all agree', 'P1', 'T1', 1),
        (2, 'Q-2', 'unclear', 'initial only', 'P2', 'T2', 3))
        AS t(row_number, request_id, determination, reason, person, taxpayer_id, candidates)""",
        "row_number",
    ),
    "verdicts": ("SELECT 2 AS row_number, 'not_same' AS verdict, NULL::VARCHAR AS person", "row_number"),
    "answers": (
        """SELECT * FROM (VALUES (1, 'Q-1', 'CONFIRMED', []::VARCHAR[], ['R1', 'R2']),
        (2, 'Q-2', 'NO_DISCLOSURE', [], ['R2']), (3, 'Q-3', 'RETURNED', ['ADDRESS_MISSING', 'NINETY_DAYS_NOT_RUN'], []),
        (4, 'Q-4', 'RETURNED', ['SUBJECT_MINOR'], [])) AS t(row_number, request_id, answer, codes, recipients)""",
        "row_number",
    ),
    "pseudonyms": ("SELECT 1 AS row_number, repeat('9', 64) AS taxpayer", "row_number"),
}


@pytest.fixture
def write(tmp_path):
    def write(kind, sql, order_by):
        with workspace(tmp_path) as ws:
            return ws.write(kind, sql, order_by)

    return write


@pytest.fixture
def sources(tmp_path, write) -> Sources:
    made = {kind: write(kind, *table) for kind, table in TABLES.items()}
    absent = ", ".join(f"NULL::{c.type} AS {c.name}" for c in REQUESTS.columns if c.name not in REQUEST_ROWS)
    columns = ", ".join(REQUESTS.names())
    requests = write(
        "requests",
        f"SELECT row_number, {columns}, received_on FROM (SELECT *, {absent} FROM ({REQUEST_ROWS}))",
        "row_number",
    )
    return Sources(requests=requests, **made)


@pytest.fixture
def accounting(tmp_path, sources):
    return make_entries(tmp_path, sources, OUTER, INNER, SECRET)


@pytest.fixture
def entries(tmp_path, accounting):
    with workspace(tmp_path) as ws:
        ws.view("accounting", accounting)
        found = ws.con.execute("FROM accounting ORDER BY row_number")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_there_is_one_entry_for_every_answer(entries):
    assert [(entry["row_number"], entry["request_id"]) for entry in entries] == [(n, f"Q-{n}") for n in (1, 2, 3, 4)]


def test_a_body_is_rfc_8785_json(entries):
    for entry in entries:
        for body in (entry["outer_body"], entry["inner_body"]):
            assert rfc8785.dumps(json.loads(body)).decode() == body


def test_a_leaf_commits_to_both_bodies_and_shows_neither(accounting, entries, tmp_path):
    with workspace(tmp_path) as ws:
        ws.view("accounting", accounting)
        leaves = list(read_leaves(ws))
    for entry, leaf in zip(entries, leaves, strict=True):
        outer = commit(entry["outer_salt"], entry["outer_body"].encode())
        inner = commit(entry["inner_salt"], entry["inner_body"].encode())
        assert leaf == RequestLeaf(outer, inner).encode()


@pytest.mark.parametrize("spoiled", ["NULL::BLOB AS outer_salt", "NULL::VARCHAR AS inner_body", "1 AS row_number"])
def test_no_leaf_is_made_of_an_entry_that_is_not_whole_or_stands_twice(accounting, tmp_path, spoiled):
    with workspace(tmp_path) as ws:
        ws.view("whole", accounting)
        ws.con.execute(f"CREATE TABLE accounting AS SELECT * REPLACE ({spoiled}) FROM whole")
        with pytest.raises(LogError) as refused:
            list(read_leaves(ws))
    assert refused.value.code == "ACCOUNTING_UNREADABLE"


def test_every_salt_is_of_its_own(entries):
    salts = [entry[side] for entry in entries for side in ("outer_salt", "inner_salt")]
    assert len(set(salts)) == 8
    assert {len(salt) for salt in salts} == {32}
    assert entries[0]["outer_salt"] == sha256(b"comity/salt/1\n" + SECRET.hex().encode() + b"\nouter\n1").digest()


def test_the_requester_reads_what_it_asked_and_what_was_answered(entries):
    outer = json.loads(entries[0]["outer_body"])
    assert (outer["answer"], outer["codes"]) == ("CONFIRMED", [])
    assert outer["particulars"]["reason"] == "to prepare"
    assert outer["particulars"]["tax_years"] == [2019, 2020]
    assert outer["elements"] == {"asked": ["address_confirmation"], "disclosed": ["address_confirmation"]}
    assert [person["name"] for person in outer["recipients"]] == ["Bo One", "Cy Two"]
    assert outer["facts"] == OUTER.digest


def test_nothing_in_an_outer_body_tells_why_there_was_no_disclosure(entries):
    outer, inner = json.loads(entries[1]["outer_body"]), json.loads(entries[1]["inner_body"])
    assert (outer["answer"], outer["codes"], outer["elements"]["disclosed"]) == ("NO_DISCLOSURE", [], [])
    assert not {"unclear", "initial only", "not_same"} & set(entries[1]["outer_body"].split('"'))
    assert inner["linkage"] == {
        "candidates": 3,
        "determination": "unclear",
        "reason": "initial only",
        "verdict": "not_same",
    }


def test_no_body_holds_a_name_of_the_person_asked_about(entries):
    for entry in entries:
        for name in ("Maria", "Garc", "1980-02-03"):
            assert name not in entry["outer_body"] + entry["inner_body"]


def test_the_identity_that_was_asked_about_can_be_shown_to_be_the_one(entries, sources, tmp_path):
    with workspace(tmp_path) as ws:
        ws.view("requests", sources.requests)
        names = [column.name for column in REQUESTS.columns if column.identity]
        dates = {"date_of_birth": "date_of_birth::VARCHAR AS date_of_birth"}
        rows = ws.rows(f"SELECT {', '.join(dates.get(name, name) for name in names)} FROM requests ORDER BY row_number")
    for row, entry in zip(rows, entries, strict=True):
        expected = sha256(rfc8785.dumps(dict(zip(names, row, strict=True)))).hexdigest()
        assert json.loads(entry["outer_body"])["request"]["identity_digest"] == expected


def test_the_rulings_of_a_returned_request_are_accounted_for(entries):
    inner = json.loads(entries[2]["inner_body"])
    assert [failed["gate"] for failed in inner["gates"]["failed"]] == ["G-20", "G-30"]
    assert inner["linkage"]["determination"] is None
    assert json.loads(entries[3]["inner_body"])["gates"]["by"] == "examiner"
    assert json.loads(entries[3]["outer_body"])["codes"] == ["SUBJECT_MINOR"]


# The minimum accounting entry, item by item, and where each item is: a body, its facts, or the log around the leaf.
MINIMUM = {
    "entry id": ("outer", "entry"),
    "request id": ("outer", "request.id"),
    "request hash": ("outer", "request.identity_digest"),
    "batch id": ("outer facts", "batch"),
    "received-at": ("outer", "received_on"),
    "requester agency": ("outer facts", "agency"),
    "signatory": ("outer facts", "signatory_name"),
    "authority": ("outer facts", "signatory_basis"),
    "reason": ("outer", "particulars.reason"),
    "statute": ("outer", "particulars.statute"),
    "taxable periods": ("outer", "particulars.tax_years"),
    "taxpayer reference": ("inner", "taxpayer"),
    "elements disclosed": ("outer", "elements.disclosed"),
    "response code": ("outer", "answer"),
    "reason codes": ("outer", "codes"),
    "recipients": ("outer", "recipients"),
    "decision": ("inner", "linkage.determination"),
    "gate results": ("inner", "gates.failed"),
    "rule-set version": ("outer facts", "agreement_digest"),
    "approver": ("inner facts", "countersignatures"),
    "transmitter": ("inner facts", "transmitter"),
    "channel": ("outer facts", "channel"),
    "package hash": ("outer facts", "submission_digest"),
    "hold status checked": ("inner facts", "holds"),
    "timestamp": ("inner facts", "at"),
    "date of the answer": ("outer facts", "answer_on"),
    "what it supersedes": ("outer facts", "supersedes"),
    "registry": ("inner facts", "registry_digest"),
    "engine": ("inner facts", "engine"),
    "code": ("inner facts", "code_version"),
    "office version": ("inner facts", "office_version"),
}


@pytest.mark.parametrize("item", MINIMUM)
def test_every_item_of_the_minimum_accounting_entry_has_its_place(entries, item):
    side, path = MINIMUM[item]
    document = {
        "outer": lambda: json.loads(entries[0]["outer_body"]),
        "inner": lambda: json.loads(entries[0]["inner_body"]),
        "outer facts": lambda: json.loads(OUTER.encode()),
        "inner facts": lambda: json.loads(INNER.encode()),
    }[side]()
    for name in path.split("."):
        assert name in document
        document = document[name]


def test_a_recipient_is_named_with_agency_and_address(entries):
    (person,) = json.loads(entries[1]["outer_body"])["recipients"]
    assert person == {"address": "500 12th St SW", "agency": "ICE", "id": "R2", "name": "Cy Two", "role": "officer"}


def test_every_body_names_the_facts_of_its_batch_by_their_digest(entries):
    assert json.loads(entries[0]["inner_body"])["facts"] == INNER.digest == sha256(INNER.encode()).hexdigest()
    assert OUTER.digest != replace(OUTER, intent=3).digest
    assert rfc8785.dumps(json.loads(OUTER.encode())) == OUTER.encode()


@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        ("answers", "FROM answers WHERE row_number < 4"),
        ("answers", "SELECT * REPLACE ('Q-9' AS request_id) FROM answers"),
        ("answers", "FROM answers UNION ALL FROM answers"),
        ("answers", "SELECT * REPLACE (['R9'] AS recipients) FROM answers"),
        ("settled", "FROM settled WHERE row_number > 1"),
        ("settled", "FROM settled UNION ALL FROM settled"),
        ("determinations", "FROM determinations WHERE row_number > 1"),
        ("determinations", "SELECT * REPLACE (3 AS row_number) FROM determinations WHERE row_number = 1"),
        ("verdicts", "FROM verdicts UNION ALL FROM verdicts"),
        ("pseudonyms", "FROM pseudonyms UNION ALL FROM pseudonyms"),
    ],
)
def test_sources_that_speak_of_different_requests_make_no_entries(tmp_path, sources, kind, sql):
    with workspace(tmp_path) as ws:
        ws.view(kind, getattr(sources, kind))
        changed = ws.write(kind, sql, "row_number")
    with pytest.raises(Integrity, match="ACCOUNTING_INCOMPLETE"):
        make_entries(tmp_path, replace(sources, **{kind: changed}), OUTER, INNER, SECRET)


def test_a_secret_that_is_too_short_makes_no_salt(tmp_path, sources):
    with pytest.raises(Integrity, match="ACCOUNTING_INCOMPLETE"):
        make_entries(tmp_path, sources, OUTER, INNER, b"short")


def test_each_recipient_and_the_signatory_has_a_blind(tmp_path, sources):
    blinds = make_blinds(tmp_path, sources.recipients, SECRET)
    with workspace(tmp_path) as ws:
        ws.view("blinds", blinds)
        rows = ws.rows("SELECT recipient, blind FROM blinds ORDER BY recipient")
    assert [recipient for recipient, _ in rows] == ["R1", "R2", "signatory"]
    assert len({bytes(blind) for _, blind in rows}) == 3
    assert {len(blind) for _, blind in rows} == {32}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('\\"u000B\x0b\x1f/\x7f\u2028'), max_size=12)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(TEXTS, st.none() | TEXTS, st.lists(TEXTS, max_size=3), st.integers(0, 2**53 - 1)), min_size=1)
)
def test_json_made_in_sql_is_what_the_library_makes(duck, rows):
    duck.execute("CREATE OR REPLACE TABLE drawn (zeta VARCHAR, a VARCHAR, mid VARCHAR[], n BIGINT)")
    duck.executemany("INSERT INTO drawn VALUES (?, ?, ?, ?)", [list(row) for row in rows])
    inside = object_sql({"zeta": "zeta", "a": "a"})
    made = object_sql({"mid": "mid", "b": inside, "n": "n", "Upper": "true", "list": f"[{inside}]"})
    sql = f"SELECT {canonical_sql('j')} FROM (SELECT to_json({made})::VARCHAR AS j FROM drawn)"
    expected = [
        rfc8785.dumps({"mid": mid, "b": {"zeta": z, "a": a}, "n": n, "Upper": True, "list": [{"zeta": z, "a": a}]})
        for z, a, mid, n in rows
    ]
    assert [row[0].encode() for row in duck.execute(sql).fetchall()] == expected


@settings(max_examples=30, deadline=None)
@given(TEXTS, st.binary(min_size=32, max_size=32))
def test_what_is_framed_in_sql_is_what_a_commitment_hashes(duck, body, salt):
    sql = f"SELECT {framed_sql('salt', 'body')} FROM (SELECT ?::BLOB AS salt, ?::VARCHAR AS body)"
    (framed,) = duck.execute(sql, [salt, body]).fetchone()
    assert sha256(framed).hexdigest() == commit(salt, body.encode())


@given(st.none() | TEXTS.filter(lambda text: "\x00" not in text))
def test_a_literal_is_read_as_the_text_it_was(duck, text):
    assert duck.execute(f"SELECT {text_sql(text)}").fetchone() == (text,)


def test_a_salt_depends_on_secret_side_and_row(duck):
    made = {
        duck.execute(f"SELECT {salt_sql(*parts)}").fetchone()
        for parts in [("'s'", "1", "outer"), ("'t'", "1", "outer"), ("'s'", "2", "outer"), ("'s'", "1", "inner")]
    }
    assert len(made) == 4
