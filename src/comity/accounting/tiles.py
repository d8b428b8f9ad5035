"""The files a log is published as: tiles of hashes and bundles of entries, as c2sp.org/tlog-tiles lays them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from comity.accounting.errors import LogError
from comity.accounting.tree import HASH_SIZE, WIDTH, HashReader, complete_root

Level = int | Literal["entries"]

LEVEL_BITS = 8
LARGEST_ENTRY = 0xFFFF


def tile_path(level: Level, index: int, width: int = WIDTH) -> str:
    """Give the path of a tile or entry bundle below the log's prefix, such as `tile/0/x001/x234/067.p/112`."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"


def width_of(level: Level, index: int, size: int) -> int:
    """Give the width of tile `index` of a level in a tree of `size` leaves: 256 when full, 0 when there is none."""
    hashes = size >> (0 if level == "entries" else level * LEVEL_BITS)
    return max(0, min(WIDTH, hashes - index * WIDTH))


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """Give entries, each after its length as a big-endian uint16; LEAF_TOO_LARGE for one above 65,535 bytes."""
    lengths = {*map(len, entries)}
    if max(lengths, default=0) > LARGEST_ENTRY:
        raise LogError("LEAF_TOO_LARGE", f"A leaf of {max(lengths)} bytes does not fit into an entry bundle.")
    if len(lengths) == 1:
        # Request leaves are of one length, and there are a million of them.
        prefix = lengths.pop().to_bytes(2, "big")
        return prefix + prefix.join(entries)
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def decode_bundle(data: bytes, width: int) -> list[bytes]:
    """Give the `width` entries of a bundle; LOG_DAMAGED when it holds more, fewer, or half an entry."""
    entries = []
    position = 0
    while position < len(data):
        start = position + 2
        position = start + int.from_bytes(data[position:start], "big")
        entries.append(data[start:position])
    if position != len(data) or len(entries) != width:
        raise LogError("LOG_DAMAGED", f"An entry bundle of {width} entries does not hold them.")
    return entries


class Tiles:
    """Reads the tiles and bundles below `directory`, for a published tree size: one that a checkpoint was made for.

    Reading checks lengths only; who needs the content proven checks hashes against a verified root. LOG_DAMAGED when a
    file is missing or has another length than its place demands.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def tile(self, level: int, index: int, size: int) -> bytes:
        """Give the concatenated hashes of a tile as it stands in the published tree of `size` leaves."""
        data, held = self._read(level, index, size)
        if len(data) != held * HASH_SIZE:
            raise LogError("LOG_DAMAGED", f"Tile {index} of level {level} is not {held} hashes wide.")
        return data[: width_of(level, index, size) * HASH_SIZE]

    def bundle(self, index: int, size: int) -> list[bytes]:
        """Give the entries of a bundle as it stands in the published tree of `size` leaves."""
        data, held = self._read("entries", index, size)
        return decode_bundle(data, held)[: width_of("entries", index, size)]

    def entries(self, start: int, end: int, size: int) -> Iterator[bytes]:
        """Give the entries [start, end) of the published tree of `size`, in order, one bundle in memory at a time."""
        if not 0 <= start <= end <= size:
            raise LogError("LOG_RANGE", f"There are no entries {start} to {end} in a log of {size}.")
        for index in range(start // WIDTH, -(-end // WIDTH)):
            first = index * WIDTH
            yield from self.bundle(index, size)[max(0, start - first) : end - first]

    def hashes(self, size: int) -> HashReader:
        """Give the reader of subtree hashes up to the published tree of `size` leaves, to make proofs with."""
        tile = lru_cache(maxsize=64)(lambda level, index: self.tile(level, index, size))

        def read(level: int, index: int) -> bytes:
            tile_level, height = divmod(level, LEVEL_BITS)
            tile_index, offset = divmod(index << height, WIDTH)
            hashes = tile(tile_level, tile_index)[offset * HASH_SIZE :][: HASH_SIZE << height]
            if len(hashes) != HASH_SIZE << height:
                raise LogError("LOG_RANGE", f"No subtree {index} of level {level} in a tree of {size}.")
            return complete_root(hashes)

        return read

    def _read(self, level: Level, index: int, size: int) -> tuple[bytes, int]:
        """Read a file and give its width: a partial one may have given way to the full one (tlog-tiles)."""
        width = width_of(level, index, size)
        if not width:
            return b"", 0
        for held in dict.fromkeys([width, WIDTH]):
            try:
                return (self.directory / tile_path(level, index, held)).read_bytes(), held
            except FileNotFoundError:
                continue
        raise LogError("LOG_DAMAGED", f"The log's file {tile_path(level, index, width)} is missing.")
