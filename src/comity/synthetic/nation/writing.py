"""How a requester writes a name and an address: in its own style, and wrong at the rates of a noise level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.case.errors import Usage
from comity.synthetic.nation.places import home_place
from comity.synthetic.nation.slips import slip

if TYPE_CHECKING:
    from comity.synthetic.nation.draws import Draws
    from comity.synthetic.nation.rates import Rates


@dataclass(frozen=True)
class Noise:
    """Shares of requests in which something is written otherwise than it is.

    `slip`: a slip of the pen, in each of given name, family name and street. `nickname`: a given name cut short to a
    usual form. `swapped`: given and family name in each other's place. `part`: one of two family names left out.
    `blank`: a name, the unit, the ZIP or the house number left out (each). `digits`: house number or ZIP miswritten.
    `middle`: another initial. `birth`: another day of birth.
    """

    slip: float
    nickname: float
    swapped: float
    part: float
    blank: float
    digits: float
    middle: float
    birth: float


# As the evaluation sets: census quality has about one cell in a hundred wrong, the noisy level two and a half.
NOISE = {
    "clean": Noise(0, 0, 0, 0, 0, 0, 0, 0),
    "census": Noise(0.01, 0.01, 0.004, 0.05, 0.01, 0.01, 0.01, 0.01),
    "noisy": Noise(0.025, 0.025, 0.01, 0.12, 0.025, 0.025, 0.025, 0.025),
}
UNIT_LEFT_OUT = 4
_NICKNAMES = {
    "MICHAEL": "MIKE",
    "WILLIAM": "BILL",
    "ROBERT": "BOB",
    "JAMES": "JIM",
    "JOSEPH": "JOE",
    "DANIEL": "DAN",
    "THOMAS": "TOM",
    "MATTHEW": "MATT",
    "CHRISTOPHER": "CHRIS",
    "ANTHONY": "TONY",
    "RICHARD": "RICK",
    "BENJAMIN": "BEN",
    "STEVEN": "STEVE",
    "ELIZABETH": "LIZ",
    "JENNIFER": "JEN",
    "JESSICA": "JESS",
    "KATHERINE": "KATE",
    "PATRICIA": "PAT",
    "MARGARET": "PEGGY",
    "DEBORAH": "DEB",
    "REBECCA": "BECKY",
    "SUSAN": "SUE",
    "FRANCISCO": "PACO",
    "JOSE": "PEPE",
}
BIRTH_SENT = 0.5
JUNIOR_SENT = 0.4


def noise_level(name: str) -> Noise:
    """The noise level `name`. Raises Usage `NOISE_UNKNOWN`."""
    if name not in NOISE:
        raise Usage("NOISE_UNKNOWN", "There is no noise level of that name.", f"Take one of {', '.join(NOISE)}.")
    return NOISE[name]


def written_sql(draws: Draws, rates: Rates, noise: Noise, asked: str) -> str:
    """A SELECT of row_number, the identity columns and `born_as_written` for the requests of the table `asked`."""
    swap = draws.happens("swapped", "pid", noise.swapped)
    return f"""
SELECT row_number, pid, stated, CASE WHEN {swap} THEN family_sent ELSE given_sent END AS given_name,
    middle_sent AS middle_name, CASE WHEN {swap} THEN given_sent ELSE family_sent END AS family_name,
    CASE WHEN junior AND {draws.happens("jr sent", "pid", JUNIOR_SENT)} THEN 'Jr' END AS name_suffix,
    concat_ws(' ', number_sent, street_sent, CASE WHEN in_line THEN unit_sent END) AS street_line,
    CASE WHEN NOT in_line THEN unit_sent END AS unit_line, city, state, zip_sent AS zip, born_as_written
FROM ({_pieces(draws, rates, noise, asked)})
"""


def _pieces(draws: Draws, rates: Rates, noise: Noise, asked: str) -> str:
    numbers = ", ".join(
        f"{draws.bits(f'{part} slip', 'pid')} AS {part}_drawn" for part in ("given", "family", "street")
    )
    unit_out = draws.happens("unit out", "pid", min(1.0, noise.blank * UNIT_LEFT_OUT))
    return f"""
