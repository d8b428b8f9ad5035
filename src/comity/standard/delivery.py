"""What kind of delivery line it is, and the primary number taken off it."""

from __future__ import annotations

from comity.standard.fold import first
from comity.standard.steps import Step

_NO = r"(?: (?:NO|NUMBER))?[ #]*"
_PO_BOX = (
    rf"^(?:(?:P ?O|POST OFFICE|POSTAL|USPS|LOCK|CALLER) ?)?(?:BOX|BX){_NO}([A-Z]?-?[0-9][0-9A-Z-]*|[A-Z])$"
    rf"|^([0-9]+) (?:P ?O|POST OFFICE) ?BOX$|^PMB{_NO}([0-9]+)$"
    rf"|^(?:POB|P O B|PO|APARTADO(?: POSTAL)?|CALLER|(?:PO )?DRAWER){_NO}([0-9][0-9A-Z-]*)$"
)
_RURAL = (
    "^(RR|R R|RURAL (?:ROUTE|RT|RTE|DELIVERY)|RFD|R F D|RD|RT|RTE|ROUTE"
    "|HC|H C|HCR|(?:HIGHWAY|HWY) CONTRACT(?: (?:ROUTE|RT|RTE))?|STAR (?:ROUTE|RTE|RT)|SR)"
    rf"{_NO}0*([0-9]+[A-Z]?)? (?:BOX|BX){_NO}0*([0-9]+[ -]?[A-Z]?|[A-Z])"
    "((?: (?:APT|UNIT|LOT|TRLR|TRAILER|SPC|SPACE|#)[ #]*[A-Z0-9-]+)?)$"
)
_BOX_FIRST = rf"^((?:BOX|BX){_NO}[0-9]+[A-Z]?) ((?:RR|R R|RURAL (?:ROUTE|RT|RTE)|HC|RT|ROUTE){_NO}[0-9]+[A-Z]?)$"
_GENERAL = r"^(?:GENERAL|GENL|GEN) (?:DELIVERY|DEL)\b|^ENTREGA GENERAL|^LISTA DE CORREOS|^POSTE RESTANTE"
_LOOKS = r"\b(?:(?:PO)?BOX|BX|POB|PO|P O|PMB|DELIVERY|DEL|APARTADO|CALLER|DRAWER|CORREOS|ENTREGA|RESTANTE)\b"

_ROUTE_FIRST = f"regexp_replace(line, '{_BOX_FIRST}', '\\2 \\1')"

_FORMED = f"""
SELECT * EXCLUDE (looks),
    CASE WHEN region = 'military' THEN 'military'
         WHEN region = 'abroad' THEN 'foreign'
         WHEN NOT looks THEN 'street'
         WHEN regexp_matches(line, '{_GENERAL}') THEN 'general_delivery'
         WHEN regexp_matches(line, '{_PO_BOX}') THEN 'po_box'
         WHEN rural IS NOT NULL THEN 'rural_route' ELSE 'street' END AS form_1
FROM (SELECT *, CASE WHEN looks THEN {first(_ROUTE_FIRST, _RURAL, "kind", "route", "box", "unit")} END AS rural
    FROM (SELECT *, regexp_matches(line, '{_LOOKS}') AS looks FROM shapes))
"""

# Wisconsin's and DuPage County's grids, Queens' and Hawaii's hyphens, fractions, a letter before or behind.
_GRID = "[NSEW]-? ?[0-9]{1,6} ?-?[NSEW]-? ?[0-9]{1,6}[A-Z]?|[0-9]{1,3}[NSEW][0-9]{1,6}"
_FRACTION = "[0-9]+[ -][1-9]/[1-9]"
_DIGITS = "[0-9]+(?: ?- ?[0-9]+)*(?:-?[A-Z])?|[A-Z]-?[0-9]{3,}"
_NUMBER = f"^(?:({_GRID})|({_FRACTION})|({_DIGITS}))(?: (.*))?$"
_CALLE = "^(?:(?:URB|URBANIZACION|COND|RES|BO) .*? )?([A-Z]{0,2}[ -]?[0-9]+[A-Z]?) ((?:CALLE|CALL|C) .*)$"
_CALLE_FIRST = "^((?:CALLE|CALL|C) [A-Z0-9 ]+) ([A-Z]{1,2}-?[0-9]+|[0-9]+[A-Z]?)$"
# DuPage and Kane County's grid in three words, where they are not a number and a numbered street: 27 W 144 Geneva Rd.
_SPACED_GRID = "^([0-9]{1,2})[ -]?([NSEW])[ -]?([0-9]{3,5}) ([A-Z]{2,} [A-Z]{2,}.*)$"
_QUARTERS = "NORTH|SOUTH|EAST|WEST"
STREETS = "ST|STREET|AVE|AVENUE|RD|ROAD|DR|DRIVE|LN|LANE|CT|COURT|BLVD|WAY|PL|PLACE|CIR|CIRCLE|TER|TERRACE"
_FIRE_NUMBER = "^([NSEW]) ([0-9]{3,5} [A-Z]{3,} [A-Z]{2,}.*)$"
_SAID = "^(?:NO|NUMBER|NUM|#)[ #]*([0-9]+[A-Z]? [A-Z].*)$"
_STUCK = "^([0-9]+)([A-Z]{3,} [A-Z])"
_SIMPLE = "^[1-9][0-9]* [A-Z][A-Z]"

