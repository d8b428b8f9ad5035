"""A home as a whole, held against its own log: keys, events, outbox and registries; every file but those named here.

`oversight.verify` opens what the log commits to. Here what lies beside it in a home is held against that: the events of
the database are the ones in the segments and have their leaves, the keys are those that the first leaf names, the
registries are the ones that were built. Nothing is written but the seal of a registry file that was read in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from comity.accounting.segments import office_salt, read_segments
from comity.case.batch_state import fold_batch
from comity.case.envelope import OFFICE, Envelope, batch_stream
from comity.case.errors import Integrity
from comity.case.office_events import ContestLookedUp
from comity.case.office_state import OfficeState, fold_office
from comity.linkage import verify_index
from comity.office.desk import Office, crypto_errors, log_errors, silent, system_clock, unfollowed
from comity.office.home import SETTINGS, Home, next_log_key, settings_text
from comity.office.outbox import OFFICE_FOLDER, require_same_past
from comity.office.stores import (
    batches_of,
    named_artefacts,
    require_all_fed,
    require_log_not_ahead,
    require_log_not_behind,
    require_named_artefacts,
    require_registry_in_force,
    require_streams_whole,
)
from comity.oversight.looks import is_look, not_looked_up
from comity.store import Vault, connect, database_url
from comity.store.events import EventStore
from comity.workspace import workspace

# What is no evidence, and why a changed bit in it is not looked for.
NOT_COVERED: Mapping[str, str] = {
    ".locks/": "Empty files that processes lock; nothing is read from them.",
    ".work/": "What workers leave for people to see of how far they are; nothing is decided by it.",
    "comity.sqlite3*": "Its rows are held against the log, not its bytes: pages hold what was deleted or is free. "
    "Rows that no segment closes yet have nothing to be held against: office events of the day, a batch's last ones.",
    "accounts.sqlite3*": "How officers sign in to the console, and what was tried. The log holds who set it up.",
    "console.toml": "How the console is reached, and how long sessions last. What would weaken them is refused.",
    "keys/console.key": "Keeps sessions and the secrets of codes; with another one nobody's session or code is good.",
    "batches/*/pseudonyms-*.parquet": "Left of the step that logs; no event names it, and the next step sweeps it.",
    "registry/*/registry.seal": "Says that a file is unchanged since it was hashed; here it is hashed again.",
    "registry/*/registry.json": "Of what an index says about itself, counts of persons, addresses and years are for "
    "people to read; digest, rows and spells are held against the event that built it.",
}


@dataclass(frozen=True)
class HomeVerified:
    """What was held against the log: events of the database, how many of them no segment closes yet, registries.

    `open_intents` are neither sealed nor abandoned.
    """

    events: int
    open_events: int
    registries: int
    open_intents: int

    def sentence(self) -> str:
        """The figures, for people."""
        waiting = f"\n{self.open_intents} intents wait to be sealed: `comity release`, or `comity abandon`."
        return (
            f"The home: {self.events:,} events in the database are those of the log, {self.open_events:,} of them not "
            f"closed in a segment yet; its keys are those of the log; {self.registries} registries are as they were "
            f"built.{waiting if self.open_intents else ''}"
        )


def is_home(directory: Path) -> bool:
    """Whether `directory` is a home, and not a copy of its log alone."""
    return (directory / SETTINGS).exists()


def require_one_story(directory: Path) -> Home:
    """See that database and log of the home in `directory` tell one story, before either is read in full; gives the
    home.

    Raises Integrity `DATABASE_MISSING`, `EVENTS_MISSING`, `LOG_OLDER_THAN_EVENTS`, `EVENTS_OLDER_THAN_LOG`,
    `LOG_OF_ANOTHER_HISTORY`, `OUTBOX_HALF_WAY`, `LOG_KEY_HALF_CHANGED`, `REGISTRY_NOT_IN_HOME`, `ARTEFACT_MISSING`, or
    what stops a home from being opened.
    """
    office = unfollowed(directory, system_clock, silent)
    home, store, log, fed = office.home, office.store, office.log, office.store.fed()
    with log_errors(), crypto_errors(Integrity):
        require_streams_whole(store)
        require_log_not_behind(log, fed)
        require_all_fed(store, fed)
        require_log_not_ahead(log, fed)
        _require_key_taken_up(office)
        require_same_past(store, log, home.pseudonym_key)
        require_registry_in_force(home, store)
        require_named_artefacts(store, office.vault)
    return home


def _require_key_taken_up(office: Office) -> None:
    named = office.state().log_key
    following = next_log_key(office.home)
    if named and office.home.note_key().vkey != named and following and office.home.named(following).vkey == named:
        raise Integrity(
            "LOG_KEY_HALF_CHANGED",
            "The log's key was changed, and a process ended before the new one was taken up.",
            "Run any command of the office, such as `comity batches`: on opening, it goes on by itself.",
        )


def verify_home(directory: Path) -> HomeVerified:
    """Hold the home in `directory` against its own log, whose files `oversight.verify` has found whole.

    Raises Integrity `SETTINGS_CHANGED`, `KEY_NOT_OF_LOG`, `EVENT_CHANGED`, `EVENTS_MISSING`, `OUTBOX_DIFFERS`,
    `REGISTRY_CHANGED`, `ARTEFACT_CHANGED`, `CONTEST_NOT_LOOKED_UP`, or what `require_one_story` raises.
    """
    home = require_one_story(directory)
    store = connect(directory, database_url())
    kind = fold_office(store.read(OFFICE)).kind
    if (directory / SETTINGS).read_text(encoding="utf-8") != settings_text(kind, home.name):
        raise _found("SETTINGS_CHANGED", "The home's settings are not those it was made with.")
    with log_errors(), crypto_errors(Integrity):
        open_events = list(_open_events(store, directory / "batches"))
        _require_keys(home, fold_office(store.read(OFFICE)))
        _require_fed(store, home)
        _require_looks(store)
    open_intents = _require_artefacts(store, Vault(directory))
    return HomeVerified(store.count(), len(open_events), _require_registries(home, store), open_intents)


def _require_keys(home: Home, state: OfficeState) -> None:
    """The keys are those of the genesis; that of the pseudonyms is the one that salts the office's segments."""
    opened = state.opened
    [first, *_] = read_segments(home.directory / "batches" / OFFICE_FOLDER)
    span = (first.first, first.envelopes[-1].version)
    held = (
        opened is not None
        and opened.name == home.name
        and state.log_key == home.note_key().vkey
        and opened.sampling_key == home.sampling_key.public_bytes.hex()
        and opened.certificate == home.certificate.pem().decode()
        and opened.authority == home.authority.pem().decode()
        and home.office_key.public_fingerprint == home.certificate.key_fingerprint
        and office_salt(home.pseudonym_key, *span) == first.salt
    )
    if not held:
        raise _found("KEY_NOT_OF_LOG", "A key or certificate of the home is not the one that its log names.")


