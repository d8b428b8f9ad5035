"""The parts put together, and one judgement: whether what was sent is an address at all."""

from __future__ import annotations

from comity.standard.delivery import STREETS
from comity.standard.fold import every, when
from comity.standard.steps import Step
from comity.standard.street import HOSTED
from comity.standard.units import UNIT_TEXT

_DEGREES = "[0-9]{1,3}(?: ?[0-9.]{1,7}){1,2}"
_NUMBERS = (
    "(?:[0-9.,/-]+ ?)+|[0-9]+[.][0-9]+ ?[NS] -?[0-9]+[.][0-9]+ ?[EW]|[NS] ?[0-9]+[.][0-9]+ [EW] ?-?[0-9.]+"
    f"|{_DEGREES} ?[NS] {_DEGREES} ?[EW]|(?:GPS|LAT|LATITUDE|COORDINATES)[A-Z]* [0-9A-Z. -]*[0-9]"
)
_WORDS_AND_ZIP = "[^0-9]+ (?:[0-9]{5}|[0-9]{9}|[0-9]{5}-[0-9]{4})"
_CROSSING = r"\b(?:ST|STREET|AVE|AVENUE|RD|ROAD|DR|DRIVE|LN|LANE|CT|COURT|BLVD|WAY|PL|PLACE|HWY) &"
_EXAMPLES = "'123 MAIN ST', '1234 MAIN ST', '123 STREET', '123 SESAME ST', '123 NOWHERE ST'"
# Somewhere in the line a number and a road: else an institution's name is no address to look at.
_DELIVERY = rf"(?:^| )[0-9]+[A-Z]? [A-Z0-9 ]*\b(?:{STREETS}|HWY|HIGHWAY|FM)\b"
_RURAL = "CASE WHEN starts_with(rural['kind'], 'H') OR starts_with(rural['kind'], 'S') THEN 'HC' ELSE 'RR' END"

_ASSEMBLED = f"""
SELECT l.* EXCLUDE (rural, number_1), s.* EXCLUDE (rest, letter, a_name),
    CASE WHEN form_1 <> 'street' THEN form_1 WHEN is_way THEN 'highway' WHEN is_grid OR is_grid_street THEN 'grid'
         ELSE 'street' END AS a_form,
    CASE WHEN rural IS NOT NULL THEN translate(rural['box'], '- ', '')
         WHEN letter IS NOT NULL THEN number_1 || letter ELSE number_1 END AS a_number,
    CASE WHEN rural IS NOT NULL THEN concat_ws(' ', {_RURAL}, nullif(rural['route'], ''))
         WHEN region = 'PR' AND starts_with(a_name, 'AVENUE ') THEN 'AVENIDA ' || substr(a_name, 8)
         WHEN form_1 = 'street' THEN a_name END AS a_name
FROM std_shapes l LEFT JOIN std_streets s ON s.rest = l.rest
"""

_MILITARY = every(every("line", r"\b([PC]) ([SM]) ([CR])\b", r"\1\2\3"), r"\b(?: (?:NO|NUMBER))?[ #]+0*([0-9])", r" \1")

_SPELLED = f"""
SELECT *,
    CASE WHEN a_form IN ('street', 'highway', 'grid')
         THEN nullif(concat_ws(' ', a_number, a_pre, a_name, a_suffix, a_post), '')
         WHEN a_form = 'rural_route' THEN a_name || ' BOX ' || a_number
         WHEN a_form = 'po_box' THEN 'PO BOX ' || regexp_extract(line, '([0-9A-Z-]+)$', 1)
         WHEN a_form = 'general_delivery' THEN 'GENERAL DELIVERY'
         WHEN a_form = 'military' THEN {_MILITARY} ELSE line END AS a_street,
    a_form = 'foreign' OR a_form = 'street' AND (a_number IS NULL OR a_suffix IS NULL OR a_suffix = 'CTR') AS doubtful
FROM assembled
"""

