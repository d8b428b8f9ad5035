"""A passkey's signature is what WebAuthn says one is, by the passkey that was entered, at the address it is for."""

from __future__ import annotations

import dataclasses
import json

import pytest
from fido2 import cbor

from comity.crypto import CryptoError, assertion_in, challenge_of, counter_in, made_passkey, verify_assertion
from tests.authenticator import ATTESTED, ORIGIN, PRESENT, RP_ID, VERIFIED, Authenticator, b64, unb64

CONTENT = b'{"digest":"00","rows":3}'
KINDS = pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])


def refused(act, *given) -> str:
    with pytest.raises(CryptoError) as caught:
        act(*given)
    return caught.value.code


@KINDS
def test_an_assertion_over_the_content_verifies_and_gives_the_counter(algorithm: str) -> None:
    device = Authenticator(algorithm, counter=41)
    assertion = device.signs(CONTENT)
    assert verify_assertion(device.passkey, assertion, CONTENT) == counter_in(assertion) == 42


@KINDS
def test_what_a_browser_says_it_made_is_the_passkey_that_signs(algorithm: str) -> None:
    device = Authenticator(algorithm)
    challenge = challenge_of(b"once")
    made = made_passkey(device.made(challenge), challenge, RP_ID, ORIGIN)
    assert made == device.passkey
    credential, assertion = assertion_in(device.used(challenge_of(CONTENT)))
    assert credential == made.credential
    assert verify_assertion(made, assertion, CONTENT) == 1


@KINDS
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"type": "webauthn.create"}, "ASSERTION_OF_ANOTHER_KIND"),
        ({"type": "payment.get"}, "ASSERTION_OF_ANOTHER_KIND"),
        ({"challenge": challenge_of(b"another")}, "CHALLENGE_DIFFERS"),
        ({"challenge": ""}, "CHALLENGE_DIFFERS"),
        ({"origin": "https://elsewhere.example"}, "ORIGIN_DIFFERS"),
        ({"origin": f"{ORIGIN}:8443"}, "ORIGIN_DIFFERS"),
        ({"origin": f"http://{RP_ID}"}, "ORIGIN_DIFFERS"),
        ({"crossOrigin": True}, "ORIGIN_DIFFERS"),
        ({"crossOrigin": None}, "ORIGIN_DIFFERS"),
        ({"rp_id": "elsewhere.example"}, "RP_ID_DIFFERS"),
        ({"rp_id": "office.example"}, "RP_ID_DIFFERS"),
        ({"flags": PRESENT}, "PERSON_NOT_VERIFIED"),
        ({"flags": VERIFIED}, "PERSON_NOT_VERIFIED"),
        ({"flags": 0}, "PERSON_NOT_VERIFIED"),
        ({"flags": PRESENT | VERIFIED | ATTESTED}, "ASSERTION_MALFORMED"),
    ],
)
def test_what_is_rightly_signed_and_says_something_else_is_refused(algorithm: str, said: dict, code: str) -> None:
    device = Authenticator(algorithm)
    assert refused(verify_assertion, device.passkey, device.signs(CONTENT, **said), CONTENT) == code


@KINDS
def test_an_assertion_for_other_content_is_refused(algorithm: str) -> None:
    device = Authenticator(algorithm)
    assert refused(verify_assertion, device.passkey, device.signs(b"other"), CONTENT) == "CHALLENGE_DIFFERS"


@KINDS
def test_another_passkeys_signature_is_refused(algorithm: str) -> None:
    device, other = Authenticator(algorithm), Authenticator(algorithm)
    assert refused(verify_assertion, device.passkey, other.signs(CONTENT), CONTENT) == "SIGNATURE_INVALID"


