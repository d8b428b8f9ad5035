"""Files of a closed batch go when a policy of two officers lets them, the log says so first, and every proof stands."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest

from comity.case import retention
from comity.case.errors import BadInput, Integrity, Refused
from comity.case.office_events import RetentionProposed
from comity.case.registers import Entry
from comity.office import acts, backing_up, contesting, pruning, recalling, receipting, replaying
from comity.office.homecheck import verify_home
from comity.oversight import receipt
from comity.oversight.verify import verify_log
from comity.store import Vault
from tests.accounted import account, answered, embargo, person_at
from tests.spec.oversight.test_verify import hand_all_over, small
from tests.world import World

BASIS = "Records schedule, item 4"


@pytest.fixture
def closed(prepared: World) -> World:
    """A world with one closed batch of three requests, on the day after its closing; `batch` is that one."""
    prepared.batch = small(prepared)
    hand_all_over(prepared, prepared.batch)
    later(prepared, 1)
    return prepared


@pytest.fixture
def short_lived(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records may go after a month, so that the officers' certificates are in their term still."""
    classes = {name: dataclasses.replace(one, least_days=30) for name, one in retention.CLASSES.items()}
    monkeypatch.setattr(retention, "CLASSES", classes)


def later(world: World, days: int) -> None:
    world.stage.calendar.move_to(world.office.now() + timedelta(days=days))


def policy(world: World, subject: str = "workings", days: int = 30, basis: str = BASIS) -> None:
    world.entered(RetentionProposed(subject, days, basis, world.office.now().date().isoformat()))


def prune(world: World, officer: str = "operator") -> pruning.Pruned:
    return pruning.prune(world.office, world.actor(officer))


def files(world: World, *kinds: str) -> list[Path]:
    folder = world.office.vault.folder(world.batch)
    return sorted(path for kind in kinds for path in folder.glob(f"{kind}-*.parquet"))


def verified(world: World):
    """What verification finds, once the office's events of the day are closed."""
    later(world, 1)
    world.granted("operator", "auditor")
    return verify_log(world.place / "home")


def code(call, *arguments) -> str:
    with pytest.raises((Refused, BadInput, Integrity)) as caught:
        call(*arguments)
    return caught.value.code


def test_what_no_policy_speaks_of_is_kept_for_good(closed: World) -> None:
    later(closed, 300)
    assert prune(closed) == pruning.Pruned()
    assert files(closed, "standardised", "waiting", "candidates")


def test_files_go_when_their_days_are_over_and_not_before(closed: World) -> None:
    policy(closed)
    later(closed, 29)
    assert prune(closed).files == 0
    later(closed, 1)
    made = prune(closed)
    assert (made.files, made.removed) == (2, [(closed.batch, "workings")])
    assert not files(closed, "standardised", "waiting")
    assert files(closed, "candidates", "requests", "answers", "accounting")
    assert prune(closed) == pruning.Pruned()


def test_verification_says_what_is_gone_and_all_else_holds(closed: World) -> None:
    policy(closed)
    later(closed, 31)
    prune(closed)
    found = verified(closed)
    assert [(one.batch, one.subject, one.policy) for one in found.pruned] == [(closed.batch, "workings", 1)]
    assert found.warnings() == ()
    assert f"{closed.batch}: workings" in found.sentence()
    assert verify_home(closed.place / "home")


@pytest.mark.usefixtures("short_lived")
def test_without_the_records_answers_are_not_derived_again_and_it_is_said(closed: World) -> None:
    policy(closed, "records")
    later(closed, 31)
    assert prune(closed).removed == [(closed.batch, "records")]
    assert not files(closed, "candidates")
    assert "Of 1 the records are gone" in verified(closed).sentence()


@pytest.mark.usefixtures("short_lived")
def test_a_receipt_of_before_proves_as_much_as_it_did(closed: World) -> None:
    [row, *_] = answered(closed, closed.batch)
    before = receipting.entry_receipt(closed.office, closed.office.batch(closed.batch), row)
    policy(closed, "records")
    policy(closed)
    later(closed, 31)
    prune(closed)
    after = receipting.entry_receipt(closed.office, closed.office.batch(closed.batch), row)
    key = closed.office.home.note_key().vkey
    proven = [receipt.verify_one(one, key) for one in (before, after)]
    assert proven[0].indexes == proven[1].indexes
    assert proven[0].says == proven[1].says


@pytest.mark.usefixtures("short_lived")
def test_a_person_is_accounted_to_by_name_when_the_records_are_gone_and_told_so(closed: World) -> None:
    [row, *_] = answered(closed, closed.batch)
    person = person_at(closed, closed.batch, row)
    before, _ = account(closed, person, "before")
    policy(closed, "records")
    later(closed, 31)
    prune(closed)
    after, told = account(closed, person, "after")
    assert (before.entries, after.entries) == (1, 1)
    assert told["batches_without_records"] == 1
    assert "keeps no copies of records" in (closed.place / "after" / "accounting.txt").read_text("utf-8")
    assert verified(closed).accountings == 2


def test_a_file_that_is_gone_without_a_word_is_missed(closed: World) -> None:
    [gone] = files(closed, "waiting")
    gone.unlink()
    later(closed, 1)
    assert code(verify_log, closed.place / "home") == "ARTEFACT_MISSING"


def test_what_needs_a_file_that_went_says_when_it_went(closed: World) -> None:
    policy(closed)
    later(closed, 31)
    prune(closed)
    assert code(replaying.replay_batch, closed.office, closed.actor("counsel"), closed.batch) == "ARTEFACT_PRUNED"