# `finding` is a class where the line alone decides it, `figures` or `signs` where its place has a say, else NULL.
_WEIGHED = f"""
SELECT *,
    CASE
        WHEN phrase_detail IS NOT NULL OR hollow_name IS NOT NULL OR doubtful AND hollow IS NOT NULL THEN 'placeholder'
        WHEN doubtful AND regexp_full_match(line, '[0 ]+|9{{5,}}') THEN 'placeholder'
        WHEN regexp_full_match(line, '{_NUMBERS}') THEN
            CASE WHEN regexp_matches(line, '[0-9]') THEN 'figures' ELSE 'signs' END
        WHEN doubtful AND hosted AND (a_number IS NOT NULL OR regexp_matches(line, '{_DELIVERY}')) THEN 'institutional'
        WHEN doubtful AND hosted THEN 'incomplete'
        WHEN a_form = 'general_delivery' THEN 'general_delivery'
        WHEN a_form IN ('po_box', 'military') THEN 'po_box'
        WHEN a_form = 'foreign' THEN CASE WHEN regexp_matches(line, '[0-9]') THEN 'foreign' ELSE 'incomplete' END
        WHEN a_form = 'rural_route' THEN NULL
        WHEN a_number IS NULL AND a_suffix IS NULL AND regexp_full_match(line, '{_WORDS_AND_ZIP}') THEN 'placeholder'
        WHEN muddled OR strlen(line) <> length(line) OR contains(line, '|') OR contains(line, '@') THEN 'unreadable'
        WHEN contains(line, '&') AND (a_number IS NULL OR regexp_matches(line, '{_CROSSING}')) THEN 'incomplete'
        WHEN regexp_matches(a_number, '[0-9]O$') THEN 'unreadable'
        WHEN a_number IS NULL AND regexp_matches(line, '^[0-9]')
            AND NOT regexp_matches(line, '^[0-9]+(?:ST|ND|RD|TH)\\b') THEN 'unreadable'
        WHEN a_number IS NULL OR a_name IS NULL OR a_form = 'street' AND thin THEN 'incomplete'
        END AS finding
FROM spelled
"""

_FOUND = """
SELECT shape, region, unit_within, unit_word, a_form, a_number, a_pre, a_name, a_suffix, a_post, a_street,
    doubtful, coalesce(hollow, hollow_name) AS hollow, finding
FROM weighed
"""

_RENUMBERED = f"""
SELECT l.*, r.* EXCLUDE (shape, region, unit_within, unit_word, a_form, a_number, a_street),
    coalesce(a_form, 'none') AS a_form,
    {when("own_number IS NULL", "r.a_number", "own_number || substr(r.a_number, 2)")} AS a_number,
    {when("own_number IS NULL", "r.a_street", "own_number || substr(r.a_street, 2)")} AS a_street,
    coalesce(u.a_unit, unit_word) AS a_unit
FROM std_lines l LEFT JOIN std_readings r ON r.shape = l.shape AND r.region = l.region
    LEFT JOIN std_units u ON u.unit_text = {UNIT_TEXT.replace("s.", "r.")}
"""

_HOST = when("beside IS NOT NULL", f"regexp_matches(beside, '{HOSTED}')", "FALSE")
_NO_PLACE = "a_zip IS NULL AND (a_city IS NULL OR a_state IS NULL)"

_JUDGED = f"""
SELECT *,
    CASE
        WHEN shape IS NULL THEN CASE WHEN coalesce(a_city, a_state, abroad) IS NOT NULL THEN 'incomplete'
            WHEN zip_sent IS NOT NULL THEN 'zip_only' ELSE 'missing' END
        WHEN finding = 'placeholder' OR a_street IN ({_EXAMPLES}) THEN 'placeholder'
        WHEN finding IN ('figures', 'signs') THEN CASE WHEN city_cut THEN 'incomplete'
            WHEN finding = 'figures' THEN 'zip_only'
            WHEN coalesce(a_city, a_state, zip_sent) IS NULL THEN 'missing' ELSE 'incomplete' END
        WHEN {_HOST} THEN 'institutional'
        WHEN finding = 'foreign' AND a_city IS NULL THEN 'incomplete'
        WHEN finding IS NOT NULL THEN finding
        WHEN {_NO_PLACE} THEN 'incomplete'
        WHEN starts_with(a_name, 'BLK ') AND ends_with(a_number, '00') THEN 'incomplete'
        WHEN a_number = a_zip AND doubtful THEN 'placeholder'
        WHEN a_name = a_city AND a_suffix IS NULL AND a_form = 'street' THEN 'incomplete'
        ELSE 'sufficient' END AS a_class,
    CASE a_class WHEN 'placeholder' THEN hollow WHEN 'po_box' THEN nullif(a_form, 'po_box') END AS a_class_detail
FROM renumbered
"""


def reading_steps() -> list[Step]:
    """The steps from shapes and streets to the parts of each shape, and what its words alone say of it."""
    return [
        Step("assembled", "each shape with its street", _ASSEMBLED),
        Step("spelled", "the street as one line, without its unit", _SPELLED),
        Step("weighed", "what the line alone shows to be no address, the first that applies", _WEIGHED),
        Step("found", "the parts and the finding", _FOUND),
    ]


def sufficiency_steps() -> list[Step]:
    """The steps from lines, readings and units to the derived columns, with one `a_class` for every address."""
    return [
        Step("renumbered", "each line as its shape was read, with its own number", _RENUMBERED),
        Step("judged", "the class of the address, such as sufficient or zip_only: the first that applies", _JUDGED),
    ]