_NUMBER_FIRST = f"regexp_replace(body, '{_CALLE_FIRST}', '\\2 \\1')"

_COUNTED = f"""
SELECT * EXCLUDE (simple),
    CASE WHEN simple THEN split_part(body, ' ', 1) END AS simple_number,
    CASE WHEN simple OR form_1 <> 'street' THEN NULL
         WHEN region = 'PR' THEN {first(_NUMBER_FIRST, _CALLE, "digits", "rest")} END AS calle,
    CASE WHEN simple OR form_1 <> 'street' THEN NULL ELSE
        {first("spoken", _NUMBER, "grid", "fraction", "digits", "rest")} END AS counted
FROM (SELECT *, form_1 = 'street' AND regexp_matches(body, '{_SIMPLE}') AS simple,
        CASE WHEN starts_with(body, 'ONE ') THEN '1' || substr(body, 4)
            WHEN regexp_matches(body, '{_SAID}') THEN regexp_replace(body, '{_SAID}', '\\1')
            WHEN regexp_matches(body, '{_STUCK}') THEN regexp_replace(body, '{_STUCK}', '\\1 \\2')
            WHEN regexp_matches(body, '{_FIRE_NUMBER}')
                AND NOT regexp_matches(body, '[0-9] (?:{STREETS}|{_QUARTERS})\\b')
            THEN regexp_replace(body, '{_FIRE_NUMBER}', '\\1\\2')
            WHEN regexp_matches(body, '{_SPACED_GRID}') AND NOT regexp_matches(body, '[0-9] (?:{STREETS})\\b')
            THEN regexp_replace(body, '{_SPACED_GRID}', '\\1\\2\\3 \\4') ELSE body END AS spoken FROM united)
"""

_NUMBERED = """
SELECT * EXCLUDE (simple_number, counted, spoken, calle),
    counted['grid'] <> '' AS is_grid,
    CASE WHEN simple_number IS NOT NULL THEN simple_number
         WHEN calle IS NOT NULL THEN translate(calle['digits'], '- ', '')
         WHEN counted IS NULL THEN NULL
         WHEN counted['grid'] <> '' THEN regexp_replace(counted['grid'], '[ -]', '', 'g')
         WHEN counted['fraction'] <> '' THEN ltrim(replace(counted['fraction'], ' ', '-'), '0')
         ELSE nullif(ltrim(regexp_replace(replace(counted['digits'], ' ', ''), '([0-9])-([A-Z])$|^([A-Z])-',
            '\\1\\2\\3'), '0'), '')
         END AS number_1,
    CASE WHEN form_1 = 'foreign' THEN line WHEN form_1 <> 'street' THEN NULL
         WHEN simple_number IS NOT NULL THEN substr(body, length(simple_number) + 2)
         WHEN calle IS NOT NULL THEN calle['rest']
         WHEN counted IS NOT NULL THEN nullif(counted['rest'], '') ELSE body END AS rest
FROM counted
"""


def form_steps(table: str) -> list[Step]:
    """The steps from each distinct `shape` and `region` of `table` to its form: what is not a box, a rural route,
    general delivery, military or foreign is a street line."""
    shapes = f"SELECT DISTINCT shape AS line, region FROM {table} WHERE shape IS NOT NULL"
    return [
        Step("shapes", "each distinct shape once", shapes),
        Step("formed", "box, rural route, general delivery, military or foreign, else a street line", _FORMED),
    ]


def number_steps() -> list[Step]:
    """The steps from `body` to `number_1`, canonical, and `rest`, the street without it."""
    return [
        Step("counted", "the primary number at the head of the line", _COUNTED),
        Step("numbered", "in its canonical spelling, and the rest without it", _NUMBERED),
    ]
