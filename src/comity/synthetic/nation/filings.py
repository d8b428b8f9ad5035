"""What the made-up nation files: who is on which form of which year, at which home, written how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.synthetic.nation.households import FIRST_CHILD, HEAD, LAST_CHILD, PARTNER, RELATIVE
from comity.synthetic.nation.places import home_place
from comity.synthetic.nation.slips import slipped_name, slipped_street

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
    homes = "h::BIGINT AS home_0"
    source = f"(SELECT *, {homes} FROM {people})"
    for nth in range(1, len(years)):
        source = (
            f"(SELECT *, {_moved(draws, rates, f'home_{nth - 1}', nation, years[nth])} AS home_{nth} FROM {source})"
        )
    by_year = ", ".join(f"home_{nth}" for nth in range(len(years)))
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


def _moved(draws: Draws, rates: Rates, home: str, nation: Map, year: int) -> str:
    near = f"xor({home}, 1 + {draws.below(f'near {year}', f'({home} >> 10)', _NEAR)})"
    far = _other_home(draws, home, nation, str(year))
    rate, share = rates["moves"], rates["moves_near"]
    return f"""CASE WHEN {near} < {nation.homes} AND {draws.happens(f"moves near {year}", f"least({home}, {near})", rate * share)}
        THEN {near}
        WHEN {draws.happens(f"moves far {year}", f"least({home}, {far})", rate * (1 - share))} THEN {far}
        ELSE {home} END"""


def _other_home(draws: Draws, home: str, nation: Map, salt: str = "leaving") -> str:
    """Another home anywhere in the nation; the other home of that one is `home` again."""
    mask = int.from_bytes(salt.encode().ljust(8, b".")[:8], "big") * (2 * draws.seed + 1) % nation.homes | 1
    other = f"xor({home}, {mask})"
    return f"CASE WHEN {other} < {nation.homes} THEN {other} ELSE {home} END"


def forms_sql(draws: Draws, rates: Rates, lived: str) -> str:
    """A SELECT of one row per person of `lived` on a form: source_form, role."""
    return f"""
SELECT * FROM (
    SELECT *, CASE source_form WHEN '1040' THEN {_role_on_return(draws, rates)}
        WHEN 'W2' THEN CASE WHEN {_works(draws, rates)} THEN 'primary' END
        ELSE CASE WHEN {_informed(draws, rates)} THEN 'primary' END END AS role,
        (form_key + form * 178956971) & {_MASK} AS row_key
    FROM (SELECT *, {_FORM_LIST}[form + 1] AS source_form FROM {lived} CROSS JOIN (SELECT unnest(range(3))::INTEGER AS form))
) WHERE role IS NOT NULL
"""


_FORM_LIST = "['1040', 'W2', '1099']"
_YEAR_OF_HOUSE = f"((h * 8 + (form_key - pid)) & {_MASK})"


def _role_on_return(draws: Draws, rates: Rates) -> str:
    """The head files with the partner; children are listed, grown children and lodgers file by themselves."""
    head_files = (
        f"NOT {draws.happens('never files', '(h * 8)', rates['never_files'])}"
        f" AND NOT {draws.happens('misses', _YEAR_OF_HOUSE, rates['misses_year'])}"
    )
    listed = draws.happens("listed", "pid", rates["listed_adult"])
    alone = (
        f"CASE WHEN NOT never_files AND NOT {draws.happens('misses alone', 'form_key', rates['misses_year'])}"
        " THEN 'primary' END"
    )
    return f"""CASE WHEN member = {HEAD} THEN CASE WHEN {head_files} THEN 'primary' END
        WHEN member = {PARTNER} THEN CASE WHEN {head_files} THEN 'spouse' ELSE {alone} END
        WHEN age < 19 THEN CASE WHEN {head_files} AND age >= 0 THEN 'dependent' END
        WHEN gone THEN {alone}
        WHEN age < 24 OR (member = {RELATIVE} AND kind = 'extended')
            THEN CASE WHEN {listed} THEN CASE WHEN {head_files} THEN 'dependent' END ELSE {alone} END
        ELSE {alone} END"""


def _works(draws: Draws, rates: Rates) -> str:
    rate = f"CASE WHEN age < 19 THEN {rates['wages'] / 3} ELSE {rates['wages']} END"
    return f"NOT never_files AND age BETWEEN 16 AND 69 AND {draws.happens('works', 'form_key', rate)}"


def _informed(draws: Draws, rates: Rates) -> str:
    return f"NOT never_files AND age >= 18 AND {draws.happens('informed', 'form_key', rates['information_return'])}"


def registry_sql(draws: Draws, rates: Rates, forms: str) -> str:
    """A SELECT of the REGISTRY contract's columns for the rows of the table `forms`."""
    return f"""
SELECT taxpayer_id, tax_year, source_form, role, given_name, middle_name, family_name, name_suffix,
    CASE WHEN box THEN 'PO BOX ' || (100 + (home & 8191)) ELSE concat_ws(' ', number, street_written,
        CASE WHEN in_line THEN unit_written END) END AS street_line,
    CASE WHEN NOT box AND NOT in_line THEN unit_written END AS unit_line, city, state, zip, date_of_birth, tin
FROM (SELECT *, CASE WHEN unit IS NOT NULL AND NOT unit_unwritten THEN {_unit_words(draws)} || unit END AS unit_written,
        {draws.happens("unit in line", "row_key", 0.6)} AS in_line FROM ({_written(draws, rates, forms)}))
"""


