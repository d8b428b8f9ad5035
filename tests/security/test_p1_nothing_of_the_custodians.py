"""P1, P6: nothing of the custodian's records reaches a reply but the answer; two records give one plaintext."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.disclosure import Heading, rebuild_replies
from comity.review import compose_answers, fold_votes
from comity.workspace import workspace

from ..spec.disclosure.released import CODES

CANARIES = ("CANARYSTREET 77", "CANARYNAME", "999-88-7777", "1931", "PERSON-CANARY")
HEADING = Heading("01J0000000000000000000000A", "cd" * 32, "irs-ice-2025", "1", CODES, rehearsal=True)


def record(person="P", street="1 ELM ST", family="DOE", tin="111-22-3333", years="[2020]", rows=1):
    """A candidate's row with the custodian's own values."""
    return f"""SELECT 1 AS row_number, 'A-1' AS request_id, '{person}' AS person, '{tin}' AS taxpayer_id, {years} AS
        tax_years, '{street}' AS record_street_line, '{family}' AS record_family_name, 'primary' AS role,
        TRUE AS in_stated_year, 'exact' AS name_level, 'equal' AS address_level, 'agrees' AS birth_level,
        []::VARCHAR[] AS reasons
        FROM range({rows})"""


def determined(word, person="P", tin="111-22-3333", reason="agrees", candidates=1):
    return f"""SELECT 1 AS row_number, 'A-1' AS request_id, '{word}' AS determination, '{reason}' AS reason,
        '{person}' AS person, '{tin}' AS taxpayer_id, {candidates} AS candidates"""


def plaintexts(directory, candidates, determinations):
    """The plaintext of every recipient, from the custodian's tables to the end."""
    with workspace(directory) as ws:
        requests = ws.write("requests", "SELECT 1 AS row_number, 'A-1' AS request_id, ['R1'] AS recipients", "ALL")
        settled = ws.write(
            "settled", "SELECT 1 AS row_number, 'A-1' AS request_id, 'pass' AS ruling, []::VARCHAR[] AS codes", "ALL"
        )
        found = ws.write("candidates", candidates, "ALL")
        ruled = ws.write("determinations", determinations, "ALL")
        sample = ws.write("sample", "SELECT 0 AS row_number, '' AS stratum WHERE FALSE", "ALL")
        blinds = ws.write("blinds", "SELECT 'R1' AS recipient, unhex(repeat('07', 32)) AS blind", "ALL")
    answers = compose_answers(directory, requests, settled, found, ruled, sample, fold_votes(directory, []))
    return {reply.recipient: reply.plaintext() for reply in rebuild_replies(directory, answers, blinds, HEADING)}


@pytest.mark.parametrize("word", ["confirmed", "unclear", "ambiguous", "address_differs", "not_found"])
def test_no_value_of_a_record_reaches_a_reply(tmp_path, word):
    person, tin = CANARIES[4], CANARIES[2]
    candidates = record(person, CANARIES[0], CANARIES[1], tin, f"[{CANARIES[3]}]")
    (plaintext,) = plaintexts(tmp_path, candidates, determined(word, person, tin, "CANARYREASON")).values()
    assert b"CANARY" not in plaintext
    assert not any(canary.encode() in plaintext for canary in CANARIES)


_WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -", min_size=1, max_size=12)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_WORDS, _WORDS, _WORDS, st.integers(1900, 2030), st.integers(1, 4), st.sampled_from(["confirmed", "not_found"]))
def test_two_batches_that_differ_in_the_records_alone_have_one_plaintext(
    tmp_path, street, family, tin, year, rows, word
):
    plain = plaintexts(tmp_path, record(), determined(word))
    other = plaintexts(
        tmp_path, record("Q", street, family, tin, f"[{year}]", rows), determined(word, "Q", tin, family, rows)
    )
    assert plain == other


def test_every_kind_of_no_is_one_no(tmp_path):
    noes = ["unclear", "ambiguous", "name_differs", "address_differs", "not_found", "discriminator_differs"]
    assert len({plaintexts(tmp_path, record(), determined(word))["R1"] for word in noes}) == 1
