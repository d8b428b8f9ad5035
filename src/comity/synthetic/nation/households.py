"""Households of the made-up nation: who lives together, their ages, and by which keys their names are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.synthetic.nation.numbers import number_sql
from comity.synthetic.nation.pools import FAMILY_SLOTS, GIVEN_SLOTS, era_sql, given_cell_sql

if TYPE_CHECKING:
    from comity.synthetic.nation.draws import Draws
    from comity.synthetic.nation.rates import Rates

MEMBERS = 8
HEAD, PARTNER, FIRST_CHILD, LAST_CHILD, RELATIVE, LODGER = 0, 1, 2, 5, 6, 7
KINDS = ("alone", "couple", "couple_children", "one_parent", "adult_children", "extended", "sharing")

# Keys of names that several households share lie above every key of a household of one's own.
_NAMES_OF_KIN = 1_500_000_000
_NAMES_OF_ZIP = 2_000_000_000
_TEN_NAMES = 10
_KIN_BITS = 3
_GRANDFATHER_BORN = 1938

_COUPLES = "kind IN ('couple', 'couple_children', 'adult_children', 'extended')"
_NATION_MIX = {"0": 0.60, "1": 0.19, "2": 0.12, "3": 0.06, "4": 0.03}
_OWN_GROUP = 0.65
_CHILDREN = {"1": 0.42, "2": 0.37, "3": 0.15, "4": 0.06}


def households_sql(draws: Draws, rates: Rates, homes: str, last_year: int) -> str:
    """A SELECT of one row per household of the table `homes` (h), with the parts that its members share."""
    return f"""
SELECT *, {last_year} - head_age AS head_born,
    CASE WHEN coupled AND NOT head_male THEN {PARTNER} WHEN head_male THEN {HEAD} END AS father,
    kind = 'extended' AND head_male AND {draws.happens("relative male", "h", 0.4)}
        AND {draws.happens("head junior", "h", rates["junior"])} AS head_junior,
    grouped * {FAMILY_SLOTS} + {draws.below("family", "family_key", FAMILY_SLOTS)} AS family_slot,
    CASE kind WHEN 'couple_children' THEN {draws.one_of("children", "h", _CHILDREN)}
        WHEN 'one_parent' THEN {draws.one_of("children", "h", _CHILDREN)}
        WHEN 'extended' THEN {draws.one_of("children", "h", _CHILDREN)}
        WHEN 'adult_children' THEN 1 + {draws.below("grown", "h", 2)} ELSE 0 END AS children
FROM (
    SELECT *, {_COUPLES} AS coupled, {_head_age(draws)} AS head_age,
        {draws.happens("head male", "h", "CASE kind WHEN 'one_parent' THEN 0.2 ELSE 0.55 END")} AS head_male,
        CASE WHEN few_names THEN {_NAMES_OF_ZIP} + zip_id * 16 + {_ten_names(draws)}
            WHEN kin THEN {_NAMES_OF_KIN} + (h >> {_KIN_BITS}) ELSE h END AS family_key
    FROM (
        SELECT homes.h, b.zip_id, b.few AND {draws.happens("few", "homes.h", rates["few_names_share"])} AS few_names,
            {draws.happens("kin", "homes.h", rates["kin_nearby"])} AS kin,
            CASE WHEN few_names OR {draws.happens("own group", "homes.h", _OWN_GROUP)} THEN b.mix
                ELSE {draws.one_of("group", "homes.h", _NATION_MIX)} END AS grouped,
            {draws.one_of("household", "homes.h", rates.weights(*KINDS))} AS kind
        FROM {homes} AS homes JOIN blocks AS b ON b.block = homes.h >> 6
    )
)
"""


def _head_age(draws: Draws) -> str:
    """The age of the head on the last day of the last year, by the kind of household: from, and so many years."""
    spans = {
        "alone": (20, 66),
        "couple": (24, 60),
        "couple_children": (26, 24),
        "one_parent": (24, 24),
        "adult_children": (46, 26),
        "extended": (32, 20),
        "sharing": (20, 30),
    }
    width = " ".join(f"WHEN '{kind}' THEN {years}" for kind, (_, years) in spans.items())
    least = " ".join(f"WHEN '{kind}' THEN {youngest}" for kind, (youngest, _) in spans.items())
    return f"CASE kind {least} END + {draws.below('head age', 'h', f'CASE kind {width} END')}"


def _ten_names(draws: Draws) -> str:
    """Which of a ZIP's ten names, the first more often than the last."""
    return f"floor({_TEN_NAMES} * pow({draws.share('which name', 'h')}, 1.5))::BIGINT"


