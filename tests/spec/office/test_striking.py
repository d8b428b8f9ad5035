"""Whoever was struck off acts no more from that hour; what was done before stays, and what was begun is asked again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity.case.envelope import OFFICE, Act, batch_stream, envelope, stamp
from comity.case.errors import BadInput, Integrity, Refused
from comity.case.office_events import EntryApproved, SignInSetUp, StrikeProposed
from comity.crypto import Certificate, sign_detached
from comity.office import acts, handing, replaying, story
from comity.office.desk import Office
from comity.oversight.verify import verify_log
from tests.spec.oversight.test_verify import hand_all_over, small
from tests.world import START, World


def strike(world: World, subject: str, of: str = "officer", part: str = "", days: int = 0) -> StrikeProposed:
    since = (world.office.now() + timedelta(days=days)).date().isoformat()
    return StrikeProposed(subject, of, part, "Left.", since)


def struck(world: World, subject: str, of: str = "officer", part: str = "", days: int = 0) -> None:
    """The registrar proposes a strike and counsel approves it."""
    said = strike(world, subject, of, part, days)
    number = acts.propose_entry(world.office, world.actor("registrar"), said)
    acts.approve_entry(world.office, world.actor("counsel"), "strike", subject, number)


def refused(kind: type[Exception], code: str, call, *arguments, **named) -> None:
    with pytest.raises(kind) as caught:
        call(*arguments, **named)
    assert caught.value.code == code


def found_by(world: World) -> str:
    """What verification finds once the office's events of the day are closed; '' if nothing."""
    world.stage.calendar.move_to(world.office.now() + timedelta(days=1))
    world.hold("next-day")
    try:
        verify_log(world.place / "home")
    except Integrity as error:
        return error.code
    return ""


def root_of(world: World) -> str:
    return world.office.state().entry("authority", "ICE", 1).said.fingerprint


def test_an_officer_who_was_struck_off_is_proved_no_more_and_acts_no_more(prepared: World) -> None:
    before = prepared.actor("operator")
    struck(prepared, "operator")
    refused(
        Refused, "OFFICER_STRUCK_OFF", prepared.office.identify, "operator", prepared.stage.cast.officer_key("operator")
    )
    refused(Refused, "OFFICER_STRUCK_OFF", prepared.office.admit, "operator")
    refused(Refused, "RIGHT_MISSING", story.receive, prepared.office, before, prepared.package)
    assert found_by(prepared) == ""


def test_one_role_is_struck_off_and_the_other_stays(prepared: World) -> None:
    prepared.granted("operator", "auditor")
    struck(prepared, "operator", part="operator")
    refused(Refused, "RIGHT_MISSING", prepared.receive)
    assert prepared.office.require(prepared.actor("operator"), "read_sign_ins") == "auditor"


def test_a_strike_takes_effect_on_its_day_without_any_event_of_that_day(prepared: World) -> None:
    struck(prepared, "operator", days=1)
    batch = prepared.receive()
    prepared.stage.calendar.move_to(START + timedelta(days=1))
    refused(Refused, "RIGHT_MISSING", story.work, prepared.office, prepared.actor("operator"), batch)
    assert found_by(prepared) == ""


