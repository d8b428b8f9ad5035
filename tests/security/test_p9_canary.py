"""P9: a made-up name that stands in every table is nowhere in what a failing step says, however deep one digs."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator

import duckdb
import pytest

from comity.case.errors import ComityError, Waiting
from comity.intake import open_package
from comity.office import acts, assigning, story
from comity.workspace import Workspace
from tests.world import VOUCHED, World

CANARY = "Zyxwvutsrq"
IN_A_NAME = f"'{CANARY}' AS given_name, '{CANARY}' AS family_name"


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        yield from chain(error.__cause__)
        error = error.__context__


def everything_said(error: BaseException) -> str:
    """What a traceback, a log that walks the chain, and a debugger that shows attributes would print."""
    said = "".join(traceback.format_exception(error))
    for one in chain(error):
        said += f"{one!r} {one!s} {vars(one)}"
    return said


@pytest.fixture
def spoiling(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on DuckDB fails at every artefact, quoting the value that it could not convert, as it does."""

    def failing(ws: Workspace, kind: str, sql: str, order_by: str, columns: str = "*") -> None:
        ws.con.execute(f"SELECT CAST('{CANARY}' AS INTEGER)")

    return lambda: monkeypatch.setattr(Workspace, "write", failing)


def package(world: World) -> None:
    world.sent(2, "request_id <= 'SMALL-00010'", IN_A_NAME)


def rule(world: World, batch: str) -> None:
    """Step 2 to its end; the examiner lets everything pass."""
    try:
        story.gates(world.office, world.actor("operator"), batch)
    except Waiting:
        world.settle(batch, "pass")
        story.gates(world.office, world.actor("operator"), batch)


def refusal(act: Callable[[], object]) -> BaseException:
    with pytest.raises(ComityError) as caught:
        act()
    return caught.value


def test_duckdb_itself_would_have_told() -> None:
    with pytest.raises(duckdb.Error, match=CANARY):
        duckdb.execute(f"SELECT CAST('{CANARY}' AS INTEGER)")


def test_no_step_says_a_name_when_its_tables_fail(
    prepared: World, spoiling: Callable[[], None], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    package(prepared)
    prepared.actor("operator")
    spoiling()
    error = refusal(lambda: prepared.receive(prepared.place / "package-2"))
    assert error.code == "STEP_FAILED"
    assert CANARY not in everything_said(error)
    assert CANARY not in caplog.text + "".join(capfd.readouterr())
    assert prepared.office.store.streams() == ["office"]


@pytest.mark.parametrize("step", ["gates", "linkage", "review", "accounting", "disclosure"])
def test_no_later_step_says_a_name_when_its_tables_fail(
    prepared: World, spoiling: Callable[[], None], step: str
) -> None:
    package(prepared)
    batch = prepared.receive(prepared.place / "package-2")
    office, operator, transmitter = prepared.office, prepared.actor("operator"), prepared.actor("transmitter")
    acts_of = {
        "gates": lambda: story.gates(office, operator, batch),
        "linkage": lambda: story.linkage(office, operator, batch),
        "review": lambda: story.review(office, operator, batch),
        "accounting": lambda: story.accounting(office, transmitter, batch),
        "disclosure": lambda: story.disclosure(office, transmitter, batch),
    }
    if step in ("linkage", "review"):
        rule(prepared, batch)
    if step == "review":
        story.linkage(office, operator, batch)
        prepared.vote_no(batch)
    if step in ("accounting", "disclosure"):
        prepared.to_signed(batch)
    if step == "disclosure":
        story.accounting(office, transmitter, batch)
    version = office.batch(batch).version
    spoiling()
    error = refusal(acts_of[step])
    assert error.code == "STEP_FAILED"
    assert CANARY not in everything_said(error)
    assert office.batch(batch).version == version


def test_a_registry_that_cannot_be_read_says_no_name(prepared: World) -> None:
    source = prepared.place / "records.csv"
    source.write_text(
        f"taxpayer_id,tax_year,source_form,role,given_name,family_name\n1,{CANARY},W2,primary,{CANARY},X\n"
    )
    operator = prepared.actor("operator")
    error = refusal(
        lambda: acts.build_registry(prepared.office, operator, [source], synthetic=True, vouched_by=VOUCHED)
    )
    assert CANARY not in everything_said(error)


@pytest.mark.parametrize("column", ["tax_years", "date_of_birth", "case_opened_on", "request_id"])
def test_a_cell_that_cannot_be_read_is_told_by_its_place_alone(prepared: World, column: str) -> None:
    prepared.sent(2, "request_id <= 'SMALL-00003'", f"'{CANARY} x' AS {column}")
    error = refusal(lambda: prepared.receive(prepared.place / "package-2"))
    assert CANARY not in everything_said(error)


def test_what_holds_a_person_prints_none(prepared: World) -> None:
    package(prepared)
    batch = prepared.receive(prepared.place / "package-2")
    if prepared.work(batch) == "RULINGS_OPEN":
        prepared.settle(batch, "pass")
        prepared.work(batch)
    prepared.reopen()
    state = prepared.office.batch(batch)
    shown = f"{state!r} {prepared.office!r} {open_package(prepared.place / 'package-2')!r}"
    shown += "".join(str(stored) for stored in prepared.office.store.read(f"batch/{batch}"))
    reviewer = prepared.actor("reviewer-1")
    while found := assigning.next_case(prepared.office, reviewer, batch):
        shown += repr(found)
        row = assigning.row_in_hand(prepared.office, reviewer, batch, found.ticket)
        assigning.put_back(prepared.office, reviewer, batch, row)
    assert CANARY not in shown