def people_sql(draws: Draws, rates: Rates, households: str, last_year: int) -> str:
    """A SELECT of one row per member of the table `households`: pid, sex, birth date and the slots of the names.

    A son named after his father draws by his father's keys, so both come to one name without being compared.
    """
    return f"""
SELECT p.* EXCLUDE (given_slot, middle_slot, own_slot, family_slot, maiden_slot),
    g.name AS given, m.name AS middle, left(m.name, 1) AS initial, f.name AS family, maiden.name AS maiden,
    {number_sql("pid", "taxpayer")} AS taxpayer_id, {number_sql("pid", "tin")} AS own_tin,
    {draws.bits("birth unknown", "pid")} AS birth_drawn
FROM ({_drawn(draws, rates, households, last_year)}) AS p
JOIN given_names AS g ON g.slot = p.given_slot
LEFT JOIN given_names AS m ON m.slot = p.middle_slot
JOIN family_names AS f ON f.slot = p.family_slot
LEFT JOIN family_names AS maiden ON maiden.slot = p.maiden_slot
"""


def _drawn(draws: Draws, rates: Rates, households: str, last_year: int) -> str:
    given_cell = given_cell_sql("male::INTEGER", "grouped", "name_era")
    middle_cell = given_cell_sql("male::INTEGER", "grouped", "name_era")
    return f"""
SELECT pid, h, member, kind, coupled, children, head_age, grouped, male, born, junior, named_after_kin,
    member = father AND {_has_junior(draws, rates)} AS senior,
    make_date(born, 1, 1) + {draws.below("birthday", "twin_of", 365)}::INTEGER AS birth_date,
    {given_cell} * {GIVEN_SLOTS} + {_given_ticket(draws)} AS given_slot,
    CASE WHEN NOT {draws.happens("middle absent", "middle_key", rates["middle_absent"])}
        THEN {middle_cell} * {GIVEN_SLOTS} + {draws.below("middle", "middle_key", GIVEN_SLOTS)} END AS middle_slot,
    grouped * {FAMILY_SLOTS} + {draws.below("own family", "pid", FAMILY_SLOTS)} AS own_slot,
    CASE WHEN own_name THEN own_slot ELSE family_slot END AS family_slot,
    CASE WHEN is_wife AND NOT own_name THEN {_married_in(draws, rates, last_year)} END AS married_in,
    CASE WHEN married_in IS NOT NULL THEN own_slot END AS maiden_slot
FROM (
    SELECT *, {era_sql("name_born")} AS name_era,
        CASE WHEN junior AND {draws.happens("junior middle", "pid", rates["junior_middle"])}
            THEN name_pid ELSE pid END AS middle_key,
        CASE WHEN member IN ({LODGER}) OR (kind = 'sharing' AND member > 0) THEN TRUE
            WHEN is_wife THEN {draws.happens("keeps", "pid", rates["wife_keeps"])}
            WHEN member = {RELATIVE} THEN {draws.happens("other line", "pid", 0.3)} ELSE FALSE END AS own_name
    FROM ({_named(draws, rates, households, last_year)})
)
"""


def _has_junior(draws: Draws, rates: Rates) -> str:
    son = f"(h * {MEMBERS} + {FIRST_CHILD})"
    return f"children > 0 AND {draws.happens('male', son, 0.512)} AND {draws.happens('junior', 'h', rates['junior'])}"


