"""A home made again from a backup, in an empty place and verified there; it works once an officer says that it alone
does."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from comity.case.envelope import OFFICE
from comity.case.errors import BadInput, Integrity, Refused, Usage
from comity.case.keeping_events import HomeResumed
from comity.case.office_state import fold_office
from comity.crypto import Certificate, P256Key
from comity.office.backup import STORE, Backup, read_backup
from comity.office.desk import RESTORED, Clock, Progress, crypto_errors, log_errors, unfollowed
from comity.office.home import PRIVATE_KEYS, SETTINGS, kind_by, open_home, settings_text
from comity.office.homecheck import verify_home
from comity.office.rollback import require_newest
from comity.oversight.verify import Verification, verify_log
from comity.store import connect, database_url
from comity.store.copying import filled_store
from comity.store.events import EventStore


@dataclass(frozen=True)
class Outside:
    """What others know of the log: its key as it was handed out, checkpoints seen (files), and a witness policy (text)
    beside those that the registers in the backup name.
    """

    key: str = ""
    checkpoints: Sequence[Path] = ()
    policy: str | None = None


def check_backup(folder: Path, key: str, progress: Progress) -> tuple[Backup, Verification]:
    """Hold a backup against its manifest, and its log against everything that it commits to.

    Raises as `read_backup` and `verify_log`.
    """
    progress("holding every file against the manifest")
    return read_backup(folder), verify_log(folder, key, progress)


def restore(source: Path, place: Path, private_keys: Path, outside: Outside, progress: Progress) -> Backup:
    """Make the home in the empty or new folder `place` from the backup `source` and the four keys in `private_keys`.

    Nothing is there unless all of it was found whole, of one story, and not older than what is known outside. The home
    does not open for work before `resume`. Raises Usage `HOME_EXISTS` or `DATABASE_NOT_EMPTY`, BadInput
    `HOME_KEYS_MISSING`, and as `check_backup`, `rollback.require_newest` and `homecheck.verify_home`.
    """
    if place.exists() and any(place.iterdir()):
        raise Usage("HOME_EXISTS", "The folder is not empty.", "Name a new folder; a home is never written over.")
    backup, _ = check_backup(source, outside.key, progress)
    for left in place.parent.glob(f"{_draft(place)}*"):
        shutil.rmtree(left)
    draft = place.with_name(f"{_draft(place)}{secrets.token_hex(8)}")
    try:
        _compose(source, draft, private_keys, backup)
        # A database beside the home does not go with the draft: it keeps nothing that was not found whole.
        with closing(connect(draft, database_url())) as store, filled_store(store, source / STORE):
            progress("holding the restored home against its log, and against what witnesses know of it")
            _verify(draft, store, outside)
            if place.exists():
                place.rmdir()
        os.sync()
        draft.rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return backup


def resume(
    directory: Path, officer: str, key: P256Key, outside: Outside, clock: Clock, progress: Progress
) -> HomeResumed:
    """Let a restored home work: an officer says, in an event, that the one it was copied from does not work any more.

    Two homes under one key would tell two histories of one log. So what others know of it is asked once more: days may
    have gone by since it was restored. Raises Refused `NOT_RESTORED` or for a missing right, and as
    `rollback.require_newest`; nothing was signed then.
    """
    office = unfollowed(directory, clock, progress)
    actor = office.identify(officer, key)
    role = office.require(actor, "resume_home")
    marker = directory / RESTORED
    if not marker.exists():
        raise Refused("NOT_RESTORED", "This home was not restored, or is at work again.", "There is nothing to do.")
    progress("holding the home against what witnesses know of its log")
    with log_errors(), crypto_errors():
        require_newest(office.home, office.state(), outside.checkpoints, outside.policy)
    office.follow()
    event = HomeResumed(**json.loads(marker.read_bytes()))
    office.record(office.act(actor, role, "home resume"), [event], office.state())
    marker.unlink()
    return event


def _draft(place: Path) -> str:
    return f".{place.name}-restoring-"


def _compose(source: Path, draft: Path, private_keys: Path, backup: Backup) -> None:
    os.umask(0o077)
    for name in backup.files:
        if name.split("/")[0] != STORE:
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, draft / name)
    for name in PRIVATE_KEYS:
        try:
            shutil.copyfile(private_keys / name, draft / "keys" / name)
        except OSError:
            raise BadInput(
                "HOME_KEYS_MISSING",
                "A private key of the home is not in the folder.",
                f"Put {', '.join(PRIVATE_KEYS)} there; no backup holds them.",
            ) from None
    (draft / "registry").mkdir(exist_ok=True)
    said = HomeResumed(backup.digest, backup.size, backup.root)
    (draft / RESTORED).write_text(json.dumps(vars(said), sort_keys=True), encoding="utf-8")
    (draft / SETTINGS).write_text(settings_text(_kind(draft), backup.name), encoding="utf-8")


def _kind(draft: Path) -> str:
    """The kind of the home that was copied, which its office's certificate says."""
    with crypto_errors(Integrity):
        return kind_by(Certificate.load(draft / "keys" / "office.pem"))


def _verify(draft: Path, store: EventStore, outside: Outside) -> None:
    verify_home(draft)
    home = open_home(draft)
    with log_errors(), crypto_errors():
        require_newest(home, fold_office(store.read(OFFICE)), outside.checkpoints, outside.policy)
