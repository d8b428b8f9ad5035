"""Officers who sign with passkeys, for tests: entered by two officers, and used on the answers of a batch."""

from __future__ import annotations

from comity import review
from comity.case.envelope import stamp
from comity.office import passkeys, reviewing
from tests.authenticator import Authenticator
from tests.world import World


def vouched(world: World, officer: str, device: Authenticator, by: str = ""):
    """The passkey of `officer` as its officer (or `by`) vouched for it with a registered key."""
    said = passkeys.unvouched(by or officer, device.passkey)
    key = world.stage.cast.officer_key(by or officer)
    return passkeys.vouch(world.office, world.actor(by or officer), said, key)


def enrol(world: World, officer: str, device: Authenticator | None = None) -> Authenticator:
    """A passkey with which the officer signs, vouched for, proposed and approved."""
    device = device or Authenticator()
    world.entered(vouched(world, officer, device))
    return device


def shown(world: World, officer: str, batch: str = "") -> review.Statement:
    """The statement that a page shows the officer now."""
    office = world.office
    at = stamp(office.now())
    return reviewing.statement_for(office.batch(batch or world.batch), officer, "approver", office.state().version, at)


def sign_by(world: World, officer: str, device: Authenticator, batch: str = "", **said) -> review.Statement:
    """The officer signs what is shown, by passkey; `said` is what browser and authenticator say instead."""
    statement = shown(world, officer, batch)
    assertion = device.signs(statement.canonical(), **said)
    present(world, officer, device, statement, assertion, batch)
    return statement


def present(
    world: World, officer: str, device: Authenticator, statement: review.Statement, assertion: str, batch: str = ""
) -> None:
    """Hand an assertion to the office as the officer's."""
    named = device.passkey.credential
    reviewing.sign_by_passkey(world.office, world.actor(officer), batch or world.batch, statement, named, assertion)
