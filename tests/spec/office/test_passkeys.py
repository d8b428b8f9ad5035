"""Officers sign by passkey: entered by two officers, verified as it signs, at release, and from files by a stranger."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from comity.case.batch_events import Countersigned
from comity.case.errors import BadInput, ComityError, Integrity, Refused, Waiting
from comity.office import acts, passkeys, reviewing
from comity.oversight.verify import verify_log
from tests.authenticator import PRESENT, Authenticator
from tests.passkeys import enrol, present, shown, sign_by, vouched
from tests.spec.oversight.test_verify import found_by, intend_regardless
from tests.spec.oversight.test_verify_entries import found_by as found_next_day
from tests.world import START, World


def code(act, *given, **named) -> str:
    with pytest.raises(ComityError) as caught:
        act(*given, **named)
    return caught.value.code


def signers(world: World) -> list[tuple[str, str]]:
    return [(signed.officer, signed.alg) for signed in world.office.batch(world.batch).countersigned]


def due(world: World) -> None:
    """The hour of the answer comes."""
    assert world.work() == ""
    world.stage.calendar.move_to(START + timedelta(days=40))


def test_two_passkeys_sign_and_the_files_alone_prove_it(answered: World, tmp_path: Path) -> None:
    one, two = enrol(answered, "approver-1"), enrol(answered, "approver-2", Authenticator("EdDSA"))
    sign_by(answered, "approver-1", one)
    sign_by(answered, "approver-2", two)
    assert signers(answered) == [("approver-1", "WebAuthn-ES256"), ("approver-2", "WebAuthn-EdDSA")]
    due(answered)
    assert answered.release() > 0

    files = tmp_path / "files"
    shutil.copytree(answered.place / "home", files, ignore=shutil.ignore_patterns("*.sqlite3*", "keys"))
    assert verify_log(files).sealed == 1


def test_a_certificate_and_a_passkey_sign_one_batch(answered: World) -> None:
    device = enrol(answered, "approver-2")
    answered.sign_answers("approver-1")
    sign_by(answered, "approver-2", device)
    assert signers(answered) == [("approver-1", "ES256"), ("approver-2", "WebAuthn-ES256")]
    due(answered)
    assert answered.release() > 0
    assert found_by(answered) == ""


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"challenge": "AAAA"}, "CHALLENGE_DIFFERS"),
        ({"origin": "https://elsewhere.example"}, "ORIGIN_DIFFERS"),
        ({"rp_id": "elsewhere.example"}, "RP_ID_DIFFERS"),
        ({"flags": PRESENT}, "PERSON_NOT_VERIFIED"),
        ({"type": "webauthn.create"}, "ASSERTION_OF_ANOTHER_KIND"),
    ],
)
def test_what_does_not_verify_never_becomes_an_event(answered: World, said: dict, refused: str) -> None:
    device = enrol(answered, "approver-1")
    assert code(sign_by, answered, "approver-1", device, **said) == refused
    assert signers(answered) == []


def test_a_signature_made_for_another_statement_cannot_be_used_again(answered: World) -> None:
    device = enrol(answered, "approver-1")
    earlier = shown(answered, "approver-1")
    assertion = device.signs(earlier.canonical())
    answered.stage.calendar.move_to(START + timedelta(minutes=1))

    now = shown(answered, "approver-1")
    assert code(present, answered, "approver-1", device, now, assertion) == "CHALLENGE_DIFFERS"
    assert code(present, answered, "approver-1", device, replace(now, rows=now.rows + 1), assertion) == (
        "STATEMENT_OUTDATED"
    )


def test_what_was_shown_before_the_office_moved_or_an_hour_ago_is_not_signed(answered: World) -> None:
    device = enrol(answered, "approver-1")
    before = shown(answered, "approver-1")
    assertion = device.signs(before.canonical())
    answered.stage.calendar.move_to(START + timedelta(minutes=61))
    assert code(present, answered, "approver-1", device, before, assertion) == "STATEMENT_OUTDATED"

    now = shown(answered, "approver-1")
    assertion = device.signs(now.canonical())
    answered.hold()
    assert code(present, answered, "approver-1", device, now, assertion) == "STATEMENT_OUTDATED"
    later = replace(shown(answered, "approver-1"), at="2026-03-09T00:00:00Z")
    assert code(present, answered, "approver-1", device, later, device.signs(later.canonical())) == "STATEMENT_OUTDATED"


def test_the_passkey_of_another_officer_does_not_sign(answered: World) -> None:
    enrol(answered, "approver-1")
    other = enrol(answered, "approver-2")
    assert code(sign_by, answered, "approver-1", other) == "PASSKEY_NOT_YOURS"
    assert code(sign_by, answered, "approver-1", Authenticator()) == "PASSKEY_NOT_YOURS"


def test_one_officer_does_not_sign_twice_by_two_ways(answered: World) -> None:
    device = enrol(answered, "approver-1")
    answered.sign_answers("approver-1")
    assert code(sign_by, answered, "approver-1", device) == "SAME_OFFICER"


def test_only_who_may_sign_does_so_by_passkey(answered: World) -> None:
    device = enrol(answered, "operator")
    assert code(sign_by, answered, "operator", device) == "RIGHT_MISSING"


def test_other_answers_void_what_passkeys_signed(answered: World) -> None:
    one, two = enrol(answered, "approver-1"), enrol(answered, "approver-2")
    sign_by(answered, "approver-1", one)
    old = shown(answered, "approver-2")
    assertion = two.signs(old.canonical())
    reviewing.forgo(answered.office, answered.actor("counsel"), answered.batch, "The audit found errors.")
    assert answered.work() == "SIGNATURES_MISSING"

    assert signers(answered) == []
    assert code(present, answered, "approver-2", two, old, assertion) == "ANSWERS_CHANGED"
    sign_by(answered, "approver-2", two)
    assert answered.work() == "SIGNATURES_MISSING"
    sign_by(answered, "approver-1", one)
    due(answered)
    assert answered.release() > 0
    assert found_by(answered) == ""


def test_a_signature_ends_with_its_passkey_and_another_takes_its_place(answered: World) -> None:
    answered.granted("auditor", "approver")
    one, two, three = (enrol(answered, officer) for officer in ("approver-1", "approver-2", "auditor"))
    sign_by(answered, "approver-1", one)
    sign_by(answered, "approver-2", two)
    new = enrol(answered, "approver-1")
    due(answered)
    with pytest.raises(Waiting, match="SIGNATURES_MISSING"):
        answered.release()

    assert code(sign_by, answered, "approver-1", new) == "SAME_OFFICER"
    sign_by(answered, "auditor", three)
    assert answered.release() > 0
    assert found_by(answered) == ""


def test_a_passkey_is_entered_by_two_officers_neither_of_them_its_own(prepared: World) -> None:
    said = vouched(prepared, "registrar", Authenticator())
    assert code(acts.propose_entry, prepared.office, prepared.actor("registrar"), said) == "SELF_GRANT"
    said = vouched(prepared, "counsel", Authenticator())
    number = acts.propose_entry(prepared.office, prepared.actor("registrar"), said)
    approving = (prepared.office, prepared.actor("counsel"), "passkey", "counsel", number)
    assert code(acts.approve_entry, *approving) == "SELF_GRANT"


def test_a_passkey_that_is_only_proposed_signs_nothing(answered: World) -> None:
    device = Authenticator()
    acts.propose_entry(answered.office, answered.actor("registrar"), vouched(answered, "approver-1", device))
    assert code(sign_by, answered, "approver-1", device) == "PASSKEY_NOT_YOURS"


def test_a_passkey_belongs_to_one_officer_and_is_entered_once(prepared: World) -> None:
    device = enrol(prepared, "approver-1")
    assert code(enrol, prepared, "approver-1", device) == "TAKEN"
    assert code(enrol, prepared, "approver-2", device) == "TAKEN"
    again = Authenticator()
    again.key, again.cose = device.key, device.cose
    assert code(enrol, prepared, "approver-2", again) == "KEY_TAKEN"


def test_nobody_vouches_for_anothers_passkey(prepared: World) -> None:
    said = passkeys.unvouched("approver-1", Authenticator().passkey)
    key = prepared.stage.cast.officer_key("approver-2")
    assert code(passkeys.vouch, prepared.office, prepared.actor("approver-2"), said, key) == "PASSKEY_OF_ANOTHER"


@pytest.mark.parametrize(
    "change",
    [
        {"vouched": ""},
        {"subject": "approver-2"},
        {"origin": "https://other.console.office.example"},
        {"credential": "AAAA"},
    ],
)
def test_an_entry_that_its_officer_did_not_vouch_for_as_it_is_does_not_enter(
    prepared: World, tmp_path: Path, change: dict[str, str]
) -> None:
    said = replace(vouched(prepared, "approver-1", Authenticator()), **change)
    file = tmp_path / "file"
    file.write_text(passkeys.written(said))
    assert code(passkeys.passkey_proposal, prepared.office, file) == "PASSKEY_NOT_VOUCHED"
    with pytest.raises(Integrity, match="PASSKEY_NOT_VOUCHED"):
        prepared.entered(said)


def test_an_entry_with_another_keys_fingerprint_does_not_enter(prepared: World) -> None:
    said = replace(vouched(prepared, "approver-1", Authenticator()), key="00" * 32)
    with pytest.raises(Integrity, match="ENTRY_UNTRUE"):
        prepared.entered(said)


@pytest.mark.parametrize(
    ("rp_id", "origin"),
    [
        ("office.example", "http://office.example"),
        ("office.example", "https://badoffice.example"),
        ("office.example", "https://office.example/sign-in"),
        ("office.example", "https://someone@office.example"),
        ("", "https://office.example"),
        ("localhost", "http://127.0.0.1:8326"),
        ("evil.example", "http://localhost:8326"),
    ],
)
def test_a_passkey_is_bound_to_the_address_that_it_is_used_at(prepared: World, rp_id: str, origin: str) -> None:
    device = Authenticator(rp_id=rp_id, origin=origin)
    with pytest.raises(BadInput, match="PASSKEY_PLACE_UNFIT"):
        enrol(prepared, "approver-1", device)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"subject": 7}'])
def test_a_file_that_is_no_passkey_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    assert code(passkeys.read, file) == "PASSKEY_FILE_UNREADABLE"
    assert code(passkeys.read, tmp_path / "none") == "PASSKEY_FILE_UNREADABLE"


def record_regardless(world: World, officer: str, device: Authenticator, assertion: str = "", **said: object) -> None:
    """Record a passkey's signature past every check of the office; `said` changes what is recorded."""
    office, batch = world.office, world.office.batch(world.batch)
    statement = shown(world, officer)
    form = {"alg": "WebAuthn-ES256", "credential": device.passkey.credential} | said
    signature = assertion or device.signs(statement.canonical())
    event = Countersigned(officer, statement.form(), form["alg"], signature, form["credential"], "ab" * 32)
    if "statement" in said:
        event = replace(event, statement=said["statement"])
    office.record(office.act(world.actor(officer), "approver", "review sign"), [event], office.state(), batch)


