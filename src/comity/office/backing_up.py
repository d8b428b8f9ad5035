"""A copy of a home, taken while nothing is written: everything to restore it from but the private keys."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from comity.case.batch_state import fold_batch
from comity.case.envelope import OFFICE, batch_stream, stamp
from comity.case.errors import Integrity, Usage
from comity.case.keeping_events import HomeBackedUp
from comity.linkage.seal import SEAL_FILE
from comity.office.backup import CERTIFICATES, STORE, Backup, write_manifest
from comity.office.desk import Actor, Office, log_errors
from comity.office.locks import EVENTS, alone
from comity.office.outbox import OFFICE_FOLDER
from comity.office.stores import batches_of, named_artefacts
from comity.store.copying import write_store
from comity.workspace import file_digest

_SEGMENTS = "segment-*.json"


def back_up(office: Office, actor: Actor, place: Path) -> Backup:
    """Tell it in an event, and copy the home into the new or empty folder `place`; gives what was copied.

    Events wait until log, segments and database are copied; all other files never change once an event names them.
    Raises Usage `BACKUP_EXISTS` or `BACKUP_IN_HOME`, Refused for a missing right, Integrity `ARTEFACT_MISSING` or
    `ARTEFACT_CHANGED`: a home that is not whole is not copied as if it were.
    """
    role = office.require(actor, "back_up_home")
    _require_free(office.home.directory, place)
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o700)
    with log_errors():
        before = office.log.checkpoint()
    told = HomeBackedUp(before.size, before.root.hex())
    office.record(office.act(actor, role, "home backup"), [told], office.state())
    made_at = stamp(office.now())
    with alone(office.home.directory, EVENTS, wait=True):
        office.follow()
        office.progress("copying events and log, while nothing is written")
        (place / STORE).mkdir()
        events = write_store(office.store, place / STORE)
        _copy(office.home.directory, place, list(_of_the_hour(office)))
        # Of these events and no later ones: a registry that is built meanwhile is the next backup's.
        unchanging, built = dict.fromkeys(_unchanging(office)), _built(office)
        with log_errors():
            head = office.log.checkpoint()
    office.progress("copying artefacts, agreements and registries")
    _copy(office.home.directory, place, unchanging)
    copied = {path.relative_to(place).as_posix(): file_digest(path) for path in place.rglob("*") if path.is_file()}
    _require_artefacts_whole(copied)
    backup = Backup(
        office.home.name,
        made_at,
        version("comity"),
        office.home.note_key().vkey,
        head.size,
        head.root.hex(),
        events,
        tuple(digest for digest in built if not office.home.registry(digest).is_dir()),
        copied,
    )
    write_manifest(backup, place, office.home.office_key, office.home.certificate)
    return backup


def _require_free(home: Path, place: Path) -> None:
    if place.exists() and any(place.iterdir()):
        raise Usage("BACKUP_EXISTS", "The folder is not empty.", "Name a new folder; a backup is never written over.")
    if place.resolve().is_relative_to(home.resolve()):
        raise Usage("BACKUP_IN_HOME", "The folder lies in the home.", "Name one on another disk, or another machine.")


def _of_the_hour(office: Office) -> Iterator[Path]:
    """What grows with each event: the log's files and the segments."""
    home = office.home.directory
    yield from _files(home, home / "log")
    for folder in (OFFICE_FOLDER, *batches_of(office.store)):
        yield from (path.relative_to(home) for path in (home / "batches" / folder).glob(_SEGMENTS))


def _unchanging(office: Office) -> Iterator[Path]:
    """What stays as it is once an event has named it: artefacts, replies, agreements, registries, certificates."""
    home = office.home.directory
    for folder, named in named_artefacts(office.store):
        yield office.vault.artefact(folder, named).path.relative_to(home)
    for batch in batches_of(office.store):
        if fold_batch(batch, office.store.read(batch_stream(batch))).sealed:
            yield from _files(home, home / "batches" / batch / "replies")
    yield from _files(home, home / "agreements")
    for digest in _built(office):
        yield from (path for path in _files(home, office.home.registry(digest)) if path.name != SEAL_FILE)
    yield from (Path("keys") / name for name in CERTIFICATES)


def _built(office: Office) -> list[str]:
    """The digests of the registries that were ever built here, each once."""
    built = (stored.body["digest"] for stored in office.store.read(OFFICE) if stored.type == "registry_built")
    return list(dict.fromkeys(built))


def _files(home: Path, folder: Path) -> Iterator[Path]:
    """The files below a folder of the home, but for what a process has put aside for itself."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(home)
        if path.is_file() and not any(part.startswith(".") for part in inside.parts):
            yield inside


def _copy(home: Path, place: Path, files: Iterable[Path]) -> None:
    for name in files:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(home / name, place / name)


def _require_artefacts_whole(copied: dict[str, str]) -> None:
    """The name of an artefact ends in its digest."""
    for name, digest in copied.items():
        path = Path(name)
        if path.parts[0] == "batches" and path.suffix == ".parquet" and not path.stem.endswith(f"-{digest}"):
            raise Integrity(
                "ARTEFACT_CHANGED",
                f"The artefact {path.name} is not the one that its name says.",
                "Copy it from an earlier backup into the batch's folder, then back up again.",
            )
