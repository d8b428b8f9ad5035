"""Small sets for tests and first steps: a few hundred invented people, no package and no download needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from comity.case.errors import Usage
from comity.case.tables import REGISTRY, REQUESTS, TRUTH, Table
from comity.synthetic.hard_homes import BAD_ADDRESSES, HARD_HOMES, MOVERS
from comity.synthetic.hard_people import HARD_PEOPLE
from comity.synthetic.requests import contract_columns, proper_select
from comity.synthetic.scene import Scene
from comity.workspace import Workspace, quoted, workspace

Row = Mapping[str, object]
Kind = Callable[[Scene, str], None]

RECEIVED_ON = date(2026, 11, 2)


@dataclass(frozen=True)
class SmallFiles:
    """The three files of a small set, each following its table contract."""

    registry: Path
    requests: Path
    truth: Path


@dataclass(frozen=True)
class SmallSet:
    """A registry, requests about its people and others, and the truth: rows as mappings of the table contracts.

    `requests` holds the identity columns; `write` adds the particulars of a proper case.
    """

    name: str
    seed: int
    registry: Sequence[Row] = field(repr=False)
    requests: Sequence[Row] = field(repr=False)
    truth: Sequence[Row] = field(repr=False)

    def write(self, directory: Path, received_on: date = RECEIVED_ON) -> SmallFiles:
        """Write `registry.parquet`, `requests.parquet` and `truth.parquet` to `directory`.

        Every request is proper as to its paper on `received_on`: what is wrong with it, if anything, is whom or
        where it names.
        """
        files = SmallFiles(*(directory / f"{name}.parquet" for name in ("registry", "requests", "truth")))
        with workspace(directory) as ws:
            _load(ws, "registry", REGISTRY, self.registry)
            _load(ws, "truth", TRUTH, self.truth)
            _load(ws, "asked", REQUESTS, self.requests)
            ws.con.execute(f"CREATE TEMP TABLE requests AS {_requests(self.seed, received_on)}")
            for name, path in (("registry", files.registry), ("requests", files.requests), ("truth", files.truth)):
                ws.con.execute(f"COPY {name} TO {quoted(path)} (FORMAT parquet)")
        return files


def _ordinary(scene: Scene, kind: str) -> None:
    person = scene.file(scene.person())
    scene.ask(kind, person, confirmable=True, born=person.born, written={"middle_name": person.middle})


_SETS: dict[str, tuple[Mapping[str, Kind], int]] = {
    "ordinary": ({"same_address": _ordinary}, 120),
    "hard_people": ({**HARD_PEOPLE, **HARD_HOMES}, 3),
    "movers": (MOVERS, 30),
    "bad_addresses": (BAD_ADDRESSES, 3),
}
SMALL_SETS = tuple(_SETS)


def make_small_set(name: str, seed: int = 1) -> SmallSet:
    """The small set `name` of `SMALL_SETS`; the same seed, the same rows. Raises Usage `SMALL_SET_UNKNOWN`."""
    if name not in _SETS:
        raise Usage("SMALL_SET_UNKNOWN", "There is no small set of that name.", f"Take one of {', '.join(SMALL_SETS)}.")
    kinds, times = _SETS[name]
    scene = Scene(seed)
    for kind, make in kinds.items():
        for _ in range(times):
            make(scene, kind)
    return SmallSet(name, seed, tuple(scene.registry), tuple(scene.requests), tuple(scene.truth))


def _load(ws: Workspace, name: str, table: Table, rows: Sequence[Row]) -> None:
    fields = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    whole = [{column: row.get(column) for column in table.names()} for row in rows]
    ws.con.execute(
        f"CREATE TEMP TABLE {name} AS SELECT unnest(CAST(?::JSON AS STRUCT({fields})[]), recursive := true)",
        [json.dumps(whole, default=str)],
    )


def _requests(seed: int, received_on: date) -> str:
    people = """(SELECT * EXCLUDE (order_final_on, court_final_on, case_opened_on, case_id, statute, prong, purpose,
                        case_status, removal_ground, reason, elements, bars, recipients, tax_years, date_of_birth, tin),
                 row_number() OVER (ORDER BY request_id) AS row_number, tax_years AS stated,
                 date_of_birth AS born_as_written, tin AS tin_known FROM asked)"""
    proper = "SELECT * REPLACE (stated AS tax_years, born_as_written AS date_of_birth, tin_known AS tin) FROM "
    return (
        f"SELECT {contract_columns()} FROM ({proper} ({proper_select(seed, received_on, people)})) ORDER BY row_number"
    )
