"""The tree is that of RFC 6962, and every proof made of it convinces; any other does not."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.accounting.errors import LogError
from comity.accounting.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    range_proof,
    verify_consistency,
    verify_inclusion,
    verify_range,
)

# The eight leaves and roots that Certificate Transparency's own implementations test with.
KNOWN_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
KNOWN_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def hashes_of(size: int) -> list[bytes]:
    return [leaf_hash(b"%d" % index) for index in range(size)]


def slow_root(hashes: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return node_hash(slow_root(hashes[:k]), slow_root(hashes[k:]))


def reader_of(hashes: list[bytes]):
    def read(level: int, index: int) -> bytes:
        subtree = hashes[index << level : (index + 1) << level]
        assert len(subtree) == 1 << level
        return slow_root(subtree)

    return read


def root_of(hashes: list[bytes]) -> bytes:
    frontier = Frontier()
    frontier.extend(hashes)
    return frontier.root()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_known_leaves_have_the_known_roots(size):
    hashes = [leaf_hash(bytes.fromhex(leaf)) for leaf in KNOWN_LEAVES[:size]]
    assert root_of(hashes).hex() == KNOWN_ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing_as_its_root():
    assert root_of([]) == sha256(b"").digest()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 255, 256, 257, 511, 513, 1000])
def test_bulk_hashing_gives_the_root_of_the_definition(size):
    assert root_of(hashes_of(size)) == slow_root(hashes_of(size))


def test_a_subtree_cannot_be_added_where_none_of_its_width_starts():
    frontier = Frontier()
    frontier.add(0, bytes(32))
    with pytest.raises(LogError, match="TREE_MISALIGNED"):
        frontier.add(1, bytes(32))


def test_every_leaf_of_every_small_tree_is_proven_included():
    for size in range(1, 34):
        hashes = hashes_of(size)
        for index in range(size):
            path = inclusion_proof(reader_of(hashes), index, size)
            assert verify_inclusion(hashes[index], index, size, path, slow_root(hashes))
            assert not verify_inclusion(hashes[index], (index + 1) % size, size, path, slow_root(hashes)) or size == 1


def test_the_known_audit_path_is_made():
    hashes = [leaf_hash(bytes.fromhex(leaf)) for leaf in KNOWN_LEAVES]
    assert [digest.hex() for digest in inclusion_proof(reader_of(hashes), 5, 8)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_small_tree_is_proven_to_extend_every_smaller_one():
    hashes = hashes_of(33)
    for new in range(34):
        for old in range(new + 1):
            proof = consistency_proof(reader_of(hashes), old, new)
            old_root, new_root = slow_root(hashes[:old]), slow_root(hashes[:new])
            assert verify_consistency(old, new, proof, old_root, new_root)
            assert not verify_consistency(old, new, proof, bytes(32), new_root)
            assert old == 0 or not verify_consistency(old, new, proof, old_root, bytes(32))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_leaves_of_a_range_and_the_hashes_around_it_give_the_root(data):
    size = data.draw(st.integers(1, 700))
    start = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(start + 1, size))
    hashes = hashes_of(size)
    left, right = range_proof(reader_of(hashes), start, end, size)
    root = slow_root(hashes)
    assert verify_range(hashes[start:end], start, size, left, right, root) == end
    assert verify_range(hashes[start : end - 1], start, size, left, right, root) is None
    assert verify_range([*hashes[start : end - 1], bytes(32)], start, size, left, right, root) is None
    assert verify_range(hashes[start:end], start, size, [*left, bytes(32)], right, root) is None


def test_an_empty_range_proves_nothing():
    hashes = hashes_of(4)
    everything = [reader_of(hashes)(2, 0)]
    assert verify_range([], 4, 4, everything, [], slow_root(hashes)) is None


@pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_there_is_no_path_for_a_leaf_that_is_not_there(index, size):
    with pytest.raises(LogError, match="LOG_RANGE"):
        inclusion_proof(reader_of(hashes_of(3)), index, size)
    assert not verify_inclusion(bytes(32), index, size, [], bytes(32))


def test_no_smaller_tree_extends_a_larger_one():
    with pytest.raises(LogError, match="LOG_RANGE"):
        consistency_proof(reader_of(hashes_of(3)), 3, 2)
    assert not verify_consistency(3, 2, [], bytes(32), bytes(32))
