"""A home is copied while nothing is written, made again elsewhere, verified, and not twice at work."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from comity.case.errors import ComityError, Refused
from comity.cli import options
from comity.demo.stage import AGREEMENT
from comity.office import acts, backing_up
from comity.office.backing_up import back_up
from comity.office.desk import open_office, silent
from comity.office.home import PRIVATE_KEYS
from comity.office.homecheck import verify_home
from comity.office.locks import EVENTS, alone
from comity.office.proposals import role_proposal
from comity.office.restoring import Outside, check_backup, restore, resume
from comity.office.witnessing import quorum_today, witness_log
from comity.oversight.verify import verify_log
from comity.store.events import EventStore
from tests.accounted import account, answered, person_at
from tests.spec.cli.terminal import error_of, typed
from tests.spec.office.test_witnessing import NAMES, Bench
from tests.spec.store.conftest import postgresql
from tests.witnesses import made, serving
from tests.world import World

__all__ = ["postgresql"]


def code_of(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(ComityError) as caught:
        call(*arguments)
    return caught.value.code


def backed_up(world: World, name: str = "backup") -> Path:
    """A backup of the world's home, and beside it the keys that are not in it."""
    place = world.place / name
    back_up(world.office, world.actor("operator"), place)
    kept(world, "kept.note")
    return place


def kept(world: World, name: str) -> Path:
    """The log's checkpoint as somebody outside keeps it."""
    (world.place / name).write_text(world.office.log.note(), "utf-8")
    return world.place / name


def keys_of(world: World) -> Path:
    place = world.place / "kept-keys"
    if not place.exists():
        place.mkdir()
        for name in PRIVATE_KEYS:
            shutil.copy(world.place / "home" / "keys" / name, place)
    return place


def outside(*notes: Path) -> Outside:
    return Outside(checkpoints=notes)


def restored(world: World, backup: Path, to: Path, known: Outside | None = None) -> None:
    restore(backup, to, keys_of(world), known or outside(world.place / "kept.note"), silent)


def resumed(world: World, home: Path, known: Outside | None = None) -> None:
    key, known = world.stage.cast.officer_key("registrar"), known or outside(world.place / "kept.note")
    resume(home, "registrar", key, known, world.stage.calendar, silent)


def test_a_home_moved_to_another_folder_answers_a_whole_batch(signed: World, tmp_path: Path) -> None:
    backup = backed_up(signed)
    keys = keys_of(signed)
    signed.office.store.close()
    elsewhere = tmp_path / "another-machine"
    restore(backup, elsewhere / "office", keys, outside(signed.place / "kept.note"), silent)
    # Nothing of the first machine is left but the officers, who keep their own keys.
    shutil.rmtree(signed.place / "home")
    shutil.rmtree(backup)
    resumed(signed, elsewhere / "office")
    (elsewhere / "office").rename(signed.place / "home")
    signed.reopen()
    assert signed.release() == 40
    signed.collect("ICE-R016", elsewhere / "reply")
    second = signed.receive(signed.sent(2, rows="request_id <= 'SMALL-00003'"))
    signed.to_answers(second)
    found = verify_log(signed.place / "home")
    assert (found.batches, found.sealed) == (2, 1)
    verify_home(signed.place / "home")
    types = [stored.type for stored in signed.office.store.read("office")]
    assert types.count("home_resumed") == 1


def test_a_backup_says_of_its_log_what_a_restored_home_has(sealed: World, tmp_path: Path) -> None:
    backup = backed_up(sealed)
    head = sealed.office.log.checkpoint()
    found, verified = check_backup(backup, sealed.office.home.note_key().vkey, silent)
    assert (found.size, found.root, found.lacking) == (head.size, head.root.hex(), ())
    assert (verified.size, verified.sealed) == (head.size, 1)
    restored(sealed, backup, tmp_path / "office")
    assert json.loads((tmp_path / "office" / "restored.json").read_text())["manifest"] == found.digest
    told = sealed.office.store.read("office")[-1]
    assert (told.type, found.events) == ("home_backed_up", sealed.office.store.count())


def test_what_was_accounted_to_a_person_is_in_a_backup_and_verifies_when_restored(
    sealed: World, tmp_path: Path
) -> None:
    [row, *_] = answered(sealed, sealed.batch)
    account(sealed, person_at(sealed, sealed.batch, row))
    restored(sealed, backed_up(sealed), tmp_path / "moved" / "home")
    assert len(list((tmp_path / "moved" / "home" / "batches" / "office").glob("subject-*.parquet"))) == 1


def test_no_private_key_is_in_a_backup(sealed: World) -> None:
    backup = backed_up(sealed)
    copied = b"".join(path.read_bytes() for path in backup.rglob("*") if path.is_file())
    for name in PRIVATE_KEYS:
        assert not list(backup.rglob(name))
        assert (sealed.place / "home" / "keys" / name).read_bytes() not in copied
    assert b"PRIVATE KEY" not in copied


