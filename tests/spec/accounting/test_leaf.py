"""A leaf says as little as it can, in one spelling, and its golden form does not change."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785

from comity.accounting.errors import LogError
from comity.accounting.leaf import (
    EmbargoLeaf,
    HoldLeaf,
    OfficeSegmentLeaf,
    OutcomeLeaf,
    RequestLeaf,
    StageLeaf,
    commit,
    read_leaf,
)

GOLDEN = Path(__file__).parent / "golden"
A, B = "a" * 64, "b" * 64
HOLD = HoldLeaf(
    act="placed",
    hold="H-1",
    agreement="irs-ice-2025",
    direction="disclose",
    scope="agreement",
    order_court="D.D.C.",
    order_docket="1:25-cv-00457",
    order_date="2025-11-21",
    order_digest=A,
    at="2025-11-21T15:00:00Z",
    office_version=41,
)
LEAVES = {
    "request": RequestLeaf(outer=A, inner=B),
    **{stage: StageLeaf(stage, "01JAB0XQ6W3V5T8N2M4K7R9D1F", A) for stage in ("received", "intended", "closed")},
    "sealed": OutcomeLeaf("sealed", "01JAB0XQ6W3V5T8N2M4K7R9D1F", 1, "2025-08-07T16:00:00Z", 12),
    "abandoned": OutcomeLeaf("abandoned", "01JAB0XQ6W3V5T8N2M4K7R9D1F", 2, "2025-08-07T16:00:00Z", 13),
    "hold": HOLD,
    "office": OfficeSegmentLeaf(1, 40, B),
    "embargo": EmbargoLeaf(
        1, "irs_ice_2025", "one batch", "5 USC 552a(c)(3)", 120, "2026-12-31", "2026-03-02T09:00:00Z", 41
    ),
}


@pytest.mark.parametrize("name", LEAVES)
def test_a_leaf_is_its_golden_file_and_reads_back(name):
    data = LEAVES[name].encode()
    assert data == (GOLDEN / f"leaf-{name}.json").read_bytes()
    assert read_leaf(data) == LEAVES[name]
    assert data.isascii()


def test_a_request_leaf_shows_two_commitments_and_nothing_else():
    assert LEAVES["request"].encode() == f'{{"inner":"{B}","outer":"{A}","type":"request/1"}}'.encode()


def test_request_leaves_are_all_of_one_length():
    assert len(RequestLeaf(commit(b"", b""), commit(b"", b"x")).encode()) == len(LEAVES["request"].encode())


def test_a_commitment_frames_salt_and_body_by_their_lengths():
    framed = b"comity/commitment/1\n" + bytes(7) + b"\x02" + b"ab" + bytes(7) + b"\x01" + b"c"
    assert commit(b"ab", b"c") == sha256(framed).hexdigest()
    assert commit(b"a", b"bc") != commit(b"ab", b"c")


@pytest.mark.parametrize(
    "leaf",
    [
        RequestLeaf("A" * 64, B),
        RequestLeaf(A, "b" * 63),
        StageLeaf("voted", "batch", A),
        StageLeaf("received", "", A),
        StageLeaf("received", "batch\n", A),
        StageLeaf("received", "b\u00e4tch", A),
        OutcomeLeaf("released", "batch", 1, "2025-08-07T16:00:00Z", 12),
        OutcomeLeaf("sealed", "batch", 1, "2025-08-07 16:00:00", 12),
        OutcomeLeaf("sealed", "batch", -1, "2025-08-07T16:00:00Z", 12),
        OutcomeLeaf("sealed", "batch", True, "2025-08-07T16:00:00Z", 12),
        replace(HOLD, act="ignored"),
        replace(HOLD, direction="sideways"),
        replace(HOLD, order_date="21 November 2025"),
        replace(HOLD, order_digest=""),
    ],
)
def test_a_leaf_with_a_field_out_of_form_is_not_made(leaf):
    with pytest.raises(LogError, match="LEAF_MALFORMED"):
        leaf.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"1",
        b"null",
        b"{}",
        b'{"type":1}',
        b'{"type":"request/2"}',
        b'{"type":"request/1"}',
        b'{"type":"other/1"}',
        LEAVES["request"].encode().replace(b",", b", "),
        LEAVES["request"].encode().replace(b'"type"', b'"more":1,"type"'),
        LEAVES["request"].encode() + b"\n",
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_what_is_no_leaf_is_refused(data):
    with pytest.raises(LogError, match="LEAF_MALFORMED"):
        read_leaf(data)


def test_a_leaf_is_canonical_json():
    for leaf in LEAVES.values():
        import json

        assert rfc8785.dumps(json.loads(leaf.encode())) == leaf.encode()