def _given_ticket(draws: Draws) -> str:
    """Brothers and sisters do not share a given name: their tickets lie apart, as frequent names lie together."""
    apart = GIVEN_SLOTS // 4
    near = draws.below("sibling", "name_pid", apart // 2)
    sibling = f"({draws.below('first sibling', 'h', GIVEN_SLOTS)} + member * {apart} + {near}) % {GIVEN_SLOTS}"
    plain = draws.below("given", "name_pid", GIVEN_SLOTS)
    return f"CASE WHEN sibling AND NOT junior THEN {sibling} ELSE {plain} END"


def _married_in(draws: Draws, rates: Rates, last_year: int) -> str:
    """The year of a wedding within the last three years, if there was one."""
    wed = draws.happens("wed", "pid", 3 * rates["marries"])
    return f"CASE WHEN {wed} THEN {last_year} - {draws.below('wed when', 'pid', 3)} END"


def _named(draws: Draws, rates: Rates, households: str, last_year: int) -> str:
    """Each member with the person by whose key the given name is drawn: mostly oneself."""
    kin = f"kin AND male AND member IN ({HEAD}, {PARTNER}, {FIRST_CHILD}) AND NOT junior"
    namesake = draws.happens("grandfather", "pid", rates["named_after_grandfather"])
    grandfather = f"{_NAMES_OF_KIN} + (h >> {_KIN_BITS})"
    relative = f"h * {MEMBERS} + {RELATIVE}"
    return f"""
SELECT *, {kin} AND {namesake} AS named_after_kin,
    CASE WHEN named_after_kin THEN {grandfather} WHEN NOT junior THEN pid
        WHEN member = {HEAD} OR (head_junior AND father = {HEAD}) THEN {relative}
        ELSE h * {MEMBERS} + father END AS name_pid,
    CASE WHEN named_after_kin THEN {_GRANDFATHER_BORN} WHEN NOT junior THEN born
        WHEN member = {HEAD} OR (head_junior AND father = {HEAD}) THEN head_born - 26
        WHEN father = {HEAD} THEN head_born ELSE partner_born END AS name_born
FROM (
    SELECT *, CASE member WHEN {HEAD} THEN head_born WHEN {PARTNER} THEN partner_born
            WHEN {RELATIVE} THEN CASE kind WHEN 'extended' THEN head_born - 26 ELSE lodger_born END
            WHEN {LODGER} THEN lodger_born
            WHEN {FIRST_CHILD + 1} THEN CASE WHEN twin THEN eldest_born ELSE next_born END
            WHEN {FIRST_CHILD} THEN eldest_born ELSE next_born END::INTEGER AS born,
        CASE WHEN twin AND member = {FIRST_CHILD + 1} THEN pid - 1 ELSE pid END AS twin_of,
        (member = {HEAD} AND head_junior) OR (member = {FIRST_CHILD} AND male AND father IS NOT NULL
            AND {draws.happens("junior", "h", rates["junior"])}) AS junior,
        coupled AND member = CASE WHEN head_male THEN {PARTNER} ELSE {HEAD} END AS is_wife,
        member BETWEEN {FIRST_CHILD} AND {LAST_CHILD} AS sibling
    FROM ({_members(draws, rates, households, last_year)})
)
"""


def _members(draws: Draws, rates: Rates, households: str, last_year: int) -> str:
    grown = "kind = 'adult_children'"
    youngest = draws.below("youngest", "h", "greatest(1, least(15, head_age - 24))")
    return f"""
SELECT hh.*, member, h * {MEMBERS} + member AS pid,
    CASE member WHEN {HEAD} THEN head_male WHEN {PARTNER} THEN NOT head_male
        WHEN {RELATIVE} THEN head_junior OR {draws.happens("relative male", "h", 0.4)}
        ELSE {draws.happens("male", f"(h * {MEMBERS} + member)", 0.512)} END AS male,
    head_born + 4 - {draws.below("partner age", "h", 9)} AS partner_born,
    {last_year} - 20 - {draws.below("lodger age", f"(h * {MEMBERS} + member)", 30)} AS lodger_born,
    children > 1 AND {draws.happens("twins", "h", rates["twins"])} AS twin,
    CASE WHEN {grown} THEN head_born + 21 + {draws.below("eldest", "h", 6)}
        ELSE {last_year} - {youngest} - 2 * (children - 1) END AS eldest_born,
    CASE WHEN {grown} THEN head_born + 28
        ELSE {last_year} - {youngest} - 2 * (children - 1 - (member - {FIRST_CHILD})) END AS next_born
FROM {households} AS hh CROSS JOIN (SELECT unnest(range({MEMBERS})) AS member)
WHERE member = {HEAD} OR (member = {PARTNER} AND coupled)
    OR (member BETWEEN {FIRST_CHILD} AND {LAST_CHILD} AND member - {FIRST_CHILD} < children)
    OR (member = {RELATIVE} AND kind IN ('extended', 'sharing'))
    OR (member = {LODGER} AND kind = 'sharing' AND {draws.happens("third", "h", 0.4)})
"""
