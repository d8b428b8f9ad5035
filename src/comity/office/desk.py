"""The office at work: its home, store, vault, log and clock in one hand, and the way an act becomes events."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from comity.accounting.errors import LogError
from comity.accounting.log import Log
from comity.accounting.segments import segment_body
from comity.case.batch_state import BatchState, fold_batch, named_by
from comity.case.envelope import OFFICE, Act, Envelope, Event, batch_of, batch_stream, envelope, stamp
from comity.case.errors import BadInput, ComityError, Integrity, Refused, Waiting
from comity.case.hold_decisions import involvement
from comity.case.office_state import Officer, OfficeState, fold_office
from comity.crypto import Certificate, CryptoError, P256Key, Purpose, sign_detached, verify_chain, verify_detached
from comity.office.home import Home, kind_differs, next_log_key, open_home, take_up_next_key
from comity.office.locks import EVENTS, FEED, alone, beside
from comity.office.outbox import feed, registers_at, require_same_past
from comity.office.stores import pruned_on, require_database, require_events
from comity.review import rights
from comity.store import Vault, connect, database_url
from comity.store.events import EventStore

Clock = Callable[[], datetime]
Progress = Callable[[str], None]
RESTORED = "restored.json"


def system_clock() -> datetime:
    """The machine's clock, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def silent(_: str) -> None:
    """Progress for which nobody is waiting."""


@dataclass(frozen=True)
class Actor:
    """An officer who has just proved to hold the key of the registered certificate, or is signed in to the console."""

    officer: str
    roles: frozenset[str]


