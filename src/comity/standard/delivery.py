"""What kind of delivery line it is, and its unit and primary number taken off it."""

from __future__ import annotations

from comity.standard.fold import replaced, when
from comity.standard.lists import groups
from comity.standard.steps import Step

_UNIT_WORDS = "|".join(word for group in groups("units") for word in group)
_NUMBER_SIGN = "(?:(?:NO|NUMBER|NUM|NBR|NR|NUMERO)\\b)?[ #]*"
_ID = "(?:[A-Z]{0,2}[ -]?[0-9]+(?:[ -]?[A-Z0-9]{1,2})?|[A-Z](?: ?-? ?[A-Z])?)"
_ONE_UNIT = f"(?: (?:(?:{_UNIT_WORDS})\\b[ #]*{_NUMBER_SIGN}|#[ #]*|(?:NO|NUMBER) #?){_ID})"
_FLOOR = " (?:[0-9]+(?:ST|ND|RD|TH)?|FIRST|SECOND|THIRD|FOURTH|FIFTH|GROUND) (?:FLOOR|FLR|FL|LEVEL|STORY)"
_BARE = " (?:BASEMENT|BSMT|REAR|UPSTAIRS|DOWNSTAIRS|PENTHOUSE|LOBBY|LBBY|FRNT|UPPR|LOWR)"
UNIT_TAIL = f"(?:{_ONE_UNIT}|{_FLOOR}|{_BARE})+"

_UNIT_LOOKS = f"(?:#|\\b(?:{_UNIT_WORDS}|NO|NUMBER|LEVEL|STORY|BASEMENT|BSMT|REAR|UPSTAIRS|DOWNSTAIRS|LOBBY|LBBY|FRNT|UPPR|LOWR)\\b)"
_UNIT_FIRST = f"^((?:(?:{_UNIT_WORDS})\\b[ #]*|#[ #]*){_ID})[ ]([0-9].*)$"
_UNIT_SECOND = f"^([0-9]+) ((?:(?:APT|APARTMENT|UNIT|STE|SUITE)\\b[ #]*|#[ #]*){_ID}) ([A-Z].*)$"

_PO_BOX = "^(?:(?:P ?O|POST OFFICE|POSTAL|US|USPS|LOCK|CALLER) ?)?(?:BOX|BX)(?: (?:NO|NUMBER))?[ #]*([A-Z]?-?[0-9][0-9A-Z-]*|[A-Z])$"
_PO_OTHER = "^(?:POB|P O B|PO|APARTADO(?: POSTAL)?|CALLER|DRAWER|PO DRAWER)[ #]*([0-9][0-9A-Z-]*)$"
_BOX = "(?: (?:BOX|BX))[ #]*([0-9A-Z-]+)"
_RURAL = f"^(RR|R R|RURAL ROUTE|RURAL RT|RURAL RTE|RURAL DELIVERY|RFD|R D|RD|RT|RTE|ROUTE|HC|HCR|HIGHWAY CONTRACT|STAR ROUTE|SR)(?: (?:NO|NUMBER))?[ #]*([0-9]+[A-Z]?)?{_BOX}$"
_MILITARY = f"^(PSC|CMR|UNIT|USS|USCGC)\\b.*$"

_FORMED = f"""
SELECT *,
    CASE WHEN line IS NULL THEN 'none'
         WHEN a_state IN ('AA', 'AE', 'AP') OR a_city IN ('APO', 'FPO', 'DPO') THEN 'military'
         WHEN abroad IS NOT NULL THEN 'foreign'
         WHEN NOT looks THEN 'street'
         WHEN regexp_matches(line, '^(?:GENERAL|GEN) (?:DELIVERY|DEL)\\b|^ENTREGA GENERAL|^LISTA DE CORREOS') THEN 'general_delivery'
         WHEN regexp_matches(line, '{_PO_BOX}|{_PO_OTHER}') THEN 'po_box'
         WHEN regexp_matches(line, '{_RURAL}') THEN 'rural_route'
         ELSE 'street' END AS form_1,
    CASE WHEN form_1 = 'rural_route' THEN regexp_extract(line, '{_RURAL}', ['kind', 'route', 'box']) END AS rural
FROM (SELECT *, regexp_matches(line, '\\b(?:BOX|BX|POB|PO|P O|DELIVERY|DEL|APARTADO|CALLER|DRAWER|CORREOS|GENERAL)\\b') AS looks FROM settled)
"""

