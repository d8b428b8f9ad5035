"""Verifies a published log from its files alone: every entry is hashed again and every file made again and compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from comity.accounting.checkpoint import Verifier, verify_log_note
from comity.accounting.errors import LogError
from comity.accounting.growth import Growth
from comity.accounting.log import read_note
from comity.accounting.tiles import Tiles
from comity.accounting.tree import WIDTH


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

    made: set[str] = set()

    def compare(path: str, data: bytes) -> None:
        made.add(path)
        if (directory / path).read_bytes() != data:
            raise _damaged(path)

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
    _require_outgrown(directory, made)
    return Audit(head.origin, head.size, head.root)


def _require_outgrown(directory: Path, made: Collection[str]) -> None:
    """The partial tiles and bundles that the log has outgrown begin what took their place; wider ones are no part of it
    yet."""
    current = {path.partition(".p/")[0]: path for path in made}
    for partial in sorted(directory.glob("tile/**/*.p/*")):
        path = partial.relative_to(directory).as_posix()
        now = current.get(path.partition(".p/")[0])
        if now and int(partial.name) < _width(now):
            then = partial.read_bytes()
            if not then or not (directory / now).read_bytes().startswith(then):
                raise _damaged(path)


def _width(path: str) -> int:
    return int(path.partition(".p/")[2] or WIDTH)


def _damaged(path: str) -> LogError:
    return LogError("LOG_DAMAGED", f"The log's file {path} is not what its entries make.")
