"""The office's registers as its opened segments tell them: who was what at each point of the log."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from comity.accounting.leaf import OfficeSegmentLeaf
from comity.accounting.segments import Segment, read_segments
from comity.case.envelope import OFFICE
from comity.case.office_state import OfficeState, fold_office
from comity.oversight.entered import require_by_right
from comity.oversight.walk import Walk, inconsistent


@dataclass(frozen=True)
class Opened:
    """One segment of the office: the index of its leaf, its events, and the registers after them."""

    index: int
    segment: Segment
    after: OfficeState


@dataclass(frozen=True)
class Registers:
    """Every opened segment of the office, oldest first."""

    opened: Sequence[Opened]

    @property
    def version(self) -> int:
        """How many events of the office are opened."""
        return self.opened[-1].after.version

    def before(self, index: int) -> OfficeState:
        """The registers as the segments before the leaf `index` tell them."""
        place = bisect_left([known.index for known in self.opened], index)
        return self.opened[place - 1].after if place else OfficeState()

    def at(self, version: int) -> OfficeState | None:
        """The registers at that version of the office; None where its events are not opened yet."""
        if not 0 < version <= self.version:
            return None
        place = next(place for place, known in enumerate(self.opened) if known.after.version >= version)
        before = self.opened[place - 1].after if place else OfficeState()
        upto = [stored for stored in self.opened[place].segment.envelopes if stored.version <= version]
        return fold_office(upto, before)


def open_registers(walk: Walk) -> Registers:
    """The office's segments, which follow one another from its first event and open their leaves.

    Raises Integrity SEGMENT_MISSING, SEGMENT_DIFFERS or REGISTERS_UNREADABLE, and as `require_by_right` for an entry
    that its officers could not make.
    """
    segments = read_segments(walk.folder(OFFICE))
    if not walk.office or walk.office[0][0] != 0 or len(walk.office) != len(segments):
        raise inconsistent("SEGMENT_MISSING", "The office's leaves and segments are not of one number.")
    found: list[Opened] = []
    state = OfficeState()
    for (index, leaf), segment in zip(walk.office, segments, strict=True):
        _require_opens(index, leaf, segment, state.version)
        state = _folded(index, segment, state)
        found.append(Opened(index, segment, state))
    return Registers(found)


def _require_opens(index: int, leaf: OfficeSegmentLeaf, segment: Segment, before: int) -> None:
    span = (segment.first, segment.envelopes[-1].version)
    in_line = (leaf.first_version, leaf.last_version) == span and segment.first == before + 1
    own = all(stored.stream == OFFICE for stored in segment.envelopes)
    if not (in_line and own and segment.commits_to(leaf.events)):
        raise inconsistent("SEGMENT_DIFFERS", f"The leaf {index} does not open to its segment.")


def _folded(index: int, segment: Segment, state: OfficeState) -> OfficeState:
    try:
        for stored in segment.envelopes:
            require_by_right(state, stored)
            state = fold_office([stored], state)
    except (KeyError, TypeError, AttributeError):
        raise inconsistent(
            "REGISTERS_UNREADABLE", f"The segment of leaf {index} tells of what was never there."
        ) from None
    return state
