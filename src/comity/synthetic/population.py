"""A registry of fictional taxpayers, drawn from pseudopeople's tax forms, with the truth kept beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from comity.synthetic.drawing import CENSUS_YEAR, TAX_YEARS, Progress, draw_all, draws
from comity.synthetic.places import place_sql, slip_city, slip_state, slip_zip, towns_sql
from comity.workspace import Workspace, quoted, workspace

_FORMS = ("1040", "w2")
_DEPENDENTS = range(1, 5)


@dataclass(frozen=True)
class Population:
    """Fictional people on file.

    Files: `registry` (the REGISTRY contract), `records` (who is truly on which form, at which noise-free address),
    `asked` (census rows as the survey wrote them, with the person's true address, birth and number).
    """

    directory: Path
    seed: int
    registry: Path
    records: Path
    asked: Path


def make_population(directory: Path, seed: int, progress: Progress | None = None) -> Population:
    """Draw a population and write its registry to `directory`; the same seed writes the same rows.

    1040 and W-2/1099 forms of 2019 to 2021 with pseudopeople's default noise, birth dates joined from its
    social-security data (with that data's noise), one row per person and form: primary, spouse, dependent. Under-18s
    without a W-2 or 1099 of their own file nothing: the package gives most children a 1040 row, which is dropped.
    Raises Usage `SYNTHETIC_EXTRA_MISSING`.
    """
    drawn = directory / "drawn"
    draw_all(drawn, draws(seed), progress)
    return assemble(directory, seed, drawn)


def assemble(directory: Path, seed: int, drawn: Path) -> Population:
    """Write registry, records and asked to `directory` from the draws in `drawn` (see `drawing.draws`)."""
    names = ("registry", "records", "asked")
    registry, records, asked = (directory / f"{name}.parquet" for name in names)
    with workspace(directory, reads=[drawn]) as ws:
        _read(ws, drawn)
        for name, sql in _steps(seed):
            ws.con.execute(f"CREATE TEMP TABLE {name} AS {sql}")
        for name, path in zip(names, (registry, records, asked), strict=True):
            ws.con.execute(f"COPY (FROM {name} ORDER BY ALL) TO {quoted(path)} (FORMAT parquet)")
    return Population(directory, seed, registry, records, asked)


def _read(ws: Workspace, drawn: Path) -> None:
    for form in _FORMS:
        for kind in ("noisy", "true"):
            files = ", ".join(quoted(drawn / f"{form}_{kind}_{year}.parquet") for year in TAX_YEARS)
            ws.con.execute(f"CREATE VIEW {kind}_{form} AS FROM read_parquet([{files}])")
    for kind in ("noisy", "true"):
        census, ssa = drawn / f"census_{kind}_{CENSUS_YEAR}.parquet", drawn / f"ssa_{kind}_{TAX_YEARS[-1]}.parquet"
        ws.con.execute(f"CREATE VIEW {kind}_census AS FROM read_parquet({quoted(census)})")
        ws.con.execute(f"CREATE VIEW {kind}_ssa AS FROM read_parquet({quoted(ssa)}) WHERE event_type = 'creation'")


def _steps(seed: int) -> list[tuple[str, str]]:
    return [
        ("births", _BIRTHS),
        ("numbers", _NUMBERS),
        ("housemates", _HOUSEMATES),
        ("wage_forms", _WAGE_FORMS),
        ("returns", _RETURNS),
        ("people", " UNION ALL BY NAME ".join(_people())),
        ("registry", _registry(seed)),
        ("records", _RECORDS),
        ("asked", _ASKED),
    ]


# One row per simulant: born truly, and as the social-security data says.
_BIRTHS = """
    SELECT simulant_id,
           coalesce(try_strptime(s.date_of_birth, '%Y%m%d'), try_strptime(c.date_of_birth, '%m/%d/%Y'))::DATE AS born,
           try_strptime(n.date_of_birth, '%Y%m%d')::DATE AS born_on_file
    FROM true_ssa s FULL JOIN true_census c USING (simulant_id) LEFT JOIN noisy_ssa n USING (simulant_id)
"""

# Wage forms are left out: one in thirty carries somebody else's number.
_NUMBERS = """
    SELECT ssn, min_by(simulant_id, (trust, simulant_id)) AS simulant_id FROM (
        SELECT ssn, simulant_id, 1 AS trust FROM true_ssa UNION ALL SELECT ssn, simulant_id, 2 FROM true_1040
    ) WHERE ssn IS NOT NULL GROUP BY ssn
"""

# Whoever has no number of the social-security data and never files is known by name within the household.
_HOUSEMATES = """
    SELECT household_id, first_name, last_name, any_value(simulant_id) AS simulant_id FROM (
        SELECT household_id, first_name, last_name, simulant_id FROM true_census
        UNION ALL SELECT household_id, first_name, last_name, simulant_id FROM true_w2
    ) GROUP BY ALL HAVING count(DISTINCT simulant_id) = 1
"""

# Several employers send the same form about one person: the first is kept.
_WAGE_FORMS = """
    SELECT n.*, c.mailing_address_street_number AS true_number, c.mailing_address_street_name AS true_street,
           c.mailing_address_unit_number AS true_unit, c.mailing_address_po_box AS true_box,
           c.first_name AS true_given, c.last_name AS true_family
    FROM (SELECT * FROM noisy_w2
          QUALIFY row_number() OVER (PARTITION BY simulant_id, tax_year, tax_form ORDER BY place) = 1) n
    JOIN (SELECT * FROM true_w2 QUALIFY row_number() OVER (PARTITION BY simulant_id, tax_year ORDER BY place) = 1) c
        USING (simulant_id, tax_year)
"""

_RETURNS = f"""
    SELECT n.*, c.mailing_address_street_number AS true_number, c.mailing_address_street_name AS true_street,
           c.mailing_address_unit_number AS true_unit, c.mailing_address_po_box AS true_box,
           c.first_name AS true_given, c.last_name AS true_family, c.spouse_ssn AS true_spouse_ssn,
           c.spouse_first_name AS true_spouse_given, c.spouse_last_name AS true_spouse_family,
           {", ".join(f"c.dependent_{n}_ssn AS true_dependent_{n}_ssn" for n in _DEPENDENTS)},
           {", ".join(f"c.dependent_{n}_first_name AS true_dependent_{n}_given" for n in _DEPENDENTS)},
           {", ".join(f"c.dependent_{n}_last_name AS true_dependent_{n}_family" for n in _DEPENDENTS)}
    FROM noisy_1040 n JOIN true_1040 c USING (simulant_id, tax_year) LEFT JOIN births b USING (simulant_id)
    WHERE b.born IS NULL
       OR b.born + INTERVAL 18 YEAR <= make_date(tax_year::INTEGER, 12, 31)
       OR EXISTS (FROM wage_forms w WHERE w.simulant_id = n.simulant_id AND w.tax_year = n.tax_year)
"""

_ADDRESS = """
    simulant_id AS form_of, tax_year::INTEGER AS tax_year, mailing_address_street_number AS number,
    mailing_address_street_name AS street, mailing_address_unit_number AS unit, mailing_address_po_box AS box,
    true_number, true_street, true_unit, true_box
"""


def _people() -> list[str]:
    wage = f"""SELECT simulant_id AS taxpayer_id, coalesce(tax_form, 'W2') AS source_form, 'primary' AS role,
        first_name, middle_initial AS middle, last_name, ssn, true_given, true_family, {_ADDRESS} FROM wage_forms"""
    primary = f"""SELECT simulant_id AS taxpayer_id, '1040' AS source_form, 'primary' AS role, first_name,
        middle_initial AS middle, last_name, ssn, true_given, true_family, {_ADDRESS} FROM returns"""
    dependents = [_listed("dependent", f"dependent_{n}", "NULL::VARCHAR") for n in _DEPENDENTS]
    return [wage, primary, _listed("spouse", "spouse", "spouse_middle_initial"), *dependents]


def _listed(role: str, prefix: str, middle: str) -> str:
    """A person whom somebody else's return lists, known by the noise-free number on it, else by name at home."""
    return f"""SELECT coalesce(k.simulant_id, m.simulant_id, 'U-' || md5(true_{prefix}_ssn)) AS taxpayer_id,
        '1040' AS source_form, '{role}' AS role, r.{prefix}_first_name AS first_name, {middle} AS middle,
        r.{prefix}_last_name AS last_name,
        {prefix}_ssn AS ssn, true_{prefix}_given AS true_given, true_{prefix}_family AS true_family,
        {_ADDRESS.replace("simulant_id AS", "r.simulant_id AS")}
        FROM returns r LEFT JOIN numbers k ON k.ssn = true_{prefix}_ssn
        LEFT JOIN housemates m ON m.household_id = r.household_id AND m.first_name = true_{prefix}_given
            AND m.last_name = true_{prefix}_family
        WHERE true_{prefix}_ssn IS NOT NULL"""


def _registry(seed: int) -> str:
    form = "concat_ws('|', form_of, tax_year, source_form)"
    return f"""
        SELECT taxpayer_id, tax_year, source_form, role, upper(first_name) AS given_name, upper(middle) AS middle_name,
               upper(last_name) AS family_name, NULL::VARCHAR AS name_suffix,
               upper(nullif(coalesce('PO BOX ' || box, concat_ws(' ', number, street)), '')) AS street_line,
               upper(unit) AS unit_line, upper({slip_city(seed, form)}) AS city, {slip_state(seed, form)} AS state,
               {slip_zip(seed, form)} AS zip, b.born_on_file AS date_of_birth, ssn AS tin
        FROM people p JOIN {towns_sql()} ON place = {place_sql("true_number", "true_street", "true_box")}
        LEFT JOIN births b ON b.simulant_id = p.taxpayer_id
    """


_RECORDS = """
    SELECT DISTINCT taxpayer_id, tax_year, role, true_number AS number, true_street AS street, true_unit AS unit,
           upper(true_given) AS given, upper(true_family) AS family
    FROM people WHERE true_street IS NOT NULL OR true_box IS NOT NULL
"""

# Adults of the census as the survey wrote them. A person counted twice carries the address of the household that
# counted them: that is where the survey row truly points.
_ASKED = f"""
    SELECT n.place, n.simulant_id AS person, n.first_name AS given, n.middle_initial AS middle, n.last_name AS family,
           n.street_number AS number, n.street_name AS street, n.unit_number AS unit,
           try_strptime(n.date_of_birth, '%m/%d/%Y')::DATE AS born_as_written,
           upper(t.first_name) AS true_given, upper(t.last_name) AS true_family, b.born,
           h.street_number AS true_number, h.street_name AS true_street, h.unit_number AS true_unit, k.ssn AS tin_known
    FROM noisy_census n JOIN true_census t USING (simulant_id) JOIN births b USING (simulant_id)
    JOIN (SELECT DISTINCT household_id, street_number, street_name, unit_number FROM true_census) h
        ON h.household_id = n.household_id
    LEFT JOIN (SELECT simulant_id, min(ssn) AS ssn FROM numbers GROUP BY ALL) k ON k.simulant_id = n.simulant_id
    WHERE b.born + INTERVAL 18 YEAR <= DATE '{CENSUS_YEAR}-04-01'
"""