_PARTED = f"""
SELECT * EXCLUDE (unit, line, looks), line AS line_whole,
    CASE WHEN form_1 <> 'street' THEN NULL
         WHEN NOT regexp_matches(line, '{_UNIT_LOOKS}') THEN NULL
         WHEN regexp_matches(line, '{_UNIT_FIRST}') THEN regexp_extract(line, '{_UNIT_FIRST}', ['tail', 'body'])
         WHEN regexp_matches(line, '{_UNIT_SECOND}') THEN
            struct_pack(tail := regexp_extract(line, '{_UNIT_SECOND}', 2), body := regexp_replace(line, '{_UNIT_SECOND}', '\\1 \\3'))
         WHEN regexp_matches(line, '{UNIT_TAIL}$') THEN
            struct_pack(tail := regexp_extract(line, '^.+?({UNIT_TAIL})$', 1), body := regexp_extract(line, '^(.+?){UNIT_TAIL}$', 1)) END AS parted,
    coalesce(nullif(parted['body'], ''), line) AS body,
    nullif(concat_ws(' ', unit, nullif(parted['tail'], '')), '') AS unit_text
FROM formed
"""


def _unit_id(text: str) -> str:
    """SQL: the identifier alone: `APT. 4-B`, `# 4B` and `UNIT NO 4 B` are `4B`; a floor is named only where nothing else is."""
    ordinal = f"regexp_replace({text}, '\\b([0-9]+)(?:ST|ND|RD|TH)\\b', '\\1', 'g')"
    no_words = f"regexp_replace({ordinal}, '\\b(?:{_UNIT_WORDS}|NO|NUMBER|NUM|NBR|NR|NUMERO)\\b|[^A-Z0-9]', ' ', 'g')"
    no_floor = f"regexp_replace({ordinal}, '\\b(?:FL|FLR|FLOOR|LEVEL|LVL|STORY)[ #]*(?:NO |NUMBER )?[#]*[0-9]+|[0-9]+ (?:FL|FLR|FLOOR|LEVEL|STORY)\\b|FLOOR', ' ', 'g')"
    main = no_words.replace(ordinal, no_floor)
    floor = f"'FL' || regexp_extract({ordinal}, '[0-9]+')"
    main_id = f"nullif(regexp_replace({main}, ' +', '', 'g'), '')"
    return f"coalesce({main_id}, {floor})"


_UNITED = f"""
SELECT * EXCLUDE (parted, unit_text),
    CASE WHEN unit_text IS NOT NULL AND phrases.phrase IS NULL THEN {_unit_id("unit_text")} END AS a_unit
FROM parted LEFT JOIN phrases ON phrases.phrase = unit_text
"""

_GRID = "[NSEW]-? ?[0-9]{1,6} ?-?[NSEW]-? ?[0-9]{1,6}[A-Z]?|[0-9]{1,3}[NSEW][0-9]{1,6}"
_PLAIN = "[0-9]+(?:-[0-9]+)*(?:-?[A-Z])?(?:[ -][0-9]/[0-9])?|[A-Z]-?[0-9]{2,}"
_NUMBER = f"^({_GRID}|{_PLAIN})(?: (.*))?$"

_NUMBERED = f"""
SELECT * EXCLUDE (primary_number), nullif(primary_number.rest, '') AS rest_1,
    CASE WHEN primary_number.number = '' THEN NULL
         WHEN regexp_full_match(primary_number.number, '[0-9]+') THEN ltrim(primary_number.number, '0')
         WHEN contains(primary_number.number, '/') THEN regexp_replace(primary_number.number, '[ -]([0-9]/[0-9])$', '-\\1')
         WHEN regexp_full_match(primary_number.number, '{_GRID}') THEN regexp_replace(primary_number.number, '[ -]', '', 'g')
         ELSE regexp_replace(primary_number.number, '([0-9])-([A-Z])$|^([A-Z])-', '\\1\\2\\3') END AS number_1,
    regexp_full_match(primary_number.number, '{_GRID}') AS is_grid
FROM (SELECT *, CASE WHEN form_1 = 'street' THEN regexp_extract(body, '{_NUMBER}', ['number', 'rest']) END AS primary_number FROM united)
"""


def delivery_steps() -> list[Step]:
    """The steps from `line` and `unit` to `form_1`, `a_unit`, `number_1` and `rest_1`, the street without them."""
    return [
        Step("formed", "box, rural route, general delivery, military or foreign, else a street line", _FORMED),
        Step("parted", "a unit written in the street line is taken off it", _PARTED),
        Step("united", "of the unit only its identifier", _UNITED),
        Step("numbered", "the primary number is taken off the line", _NUMBERED),
    ]
