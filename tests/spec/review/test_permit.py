"""Leave to release: two approvers with no other part in the batch, over exactly these answers."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from comity.case.batch_state import Involvement
from comity.case.errors import ComityError, Waiting
from comity.crypto import P256Key, Purpose, issue
from comity.review.permit import Approvers, ToRelease, grant
from comity.review.statements import countersign

from .conftest import NOW
from .test_statements import STATEMENT

RELEASE = ToRelease(
    STATEMENT.submission,
    STATEMENT.submission_digest,
    STATEMENT.agreement,
    STATEMENT.version,
    STATEMENT.digest,
    STATEMENT.rows,
    STATEMENT.counts,
)


@pytest.fixture(scope="session")
def approvers(authority, officers) -> Approvers:
    names = {certificate.fingerprint: name for name, (_, certificate) in officers.items()}
    return Approvers((authority.certificate,), names, frozenset(), "0" * 64, "0" * 64)


@pytest.fixture(scope="session")
def signed(officers):
    def sign(officer, by=None, **changes):
        statement = dataclasses.replace(STATEMENT, officer=officer, **changes)
        return countersign(statement, *officers[by or officer])

    return sign


def refused(*arguments) -> str:
    with pytest.raises(ComityError) as error:
        grant(*arguments, NOW)
    return error.value.code


def test_two_approvers_give_leave(approvers, signed):
    both = (signed("ann"), signed("bea"))
    permit = grant(RELEASE, both, approvers, NOW)
    assert permit.release == RELEASE
    assert permit.countersignatures == both


def test_none_or_one_is_waited_for(approvers, signed):
    for some in ([], [signed("ann")]):
        with pytest.raises(Waiting, match="SIGNATURES_MISSING"):
            grant(RELEASE, some, approvers, NOW)


def test_the_same_officer_twice_is_one(approvers, signed):
    assert refused(RELEASE, [signed("ann"), signed("ann", at="2026-03-02T08:31:00Z")], approvers) == "SAME_OFFICER"


def test_one_officer_with_two_certificates_is_one(authority, approvers, officers, signed):
    names = {certificate.fingerprint: "ann" for _, certificate in officers.values()}
    twice = dataclasses.replace(approvers, officers=names)
    assert refused(RELEASE, [signed("ann"), signed("ann", by="bea")], twice) == "SAME_OFFICER"


def test_two_officers_with_one_key_are_one(authority, approvers, officers):
    key, first = officers["ann"]
    second = issue(authority, "bea", "Office", key.public_key, Purpose.SIGNING, first.not_before, first.not_after)
    both = dataclasses.replace(approvers, officers={first.fingerprint: "ann", second.fingerprint: "bea"})
    statements = [dataclasses.replace(STATEMENT, officer=name) for name in ("ann", "bea")]
    signed = [
        countersign(said, key, certificate) for said, certificate in zip(statements, (first, second), strict=True)
    ]
    assert refused(RELEASE, signed, both) == "SAME_OFFICER"


def test_the_key_that_signed_the_submission_is_no_signer_under_any_certificate(approvers, officers, signed):
    requester = dataclasses.replace(approvers, requester_key=officers["bea"][0].public_fingerprint)
    assert refused(RELEASE, [signed("ann"), signed("bea")], requester) == "SIGNER_INVOLVED"


@pytest.mark.parametrize("part", ["received", "examined", "operated", "voted", "screened", "transmitted"])
def test_whoever_had_another_part_in_the_batch_is_no_signer(approvers, signed, part):
    excluded = Approvers.excluded_by(Involvement(**{part: frozenset({"bea"})}))
    involved = dataclasses.replace(approvers, excluded=excluded)
    assert refused(RELEASE, [signed("ann"), signed("bea")], involved) == "SIGNER_INVOLVED"


def test_the_certificate_that_signed_the_submission_is_no_signer(approvers, officers, signed):
    requester = dataclasses.replace(approvers, requester=officers["bea"][1].fingerprint)
    assert refused(RELEASE, [signed("ann"), signed("bea")], requester) == "SIGNER_INVOLVED"


def test_a_third_signature_that_may_not_stand_is_not_overlooked(approvers, signed):
    involved = dataclasses.replace(approvers, excluded=frozenset({"cyd"}))
    assert refused(RELEASE, [signed("ann"), signed("bea"), signed("cyd")], involved) == "SIGNER_INVOLVED"


def test_a_signature_whose_certificate_has_ended_counts_for_nothing_and_another_takes_its_place(
    authority, approvers, officers, signed
):
    key = P256Key.generate()
    brief = issue(authority, "dan", "Office", key.public_key, Purpose.SIGNING, NOW.replace(year=2025), NOW)
    known = dataclasses.replace(approvers, officers={**approvers.officers, brief.fingerprint: "dan"})
    lapsed = countersign(dataclasses.replace(STATEMENT, officer="dan"), key, brief)
    later = NOW + timedelta(days=1)
    with pytest.raises(Waiting, match="SIGNATURES_MISSING"):
        grant(RELEASE, [lapsed, signed("ann")], known, later)
    assert grant(RELEASE, [lapsed, signed("ann"), signed("bea")], known, later)


def test_a_certificate_that_no_approver_registered_does_not_count(approvers, officers, signed):
    without = {name: who for name, who in approvers.officers.items() if who != "bea"}
    assert refused(RELEASE, [signed("ann"), signed("bea")], dataclasses.replace(approvers, officers=without)) == (
        "SIGNER_UNKNOWN"
    )


def test_signing_in_another_officers_name_does_not_count(approvers, signed):
    assert refused(RELEASE, [signed("ann"), signed("cyd", by="bea")], approvers) == "SIGNER_UNKNOWN"


def test_signing_in_another_role_does_not_count(approvers, signed):
    assert refused(RELEASE, [signed("ann"), signed("bea", role="auditor")], approvers) == "SIGNER_UNKNOWN"


@pytest.mark.parametrize("field", ["submission", "submission_digest", "agreement", "version"])
def test_a_signature_for_another_batch_does_not_count(approvers, signed, field):
    assert refused(RELEASE, [signed("ann"), signed("bea", **{field: "other"})], approvers) == (
        "SIGNATURE_OF_ANOTHER_BATCH"
    )


@pytest.mark.parametrize(
    "change",
    [{"digest": "ff" * 32}, {"rows": 5}, {"counts": (("CONFIRMED", 4),)}, {"covers": "determinations"}, {"type": "x"}],
)
def test_a_signature_on_other_answers_does_not_count(approvers, signed, change):
    assert refused(RELEASE, [signed("ann"), signed("bea", **change)], approvers) == "ANSWERS_CHANGED"


def test_a_statement_that_was_edited_after_signing_does_not_count(approvers, signed):
    edited = dataclasses.replace(signed("cyd"), statement=dataclasses.replace(STATEMENT, officer="bea"))
    assert refused(RELEASE, [signed("ann"), edited], approvers) == "SIGNATURE_INVALID"