SELECT q.row_number, pid, stated, junior, {_given(draws, noise)} AS given_sent,
    {_family(draws, noise)} AS family_sent, {_middle(draws, noise)} AS middle_sent,
    {_number(draws, noise)} AS number_sent,
    {_maybe(draws, "street slip", noise.slip, slip("street_said", "street_drawn"), "street_said")} AS street_sent,
    CASE WHEN unit IS NOT NULL AND NOT {unit_out} THEN {_unit(draws)} END AS unit_sent,
    {draws.happens("unit in line sent", "pid", 0.5)} AS in_line, city, state, {_zip(draws, noise)} AS zip_sent,
    birth_date + CASE WHEN {draws.happens("birth wrong", "pid", noise.birth)}
        THEN 1 + {draws.below("birth off", "pid", 300)} ELSE 0 END::INTEGER AS born_as_written
FROM (
    SELECT *, CASE WHEN {draws.happens("type long", "pid", 0.3)} THEN street_long ELSE street END AS street_said,
        {numbers} FROM (
        SELECT q.*, b.street, b.street_long, b.city, b.state, b.zip, {home_place(draws, rates, "asked_home")}
        FROM {asked} AS q JOIN blocks AS b ON b.block = q.asked_home >> 6)
) AS q
"""


def _maybe(draws: Draws, salt: str, rate: float, otherwise: str, usual: str) -> str:
    return f"CASE WHEN {draws.happens(salt, 'pid', rate)} THEN {otherwise} ELSE {usual} END"


def _given(draws: Draws, noise: Noise) -> str:
    formal = ", ".join(f"'{name}'" for name in _NICKNAMES)
    short = ", ".join(f"'{name}'" for name in _NICKNAMES.values())
    nickname = f"coalesce(map([{formal}], [{short}])[given], given)"
    called = _maybe(draws, "nickname", noise.nickname, nickname, "given")
    written = _maybe(draws, "given slip", noise.slip, slip("given", "given_drawn"), called)
    return _maybe(draws, "given blank", noise.blank, "NULL", f"left({written}, 1) || lower(substr({written}, 2))")


def _family(draws: Draws, noise: Noise) -> str:
    part = "string_split(family, ' ')[1]"
    called = _maybe(draws, "family part", noise.part, part, "family")
    written = _maybe(draws, "family slip", noise.slip, slip("family", "family_drawn"), called)
    return _maybe(draws, "family blank", noise.blank, "NULL", f"left({written}, 1) || lower(substr({written}, 2))")


def _middle(draws: Draws, noise: Noise) -> str:
    other = f"chr((65 + {draws.below('other initial', 'pid', 26)})::INTEGER)"
    initial = _maybe(draws, "middle wrong", noise.middle, other, "left(middle, 1)")
    return f"CASE WHEN middle IS NOT NULL AND {draws.happens('middle sent', 'pid', 0.6)} THEN {initial} END"


def _number(draws: Draws, noise: Noise) -> str:
    changed = f"left(number, length(number) - 1) || {draws.below('last digit', 'pid', 10)}"
    written = _maybe(draws, "number wrong", noise.digits, changed, "number")
    return _maybe(draws, "number blank", noise.blank, "NULL", written)


def _zip(draws: Draws, noise: Noise) -> str:
    changed = f"left(zip, 4) || {draws.below('zip digit', 'pid', 10)}"
    written = _maybe(draws, "zip wrong", noise.digits, changed, "zip")
    return _maybe(draws, "zip blank", noise.blank, "NULL", written)


def _unit(draws: Draws) -> str:
    """The unit as people write it: Apt 4B, #4-B, Unit 4B, Apartment 4b."""
    dashed = "regexp_replace(unit, '([0-9])([A-Z])', '\\1-\\2')"
    ways = {
        "'Apt ' || unit": 0.45,
        f"'#' || {dashed}": 0.25,
        "'Unit ' || unit": 0.15,
        f"'Apt. ' || {dashed}": 0.08,
        "'Apartment ' || lower(unit)": 0.07,
    }
    return draws.one_of("unit style sent", "pid", ways)
