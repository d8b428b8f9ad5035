"""The log gets another key, handed over by the one before it; one in other hands counts no further than is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from comity.accounting import Log
from comity.accounting.add_checkpoint import AddCheckpoint
from comity.accounting.checkpoint import Checkpoint, Signer, lines_of, sign_note
from comity.accounting.verifying import note_verifier
from comity.case.errors import ComityError, Integrity
from comity.cli import options
from comity.crypto import Ed25519Key
from comity.demo.stage import AGREEMENT
from comity.office import desk, homecheck, receipting, rekeying
from comity.office.backing_up import back_up
from comity.office.desk import open_office, silent
from comity.office.home import take_up_next_key
from comity.office.rekeying import change_key, propose_key
from comity.office.restoring import Outside, restore
from comity.office.witnessing import quorum_today, require_met, witness_log
from comity.oversight.log_keys import claimed
from comity.oversight.receipt import verify_one
from comity.oversight.verify import verify_log
from comity.witness import distrust_key, trust_log
from tests.spec.cli.terminal import error_of, typed
from tests.spec.office.test_witnessing import NAMES, Bench
from tests.witnesses import made
from tests.world import START, World


def code_of(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(ComityError) as caught:
        call(*arguments)
    return caught.value.code


def verify(home: Path) -> None:
    homecheck.require_one_story(home)
    verify_log(home)
    homecheck.verify_home(home)


def rotate(world: World, compromised_after: int | None = None) -> tuple[str, str]:
    """The keys before and after a change by registrar and counsel."""
    before = world.office.home.note_key().vkey
    propose_key(world.office, world.actor("registrar"))
    return before, change_key(world.office, world.actor("counsel"), compromised_after).vkey


def test_a_log_goes_on_under_another_key_and_all_of_it_verifies(sealed: World) -> None:
    home = sealed.place / "home"
    old_key = (home / "keys" / "log.key").read_bytes()
    before, after = rotate(sealed)
    assert sealed.office.home.note_key().vkey == after != before
    verify(home)
    batch = sealed.receive(sealed.sent(2, rows="request_id <= 'SMALL-00003'"))
    sealed.to_signed(batch)
    sealed.stage.calendar.move_to(START + timedelta(days=80))
    sealed.release(batch)
    verify(home)
    assert (verify_log(home, after).sealed, verify_log(home, after).origin) == (2, sealed.office.log.origin)
    # The earlier private key is gone from the home.
    assert all(path.read_bytes() != old_key for path in (home / "keys").iterdir())
    sealed.reopen()
    again = rotate(sealed)
    assert again[0] == after
    verify(home)


def test_a_verifier_with_the_earlier_key_is_told_which_follows_and_takes_it_from_nobody(sealed: World) -> None:
    home = sealed.place / "home"
    before, after = rotate(sealed)
    sealed.hold()
    with pytest.raises(Integrity) as caught:
        verify_log(home, before)
    assert (caught.value.code, after in caught.value.says) == ("LOG_KEY_CHANGED", True)
    assert "--key" in caught.value.next
    policy = f"log {before}\nquorum none\n"
    assert code_of(verify_log, home, "", print, policy) == "LOG_KEY_CHANGED"
    assert code_of(verify_log, home, of_nobody(sealed)) == "NOTE_UNSIGNED"


def of_nobody(world: World) -> str:
    return world.office.home.named(Ed25519Key.generate()).vkey


def test_the_handover_is_signed_by_both_keys_and_cannot_be_left_out(sealed: World) -> None:
    home = sealed.place / "home"
    old = sealed.office.home.note_key()
    rotate(sealed)
    new = sealed.office.home.note_key()
    [handover] = (home / "log" / "handover").iterdir()
    note = handover.read_text("utf-8")
    assert "" not in (lines_of(note, [old]), lines_of(note, [new]))
    sealed.hold()
    handover.write_text(note.replace(lines_of(note, [old]), ""), "utf-8")
    assert code_of(verify_log, home) == "HANDOVER_UNSIGNED"
    handover.unlink()
    assert code_of(verify_log, home) == "LOG_DAMAGED"
    handover.write_text(note, "utf-8")
    verify(home)


def test_a_key_that_nobody_handed_over_to_signs_nothing(sealed: World) -> None:
    """Whoever swaps the key in the home without the two officers is found, by the office and by anybody else."""
    home = sealed.place / "home"
    sealed.office.store.close()
    head, key = sealed.office.log.checkpoint(), Ed25519Key.generate()
    signer = sealed.office.home.signer(key)
    (home / "keys" / "log.key").unlink()
    key.save(home / "keys" / "log.key")
    (home / "log" / "checkpoint").write_text(sign_note(head.text, [signer]), "utf-8")
    assert code_of(open_office, home, sealed.stage.calendar) == "LOG_KEY_MISSING"
    assert code_of(verify_log, home) == "NOTE_UNSIGNED"


def test_one_officer_makes_the_key_and_another_puts_it_into_force(sealed: World) -> None:
    office, registrar, counsel = sealed.office, sealed.actor("registrar"), sealed.actor("counsel")
    assert code_of(change_key, office, counsel) in ("KEY_NOT_PROPOSED", "SOD_VIOLATION")
    assert code_of(propose_key, office, counsel) == "RIGHT_MISSING"
    propose_key(office, registrar)
    assert code_of(propose_key, office, registrar) == "DONE_BEFORE"
    assert code_of(change_key, office, registrar) == "RIGHT_MISSING"
    assert code_of(change_key, office, counsel, office.log.checkpoint().size + 1) == "SIZE_UNFIT"
    change_key(office, counsel)
    assert code_of(change_key, office, counsel) == "KEY_NOT_PROPOSED"


def test_who_holds_both_roles_still_needs_another_officer(sealed: World) -> None:
    sealed.granted("approver-2", "counsel")
    sealed.granted("counsel", "registrar", by="approver-2")
    sealed.reopen()
    counsel = sealed.office.identify("counsel", sealed.stage.cast.officer_key("counsel"))
    propose_key(sealed.office, counsel)
    assert code_of(change_key, sealed.office, counsel) == "SOD_VIOLATION"


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(("owner", "name"), [(Log, "hand_over"), (desk, "take_up_next_key")])
def test_a_change_that_stopped_half_way_goes_on_when_the_office_opens(
    sealed: World, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    propose_key(sealed.office, sealed.actor("registrar"))
    monkeypatch.setattr(owner, name, killed)
    with pytest.raises(Killed):
        change_key(sealed.office, sealed.actor("counsel"))
    monkeypatch.undo()
    home = sealed.place / "home"
    assert code_of(homecheck.require_one_story, home) == "LOG_KEY_HALF_CHANGED"
    sealed.reopen()
    assert sealed.office.home.note_key().vkey == sealed.office.state().log_key
    sealed.hold()
    verify(home)


def test_a_change_whose_next_key_is_gone_stops_the_office(sealed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    propose_key(sealed.office, sealed.actor("registrar"))
    following = sealed.place / "home" / "keys" / "log.next.key"
    monkeypatch.setattr(Log, "hand_over", lambda *_: following.rename(sealed.place / "next.key") and 1 / 0)
    with pytest.raises(ZeroDivisionError):
        change_key(sealed.office, sealed.actor("counsel"))
    monkeypatch.undo()
    assert code_of(sealed.reopen) == "LOG_KEY_MISSING"
    (sealed.place / "next.key").rename(following)
    sealed.reopen()
    verify(sealed.place / "home")


def test_another_process_signs_with_the_new_key_from_its_next_act_on(sealed: World) -> None:
    other = open_office(sealed.place / "home", sealed.stage.calendar)
    _, after = rotate(sealed)
    other.follow()
    assert other.home.note_key().vkey == after
    sealed.hold()
    verify(sealed.place / "home")


def test_a_key_is_taken_up_once(sealed: World) -> None:
    rotate(sealed)
    assert code_of(take_up_next_key, sealed.office.home) == "HOME_INCOMPLETE"


@pytest.fixture
def bench(sealed: World) -> Iterator[Bench]:
    """A world that is sealed, with a quorum of two of three witnesses."""
    seated = Bench(sealed, {name: made(sealed.place / name, sealed.office.home.note_key()) for name in NAMES})
    seated.start(*NAMES)
    seated.enter(seated.policy())
    yield seated
    seated.close()


def asked(world: World) -> None:
    require_met(witness_log(world.office, quorum_today(world.office, AGREEMENT)))


def test_witnesses_see_the_handover_and_go_on_with_a_key_that_their_operators_told_them(bench: Bench) -> None:
    world = bench.world
    propose_key(world.office, world.actor("registrar"))
    found = change_key(world.office, world.actor("counsel"))
    assert found.witnesses == dict.fromkeys(NAMES, "")
    [handover] = (world.place / "home" / "log" / "handover").iterdir()
    assert handover.read_text("utf-8").count("witness.example/") >= 3
    world.hold()
    # Nobody took the new key from the log itself.
    assert code_of(asked, world) == "QUORUM_NOT_MET"
    for name in ("court", "gao"):
        trust_log(bench.witnesses[name].home, found.vkey)
    asked(world)
    verify(world.place / "home")


def test_a_compromised_key_rehearsed(bench: Bench, tmp_path: Path) -> None:
    """Hold at once; name the last good checkpoint; change the key; the thief gets nothing signed that counts."""
    world, home = bench.world, bench.world.place / "home"
    asked(world)
    stolen = world.office.home.log_key
    good = world.office.log.checkpoint()
    receipt = receipting.request_receipt(world.office, world.actor("counsel"), world.batch, 1)
    # 1. hold
    world.hold("COMPROMISE", "*")
    # 2. the witnesses are told to trust the key no more, and take the new one from its officers
    propose_key(world.office, world.actor("registrar"))
    before = world.office.home.note_key()
    after = change_key(world.office, world.actor("counsel"), good.size).vkey
    for witness in bench.witnesses.values():
        distrust_key(witness.home, before.vkey)
        trust_log(witness.home, after)
    asked(world)
    verify(home)
    # 3. the thief signs a history of his own, and nobody takes it
    shutil.copytree(home / "log", tmp_path / "fork")
    (tmp_path / "fork" / "checkpoint").write_text(
        sign_note(world.office.log.checkpoint().text, [Signer(before, signs(stolen))])
    )
    fork = Log(tmp_path / "fork", note_verifier(before), Signer(before, signs(stolen)))
    size = fork.checkpoint().size
    fork.append([b"a leaf of the thief"])
    body = AddCheckpoint(size, tuple(fork.consistency(size, size + 1)), fork.note()).body
    assert bench.witnesses["court"].add(body)[0] == 403
    # 4. who verifies with the old key is told; what it signed counts up to the good checkpoint
    assert code_of(verify_log, home, before.vkey) == "LOG_KEY_COMPROMISED"
    assert verify_one(receipt, before.vkey, None, good.size).size <= good.size
    assert code_of(verify_one, receipt, before.vkey, None, good.size - 1) == "LOG_KEY_ENDED"
    assert code_of(verify_one, receipt, after) == "LOG_KEY_CHANGED"
    newer = receipting.request_receipt(world.office, world.actor("counsel"), world.batch, 1)
    assert verify_one(newer, after).size > good.size


def signs(key: Ed25519Key) -> Callable[[bytes], bytes]:
    return key.raw.sign


def test_what_a_compromised_key_signed_after_the_named_size_does_not_count(
    sealed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The replies of this world rest on a checkpoint that is larger than the one named as the last good one."""
    monkeypatch.setattr(rekeying, "_require_nothing_cut_off", lambda *_: None)
    rotate(sealed, 2)
    assert code_of(verify_log, sealed.place / "home") == "LOG_KEY_ENDED"


