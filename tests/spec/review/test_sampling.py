"""The audit sample: nobody chooses it, anybody can draw it again."""

from __future__ import annotations

import pytest

from comity.crypto.keys import Ed25519Key
from comity.review.sampling import Draw, draw_sample, sampling_statement
from comity.workspace import workspace

WORDS = "['confirmed', 'unclear', 'not_found', 'confirmed', 'ambiguous', 'address_differs']"
MANY = f"""SELECT n::INTEGER AS row_number, 'A-' || n AS request_id, {WORDS}[1 + n % 6] AS determination
    FROM range(1, 601) t(n)"""


@pytest.fixture
def drawn(folder, table):
    def rows(signature=b"s" * 64, confirmed=50, noes=20):
        sample = draw_sample(folder, table("determinations", MANY), Draw(signature, confirmed, noes))
        with workspace(folder) as ws:
            ws.view("s", sample)
            ws.view("d", table("determinations", MANY))
            return ws.rows(
                "SELECT row_number, stratum, determination FROM s JOIN d USING (row_number) ORDER BY row_number"
            )

    return rows


def test_so_many_confirmations_and_so_many_noes_are_drawn_and_nothing_that_people_decide_anyway(drawn):
    rows = drawn()
    assert [stratum for _, stratum, _ in rows].count("confirmed") == 50
    assert [stratum for _, stratum, _ in rows].count("no") == 20
    assert {(stratum, word) for _, stratum, word in rows} == {
        ("confirmed", "confirmed"),
        ("no", "not_found"),
        ("no", "address_differs"),
    }


def test_a_small_batch_is_read_in_full(drawn):
    assert len(drawn(confirmed=1000, noes=1000)) == 400


def test_the_signature_alone_decides_who_is_drawn(drawn):
    assert drawn() == drawn()
    assert drawn() != drawn(signature=b"t" * 64)


def test_every_confirmation_is_as_likely_to_be_drawn_as_another(drawn):
    often = {}
    for number in range(200):
        for row, *_ in drawn(signature=bytes([number]) * 64, noes=0):
            often[row] = often.get(row, 0) + 1
    # Each of 200 is drawn with a chance of one in four, 200 times: five standard deviations about the mean of 50.
    assert len(often) == 200
    assert all(19 < count < 81 for count in often.values())


def test_the_statement_that_is_signed_names_the_batch_and_the_determinations(table):
    determinations = table("determinations", MANY)
    statement = sampling_statement("B1", determinations)
    assert determinations.digest.encode() in statement
    assert statement != sampling_statement("B2", determinations)
    key = Ed25519Key.generate()
    assert key.raw.sign(statement) == key.raw.sign(statement)