def test_a_restored_home_does_not_work_before_an_officer_says_that_it_alone_does(sealed: World, tmp_path: Path) -> None:
    place = tmp_path / "office"
    restored(sealed, backed_up(sealed), place)
    assert code_of(open_office, place, sealed.stage.calendar) == "HOME_RESTORED"
    counsel = sealed.stage.cast.officer_key("counsel")
    with pytest.raises(Refused):
        resume(place, "counsel", counsel, outside(sealed.place / "kept.note"), sealed.stage.calendar, silent)
    resumed(sealed, place)
    open_office(place, sealed.stage.calendar).store.close()
    assert code_of(resumed, sealed, place) == "NOT_RESTORED"


def test_a_copy_is_never_laid_over_anything(sealed: World, tmp_path: Path) -> None:
    backup = backed_up(sealed)
    assert code_of(backed_up, sealed) == "BACKUP_EXISTS"
    assert code_of(backed_up, sealed, "home/backup") == "BACKUP_IN_HOME"
    (tmp_path / "something").write_text("is here")
    assert code_of(restored, sealed, backup, tmp_path) == "HOME_EXISTS"


@pytest.mark.parametrize("folder", ["log", "batches", "agreements", "registry", "database", "keys", "manifest"])
def test_a_changed_bit_in_a_backup_is_found_and_nothing_is_restored(sealed: World, tmp_path: Path, folder: str) -> None:
    backup = backed_up(sealed)
    files = [path for path in (backup / folder).rglob("*") if path.is_file()] or [backup / "manifest.json"]
    for path in (files[0], files[-1]):
        whole = path.read_bytes()
        path.write_bytes(bytes([whole[0] ^ 1, *whole[1:]]))
        assert code_of(restored, sealed, backup, tmp_path / "office") in ("BACKUP_CHANGED", "BACKUP_UNREADABLE")
        path.write_bytes(whole)
    assert list(tmp_path.glob("*office*")) == []


def test_a_file_too_many_or_too_few_in_a_backup_is_found(sealed: World) -> None:
    backup = backed_up(sealed)
    (backup / "batches" / "stray").write_text("stray")
    assert code_of(check_backup, backup, "", silent) == "BACKUP_CHANGED"
    (backup / "batches" / "stray").unlink()
    check_backup(backup, "", silent)
    next((backup / "log").rglob("checkpoint")).unlink()
    assert code_of(check_backup, backup, "", silent) == "BACKUP_CHANGED"


def test_a_manifest_that_the_office_did_not_sign_is_refused(sealed: World) -> None:
    backup = backed_up(sealed)
    said = json.loads((backup / "manifest.json").read_text())
    said["files"].pop(next(name for name in said["files"] if name.startswith("registry/")))
    [registry] = (backup / "registry").glob("*")
    for path in list(registry.rglob("*")):
        if path.is_file() and path.relative_to(backup).as_posix() not in said["files"]:
            path.unlink()
    (backup / "manifest.json").write_bytes(json.dumps(said, separators=(",", ":"), sort_keys=True).encode())
    assert code_of(check_backup, backup, "", silent) == "BACKUP_SIGNATURE_WRONG"


@pytest.mark.parametrize("name", PRIVATE_KEYS)
def test_a_home_is_not_restored_with_another_key_or_without_one(
    sealed: World, tmp_path: Path, name: str, received_template: World
) -> None:
    backup, keys = backed_up(sealed), keys_of(sealed)
    content = (keys / name).read_bytes()
    (keys / name).unlink()
    assert code_of(restored, sealed, backup, tmp_path / "office") == "HOME_KEYS_MISSING"
    other = "log.key" if name == "sampling.key" else "sampling.key"
    (keys / name).write_bytes((keys / other).read_bytes() if name != "pseudonym.key" else bytes(32))
    assert code_of(restored, sealed, backup, tmp_path / "office") in (
        "KEY_NOT_OF_LOG",
        "KEY_WRONG_KIND",
        "NOTE_UNSIGNED",
    )
    assert list(tmp_path.glob("*office*")) == []
    (keys / name).write_bytes(content)


def test_a_backup_older_than_a_checkpoint_that_somebody_kept_is_refused(signed: World, tmp_path: Path) -> None:
    backup = backed_up(signed)
    signed.release()
    newest, place = outside(kept(signed, "newest.note")), tmp_path / "office"
    assert code_of(restored, signed, backup, place, newest) == "BACKUP_OLDER_THAN_SEEN"
    assert not place.exists()
    (tmp_path / "none.note").write_text("nothing\n", "utf-8")
    assert code_of(restored, signed, backup, place, outside(tmp_path / "none.note")) == "CHECKPOINT_UNREADABLE"
    restored(signed, backup, place)


