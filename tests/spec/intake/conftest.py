"""A submission as the requester's desk prepares it, and ways to spoil it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from comity.crypto import Authority, Certificate, P256Key, Purpose, canonical, issue, make_authority, sign_detached
from comity.intake import AS_NAMED, UnreadableTable, Written
from comity.intake.requests import load_requests
from comity.workspace import workspace

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
END = datetime(2026, 1, 1, tzinfo=UTC)

REQUEST = {
    "request_id": "R-1",
    "given_name": "Ana",
    "family_name": "Canary",
    "street_line": "12 Elm St",
    "city": "Houston",
    "state": "TX",
    "zip": "01234",
    "tax_years": "2020; 2021",
    "statute": "8 USC 1253(a)(1)",
    "purpose": "INVESTIGATION",
    "case_id": "C-1",
    "case_opened_on": "2024-02-29",
    "case_status": "OPEN",
    "reason": "Needed to locate the subject, said the officer",
    "recipients": "officer-1;officer-2",
    "elements": "address_confirmation",
}
RECIPIENT = {
    "recipient": "officer-1",
    "name": "Olga Canary",
    "agency": "ICE",
    "role": "special agent",
    "matters": 3,
    "office_address": "1 Federal Plaza",
    "certificate": "ab" * 32,
}


def csv_of(rows: list[dict[str, str]]) -> bytes:
    """The rows as CSV; the columns are those of the first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def ndjson_of(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@dataclass
class Desk:
    """Writes packages into `folder`, signed by `key`."""

    folder: Path
    authority: Authority
    key: P256Key
    certificate: Certificate
    requests: bytes = field(default_factory=lambda: csv_of([REQUEST]))
    recipients: bytes = field(default_factory=lambda: ndjson_of([RECIPIENT]))
    format: str = "csv"
    rows: int = 1
    recipient_rows: int = 1
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def roots(self) -> list[Certificate]:
        return [self.authority.certificate]

    def cover(self) -> dict[str, Any]:
        return {
            "type": "comity/submission/2",
            "submission": "01JR7Z8Y9X0W1V2T3S4R5Q6P7N",
            "supersedes": None,
            "agreement": "irs_ice_2025",
            "agreement_version": "1",
            "agency": "ICE",
            "invokes": "26 USC 6103(i)(2)",
            "signatory": {"name": "Sam Canary", "office": "Director", "basis": "6103(i)(2)(A)"},
            "attestation": {"version": "1", "digest": "cd" * 32},
            "format": self.format,
            "requests": {"digest": hashlib.sha256(self.requests).hexdigest(), "rows": self.rows},
            "recipients": {"digest": hashlib.sha256(self.recipients).hexdigest(), "rows": self.recipient_rows},
            "synthetic": True,
            "vouched_by": "the test",
            "created_at": "2025-04-30T08:00:00Z",
        } | self.changes

    def files(self) -> dict[str, bytes]:
        cover = canonical(self.cover())
        return {
            "cover.json": cover,
            "cover.jws": sign_detached(cover, self.key, self.certificate).encode(),
            "recipients.ndjson": self.recipients,
            f"requests.{self.format}": self.requests,
        }

    def write(self, files: dict[str, bytes] | None = None) -> Path:
        package = self.folder / "package"
        package.mkdir()
        for name, content in (files or self.files()).items():
            (package / name).write_bytes(content)
        return package


@pytest.fixture(scope="session")
def authority() -> Authority:
    return make_authority("ICE", rehearsal=True, not_before=BEGIN, not_after=END)


@pytest.fixture
def desk(authority: Authority, tmp_path: Path) -> Desk:
    key = P256Key.generate()
    return Desk(
        tmp_path, authority, key, issue(authority, "Sam Canary", "ICE", key.public_key, Purpose.SIGNING, BEGIN, END)
    )


@pytest.fixture
def table() -> Callable[..., bytes]:
    """CSV of the model request, once for each set of changes given; a change to None leaves the column out."""

    def made(*changes: dict[str, str | None]) -> bytes:
        rows = [REQUEST | change for change in changes]
        left_out = {name for change in changes for name, value in change.items() if value is None}
        return csv_of([{name: value for name, value in row.items() if name not in left_out} for row in rows])

    return made


@pytest.fixture
def recipients() -> Callable[..., bytes]:
    """NDJSON of the model recipient, once for each set of changes given."""
    return lambda *changes: ndjson_of([RECIPIENT | change for change in changes])


@pytest.fixture
def refuse(tmp_path: Path) -> Callable[..., list[tuple[int, str, str]]]:
    """Reads a file that must be refused for its lines; gives (line, column, code) of each fault."""

    def found(name: str, content: bytes, said: Written = AS_NAMED) -> list[tuple[int, str, str]]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableTable) as refusal, workspace(tmp_path, reads=[tmp_path / name]) as ws:
            load_requests(ws, tmp_path / name, said)
        assert "Canary" not in str(refusal.value)
        assert refusal.value.__context__ is None
        assert not list(tmp_path.glob(".*-*"))
        return [(fault.line, fault.column, fault.code) for fault in refusal.value.faults]

    return found


@pytest.fixture
def taken(tmp_path: Path) -> Callable[..., list[tuple[Any, ...]]]:
    """Reads a file; gives the id and the given name of each row as text, or raises."""

    def rows(name: str, content: bytes, said: Written = AS_NAMED) -> list[tuple[Any, ...]]:
        (tmp_path / name).write_bytes(content)
        with workspace(tmp_path, reads=[tmp_path / name]) as ws:
            load_requests(ws, tmp_path / name, said)
            return ws.rows("SELECT request_id, given_name FROM source ORDER BY row_number")

    return rows
