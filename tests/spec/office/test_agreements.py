"""An office works under any agreement that its counsel approved, by the exact text that its home keeps."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from comity.agreements import find, load
from comity.case.errors import BadInput, Integrity, Refused
from comity.case.registers import AGREEMENT as REGISTER
from comity.demo.cast import SIGNATORY
from comity.demo.stage import AGREEMENT
from comity.intake import Attested, Signatory
from comity.office import acts
from comity.office.proposals import agreement_proposal
from comity.office.receiving import agreement_in_force
from comity.oversight.verify import verify_log
from docs.source import ROOT
from tests.world import World

EXAMPLE = ROOT / "examples" / "benefit_match"
TERM = (date(2025, 10, 1), date(2099, 12, 31))
ASKED = (
    "'5 U.S.C. § 552a(o)' AS statute, 'ADDRESS_VERIFICATION' AS purpose, 'HAA-000001' AS case_id, "
    "DATE '2025-09-01' AS case_opened_on"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an agreement that does not ship."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "elsewhere"))


def agree(world: World, folder: Path, terms: dict[str, object] | None = None) -> str:
    return world.agreed(str(folder), TERM, terms or {})


def propose(world: World, folder: Path, officer: str = "registrar") -> int:
    actor = world.actor(officer)
    return acts.propose_entry(world.office, actor, agreement_proposal(world.office, actor, str(folder), TERM, {}))


def asked_under(world: World, folder: Path) -> Path:
    wording = find(str(folder)).attestation()
    said = {"agreement": "benefit_match", "attestation": Attested(wording.version, wording.digest)}
    signatory = Signatory(SIGNATORY, "HEAD_OF_AGENCY", "statute")
    return world.sent(2, changed=ASKED, **said, signatory=signatory)


def test_a_folder_is_worked_under_from_the_package_to_the_reply(prepared: World, folder: Path) -> None:
    assert agree(prepared, folder, {"release_hour": 8}) == "benefit_match"
    package = asked_under(prepared, folder)
    shutil.rmtree(folder)
    batch = prepared.receive(package)
    prepared.to_signed(batch)
    ruled = prepared.office.batch(batch).ruled
    assert ruled is not None
    assert ruled.agreement_digest == prepared.office.state().agreement("benefit_match").digest
    assert ruled.passed > 0
    assert prepared.release(batch) > 0
    copy = prepared.place / "copy"
    for part in ("log", "batches", "agreements"):
        shutil.copytree(prepared.place / "home" / part, copy / part)
    assert verify_log(copy).sealed == 1
    shutil.rmtree(copy / "agreements")
    with pytest.raises(Integrity, match="AGREEMENT_MISSING"):
        verify_log(copy)


def test_what_is_read_later_is_the_text_that_was_proposed(prepared: World, folder: Path) -> None:
    agree(prepared, folder)
    state = prepared.office.state()
    (folder / "gates.toml").write_text("", "utf-8")
    assert agreement_in_force(prepared.office, state, "benefit_match").gates == find(str(EXAMPLE)).gates


def test_the_text_of_an_agreement_that_ships_is_kept_as_well(prepared: World) -> None:
    digest = prepared.office.state().agreement(AGREEMENT).digest
    text = prepared.office.home.agreements / digest / "text"
    assert find(str(text)).digest == load(AGREEMENT).digest


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("text/gates.toml", "# Another remark.\n", "AGREEMENT_TEXT_CHANGED"),
        ("settings.json", "not JSON", "AGREEMENT_MISSING"),
    ],
)
def test_a_kept_text_that_was_touched_is_not_worked_under(
    prepared: World, folder: Path, file: str, content: str, code: str
) -> None:
    agree(prepared, folder)
    state = prepared.office.state()
    kept = prepared.office.home.agreements / state.agreement("benefit_match").digest / file
    kept.write_text(kept.read_text("utf-8") + content, "utf-8")
    with pytest.raises(Integrity, match=code):
        agreement_in_force(prepared.office, state, "benefit_match")


def test_settings_that_were_touched_are_not_worked_under(prepared: World, folder: Path) -> None:
    agree(prepared, folder, {"answer_days": 21})
    state = prepared.office.state()
    kept = prepared.office.home.agreements / state.agreement("benefit_match").digest / "settings.json"
    kept.write_text('{"answer_days": 0}', "utf-8")
    with pytest.raises(Integrity, match="AGREEMENT_TEXT_CHANGED"):
        agreement_in_force(prepared.office, state, "benefit_match")


def test_a_folder_with_a_fault_is_not_put_into_force(prepared: World, folder: Path) -> None:
    gates = folder / "gates.toml"
    gates.write_text(gates.read_text("utf-8").replace(":years_limit", ":years_limit + 1"), "utf-8")
    with pytest.raises(Integrity, match="the case “four years” gives pass"):
        agree(prepared, folder)
    assert "benefit_match" not in prepared.office.state().agreements


def test_a_proposal_alone_puts_no_agreement_into_force(prepared: World, folder: Path) -> None:
    number = propose(prepared, folder)
    assert "benefit_match" not in prepared.office.state().agreements
    with pytest.raises(BadInput, match="AGREEMENT_UNKNOWN"):
        prepared.receive(asked_under(prepared, folder))
    with pytest.raises(Refused, match="RIGHT_MISSING"):
        acts.approve_entry(prepared.office, prepared.actor("registrar"), REGISTER, "benefit_match", number)
    acts.approve_entry(prepared.office, prepared.actor("counsel"), REGISTER, "benefit_match", number)
    assert prepared.office.state().agreement("benefit_match").valid_from == "2025-10-01"


def test_settings_count_only_with_the_approval_of_the_version_that_has_them(prepared: World) -> None:
    office, registrar = prepared.office, prepared.actor("registrar")
    before = office.state().agreement(AGREEMENT)
    proposal = agreement_proposal(office, registrar, AGREEMENT, TERM, {"answer_days": 45})
    acts.propose_entry(office, registrar, proposal)
    assert office.state().agreement(AGREEMENT) == before
    assert agreement_in_force(office, office.state(), AGREEMENT).terms.answer_days == 30
    acts.approve_entry(office, prepared.actor("counsel"), REGISTER, AGREEMENT, 2)
    assert agreement_in_force(office, office.state(), AGREEMENT).terms.answer_days == 45


def test_a_text_that_was_touched_since_it_was_proposed_is_not_approved(prepared: World, folder: Path) -> None:
    number = propose(prepared, folder)
    proposed = prepared.office.state().entry(REGISTER, "benefit_match", number)
    text = prepared.office.home.agreements / proposed.said.digest / "text" / "gates.toml"
    text.write_text(text.read_text("utf-8") + "# Another remark.\n", "utf-8")
    with pytest.raises(Integrity, match="AGREEMENT_TEXT_CHANGED"):
        acts.approve_entry(prepared.office, prepared.actor("counsel"), REGISTER, "benefit_match", number)
    assert "benefit_match" not in prepared.office.state().agreements


def test_only_the_registrar_proposes_an_agreement(prepared: World, folder: Path) -> None:
    with pytest.raises(Refused):
        propose(prepared, folder, "counsel")
    assert [path.name for path in prepared.office.home.agreements.iterdir()] == [
        prepared.office.state().agreement(AGREEMENT).digest
    ]


@pytest.mark.parametrize("name", ["*", "Benefit match", ""])
def test_an_agreement_is_called_by_a_name_that_holds_and_covers_can_write(folder: Path, name: str) -> None:
    terms = folder / "terms.toml"
    terms.write_text(terms.read_text("utf-8").replace('name = "benefit_match"', f'name = "{name}"'), "utf-8")
    with pytest.raises(Integrity, match="the name is not"):
        find(str(folder))
