"""A rehearsal office with its people and a requester, for tests of the whole way: made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from ulid import ULID

from comity.agreements import load
from comity.case.errors import Waiting
from comity.case.registers import Proposal
from comity.crypto import Certificate, sign_detached
from comity.demo import judges
from comity.demo.cast import REQUESTER, REVIEWERS, SIGNATORY, Cast, make_cast
from comity.demo.stage import AGREEMENT, Calendar, Stage, set_stage
from comity.intake import Attested, Cover, NamedFile, Signatory
from comity.intake.recipients import Recipient, write_recipients
from comity.office import acts, assigning, reviewing, ruling, story
from comity.office.desk import open_office, silent
from comity.office.proposals import agreement_proposal, role_proposal
from comity.synthetic import make_small_set
from comity.synthetic.recipients import officers
from comity.workspace import file_digest

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
VOUCHED = "the tests"


def submission_id(number: int = 1) -> str:
    """The id of the submission of that number, always the same."""
    return str(ULID.from_int((1 << 100) + number))


@dataclass
class World:
    """An office, its cast and a requester in one folder; `batch` is the id of the submission in `package`."""

    place: Path
    stage: Stage

    batch = submission_id()

    @property
    def package(self) -> Path:
        """The signed package of the first submission."""
        return self.place / "package"

    @property
    def office(self):
        """The open office."""
        return self.stage.office

    def actor(self, officer: str):
        """An officer, proved by key."""
        return self.stage.actor(officer)

    def reopen(self) -> None:
        """Open the home again, as after a crash: nothing of this process is left but the clock."""
        self.stage.office.store.close()
        self.stage = Stage(open_office(self.place / "home", self.stage.calendar), self.stage.cast, self.stage.calendar)

    def copied(self, place: Path) -> World:
        """The same world in another folder."""
        self.stage.office.store.close()
        shutil.copytree(self.place, place, dirs_exist_ok=True)
        cast = Cast(place / "keys", self.stage.cast.custodian, self.stage.cast.requester)
        calendar = Calendar(self.stage.calendar.moment)
        return type(self)(place, Stage(open_office(place / "home", calendar), cast, calendar))

    def sent(self, number: int = 1, rows: str = "TRUE", changed: str = "", **said: Any) -> Path:
        """A signed package of the small set's requests that satisfy `rows`; `changed` replaces columns (SQL)."""
        package = self.place / (f"package-{number}" if number > 1 else "package")
        package.mkdir()
        requests = package / "requests.parquet"
        replaced = f"REPLACE ({changed})" if changed else ""
        sql = f"SELECT * {replaced} FROM '{self.place / 'requests.parquet'}' WHERE {rows} ORDER BY request_id"
        with duckdb.connect() as con:
            con.execute(f"COPY ({sql}) TO '{requests}' (FORMAT parquet)")
            [(count,)] = con.execute(f"SELECT count(*) FROM '{requests}'").fetchall()
        write_recipients(self.recipients(), package / "recipients.ndjson")
        named = NamedFile(file_digest(package / "recipients.ndjson"), len(officers()))
        cover = replace(self.cover(number, NamedFile(file_digest(requests), count), named), **said)
        self.sign(package, cover)
        return package

    def sign(self, package: Path, cover: Cover, person: str = SIGNATORY) -> None:
        """Write the cover of a package and sign it as `person`."""
        (package / "cover.json").write_bytes(cover.to_bytes())
        certificate = Certificate.load(self.stage.cast.agency / f"{person}.pem")
        token = sign_detached(cover.to_bytes(), self.stage.cast.agency_key(person), certificate)
        (package / "cover.jws").write_text(token)

    def recipients(self) -> list[Recipient]:
        """The officers of the requester as a submission names them."""
        certificates = {who.id: Certificate.load(self.stage.cast.agency / f"{who.id}.pem") for who in officers()}
        return [
            Recipient(who.id, who.name, who.agency, who.role, 10, who.office_address, certificates[who.id].fingerprint)
            for who in officers()
        ]

    def cover(self, number: int, requests: NamedFile, recipients: NamedFile) -> Cover:
        """The cover of a proper submission."""
        agreement = load(AGREEMENT)
        attested = agreement.attestation()
        return Cover(
            submission=submission_id(number),
            supersedes=None,
            agreement=AGREEMENT,
            agreement_version=agreement.version,
            agency=REQUESTER,
            invokes="26 USC 6103(i)(2)",
            signatory=Signatory(SIGNATORY, "HEAD_OF_AGENCY", "statute"),
            attestation=Attested(attested.version, attested.digest),
            format="parquet",
            requests=requests,
            recipients=recipients,
            synthetic=True,
            vouched_by=VOUCHED,
            created_at=START,
        )

    def receive(self, package: Path | None = None) -> str:
        """Step 1."""
        return story.receive(self.office, self.actor("operator"), package or self.package)

    def work(self, batch: str = "") -> str:
        """Steps 2 to 4 as far as they go, the screener at hand; the code of what is awaited, or ''."""
        code = self.work_alone(batch)
        if code != "SCREEN_OUTSTANDING":
            return code
        self.screen((), batch)
        return self.work_alone(batch)

    def work_alone(self, batch: str = "") -> str:
        """Steps 2 to 4 as far as they go without anybody; the code of what is awaited, or ''."""
        try:
            story.work(self.office, self.actor("operator"), batch or self.batch)
        except Waiting as waiting:
            return waiting.code
        return ""

    def screen(self, withheld: Collection[int] = (), batch: str = "") -> int:
        """The screener clears everybody but those in the rows `withheld`; how many were screened."""
        return judges.screen(self.stage, batch or self.batch, withheld)

    def settle(self, batch: str = "", word: str = "return") -> None:
        """The examiner settles everything that waits."""
        batch = batch or self.batch
        waiting = ruling.waiting_rows(self.office, self.office.batch(batch))
        settled = dict.fromkeys(waiting, (word, "Rehearsed."))
        ruling.settle(self.office, self.actor("examiner"), batch, settled)

    def vote_no(self, batch: str = "") -> None:
        """Two reviewers say `not_same` to every open case, and, of the sample, what the rule said."""
        batch = batch or self.batch
        persons = self.confirmed(batch)
        for reviewer in REVIEWERS[:2]:
            self.cast(reviewer, lambda row: ("same", persons[row]) if row in persons else ("not_same", ""), batch)

    def cast(self, reviewer: str, said: Callable[[int], tuple[str, str]], batch: str = "") -> None:
        """A reviewer takes every case that is open and votes as `said` of its row."""
        batch, actor = batch or self.batch, self.actor(reviewer)
        cases = assigning.take_cases(self.office, actor, batch, 10_000)
        assigning.vote(self.office, actor, batch, [(row, *said(row)) for row in cases])

    def confirmed(self, batch: str = "") -> dict[int, str]:
        """The person whom the rule confirmed, by row number."""
        batch = batch or self.batch
        determined = self.office.batch(batch).determined
        path = self.office.vault.artefact(batch, determined.determinations).path
        with duckdb.connect() as con:
            sql = f"SELECT row_number, person FROM '{path}' WHERE determination = 'confirmed'"
            return dict(con.execute(sql).fetchall())

    def sign_answers(self, officer: str, batch: str = "") -> None:
        """One approver signs."""
        key = self.stage.cast.officer_key(officer)
        reviewing.sign(self.office, self.actor(officer), batch or self.batch, key)

    def to_answers(self, batch: str = "") -> None:
        """From the package to answers that wait for signatures."""
        if self.work(batch) == "RULINGS_OPEN":
            self.settle(batch)
            self.work(batch)
        if self.office.batch(batch or self.batch).answers is None:
            self.vote_no(batch)
            assert self.work(batch) == "SIGNATURES_MISSING"

    def to_signed(self, batch: str = "") -> None:
        """From the package to two signatures, and to the hour of the answer."""
        self.to_answers(batch)
        self.sign_answers("approver-1", batch)
        self.sign_answers("approver-2", batch)
        assert self.work(batch) == ""
        self.stage.calendar.move_to(START + timedelta(days=40))

    def release(self, batch: str = "") -> int:
        """Steps 5 and 6."""
        return story.release(self.office, self.actor("transmitter"), batch or self.batch)

    def collect(self, recipient: str, out: Path, batch: str = "") -> None:
        """Hand one reply over."""
        story.collect(self.office, self.actor("transmitter"), batch or self.batch, recipient, out)

    def hold(self, hold: str = "H1", agreement: str = AGREEMENT) -> None:
        """The hold officer places a hold."""
        order = {"court": "D. Rehearsal", "docket": "1:26-cv-00001", "ordered_on": "2026-03-01", "says": "Stop."}
        officer = self.actor("hold-officer")
        acts.place_hold(self.office, officer, hold, agreement, "disclose", order, b"An order, for rehearsal.")

    def entered(self, proposal: Proposal) -> None:
        """The registrar proposes a version of an entry and counsel approves it."""
        self.stage.entered(proposal)

    def granted(self, officer: str, role: str, by: str = "counsel") -> None:
        """The registrar proposes one role more for an officer and `by` approves it."""
        proposal = role_proposal(self.office, officer, role)
        number = acts.propose_entry(self.office, self.actor("registrar"), proposal)
        acts.approve_entry(self.office, self.actor(by), proposal.register, officer, number)
        self.stage._actors.clear()

    def agreed(self, named: str, term: tuple[date, date], terms: Mapping[str, object]) -> str:
        """The registrar proposes an agreement and counsel approves it; its name."""
        proposal = agreement_proposal(self.office, self.actor("registrar"), named, term, terms)
        self.entered(proposal)
        return proposal.subject


def make_world(place: Path) -> World:
    """A world with a registry and a signed package of 120 proper requests about people of that registry."""
    small = make_small_set("ordinary")
    files = small.write(place, START.date())
    people = officers()
    cast = make_cast(place / "keys", [who.id for who in people], START)
    stage = set_stage(place / "home", cast, people, Calendar(START), silent)
    acts.build_registry(stage.office, stage.actor("operator"), [files.registry], synthetic=True, vouched_by=VOUCHED)
    world = World(place, stage)
    world.sent()
    return world
