"""Requests about the people of a census: proper ones with a case each, and defective ones whose defect is known."""

from datetime import date

import duckdb
import pytest

from comity.case.tables import REQUESTS
from comity.synthetic import Population, make_requests
from comity.synthetic.defects import identity_defects, paper_defects

DAY = date(2026, 11, 2)
PEOPLE = 4000


def rows(sql):
    return duckdb.sql(sql).fetchall()


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    """Four thousand people, three in a household, all on file in 2020 but every tenth."""
    directory = tmp_path_factory.mktemp("population")
    people = f"""
        SELECT n AS place, 'P' || n AS person, 'Given' || n % 97 AS given, 'M' AS middle, 'Family' || n // 3 AS family,
               (100 + n // 3)::VARCHAR AS number, 'acorn st' AS street, NULL::VARCHAR AS unit,
               DATE '1960-01-01' + (n % 9000)::INTEGER AS born_as_written, 'GIVEN' || n % 97 AS true_given,
               'FAMILY' || n // 3 AS true_family, DATE '1960-01-01' + (n % 9000)::INTEGER AS born,
               (100 + n // 3)::VARCHAR AS true_number, 'acorn st' AS true_street, NULL::VARCHAR AS true_unit,
               '900-70-' || n AS tin_known FROM range({PEOPLE}) t(n)"""
    records = f"""
        SELECT person AS taxpayer_id, 2020 AS tax_year, 'primary' AS role, true_number AS number,
               true_street AS street, true_unit AS unit, true_given AS given, true_family AS family
        FROM ({people}) WHERE place % 10 <> 0"""
    for name, sql in (("asked", people), ("records", records)):
        duckdb.sql(f"COPY ({sql}) TO '{directory / name}.parquet'")
    absent = directory / "registry.parquet"
    return Population(directory, 7, absent, directory / "records.parquet", directory / "asked.parquet")


@pytest.fixture(scope="module")
def made(population, tmp_path_factory):
    return make_requests(population, tmp_path_factory.mktemp("requests"), 7, DAY)


@pytest.fixture(scope="module")
def both(made):
    return f"(FROM read_parquet('{made.requests}') q JOIN read_parquet('{made.truth}') t USING (request_id))"


def test_the_file_follows_the_contract_and_its_ids_are_unique(made):
    described = rows(f"DESCRIBE FROM read_parquet('{made.requests}')")
    assert [(row[0], row[1]) for row in described] == [(column.name, column.type) for column in REQUESTS.columns]
    ids = "SELECT count(DISTINCT request_id), count(*), bool_and(regexp_full_match(request_id, '[A-Z0-9-]{1,26}'))"
    assert rows(f"{ids} FROM read_parquet('{made.requests}')") == [(made.rows, made.rows, True)]
    assert made.rows > PEOPLE


def test_the_same_seed_asks_the_same_and_another_seed_something_else(population, made, tmp_path):
    again, other = tmp_path / "again", tmp_path / "other"
    for directory, seed in ((again, 7), (other, 8)):
        directory.mkdir()
        make_requests(population, directory, seed, DAY)
    written = rows(f"FROM read_parquet('{made.requests}')")
    assert rows(f"FROM read_parquet('{again / 'requests.parquet'}')") == written
    assert rows(f"FROM read_parquet('{other / 'requests.parquet'}')") != written


def test_proper_requests_pass_every_date_and_say_a_reason_of_their_own(both):
    proper = f"SELECT * FROM {both} WHERE defect IS NULL"
    assert rows(
        f"SELECT count(*) FROM ({proper}) WHERE coalesce(court_final_on, order_final_on) + 90 >= DATE '{DAY}'"
        f" OR case_opened_on > DATE '{DAY}' OR statute <> '8 USC 1253(a)(1)' OR elements <> ['address_confirmation']"
        " OR reason LIKE '%{%' OR len(recipients) = 0 OR case_status <> 'OPEN'"
    ) == [(0,)]
    (distinct, count) = rows(f"SELECT count(DISTINCT reason), count(*) FROM ({proper})")[0]
    assert distinct > 0.98 * count


