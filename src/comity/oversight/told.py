"""What stands in clear in the log beside the office's events: each such event has its leaf, and each leaf its event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from comity.oversight.registers import Opened, Registers
from comity.oversight.walk import inconsistent

Essence = tuple[str | int, ...]


def require_told(
    what: str,
    leaves: Sequence[tuple[int, int, Essence]],
    registers: Registers,
    happened: Callable[[Opened], Iterable[Essence]],
) -> None:
    """Every event in an opened segment of which `happened` tells has one leaf, before that segment's, and no leaf lacks
    its event.

    `leaves` are (index, office version, what the leaf says). `what` begins the code: Integrity `<WHAT>_WITHOUT_LEAF` or
    `<WHAT>_WITHOUT_EVENT`.
    """
    before = 0
    for known in registers.opened:
        told = Counter(said for index, _, said in leaves if before < index < known.index)
        events = Counter(happened(known))
        if events - told:
            raise inconsistent(
                f"{what.upper()}_WITHOUT_LEAF",
                f"One event of the segment of leaf {known.index}, about a {what}, has no leaf of its own.",
            )
        if told - events:
            raise _without_event(what, f"before {known.index}")
        before = known.index
    late = [index for index, version, _ in leaves if index > before and version <= registers.version]
    if late:
        raise _without_event(what, str(late[0]))


def _without_event(what: str, place: str) -> Exception:
    return inconsistent(f"{what.upper()}_WITHOUT_EVENT", f"A leaf ({place}) tells of a {what} that no event does.")
