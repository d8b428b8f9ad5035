"""The people of the demonstration who judge: an examiner with a rule of thumb, reviewers who know the truth and err."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from comity.case.outcomes import AUDIT, CLERICAL
from comity.case.withholding import CLEAR, WITHHOLD
from comity.demo.cast import REVIEWERS
from comity.demo.stage import Stage
from comity.office import assigning, reviewing, ruling, screening, story

REVIEWER_ERROR = 0.01
EVERYTHING = 10_000_000
# Mail reaches a box and a residence of many people alike; what else waits is returned, as a cautious examiner would.
LET_PASS = frozenset({"ADDRESS_PO_BOX", "ADDRESS_MASS_REUSED"})


def examine(stage: Stage, batch: str) -> tuple[int, int]:
    """The examiner settles every waiting ruling; gives how many, and how many of them passed."""
    waiting = ruling.waiting_rows(stage.office, stage.office.batch(batch))
    settled = {row: _settled(codes) for row, codes in waiting.items()}
    ruling.settle(stage.office, stage.actor("examiner"), batch, settled)
    return len(settled), sum(word == "pass" for word, _ in settled.values())


def screen(stage: Stage, batch: str, withheld: Collection[int] = ()) -> int:
    """The screener looks up everybody on the list and clears all but those in the rows `withheld`; gives how many."""
    with tempfile.TemporaryDirectory() as place:
        listed, said = Path(place) / "subjects.ndjson", Path(place) / "said.ndjson"
        actor = stage.actor("screener")
        screening.show_subjects(stage.office, actor, batch, listed)
        with duckdb.connect() as con:
            rows = ", ".join(map(str, withheld)) or "NULL"
            word = f"CASE WHEN row_number IN ({rows}) THEN '{WITHHOLD}' ELSE '{CLEAR}' END"
            shown = f"read_ndjson('{listed}', columns = {{row_number: 'INTEGER'}})"
            con.execute(f"COPY (SELECT row_number, {word} AS screen FROM {shown}) TO '{said}' (FORMAT json)")
        with said.open("rb") as list_:
            return story.screen(stage.office, actor, batch, list_)


def _settled(codes: tuple[str, ...]) -> tuple[str, str]:
    if set(codes) <= LET_PASS:
        return "pass", "Mail reaches it; the comparison decides whether it is the person's."
    return "return", "Not resolved by anything in the submission; the requester can clear it up."


def judge(
    stage: Stage, batch: str, truth: Path, seed: int, kinds: Collection[str] = (CLERICAL, AUDIT)
) -> tuple[int, int]:
    """Two reviewers vote on every open case of these kinds, a third where they disagree; gives cases and votes."""
    cases = [row for row, kind in reviewing.open_cases(stage.office, batch) if kind in kinds]
    known = _truth(stage, batch, truth)
    votes = sum(_vote(stage, batch, reviewer, known, seed, kinds) for reviewer in REVIEWERS)
    return len(cases), votes


def _truth(stage: Stage, batch: str, truth: Path) -> Mapping[int, str]:
    """The taxpayer each request is about, where the truth says that the address is of record."""
    requests = stage.office.vault.artefact(batch, stage.office.batch(batch).submission().requests)
    with duckdb.connect() as con:
        rows = con.execute(
            f"""SELECT row_number, taxpayer_id FROM read_parquet('{requests.path}')
            JOIN read_parquet('{truth}') USING (request_id) WHERE confirmable"""
        ).fetchall()
    return dict(rows) | _known(stage, batch)


def _known(stage: Stage, batch: str) -> dict[int, str]:
    """The taxpayer of each known case that is about one: rehearsed reviewers know these as they know the others."""
    mixed = stage.office.batch(batch).known
    if mixed is None:
        return {}
    known, beside = (stage.office.vault.artefact(batch, named).path for named in (mixed.known, mixed.candidates))
    with duckdb.connect() as con:
        rows = con.execute(
            f"""SELECT row_number, any_value(taxpayer_id) FROM read_parquet('{known}') AS known
            JOIN read_parquet('{beside}') AS beside USING (row_number, person) GROUP BY row_number"""
        ).fetchall()
    return dict(rows)


def _vote(stage: Stage, batch: str, reviewer: str, known: Mapping[int, str], seed: int, kinds: Collection[str]) -> int:
    """One reviewer's pass over the queue: right but for `REVIEWER_ERROR`, drawn from the seed, reviewer and case."""
    actor = stage.actor(reviewer)
    persons = assigning.take_cases(stage.office, actor, batch, EVERYTHING, kinds)
    votes = [(row, *_verdict(named, known.get(row, ""), f"{seed}/{reviewer}/{row}")) for row, named in persons.items()]
    if votes:
        assigning.vote(stage.office, actor, batch, votes)
    return len(votes)


def _verdict(persons: list[tuple[str, str]], taxpayer: str, draw: str) -> tuple[str, str]:
    right = next((person for person, known_as in persons if known_as == taxpayer), "")
    if random.Random(draw).random() >= REVIEWER_ERROR:
        return ("same", right) if right else ("not_same", "")
    wrong = next((person for person, _ in persons if person != right), "")
    return ("same", wrong) if wrong and not right else ("not_same", "")