@dataclass
class Office:
    """One open home. Made by `open_office`; every act of the office takes one."""

    home: Home
    store: EventStore
    vault: Vault
    log: Log
    clock: Clock
    progress: Progress = silent
    _seen: dict[str, BatchState] = field(default_factory=dict, repr=False)
    _office: OfficeState = field(default_factory=OfficeState, repr=False)

    def state(self) -> OfficeState:
        """The registers of the office as they stand now, on this day."""
        # Several threads may fold at once: each continues the one state it has read.
        known = self._office
        self._office = folded = fold_office(self.store.read(OFFICE, known.version), known)
        return folded.on(stamp(self.clock())[:10])

    def state_at(self, version: int, at: str = "") -> OfficeState:
        """The registers as they stood after the office's event of that version; on the day of `at` (ISO), if given."""
        return registers_at(self.store, version).on(at[:10])

    def batch(self, batch: str) -> BatchState:
        """Where a batch stands now. Raises BadInput `BATCH_UNKNOWN`."""
        state = self.any_batch(batch)
        state.submission()
        return state

    def batches(self) -> Iterator[BatchState]:
        """Where every batch stands now, oldest first."""
        return (self.batch(batch_of(stream)) for stream in self.store.streams() if stream != OFFICE)

    def any_batch(self, batch: str) -> BatchState:
        """Where a batch stands now, also before it was received."""
        known = self._seen.get(batch, BatchState(batch))
        self._seen[batch] = folded = fold_batch(batch, self.store.read(batch_stream(batch), known.version), known)
        return folded

    def now(self) -> datetime:
        """The hour. Raises Integrity `CLOCK_BACKWARDS` if the clock shows less than the last event."""
        now = self.clock()
        if stamp(now) < self.store.last_at():
            raise Integrity(
                "CLOCK_BACKWARDS", "The clock shows an hour before the last event.", "Set the clock; nothing was done."
            )
        return now

    def is_due(self, batch: BatchState) -> bool:
        """Whether the hour of the answer to `batch`, fixed at intake, has come (P6). Raises what `now` raises."""
        return stamp(self.now()) >= batch.submission().answer_at

    def identify(self, officer: str, key: P256Key) -> Actor:
        """Let an officer prove who acts: the key signs a fresh challenge, verified by the registered certificate.

        Raises Refused `OFFICER_UNKNOWN`, `OFFICER_STRUCK_OFF` or `KEY_NOT_OF_OFFICER`.
        """
        known, certificate = self._registered(officer)
        challenge = secrets.token_bytes(32)
        try:
            token = sign_detached(challenge, key, certificate)
            verify_detached(token, challenge, [self.home.authority], self.clock())
        except CryptoError:
            raise Refused(
                "KEY_NOT_OF_OFFICER",
                "The key is not the one of this officer's registered certificate, or its term has ended.",
                "Act with your own key: --key FILE.",
            ) from None
        return Actor(officer, known.roles)

    def admit(self, officer: str) -> Actor:
        """An officer who has signed in to the console, which is the one that has seen a second factor.

        Raises Refused `OFFICER_UNKNOWN`, `OFFICER_STRUCK_OFF`, `SIGN_IN_BARRED` or `CERTIFICATE_OUT_OF_TERM`.
        """
        known, certificate = self._registered(officer)
        if officer in self.state().barred:
            raise Refused(
                "SIGN_IN_BARRED", "Nobody signs in as this officer.", "Ask the registrar or counsel for the reason."
            )
        try:
            verify_chain(certificate, [self.home.authority], self.clock(), Purpose.SIGNING)
        except CryptoError:
            raise Refused(
                "CERTIFICATE_OUT_OF_TERM",
                "The officer's registered certificate is out of its term.",
                "Have the officer registered with a new one.",
            ) from None
        return Actor(officer, known.roles)

    def _registered(self, officer: str) -> tuple[Officer, Certificate]:
        known = self.state().officer(officer)
        if not known.roles:
            raise Refused(
                "OFFICER_STRUCK_OFF",
                "This officer was struck off the register and holds no role any more.",
                "Ask the registrar or counsel for the reason.",
            )
        return known, Certificate.from_pem(known.certificate.encode())

    def require(
        self, actor: Actor, act: str, batch: BatchState | None = None, concerns: str = "", grantee: str = ""
    ) -> str:
        """The role in which `actor` may do `act` now. Raises Refused, see `review.rights.require`.

        A role that was struck off since the actor was proved is none.
        """
        return _role_in(self.state(), actor, act, batch, concerns, grantee)

    def allowed(
        self, actor: Actor, acts: Iterable[str], batch: BatchState | None = None, concerns: str = ""
    ) -> frozenset[str]:
        """Those of `acts` that `require` would let `actor` do now; the registers are read once for all of them."""
        state, found = self.state(), set[str]()
        for act in acts:
            with suppress(Refused):
                _role_in(state, actor, act, batch, concerns, "")
                found.add(act)
        return frozenset(found)

    def record(
        self,
        act: Act,
        events: Sequence[Event],
        office: OfficeState,
        batch: BatchState | None = None,
    ) -> None:
        """Append `events` to the batch's stream, or the office's, at the versions they were decided on; feed the log.

        Raises `StateMoved` when either stream has moved since, and Refused `ROLE_STRUCK_OFF`; nothing was written then.
        """
        self.require_still(act, office)
        stream, version = (batch_stream(batch.batch), batch.version) if batch else (OFFICE, office.version)
        wrapped = [envelope(event, act, stream, version + place) for place, event in enumerate(events, 1)]
        self.append(wrapped, {OFFICE: office.version, stream: version})

    def require_still(self, act: Act, office: OfficeState) -> None:
        """Refuse `ROLE_STRUCK_OFF` to record what was begun in a role that its officer holds no more.

        The registers are those that the append names: a strike in between makes it fail.
        """
        if office.version and act.role not in office.on(act.day).roles_of(act.actor):
            raise Refused(
                "ROLE_STRUCK_OFF",
                "The officer was struck off this role while the act was under way; nothing was done.",
                "Have an officer who holds the role do it.",
            )

    def append(self, events: Sequence[Envelope], expected: Mapping[str, int]) -> None:
        """Append envelopes and let the log follow.

        What the log could not take is refused before it is an event: an artefact that is not there, a text without a
        canonical form. Raises Integrity `ARTEFACT_MISSING`, BadInput `NOT_CANONICAL` or `LEAF_MALFORMED`.
        """
        for stored in events:
            for named in named_by(stored):
                self.vault.artefact(batch_of(stored.stream), named)
            with crypto_errors():
                segment_body([stored])
        with beside(self.home.directory, EVENTS):
            self.store.append(events, expected)
            self.follow()

    def follow(self) -> int:
        """Bring the log up to the events; gives how many it lacked. Raises Integrity as `outbox.feed`, or the log's own
        code."""
        with log_errors(), crypto_errors(Integrity), alone(self.home.directory, FEED, wait=True):
            self._take_up_key()
            return feed(self.store, self.vault, self.log, self.home.pseudonym_key, self._hand_over)

    def _take_up_key(self) -> None:
        """Sign with the key that the fed events name: another process may have changed it, or have ended half way."""
        named = self.state().log_key_at(self.store.fed().office_closed)
        if not named or self.home.note_key().vkey == named:
            return
        self.home = open_home(self.home.directory)
        if self.home.note_key().vkey != named:
            self._hand_over()
        self.log = Log(self.home.log_directory, self.home.verifier(), self.home.signer())

    def _hand_over(self) -> Log:
        """The key in force signs for the last time, beside the next one; from then on the next one signs alone.

        Raises Integrity `LOG_KEY_MISSING` where neither is the one that the events name.
        """
        key = next_log_key(self.home)
        if key is None or self.home.named(key).vkey != self.state().log_key:
            raise Integrity(
                "LOG_KEY_MISSING",
                "The log's key in the home is not the one that its events name.",
                "Put log.key back into keys/, or log.next.key if it was being changed; nothing is logged before.",
            )
        self.log.hand_over(self.home.signer(key))
        self.home = take_up_next_key(self.home)
        self.log = Log(self.home.log_directory, self.home.verifier(), self.home.signer())
        return self.log

    def leaves_of(self, batch: BatchState, type_: str) -> tuple[int, int]:
        """(first leaf, end) of the batch's newest event of that type. Raises Integrity `OUTBOX_HALF_WAY`."""
        newest = [stored for stored in self.store.read(batch_stream(batch.batch)) if stored.type == type_][-1:]
        found = self.store.leaves_of(self.store.position_of(newest[0])) if newest else None
        if found is None:
            raise Integrity("OUTBOX_HALF_WAY", "An event has no leaf in the log yet.", "Open the office again.")
        return found

    def act(self, actor: Actor, role: str, command: str) -> Act:
        """The authorship of what `actor` does now."""
        return Act(actor.officer, role, command, stamp(self.now()))


