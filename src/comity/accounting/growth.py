"""Grows a log by leaves: turns a stream of them into full tiles and bundles, and at the end into the partial ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import islice

from comity.accounting.tiles import LEVEL_BITS, Level, Tiles, encode_entries, tile_path, width_of
from comity.accounting.tree import HASH_SIZE, WIDTH, Frontier, complete_root

Write = Callable[[str, bytes], None]


class Growth:
    """The right edge of a log while it grows: one unfinished tile per level and one unfinished bundle.

    Takes the tiles as published at `size`, and `write(path, data)` for every file that comes of it. Memory stays at one
    tile per level, however many leaves come. `outgrown` lists the partial files' folders whose full tile was written.
    """

    def __init__(self, tiles: Tiles, size: int, write: Write) -> None:
        self.size = size
        self.outgrown: list[str] = []
        self._write = write
        self._started = size
        self._edge: list[bytearray] = [bytearray(tiles.tile(level, n, size)) for level, n in _partial_tiles(size)]
        held = tiles.bundle(size // WIDTH, size) if size % WIDTH else []
        self._bundle = bytearray(encode_entries(held))

    def root(self) -> bytes:
        """Give the root over all leaves so far."""
        frontier = Frontier()
        for level in reversed(range(len(self._edge))):
            edge = bytes(self._edge[level])
            for at in range(0, len(edge), HASH_SIZE):
                frontier.add(level * LEVEL_BITS, edge[at : at + HASH_SIZE])
        return frontier.root()

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Take the next leaves; LEAF_TOO_LARGE for one that no bundle can hold."""
        rest = iter(leaves)
        while chunk := list(islice(rest, WIDTH - self.size % WIDTH)):
            self._bundle += encode_entries(chunk)
            hashes = b"".join([sha256(b"\x00" + leaf).digest() for leaf in chunk])
            self.size += len(chunk)
            if self.size % WIDTH == 0:
                self._file("entries", self.size // WIDTH - 1, bytes(self._bundle))
                self._bundle.clear()
            self._push(0, hashes)

    def finish(self) -> None:
        """Write the unfinished bundle and tiles, as the tree of this size is published with."""
        if self._bundle:
            self._file("entries", self.size // WIDTH, bytes(self._bundle))
        for level, index in _partial_tiles(self.size):
            if self._edge[level]:
                self._file(level, index, bytes(self._edge[level]))

    def _push(self, level: int, hashes: bytes) -> None:
        """Add hashes to a level's unfinished tile; a tile that is full is written and becomes one hash a level up."""
        if level == len(self._edge):
            self._edge.append(bytearray())
        edge = self._edge[level]
        edge += hashes
        if len(edge) == WIDTH * HASH_SIZE:
            tile = bytes(edge)
            edge.clear()
            self._file(level, (self.size >> (level * LEVEL_BITS)) // WIDTH - 1, tile)
            self._push(level + 1, complete_root(tile))

    def _file(self, level: Level, index: int, data: bytes) -> None:
        width = width_of(level, index, self.size)
        self._write(tile_path(level, index, width), data)
        if width == WIDTH and 0 < width_of(level, index, self._started) < WIDTH:
            self.outgrown.append(f"{tile_path(level, index)}.p")


def _partial_tiles(size: int) -> Iterator[tuple[int, int]]:
    """Give (level, index) of the rightmost unfinished tile of each level, which may be empty."""
    level = 0
    while hashes := size >> (level * LEVEL_BITS):
        yield level, hashes // WIDTH
        level += 1
