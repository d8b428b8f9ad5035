"""The ledger of asks: who an agency has asked about before, keyed so that it names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from comity.case.artefact import Artefact
from comity.workspace import Workspace

KEY_BYTES = 32


@dataclass(frozen=True)
class Earlier:
    """The asks of the same agency within the window: artefacts of kind `asks`, under one `key` of 32 bytes."""

    key: bytes = field(repr=False)
    asks: Sequence[Artefact] = ()


def look_back(ws: Workspace, earlier: Earlier | None) -> None:
    """Create `asked_before` (row_number, asks_before, addresses_before) for each of `requests`.

    Reads `standard_rows`. Without a ledger the table is empty: what nobody has counted is absent, and fails its gate.
    """
    if earlier is None:
        ws.con.execute("CREATE TABLE asked_before (row_number INTEGER, asks_before BIGINT, addresses_before BIGINT)")
    else:
        enter_asks(ws, earlier.key)
        count_earlier(ws, earlier.asks)


def enter_asks(ws: Workspace, key: bytes) -> None:
    """Create `asks_now` from `standard_rows` and `requests`: per request and way of knowing its person a keyed row.

    Its columns are `row_number`, `near` (64 bits of HMAC-SHA-256, RFC 2104), `place` (a hash of the address that means
    something beside the same `near` alone), `by_zip` and `birth`. A person is known by both names, in either order, and
    the birth date; by the family name, the initial and the birth date, whatever the given name; and by both names and
    the ZIP, or city and state without one. A single name stands for both. Two that collide, in ten million asks less
    than one chance in 10^5, only wait for an examiner.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("the key of the ledger has 32 bytes")
    keyed = ws.hmac_sql(key, "encode(concat_ws(chr(31), way['by'], way['known']))")
    ws.con.execute(f"CREATE TABLE asks_now AS {_asks_now_sql(keyed)}")


def count_earlier(ws: Workspace, earlier: Sequence[Artefact]) -> None:
    """Create `asked_before` for each request of `asks_now`, or without a name: what it has in common with `earlier`.

    `asks_before` counts the earlier requests about the person, `addresses_before` the addresses in them that are not
    this one. By names and ZIP two people are the same only where one of them has no birth date.
    """
    views = []
    for number, asks in enumerate(earlier):
        ws.view(f"asks_{number}", asks)
        views.append(f"SELECT {number} AS batch, * FROM asks_{number}")
    ws.con.execute(f"CREATE VIEW asks_earlier AS {' UNION ALL '.join(views) or _NONE}")
    ws.con.execute(f"CREATE TABLE asked_before AS {_ASKED_BEFORE}")


def write_asks(ws: Workspace) -> Artefact:
    """The artefact `asks`: the rows of `asks_now` whose requests the view `rulings` does not return."""
    return ws.write("asks", _KEPT, "near, row_number, by_zip")


_GIVEN, _FAMILY = "coalesce(s.n_given_joined, '')", "coalesce(s.n_family_joined, '')"
_NAMES = f"concat_ws(chr(31), least({_GIVEN}, {_FAMILY}), greatest({_GIVEN}, {_FAMILY}))"


def _asks_now_sql(keyed: str) -> str:
    """The rows of `asks_now`; `keyed` is SQL for the keyed text by which a way knows a person."""
    return f"""
WITH known AS (
    SELECT q.row_number, q.date_of_birth AS born, {_NAMES} AS names, left({_GIVEN}, 1) AS initial,
        {_FAMILY} AS family, coalesce(left(s.a_zip, 5), s.a_city || ' ' || s.a_state) AS zip,
        CASE WHEN s.a_street IS NOT NULL THEN
            concat_ws(chr(31), s.a_street, coalesce(s.a_unit, ''), coalesce(left(s.a_zip, 5), s.a_city)) END AS home
    FROM requests q JOIN standard_rows s USING (row_number)
    WHERE coalesce(s.n_given_joined, s.n_family_joined) IS NOT NULL),
ways AS (
    SELECT row_number, home, born, unnest([
        {{'by': 'birth', 'known': concat_ws(chr(31), names, born)}},
        {{'by': 'initial', 'known': concat_ws(chr(31), family, initial, born)}}]) AS way
    FROM known WHERE born IS NOT NULL
    UNION ALL
    SELECT row_number, home, born, {{'by': 'zip', 'known': concat_ws(chr(31), names, zip)}}
    FROM known WHERE zip IS NOT NULL),
entries AS (SELECT *, ('0x' || left({keyed}, 16))::UBIGINT AS near FROM ways)
SELECT row_number, near, CASE WHEN home IS NOT NULL THEN hash(near, home) END AS place,
    way['by'] = 'zip' AS by_zip, born IS NOT NULL AS birth
FROM entries
"""


_NONE = "SELECT 0 AS batch, * FROM asks_now WHERE FALSE"

_ASKED_BEFORE = """
WITH met AS (
    SELECT n.row_number, n.near, e.batch, e.row_number AS asked,
        CASE WHEN e.place IS DISTINCT FROM n.place THEN e.place END AS elsewhere
    FROM asks_now n JOIN asks_earlier e ON e.near = n.near AND e.by_zip = n.by_zip
    WHERE NOT (n.by_zip AND n.birth AND e.birth)),
    asks AS (SELECT row_number, count(DISTINCT (batch, asked)) AS asks_before FROM met GROUP BY row_number),
    places AS (
        SELECT row_number, max(addresses) AS addresses_before
        FROM (SELECT row_number, count(DISTINCT elsewhere) AS addresses FROM met GROUP BY row_number, near)
        GROUP BY row_number)
SELECT q.row_number, coalesce(asks_before, 0) AS asks_before, coalesce(addresses_before, 0) AS addresses_before
FROM (SELECT row_number FROM standard_rows WHERE coalesce(n_given_joined, n_family_joined) IS NULL
    UNION SELECT row_number FROM asks_now) q
LEFT JOIN asks ON asks.row_number = q.row_number LEFT JOIN places ON places.row_number = q.row_number
"""

_KEPT = """
SELECT a.row_number, a.near, a.place, a.by_zip, a.birth FROM asks_now a
ANTI JOIN (SELECT DISTINCT row_number FROM rulings WHERE outcome = 'return') r ON r.row_number = a.row_number
"""
