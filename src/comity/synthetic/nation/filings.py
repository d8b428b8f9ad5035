"""What the made-up nation files: who is on which form of which year, at which home, written how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.synthetic.nation.households import FIRST_CHILD, HEAD, LAST_CHILD, PARTNER, RELATIVE
from comity.synthetic.nation.numbers import number_sql
from comity.synthetic.nation.places import home_place
from comity.synthetic.nation.slips import slipped

if TYPE_CHECKING:
    from comity.synthetic.nation.draws import Draws
    from comity.synthetic.nation.places import Map
    from comity.synthetic.nation.rates import Rates

FORMS = ("1040", "W2", "1099")
_NEAR = 1023
_STEP = 715_827_883
_MASK = (1 << 31) - 1


def lived_sql(draws: Draws, rates: Rates, people: str, nation: Map, years: range) -> str:
    """A SELECT of one row per person of the table `people` and year: the home lived in, and who stays unlisted.

    Two households that move change places, so that nobody's home is ever empty and a home's earlier people are found
    at another address. A grown child who leaves joins another household.
    """
    source, homes = f"(SELECT *, h::BIGINT AS home_0 FROM {people})", ["home_0"]
    for year in years[1:]:
        near = _exchanged_near(draws, rates, homes[-1], nation, year)
        far = _exchanged_far(draws, rates, f"near_{year}", nation, year)
        source = f"(SELECT *, {far} AS home_{year} FROM (SELECT *, {near} AS near_{year} FROM {source}))"
        homes.append(f"home_{year}")
    by_year = ", ".join(homes)
    left = " ".join(
        f"WHEN {draws.happens(f'leaves {year}', 'pid', rates['leaves_home'])} THEN {year}" for year in years[1:]
    )
    grown = f"kind = 'adult_children' AND member BETWEEN {FIRST_CHILD} AND {LAST_CHILD}"
    return f"""
SELECT * REPLACE (CASE WHEN left_in <= tax_year THEN {_other_home(draws, "home", nation)} ELSE home END AS home),
    coalesce(left_in <= tax_year, FALSE) AS gone, tax_year - born AS age,
    (pid + (tax_year - {years[0]}) * {_STEP}) & {_MASK} AS form_key
FROM (
    SELECT p.* EXCLUDE ({by_year}), [{by_year}][nth + 1] AS home, {years[0]} + nth AS tax_year
    FROM (SELECT *, CASE WHEN NOT ({grown}) THEN NULL {left} END AS left_in,
        {draws.happens("never files", "pid", rates["never_files"])} AS never_files FROM {source}) AS p
    CROSS JOIN (SELECT unnest(range({len(years)}))::INTEGER AS nth)
)
"""


def _exchanged_near(draws: Draws, rates: Rates, home: str, nation: Map, year: int) -> str:
    """The home after those who move nearby have changed places; both sides draw by the lesser home, so both move."""
    near = f"xor({home}, 1 + {draws.below(f'near {year}', f'({home} >> 10)', _NEAR)})"
    moves = draws.happens(f"moves near {year}", f"least({home}, {near})", rates["moves"] * rates["moves_near"])
    return f"CASE WHEN {near} < {nation.homes} AND {moves} THEN {near} ELSE {home} END"


def _exchanged_far(draws: Draws, rates: Rates, home: str, nation: Map, year: int) -> str:
    """The home after those who move far have changed places, which is a second exchange of its own."""
    far = _other_home(draws, home, nation, str(year))
    moves = draws.happens(f"moves far {year}", f"least({home}, {far})", rates["moves"] * (1 - rates["moves_near"]))
    return f"CASE WHEN {moves} THEN {far} ELSE {home} END"


def _other_home(draws: Draws, home: str, nation: Map, salt: str = "leaving") -> str:
    """Another home anywhere in the nation; the other home of that one is `home` again."""
    mask = int.from_bytes(salt.encode().ljust(8, b".")[:8], "big") * (2 * draws.seed + 1) % nation.homes | 1
    other = f"xor({home}, {mask})"
    return f"CASE WHEN {other} < {nation.homes} THEN {other} ELSE {home} END"


def forms_sql(draws: Draws, rates: Rates, lived: str) -> str:
    """A SELECT of one row per person of `lived` on a form: source_form, role."""
    informed = draws.happens("informed", "form_key", rates["information_return"])
    return f"""
SELECT * EXCLUDE (return_role, works, informed, form, head_files), {_FORM_LIST}[form + 1] AS source_form,
    CASE form WHEN 0 THEN return_role ELSE 'primary' END AS role, (form_key + form * 178956971) & {_MASK} AS row_key