def test_about_one_in_five_is_defective_and_every_named_defect_occurs(both):
    names = {defect.name for kind in (identity_defects(7), paper_defects(7, DAY)) for defect in kind}
    seen = {row[0] for row in rows(f"SELECT DISTINCT unnest(string_split(defect, ';')) FROM {both}")}
    assert seen == names | {"repeated", "second_address"}
    share = rows(f"SELECT count(defect) / count(*) FROM {both}")[0][0]
    assert 0.15 < share < 0.22


@pytest.mark.parametrize(
    ("defect", "holds"),
    [
        ("address_failed_to_provide", "street_line = 'FAILED TO PROVIDE' AND zip IS NOT NULL AND city IS NULL"),
        ("address_does_not_care", "street_line = 'DON''T CARE 12345' AND zip IS NULL"),
        ("address_missing", "street_line IS NULL AND city IS NULL AND zip IS NULL"),
        ("identifier_only", "given_name IS NULL AND street_line IS NULL AND tin IS NOT NULL"),
        ("subject_minor", f"date_of_birth + INTERVAL 18 YEAR > DATE '{DAY}'"),
        ("order_missing", "order_final_on IS NULL AND court_final_on IS NULL"),
        ("ninety_days_not_run", f"order_final_on + 90 >= DATE '{DAY}' AND prong = 'A'"),
        ("period_future", f"list_min(tax_years) > {DAY.year}"),
        ("purpose_civil", "purpose = 'CIVIL_REMOVAL'"),
        ("asks_new_address", "elements = ['new_address']"),
        ("recipient_unknown", "recipients = ['ICE-R999']"),
    ],
)
def test_a_defect_does_what_its_name_says(both, defect, holds):
    found, kept = rows(f"SELECT count(*), count(*) FILTER ({holds}) FROM {both} WHERE defect = '{defect}'")[0]
    assert found == kept > 0


def test_a_request_without_a_name_or_an_address_is_never_confirmable(both):
    assert rows(f"SELECT count(*) FROM {both} WHERE confirmable AND (family_name IS NULL OR street_line IS NULL)") == [
        (0,)
    ]


def test_only_a_person_on_file_at_that_address_in_a_stated_year_is_confirmable(both):
    kinds = rows(
        f"SELECT DISTINCT kind, taxpayer_id IS NOT NULL, list_contains(tax_years, 2020) FROM {both} WHERE confirmable"
    )
    assert kinds == [("same_address", True, True)]


def test_relatives_who_are_on_no_form_are_asked_about_and_never_confirmable(both):
    found = rows(f"SELECT count(*), count(taxpayer_id), bool_or(confirmable) FROM {both} WHERE kind LIKE 'relative%'")
    assert found[0][0] > 150
    assert found[0][1:] == (0, False)


def test_a_second_address_is_the_same_person_under_another_address(both):
    twice = rows(f"""
        SELECT count(*), count(*) FILTER (a.street_line <> b.street_line)
        FROM (FROM {both} WHERE defect = 'second_address') a
        JOIN (FROM {both} WHERE defect IS NULL) b ON a.given_name = b.given_name AND a.family_name = b.family_name
            AND a.date_of_birth = b.date_of_birth""")
    assert twice[0][0] == twice[0][1] >= 20


def test_the_three_named_examples_are_what_the_demo_says_they_are(made, both):
    defects = dict(rows(f"SELECT request_id, defect FROM {both}"))
    assert {name: defects[at] for name, at in made.examples.items()} == {
        "no_final_order": "order_missing",
        "civil_purpose": "purpose_civil",
        "new_address": "asks_new_address",
    }


def test_officers_have_caseloads_that_one_person_can_carry(made):
    own = [who.matters for who in made.recipients if who.agency == "ICE" and who.role != "contractor"]
    assert len(own) > 40
    assert max(own) < 3 * min(own)
    assert made.recipients_file.read_text().count("\n") == len(made.recipients)
