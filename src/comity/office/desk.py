"""The office at work: its home, store, vault, log and clock in one hand, and the way an act becomes events."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from comity.accounting.errors import LogError
from comity.accounting.log import Log
from comity.accounting.segments import segment_body
from comity.case.batch_state import BatchState, fold_batch, named_by
from comity.case.envelope import OFFICE, Act, Envelope, Event, batch_of, batch_stream, envelope, stamp
from comity.case.errors import BadInput, ComityError, Integrity, Refused
from comity.case.office_state import OfficeState, fold_office
from comity.crypto import Certificate, CryptoError, P256Key, Purpose, sign_detached, verify_chain, verify_detached
from comity.office.home import Home, open_home
from comity.office.locks import alone
from comity.office.outbox import feed, registers_at
from comity.review import rights
from comity.store import Vault, connect, database_url
from comity.store.events import EventStore

Clock = Callable[[], datetime]
Progress = Callable[[str], None]


def system_clock() -> datetime:
    """The machine's clock, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def silent(_: str) -> None:
    """Progress for which nobody is waiting."""


@dataclass(frozen=True)
class Actor:
    """An officer who has just proved to hold the key of the registered certificate."""

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
        """The registers of the office as they stand now."""
        # Several threads may fold at once: each continues the one state it has read.
        known = self._office
        self._office = folded = fold_office(self.store.read(OFFICE, known.version), known)
        return folded

    def state_at(self, version: int) -> OfficeState:
        """The registers as they stood after the office's event of that version."""
        return registers_at(self.store, version)

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

        Raises Refused `OFFICER_UNKNOWN` or `KEY_NOT_OF_OFFICER`.
        """
        known = self.state().officer(officer)
        certificate = Certificate.from_pem(known.certificate.encode())
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

    def require(
        self, actor: Actor, act: str, batch: BatchState | None = None, concerns: str = "", grantee: str = ""
    ) -> str:
        """The role in which `actor` may do `act` now. Raises Refused, see `review.rights.require`."""
        step = batch.step() if batch else OFFICE
        involved = batch.involvement if batch else None
        return rights.require(actor.officer, actor.roles, act, step, involved, concerns, grantee)

    def record(
        self,
        act: Act,
        events: Sequence[Event],
        office: OfficeState,
        batch: BatchState | None = None,
    ) -> None:
        """Append `events` to the batch's stream, or the office's, at the versions they were decided on; feed the log.

        Raises `StateMoved` when either stream has moved since; nothing was written then.
        """
        stream, version = (batch_stream(batch.batch), batch.version) if batch else (OFFICE, office.version)
        wrapped = [envelope(event, act, stream, version + place) for place, event in enumerate(events, 1)]
        self.append(wrapped, {OFFICE: office.version, stream: version})

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
        self.store.append(events, expected)
        self.follow()

    def follow(self) -> None:
        """Bring the log up to the events. Raises Integrity `LOG_AND_STATE_DISAGREE` or the log's own code."""
        with log_errors(), crypto_errors(Integrity), alone(self.home.directory, "feed", wait=True):
            feed(self.store, self.vault, self.log, self.home.pseudonym_key)

    def leaves_of(self, batch: BatchState, type_: str) -> tuple[int, int]:
        """(first leaf, end) of the batch's newest event of that type. Raises Integrity `LOG_AND_STATE_DISAGREE`."""
        newest = [stored for stored in self.store.read(batch_stream(batch.batch)) if stored.type == type_][-1:]
        found = self.store.leaves_of(self.store.position_of(newest[0])) if newest else None
        if found is None:
            raise Integrity("LOG_AND_STATE_DISAGREE", "An event has no leaf in the log.", "Open the office again.")
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
            error.code, error.says, "Nothing runs until log and events agree: docs/how-to/6-stop-and-verify.md."
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
    """Open the home in `directory` for work; log and events are brought to agreement first, or nothing runs."""
    home = open_home(directory)
    with log_errors():
        log = Log(home.log_directory, home.verifier(), home.signer())
    office = Office(home, connect(directory, database_url()), Vault(directory), log, clock, progress)
    office.follow()
    return office
