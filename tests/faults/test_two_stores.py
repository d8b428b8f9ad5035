"""Database and log that tell different stories: each case has a code of its own, and a way on that is documented."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from comity.case.errors import ComityError, Integrity, Refused
from comity.cli import options
from comity.office import intending
from comity.office import stores as two_stores
from comity.office.catching_up import catch_up
from comity.office.desk import open_office, silent
from comity.office.homecheck import require_one_story, verify_home
from comity.oversight.verify import verify_log
from comity.store.events import EventStore
from docs.source import ROOT
from tests.spec.cli.terminal import error_of, typed
from tests.world import START, World

DATABASE = "comity.sqlite3"


def code_of(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(ComityError) as caught:
        call(*arguments)
    assert caught.value.next
    return caught.value.code


def verify(home: Path) -> None:
    """What `comity log verify HOME` does."""
    require_one_story(home)
    verify_log(home)
    verify_home(home)


def put_aside(world: World, name: str) -> None:
    """Keep a copy of `log` or of the database, as a backup of that day would."""
    world.office.store.close()
    kept = world.place / "aside" / name
    source = world.place / "home" / name
    kept.parent.mkdir(exist_ok=True)
    (shutil.copytree if source.is_dir() else shutil.copy)(source, kept)


def put_back(world: World, name: str) -> Path:
    """Put the copy in the place of what is there; gives the home."""
    world.office.store.close()
    place = world.place / "home" / name
    if place.is_dir():
        shutil.rmtree(place)
    else:
        for left in place.parent.glob(f"{name}*"):
            left.unlink()
    (world.place / "aside" / name).rename(place)
    return world.place / "home"


def opened(world: World, home: Path) -> object:
    return open_office(home, world.stage.calendar)


def test_a_log_of_an_earlier_day_than_the_database_is_told_and_made_again(signed: World) -> None:
    put_aside(signed, "log")
    signed.release()
    signed.hold()
    head = signed.office.log.checkpoint()
    home = put_back(signed, "log")
    assert code_of(opened, signed, home) == "LOG_OLDER_THAN_EVENTS"
    assert code_of(verify, home) == "LOG_OLDER_THAN_EVENTS"
    made = catch_up(home, "operator", signed.stage.cast.officer_key("operator"), signed.stage.calendar, silent)
    signed.reopen()
    assert signed.office.log.checkpoint() == head
    assert (made.made_to, made.lacked_from < head.size) == (head.size, True)
    assert signed.office.store.read("office")[-1].type == "log_caught_up"
    verify(home)
    key = signed.stage.cast.officer_key("operator")
    assert code_of(catch_up, home, "operator", key, signed.stage.calendar, silent) == "DONE_BEFORE"


def test_leaves_are_not_made_again_by_somebody_without_the_right(signed: World) -> None:
    put_aside(signed, "log")
    signed.release()
    home = put_back(signed, "log")
    size = (home / "log" / "checkpoint").read_bytes()
    with pytest.raises(Refused):
        catch_up(home, "counsel", signed.stage.cast.officer_key("counsel"), signed.stage.calendar, silent)
    assert (home / "log" / "checkpoint").read_bytes() == size


def test_leaves_that_would_come_out_differently_are_not_made_again(signed: World) -> None:
    put_aside(signed, "log")
    signed.hold()
    signed.office.store.close()
    home = put_back(signed, "log")
    # The log went on by itself meanwhile, under the same key.
    signed.office.log.append([b"a leaf that no event has"])
    checkpoint = (home / "log" / "checkpoint").read_bytes()
    assert code_of(opened, signed, home) == "LOG_OLDER_THAN_EVENTS"
    key = signed.stage.cast.officer_key("operator")
    assert code_of(catch_up, home, "operator", key, signed.stage.calendar, silent) == "LOG_OF_ANOTHER_HISTORY"
    assert (home / "log" / "checkpoint").read_bytes() == checkpoint


def test_an_older_log_of_another_history_is_not_gone_on_with(signed: World, tmp_path_factory) -> None:
    other = signed.copied(tmp_path_factory.mktemp("other"))
    other.hold("H2")
    signed.hold("H1")
    signed.hold("H3")
    put_aside(signed, "log")
    shutil.rmtree(signed.place / "aside" / "log")
    shutil.copytree(other.place / "home" / "log", signed.place / "aside" / "log")
    signed.office.store.close()
    home = put_back(signed, "log")
    checkpoint = (home / "log" / "checkpoint").read_bytes()
    key = signed.stage.cast.officer_key("operator")
    assert code_of(catch_up, home, "operator", key, signed.stage.calendar, silent) == "LOG_OF_ANOTHER_HISTORY"
    assert (home / "log" / "checkpoint").read_bytes() == checkpoint


def test_a_database_of_an_earlier_day_than_the_log_is_told(signed: World) -> None:
    put_aside(signed, DATABASE)
    signed.release()
    home = put_back(signed, DATABASE)
    assert code_of(opened, signed, home) == "EVENTS_OLDER_THAN_LOG"
    assert code_of(verify, home) == "EVENTS_OLDER_THAN_LOG"


def test_two_stores_of_one_length_and_of_two_stories_are_told(signed: World, tmp_path_factory) -> None:
    other = signed.copied(tmp_path_factory.mktemp("other"))
    signed.hold("H1")
    other.hold("H2")
    assert signed.office.log.checkpoint().size == other.office.log.checkpoint().size
    put_aside(signed, "log")
    shutil.rmtree(signed.place / "aside" / "log")
    shutil.copytree(other.place / "home" / "log", signed.place / "aside" / "log")
    home = put_back(signed, "log")
    assert code_of(opened, signed, home) == "LOG_OF_ANOTHER_HISTORY"
    assert code_of(verify, home) == "LOG_OF_ANOTHER_HISTORY"
    other.office.store.close()


def test_the_last_leaf_is_known_again_whatever_event_it_is_of(signed: World) -> None:
    """Opening compares the newest leaf: of a stage, an intent, one that was abandoned, the office, a hold."""
    intending.intend(signed.office, signed.actor("transmitter"), signed.office.batch(signed.batch))
    signed.reopen()
    intending.abandon(signed.office, signed.actor("counsel"), signed.batch, "Given up.")
    signed.reopen()
    signed.stage.calendar.move_to(START + timedelta(days=50))
    signed.granted("operator", "auditor")
    signed.reopen()
    signed.hold()
    signed.reopen()
    assert signed.office.log.checkpoint().size == signed.office.store.fed().size


def test_a_home_without_its_database_is_told_and_none_is_made(signed: World) -> None:
    signed.office.store.close()
    home = signed.place / "home"
    (home / DATABASE).unlink()
    assert code_of(opened, signed, home) == "DATABASE_MISSING"
    assert code_of(verify, home) == "DATABASE_MISSING"
    assert not (home / DATABASE).exists()


def test_an_empty_database_beside_a_log_is_told(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EventStore, "count", lambda self, actor="": 0)
    assert code_of(opened, signed, signed.place / "home") == "DATABASE_MISSING"


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("where", ["before the leaves", "after the leaves"])
def test_an_outbox_that_stopped_half_way_is_told_and_goes_on_by_itself(
    signed: World, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    place = (EventStore, "mark_fed") if where == "after the leaves" else (type(signed.office.log), "append")
    monkeypatch.setattr(*place, killed if where == "after the leaves" else lambda *_, **__: killed())
    with pytest.raises(Killed):
        signed.release()
    monkeypatch.undo()
    signed.office.store.close()
    home, told = signed.place / "home", []
    assert code_of(verify, home) == "OUTBOX_HALF_WAY"
    said = typed("log", "verify", home, "--json")
    assert (said.exit_code, error_of(said)["code"]) == (6, "OUTBOX_HALF_WAY")
    office = open_office(home, signed.stage.calendar, told.append)
    office.store.close()
    assert [line for line in told if "caught up" in line]
    verify(home)
    told.clear()
    open_office(home, signed.stage.calendar, told.append).store.close()
    assert told == []


def test_an_intent_that_was_left_half_way_goes_on_or_is_given_up(signed: World) -> None:
    intending.intend(signed.office, signed.actor("transmitter"), signed.office.batch(signed.batch))
    signed.reopen()
    verify(signed.place / "home")
    assert verify_home(signed.place / "home").open_intents == 1
    intending.abandon(signed.office, signed.actor("counsel"), signed.batch, "The process ended, and it was given up.")
    verify(signed.place / "home")
    assert verify_home(signed.place / "home").open_intents == 0


def test_a_registry_that_is_gone_is_told_where_it_is_needed_and_in_verification(received: World) -> None:
    home = received.place / "home"
    [registry] = (home / "registry").glob("[0-9a-f]*")
    registry.rename(received.place / "registry-elsewhere")
    assert code_of(received.to_answers) == "REGISTRY_NOT_IN_HOME"
    assert code_of(verify, home) == "REGISTRY_NOT_IN_HOME"
    (received.place / "registry-elsewhere").rename(registry)
    received.to_answers()
    verify(home)


@pytest.mark.parametrize("kind", ["requests", "answers", "determinations"])
def test_an_artefact_that_is_gone_is_told_and_can_be_put_back(signed: World, kind: str) -> None:
    [path] = (signed.place / "home" / "batches" / signed.batch).glob(f"{kind}-*.parquet")
    aside = signed.place / path.name
    path.rename(aside)
    with pytest.raises(Integrity) as caught:
        signed.release()
    assert (caught.value.code, path.name in caught.value.says) == ("ARTEFACT_MISSING", True)
    assert code_of(verify, signed.place / "home") == "ARTEFACT_MISSING"
    aside.rename(path)
    signed.release()
    verify(signed.place / "home")


def test_a_sealed_reply_that_is_gone_is_told_and_can_be_put_back(sealed: World) -> None:
    folder = sealed.place / "home" / "batches" / sealed.batch / "replies"
    folder.rename(sealed.place / "replies")
    with pytest.raises(Integrity) as caught:
        sealed.collect("ICE-R016", sealed.place / "out")
    assert caught.value.code == "REPLY_MISSING"
    (sealed.place / "replies").rename(folder)
    sealed.collect("ICE-R016", sealed.place / "out")


def test_catching_up_from_a_terminal(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "now", signed.stage.calendar)
    put_aside(signed, "log")
    signed.hold()
    home = put_back(signed, "log")
    said = typed("batches", "--home", home, "--json")
    assert (said.exit_code, error_of(said)["code"]) == (6, "LOG_OLDER_THAN_EVENTS")
    acting = ("--as", "operator", "--keys", signed.stage.cast.officers)
    said = typed("home", "catch-up", "--home", home, *acting)
    assert (said.exit_code, "made again" in said.output) == (0, True), said.output
    assert typed("log", "verify", home).exit_code == 0


def test_every_code_of_the_two_stores_has_its_way_on_in_the_page() -> None:
    page = (ROOT / "docs" / "how-to" / "9-keep-a-home.md").read_text("utf-8")
    text = Path(two_stores.__file__).read_text("utf-8")
    codes = {line.strip().strip('",') for line in text.splitlines() if line.strip().startswith('"') and "_" in line}
    codes = {code for code in codes if code.isupper() and " " not in code}
    assert len(codes) >= 6
    assert {code for code in codes if f"`{code}`" not in page} == set()
