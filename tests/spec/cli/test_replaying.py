"""`comity replay` as it is typed: the same rows or the first that differs, and what another reading would refuse."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from comity import linkage
from comity.agreements import folder_of
from comity.case.errors import Integrity
from comity.case.office_events import SafeguardsProposed
from comity.demo.stage import AGREEMENT
from comity.office import replaying, ruling
from comity.oversight import replay
from comity.workspace import file_digest
from tests.spec.cli.terminal import Terminal
from tests.world import World

# Nobody is listed where no hold names persons.
KINDS = {*replay.KINDS} - {"listed"}


def at_rest(terminal: Terminal) -> list[tuple[str, int]]:
    """Every file of the home but the registry's, which is marked as looked through, and the database's."""
    kept = (path for part in ("batches", "log", "agreements") for path in (terminal.home / part).rglob("*"))
    return sorted((str(path), path.stat().st_mtime_ns) for path in kept if path.is_file())


def events(world: World) -> int:
    return sum(1 for _ in world.office.store.read_from(0))


def another_text(place: Path, *changes: tuple[str, str, str]) -> Path:
    """The shipped agreement in a folder of its own: in each named file, other words in the place of the old."""
    folder = place / "another" / AGREEMENT
    shutil.copytree(folder_of(AGREEMENT), folder)
    for name, old, new in changes:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")
    return folder


def adults_from_45(place: Path) -> Path:
    """The same agreement, with whom it calls a minor set otherwise, and the cases that say so."""
    now_minors = [
        (
            "cases.toml",
            f'given = {{ date_of_birth = {born} }}\ngives = "pass"',
            f'given = {{ date_of_birth = {born} }}\ngives = "SUBJECT_MINOR"',
        )
        for born in ("2008-01-05", "2008-01-04", "2007-01-05")
    ]
    return another_text(place, ("terms.toml", "[adult_age]\nvalue = 18", "[adult_age]\nvalue = 45"), *now_minors)


def confirmed(world: World) -> set[int]:
    answers = world.office.batch(world.batch).answers
    assert answers
    path = world.office.vault.artefact(world.batch, answers.answers).path
    with duckdb.connect() as con:
        return {row for (row,) in con.execute(f"SELECT row_number FROM '{path}' WHERE answer = 'CONFIRMED'").fetchall()}


def test_a_batch_comes_out_the_same_and_nothing_is_changed(sealed: World, at: Callable[[World], Terminal]) -> None:
    terminal = at(sealed)
    before = events(sealed), at_rest(terminal)
    found = terminal.done("replay", sealed.batch, officer="counsel")
    assert (events(sealed), at_rest(terminal)) == before
    [one] = found["batches"]
    assert set(one["rows"]) == KINDS
    assert one["rows"]["answers"] == 120
    assert "no difference" in terminal.office("replay", "--all", officer="counsel").stdout


def test_a_batch_replays_as_far_as_it_has_come(received: World, at: Callable[[World], Terminal]) -> None:
    terminal = at(received)
    assert terminal.refused("replay", received.batch, officer="counsel") == (3, "OUT_OF_ORDER")
    received.work()
    assert {"rulings", "asks"} <= set(terminal.done("replay", received.batch, officer="counsel")["batches"][0]["rows"])


def test_only_who_oversees_may_replay(sealed: World, at: Callable[[World], Terminal]) -> None:
    assert at(sealed).refused("replay", sealed.batch, officer="operator") == (3, "RIGHT_MISSING")
    assert at(sealed).refused("replay", officer="counsel") == (2, "REPLAY_WHAT")


def test_registers_that_changed_since_change_nothing_of_the_past(sealed: World) -> None:
    sealed.entered(SafeguardsProposed("ICE", "", "", True, 0, 0, "", sealed.office.now().date().isoformat()))
    replaying.replay_batch(sealed.office, sealed.actor("counsel"), sealed.batch)


def forge(monkeypatch: pytest.MonkeyPatch, kind: str, column: str) -> None:
    """The office wrote a table of its own making, and its events name that table."""
    tables = replaying._tables

    def forged(*given):
        found = tables(*given)
        place = found[kind].path.with_name("forged.parquet")
        with duckdb.connect() as con:
            least = f"(SELECT min(row_number) FROM '{found[kind].path}' WHERE row_number > 2)"
            sql = f"SELECT * REPLACE (CASE WHEN row_number = {least} THEN 'Z' ELSE {column} END AS {column})"
            con.execute(f"COPY ({sql} FROM '{found[kind].path}') TO '{place}' (FORMAT parquet)")
        return found | {kind: replay.Artefact(kind, file_digest(place), place, found[kind].rows)}

    monkeypatch.setattr(replaying, "_tables", forged)


@pytest.mark.parametrize("kind", ["determinations", "answers", "candidates", "settled"])
def test_a_recorded_row_that_the_rules_do_not_give_is_named(
    answered: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    column = {"candidates": "taxpayer_id", "settled": "settled_by"}.get(kind, "request_id")
    forge(monkeypatch, kind, column)
    with pytest.raises(Integrity) as differs:
        replaying.replay_batch(answered.office, answered.actor("counsel"), answered.batch)
    assert differs.value.code == "REPLAY_DIFFERS"
    assert kind in differs.value.says
    assert column in differs.value.says
    assert "this version has" not in differs.value.says


def test_where_another_version_of_the_rule_determined_a_difference_says_so(
    answered: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linkage, "VERSION", "1999.1")
    assert replaying.replay_batch(answered.office, answered.actor("counsel"), answered.batch)
    forge(monkeypatch, "determinations", "request_id")
    with pytest.raises(Integrity, match="REPLAY_DIFFERS") as differs:
        replaying.replay_batch(answered.office, answered.actor("counsel"), answered.batch)
    assert "this version has duckdb" in differs.value.says
    assert "rule 1999.1" in differs.value.says


def test_a_rule_that_was_not_in_force_is_found(received: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The office ruled by facts that its registers do not bear out."""
    monkeypatch.setattr(ruling, "registered_on", lambda *_: [])
    received.work()
    monkeypatch.undo()
    with pytest.raises(Integrity, match="REPLAY_DIFFERS") as differs:
        replaying.replay_batch(received.office, received.actor("counsel"), received.batch)
    assert "rulings" in differs.value.says