def test_a_size_that_cuts_off_what_was_sealed_is_refused_before_anything_is_written(sealed: World) -> None:
    home, office = sealed.place / "home", sealed.office
    [start, _] = office.leaves_of(office.batch(sealed.batch), "replies_sealed")
    propose_key(office, sealed.actor("registrar"))
    written, note = office.store.count(), office.log.note()
    for size in (1, start - 1):
        assert code_of(change_key, office, sealed.actor("counsel"), size) == "SIZE_CONTRADICTED"
    assert (office.store.count(), office.log.note()) == (written, note)
    change_key(office, sealed.actor("counsel"), start)
    verify(home)


def test_a_size_that_cuts_off_a_backup_or_the_taking_up_of_the_key_is_refused(signed: World, tmp_path: Path) -> None:
    office = signed.office
    rotate(signed)
    taken_up = office.log.checkpoint().size
    signed.hold()
    propose_key(office, signed.actor("registrar"))
    assert code_of(change_key, office, signed.actor("counsel"), taken_up - 1) == "SIZE_CONTRADICTED"
    back_up(office, signed.actor("operator"), tmp_path / "backup")
    assert code_of(change_key, office, signed.actor("counsel"), taken_up) == "SIZE_CONTRADICTED"
    change_key(office, signed.actor("counsel"), taken_up + 1)
    verify(signed.place / "home")


