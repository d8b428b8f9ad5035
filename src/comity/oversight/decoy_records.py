"""What the registry says of decoys: the homes they are made at, and which of them are real after all."""

from __future__ import annotations

from collections.abc import Iterable

from comity.linkage.standing import ADDRESS_COLUMNS
from comity.workspace import Workspace

_LINE = "concat_ws(' ', o.street_line, o.unit_line, o.address_text, o.zip)"
_SENT = f"' ' || regexp_replace(upper(strip_accents({_LINE})), '[^A-Z0-9]+', ' ', 'g') || ' '"


def _stands(part: str) -> str:
    return f"contains(sent, ' ' || a.{part} || ' ')"


def find_homes(ws: Workspace) -> None:
    """Make `homes`: for each of `drawn` the street address that the registry has of its very person and it was sent.

    One row per request, with its `place` as `turn` and the address in standard form, as in `registry.addresses`. Each
    part of it stands in the request, so that an address misspelt on either side is no home.
    """
    ws.con.execute(f"""
CREATE TEMP TABLE homes AS
SELECT o.row_number, o.place AS turn, {", ".join(f"a.{column}" for column in ADDRESS_COLUMNS)}
FROM (SELECT *, {_SENT} AS sent FROM drawn AS o) AS o
JOIN registry.spells AS s ON s.taxpayer_id = o.taxpayer_id
JOIN registry.addresses AS a USING (address)
WHERE a.a_kind = 'street' AND {_stands("a_number")} AND {_stands("a_name")} AND {_stands("a_zip")}
    AND (a.a_unit IS NULL OR {_stands("a_unit")})
QUALIFY row_number() OVER (PARTITION BY o.row_number ORDER BY a.a_unit IS NULL, s.address) = 1
""")


def leave_out_real(ws: Workspace, homes: Iterable[str]) -> None:
    """Take out of `decoys` those with a `home` that are real: the registry lists them there, in whatever year and role.

    Listed is somebody whose first names, read as one word, are those of the decoy, or begin them, or begin with them
    (Maria and Maria L may be Maria Luisa); and of the kinds `homes`, which move a person, that person by any name.
    Standard addresses and letters decide, never the rule of linkage: a rule grown lax cannot hide what it confirms.
    """
    moved = ", ".join(f"'{kind}'" for kind in homes)
    # First the few addresses, then who is listed at these: names are read of nobody else.
    ws.con.execute(f"""
DELETE FROM decoys WHERE row_number IN (
    WITH placed AS MATERIALIZED (
        SELECT d.row_number, a.address FROM decoys AS d
        JOIN registry.addresses AS a ON a.a_number = d.home.a_number AND a.a_name = d.home.a_name AND {_SAME_PLACE}
    ), known AS MATERIALIZED (
        SELECT k.spell, k.address, concat(k.n_given, k.n_middle) AS first_names
        FROM registry.known AS k SEMI JOIN placed ON placed.address = k.address
    ), listed AS MATERIALIZED (
        SELECT k.address, s.taxpayer_id, {_letters("k.first_names")} AS first_names
        FROM registry.spells AS s JOIN known AS k ON k.spell = s.spell
    ), asked AS (SELECT *, {_letters("concat(given_name, middle_name)")} AS first_names FROM decoys)
    SELECT d.row_number
    FROM asked AS d JOIN placed AS p USING (row_number) JOIN listed AS s ON s.address = p.address
    WHERE starts_with(s.first_names, d.first_names) OR starts_with(d.first_names, s.first_names)
        OR d.kind IN ({moved}) AND s.taxpayer_id = d.taxpayer_id
)
""")


def _letters(names: str) -> str:
    return f"regexp_replace(upper(strip_accents({names})), '[^A-Z]', '', 'g')"


def _directional(place: str) -> str:
    return f"nullif(concat({place}.a_pre, {place}.a_post), '')"


# What one side lacks, a unit or a directional, is taken to be that of the other, and so is any street type.
_SAME_PLACE = f"""
(a.a_zip = d.home.a_zip OR a.a_city = d.home.a_city AND a.a_state = d.home.a_state)
AND (a.a_unit = d.home.a_unit) IS NOT FALSE AND ({_directional("a")} = {_directional("d.home")}) IS NOT FALSE
"""
