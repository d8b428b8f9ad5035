"""Every engine makes the same rows: on tables generated so that people, names and addresses collide."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta

import pytest

from comity.case.tables import IDENTITY, REGISTRY, casting_select
from comity.linkage import LinkageTerms, build_index, link
from comity.linkage.asked import ask, prepare
from comity.linkage.duckdb import DuckDBEngine
from comity.linkage.reference import ReferenceEngine
from comity.review.answers import EVIDENT
from comity.review.votes import SUPPORTED, VOTED_SQL
from comity.workspace import workspace

GIVEN = ("William", "Bill", "Wiliam", "Maria", "Mario", "Maria Jose", "Jose", "W", "Mohammed", "Muhamad", "", "UNKNOWN",
         "Willaim", "Quakenbush")  # fmt: skip
FAMILY = (
    "Silva",
    "Sliva",
    "Silvas",
    "Garcia Lopez",
    "Lopez-Garcia",
    "Garcia",
    "Del Rio",
    "Delrio",
    "Jose",
    "Quakenbush",
    "Quaxxxbush",
    "William",
)
MIDDLE = ("", "", "J", "K", "Jose", "Garcia", "Joseph")
SUFFIX = ("", "", "", "Jr", "Sr", "III")
STREET = (
    *("12 Oak St", "12 Oak Street", "12 Oak", "12 N Oak St", "12 Oak St N", "12 Oak Ave", "12 Oakk St", "12 Oak Stt"),
    *("12 Buttonwood Rd", "12 Butonwood Rd", "12 41st St", "12 42nd St", "PO Box 12", "General Delivery", "21 Oak St"),
    *(
        "12 Oak Sreet",
        "12 Buttonwood Roda",
        "12 Buttonwood Avenoo",
        "12 Buttonwood Ave",
        "Buttonwood Rd",
        "Oak St",
        "12",
        "12 Buttonvvood Rd",
        "12 But1onwood Rd",
        "12 41ts St",
        "12 Oak Zt",
    ),
    *("12 Northwestern Pkwy", "12 Nordhwestern Pkwy", "12 Southwestern Pkwy", "12 Nordheastern Pkwy"),
)
UNIT = ("", "", "", "Apt 4-B", "#4B", "Unit 2")
PLACE = (
    *(("Millville", "OH", "44001"), ("Milville", "OH", "44001"), ("Millville", "OH", "44007"), ("", "OH", "44001")),
    *(("Millville", "OH", ""), ("Millville", "PA", "44001"), ("Fairview", "OH", "44001")),
)
# Days beside each other, one figure of the day or of the year apart, a generation apart, and the first of a month.
BORN = (
    *(date(1999, 1, 1) + timedelta(days=366 * years) for years in range(6)),
    *(date(1971, 5, 14), date(1972, 5, 14), date(1971, 5, 15), date(1991, 5, 14), date(1971, 5, 1), date(1972, 5, 1)),
    *(date(1971, 5, 20), date(1971, 5, 19)),
)
TERMS = [LinkageTerms(evidence, namesake_years=years) for evidence in ("names", "third_identifier", "date_of_birth")
         for years in ("any", "stated")]  # fmt: skip


def person(draw: random.Random) -> dict[str, str]:
    city, state, zip_code = draw.choice(PLACE)
    born = draw.choice(BORN)
    return {
        "given_name": draw.choice(GIVEN),
        "middle_name": draw.choice(MIDDLE),
        "family_name": draw.choice(FAMILY),
        "name_suffix": draw.choice(SUFFIX),
        "street_line": draw.choice(STREET),
        "unit_line": draw.choice(UNIT),
        "city": city,
        "state": state,
        "zip": zip_code,
        "date_of_birth": draw.choice(("", born.isoformat())),
        "tin": draw.choice(("", "", "900-11-000" + str(draw.randrange(4)))),
    }


def request_like(draw: random.Random, known: dict[str, str]) -> dict[str, str]:
    """A request for somebody of record, with about one field in eight drawn anew."""
    fresh = person(draw)
    return {name: fresh[name] if draw.random() < 1 / 8 else known[name] for name in fresh}


def record(draw: random.Random) -> dict[str, str]:
    role = draw.choice(("primary", "primary", "spouse", "dependent"))
    form = draw.choice(("1040", "W2", "5498"))
    return person(draw) | {
        "taxpayer_id": f"T{draw.randrange(40)}", "tax_year": str(draw.choice((2019, 2020, 2021))), "source_form": form,
        "role": role,
    }  # fmt: skip


def register(draw: random.Random, count: int) -> list[dict[str, str]]:
    """Records of which most are an earlier one's relative, double or other year: a field in four drawn anew."""
    records = [record(draw)]
    while len(records) < count:
        fresh, known = record(draw), draw.choice(records)
        kept = [name for name in fresh if name not in ("tax_year", "source_form", "role") and draw.random() < 3 / 4]
        records.append(fresh | {name: known[name] for name in kept if draw.random() < 0.95})
    return records