def test_witnesses_are_asked_for_the_log_as_another_process_left_it(bench: Bench) -> None:
    world = bench.world
    other = open_office(world.place / "home", world.stage.calendar)
    _, after = rotate(world)
    world.hold()
    for witness in bench.witnesses.values():
        trust_log(witness.home, after)
    found = witness_log(other, quorum_today(other, AGREEMENT))
    assert (found.met, claimed(found.note)[0]) == (True, world.office.log.checkpoint().size)
    require_met(found)


def test_witnesses_are_asked_for_the_leaves_that_a_process_ended_before(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = bench.world
    size = world.office.log.checkpoint().size
    monkeypatch.setattr(desk.Office, "follow", lambda _: 0)
    world.hold()
    monkeypatch.undo()
    found = witness_log(world.office, quorum_today(world.office, AGREEMENT))
    assert claimed(found.note)[0] > size


def test_a_root_named_as_good_that_is_not_the_logs_is_found(sealed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    size = sealed.office.log.checkpoint().size
    monkeypatch.setattr(Log, "root_at", lambda self, size: bytes(32))
    rotate(sealed, size)
    monkeypatch.undo()
    assert code_of(verify_log, sealed.place / "home") == "HANDOVER_DIFFERS"


def test_a_home_whose_key_was_changed_is_backed_up_and_restored(sealed: World, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.note"
    earlier.write_text(sealed.office.log.note(), "utf-8")
    rotate(sealed)
    back_up(sealed.office, sealed.actor("operator"), tmp_path / "backup")
    restore(
        tmp_path / "backup", tmp_path / "office", sealed.place / "home" / "keys", Outside(checkpoints=[earlier]), silent
    )
    verify(tmp_path / "office")


def test_a_checkpoint_of_another_size_is_no_handover(sealed: World) -> None:
    home = sealed.place / "home"
    old = sealed.office.home.signer()
    rotate(sealed)
    [handover] = (home / "log" / "handover").iterdir()
    text = Checkpoint(sealed.office.log.origin, 1, bytes(32)).text
    handover.write_text(sign_note(text, [old, sealed.office.home.signer()]), "utf-8")
    assert code_of(verify_log, home) == "HANDOVER_UNSIGNED"


def test_keys_are_changed_from_a_terminal(sealed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "now", sealed.stage.calendar)
    acting = ("--home", sealed.place / "home", "--keys", sealed.stage.cast.officers, "--as")
    before = sealed.office.home.note_key().vkey
    assert typed("log", "new-key", *acting, "registrar").exit_code == 0
    assert typed("log", "change-key", *acting, "registrar").exit_code == 3
    said = typed("log", "change-key", *acting, "counsel")
    assert (said.exit_code, "from now on" in said.output) == (0, True), said.output
    said = typed("log", "verify", sealed.place / "home", "--key", before, "--json")
    assert (said.exit_code, error_of(said)["code"]) == (6, "LOG_KEY_CHANGED")
    assert typed("log", "verify", sealed.place / "home").exit_code == 0
    witness = made(sealed.place / "court", sealed.office.home.note_key())
    assert typed("witness", "forget", witness.home.directory, before, "--json").exit_code == 0
    assert typed("witness", "forget", witness.home.directory, before, "--json").exit_code == 3
