"""An office begins with two officers, one to propose and one to approve; everybody else enters through both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from comity.case.errors import BadInput, ComityError, Integrity, Refused
from comity.crypto import Authority, P256Key, Purpose, issue
from comity.office import acts
from comity.office.desk import Office
from comity.office.founding import Founder, found_office
from comity.office.proposals import officer_proposal, role_proposal
from comity.office.rehearsal import rehearsal_authority, rehearsal_certificate, years_after
from comity.oversight.entered import require_by_right
from comity.oversight.verify import verify_log
from tests.world import START, World


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """The authority of an office that is yet to be founded, with certificates for ann and lil."""
    made = rehearsal_authority(tmp_path / "authority", "Rehearsal", START)
    for officer in ("ann", "lil"):
        rehearsal_certificate(made, tmp_path, officer, officer, START)
    return made


def founded(place: Path, registrar: str = "ann", counsel: str = "lil") -> Office:
    first, second = (Founder(who, who, place / f"{who}.pem") for who in (registrar, counsel))
    return found_office(place / "home", "office", place / "authority", first, second, lambda: START)


def refusal(kind: type[ComityError], place: Path, registrar: str, counsel: str) -> str:
    with pytest.raises(kind) as caught:
        founded(place, registrar, counsel)
    assert not (place / "home").exists()
    return caught.value.code


@pytest.mark.usefixtures("authority")
def test_the_first_events_name_the_registrar_and_the_counsel(tmp_path: Path) -> None:
    office = founded(tmp_path)
    told = office.store.read("office")
    assert [event.type for event in told] == ["office_opened", "founder_named", "founder_named"]
    assert [(event.body["officer"], event.body["role_held"]) for event in told[1:]] == [
        ("ann", "registrar"),
        ("lil", "counsel"),
    ]
    assert verify_log(tmp_path / "home").office_events == 1
    office.store.close()


@pytest.mark.usefixtures("authority")
def test_nobody_founds_an_office_alone(tmp_path: Path) -> None:
    assert refusal(Refused, tmp_path, "ann", "ann") == "FOUNDERS_ALIKE"


def test_two_founders_with_one_key_are_one_person(tmp_path: Path, authority: Authority) -> None:
    key, until = P256Key.load(tmp_path / "ann.key"), years_after(START)
    issue(authority, "bob", "Office", key.public_key, Purpose.SIGNING, START, until).save(tmp_path / "bob.pem")
    assert refusal(Refused, tmp_path, "ann", "bob") == "FOUNDERS_ALIKE"


def test_a_founder_does_not_hold_the_key_that_issues_certificates(tmp_path: Path, authority: Authority) -> None:
    until = years_after(START)
    own = authority.certificate.public_key
    issue(authority, "eve", "Office", own, Purpose.SIGNING, START, until).save(tmp_path / "eve.pem")
    assert refusal(Refused, tmp_path, "ann", "eve") == "KEY_TAKEN"


@pytest.mark.usefixtures("authority")
@pytest.mark.parametrize("whose", ["certificate", "authority"])
def test_a_log_whose_founder_holds_a_key_of_the_office_itself_is_refused(tmp_path: Path, whose: str) -> None:
    office = founded(tmp_path)
    held, counsel = getattr(office.home, whose), office.store.read("office")[2]
    told = {"certificate": held.pem().decode(), "fingerprint": held.fingerprint, "key": held.key_fingerprint}
    require_by_right(office.state_at(2), counsel)
    with pytest.raises(Integrity, match="FOUNDING_UNFIT"):
        require_by_right(office.state_at(2), replace(counsel, body={**counsel.body, **told}))
    office.store.close()


@pytest.mark.usefixtures("authority")
def test_a_founder_has_a_certificate_of_the_offices_own_authority(tmp_path: Path) -> None:
    other = rehearsal_authority(tmp_path / "other", "Other", START)
    rehearsal_certificate(other, tmp_path, "eve", "eve", START)
    assert refusal(BadInput, tmp_path, "ann", "eve") == "CERTIFICATE_UNTRUSTED"
    assert refusal(BadInput, tmp_path, "ann", "nobody") == "CERTIFICATE_MISSING"


def test_an_officer_has_no_right_before_the_approval(prepared: World) -> None:
    rehearsal_certificate(prepared.stage.cast.custodian, prepared.place, "ann", "ann", START)
    office, registrar, key = prepared.office, prepared.actor("registrar"), P256Key.load(prepared.place / "ann.key")
    acts.propose_entry(
        office, registrar, officer_proposal(office, "ann", "ann", prepared.place / "ann.pem", ["operator"])
    )
    with pytest.raises(Refused, match="OFFICER_UNKNOWN"):
        office.identify("ann", key)
    with pytest.raises(Refused, match="RIGHT_MISSING"):
        acts.approve_entry(office, registrar, "officer", "ann", 1)
    acts.approve_entry(office, prepared.actor("counsel"), "officer", "ann", 1)
    assert office.identify("ann", key).roles == {"operator"}


def test_nobody_proposes_or_approves_a_role_of_their_own(prepared: World) -> None:
    office, registrar, counsel = prepared.office, prepared.actor("registrar"), prepared.actor("counsel")
    with pytest.raises(Refused, match="SELF_GRANT"):
        acts.propose_entry(office, registrar, role_proposal(office, "registrar", "approver"))
    acts.propose_entry(office, registrar, role_proposal(office, "counsel", "approver"))
    with pytest.raises(Refused, match="SELF_GRANT"):
        acts.approve_entry(office, counsel, "officer", "counsel", 1)
    assert office.state().officer("counsel").roles == {"counsel"}


@pytest.mark.parametrize("roles", [[], ["king"], ["operator", "king"]])
def test_a_role_is_one_of_those_that_have_rights(prepared: World, roles: list[str]) -> None:
    with pytest.raises(BadInput, match="ROLE_UNKNOWN"):
        officer_proposal(prepared.office, "ann", "ann", prepared.stage.cast.officers / "counsel.pem", roles)


def test_all_recipients_are_one_proposal_and_one_approval(prepared: World) -> None:
    told = [event.type for event in prepared.office.store.read("office")]
    assert told.count("recipients_proposed") == 1
    [entry] = prepared.office.state().entries["recipient", "ICE-CASES"]
    assert entry.said.rows == len(prepared.office.state().recipients) > 1
    assert (entry.proposed_by, entry.approved_by) == ("registrar", "counsel")
