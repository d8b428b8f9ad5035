"""The log's files have the names, widths and contents that tlog-tiles gives them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.accounting.errors import LogError
from comity.accounting.tiles import decode_bundle, encode_entries, tile_path, width_of


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        (2, 1234067, 112, "tile/2/x001/x234/067.p/112"),
        ("entries", 273, 112, "tile/entries/273.p/112"),
        ("entries", 1000, 256, "tile/entries/x001/000"),
        (63, 999, 1, "tile/63/999.p/1"),
    ],
)
def test_an_index_is_written_in_groups_of_three_digits(level, index, width, path):
    assert tile_path(level, index, width) == path


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts():
    widths = {level: [width_of(level, index, 70_000) for index in range(275)] for level in range(4)}
    assert widths[0] == [256] * 273 + [112, 0]
    assert widths[1][:3] == [256, 17, 0]
    assert widths[2][:2] == [1, 0]
    assert widths[3][0] == 0


def test_a_tree_of_256_has_a_full_tile_and_one_of_width_one_above_it():
    assert [width_of(0, 0, 256), width_of(0, 1, 256), width_of(1, 0, 256), width_of(2, 0, 256)] == [256, 0, 1, 0]


@given(st.lists(st.binary(max_size=300), max_size=20) | st.lists(st.binary(min_size=9, max_size=9), max_size=20))
def test_a_bundle_holds_its_entries_each_after_its_length(entries):
    data = encode_entries(entries)
    assert decode_bundle(data, len(entries)) == entries


def test_a_length_is_two_bytes_with_the_larger_first():
    assert encode_entries([b"a" * 258]) == b"\x01\x02" + b"a" * 258


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x02a", b"\x00\x01ab", b"\x00\x01a", b"\x00\x01a" * 3])
def test_a_bundle_that_is_cut_or_counts_otherwise_is_refused(data):
    with pytest.raises(LogError, match="LOG_DAMAGED"):
        decode_bundle(data, 2)


def test_an_entry_that_no_bundle_can_hold_is_refused():
    assert len(encode_entries([bytes(65_535)])) == 65_537
    with pytest.raises(LogError, match="LEAF_TOO_LARGE"):
        encode_entries([b"", bytes(65_536)])
