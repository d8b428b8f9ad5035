"""What an officer signs: one canonical form, kept as a golden file, and a signature that needs no database."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from comity.case.errors import BadInput, Integrity
from comity.review.statements import (
    Countersignature,
    Statement,
    counted,
    countersign,
    moment_text,
    verify_countersignature,
)

from .conftest import NOW

GOLDEN = Path(__file__).parent / "golden" / "statement.json"
STATEMENT = Statement(
    submission="01J0000000000000000000000A",
    submission_digest="cd" * 32,
    agreement="irs-ice-2025",
    version="1",
    officer="ann",
    role="approver",
    digest="ab" * 32,
    rows=4,
    counts=counted({"RETURNED": 1, "CONFIRMED": 2, "NO_DISCLOSURE": 1}),
    office_version=7,
    at="2026-03-02T08:30:00Z",
)


def test_the_bytes_that_are_signed_are_those_of_the_golden_file():
    assert STATEMENT.canonical() == GOLDEN.read_bytes()


def test_a_statement_reads_back_as_it_was_made():
    assert Statement.read(json.loads(STATEMENT.canonical())) == STATEMENT


@pytest.mark.parametrize(
    "change",
    [{"rows": "4"}, {"rows": True}, {"counts": []}, {"counts": {"CONFIRMED": 1.0}}, {"officer": None}, {"more": 1}],
)
def test_another_shape_is_no_statement(change):
    with pytest.raises(Integrity, match="STATEMENT_UNREADABLE"):
        Statement.read(STATEMENT.form() | change)
    with pytest.raises(Integrity, match="STATEMENT_UNREADABLE"):
        Statement.read({name: value for name, value in STATEMENT.form().items() if name != "digest"})


def test_a_countersignature_verifies_from_the_authority_alone(authority, officers):
    key, certificate = officers["ann"]
    signed = countersign(STATEMENT, key, certificate)
    assert verify_countersignature(signed, [authority.certificate], NOW).certificate == certificate


def test_the_stored_form_of_a_countersignature_holds_all_that_verifies_it(authority, officers):
    form = json.loads(json.dumps(countersign(STATEMENT, *officers["ann"]).form()))
    verify_countersignature(Countersignature.read(form), [authority.certificate], NOW)
    for changed in ({"alg": None}, {"statement": "x"}, {"more": 1}):
        with pytest.raises(Integrity, match="STATEMENT_UNREADABLE"):
            Countersignature.read(form | changed)


def changed(signed: Countersignature, **changes) -> Countersignature:
    return dataclasses.replace(signed, statement=dataclasses.replace(signed.statement, **changes))


@pytest.mark.parametrize(
    "field", [field.name for field in dataclasses.fields(Statement) if field.name not in {"rows", "counts", "at"}]
)
def test_no_word_of_it_can_be_changed_afterwards(authority, officers, field):
    signed = countersign(STATEMENT, *officers["ann"])
    value = 8 if field == "office_version" else "another"
    with pytest.raises(Integrity, match="SIGNATURE_INVALID"):
        verify_countersignature(changed(signed, **{field: value}), [authority.certificate], NOW)


def test_a_credential_that_did_not_sign_is_refused(authority, officers):
    signed = dataclasses.replace(countersign(STATEMENT, *officers["ann"]), credential=officers["bea"][1].fingerprint)
    with pytest.raises(Integrity, match="CREDENTIAL_DIFFERS"):
        verify_countersignature(signed, [authority.certificate], NOW)


def test_an_unknown_kind_of_signature_is_refused(authority, officers):
    signed = dataclasses.replace(countersign(STATEMENT, *officers["ann"]), alg="none")
    with pytest.raises(Integrity, match="SIGNATURE_KIND_UNKNOWN"):
        verify_countersignature(signed, [authority.certificate], NOW)


def test_a_statement_from_the_future_is_refused(authority, officers):
    signed = countersign(STATEMENT, *officers["ann"])
    with pytest.raises(Integrity, match="STATEMENT_FROM_THE_FUTURE"):
        verify_countersignature(signed, [authority.certificate], NOW - timedelta(hours=1))


def test_a_certificate_out_of_term_today_signs_nothing_that_is_dated_back(authority, officers):
    signed = countersign(STATEMENT, *officers["ann"])
    with pytest.raises(Integrity, match="CERTIFICATE_EXPIRED"):
        verify_countersignature(signed, [authority.certificate], NOW.replace(year=2031))


def test_a_stranger_to_the_office_signs_nothing(officers):
    signed = countersign(STATEMENT, *officers["ann"])
    with pytest.raises(Integrity, match="CERTIFICATE_UNTRUSTED"):
        verify_countersignature(signed, [officers["bea"][1]], NOW)


def test_another_officers_key_does_not_fit_the_certificate(officers):
    with pytest.raises(BadInput, match="KEY_NOT_OF_CERTIFICATE"):
        countersign(STATEMENT, officers["ann"][0], officers["bea"][1])


def test_moments_are_written_in_utc_to_the_second():
    assert moment_text(NOW.replace(microsecond=7)) == "2026-03-02T09:00:00Z"
    with pytest.raises(BadInput, match="CLOCK_WITHOUT_ZONE"):
        moment_text(datetime(2026, 3, 2))  # noqa: DTZ001 -- the missing zone is the point


@pytest.mark.parametrize("at", ["", "yesterday", "2026-03-02T08:30:00", "2026-03-02T08:30:00+02:00"])
def test_a_statement_without_a_moment_in_utc_is_refused(at):
    with pytest.raises(Integrity, match="STATEMENT_UNREADABLE"):
        dataclasses.replace(STATEMENT, at=at).moment()
