"""A population's registry: who is on a form, in which role, born when, living where."""

from importlib.util import find_spec

import duckdb
import pytest

from comity.case.errors import Usage
from comity.case.tables import REGISTRY
from comity.synthetic import drawing
from comity.synthetic.population import assemble

MAIL = ("number", "street", "unit", "box")
COLUMNS = {
    "1040": "simulant_id household_id first_name middle_initial last_name ssn mailing_address_street_number"
    " mailing_address_street_name mailing_address_unit_number mailing_address_po_box spouse_first_name"
    " spouse_middle_initial spouse_last_name spouse_ssn "
    + " ".join(f"dependent_{n}_{what}" for n in range(1, 5) for what in ("first_name", "last_name", "ssn")),
    "w2": "simulant_id household_id ssn first_name middle_initial last_name mailing_address_street_number"
    " mailing_address_street_name mailing_address_unit_number mailing_address_po_box tax_form",
    "census": "simulant_id household_id first_name middle_initial last_name date_of_birth street_number street_name"
    " unit_number",
    "ssa": "simulant_id ssn date_of_birth event_type",
}
HOME = {
    "mailing_address_street_number": "12",
    "mailing_address_street_name": "acorn st",
}
PARENT = {
    "simulant_id": "P1",
    "household_id": "H",
    "first_name": "Ada",
    "last_name": "Barlowe",
    "ssn": "111-11-1111",
    **HOME,
}
CHILD = {"simulant_id": "P3", "first_name": "Cyd", "last_name": "Barlowe", "ssn": "333-33-3333", **HOME}
ITIN = "944-44-4444"
RETURN = {
    **PARENT,
    "spouse_first_name": "Ben",
    "spouse_last_name": "Barlowe",
    "spouse_ssn": "222-22-2222",
    "dependent_1_first_name": "Cyd",
    "dependent_1_last_name": "Barlowe",
    "dependent_1_ssn": "333-33-3333",
    "dependent_2_first_name": "Dov",
    "dependent_2_last_name": "Barlowe",
    "dependent_2_ssn": ITIN,
}
BORN = {"P1": "19700102", "P2": "19710203", "P3": "20100304"}


def put(directory, name, year, true, noisy=None):
    form = name
    for kind, given in (("true", true), ("noisy", noisy or true)):
        columns = ["place", *COLUMNS[form].split(), "tax_year"]
        values = [[str(n), *(row.get(c) for c in columns[1:-1]), str(year)] for n, row in enumerate(given)]
        con = duckdb.connect()
        con.execute(f"CREATE TABLE t ({', '.join(f'{c} VARCHAR' for c in columns)})")
        if values:
            con.executemany(f"INSERT INTO t VALUES ({', '.join('?' for _ in columns)})", values)
        con.execute(
            f"COPY (SELECT * REPLACE (place::BIGINT AS place) FROM t) TO '{directory}/{form}_{kind}_{year}.parquet'"
        )


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """One household: a couple on a joint return with a child, who has a return of its own and no wage form."""
    directory = tmp_path_factory.mktemp("drawn")
    for year in drawing.TAX_YEARS:
        put(directory, "1040", year, [RETURN, CHILD], [{**RETURN, "last_name": "Barlow", "ssn": None}, CHILD])
        wages = {**PARENT, "tax_form": "W2"}
        put(directory, "w2", year, [wages, wages], [{**wages, "ssn": "999-99-9999"}, wages])
    ssns = {"P1": "111-11-1111", "P2": "222-22-2222", "P3": "333-33-3333"}
    ssa = [{"simulant_id": p, "ssn": ssns[p], "date_of_birth": BORN[p], "event_type": "creation"} for p in BORN]
    put(directory, "ssa", 2021, ssa, [{**ssa[0], "date_of_birth": "not a date"}, *ssa[1:]])
    lives = {"household_id": "H", "street_number": "12", "street_name": "acorn st", "last_name": "Barlowe"}
    census = [
        {"simulant_id": p, "first_name": n, "date_of_birth": f"{d[4:6]}/{d[6:]}/{d[:4]}", **lives}
        for (p, d), n in zip(BORN.items(), ("Ada", "Ben", "Cyd"), strict=True)
    ]
    census.append({"simulant_id": "P4", "first_name": "Dov", "date_of_birth": "05/06/2012", **lives})
    put(directory, "census", 2020, census, [{**census[0], "street_number": "l2"}, *census[1:]])
    return directory