@KINDS
@pytest.mark.parametrize("part", [0, 1, 2])
def test_no_bit_of_an_assertion_can_be_flipped(algorithm: str, part: int) -> None:
    device = Authenticator(algorithm)
    parts = device.signs(CONTENT).split(".")
    whole = unb64(parts[part])
    for place in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[place // 8] ^= 1 << place % 8
        changed = ".".join([*parts[:part], b64(bytes(flipped)), *parts[part + 1 :]])
        with pytest.raises(CryptoError):
            verify_assertion(device.passkey, changed, CONTENT)


@pytest.mark.parametrize(
    "assertion", ["", ".", "..", "a.b", "a.b.c", "=..", "é.é.é", "AAAA.AAAA.AAAA", f"{'A' * 20_000}.e30.AA"]
)
def test_what_is_no_assertion_is_refused(assertion: str) -> None:
    assert refused(verify_assertion, Authenticator().passkey, assertion, CONTENT) == "ASSERTION_MALFORMED"


@pytest.mark.parametrize("more", ["=", "A", ".AAAA"])
def test_an_assertion_has_one_form(more: str) -> None:
    device = Authenticator()
    assert refused(verify_assertion, device.passkey, device.signs(CONTENT) + more, CONTENT) in (
        "ASSERTION_MALFORMED",
        "SIGNATURE_INVALID",
    )


@pytest.mark.parametrize("collected", [b"[]", b"{}", b"null", b"7", b'{"type":1,"challenge":"AA","origin":2}'])
def test_odd_data_of_a_browser_is_refused(collected: bytes) -> None:
    device = Authenticator()
    data, _, signature = device.signs(CONTENT).split(".")
    assert refused(verify_assertion, device.passkey, f"{data}.{b64(collected)}.{signature}", CONTENT) in (
        "ASSERTION_MALFORMED",
        "ASSERTION_OF_ANOTHER_KIND",
    )


@KINDS
def test_a_key_has_one_form_and_lies_on_its_curve(algorithm: str) -> None:
    passkey = Authenticator(algorithm).passkey
    key = cbor.decode(unb64(passkey.public_key))
    wrong = [
        {**key, 4: [2]},
        {**key, 3: -257},
        {**key, -1: 2},
        {**key, -2: key[-2][:-1]},
        {**key, -2: b"\x00" + key[-2]},
        {name: value for name, value in key.items() if name != -2},
    ]
    if algorithm == "ES256":
        wrong.append({**key, -3: bytes(32)})
    turned = unb64(passkey.public_key)
    # The same map with its first two members in the other order: one byte of key and one of value each.
    turned = turned[:1] + turned[3:5] + turned[1:3] + turned[5:]
    assert cbor.decode(turned) == key
    texts = [
        b64(turned),
        *(b64(cbor.encode(one)) for one in wrong),
        "",
        "AA",
        passkey.public_key + "AA",
        b64(cbor.encode([1])),
    ]
    for text in texts:
        unfit = dataclasses.replace(passkey, public_key=text)
        assert refused(lambda unfit=unfit: unfit.key_fingerprint) == "PASSKEY_UNFIT"
    other = "EdDSA" if algorithm == "ES256" else "ES256"
    for change in ({"algorithm": other}, {"algorithm": "RS256"}, {"credential": ""}, {"credential": "="}):
        unfit = dataclasses.replace(passkey, **change)
        assert refused(lambda unfit=unfit: unfit.key_fingerprint) == "PASSKEY_UNFIT"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"challenge": challenge_of(b"another")}, "CHALLENGE_DIFFERS"),
        ({"origin": "https://elsewhere.example"}, "ORIGIN_DIFFERS"),
        ({"rp_id": "elsewhere.example"}, "RP_ID_DIFFERS"),
        ({"flags": PRESENT | ATTESTED}, "PERSON_NOT_VERIFIED"),
    ],
)
def test_a_passkey_that_is_made_elsewhere_is_not_taken(said: dict, code: str) -> None:
    challenge = challenge_of(b"once")
    answer = Authenticator().made(challenge, **said)
    assert refused(made_passkey, answer, challenge, RP_ID, ORIGIN) == code


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"type":"public-key"}', "x" * 20_000])
def test_an_answer_that_cannot_be_read_is_refused(answer: str) -> None:
    assert refused(assertion_in, answer) == "PASSKEY_ANSWER_UNREADABLE"
    assert refused(made_passkey, answer, "AA", RP_ID, ORIGIN) == "PASSKEY_ANSWER_UNREADABLE"


def test_using_a_passkey_is_not_making_one() -> None:
    device = Authenticator()
    challenge = challenge_of(b"once")
    assert refused(made_passkey, device.used(challenge), challenge, RP_ID, ORIGIN) == "PASSKEY_ANSWER_UNREADABLE"
    assert refused(assertion_in, device.made(challenge)) == "PASSKEY_ANSWER_UNREADABLE"
    assert json.loads(device.made(challenge))["type"] == "public-key"