@pytest.mark.parametrize("needed", ["HOLD_ACTIVE", "CONTEST_OPEN", "EMBARGO_RUNS", "RECALL_OPEN"])
def test_what_is_needed_stays(closed: World, needed: str) -> None:
    policy(closed)
    [row, *_] = answered(closed, closed.batch)
    if needed == "HOLD_ACTIVE":
        closed.hold()
    elif needed == "CONTEST_OPEN":
        contesting.receive_contest(closed.office, closed.actor("counsel"), closed.batch, row, "LETTER-1", b"Not me.")
    elif needed == "EMBARGO_RUNS":
        embargo(closed)
    else:
        recalling.order(closed.office, closed.actor("counsel"), closed.batch, [row], "Another person.")
    later(closed, 31)
    made = prune(closed)
    assert [one.code for one in made.stays] == [needed]
    assert made.files == 0
    assert files(closed, "standardised", "waiting")


def test_a_hold_that_comes_between_the_event_and_the_removal_keeps_the_files(
    closed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(closed)
    later(closed, 31)
    recorded = type(closed.office).record

    def then_held(office, *given):
        recorded(office, *given)
        monkeypatch.setattr(type(closed.office), "record", recorded)
        closed.hold()

    monkeypatch.setattr(type(closed.office), "record", then_held)
    made = prune(closed)
    assert [one.code for one in made.stays] == ["HOLD_ACTIVE"]
    assert files(closed, "standardised", "waiting")
    assert [code_ for code_, _ in verified(closed).warnings()] == ["NOT_REMOVED"]


@pytest.mark.parametrize("before", [0, 1])
def test_a_run_that_ends_half_way_is_brought_to_its_end_by_the_next(
    closed: World, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    policy(closed)
    later(closed, 31)
    unlink, left = Path.unlink, iter([None] * before)

    def killed(path: Path, *given, **named) -> None:
        if path.name.startswith(("standardised", "waiting")) and next(left, "over") == "over":
            raise KeyboardInterrupt
        unlink(path, *given, **named)

    monkeypatch.setattr(Path, "unlink", killed)
    with pytest.raises(KeyboardInterrupt):
        prune(closed)
    monkeypatch.setattr(Path, "unlink", unlink)
    closed.reopen()
    assert len(files(closed, "standardised", "waiting")) == 2 - before
    assert prune(closed).files == 2 - before
    assert verified(closed).warnings() == ()


def test_a_run_that_ends_before_the_event_removed_nothing(closed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    policy(closed)
    later(closed, 31)
    append = closed.office.append
    monkeypatch.setattr(closed.office, "append", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        prune(closed)
    monkeypatch.setattr(closed.office, "append", append)
    assert len(files(closed, "standardised", "waiting")) == 2
    assert verified(closed).pruned == ()


def test_nobody_prunes_without_the_right_or_by_a_policy_of_their_own(closed: World) -> None:
    closed.granted("operator", "registrar")
    said = RetentionProposed("workings", 30, BASIS, closed.office.now().date().isoformat())
    number = acts.propose_entry(closed.office, closed.actor("operator"), said)
    acts.approve_entry(closed.office, closed.actor("counsel"), "retention", "workings", number)
    later(closed, 31)
    assert code(prune, closed, "approver-1") == "RIGHT_MISSING"
    assert code(prune, closed, "operator") == "SOD_VIOLATION"
    assert len(files(closed, "standardised", "waiting")) == 2


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (("answers", 400, BASIS), "CLASS_UNKNOWN"),
        (("accounting", 400, BASIS), "CLASS_UNKNOWN"),
        (("workings", 29, BASIS), "DAYS_TOO_FEW"),
        (("records", 1826, BASIS), "DAYS_TOO_FEW"),
        (("workings", -1, BASIS), "DAYS_TOO_FEW"),
        (("workings", 30, " "), "BASIS_NEEDED"),
        (("workings", 30, "a\u202eb"), "TEXT_UNPRINTABLE"),
    ],
)
def test_a_policy_that_is_none_is_refused(prepared: World, said: tuple[str, int, str], refused: str) -> None:
    subject, days, basis = said
    proposal = RetentionProposed(subject, days, basis, prepared.office.now().date().isoformat())
    assert code(acts.propose_entry, prepared.office, prepared.actor("registrar"), proposal) == refused


def test_a_later_policy_of_no_days_keeps_what_is_left_for_good(closed: World) -> None:
    policy(closed)
    policy(closed, days=0)
    later(closed, 31)
    assert prune(closed).files == 0


def test_a_removal_that_no_policy_let_is_found(closed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    policy(closed)
    later(closed, 5)
    [entry] = closed.office.state().entries["retention", "workings"]
    monkeypatch.setattr(retention, "due", lambda batch, _, subject, __: due_at_once(batch, subject, entry))
    prune(closed)
    monkeypatch.undo()
    assert code(verified, closed) == "PRUNED_UNDULY"


def due_at_once(batch, subject: str, entry: Entry) -> retention.Due | None:
    named = retention.of_class(batch, subject)
    return (
        retention.Due(batch.batch, subject, entry, named) if named and batch.closed and subject == "workings" else None
    )


def test_a_backup_of_after_the_removal_is_whole(closed: World) -> None:
    policy(closed)
    later(closed, 31)
    prune(closed)
    backing_up.back_up(closed.office, closed.actor("operator"), closed.place / "backup")
    assert not list((closed.place / "backup").rglob("standardised-*"))


def test_a_vault_tells_what_was_pruned_from_what_is_lost(tmp_path: Path) -> None:
    named = {"kind": "waiting", "digest": "0" * 64, "rows": 1}
    assert code(Vault(tmp_path).artefact, "B", named) == "ARTEFACT_MISSING"
    assert code(Vault(tmp_path, lambda *_: "2026-05-01").artefact, "B", named) == "ARTEFACT_PRUNED"
