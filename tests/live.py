"""A live office for tests. Everybody in it is made up, and so are their records, as everywhere in these tests.

What makes it live is that its two authorities, drawn for the test and gone with it, do not say REHEARSAL, and that its
records and requests do not say synthetic. No real person, agency or key is in it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from comity.crypto import Authority, P256Key, Purpose, issue, make_authority
from comity.demo.cast import COUNSEL, OFFICERS, REGISTRAR, REQUESTER, SIGNATORY, Cast
from comity.demo.stage import Calendar, Stage, fill_registers
from comity.intake import Cover, NamedFile
from comity.office import acts
from comity.office.founding import Founder, Papers, found_live_office
from comity.synthetic import make_small_set
from comity.synthetic.recipients import officers
from tests.world import START, World

TERM = timedelta(days=3650)
BOTH = Purpose.SIGNING | Purpose.SEALING


def made_root(directory: Path, name: str, at: datetime = START) -> Authority:
    """A root of these tests that is not marked REHEARSAL: `authority.pem` in `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    root = make_authority(name, rehearsal=False, not_before=at, not_after=at + 2 * TERM)
    root.certificate.save(directory / "authority.pem")
    return root


def certified(root: Authority, directory: Path, id_: str, at: datetime = START) -> None:
    """A made-up person's (or office's) key and certificate: `<id>.key` and `<id>.pem` in `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    key = P256Key.generate()
    issue(root, id_, "Made up for tests", key.public_key, BOTH, at, at + TERM).save(directory / f"{id_}.pem")
    key.save(directory / f"{id_}.key")


def live_cast(directory: Path) -> Cast:
    """The cast of the demonstration, under roots of the real kind."""
    custodian = made_root(directory / "custodian-authority", "Made-up Revenue Office")
    requester = made_root(directory / "agency-authority", REQUESTER)
    cast = Cast(directory, custodian, requester)
    certified(custodian, directory, "office")
    for officer in OFFICERS:
        certified(custodian, cast.officers, officer)
    for person in (SIGNATORY, *(who.id for who in officers())):
        certified(requester, cast.agency, person)
    return cast


def papers_of(cast: Cast) -> Papers:
    """What the live office of that cast is founded on."""
    keys = cast.directory
    return Papers(cast.custodian_authority / "authority.pem", keys / "office.pem", keys / "office.key")


def founders_of(cast: Cast) -> tuple[Founder, Founder]:
    """The two officers it begins with."""
    first, second = (Founder(who, who, cast.officers / f"{who}.pem") for who in (REGISTRAR, COUNSEL))
    return first, second


class LiveWorld(World):
    """A live office with made-up people in its records."""

    def cover(self, number: int, requests: NamedFile, recipients: NamedFile) -> Cover:
        """The cover of a proper submission to a live office, which says nothing of synthetic people."""
        return replace(super().cover(number, requests, recipients), synthetic=False, vouched_by="")

    def lift(self, hold: str) -> None:
        """Hold officer and counsel end a hold by a later order."""
        day = self.stage.calendar().date().isoformat()
        order = {"court": "D. Made-up", "order": f"vacated-{hold}"[:60], "ordered_on": day}
        number = acts.propose_lift(self.office, self.actor("hold-officer"), hold, order, b"A later order, made up.")
        acts.confirm_lift(self.office, self.actor(COUNSEL), hold, number, b"A later order, made up.")

    def lift_all(self) -> None:
        """End every hold that the agreement began with."""
        for hold in list(self.office.state().holds):
            self.lift(hold)


def make_live_world(place: Path) -> LiveWorld:
    """A live world whose agreement counsel has activated, with a registry and a signed package of made-up people."""
    files = make_small_set("ordinary").write(place, START.date())
    cast, calendar = live_cast(place / "keys"), Calendar(START)
    office = found_live_office(place / "home", "made-up-revenue", papers_of(cast), *founders_of(cast), calendar)
    stage = Stage(office, cast, calendar)
    fill_registers(stage, officers())
    acts.build_registry(office, stage.actor("operator"), [files.registry], synthetic=False, vouched_by="")
    world = LiveWorld(place, stage)
    world.sent()
    return world