def test_a_backup_of_which_nobody_says_that_it_is_the_newest_is_not_restored(sealed: World, tmp_path: Path) -> None:
    backup, place = backed_up(sealed), tmp_path / "office"
    assert code_of(restored, sealed, backup, place, Outside()) == "CHECKPOINT_NEEDED"
    assert code_of(restored, sealed, backup, place, Outside(policy="quorum none\n")) == "CHECKPOINT_NEEDED"
    assert not place.exists()


def test_a_home_that_was_the_newest_when_it_was_restored_does_not_work_once_the_log_has_gone_on(
    signed: World, tmp_path: Path
) -> None:
    place = tmp_path / "office"
    restored(signed, backed_up(signed), place)
    signed.release()
    note, now = (place / "log" / "checkpoint").read_text("utf-8"), outside(kept(signed, "newest.note"))
    assert code_of(resumed, signed, place, Outside()) == "CHECKPOINT_NEEDED"
    assert code_of(resumed, signed, place, now) == "BACKUP_OLDER_THAN_SEEN"
    # Nothing was signed, and it is as little at work as before.
    assert (place / "log" / "checkpoint").read_text("utf-8") == note
    assert code_of(open_office, place, signed.stage.calendar) == "HOME_RESTORED"


@pytest.fixture
def bench(signed: World) -> Iterator[Bench]:
    """A world that is signed, with a quorum of two of three witnesses."""
    seated = Bench(signed, {name: made(signed.place / name, signed.office.home.note_key()) for name in NAMES})
    seated.start(*NAMES)
    seated.enter(seated.policy())
    yield seated
    seated.close()


def test_a_home_is_not_resumed_past_what_a_witness_cosigned_since(bench: Bench, tmp_path: Path) -> None:
    world, place = bench.world, tmp_path / "office"
    restored(world, backed_up(world), place, Outside())
    bench.stop(*NAMES)
    assert code_of(resumed, world, place, Outside()) == "WITNESSES_SILENT"
    bench.start(*NAMES)
    world.release()
    witness_log(world.office, quorum_today(world.office, AGREEMENT))
    assert code_of(resumed, world, place, Outside()) == "BACKUP_OLDER_THAN_SEEN"


def test_a_quorum_of_none_makes_no_consent_of_silence(signed: World, tmp_path: Path) -> None:
    court = made(signed.place / "court", signed.office.home.note_key())
    backup, place = backed_up(signed), tmp_path / "office"
    with serving(court, court.port):
        alone_named = Outside(policy=f"{court.line('court')}quorum none\n")
    assert code_of(restored, signed, backup, place, alone_named) == "WITNESSES_SILENT"
    with serving(court, court.port):
        restored(signed, backup, place, alone_named)
        resumed(signed, place, alone_named)


def test_a_backup_older_than_what_a_witness_cosigned_is_refused(bench: Bench, tmp_path: Path) -> None:
    world, place = bench.world, tmp_path / "office"
    old = backed_up(world, "old")
    world.release()
    witness_log(world.office, quorum_today(world.office, AGREEMENT))
    assert code_of(restored, world, old, place, Outside()) == "BACKUP_OLDER_THAN_SEEN"
    new = backed_up(world, "new")
    bench.stop("court", "gao")
    # Too few say anything, and silence is no consent; a checkpoint that somebody kept makes up for it.
    assert code_of(restored, world, new, place, Outside()) == "WITNESSES_SILENT"
    restored(world, new, place, outside(kept(world, "newest.note")))
    bench.start("court")
    restored(world, new, tmp_path / "second", Outside())
    # Whose backup is too old cannot talk the witnesses away by naming none of them.
    assert (
        code_of(restored, world, old, tmp_path / "third", Outside(policy="quorum none\n")) == "BACKUP_OLDER_THAN_SEEN"
    )