@pytest.fixture(scope="module")
def population(drawn, tmp_path_factory):
    return assemble(tmp_path_factory.mktemp("population"), 3, drawn)


def rows(population, sql, table="registry"):
    return duckdb.sql(sql.replace("TABLE", f"read_parquet('{getattr(population, table)}')")).fetchall()


def test_the_registry_holds_contract_columns_only(population):
    described = {row[0]: row[1] for row in rows(population, "DESCRIBE FROM TABLE")}
    contract = {column.name: column.type for column in REGISTRY.columns}
    assert described.items() <= contract.items()
    assert set(REGISTRY.required()) <= set(described)


def test_spouse_and_dependents_are_the_people_behind_the_noise_free_numbers_or_known_by_name_at_home(population):
    found = rows(
        population, "SELECT taxpayer_id, role, count(*) FROM TABLE WHERE source_form = '1040' GROUP BY ALL ORDER BY 1"
    )
    assert found == [("P1", "primary", 3), ("P2", "spouse", 3), ("P3", "dependent", 3), ("P4", "dependent", 3)]


def test_a_minor_without_a_wage_form_files_no_return(population):
    assert rows(population, "SELECT count(*) FROM TABLE WHERE taxpayer_id = 'P3' AND role <> 'dependent'") == [(0,)]


def test_several_wage_forms_of_one_year_count_as_one(population):
    assert rows(population, "SELECT count(*) FROM TABLE WHERE source_form = 'W2'") == [(3,)]


def test_names_keep_the_form_s_noise_and_addresses_agree_within_a_household(population):
    assert rows(
        population, "SELECT DISTINCT family_name, tin FROM TABLE WHERE source_form = '1040' AND role = 'primary'"
    ) == [("BARLOW", None)]
    assert rows(
        population, "SELECT count(DISTINCT (street_line, city, state, zip)) FROM TABLE WHERE tax_year = 2020"
    ) == [(1,)]


def test_birth_dates_come_from_social_security_and_unreadable_ones_are_absent(population):
    found = rows(population, "SELECT taxpayer_id, any_value(date_of_birth)::VARCHAR FROM TABLE GROUP BY 1 ORDER BY 1")
    assert found == [("P1", None), ("P2", "1971-02-03"), ("P3", "2010-03-04"), ("P4", None)]


def test_only_adults_are_asked_about_at_their_true_address(population):
    found = rows(population, "SELECT person, number, true_number FROM TABLE ORDER BY person", "asked")
    assert found == [("P1", "l2", "12"), ("P2", "12", "12")]


def test_a_missing_package_is_said_with_the_way_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(drawing.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Usage, match=r"SYNTHETIC_EXTRA_MISSING.*comity\[synthetic\]"):
        drawing.draw_all(tmp_path, drawing.draws(1))


def test_a_plan_draws_every_form_noisy_and_true_with_no_seed_twice_among_the_noisy():
    planned = drawing.draws(4)
    assert len({draw.name for draw in planned}) == len(planned) == 16
    assert len({draw.seed for draw in planned if draw.noisy}) == 8


@pytest.mark.skipif(find_spec("pseudopeople") is None, reason="pseudopeople (extra `synthetic`) is not installed")
def test_a_draw_keeps_numbers_as_text_and_tells_how_far_it_is(tmp_path):
    told = []
    (census,) = [draw for draw in drawing.draws(1) if draw.name == "census_true_2020"]
    drawing.draw_all(tmp_path, [census], lambda words, done, of: told.append((done, of)))
    described = dict(
        row[:2] for row in duckdb.sql(f"DESCRIBE FROM read_parquet('{tmp_path}/census_true_2020.parquet')").fetchall()
    )
    assert described["street_number"] == described["zipcode"] == "VARCHAR"
    assert told == [(1, 1)]