def test_a_role_that_is_struck_off_while_an_act_is_under_way_stops_the_act(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    transmitter, asked = signed.actor("transmitter"), Office.require

    def require_then_strike(office, actor, act, *rest, **more):
        role = asked(office, actor, act, *rest, **more)
        if act == "release":
            monkeypatch.setattr(Office, "require", asked)
            struck(signed, "transmitter")
        return role

    monkeypatch.setattr(Office, "require", require_then_strike)
    refused(Refused, "ROLE_STRUCK_OFF", story.accounting, signed.office, transmitter, signed.batch)
    assert signed.office.batch(signed.batch).intended is None


def test_nobody_has_a_part_in_a_strike_of_their_own(prepared: World) -> None:
    prepared.granted("hold-officer", "counsel")
    said = strike(prepared, "counsel")
    number = acts.propose_entry(prepared.office, prepared.actor("registrar"), said)
    refused(
        Refused,
        "SELF_GRANT",
        acts.approve_entry,
        prepared.office,
        prepared.actor("counsel"),
        "strike",
        "counsel",
        number,
    )
    own = strike(prepared, "registrar")
    refused(Refused, "SELF_GRANT", acts.propose_entry, prepared.office, prepared.actor("registrar"), own)
    acts.approve_entry(prepared.office, prepared.actor("hold-officer"), "strike", "counsel", number)
    refused(Refused, "LAST_OF_ITS_ROLE", struck_by, prepared, "hold-officer")


def struck_by(world: World, subject: str) -> None:
    acts.propose_entry(world.office, world.actor("registrar"), strike(world, subject))


def test_the_answers_are_signed_anew_where_a_signer_was_struck_off(signed: World) -> None:
    signed.granted("examiner", "approver")
    signed.granted("auditor", "approver")
    struck(signed, "approver-1")
    refused(Refused, "SIGNER_STRUCK_OFF", signed.release)
    signed.sign_answers("auditor")
    signed.release()
    assert found_by(signed) == ""


def test_a_signer_struck_off_between_intent_and_sealing_stops_the_sealing(signed: World) -> None:
    story.accounting(signed.office, signed.actor("transmitter"), signed.batch)
    struck(signed, "approver-1", part="approver")
    refused(Refused, "SIGNER_STRUCK_OFF", signed.release)
    story.abandon(signed.office, signed.actor("transmitter"), signed.batch, "A signer was struck off.")
    signed.granted("auditor", "approver")
    assert signed.work() == "SIGNATURES_MISSING"
    for officer in ("approver-2", "auditor"):
        signed.sign_answers(officer)
    signed.release()
    assert found_by(signed) == ""


def test_what_was_released_before_the_strike_of_everybody_in_it_verifies(prepared: World) -> None:
    batch = small(prepared)
    hand_all_over(prepared, batch)
    for officer in ("approver-1", "approver-2", "transmitter", "operator", "examiner"):
        struck(prepared, officer)
    assert found_by(prepared) == ""
    assert replaying.replay_batch(prepared.office, prepared.actor("auditor"), batch)


def test_a_replay_reads_the_registers_of_the_day_on_which_the_gates_ruled(prepared: World) -> None:
    struck(prepared, "ICE-R001", "recipient", days=1)
    batch = prepared.receive()
    prepared.stage.calendar.move_to(START + timedelta(days=1))
    prepared.work(batch)
    assert replaying.replay_batch(prepared.office, prepared.actor("auditor"), batch)


def test_a_recipient_who_was_struck_off_gets_no_sealed_reply(sealed: World) -> None:
    struck(sealed, "ICE-R001", "recipient")
    refused(Refused, "RECIPIENT_STRUCK_OFF", sealed.collect, "ICE-R001", sealed.place / "reply")
    sealed.collect("ICE-R016", sealed.place / "reply")
    assert found_by(sealed) == ""


def test_a_batch_that_names_a_recipient_who_was_struck_off_is_not_released(signed: World) -> None:
    struck(signed, "ICE-R001", "recipient")
    refused(Refused, "LAPSED_SINCE_RECEIPT", signed.release)


def test_under_a_root_that_was_struck_off_nothing_is_released_or_handed_over(sealed: World) -> None:
    struck(sealed, "ICE", "authority", root_of(sealed))
    refused(Refused, "AUTHORITY_STRUCK_OFF", sealed.collect, "ICE-R001", sealed.place / "reply")
    refused(BadInput, "CERTIFICATE_UNTRUSTED", sealed.receive, sealed.sent(2))


def test_a_recipient_acknowledges_after_a_strike_what_was_handed_over_before(prepared: World) -> None:
    batch = small(prepared)
    collected = handing.recipients(prepared.office, prepared.office.batch(batch))
    for recipient in collected:
        prepared.collect(recipient, prepared.place / f"early-{recipient}", batch)
    for recipient in [who for who in collected if who != "signatory"]:
        struck(prepared, recipient, "recipient")
    struck(prepared, "ICE", "authority", root_of(prepared))
    prepared.office.batch(batch)
    acknowledge_all(prepared, batch)
    assert prepared.office.batch(batch).closed
    assert found_by(prepared) == ""


def acknowledge_all(world: World, batch: str) -> None:
    for recipient in handing.recipients(world.office, world.office.batch(batch)):
        entry = handing.reply_entry(world.office, world.office.batch(batch), recipient)
        certificate = Certificate.load(world.stage.cast.agency / f"{recipient}.pem")
        token = sign_detached(entry["plaintext_digest"].encode(), world.stage.cast.agency_key(recipient), certificate)
        signature = world.place / "signature"
        signature.write_text(token)
        story.acknowledge(world.office, world.actor("transmitter"), batch, recipient, signature)


@pytest.mark.parametrize(
    ("of", "subject", "code"),
    [("signatory", "signatory", "SIGNATORY_NOT_AUTHORISED"), ("agreement", "irs_ice_2025", "AGREEMENT_NOT_IN_FORCE")],
)
def test_a_batch_at_work_stops_where_its_signatory_or_agreement_was_struck_off(
    signed: World, of: str, subject: str, code: str
) -> None:
    struck(signed, subject, of)
    refused(Refused, code, signed.release)


def test_an_agency_that_was_struck_off_is_answered_no_more(sealed: World) -> None:
    struck(sealed, "ICE", "agency")
    refused(Refused, "LAPSED_SINCE_RECEIPT", sealed.collect, "ICE-R001", sealed.place / "reply")


def forged(world: World, officer: str, role: str, event, batch: str = "") -> None:
    """Written into the database behind the office's back, which asks nobody."""
    act = Act(officer, role, "an act", stamp(world.office.now()))
    stream = batch_stream(batch) if batch else OFFICE
    version = world.office.any_batch(batch).version if batch else world.office.state().version
    world.office.append([envelope(event, act, stream, version + 1)], {stream: version})


def test_an_act_of_the_office_after_the_strike_of_its_officer_is_found(prepared: World) -> None:
    struck(prepared, "operator")
    forged(prepared, "operator", "operator", SignInSetUp("operator", ["passkey"]))
    assert found_by(prepared) == "ACT_WITHOUT_RIGHT"


def test_a_strike_by_one_officer_alone_is_found(prepared: World) -> None:
    forged(prepared, "registrar", "registrar", strike(prepared, "operator"))
    forged(prepared, "registrar", "counsel", EntryApproved("strike", "operator", 1))
    assert found_by(prepared) == "ENTRY_NOT_BY_RIGHT"


def test_a_strike_that_leaves_no_registrar_is_found(prepared: World) -> None:
    forged(prepared, "registrar", "registrar", strike(prepared, "registrar"))
    assert found_by(prepared) == "ENTRY_NOT_BY_RIGHT"


def test_a_reply_that_left_for_a_recipient_who_was_struck_off_is_found(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = small(prepared)
    recipient = next(
        who for who in handing.recipients(prepared.office, prepared.office.batch(batch)) if who != "signatory"
    )
    struck(prepared, recipient, "recipient")
    with monkeypatch.context() as blind:
        blind.setattr(handing, "require_still_entitled", lambda *_: None)
        hand_all_over(prepared, batch)
    assert found_by(prepared) == "RECIPIENT_STRUCK_OFF"


def test_a_sealing_on_the_signature_of_somebody_struck_off_is_found(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.accounting(signed.office, signed.actor("transmitter"), signed.batch)
    batch, state = signed.office.batch(signed.batch), signed.office.state()
    granted = handing.permit_for(signed.office, batch, state)
    struck(signed, "approver-1")
    with monkeypatch.context() as blind:
        blind.setattr(handing, "permit_for", lambda *_: granted)
        signed.release()
    assert found_by(signed) == "SIGNER_STRUCK_OFF"


@pytest.mark.parametrize("days", [0, 1])
def test_an_act_on_a_batch_after_the_strike_of_its_officer_is_found(
    prepared: World, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    batch = small(prepared)
    struck(prepared, "transmitter", days=days)
    prepared.stage.calendar.move_to(prepared.office.now() + timedelta(days=days, hours=1))
    with monkeypatch.context() as blind:
        blind.setattr(Office, "require", lambda *_, **__: "transmitter")
        blind.setattr(Office, "require_still", lambda *_: None)
        hand_all_over(prepared, batch)
    # What the office knew at an hour is told once an event after it is opened.
    prepared.stage.calendar.move_to(prepared.office.now() + timedelta(hours=1))
    prepared.granted("operator", "auditor")
    assert found_by(prepared) == "RIGHT_MISSING"