@contextmanager
def log_errors() -> Iterator[None]:
    """Turn an error of the log into one of the office's, code kept."""
    try:
        yield
    except LogError as error:
        raise Integrity(
            error.code, error.says, "Nothing runs until the log is whole again: docs/how-to/9-keep-a-home.md."
        ) from None


@contextmanager
def crypto_errors(kind: type[ComityError] = BadInput) -> Iterator[None]:
    """Turn an error of a key, certificate or signature into one of the office's, code kept."""
    try:
        yield
    except CryptoError as error:
        raise kind(error.code, error.says, error.next) from None


def certificate_at(path: Path, roots: Sequence[Certificate], at: datetime, purpose: Purpose) -> Certificate:
    """The certificate in the PEM file `path`, which chains to one of `roots` at that hour and is for `purpose`.

    Raises BadInput `CERTIFICATE_MISSING`, and as `crypto.verify_chain`.
    """
    if not path.exists():
        raise BadInput("CERTIFICATE_MISSING", "A certificate file is not there.", "Name the PEM file of each person.")
    with crypto_errors():
        found = Certificate.load(path)
        verify_chain(found, roots, at, purpose)
    return found


def open_office(directory: Path, clock: Clock = system_clock, progress: Progress = silent) -> Office:
    """Open the home in `directory` for work; log and events are brought to agreement first, or nothing runs.

    Raises Waiting `HOME_RESTORED` for one that nobody has said is to work, and as `unfollowed` and `Office.follow`.
    """
    if (directory / RESTORED).exists():
        raise Waiting(
            "HOME_RESTORED",
            "This home was restored from a backup, and it is not said yet that it is the only one at work.",
            "Stop the home it was copied from for good; then `comity home resume`.",
        )
    office = unfollowed(directory, clock, progress)
    if waiting := office.follow():
        progress(f"the log lacked {waiting} events, as after a crash, and has caught up")
    with log_errors():
        require_same_past(office.store, office.log, office.home.pseudonym_key)
    return office


def _role_in(state: OfficeState, actor: Actor, act: str, batch: BatchState | None, concerns: str, grantee: str) -> str:
    step, involved = (batch.step(), involvement(batch, state)) if batch else (OFFICE, None)
    held = actor.roles & state.roles_of(actor.officer)
    return rights.require(actor.officer, held, act, step, involved, concerns, grantee)


def unfollowed(directory: Path, clock: Clock, progress: Progress) -> Office:
    """The office in `directory`, whose log and events may tell different stories yet.

    Raises as `open_home`, and Integrity `DATABASE_MISSING`, `HOME_KIND_DIFFERS` or the log's own code.
    """
    home = open_home(directory)
    with log_errors():
        log = Log(home.log_directory, home.verifier(), home.signer())
        require_database(directory, log)
        store = connect(directory, database_url())
        require_events(store, log)
    office = Office(home, store, Vault(directory, partial(pruned_on, store)), log, clock, progress)
    # The first event alone: whether the others hang together is asked by whoever reads them.
    first = next(store.read_from(0), None)
    if first and first.envelope.body.get("home_kind") != home.kind:
        raise kind_differs()
    return office
