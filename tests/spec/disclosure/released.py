"""A whole small release: officers, recipients, log, tables and evidence, for the tests that seal or try to."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from comity.accounting import Log, make_receipt
from comity.accounting.checkpoint import ED25519, NoteKey, Signer, Verifier
from comity.accounting.leaf import StageLeaf
from comity.accounting.policy import parse_policy
from comity.accounting.reading import read_leaves
from comity.case.artefact import Artefact
from comity.crypto import (
    Certificate,
    CryptoError,
    Ed25519Key,
    P256Key,
    Purpose,
    canonical,
    issue,
    make_authority,
    sign_ed25519,
    verify_ed25519,
)
from comity.disclosure import Addressees, Evidence, Notice, OfficeSeal, Tables, seal_replies
from comity.review import SIGNATORY, Approvers, Statement, ToRelease, counted, countersign, grant
from comity.workspace import Workspace, workspace

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TERM = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
CODES = ("ADDRESS_INSUFFICIENT", "PURPOSE_CIVIL", "REASON_MISSING", "REMOVAL_ORDER_DATE_MISSING", "STATUTE_UNKNOWN")
NOTICE = Notice(CODES, "ab" * 32, "Only for the matters named in the request.", "2027-03-02", (), rehearsal=True)

# row number, request id, answer, codes, recipients
ANSWERS = [
    (1, "A-1", "CONFIRMED", [], ["R1"]),
    (2, "A-2", "NO_DISCLOSURE", [], ["R1", "R2"]),
    (3, "A-3", "CONFIRMED", [], ["R2"]),
    (4, "A-4", "RETURNED", ["ADDRESS_INSUFFICIENT", "STATUTE_UNKNOWN"], []),
]


class People:
    """An authority, and a key and a certificate for each name, made when first asked for."""

    def __init__(self) -> None:
        self.authority = make_authority("Office", rehearsal=True, not_before=TERM[0], not_after=TERM[1])
        self.made: dict[str, tuple[P256Key, Certificate]] = {}

    def key(self, name: str) -> P256Key:
        return self._of(name)[0]

    def certificate(self, name: str) -> Certificate:
        return self._of(name)[1]

    def _of(self, name: str) -> tuple[P256Key, Certificate]:
        if name not in self.made:
            key = P256Key.generate()
            both = Purpose.SIGNING | Purpose.SEALING
            self.made[name] = (key, issue(self.authority, name, "Agency", key.public_key, both, *TERM))
        return self.made[name]


class Release:
    """What `seal_replies` takes for `answers`, all of it true; a test changes one part and sees it refused."""

    def __init__(self, directory: Path, people: People, answers: list[tuple[Any, ...]] = ANSWERS) -> None:
        directory.mkdir(exist_ok=True)
        self.directory, self.people = directory, people
        self.tables = _tables(directory, people, answers)
        counts = {answer: sum(row[2] == answer for row in answers) for answer in {row[2] for row in answers}}
        self.release = ToRelease(
            "01J0000000000000000000000A",
            "cd" * 32,
            "irs-ice-2025",
            "1",
            self.tables.answers.digest,
            len(answers),
            counted(counts),
        )
        self.approvers = Approvers(
            (people.authority.certificate,),
            {people.certificate(name).fingerprint: name for name in ("ann", "bea", "cyd")},
            frozenset({"cyd"}),
            people.certificate("signatory").fingerprint,
            people.certificate("signatory").key_fingerprint,
        )
        self.log, self.verifier = make_log(directory / "log")
        self.intended_leaf = StageLeaf("intended", self.release.submission, "ef" * 32).encode()
        start, end = self.log.append(leaves(directory, self.tables.accounting))
        (intended, _) = self.log.append([self.intended_leaf])
        self.receipt = make_receipt(self.log, start, end, intended)
        signed = [self.signed("ann"), self.signed("bea")]
        self.permit = grant(self.release, signed, self.approvers, AT)
        names = {name for row in answers for name in row[4]} | {SIGNATORY}
        self.addressees = Addressees(
            {name: people.certificate(name) for name in names},
            (people.authority.certificate,),
            (people.authority.certificate,),
        )
        self.notice = NOTICE
        self.office = OfficeSeal(people.key("office"), people.certificate("office"))

    def signed(self, officer: str, **changes: Any):
        """The countersignature of `officer` over a statement with `changes`."""
        statement = Statement(
            **(dataclasses.asdict(self.release) | {"counts": self.release.counts}),
            officer=officer,
            role="approver",
            office_version=7,
            at="2026-03-02T09:00:00Z",
        )
        statement = dataclasses.replace(statement, **changes)
        return countersign(statement, self.people.key(officer), self.people.certificate(officer))

    def evidence(self, **changes: Any) -> Evidence:
        true = {
            "permit": self.permit,
            "release": self.release,
            "approvers": self.approvers,
            "receipt": self.receipt,
            "intended_leaf": self.intended_leaf,
            "verifiers": [self.verifier],
            "policy": parse_policy(b"quorum none\n"),
        }
        return Evidence(**(true | changes))

    def seal(self, **changes: Any) -> Artefact:
        """Seal, with `changes` to the tables, the evidence or the other arguments."""
        tables = {name: changes.pop(name) for name in list(changes) if name in Tables.__dataclass_fields__}
        other = {name: changes.pop(name) for name in list(changes) if name in {"addressees", "notice", "office", "at"}}
        arguments = {"addressees": self.addressees, "notice": self.notice, "office": self.office, "at": AT} | other
        return seal_replies(
            self.directory, dataclasses.replace(self.tables, **tables), self.evidence(**changes), **arguments
        )


def make_log(directory: Path) -> tuple[Log, Verifier]:
    key = Ed25519Key.generate()
    note_key = NoteKey("log.example/office", ED25519, key.public_bytes)

    def verify(message: bytes, signature: bytes) -> bool:
        try:
            verify_ed25519(key.public_bytes, signature, message)
        except CryptoError:
            return False
        return True

    verifier = Verifier(note_key, verify)
    return Log.create(directory, verifier, Signer(note_key, lambda message: sign_ed25519(key, message))), verifier


def leaves(directory: Path, accounting: Artefact) -> list[bytes]:
    with workspace(directory) as ws:
        ws.view("accounting", accounting)
        return list(read_leaves(ws))


def written(directory: Path, kind: str, columns: str, rows: list[tuple[Any, ...]]) -> Artefact:
    """An artefact of `rows` under `columns` (names and types)."""
    with workspace(directory) as ws:
        return _written(ws, kind, columns, rows)


def _written(ws: Workspace, kind: str, columns: str, rows: list[tuple[Any, ...]]) -> Artefact:
    ws.con.execute(f"CREATE TABLE {kind} ({columns})")
    if rows:
        every = ", ".join(f"({', '.join('?' for _ in row)})" for row in rows)
        ws.con.execute(f"INSERT INTO {kind} VALUES {every}", [value for row in rows for value in row])
    return ws.write(kind, f"SELECT * FROM {kind}", "ALL")


def accounted(
    row_number: int, request_id: str, answer: str, codes: list[str], recipients: list[str], inner: str = "inner"
) -> tuple[Any, ...]:
    """A row of `accounting`."""
    people = [{"id": recipient} for recipient in recipients]
    said = {"request": {"id": request_id}, "answer": answer, "codes": codes, "recipients": people}
    outer = canonical(said).decode()
    salts = [sha256(f"{side} {row_number}".encode()).digest() for side in ("outer", "inner")]
    return (row_number, request_id, outer, salts[0], inner, salts[1])


ACCOUNTING = (
    "row_number INTEGER, request_id VARCHAR, outer_body VARCHAR, outer_salt BLOB, inner_body VARCHAR, inner_salt BLOB"
)


ANSWER_COLUMNS = "row_number INTEGER, request_id VARCHAR, answer VARCHAR, codes VARCHAR[], recipients VARCHAR[]"


def _tables(directory: Path, people: People, answers: list[tuple[Any, ...]]) -> Tables:
    names = sorted({name for row in answers for name in row[4]} | {SIGNATORY})
    blinds = [(name, sha256(name.encode()).digest()) for name in names]
    recipients = [(name, people.certificate(name).fingerprint) for name in names if name != SIGNATORY]
    with workspace(directory) as ws:
        return Tables(
            _written(ws, "answers", ANSWER_COLUMNS, answers),
            _written(ws, "accounting", ACCOUNTING, [accounted(*row) for row in answers]),
            _written(ws, "blinds", "recipient VARCHAR, blind BLOB", blinds),
            _written(ws, "recipients", "recipient VARCHAR, certificate VARCHAR", recipients),
        )
