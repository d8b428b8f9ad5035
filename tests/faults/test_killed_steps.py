"""A process killed at any write of any step: run again, nothing is left, nothing is lost, and nothing happens twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from comity.case.errors import Integrity
from comity.oversight.verify import verify_log
from comity.store.events import EventStore
from comity.workspace import Workspace
from tests.world import START, World

ONCE = (
    "submission_received",
    "requests_ruled",
    "requests_determined",
    "answers_made",
    "disclosure_intended",
    "replies_sealed",
)


class Killed(BaseException):
    """The process ends here; nothing in the code catches it."""


def run_to_the_end(world: World) -> None:
    """The whole way from the package to sealed replies, from wherever the world stands."""
    state = world.office.any_batch(world.batch)
    if state.received is None:
        world.receive()
    if world.office.batch(world.batch).answers is None:
        world.to_answers()
    signed = {event.officer for event in world.office.batch(world.batch).countersigned}
    for officer in sorted({"approver-1", "approver-2"} - signed):
        world.sign_answers(officer)
    world.stage.calendar.move_to(START + timedelta(days=40))
    world.release()


def require_whole(world: World) -> None:
    """What is true after every kill and a second run."""
    events = world.office.store.read(f"batch/{world.batch}")
    counted = Counter(stored.type for stored in events)
    assert {kind: counted[kind] for kind in ONCE} == dict.fromkeys(ONCE, 1)
    assert counted["countersigned"] == 2
    found = verify_log(world.place / "home")
    assert (found.batches, found.requests, found.intents, found.sealed) == (1, 120, 1, 1)
    batch = world.office.batch(world.batch)
    assert batch.answers.counts == {"CONFIRMED": 120}
    assert not list(world.office.vault.folder(world.batch).glob("*.draft"))


def killing(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, at: int, *, after: bool) -> Callable[[], int]:
    """Let the call number `at` of `owner.name` end the process, before or after it acted; gives the calls so far."""
    real, calls = getattr(owner, name), []

    def call(*arguments, **named):
        calls.append(name)
        if len(calls) == at and not after:
            raise Killed
        result = real(*arguments, **named)
        if len(calls) == at:
            raise Killed
        return result

    monkeypatch.setattr(owner, name, call)
    return lambda: len(calls)


# Every artefact once written and not yet named; every append of events before and after; every feed of the log that was
# appended and not yet recorded.
WRITES = [
    (Workspace, "_named", range(1, 14), (True,)),
    (EventStore, "append", range(1, 9), (False, True)),
    (EventStore, "mark_fed", range(1, 9), (False,)),
]
KILLS = [(owner, name, at, after) for owner, name, places, when in WRITES for at in places for after in when]


@pytest.mark.parametrize(("owner", "name", "at", "after"), KILLS, ids=[f"{n}-{a}-{w}" for _, n, a, w in KILLS])
def test_a_step_killed_at_a_write_runs_again(
    prepared: World, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, at: int, after: bool
) -> None:
    calls = killing(monkeypatch, owner, name, at, after=after)
    with pytest.raises(Killed):
        run_to_the_end(prepared)
    assert calls() == at
    monkeypatch.undo()
    prepared.reopen()
    run_to_the_end(prepared)
    require_whole(prepared)


def test_a_clock_that_goes_backwards_stops_every_act(signed: World) -> None:
    signed.actor("transmitter")
    signed.stage.calendar.moment = START - timedelta(days=1)
    with pytest.raises(Integrity) as caught:
        signed.release()
    assert caught.value.code == "CLOCK_BACKWARDS"


@pytest.mark.parametrize("kind", ["requests", "rulings", "settled", "candidates", "determinations", "answers"])
def test_a_flipped_bit_in_an_artefact_is_found_before_it_is_used_or_verified(signed: World, kind: str) -> None:
    [path] = (signed.place / "home" / "batches" / signed.batch).glob(f"{kind}-*.parquet")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    if kind in {"requests", "rulings", "settled", "determinations", "answers"}:
        with pytest.raises(Integrity) as caught:
            signed.release()
        assert caught.value.code == "ARTEFACT_CHANGED"
        assert signed.office.batch(signed.batch).intended is None


def flipped(content: bytes) -> bytes:
    place = len(content) // 2
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def outlived(path: Path) -> bool:
    """Whether the file is a partial tile that a wider one took the place of, or made on the way to an artefact."""
    partial = path.parent.name.endswith(".p") and path.name != max((p.name for p in path.parent.iterdir()), key=int)
    return partial or path.name.startswith("pseudonyms-")


def noticed(home: Path) -> bool:
    try:
        verify_log(home)
    except Integrity:
        return True
    return False


def test_a_flipped_bit_in_anything_published_is_found_by_verification(sealed: World) -> None:
    home = sealed.place / "home"
    published = [
        path for folder in ("log", "batches", "agreements") for path in (home / folder).rglob("*") if path.is_file()
    ]
    published = [path for path in published if path.stat().st_size and not outlived(path)]
    missed = []
    for path in published:
        content = path.read_bytes()
        path.write_bytes(flipped(content))
        missed += [] if noticed(home) else [path.name]
        path.write_bytes(content)
    assert missed == []
    assert not noticed(home)