def test_another_registry_in_the_place_of_the_pinned_one_is_found(answered: World) -> None:
    pinned = answered.office.batch(answered.batch).determined
    assert pinned
    [file] = answered.office.home.registry(pinned.registry).glob("registry.duckdb")
    file.write_bytes(file.read_bytes()[:-1] + b"\x01")
    with pytest.raises(Integrity, match="REGISTRY_CHANGED"):
        replaying.replay_batch(answered.office, answered.actor("counsel"), answered.batch)


def test_the_same_rules_refuse_nothing_that_was_answered(sealed: World, at: Callable[[World], Terminal]) -> None:
    [one] = at(sealed).done("replay", sealed.batch, "--rules", AGREEMENT, officer="counsel")["batches"]
    assert one["refused"] == []
    assert {change["was"] for change in one["changes"] if change["was"] != change["would_be"]} == set()


def test_a_stricter_rule_lists_every_answer_it_would_have_refused(
    sealed: World, at: Callable[[World], Terminal], tmp_path: Path
) -> None:
    terminal = at(sealed)
    sealed.collect("ICE-R016", tmp_path / "reply")
    before = events(sealed), at_rest(terminal)
    [one] = terminal.done("replay", "--all", "--rules", adults_from_45(tmp_path), officer="counsel")["batches"]
    assert (events(sealed), at_rest(terminal)) == before
    received = sealed.office.batch(sealed.batch).submission()
    requests = sealed.office.vault.artefact(sealed.batch, received.requests).path
    with duckdb.connect() as con:
        young = "date_of_birth > received_on - INTERVAL 45 YEAR"
        sql = f"SELECT row_number, list_contains(recipients, 'ICE-R016') FROM '{requests}' WHERE {young}"
        minors = dict(con.execute(sql).fetchall())
    assert minors
    assert {line["row_number"]: line["left_to"] == 1 for line in one["refused"]} == minors
    assert {line["would_be"] for line in one["refused"]} == {"REVIEW"}
    assert {(*line["gates"], *line["codes"], *line["clauses"]) for line in one["refused"]} == {
        ("G-39", "SUBJECT_MINOR", "Policy 7, minors")
    }


def test_a_narrower_address_of_record_lists_what_it_would_not_have_confirmed(
    sealed: World, at: Callable[[World], Terminal], tmp_path: Path
) -> None:
    forms = ("terms.toml", 'value = ["1040", "W2", "1099"]', 'value = ["1099"]')
    [one] = at(sealed).done("replay", "--all", "--rules", another_text(tmp_path, forms), officer="counsel")["batches"]
    changed = {(line["was"], line["would_be"], *line["gates"], *line["clauses"]) for line in one["refused"]}
    assert changed == {("CONFIRMED", "NO_DISCLOSURE", "linkage", "Policy 1, what counts as an address of record")}
    assert {line["row_number"] for line in one["refused"]} <= confirmed(sealed)


def test_rules_of_another_agreement_are_not_looked_back_with(sealed: World, at: Callable[[World], Terminal]) -> None:
    another = Path(__file__).parents[3] / "examples" / "benefit_match"
    terminal = at(sealed)
    named = ("replay", sealed.batch, "--rules", another)
    assert terminal.refused(*named, officer="counsel") == (5, "RULES_OF_ANOTHER")


def test_safeguards_suspended_today_would_have_refused_every_answer(
    sealed: World, at: Callable[[World], Terminal]
) -> None:
    today = sealed.office.now().date()
    sealed.entered(SafeguardsProposed("ICE", "", "", True, 0, 0, "", today.isoformat()))
    terminal = at(sealed)
    [one] = terminal.done("replay", sealed.batch, "--as-of", today.isoformat(), officer="counsel")["batches"]
    refused = {line["row_number"]: line for line in one["refused"]}
    assert confirmed(sealed) <= set(refused)
    said = refused[min(confirmed(sealed))]
    assert (said["was"], said["would_be"]) == ("CONFIRMED", "RETURNED")
    assert "SAFEGUARDS_NOT_MET" in said["codes"]
    assert all(said["clauses"])
    shown = terminal.office("replay", sealed.batch, "--as-of", today.isoformat(), officer="counsel").stdout
    assert "SAFEGUARDS_NOT_MET" in shown