def test_a_stranger_finds_a_signature_older_than_its_passkey(answered: World, monkeypatch) -> None:
    answered.sign_answers("approver-2")
    device, before = Authenticator(), shown(answered, "approver-1")
    answered.stage.calendar.move_to(START + timedelta(minutes=1))
    enrol(answered, "approver-1", device)
    record_regardless(answered, "approver-1", device, device.signs(before.canonical()), statement=before.form())
    intend_regardless(answered, monkeypatch)
    assert found_by(answered) == "PASSKEY_NOT_YET_ENTERED"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"origin": "https://elsewhere.example"}, "ORIGIN_DIFFERS"),
        ({"rp_id": "elsewhere.example"}, "RP_ID_DIFFERS"),
        ({"flags": PRESENT}, "PERSON_NOT_VERIFIED"),
        ({"challenge": "AAAA"}, "CHALLENGE_DIFFERS"),
    ],
)
def test_a_stranger_finds_what_the_office_should_have_refused(
    answered: World, monkeypatch, said: dict, found: str
) -> None:
    answered.sign_answers("approver-2")
    device = enrol(answered, "approver-1")
    record_regardless(answered, "approver-1", device, device.signs(shown(answered, "approver-1").canonical(), **said))
    intend_regardless(answered, monkeypatch)
    assert found_by(answered) == found


