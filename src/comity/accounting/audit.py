"""Verifies a published log from its files alone: every entry is hashed again and every file made again and compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from comity.accounting.checkpoint import Verifier, verify_log_note
from comity.accounting.errors import LogError
from comity.accounting.growth import Growth
from comity.accounting.log import read_note
from comity.accounting.tiles import Tiles


@dataclass(frozen=True)
class Audit:
    """What an audit found to hold: the log of `origin` has `size` leaves under `root`, in all of its files."""

    origin: str
    size: int
    root: bytes


def audit(directory: Path, verifiers: Iterable[Verifier]) -> Audit:
    """Hash the log anew from its entry bundles and compare every tile, bundle and the root with the result.

    Raises LOG_DAMAGED naming the first file that differs, and what `verify_log_note` raises about the checkpoint.
    """
    head, _ = verify_log_note(read_note(directory), verifiers)

    def compare(path: str, data: bytes) -> None:
        if (directory / path).read_bytes() != data:
            raise LogError("LOG_DAMAGED", f"The log's file {path} is not what its entries make.")

    tiles = Tiles(directory)
    growth = Growth(tiles, 0, compare)
    try:
        growth.extend(tiles.entries(0, head.size, head.size))
        growth.finish()
    except FileNotFoundError as fault:
        raise LogError(
            "LOG_DAMAGED", f"The log's file {Path(fault.filename).relative_to(directory)} is missing."
        ) from None
    if growth.root() != head.root:
        raise LogError("LOG_DAMAGED", "The log's entries do not hash to its checkpoint.")
    return Audit(head.origin, head.size, head.root)