def _open_events(store: EventStore, batches: Path) -> Iterator[Envelope]:
    """The events that no segment closes yet; all others are, one for one, those of the segments."""
    folders = {OFFICE if path.name == OFFICE_FOLDER else batch_stream(path.name): path for path in batches.iterdir()}
    for stream, folder in sorted(folders.items()):
        stored = store.read(stream)
        closed = [envelope for segment in read_segments(folder) for envelope in segment.envelopes]
        if len(stored) < len(closed):
            raise _found("EVENTS_MISSING", f"The database lacks events of {stream} that the log commits to.")
        for ours, theirs in zip(stored, closed, strict=False):
            if ours != theirs:
                raise _found("EVENT_CHANGED", f"Event {theirs.version} of {stream} is not the one in the log.")
        yield from stored[len(closed) :]
    if set(store.streams()) - set(folders):
        raise _found("EVENT_CHANGED", "The database has events of a batch that is not in the home.")


def _require_looks(store: EventStore) -> None:
    """Every look at a contested answer names its reading of the records, also where no segment opens that yet."""
    state = OfficeState()
    for stored in store.read(OFFICE):
        if stored.type == ContestLookedUp.kind() and stored.body["read"]:
            contest = state.contests[stored.body["contest"]]
            named = store.read(batch_stream(contest.batch), stored.body["read"] - 1)[:1]
            if not any(is_look(read, contest, stored) for read in named):
                raise not_looked_up(contest)
        state = fold_office([stored], state)


def _require_fed(store: EventStore, home: Home) -> None:
    """Every event has its leaves, one after the other, and the segments of the office end where the outbox says."""
    end = 0
    for item in store.read_from(0):
        leaves = store.leaves_of(item.position)
        if leaves is None or leaves[0] != end:
            raise _found("OUTBOX_DIFFERS", f"Event {item.position} has not its leaves after those before it.")
        end = leaves[1]
    closed = read_segments(home.directory / "batches" / OFFICE_FOLDER)[-1].envelopes[-1].version
    if end != store.fed().size or store.fed().office_closed != closed:
        raise _found("OUTBOX_DIFFERS", "The outbox does not end where the leaves and the segments of the office do.")


def _require_artefacts(store: EventStore, vault: Vault) -> int:
    """Every artefact that an event names is there, also where no segment closes that event yet; gives how many intents
    are neither sealed nor abandoned."""
    for folder, of_folder in groupby(named_artefacts(store), key=itemgetter(0)):
        with workspace(vault.folder(folder)) as ws:
            for _, named in of_folder:
                ws.view("named", vault.artefact(folder, named))
    states = (fold_batch(batch, store.read(batch_stream(batch))) for batch in batches_of(store))
    return sum(state.intended is not None and state.sealed is None for state in states)


def _require_registries(home: Home, store: EventStore) -> int:
    """The registries in the home are ones that were built, whole; gives how many there are."""
    built = {stored.body["digest"]: stored.body for stored in store.read(OFFICE) if stored.type == "registry_built"}
    folders = sorted(path for path in (home.directory / "registry").glob("[0-9a-f]*") if path.is_dir())
    for folder in folders:
        index, said = verify_index(folder), built.get(folder.name, {})
        if (index.digest, index.rows, index.spells) != tuple(said.get(name) for name in ("digest", "rows", "spells")):
            raise _found("REGISTRY_CHANGED", "A registry in the home is not one that was built here.")
    return len(folders)


def _found(code: str, says: str) -> Integrity:
    return Integrity(code, says, "Keep the home as it is; docs/how-to/9-keep-a-home.md says how to go on.")
