"""Countersigning on a page, by passkey: made there, entered by two officers, and asked for with what is shown."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from comity.office import acts, passkeys
from tests.authenticator import PRESENT, Authenticator
from tests.spec.console.test_rules import code, events, text
from tests.spec.signin.conftest import BATCH, Clock, Person
from tests.world import World

Ready = Callable[[World, str], Person]
LATER = 5 * 60 + 1
PAGE = f"/b/{BATCH}/sign"
ENROL = "/account/signing-passkey"


def here() -> Authenticator:
    return Authenticator(rp_id="localhost", origin="http://localhost")


def options(page: str) -> dict:
    """What the page's script asks the browser for."""
    found = re.search(r'data-options="([^"]*)"', page)
    assert found
    return json.loads(html.unescape(found[1]))["publicKey"]


def meant(page: str, officer: str, device: Authenticator, **said) -> dict[str, str]:
    """The form of the page as an officer fills it in, with the passkey's answer to what the page asked."""
    hidden = {
        name: html.unescape(value) for name, value in re.findall(r'name="(digest|statement)" value="([^"]*)"', page)
    }
    return hidden | {"officer": officer, "read": "1", "credential": device.used(options(page)["challenge"], **said)}


def enrol(world: World, person: Ready, officer: str, place: Path, device: Authenticator) -> Client:
    """The officer's browser, after the officer made a passkey on the page and two others entered it."""
    pages = person(world, officer).sign_in()
    answer = device.made(options(text(pages.get(ENROL)))["challenge"])
    assert pages.post(ENROL, {"credential": answer})["Location"] == ENROL
    file = place / f"{officer}.passkey"
    file.write_bytes(pages.get(f"{ENROL}/file").content)
    vouched = passkeys.vouch(
        world.office, world.actor(officer), passkeys.read(file), world.stage.cast.officer_key(officer)
    )
    file.write_text(passkeys.written(vouched))
    proposal = passkeys.passkey_proposal(world.office, file)
    number = acts.propose_entry(world.office, world.actor("registrar"), proposal)
    counsel = person(world, "counsel").sign_in()
    assert device.passkey.credential in text(counsel.get("/registers/"))
    entry = {"register": "passkey", "subject": officer, "number": str(number)}
    assert counsel.post("/registers/", entry)["Location"] == "/registers/"
    return pages


@pytest.fixture
def answers(compared: World) -> World:
    """A world whose batch `BATCH` waits for signatures."""
    compared.vote_no(BATCH)
    assert compared.work(BATCH) == "SIGNATURES_MISSING"
    return compared


def test_an_approver_makes_a_passkey_and_signs_exactly_what_is_shown(
    answers: World, person: Ready, tmp_path: Path
) -> None:
    device = here()
    pages = enrol(answers, person, "approver-1", tmp_path, device)
    page = text(pages.get(PAGE))
    assert options(page)["allowCredentials"] == [{"type": "public-key", "id": device.passkey.credential}]
    assert options(page)["userVerification"] == "required"

    said = meant(page, "approver-1", device)
    assert pages.post(PAGE, {**said, "officer": "approver-2"}).status_code == 400
    assert code(pages.post(PAGE, {name: value for name, value in said.items() if name != "read"})) == (
        "SIGNING_NOT_MEANT"
    )
    assert events(answers, "countersigned") == []
    assert pages.post(PAGE, said)["Location"] == f"/b/{BATCH}/"
    assert events(answers, "countersigned") == ["approver-1"]
    assert "by passkey (its counter: 1)" in text(pages.get(PAGE))
    [signed] = answers.office.batch(BATCH).countersigned
    assert (signed.alg, signed.statement) == ("WebAuthn-ES256", json.loads(said["statement"]))
    assert code(pages.post(PAGE, said)) == "SAME_OFFICER"


def test_only_the_pages_that_use_a_passkey_may_run_the_script(answers: World, person: Ready, tmp_path: Path) -> None:
    without = person(answers, "approver-2").sign_in()
    assert "script-src" not in without.get(PAGE)["Content-Security-Policy"]
    pages = enrol(answers, person, "approver-1", tmp_path, here())
    assert pages.get(PAGE)["Content-Security-Policy"].endswith("; script-src 'self'")
    assert pages.get(ENROL)["Content-Security-Policy"].endswith("; script-src 'self'")
    assert "script-src" not in pages.get(f"/b/{BATCH}/")["Content-Security-Policy"]
    assert '<script src="/passkey.js" defer></script>' in text(pages.get(PAGE))


