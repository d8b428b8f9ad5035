"""`comity explain` and `comity decoys` as they are typed: to entitled officers, each look an event, nothing changed."""

from __future__ import annotations

import json

import duckdb

from comity.oversight.verify import verify_log
from comity.synthetic import make_small_set
from tests.spec.cli.terminal import error_of, typed


def _row(terminal, determination):
    """The first row of the batch that came to `determination`."""
    [path] = (terminal.home / "batches" / terminal.world.batch).glob("determinations-*.parquet")
    with duckdb.connect() as con:
        sql = f"SELECT min(row_number) FROM '{path}' WHERE determination = '{determination}'"
        return con.execute(sql).fetchall()[0][0]


def _events(terminal):
    return [stored.envelope.type for stored in terminal.world.office.store.read_from(0)]


def _files(terminal):
    """Every file of the home but the registry's, which linkage marks as looked through."""
    return sorted(path for path in terminal.home.rglob("*") if "registry" not in path.parts)


def test_an_approver_is_shown_a_comparison_and_the_look_is_an_event(answered, at):
    terminal = at(answered)
    row = _row(terminal, "confirmed")
    before = _events(terminal)
    shown = terminal.office("explain", answered.batch, row, officer="approver-1")
    assert shown.exit_code == 0, shown.output
    assert "One person of record, and everything demanded agrees." in shown.stdout
    assert "Candidate 1" in shown.stdout
    assert "On record is" not in shown.stdout
    assert _events(terminal) == [*before, "records_read"]
    assert max(map(len, shown.stdout.splitlines())) <= 100


def test_the_terminal_of_somebody_without_the_right_shows_nothing(answered, at):
    terminal = at(answered)
    row = _row(terminal, "confirmed")
    assert terminal.refused("explain", answered.batch, row, officer="examiner") == (3, "RIGHT_MISSING")
    assert terminal.refused("decoys", answered.batch, officer="transmitter") == (3, "RIGHT_MISSING")
    assert terminal.refused("explain", answered.batch, 99_999, officer="approver-1") == (5, "ROW_UNKNOWN")


def test_nothing_is_explained_before_the_batch_is_compared(received, at):
    terminal = at(received)
    assert terminal.refused("explain", received.batch, 1, officer="approver-1")[1] == "OUT_OF_ORDER"
    assert terminal.refused("decoys", received.batch, officer="approver-1")[1] == "OUT_OF_ORDER"


def test_a_hold_stops_both(answered, at):
    terminal = at(answered)
    row = _row(terminal, "confirmed")
    answered.hold()
    assert terminal.refused("explain", answered.batch, row, officer="approver-1") == (3, "HOLD_ACTIVE")
    assert terminal.refused("decoys", answered.batch, officer="approver-1") == (3, "HOLD_ACTIVE")


def test_a_look_after_the_replies_were_sealed_leaves_the_log_whole(sealed, at):
    terminal = at(sealed)
    assert terminal.office("explain", sealed.batch, _row(terminal, "confirmed"), officer="approver-1").exit_code == 0
    verify_log(terminal.home)


def test_decoys_of_a_batch_are_counted_and_leave_no_trace(answered, at):
    terminal = at(answered)
    before = _events(terminal), _files(terminal)
    found = terminal.done("decoys", answered.batch, officer="approver-1")
    assert (_events(terminal), _files(terminal)) == before
    assert found["confirmed"] > 0
    assert "not an error rate" in found["says"]
    assert sum(kind["alarms"] for kind in found["kinds"]) == 0
    shown = " ".join(terminal.office("decoys", answered.batch, officer="approver-1").stdout.split())
    assert "A tripwire for regressions, not an error rate" in shown


def test_a_set_with_truth_is_explained_without_an_office(tmp_path):
    files = make_small_set("ordinary").write(tmp_path)
    named = ("--registry", files.registry, "--requests", files.requests)
    with duckdb.connect() as con:
        request = con.execute(f"SELECT min(request_id) FROM '{files.requests}'").fetchall()[0][0]
    shown = typed("explain", request, *named, "--evidence", "names").stdout
    assert shown.splitlines()[1] == f"{request}: confirmed"
    found = json.loads(typed("explain", request, *named, "--evidence", "names", "--json").stdout)
    assert found["explanation"]["candidates"][0]["name_level"] == "exact"
    assert json.loads(typed("decoys", *named, "--json").stdout)["kinds"][0]["alarms"] == 0


def test_which_request_is_meant_has_to_be_said(tmp_path):
    assert error_of(typed("explain", "R1", "--json"))["code"] == "EXPLAIN_WHAT"
    assert error_of(typed("decoys", "--json"))["code"] == "DECOYS_OF_WHAT"
