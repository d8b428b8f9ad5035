"""A worker carries every batch on, beside other workers, and leaves word of what it is at and of what stopped it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest

from comity.case.envelope import batch_stream
from comity.case.errors import Refused, Waiting
from comity.office import story, working
from comity.office.locks import alone
from comity.office.working import Tried, Word, Worker, word_of
from tests.spec.cli.terminal import error_of, typed
from tests.world import START, World


def codes(worker: Worker) -> list[tuple[str, str]]:
    """What one round came to: the step that each attempt began at, and what stopped it."""
    return [(tried.step, tried.stopped.code if tried.stopped else "") for tried in worker.round()]


def test_a_worker_carries_a_batch_on_whenever_people_have_done_their_part(prepared: World) -> None:
    worker = Worker(prepared.office, prepared.actor("operator"))
    assert codes(worker) == []
    prepared.receive(prepared.sent(2, changed="['STAY'] AS bars"))
    prepared.receive()
    assert codes(worker) == [("gates", "RULINGS_OPEN"), ("gates", "VOTES_OPEN")]
    assert codes(worker) == []
    prepared.vote_no()
    assert codes(worker) == [("review", "SCREEN_OUTSTANDING")]
    assert codes(worker) == []
    prepared.screen()
    assert codes(worker) == [("review", "SIGNATURES_MISSING")]
    assert codes(worker) == []
    prepared.sign_answers("approver-1")
    prepared.sign_answers("approver-2")
    assert codes(worker) == []


def test_a_vote_that_lands_after_the_last_look_of_an_attempt_is_not_missed(
    received: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    true, late = story.work, [received.vote_no]

    def work(*arguments: object) -> None:
        try:
            true(*arguments)
        finally:
            if late:
                late.pop()()

    monkeypatch.setattr(story, "work", work)
    worker = Worker(received.office, received.actor("operator"))
    tried = codes(worker) + codes(worker)
    assert tried[-1][1] == "SCREEN_OUTSTANDING"
    assert codes(worker) == []


def worded(**changed: object) -> str:
    """A word as a worker leaves it, with something changed."""
    word = {"officer": "operator", "begun": "2026-03-02T09:00:00Z", "said": [], "done": False, "version": 0}
    return json.dumps({**word, "code": "", "says": "", "next": "", "waits": False, **changed})


ODD = ["", "[]", "7", "null", "{}", "[" * 100_000, worded(begun="yesterday"), worded(begun="2026-03-02T09:00:00")]
ODD += [worded(said=[{}]), worded(version="1"), worded(done=None)]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_a_file_that_no_worker_wrote_is_no_word_and_stops_no_page(received: World, odd: str) -> None:
    path = working._path(received.office, received.batch)
    path.parent.mkdir(exist_ok=True)
    path.write_text(odd)
    assert word_of(received.office, received.batch) is None


def test_what_waits_is_tried_again_when_the_hour_of_its_answer_has_come(prepared: World) -> None:
    prepared.receive(prepared.sent(2, changed="['STAY'] AS bars"))
    worker = Worker(prepared.office, prepared.actor("operator"))
    assert codes(worker) == [("gates", "RULINGS_OPEN")]
    prepared.stage.calendar.move_to(START + timedelta(days=40))
    assert codes(worker) == [("gates", "SIGNATURES_MISSING")]


def test_a_batch_that_fails_stops_no_other_and_is_tried_again_after_a_pause(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = prepared.receive()
    second = prepared.receive(prepared.sent(2))
    true, clock = story.work, [0.0]
    monkeypatch.setattr(working, "monotonic", lambda: clock[0])

    def work(office, actor, batch, engine):
        if batch == first:
            raise OSError("/a/path/that/nobody/needs/to/see")
        true(office, actor, batch, engine)

    monkeypatch.setattr(story, "work", work)
    worker = Worker(prepared.office, prepared.actor("operator"), pause=10)
    assert codes(worker) == [("gates", "DEVICE_FAILED"), ("gates", "VOTES_OPEN")]
    told = word_of(prepared.office, first)
    assert isinstance(told, Word)
    assert told.stopped.code == "DEVICE_FAILED"
    assert "nobody/needs" not in repr(told)
    assert word_of(prepared.office, second).stopped.code == "VOTES_OPEN"
    for seconds, tries in ((9, 0), (10, 1), (29, 0), (30, 1), (69, 0)):
        clock[0] = seconds
        assert len(codes(worker)) == tries, seconds


def test_however_often_a_batch_has_failed_or_waited_it_is_tried_again(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = prepared.receive(prepared.sent(2, changed="['STAY'] AS bars"))
    clock, worker = [0.0], Worker(prepared.office, prepared.actor("operator"), pause=10)
    monkeypatch.setattr(working, "monotonic", lambda: clock[0])
    assert codes(worker) == [("gates", "RULINGS_OPEN")]
    monkeypatch.setattr(story, "work", failing)
    prepared.granted("operator", "auditor")
    assert codes(worker) == [("gates", "DEVICE_FAILED")]
    clock[0] = 10
    assert codes(worker) == [("gates", "DEVICE_FAILED")]
    for _ in range(2_000):
        clock[0] += working.LONGEST_PAUSE_SECONDS
        assert worker._may_go_on(prepared.office.batch(batch))
        worker._left[batch] = (*worker._left[batch][:2], worker._left[batch][2] + 1)
    assert codes(worker) == [("gates", "DEVICE_FAILED")]


def failing(*_: object) -> None:
    raise OSError


def test_a_word_that_cannot_be_written_stops_no_other_batch(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = prepared.receive()
    prepared.receive(prepared.sent(2))
    write = working._write
    monkeypatch.setattr(working, "_write", lambda path, word: failing() if first in path.name else write(path, word))
    worker = Worker(prepared.office, prepared.actor("operator"))
    assert codes(worker) == [("gates", "DEVICE_FAILED"), ("gates", "VOTES_OPEN")]


def test_a_batch_that_another_process_is_at_work_on_is_left_to_it(received: World) -> None:
    worker = Worker(received.office, received.actor("operator"))
    with alone(received.office.home.directory, f"batch-{received.batch}", wait=False):
        assert codes(worker) == []
        assert word_of(received.office, received.batch) is None
    assert codes(worker) == [("gates", "VOTES_OPEN")]


def test_whoever_looks_sees_what_a_worker_is_at_and_that_one_was_cut_short(
    received: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Word | None] = []
    office = received.office
    monkeypatch.setattr(story, "linkage", lambda *_: seen.append(word_of(office, received.batch)))
    monkeypatch.setattr(story, "review", killed)
    worker = Worker(office, received.actor("operator"))
    with pytest.raises(KeyboardInterrupt):
        list(worker.round())
    [word] = seen
    assert (word.officer, word.done, word.stopped) == ("operator", False, None)
    assert word.said == ("2 gates: ruling on every request, clause by clause",)
    cut = word_of(office, received.batch)
    assert (cut.done, cut.stopped.code, isinstance(cut.stopped, Waiting)) == (True, "INTERRUPTED", True)


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_word_of_an_attempt_is_not_left_standing_when_the_batch_has_moved_on(received: World) -> None:
    list(Worker(received.office, received.actor("operator")).round())
    assert word_of(received.office, received.batch).stopped.code == "VOTES_OPEN"
    received.vote_no()
    assert word_of(received.office, received.batch) is None


def test_a_round_that_fails_as_a_whole_is_told_and_the_next_one_comes(
    received: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, heard = Worker(received.office, received.actor("operator"), pause=3), []
    rounds = iter([ConnectionError("the database is away"), None])
    true = type(received.office).batches

    def batches(office):
        failure = next(rounds)
        if failure:
            raise failure
        return true(office)

    monkeypatch.setattr(type(received.office), "batches", batches)
    rests: list[float] = []
    worker.watch(heard.append, lambda seconds: rests.append(seconds) or len(rests) == 2)
    failed, tried = heard
    assert failed.code == "DEVICE_FAILED"
    assert isinstance(tried, Tried)
    assert rests == [3, 3]


def test_only_who_may_work_on_batches_watches_them(received: World) -> None:
    with pytest.raises(Refused, match="RIGHT_MISSING"):
        Worker(received.office, received.actor("auditor")).watch(print, lambda _: True)


@pytest.mark.parametrize("words", [(), ("BATCH", "--watch")])
def test_one_batch_is_named_or_all_are_watched(words: tuple[str, ...]) -> None:
    refused = typed("work", *words, "--json")
    assert (refused.exit_code, error_of(refused)["code"]) == (2, "BATCH_OR_WATCH")


def test_of_two_workers_one_is_killed_and_everything_is_done_once(prepared: World) -> None:
    batches = [prepared.receive(), prepared.receive(prepared.sent(2)), prepared.receive(prepared.sent(3))]
    prepared.office.store.close()
    home = prepared.place / "home"
    words = ["work", "--watch", "--every", "0.2", "--as", "operator", "--json", "--home", home]
    command = [*words, "--keys", prepared.stage.cast.officers]
    first, second = (_running(command) for _ in range(2))
    try:
        _until(lambda: any(not json.loads(path.read_text())["done"] for path in (home / ".work").glob("*.json")))
        first.send_signal(signal.SIGKILL)
        office = prepared.office
        _until(lambda: all(_stopped_by(office, batch) not in ("", "INTERRUPTED") for batch in batches))
    finally:
        for process in (first, second):
            process.kill()
            process.wait()
    for batch in batches:
        types = Counter(stored.type for stored in prepared.office.store.read(batch_stream(batch)))
        assert types["requests_ruled"] == types["requests_determined"] == 1
        assert types["rulings_settled"] == 1


def _running(command: list[object]) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", "from comity.cli import main; main()", *map(str, command)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL)


def _stopped_by(office, batch: str) -> str:
    word = word_of(office, batch)
    return word.stopped.code if word and word.done and word.stopped else ""


def _until(true) -> None:
    for _ in range(1200):
        if true():
            return
        time.sleep(0.1)
    raise TimeoutError