def _unit_words(draws: Draws) -> str:
    return f"['APT ', 'APT ', 'UNIT ', '# '][1 + {draws.below('unit word', 'row_key', 4)}]"


def _written(draws: Draws, rates: Rates, forms: str) -> str:
    wrong = rates["typed_wrong"]
    street = f"CASE WHEN {draws.happens('long type', 'row_key', 0.15)} THEN b.street_long ELSE b.street END"
    known = "CASE WHEN role = 'dependent' THEN {dependent} ELSE {adult} END".format(
        dependent=rates["dependent_birth_unknown"], adult=rates["birth_unknown"]
    )
    return f"""
SELECT {number_sql("pid", "taxpayer")} AS taxpayer_id, tax_year, source_form, role, row_key, home,
    {slipped_name(draws, "given", "given", wrong)} AS given_name, {_middle(draws, rates)} AS middle_name,
    {slipped_name(draws, "family", "CASE WHEN tax_year < married_in THEN maiden ELSE family END", wrong)} AS family_name,
    CASE WHEN role = 'dependent' THEN NULL
        WHEN junior AND {draws.happens("jr", "row_key", rates["suffix_written"])} THEN 'JR'
        WHEN senior AND {draws.happens("sr", "row_key", rates["senior_written"])} THEN 'SR' END AS name_suffix,
    {home_place(draws, rates, "home")}, {slipped_street(draws, street, wrong)} AS street_written,
    {draws.happens("box", "home", rates["po_box"])} AS box, b.city, b.state, b.zip,
    CASE WHEN NOT {draws.happens("birth unknown", "pid", known)} THEN birth_date END AS date_of_birth,
    {_tin(draws, rates)} AS tin
FROM {forms} JOIN blocks AS b ON b.block = home >> 6
"""


def _middle(draws: Draws, rates: Rates) -> str:
    return f"""CASE WHEN middle IS NULL OR {draws.happens("middle unwritten", "row_key", rates["middle_unwritten"])} THEN NULL
        WHEN {draws.happens("middle in full", "row_key", rates["middle_in_full"])} THEN middle ELSE left(middle, 1) END"""


def _tin(draws: Draws, rates: Rates) -> str:
    """One's own number, or on a W-2 somebody else's; a split person had another number in earlier years."""
    someone = draws.below("whose number", "form_key", 1_000_000)
    return f"""CASE WHEN source_form = 'W2' AND {draws.happens("shared", "form_key", rates["tin_shared"])}
            THEN {number_sql(f"(pid + 8 * {someone})", "tin")}
        WHEN {draws.happens("split", "pid", rates["tin_split"])} AND tax_year % 2 = 0
            THEN {number_sql("(pid + 1073741824)", "tin")} ELSE {number_sql("pid", "tin")} END"""


def number_sql(pid: str, kind: str) -> str:
    """SQL for the number of a person, unlike any neighbour's: `taxpayer` for the custodian's own, or `tin`."""
    if kind == "taxpayer":
        return f"'T' || lpad(((({pid}) * 7368787 + 104729) % 10000000000)::VARCHAR, 10, '0')"
    digits = f"lpad(((({pid}) * 387420489 + 15485863) % 1000000000)::VARCHAR, 9, '0')"
    return f"(left({digits}, 3) || '-' || substr({digits}, 4, 2) || '-' || right({digits}, 4))"
