"""The plaintext of a reply: fixed rows, a golden file, and nothing that would not read back."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.case.errors import Integrity
from comity.disclosure import Heading, Reply
from comity.disclosure.reply import ANSWER_WIDTH, ID_WIDTH, bitmap, row_width

from .released import CODES

GOLDEN = Path(__file__).parent / "golden" / "reply.txt"
HEADING = Heading("01J0000000000000000000000A", "cd" * 32, "irs-ice-2025", "1", CODES, rehearsal=True)


def row(request_id, answer, codes=(), every=CODES):
    return f"{request_id:<{ID_WIDTH}} {answer:<{ANSWER_WIDTH}} {bitmap(codes, every)}\n"


BODY = (
    row("A-1", "CONFIRMED")
    + row("A-2", "NO_DISCLOSURE")
    + row("A-3-LONG-ID-OF-26-LETTERS-", "RETURNED", ("PURPOSE_CIVIL", "STATUTE_UNKNOWN"))
)
REPLY = Reply(HEADING, "R1", bytes(range(32)), 3, BODY)


def test_the_plaintext_is_that_of_the_golden_file():
    assert REPLY.plaintext() == GOLDEN.read_bytes()


def test_it_reads_back_as_it_was_made():
    assert Reply.read(REPLY.plaintext()) == REPLY
    assert list(REPLY.answers()) == [
        ("A-1", "CONFIRMED", ()),
        ("A-2", "NO_DISCLOSURE", ()),
        ("A-3-LONG-ID-OF-26-LETTERS-", "RETURNED", ("PURPOSE_CIVIL", "STATUTE_UNKNOWN")),
    ]


def test_a_confirmed_reply_says_that_it_is_a_lead_and_not_proof():
    assert b"It is a lead, not proof" in REPLY.plaintext()


def test_its_repr_shows_neither_rows_nor_blind():
    assert "A-1" not in repr(REPLY)
    assert "CONFIRMED" not in repr(REPLY)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"rows 3", b"rows 4"),
        (b"rows 3", b"rows +3"),
        (b"rows 3", b"rows three"),
        (b"REHEARSAL", b"rehearsal"),
        (b"recipient R1", b"recipient R1 "),
        (b"comity/reply/1", b"comity/reply/2"),
        (b"It is a lead, not proof", b"It is proof"),
        (b"codes ", b"code "),
        (b"\n\n", b"\n"),
        (b"A-1 ", "Ä-1 ".encode()),
    ],
)
def test_another_form_is_no_reply(before, after):
    with pytest.raises(Integrity, match="REPLY_MALFORMED"):
        Reply.read(REPLY.plaintext().replace(before, after, 1))


@pytest.mark.parametrize(
    "body",
    [
        row("A-1", "CONFIRMED", ("PURPOSE_CIVIL",)),
        row("A-1", "RETURNED"),
        row("A-1", "PERHAPS"),
        row("", "CONFIRMED"),
        row("A-1", "CONFIRMED").replace("00", "zz"),
    ],
)
def test_a_row_that_no_office_writes_is_refused(body):
    with pytest.raises(Integrity, match="REPLY_MALFORMED"):
        list(dataclasses.replace(REPLY, body=body, rows=1).answers())


@pytest.mark.parametrize("change", [{"recipient": "R1\nrows 9"}, {"recipient": ""}, {"blind": b"short"}, {"rows": 2}])
def test_a_reply_that_would_not_read_back_is_not_written(change):
    with pytest.raises(Integrity, match="REPLY_MALFORMED"):
        dataclasses.replace(REPLY, **change).plaintext()


@given(st.lists(st.sampled_from([f"C_{n}" for n in range(9)]), unique=True), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_every_set_of_codes_has_one_bitmap_and_reads_back(codes, size):
    every = tuple(f"C_{n}" for n in range(size))
    if not set(codes) <= set(every):
        with pytest.raises(Integrity, match="CODE_UNKNOWN"):
            bitmap(codes, every)
        return
    heading = dataclasses.replace(HEADING, codes=every)
    answer = "RETURNED" if codes else "CONFIRMED"
    reply = Reply(heading, "R1", bytes(32), 1, row("A-1", answer, codes, every))
    assert len(reply.body) == row_width(every)
    assert list(Reply.read(reply.plaintext()).answers()) == [("A-1", answer, tuple(sorted(codes)))]
