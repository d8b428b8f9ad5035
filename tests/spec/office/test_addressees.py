"""What keeps a batch from being intended and never sealed: who can be answered is known before the intent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.case.errors import BadInput, Refused
from comity.crypto import Certificate, Purpose, issue
from comity.demo.cast import SIGNATORY
from comity.intake import Cover, Signatory
from comity.office import handing, intending
from comity.office.proposals import recipients_proposal, signatory_proposal
from comity.office.rehearsal import years_after
from tests.world import AGREEMENT, START, World, submission_id

FEW = "request_id <= 'SMALL-00003'"
SECOND = submission_id(2)
TERM = (START.date(), START.date().replace(year=2099))


def through(world: World) -> list[str]:
    """Carry the second submission to its replies; whose they are."""
    world.to_signed(SECOND)
    world.release(SECOND)
    return handing.recipients(world.office, world.office.batch(SECOND))


def answers(world: World) -> dict[str, int]:
    return world.office.batch(SECOND).answers.counts


@pytest.mark.parametrize("said", [{"agency": "FOO"}, {"agreement_version": "9.9"}])
def test_a_submission_in_a_wrong_name_or_version_goes_back_to_who_signed_it(
    prepared: World, said: dict[str, str]
) -> None:
    prepared.receive(prepared.sent(2, FEW, **said))
    assert through(prepared) == ["signatory"]
    assert answers(prepared) == {"RETURNED": 3}


def test_requests_that_name_a_recipient_under_another_certificate_go_back(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [replace(known, certificate="0" * 64) for known in prepared.recipients()]
    monkeypatch.setattr(prepared, "recipients", lambda: listed)
    prepared.receive(prepared.sent(2, FEW))
    assert through(prepared) == ["signatory"]
    assert answers(prepared) == {"RETURNED": 3}


def test_a_reply_that_could_not_be_sealed_is_not_even_intended(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = intending.addressees

    def without_roots(*arguments):
        return replace(found(*arguments), roots=())

    monkeypatch.setattr(intending, "addressees", without_roots)
    with pytest.raises(Refused, match="CERTIFICATE_UNTRUSTED"):
        signed.release()
    assert signed.office.batch(signed.batch).intended is None
    monkeypatch.undo()
    assert signed.release() == 40


def signing_only(world: World, person: str) -> Certificate:
    """A certificate for the signatory's key that nothing can be sealed to."""
    cast = world.stage.cast
    key = cast.agency_key(SIGNATORY)
    key.save(cast.agency / f"{person}.key")
    made = issue(cast.requester, person, "ICE", key.public_key, Purpose.SIGNING, START, years_after(START))
    made.save(cast.agency / f"{person}.pem")
    return made


def test_whom_nothing_can_be_sealed_to_is_neither_signatory_nor_recipient(prepared: World) -> None:
    signing_only(prepared, "plain")
    office, folder = prepared.office, prepared.stage.cast.agency
    held = {"office": "HEAD_OF_AGENCY", "basis": "statute"}
    with pytest.raises(BadInput, match="CERTIFICATE_WRONG_PURPOSE"):
        signatory_proposal(office, "plain", "ICE", "Plain", held, folder / "plain.pem", TERM)
    row = {"recipient": "plain", "agency": "ICE", "name": "Plain", "role": "Special Agent", "office_address": "-"}
    with pytest.raises(BadInput, match="CERTIFICATE_WRONG_PURPOSE"):
        recipients_proposal(office, [row], folder, "ICE-CASES")


def test_other_terms_between_ruling_and_release_stop_it_until_the_ruled_ones_are_back(signed: World) -> None:
    signed.agreed(AGREEMENT, TERM, {"evidence": "third_identifier"})
    with pytest.raises(Refused, match="AGREEMENT_CHANGED"):
        signed.release()
    assert signed.office.batch(signed.batch).intended is None
    signed.agreed(AGREEMENT, TERM, {})
    assert signed.release() == 40


def test_a_submission_signed_by_a_certificate_without_a_seal_makes_no_batch(prepared: World) -> None:
    signing_only(prepared, "plain")
    package = prepared.sent(2, FEW)
    cover = Cover.from_bytes((package / "cover.json").read_bytes())
    prepared.sign(package, replace(cover, signatory=Signatory("plain", "HEAD_OF_AGENCY", "statute")), "plain")
    with pytest.raises(BadInput, match="CERTIFICATE_WRONG_PURPOSE"):
        prepared.receive(package)
    assert prepared.office.store.streams() == ["office"]
