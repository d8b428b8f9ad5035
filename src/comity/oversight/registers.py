"""The office's registers as its opened segments tell them: who was what at each point of the log."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comity.accounting.leaf import OfficeSegmentLeaf
from comity.accounting.segments import Segment, read_segments
from comity.case.envelope import OFFICE, Envelope
from comity.case.office_events import AgreementProposed
from comity.case.office_state import OfficeState, fold_office
from comity.case.registers import AGREEMENT, OFFICER
from comity.oversight.entered import require_by_right
from comity.oversight.walk import Walk, inconsistent


@dataclass(frozen=True)
class Opened:
    """One segment of the office: the index of its leaf, its events, and the registers after them."""

    index: int
    segment: Segment
    after: OfficeState


@dataclass(frozen=True)
class Hour:
    """The registers in the second `at` (ISO, UTC), before and after each of the office's events in it."""

    at: str
    states: Sequence[OfficeState]

    def roles(self, officer: str) -> frozenset[str]:
        """The roles that `officer` held in that second; none if nobody of that id was known."""
        return frozenset(role for state in self.states for role in state.roles_of(officer))

    @property
    def agreements(self) -> Mapping[str, AgreementProposed]:
        """The agreements in force at its end."""
        return self.states[-1].agreements


@dataclass(frozen=True)
class Registers:
    """Every opened segment of the office, oldest first; and `after` each of its events, with its moment, what an `Hour`
    tells: all registers of each would be as many copies of the largest.
    """

    opened: Sequence[Opened]
    after: Sequence[tuple[str, OfficeState]]

    @property
    def version(self) -> int:
        """How many events of the office are opened."""
        return self.opened[-1].after.version

    def before(self, index: int, at: str) -> OfficeState:
        """The registers as the segments before the leaf `index` tell them, on the day of `at` (ISO, UTC)."""
        place = bisect_left([known.index for known in self.opened], index)
        return self.opened[place - 1].after.on(at[:10]) if place else OfficeState()

    def hour(self, at: str, *, told: bool) -> Hour | None:
        """The registers at the moment `at` (ISO, UTC); None where the office's events of then are not all opened yet.

        They are `told` up to an intent, with which the office's events before it close. Otherwise the second of the
        last opened event may have had more.
        """
        first, last = self._places(at)
        if not last or not (told or at < self.after[-1][0]):
            return None
        return Hour(at, [state.on(at[:10]) for _, state in self.after[max(first - 1, 0) : last]])

    def had(self, version: int, at: str) -> bool:
        """Whether the office may have been at that version at the moment `at`, as far as its events are opened.

        An event is told to the second, and several may have happened in one.
        """
        first, last = self._places(at)
        return first <= version <= last or (last == len(self.after) and version > last)

    def at(self, version: int, at: str) -> OfficeState | None:
        """The registers at that version of the office on the day of `at` (ISO, UTC); None where its events are not
        opened yet."""
        if not 0 < version <= self.version:
            return None
        place = next(place for place, known in enumerate(self.opened) if known.after.version >= version)
        before = self.opened[place - 1].after if place else OfficeState()
        upto = [stored for stored in self.opened[place].segment.envelopes if stored.version <= version]
        return fold_office(upto, before).on(at[:10])

    def _places(self, at: str) -> tuple[int, int]:
        """How many events came before the second `at`, and how many up to its end."""
        first, last = (bisect(self.after, at, key=lambda known: known[0]) for bisect in (bisect_left, bisect_right))
        return first, last


def open_registers(walk: Walk) -> Registers:
    """The office's segments, which follow one another from its first event and open their leaves.

    Raises Integrity SEGMENT_MISSING, SEGMENT_DIFFERS, REGISTERS_UNREADABLE or TIME_BACKWARDS, and as `require_by_right`
    for an entry that its officers could not make.
    """
    segments = read_segments(walk.folder(OFFICE))
    if not walk.office or walk.office[0][0] != 0 or len(walk.office) != len(segments):
        raise inconsistent("SEGMENT_MISSING", "The office's leaves and segments are not of one number.")
    found: list[Opened] = []
    after: list[tuple[str, OfficeState]] = []
    state = OfficeState()
    for (index, leaf), segment in zip(walk.office, segments, strict=True):
        _require_opens(index, leaf, segment, state.version)
        for stored in segment.envelopes:
            state = _folded(index, stored, state)
            if after and stored.at < after[-1][0]:
                raise inconsistent(
                    "TIME_BACKWARDS", f"Event {stored.version} of the office is older than its forerunner."
                )
            after.append((stored.at, _of_hour(state)))
        found.append(Opened(index, segment, state))
    return Registers(found, after)


def _of_hour(state: OfficeState) -> OfficeState:
    strikes = tuple(said for said in state.strikes if said.of in (OFFICER, AGREEMENT))
    return OfficeState(state.version, officers=state.officers, agreements=state.agreements, strikes=strikes)


def _require_opens(index: int, leaf: OfficeSegmentLeaf, segment: Segment, before: int) -> None:
    span = (segment.first, segment.envelopes[-1].version)
    in_line = (leaf.first_version, leaf.last_version) == span and segment.first == before + 1
    own = all(stored.stream == OFFICE for stored in segment.envelopes)
    if not (in_line and own and segment.commits_to(leaf.events)):
        raise inconsistent("SEGMENT_DIFFERS", f"The leaf {index} does not open to its segment.")


def _folded(index: int, stored: Envelope, state: OfficeState) -> OfficeState:
    try:
        require_by_right(state.on(stored.at[:10]), stored)
        return fold_office([stored], state)
    except (KeyError, TypeError, AttributeError):
        raise inconsistent(
            "REGISTERS_UNREADABLE", f"The segment of leaf {index} tells of what was never there."
        ) from None
