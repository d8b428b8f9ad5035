"""A countersignature by passkey counts as one by certificate does, and for nothing else than it was made for."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from comity.case.errors import BadInput, ComityError, Waiting
from comity.crypto import P256Key, Purpose, issue
from comity.review.permit import Approvers, grant
from comity.review.statements import (
    Countersignature,
    Enrolled,
    Signer,
    assert_statement,
    countersign,
    verify_countersignature,
)
from tests.authenticator import Authenticator

from .conftest import NOW
from .test_permit import RELEASE
from .test_statements import STATEMENT

SINCE = "2026-03-01T00:00:00Z"


@pytest.fixture(scope="session")
def devices() -> dict[str, Authenticator]:
    """Ann signs with ES256, Bea with EdDSA."""
    return {"ann": Authenticator("ES256"), "bea": Authenticator("EdDSA"), "cyd": Authenticator()}


@pytest.fixture(scope="session")
def passkeys(devices, officers) -> dict[str, Enrolled]:
    return {
        device.passkey.credential: Enrolled(device.passkey, officers[name][1], SINCE)
        for name, device in devices.items()
    }


@pytest.fixture(scope="session")
def approvers(authority, officers, passkeys) -> Approvers:
    names = {certificate.fingerprint: name for name, (_, certificate) in officers.items()}
    return Approvers((authority.certificate,), names, frozenset(), "0" * 64, "0" * 64, passkeys=passkeys)


@pytest.fixture
def signed(devices):
    def sign(officer: str, by: str = "", **changes) -> Countersignature:
        statement = dataclasses.replace(STATEMENT, officer=officer, **changes)
        device = devices[by or officer]
        return assert_statement(statement, device.passkey, device.signs(statement.canonical()))

    return sign


def refused(act, *arguments) -> str:
    with pytest.raises(ComityError) as error:
        act(*arguments)
    return error.value.code


def test_it_verifies_from_authority_and_register_alone(authority, officers, devices, passkeys, signed):
    for officer, alg in (("ann", "WebAuthn-ES256"), ("bea", "WebAuthn-EdDSA")):
        again = Countersignature.read(signed(officer).form())
        assert again.alg == alg
        assert verify_countersignature(again, [authority.certificate], NOW, passkeys) == Signer(
            officers[officer][1], devices[officer].passkey.key_fingerprint
        )


def test_without_the_register_it_is_nobodys(authority, signed):
    assert refused(verify_countersignature, signed("ann"), [authority.certificate], NOW) == "PASSKEY_UNKNOWN"


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(STATEMENT)])
def test_no_field_of_the_statement_can_be_changed(authority, passkeys, signed, name):
    made = signed("ann")
    old = getattr(made.statement, name)
    new = {int: lambda: old + 1, str: lambda: f"{old[:-1]}~" if name != "at" else "2026-03-02T08:30:01Z"}.get(
        type(old), lambda: (*old, ("MORE", 1))
    )()
    changed = dataclasses.replace(made, statement=dataclasses.replace(made.statement, **{name: new}))
    assert refused(verify_countersignature, changed, [authority.certificate], NOW, passkeys) == "CHALLENGE_DIFFERS"


@pytest.mark.parametrize("alg", ["ES256", "WebAuthn-EdDSA", "WebAuthn", "webauthn-es256", "", "none"])
def test_it_is_of_the_kind_that_it_says(authority, passkeys, signed, alg):
    changed = dataclasses.replace(signed("ann"), alg=alg)
    assert refused(verify_countersignature, changed, [authority.certificate], NOW, passkeys) in (
        "SIGNATURE_MALFORMED",
        "PASSKEY_UNKNOWN",
        "SIGNATURE_KIND_UNKNOWN",
    )


def test_it_names_the_passkey_that_signed(authority, passkeys, devices, signed):
    for credential, code in ((devices["cyd"].passkey.credential, "SIGNATURE_INVALID"), ("AAAA", "PASSKEY_UNKNOWN")):
        changed = dataclasses.replace(signed("ann"), credential=credential)
        assert refused(verify_countersignature, changed, [authority.certificate], NOW, passkeys) == code


def test_a_certificates_signature_is_no_passkeys(authority, passkeys, officers, devices):
    made = countersign(STATEMENT, *officers["ann"])
    for change in (
        {"alg": "WebAuthn-ES256"},
        {"alg": "WebAuthn-ES256", "credential": devices["ann"].passkey.credential},
    ):
        assert refused(
            verify_countersignature, dataclasses.replace(made, **change), [authority.certificate], NOW, passkeys
        ) in ("PASSKEY_UNKNOWN", "ASSERTION_MALFORMED")


def test_it_counts_from_the_hour_the_passkey_was_entered(authority, passkeys, signed):
    made = signed("ann")
    for since, code in (("2026-03-02T08:30:01Z", "PASSKEY_NOT_YET_ENTERED"), ("2026-03-02T08:30:00Z", "")):
        later = {name: dataclasses.replace(held, since=since) for name, held in passkeys.items()}
        if code:
            assert refused(verify_countersignature, made, [authority.certificate], NOW, later) == code
        else:
            assert verify_countersignature(made, [authority.certificate], NOW, later)


def test_it_ends_with_its_officers_certificate(authority, passkeys, devices):
    key, term = P256Key.generate(), (NOW.replace(year=2025), NOW + timedelta(hours=1))
    brief = issue(authority, "ann", "Office", key.public_key, Purpose.SIGNING, *term)
    held = {devices["ann"].passkey.credential: Enrolled(devices["ann"].passkey, brief, SINCE)}
    statement = dataclasses.replace(STATEMENT, officer="ann")
    made = assert_statement(statement, devices["ann"].passkey, devices["ann"].signs(statement.canonical()))
    assert verify_countersignature(made, [authority.certificate], NOW, held).certificate == brief
    for at in (NOW + timedelta(hours=2), NOW + timedelta(days=2000)):
        assert refused(verify_countersignature, made, [authority.certificate], at, held) == "CERTIFICATE_EXPIRED"
    assert refused(verify_countersignature, made, [passkeys[made.credential].certificate], NOW, held) == (
        "CERTIFICATE_UNTRUSTED"
    )


def test_a_statement_of_the_future_is_refused(authority, passkeys, signed):
    at = NOW - timedelta(hours=1)
    assert refused(verify_countersignature, signed("ann"), [authority.certificate], at, passkeys) == (
        "STATEMENT_FROM_THE_FUTURE"
    )


def test_a_passkey_of_an_unknown_kind_signs_nothing(devices):
    other = dataclasses.replace(devices["ann"].passkey, algorithm="RS256")
    with pytest.raises(BadInput, match="SIGNATURE_KIND_UNKNOWN"):
        assert_statement(STATEMENT, other, "")


def test_two_passkeys_or_one_and_a_certificate_give_leave(approvers, officers, signed):
    by_certificate = countersign(dataclasses.replace(STATEMENT, officer="bea"), *officers["bea"])
    assert grant(RELEASE, [signed("ann"), signed("bea")], approvers, NOW)
    assert grant(RELEASE, [signed("ann"), by_certificate], approvers, NOW)


def test_one_officer_is_one_hand_whichever_way_it_signs(approvers, officers, signed):
    by_certificate = countersign(dataclasses.replace(STATEMENT, officer="ann"), *officers["ann"])
    for other in (by_certificate, signed("ann")):
        assert refused(grant, RELEASE, [signed("ann"), other], approvers, NOW) == "SAME_OFFICER"


def test_a_passkey_signs_in_its_own_officers_name(approvers, signed):
    assert refused(grant, RELEASE, [signed("ann"), signed("bea", by="cyd")], approvers, NOW) == "SIGNER_UNKNOWN"


def test_whoever_is_no_approver_or_had_another_part_does_not_count(approvers, officers, signed):
    both = [signed("ann"), signed("bea")]
    only = {fingerprint: name for fingerprint, name in approvers.officers.items() if name != "bea"}
    assert refused(grant, RELEASE, both, dataclasses.replace(approvers, officers=only), NOW) == "SIGNER_UNKNOWN"
    involved = dataclasses.replace(approvers, excluded=frozenset({"bea"}))
    assert refused(grant, RELEASE, both, involved, NOW) == "SIGNER_INVOLVED"
    requester = dataclasses.replace(approvers, requester_key=officers["bea"][1].key_fingerprint)
    assert refused(grant, RELEASE, both, requester, NOW) == "SIGNER_INVOLVED"


def test_a_replaced_passkey_is_as_if_it_had_not_signed(approvers, devices, officers, signed):
    ann = devices["ann"].passkey.credential
    lost = {**approvers.passkeys, ann: dataclasses.replace(approvers.passkeys[ann], replaced=True)}
    known = dataclasses.replace(approvers, passkeys=lost)
    with pytest.raises(Waiting, match="SIGNATURES_MISSING"):
        grant(RELEASE, [signed("ann"), signed("bea")], known, NOW)
    assert grant(RELEASE, [signed("ann"), signed("bea"), signed("cyd")], known, NOW)
