"""Who is who in the office: one key is one person, and a hold names what it stops."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from comity.case.errors import BadInput, Refused, Waiting
from comity.crypto import Authority, Certificate, P256Key, Purpose, issue
from comity.demo.cast import SIGNATORY
from comity.office import acts, reviewing, story
from comity.office.proposals import officer_proposal, recipients_proposal, signatory_proposal
from comity.office.rehearsal import rehearsal_certificate, years_after
from comity.oversight.verify import verify_log
from tests.world import START, World

LONG = years_after(START)
DUE = START + timedelta(days=40)


def certificate_for(key: P256Key, authority: Authority, path: Path, until: datetime = LONG) -> Certificate:
    """Another certificate for a key that somebody has already."""
    made = issue(authority, "other", "Office", key.public_key, Purpose.SIGNING | Purpose.SEALING, START, until)
    made.save(path)
    return made


def add_officer(world: World, officer: str, path: Path, role: str = "approver") -> None:
    world.entered(officer_proposal(world.office, officer, officer, path, [role]))


def add_approver(world: World, officer: str, until: datetime) -> P256Key:
    key = P256Key.generate()
    certificate_for(key, world.stage.cast.custodian, world.place / f"{officer}.pem", until)
    add_officer(world, officer, world.place / f"{officer}.pem")
    return key


def sign(world: World, officer: str, key: P256Key) -> None:
    reviewing.sign(world.office, world.office.identify(officer, key), world.batch, key)


@pytest.mark.parametrize("whose", ["approver-1", "the office", "a recipient", "the signatory"])
def test_a_key_that_the_registers_know_makes_no_officer(prepared: World, whose: str) -> None:
    cast = prepared.stage.cast
    keys = {
        "approver-1": cast.officer_key("approver-1"),
        "the office": prepared.office.home.office_key,
        "a recipient": cast.agency_key("ICE-R016"),
        "the signatory": cast.agency_key(SIGNATORY),
    }
    certificate_for(keys[whose], cast.custodian, prepared.place / "other.pem")
    with pytest.raises(Refused, match="KEY_TAKEN"):
        add_officer(prepared, "other", prepared.place / "other.pem")
    assert "other" not in prepared.office.state().officers


def test_an_officers_key_makes_no_signatory_and_no_recipient(prepared: World) -> None:
    cast = prepared.stage.cast
    certificate_for(cast.officer_key("operator"), cast.requester, cast.agency / "other.pem")
    office = prepared.office
    held = {"office": "HEAD_OF_AGENCY", "basis": "statute"}
    term = (START.date(), START.date())
    with pytest.raises(Refused, match="KEY_TAKEN"):
        prepared.entered(signatory_proposal(office, "other", "ICE", "Other", held, cast.agency / "other.pem", term))
    row = {"recipient": "other", "agency": "ICE", "name": "Other", "role": "Special Agent", "office_address": "-"}
    with pytest.raises(Refused, match="KEY_TAKEN"):
        prepared.entered(recipients_proposal(office, [row], cast.agency, "ICE-CASES"))


def test_who_signed_the_submission_does_not_sign_the_answers_under_another_certificate(answered: World) -> None:
    cast = answered.stage.cast
    key = cast.agency_key(SIGNATORY)
    # The register knows the signatory by a newer key, so the older one is nobody's there.
    certificate_for(P256Key.generate(), cast.requester, cast.agency / "newer.pem")
    held, term = {"office": "HEAD_OF_AGENCY", "basis": "statute"}, (START.date(), (DUE + timedelta(days=30)).date())
    newer = cast.agency / "newer.pem"
    answered.entered(signatory_proposal(answered.office, SIGNATORY, "ICE", "The Signatory", held, newer, term))
    certificate_for(key, cast.custodian, answered.place / "other.pem")
    add_officer(answered, "other", answered.place / "other.pem")
    sign(answered, "other", key)
    answered.sign_answers("approver-2")
    answered.stage.calendar.move_to(DUE)
    with pytest.raises(Refused, match="SIGNER_INVOLVED"):
        answered.release()


def test_who_received_a_submission_does_not_sign_its_answers(prepared: World) -> None:
    prepared.granted("approver-1", "examiner")
    story.receive(prepared.office, prepared.actor("approver-1"), prepared.package)
    prepared.to_answers()
    with pytest.raises(Refused, match="SOD_VIOLATION"):
        prepared.sign_answers("approver-1")


def test_a_certificate_that_ends_before_the_answer_is_due_signs_nothing(answered: World) -> None:
    key = add_approver(answered, "brief", START + timedelta(days=10))
    with pytest.raises(Refused, match="CERTIFICATE_ENDS_TOO_SOON"):
        sign(answered, "brief", key)


def test_a_signature_whose_certificate_ended_before_a_late_release_is_replaced(answered: World) -> None:
    key = add_approver(answered, "brief", START + timedelta(days=35))
    sign(answered, "brief", key)
    answered.sign_answers("approver-2")
    answered.stage.calendar.move_to(DUE)
    with pytest.raises(Waiting, match="SIGNATURES_MISSING"):
        answered.release()
    answered.sign_answers("approver-1")
    assert answered.release() == 40
    assert verify_log(answered.place / "home").sealed == 1


def test_a_hold_on_a_mistyped_agreement_is_refused_and_the_office_opens_as_before(prepared: World) -> None:
    for agreement in ("irs-ice-2025", "irs_ice_2025 "):
        with pytest.raises(BadInput, match="AGREEMENT_UNKNOWN"):
            prepared.hold(agreement=agreement)
    with pytest.raises(BadInput, match="ID_UNFIT"):
        prepared.hold("H\u20131")
    prepared.reopen()
    assert not prepared.office.state().holds


def test_a_recipients_id_is_no_path(prepared: World) -> None:
    row = {"recipient": "../agency/ICE-R016", "agency": "ICE", "name": "", "role": "", "office_address": ""}
    with pytest.raises(BadInput, match="ID_UNFIT"):
        recipients_proposal(prepared.office, [row], prepared.stage.cast.agency, "ICE-CASES")


def test_a_certificate_that_ended_since_the_proposal_is_not_approved(prepared: World) -> None:
    office, cast = prepared.office, prepared.stage.cast
    brief, later = START + timedelta(days=10), START + timedelta(days=11)
    own, agency = prepared.place / "brief.pem", cast.agency / "brief.pem"
    certificate_for(P256Key.generate(), cast.custodian, own, brief)
    certificate_for(P256Key.generate(), cast.requester, agency, brief)
    held, term = {"office": "HEAD_OF_AGENCY", "basis": "statute"}, (START.date(), LONG.date())
    row = {"recipient": "brief", "agency": "ICE", "name": "Brief", "role": "Special Agent", "office_address": "-"}
    waiting = [
        officer_proposal(office, "brief", "Brief", own, ["approver"]),
        signatory_proposal(office, "brief-head", "ICE", "Brief", held, agency, term),
    ]
    certificate_for(P256Key.generate(), cast.requester, agency, brief)
    waiting.append(recipients_proposal(office, [row], cast.agency, "ICE-BRIEF"))
    for said in waiting:
        acts.propose_entry(office, prepared.actor("registrar"), said)

    prepared.stage.calendar.move_to(later)
    for said in waiting:
        with pytest.raises(BadInput, match="CERTIFICATE"):
            acts.approve_entry(office, prepared.actor("counsel"), said.register, said.subject, 1)
    assert "brief" not in office.state().officers
    assert "brief-head" not in office.state().signatories
    assert "brief" not in office.state().recipients


def test_a_proper_officer_still_enters(prepared: World) -> None:
    rehearsal_certificate(prepared.stage.cast.custodian, prepared.place, "zed", "zed", START)
    add_officer(prepared, "zed", prepared.place / "zed.pem")
    assert "zed" in prepared.office.state().officers
