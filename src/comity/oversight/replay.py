"""Replay: what a batch came to, made again from its artefacts by what was in force, and compared row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comity import gates, linkage
from comity.agreements import Agreement
from comity.case.artefact import Artefact
from comity.case.batch_state import Vote
from comity.case.errors import Integrity
from comity.case.holds import Person
from comity.linkage import Index, LinkageTerms
from comity.review import Draw, compose_answers, draw_sample, fold_votes
from comity.workspace import Workspace, identifier, workspace

# In the order of the steps, so that the first that differs is the one that went another way.
KINDS = (
    "standardised",
    "rulings",
    "waiting",
    "asks",
    "settled",
    "candidates",
    "determinations",
    "sample",
    "verdicts",
    "listed",
    "answers",
)


@dataclass(frozen=True)
class Basis:
    """What a batch is decided on: its two tables, and what was in force for each step that it has done.

    `facts` and `register` are what the registers said (see `gates.rule`), `earlier` the ledger of asks as it was looked
    at; `examined` what examiners settled, None before that; `index` and `terms` what it was linked with, None before
    that, and `draw` what decided the audit sample; `votes` None before there are answers, which confirm nothing where
    disclosure was `forgone`, nor whom the screen in `withholdings` did not clear, nor the `persons` whom holds name.
    """

    requests: Artefact
    recipients: Artefact
    agreement: Agreement
    facts: Mapping[str, object] = field(repr=False)
    register: Sequence[gates.Registered] = field(repr=False)
    earlier: gates.Earlier
    examined: Sequence[tuple[int, str]] | None = None
    index: Index | None = None
    terms: LinkageTerms | None = None
    draw: Draw | None = None
    forgone: bool = False
    votes: Sequence[Vote] | None = field(default=None, repr=False)
    withholdings: Artefact | None = None
    persons: Sequence[Person] = field(default=(), repr=False)


@dataclass(frozen=True)
class Replayed:
    """A batch that came out the same: the `versions` it was made again with, and the rows of each table compared."""

    batch: str
    versions: Mapping[str, str]
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Difference:
    """Where a table made again first differs: at which row of the batch, in which columns, in how many rows in all."""

    kind: str
    row_number: int
    columns: tuple[str, ...]
    rows: int

    def error(self, batch: str, note: str) -> Integrity:
        """What replay raises: the place, never a value. `note` says more, or is ''."""
        columns = ", ".join(self.columns) or "the number of rows"
        return Integrity(
            "REPLAY_DIFFERS",
            f"Batch {batch} does not come out as recorded: {self.kind}, row {self.row_number}, differs in {columns}; "
            f"{self.rows} rows differ.{note}",
            "Keep the home as it is. What was recorded did not come of these rules and records alone.",
        )


def replay(
    scratch: Path, batch: str, basis: Basis, recorded: Mapping[str, Artefact], note: str = ""
) -> Mapping[str, int]:
    """Make the tables of `batch` again in the folder `scratch`, hold each against its `recorded` one, give their rows.

    Raises Integrity `REPLAY_DIFFERS` with the place of the first difference, to which `note` adds, and as the steps do.
    """
    made = recompute(scratch, basis)
    _require_same(scratch, batch, recorded, made, note)
    if basis.votes is not None:
        _require_same(scratch, batch, recorded, _answered(scratch, basis, basis.votes, made), note)
    return {kind: recorded[kind].rows for kind in KINDS if kind in recorded}


def recompute(scratch: Path, basis: Basis) -> dict[str, Artefact]:
    """Every table up to the determinations that the batch has come to, made again in `scratch`. Raises as the steps do.

    What an examiner settled counts where it still waits; what waits and was not settled has come back for lateness.
    """
    ruled = gates.rule(
        scratch, basis.requests, basis.recipients, basis.agreement, basis.facts, basis.register, basis.earlier
    )
    made = {"standardised": ruled.standardised, "rulings": ruled.rulings, "waiting": ruled.waiting}
    made |= {"asks": ruled.asks} if ruled.asks else {}
    if basis.examined is None:
        return made
    examined = _still_waiting(scratch, ruled.waiting, basis.examined)
    made["settled"] = gates.settle(scratch, basis.requests, ruled.rulings, examined, due=True)
    if basis.index is None or basis.terms is None or basis.draw is None:
        return made
    linked = linkage.link(scratch, basis.requests, made["settled"], basis.index, basis.terms)
    sample = draw_sample(scratch, linked.determinations, basis.draw)
    return made | {"candidates": linked.candidates, "determinations": linked.determinations, "sample": sample}


def _still_waiting(scratch: Path, waiting: Artefact, examined: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    with workspace(scratch) as ws:
        ws.view("waiting", waiting)
        rows = {row for (row,) in ws.rows("SELECT row_number FROM waiting")}
    return [(row, ruling) for row, ruling in examined if row in rows]


def _answered(scratch: Path, basis: Basis, votes: Sequence[Vote], made: Mapping[str, Artefact]) -> dict[str, Artefact]:
    verdicts = fold_votes(scratch, votes)
    settled, candidates, determined, sample = (made[kind] for kind in KINDS[4:8])
    compared = linkage.Compared(basis.requests, candidates, determined, verdicts)
    listed = linkage.find_listed(scratch, compared, basis.persons) if basis.persons else None
    answers = compose_answers(
        scratch,
        basis.requests,
        settled,
        candidates,
        determined,
        sample,
        verdicts,
        withholdings=basis.withholdings,
        listed=listed,
        forgone=basis.forgone,
    )
    return {"verdicts": verdicts, "answers": answers} | ({"listed": listed} if listed else {})


def _require_same(
    scratch: Path, batch: str, recorded: Mapping[str, Artefact], made: Mapping[str, Artefact], note: str
) -> None:
    difference = first_difference(scratch, recorded, made)
    if difference:
        raise difference.error(batch, note)


def first_difference(
    scratch: Path, recorded: Mapping[str, Artefact], made: Mapping[str, Artefact]
) -> Difference | None:
    """The first of `recorded` that its like in `made` does not equal, row for row, either way (EXCEPT ALL); or None.

    Raises Integrity `ARTEFACT_CHANGED` or `ARTEFACT_MISSING` for a recorded table that is not the one its event names.
    """
    reads = [table.path for table in recorded.values()]
    with workspace(scratch, reads=reads) as ws:
        return next(_differences(ws, recorded, made), None)


def _differences(ws: Workspace, recorded: Mapping[str, Artefact], made: Mapping[str, Artefact]) -> Iterator[Difference]:
    for kind in KINDS:
        if kind not in recorded or kind not in made:
            continue
        ws.view("was", recorded[kind])
        ws.view("again", made[kind])
        columns = _columns(ws, "was")
        if columns != _columns(ws, "again"):
            yield Difference(kind, 0, tuple(sorted(set(columns) ^ set(_columns(ws, "again")))), recorded[kind].rows)
            continue
        [(row, rows)] = ws.rows(f"SELECT min(row_number), count(*) FROM ({_either_way('*')})")
        if rows:
            yield Difference(kind, row, tuple(_differing(ws, columns, row)), rows)


def _columns(ws: Workspace, view: str) -> list[str]:
    return [f"{name} {kind}" for name, kind, *_ in ws.rows(f"DESCRIBE {view}")]


def _differing(ws: Workspace, columns: Sequence[str], row: int) -> Iterator[str]:
    for column in columns:
        name = column.split(" ")[0]
        sql = _either_way(identifier(name), "WHERE row_number = $row")
        found: list[Any] = ws.con.execute(f"SELECT count(*) FROM ({sql})", {"row": row}).fetchall()
        if found[0][0]:
            yield name


def _either_way(columns: str, where: str = "") -> str:
    was, again = (f"SELECT {columns} FROM {view} {where}" for view in ("was", "again"))
    return f"({was} EXCEPT ALL {again}) UNION ALL ({again} EXCEPT ALL {was})"
