"""The Merkle tree of RFC 6962 over SHA-256: hashes, roots, and proofs of inclusion, consistency and ranges.

A tree is read through a `HashReader`: `reader(level, index)` gives the hash of the complete subtree of 2**level leaves
whose first leaf is `index * 2**level`. Everything else follows from such hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice

from comity.accounting.errors import LogError

HashReader = Callable[[int, int], bytes]

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

# A tile's width (c2sp.org/tlog-tiles); hashing so many leaves in one go is what makes bulk hashing quick.
WIDTH = 256
_WIDTH_LEVEL = 8


def leaf_hash(entry: bytes) -> bytes:
    """Give the leaf hash of an entry's bytes (RFC 6962, 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Give the hash of an inner node from its two children (RFC 6962, 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def complete_root(hashes: bytes) -> bytes:
    """Give the root over concatenated sibling hashes whose number is a power of two."""
    while len(hashes) > HASH_SIZE:
        hashes = b"".join([sha256(b"\x01" + hashes[i : i + 64]).digest() for i in range(0, len(hashes), 64)])
    return hashes


class Frontier:
    """The complete subtrees left of a position: all that is needed to append further and to know the root.

    Starts empty. `add` takes the next complete subtree (its level and hash), `extend` the next leaf hashes; memory
    stays at one hash per level. `size` is the number of leaves so far, `root` the root over them.
    """

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[tuple[int, bytes]] = []

    def add(self, level: int, digest: bytes) -> None:
        """Append the complete subtree of 2**level leaves; the position must be a multiple of its width."""
        if self.size % (1 << level):
            raise LogError("TREE_MISALIGNED", f"No subtree of level {level} starts at leaf {self.size}.")
        self.size += 1 << level
        while self._stack and self._stack[-1][0] == level:
            digest = node_hash(self._stack.pop()[1], digest)
            level += 1
        self._stack.append((level, digest))

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Append leaf hashes, whole tiles at a time where the position allows it."""
        hashes = iter(leaf_hashes)
        for digest in islice(hashes, -self.size % WIDTH):
            self.add(0, digest)
        while chunk := list(islice(hashes, WIDTH)):
            if len(chunk) == WIDTH:
                self.add(_WIDTH_LEVEL, complete_root(b"".join(chunk)))
            else:
                for digest in chunk:
                    self.add(0, digest)

    def root(self) -> bytes:
        """Give the root hash over all leaves so far."""
        if not self._stack:
            return EMPTY_ROOT
        *rest, (_, digest) = self._stack
        for _, left in reversed(rest):
            digest = node_hash(left, digest)
        return digest


def subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give (level, index) of the complete subtrees that cover the leaves [start, end), from left to right."""
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def range_root(reader: HashReader, start: int, end: int) -> bytes:
    """Give the hash over the leaves [start, end), a node of the tree: `start` is a multiple of its rounded-up width."""
    frontier = Frontier()
    for level, index in subtrees(start, end):
        # Numbering from the node's own first leaf keeps the shape: that leaf is aligned to the node.
        frontier.add(level, reader(level, index))
    return frontier.root()


def _split(size: int) -> int:
    """Give the largest power of two smaller than `size` (k of RFC 6962, 2.1)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(reader: HashReader, index: int, size: int) -> list[bytes]:
    """Give the audit path of leaf `index` in the tree of `size` leaves, sibling first (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise LogError("LOG_RANGE", f"There is no leaf {index} in a tree of {size}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(reader, middle, end))
            end = middle
        else:
            path.append(range_root(reader, start, middle))
            start = middle
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether the audit path leads from the leaf hash at `index` to the root of `size` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, digest = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            digest = node_hash(sibling, digest)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and digest == root


def consistency_proof(reader: HashReader, old: int, new: int) -> list[bytes]:
    """Give the proof that the tree of `new` leaves extends that of `old` (RFC 6962, 2.1.2); empty for 0 and `new`."""
    if not 0 <= old <= new:
        raise LogError("LOG_RANGE", f"A tree of {new} leaves does not extend one of {old}.")
    if old in {0, new}:
        return []
    proof: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(range_root(reader, middle, end))
            end = middle
        else:
            proof.append(range_root(reader, start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(range_root(reader, start, end))
    return proof[::-1]


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Say whether the proof shows that the tree of `new` leaves extends that of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not proof and old_root == (EMPTY_ROOT if old == 0 else new_root)
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def range_proof(reader: HashReader, start: int, end: int, size: int) -> tuple[list[bytes], list[bytes]]:
    """Give the hashes left and right of the leaves [start, end) in a tree of `size`: of `subtrees(0, start)` and
    `subtrees(end, size)`. Who holds the leaf hashes of the range can then recompute the root.
    """
    if not 0 <= start < end <= size:
        raise LogError("LOG_RANGE", f"There are no leaves {start} to {end} in a tree of {size}.")
    left = [reader(level, index) for level, index in subtrees(0, start)]
    right = [reader(level, index) for level, index in subtrees(end, size)]
    return left, right


def verify_range(
    leaf_hashes: Iterable[bytes], start: int, size: int, left: Sequence[bytes], right: Sequence[bytes], root: bytes
) -> int | None:
    """Recompute the root from the leaf hashes of a range and the hashes around it.

    Gives the end of the range, which is `start` and the number of leaf hashes, or None when the root is another or the
    hashes around do not fit. An empty range proves nothing and gives None.
    """
    frontier = Frontier()
    if not _add_all(frontier, list(subtrees(0, start)), left):
        return None
    frontier.extend(leaf_hashes)
    end = frontier.size
    if not start < end <= size or not _add_all(frontier, list(subtrees(end, size)), right):
        return None
    return end if frontier.root() == root else None


def _add_all(frontier: Frontier, nodes: Sequence[tuple[int, int]], hashes: Sequence[bytes]) -> bool:
    if len(nodes) != len(hashes) or any(len(digest) != HASH_SIZE for digest in hashes):
        return False
    for (level, _), digest in zip(nodes, hashes, strict=True):
        frontier.add(level, digest)
    return True