def test_a_stranger_finds_a_signature_with_another_officers_passkey(answered: World, monkeypatch) -> None:
    other = enrol(answered, "approver-2")
    answered.sign_answers("approver-2")
    record_regardless(answered, "approver-1", other)
    intend_regardless(answered, monkeypatch)
    assert found_by(answered) == "SIGNER_UNKNOWN"


def test_a_stranger_finds_a_passkey_that_nobody_entered_or_of_another_kind(answered: World, monkeypatch) -> None:
    answered.sign_answers("approver-2")
    record_regardless(answered, "approver-1", Authenticator())
    intend_regardless(answered, monkeypatch)
    assert found_by(answered) == "PASSKEY_UNKNOWN"


def test_a_stranger_finds_a_passkey_that_its_officer_did_not_vouch_for(prepared: World, monkeypatch) -> None:
    monkeypatch.setattr(acts, "require_vouched", lambda *_: None)
    prepared.entered(replace(vouched(prepared, "approver-1", Authenticator()), subject="approver-2"))
    assert "PASSKEY_NOT_VOUCHED" in found_next_day(prepared)


def test_refusals_are_the_laws_and_not_the_readers(answered: World) -> None:
    device = enrol(answered, "approver-1")
    with pytest.raises(Refused):
        sign_by(answered, "approver-1", Authenticator())
    sign_by(answered, "approver-1", device)