def written(path, rows, columns):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module", params=[3, 6])
def tables(request, tmp_path_factory):
    return drawn(request.param, tmp_path_factory.mktemp("engines"))


def drawn(seed, home):
    """(directory, requests, settled, index) drawn from a seed."""
    draw = random.Random(seed)
    records = register(draw, 80)
    index = build_index([written(home / "r.csv", records, REGISTRY.names())], home / "index")
    years = ("2020", "2019;2021", "2018")
    asks = [
        request_like(draw, draw.choice(records)) | {"request_id": f"R{n}", "tax_years": draw.choice(years)}
        for n in range(160)
    ]
    source = written(home / "q.csv", asks, IDENTITY.names())
    with workspace(home) as ws:
        ws.con.execute(f"CREATE TABLE text AS FROM read_csv('{source}', header = true, all_varchar = true)")
        ws.con.execute(f"CREATE TABLE asked AS {casting_select(IDENTITY, IDENTITY.names(), 'text')}")
        numbered = "SELECT row_number() OVER (ORDER BY request_id)::INTEGER AS row_number, * FROM asked"
        requests = ws.write("requests", numbered, "row_number")
        settled = ws.write("settled", f"SELECT row_number, 'pass' AS ruling FROM ({numbered})", "row_number")
    return home, requests, settled, index


def made_by(engine, tables, demands=TERMS):
    """What the engine compared, and what it determined under each of the terms."""
    home, requests, settled, index = tables
    with workspace(home, reads=[home]) as ws:
        prepare(ws, requests, settled, index, TERMS[0])
        ask(ws)
        engine.narrow(ws)
        engine.compare(ws)
        columns = ", ".join(sorted(name for name, *_ in ws.rows("DESCRIBE compared")))
        made = {"compared": ws.rows(f"SELECT {columns} FROM compared ORDER BY row_number, spell")}
        for terms in demands:
            engine.determine(ws, terms)
            made[repr(terms)] = ws.rows("SELECT * FROM determined ORDER BY row_number")
    return made


def assert_borne_out(tables, terms, determined, people):
    """Some request is `determined` so, and each that is has somebody among `people`, SQL over `candidates`."""
    home, requests, settled, index = tables
    linked = link(home, requests, settled, index, terms)
    with workspace(home) as ws:
        ws.view("candidates", linked.candidates)
        ws.view("determinations", linked.determinations)
        rows = ws.rows(f"SELECT row_number FROM determinations WHERE determination {determined}")
        assert rows
        assert set(rows) <= set(ws.rows(f"SELECT row_number FROM {people}"))


@pytest.mark.parametrize("terms", TERMS, ids=repr)
def test_whoever_is_confirmed_has_a_record_that_bears_it_out(tables, terms):
    """The answers demand it again (P2), and refuse a whole batch in which one has none."""
    assert_borne_out(tables, terms, "= 'confirmed'", f"determinations JOIN ({EVIDENT}) USING (row_number, person)")


@pytest.mark.parametrize("terms", TERMS, ids=repr)
def test_whoever_is_for_people_has_a_record_on_which_people_may_say_yes(tables, terms):
    """A vote that could only be a no is nobody's work (P2)."""
    assert_borne_out(tables, terms, f"IN {VOTED_SQL}", f"({SUPPORTED})")


def test_sql_and_plain_python_make_the_same_rows(tables):
    by_sql, by_hand = made_by(DuckDBEngine(), tables), made_by(ReferenceEngine(), tables)
    assert by_sql.keys() == by_hand.keys()
    for table, rows in by_sql.items():
        assert rows == by_hand[table], table
    reasons = {row[3] for table, rows in by_sql.items() if table != "compared" for row in rows}
    assert len(reasons) >= 12, "the tables are drawn so that most reasons occur"
