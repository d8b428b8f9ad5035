"""The exchange that a court counted, made up: most requests without an address, some with a number in its place.

Of 47,289 answers 42,695 were to requests without a proper address (Center for Taxpayer Rights v. IRS, 26 February
2026). The same share is drawn here; the addresses are those of `tests/spec/standard`, good ones that look odd and ones
that are none, in the ways in which both are written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from comity.case.artefact import Artefact
from comity.gates import ASKED
from comity.workspace import Workspace, workspace
from tests.spec.gates.conftest import LAWFUL

DEFECTIVE = 42_695 / 47_289
RETURNED = ("placeholder", "zip_only", "incomplete", "missing", "unreadable")
PARTS = ("street_line", "unit_line", "city", "state", "zip")
HOUSTON = (None, None, "Houston", "TX", "77001")
_STANDARD = Path(__file__).parents[1] / "standard"
_NAMED_BY_THE_COURT = ("Failed to Provide", "Unknown Address", "Don't Care", "")

Parts = tuple[str | None, ...]


def draw_requests(directory: Path, rows: int) -> Artefact:
    """The artefact `requests` of so many requests, each about somebody else, with a last column `defective`.

    Half carry a TIN and half a birth date, whatever their address. Nothing but the address is wrong with any.
    """
    with workspace(directory) as ws:
        _cells(ws, "good", list(_good()))
        _cells(ws, "bad", list(_bad()))
        ws.con.execute(f"CREATE TABLE drawn AS {_DRAWN}", [DEFECTIVE, rows])
        return ws.write("requests", f"SELECT row_number, {_columns()}, defective FROM drawn", "row_number")


def _good() -> Iterator[Parts]:
    """Odd addresses of a house whose number can be another, so that no address is used too often."""
    for spellings in _listed("odd_addresses")["same"].values():
        for cell in (cell for row in spellings for cell in row):
            if cell.startswith("410 "):
                yield _parted(cell)


def _bad() -> Iterator[Parts]:
    odd, hard = _listed("odd_addresses")["bad"], _listed("hard_addresses")
    for kind in RETURNED:
        for cell in odd.get(kind, ()):
            yield _parted(cell)
        for case in hard.get(kind, ()):
            yield _given(case if isinstance(case, dict) else {"line": case})
    yield from ((words, None, None, None, "77001") for words in _NAMED_BY_THE_COURT)
    yield (None,) * len(PARTS)


def _listed(name: str) -> dict[str, dict[str, list[list[str]]]]:
    return tomllib.loads((_STANDARD / f"{name}.toml").read_text(encoding="utf-8"))


def _parted(cell: str) -> Parts:
    """`street line | unit line | city | state | ZIP`, in Houston where no city is said."""
    sent = [field.strip() or None for field in cell.split("|")] if " | " in cell else [cell]
    return (*sent, *HOUSTON[len(sent) :])[: len(PARTS)]


def _given(case: dict[str, str]) -> Parts:
    return tuple(case.get(key, there) for key, there in zip(("line", "unit", *PARTS[2:]), HOUSTON, strict=True))


def _cells(ws: Workspace, table: str, cells: list[Parts]) -> None:
    ws.con.execute(f"CREATE TABLE {table} (place INTEGER, {', '.join(f'{part} VARCHAR' for part in PARTS)})")
    ws.con.executemany(
        f"INSERT INTO {table} VALUES (?, {', '.join('?' * len(PARTS))})", [[n, *cell] for n, cell in enumerate(cells)]
    )


# How people write: as it is, in capitals, in small letters; the whole in one text; the ZIP once more behind the line.
_DRAWN = """
WITH numbered AS (
        SELECT (i + 1)::INTEGER AS row_number, hash(i, 'd') % 1000000 < ? * 1000000 AS defective,
            (hash(i, 'c') % 1000000)::INTEGER AS chosen, (hash(i, 'w') % 3)::INTEGER AS written,
            (hash(i, 'f') % 4)::INTEGER AS form, hash(i, 't') % 2 = 0 AS with_tin, hash(i, 'b') % 2 = 0 AS with_birth,
            translate(lpad((i + 1)::VARCHAR, 8, '0'), '0123456789', 'ABCDEFGHIJ') AS letters
        FROM range(?) rows(i)),
    placed AS (
        SELECT n.*, b.* EXCLUDE (place) FROM numbered n JOIN bad b
            ON b.place = n.chosen % (SELECT count(*) FROM bad) WHERE defective
        UNION ALL
        SELECT n.*, g.* EXCLUDE (place) REPLACE ((1 + chosen % 9899) || substr(street_line, 4) AS street_line)
        FROM numbered n JOIN good g ON g.place = n.chosen % (SELECT count(*) FROM good) WHERE NOT defective)
SELECT * REPLACE (
        CASE written WHEN 0 THEN street_line WHEN 1 THEN upper(street_line) ELSE lower(street_line) END
            || CASE WHEN defective AND form = 1 AND zip = '77001' THEN ' ' || zip ELSE '' END AS street_line),
    CASE WHEN with_tin THEN '900-70-' || lpad((row_number % 10000)::VARCHAR, 4, '0') END AS tin,
    CASE WHEN with_birth THEN DATE '1980-06-15' - row_number % 7000 END AS date_of_birth
FROM placed
"""


def _columns() -> str:
    """A lawful request in every other column, under a name and a reason of its own."""
    own = {
        "request_id": "'A-' || row_number",
        "given_name": "'Rosa'",
        "middle_name": "NULL",
        "family_name": "'Del' || letters",
        "case_id": "'M-' || row_number",
        "reason": "'Fact ' || letters || ' of the matter turns on this address'",
        **{column: column for column in (*PARTS, "tin", "date_of_birth")},
    }
    lawful = {name: _literal(LAWFUL.get(name)) for name in ASKED}
    return ", ".join(f"CAST({(lawful | own)[name]} AS {kind}) AS {name}" for name, kind in ASKED.items())


def _literal(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return "NULL" if value is None else f"'{str(value).replace(chr(39), chr(39) * 2)}'"
