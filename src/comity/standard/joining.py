"""Words of a street that belong together are one word, so that each word can be looked up by itself."""

from __future__ import annotations

from comity.standard.fold import every, when
from comity.standard.steps import Step

_DIRECTION = "N|S|E|W|NE|NW|SE|SW|NORTH|SOUTH|EAST|WEST"
_SPACED = r"^[NS] [EW] |^(?:NORTH|SOUTH) (?:EAST|WEST) | [NS] [EW]$| (?:NORTH|SOUTH) (?:EAST|WEST)$"
_TENS = {"TWENTY": 2, "THIRTY": 3, "FORTY": 4, "FIFTY": 5, "SIXTY": 6, "SEVENTY": 7, "EIGHTY": 8, "NINETY": 9}
_NTHS = ["FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH"]
_NTH_ENDS = ["ST", "ND", "RD", "TH", "TH", "TH", "TH", "TH", "TH"]
_SPELLED = rf"\b(?:{'|'.join(_TENS)})[ -]?(?:{'|'.join(_NTHS)})\b"
_TYPES = "ST|STREET|AVE|AV|AVENUE|RD|ROAD|DR|DRIVE|LN|LANE|CT|COURT|PL|PLACE|BLVD|WAY|TER|CIR"
_FIRST_APART = rf"^((?:(?:{_DIRECTION}) )?[0-9]*1) (ST (?:{_TYPES})\b)"
_NTH_APART = rf"^((?:(?:{_DIRECTION}) )?[0-9]+) ((?:ND|RD|TH) (?:{_TYPES})\b)"
_KING = r"\b(?:M ?L ?K(?:ING)?|MARTIN L KING)\b"
_KENNEDY = r"\bJ ?F ?K\b"
# Roads that lie between two numbered or lettered ones: 29 1/2 Rd is 29.5.
_HALVES = {"1/4": ".25", "1/2": ".5", "3/4": ".75"}
_BETWEEN = rf"^((?:(?:{_DIRECTION}) )?(?:[0-9]{{1,3}}|[A-Z])) HALF ((?:{_TYPES})\b)"
_LOOSE = rf"-|^[A-Z] |  |{_SPACED}|[0-9] (?:ST|ND|RD|TH) |{_SPELLED}|{_KING}|{_KENNEDY}|A1A|[1-9]/[1-9]"


def _joined(text: str) -> str:
    """SQL: words that belong together are one word: `N W 3RD` is NW 3RD, `22 ND ST` is 22ND ST."""
    text = every(text, r" ([0-9]+)-([A-Z])$| ([A-Z])-([0-9]+)$", r" \1\2\3\4")
    text = f"trim({every(text, '[ -]+', ' ')})"
    text = every(every(text, _KING, "MARTIN LUTHER KING"), _KENNEDY, "JOHN F KENNEDY")
    for fraction, decimal in _HALVES.items():
        text = every(text, _BETWEEN.replace("HALF", fraction), rf"\1{decimal} \2")
    text = every(text, r"^((?:[NS]|NORTH|SOUTH) )?A ?1 ?A\b", r"\1HIGHWAY A1A")
    text = every(text, r"^([NS]) ([EW]) (\S+ \S)", r"\1\2 \3")
    text = every(text, r"(\S+ \S+) ([NS]) ([EW])$", r"\1 \2\3")
    text = every(text, r"^(NORTH|SOUTH) (EAST|WEST) (\S+ \S)", r"\1\2 \3")
    text = every(text, r"(\S+ \S+) (NORTH|SOUTH) (EAST|WEST)$", r"\1 \2\3")
    return every(every(text, _FIRST_APART, r"\1\2"), _NTH_APART, r"\1\2")


def _tens(text: str) -> str:
    """SQL: TWENTY FIRST is 21ST."""
    for word, ten in _TENS.items():
        for unit, (nth, end) in enumerate(zip(_NTHS, _NTH_ENDS, strict=True), start=1):
            text = every(text, rf"\b{word} ?{nth}\b", f"{ten}{unit}{end}")
    return text


_COMMON = "ST|STREET|AVE|AVENUE|RD|ROAD|DR|DRIVE|LN|LANE|CT|COURT|BLVD|WAY|PL|PLACE|CIR|LOOP"
_LETTER = "^[A-DF-MO-RT-VX-Z] (?:[A-Z0-9]{2,}|(?:[NS][EW]?|[EW]) (?:[A-Z]{2,}|[0-9]+(?:ST|ND|RD|TH))) [A-Z]"

_LOOSENED = f"""
SELECT rest, CASE WHEN NOT loose THEN rest WHEN regexp_matches(rest, '{_SPELLED}') THEN {_tens(_joined("rest"))}
    ELSE {_joined("rest")} END AS joined_up
FROM (SELECT rest, regexp_matches(rest, '{_LOOSE}') AS loose FROM streets)
"""

# A single letter before a name and a type belongs to the number: 4 A Brookhaven Dr is 4A, but 12 A St is A Street.
_JOINED = f"""
SELECT rest, {when("lettered", "left(joined_up, 1)")} AS letter,
    nullif({when("lettered", "substr(joined_up, 3)", "joined_up")}, '') AS street
FROM (SELECT *, regexp_matches(joined_up, '{_LETTER}')
    AND NOT regexp_matches(joined_up, '^[A-Z] (?:(?:{_COMMON})\\b|[0-9])') AS lettered FROM loosened)
"""


def joining_steps() -> list[Step]:
    """The steps from each distinct `rest` to `street`, its words, and the `letter` that belongs to the number."""
    return [
        Step("loosened", "N W 3RD is NW 3RD, 22 ND is 22ND, TWENTY FIRST is 21ST", _LOOSENED),
        Step("joined", "a letter that belongs to the number is taken off", _JOINED),
    ]