def test_the_page_shows_in_full_what_is_signed_and_what_leaves(answers: World, person: Ready, tmp_path: Path) -> None:
    page = text(enrol(answers, person, "approver-1", tmp_path, here()).get(PAGE))
    made = answers.office.batch(BATCH).answers
    assert made is not None
    assert made.answers["digest"] in page
    assert [str(number) in page for number in made.counts.values()] == [True] * len(made.counts)
    for said in ("What leaves, and to whom", "The answers, in full", "The statement, to the letter", "CONFIRMED"):
        assert said in page


def test_without_a_passkey_the_page_says_how_to_sign_and_the_console_signs_for_nobody(
    answers: World, person: Ready
) -> None:
    pages = person(answers, "approver-1").sign_in()
    page = text(pages.get(PAGE))
    assert "comity review sign" in page
    assert ENROL in page
    digest = answers.office.batch(BATCH).answers.answers["digest"]
    said = {"digest": digest, "officer": "approver-1", "read": "1"}
    assert code(pages.post(PAGE, said)) == "PASSKEY_NEEDED"
    assert code(pages.post(PAGE, {**said, "credential": "{}"})) == "PASSKEY_ANSWER_UNREADABLE"
    answer = here().used("AAAA")
    for statement in ("", "[]", "7", "{}", "[" * 100_000):
        assert code(pages.post(PAGE, {**said, "credential": answer, "statement": statement})) == "STATEMENT_UNREADABLE"
    assert events(answers, "countersigned") == []


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"challenge": "AAAA"}, "CHALLENGE_DIFFERS"),
        ({"origin": "http://localhost:9999"}, "ORIGIN_DIFFERS"),
        ({"rp_id": "elsewhere.example"}, "RP_ID_DIFFERS"),
        ({"flags": PRESENT}, "PERSON_NOT_VERIFIED"),
    ],
)
def test_a_page_takes_no_answer_that_does_not_verify(
    answers: World, person: Ready, tmp_path: Path, said: dict, refused: str
) -> None:
    device = here()
    pages = enrol(answers, person, "approver-1", tmp_path, device)
    assert code(pages.post(PAGE, meant(text(pages.get(PAGE)), "approver-1", device, **said))) == refused
    assert events(answers, "countersigned") == []


def test_what_one_officer_signed_is_not_anothers(answers: World, person: Ready, tmp_path: Path) -> None:
    one, two = here(), here()
    first = enrol(answers, person, "approver-1", tmp_path, one)
    second = enrol(answers, person, "approver-2", tmp_path, two)
    assert code(second.post(PAGE, meant(text(first.get(PAGE)), "approver-2", one))) == "STATEMENT_OUTDATED"
    assert code(second.post(PAGE, meant(text(second.get(PAGE)), "approver-2", one))) == "PASSKEY_NOT_YOURS"
    assert events(answers, "countersigned") == []


def test_a_passkeys_signature_needs_no_other_factor_but_a_release_does(
    answers: World, person: Ready, tmp_path: Path, clock: Clock
) -> None:
    device = here()
    pages = enrol(answers, person, "approver-1", tmp_path, device)
    clock.pass_(LATER)
    assert pages.post(PAGE, meant(text(pages.get(PAGE)), "approver-1", device))["Location"] == f"/b/{BATCH}/"
    answers.sign_answers("approver-2", BATCH)
    transmitter = person(answers, "transmitter").sign_in()
    release = f"/b/{BATCH}/release"
    assert "by passkey" in text(transmitter.get(release))
    assert "by certificate" in text(transmitter.get(release))
    clock.pass_(LATER)
    assert transmitter.post(release)["Location"].startswith("/prove?next=")


def test_a_passkey_is_made_once_for_each_challenge(answers: World, person: Ready) -> None:
    pages = person(answers, "approver-1").sign_in()
    assert pages.get(f"{ENROL}/file")["Location"] == ENROL
    answer = here().made(options(text(pages.get(ENROL)))["challenge"])
    elsewhere = here().made(options(text(pages.get(ENROL)))["challenge"], origin="https://elsewhere.example")
    assert code(pages.post(ENROL, {"credential": elsewhere})) == "ORIGIN_DIFFERS"
    assert code(pages.post(ENROL, {"credential": answer})) == "CHALLENGE_DIFFERS"
    assert code(pages.post(ENROL, {})) == "PASSKEY_ANSWER_UNREADABLE"


def test_nobody_makes_a_passkey_without_signing_in(answers: World, person: Ready) -> None:
    pages = person(answers, "approver-1").browser
    for page in (ENROL, f"{ENROL}/file"):
        assert pages.get(page)["Location"] == "/sign-in"