def test_nothing_is_written_while_a_home_is_copied(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever appends and whoever copies hold one lock: each would be told BUSY if they did not wait for the other."""
    home, found = signed.place / "home", []

    def try_lock() -> None:
        with alone(home, EVENTS, wait=False):
            """Free: nobody holds it."""

    def locked(real: Callable[..., object], act: str) -> Callable[..., object]:
        def call(*given: object) -> object:
            found.append((act, code_of(try_lock)))
            return real(*given)

        return call

    monkeypatch.setattr(EventStore, "append", locked(EventStore.append, "append"))
    monkeypatch.setattr(backing_up, "write_store", locked(backing_up.write_store, "copy"))
    signed.hold()
    backed_up(signed)
    assert found == [("append", "BUSY"), ("append", "BUSY"), ("copy", "BUSY")]


def test_what_is_to_be_copied_is_listed_while_nothing_is_written(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event between the copy of the events and the list of what they name would be in one of the two alone."""
    home, found = signed.place / "home", []

    def try_lock() -> None:
        with alone(home, EVENTS, wait=False):
            """Free: nobody holds it."""

    def locked(real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*given: object) -> Any:
            listed = list(real(*given))
            found.append((name, code_of(try_lock)))
            return listed

        return call

    for name in ("named_artefacts", "batches_of", "_built"):
        monkeypatch.setattr(backing_up, name, locked(getattr(backing_up, name), name))
    backed_up(signed)
    assert {name for name, _ in found} == {"named_artefacts", "batches_of", "_built"}
    assert {code for _, code in found} == {"BUSY"}


def test_a_database_beside_the_home_is_left_empty_by_a_restore_that_fails(
    signed: World, tmp_path: Path, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = backed_up(signed)
    signed.release()
    subprocess.run(["createdb", "-h", postgresql, "-U", "comity", "restored"], check=True, capture_output=True)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://comity@/restored?host={postgresql}")
    place = tmp_path / "office"
    newest = outside(kept(signed, "newest.note"))
    assert code_of(restored, signed, backup, place, newest) == "BACKUP_OLDER_THAN_SEEN"
    # Nobody makes another database for the second try.
    restored(signed, backup, place)
    resumed(signed, place)
    office = open_office(place, signed.stage.calendar)
    assert office.store.read("office")[-1].type == "home_resumed"
    office.store.close()
    assert not (place / "comity.sqlite3").exists()
    assert code_of(restored, signed, backup, tmp_path / "second") == "DATABASE_NOT_EMPTY"


def test_a_home_that_is_not_whole_is_not_copied_as_if_it_were(signed: World) -> None:
    [path] = (signed.place / "home" / "batches" / signed.batch).glob("answers-*.parquet")
    content = path.read_bytes()
    path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    assert code_of(backed_up, signed) == "ARTEFACT_CHANGED"
    path.unlink()
    assert code_of(backed_up, signed, "second") == "ARTEFACT_MISSING"


def test_a_registry_that_is_gone_is_said_to_be_lacking(signed: World, tmp_path: Path) -> None:
    [registry] = (signed.place / "home" / "registry").glob("[0-9a-f]*")
    registry.rename(signed.place / "gone")
    backup = backed_up(signed)
    assert check_backup(backup, "", silent)[0].lacking == (registry.name,)
    assert code_of(restored, signed, backup, tmp_path / "office") == "REGISTRY_NOT_IN_HOME"


def test_backup_and_restore_from_a_terminal(sealed: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "now", sealed.stage.calendar)
    home, keys = sealed.place / "home", keys_of(sealed)
    acting = ("--keys", sealed.stage.cast.officers, "--as")
    said = typed("home", "backup", tmp_path / "backup", "--home", home, *acting, "operator")
    assert (said.exit_code, "keep" in said.output) == (0, True), said.output
    assert typed("home", "backup", tmp_path / "other", "--home", home, *acting, "counsel").exit_code == 3
    assert typed("home", "check", tmp_path / "backup").exit_code == 0
    again = ("home", "restore", tmp_path / "backup", tmp_path / "office", "--private-keys", keys)
    assert typed(*again, "--checkpoint", home / "log" / "checkpoint").exit_code == 0
    said = typed("batches", "--home", tmp_path / "office", "--json")
    assert (said.exit_code, error_of(said)["code"]) == (4, "HOME_RESTORED")
    assert typed("log", "verify", tmp_path / "office").exit_code == 0
    resume_it = ("home", "resume", "--home", tmp_path / "office", *acting, "registrar")
    assert (typed(*resume_it).exit_code, error_of(typed(*resume_it, "--json"))["code"]) == (2, "CHECKPOINT_NEEDED")
    assert typed(*resume_it, "--checkpoint", home / "log" / "checkpoint").exit_code == 0
    assert typed("batches", "--home", tmp_path / "office").exit_code == 0


def test_a_role_may_still_be_granted_after_a_restore(sealed: World, tmp_path: Path) -> None:
    restored(sealed, backed_up(sealed), tmp_path / "office")
    resumed(sealed, tmp_path / "office")
    sealed.office.store.close()
    office = open_office(tmp_path / "office", sealed.stage.calendar)
    registrar = office.identify("registrar", sealed.stage.cast.officer_key("registrar"))
    counsel = office.identify("counsel", sealed.stage.cast.officer_key("counsel"))
    acts.propose_entry(office, registrar, role_proposal(office, "operator", "auditor"))
    acts.approve_entry(office, counsel, "officer", "operator", 2)
    office.store.close()
    verify_home(tmp_path / "office")