FROM (
    SELECT *, {_role_on_return(draws, rates)} AS return_role,
        NOT never_files AND age BETWEEN 16 AND 69 AND {_works(draws, rates)} AS works,
        NOT never_files AND age >= 18 AND {informed} AS informed
    FROM (SELECT *, {_head_files(draws, rates)} AS head_files FROM {lived})
) CROSS JOIN (SELECT unnest(range(3))::INTEGER AS form)
WHERE CASE form WHEN 0 THEN return_role IS NOT NULL WHEN 1 THEN works ELSE informed END
"""


_FORM_LIST = "['1040', 'W2', '1099']"
_YEAR_OF_HOUSE = f"((h * 8 + (form_key - pid)) & {_MASK})"


def _head_files(draws: Draws, rates: Rates) -> str:
    return (
        f"NOT {draws.happens('never files', '(h * 8)', rates['never_files'])}"
        f" AND NOT {draws.happens('misses', _YEAR_OF_HOUSE, rates['misses_year'])}"
    )


def _role_on_return(draws: Draws, rates: Rates) -> str:
    """The head files with the partner; children are listed, grown children and lodgers file by themselves."""
    listed = draws.happens("listed", "pid", rates["listed_adult"])
    misses = draws.happens("misses alone", "form_key", rates["misses_year"])
    return f"""CASE WHEN head_files AND member = {HEAD} THEN 'primary' WHEN member = {HEAD} THEN NULL
        WHEN head_files AND member = {PARTNER} THEN 'spouse'
        WHEN age < 19 AND member > {PARTNER} THEN CASE WHEN head_files AND age >= 0 THEN 'dependent' END
        WHEN member > {PARTNER} AND NOT gone AND (age < 24 OR (member = {RELATIVE} AND kind = 'extended')) AND {listed}
            THEN CASE WHEN head_files THEN 'dependent' END
        WHEN never_files OR {misses} THEN NULL ELSE 'primary' END"""


def _works(draws: Draws, rates: Rates) -> str:
    usual, young = rates["wages"], rates["wages"] / 3
    return f"{draws.share('works', 'form_key')} < CASE WHEN age < 19 THEN {young} ELSE {usual} END"


def registry_sql(draws: Draws, rates: Rates, forms: str) -> str:
    """A SELECT of the REGISTRY contract's columns for the rows of the table `forms`."""
    return f"""
SELECT taxpayer_id, tax_year, source_form, role, given_name, middle_name, family_name, name_suffix,
    CASE WHEN box THEN 'PO BOX ' || (100 + (home & 8191)) WHEN in_line AND unit_written IS NOT NULL
        THEN number || ' ' || street_written || ' ' || unit_written
        ELSE number || ' ' || street_written END AS street_line,
    CASE WHEN NOT box AND NOT in_line THEN unit_written END AS unit_line, city, state, zip, date_of_birth, tin
FROM (SELECT *, CASE WHEN unit IS NOT NULL AND NOT unit_unwritten THEN {_UNIT_WORDS} || unit END AS unit_written,
        written_how % 16 < 9 AS in_line FROM ({_written(draws, rates, forms)}))
"""


# Parts of one draw that no other part depends on, by place in the number.
_UNIT_WORDS = "['APT ', 'APT ', 'UNIT ', '# '][1 + (written_how // 16) % 4]"
_LONG_TYPE = "(written_how // 64) % 7 = 0"


def _written(draws: Draws, rates: Rates, forms: str) -> str:
    wrong = rates["typed_wrong"]
    drawn = {"given_drawn": "given slips", "family_drawn": "family slips", "street_drawn": "street slips"}
    numbers = ", ".join(f"{draws.bits(salt, 'row_key')} AS {name}" for name, salt in drawn.items())
    return f"""
SELECT taxpayer_id, tax_year, source_form, role, home, {slipped("given", "given_drawn", wrong)} AS given_name,
    {_middle(draws, rates)} AS middle_name, {slipped("family_then", "family_drawn", wrong)} AS family_name,
    CASE WHEN NOT (junior OR senior) OR role = 'dependent' THEN NULL
        WHEN junior AND {draws.happens("jr", "row_key", rates["suffix_written"])} THEN 'JR'
        WHEN senior AND {draws.happens("sr", "row_key", rates["senior_written"])} THEN 'SR' END AS name_suffix,
    {home_place(draws, rates, "home")}, {slipped("street_then", "street_drawn", wrong)} AS street_written,
    {draws.happens("box", "home", rates["po_box"])} AS box, city, state, zip, written_how,
    CASE WHEN birth_drawn >= CASE WHEN role = 'dependent' THEN {round(rates["dependent_birth_unknown"] * (1 << 31))}
        ELSE {round(rates["birth_unknown"] * (1 << 31))} END THEN birth_date END AS date_of_birth,
    {_tin(draws, rates)} AS tin
FROM (
    SELECT *, CASE WHEN tax_year < married_in THEN maiden ELSE family END AS family_then,
        CASE WHEN {_LONG_TYPE} THEN street_long ELSE street END AS street_then
    FROM (SELECT f.*, b.*, {numbers}, {draws.bits("written how", "row_key")} AS written_how
        FROM {forms} AS f JOIN blocks AS b ON b.block = f.home >> 6)
) AS b
"""


def _middle(draws: Draws, rates: Rates) -> str:
    unwritten = draws.happens("middle unwritten", "row_key", rates["middle_unwritten"])
    full = draws.happens("middle in full", "pid", rates["middle_in_full"])
    return f"CASE WHEN middle IS NULL OR {unwritten} THEN NULL WHEN {full} THEN middle ELSE initial END"


def _tin(draws: Draws, rates: Rates) -> str:
    """One's own number, or on a W-2 somebody else's; a split person had another number in even years."""
    shared = draws.happens("shared", "form_key", rates["tin_shared"])
    somebody = "(pid + 8 + 8 * (street_drawn & 1048575))"
    return f"""CASE WHEN source_form = 'W2' AND {shared} THEN {number_sql(somebody, "tin")}
        WHEN tax_year % 2 = 0 AND {draws.happens("split", "pid", rates["tin_split"])}
            THEN {number_sql("(pid + 1073741824)", "tin")} ELSE own_tin END"""
