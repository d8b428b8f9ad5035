"""An agency at its desk: a signatory, two recipients, and the files that they begin with."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from comity import requester
from comity.crypto import Authority, Certificate, P256Key, Purpose, issue, make_authority
from comity.intake import AS_NAMED, Signatory

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)

REQUEST = {
    "request_id": "R-1",
    "given_name": "Ana",
    "family_name": "Canary",
    "street_line": "12 Elm St",
    "city": "Houston",
    "state": "TX",
    "zip": "77001",
    "tax_years": "2020;2021",
    "statute": "8 U.S.C. 1253(a)(1)",
    "purpose": "INVESTIGATION",
    "case_id": "C-1",
    "case_opened_on": "2025-02-01",
    "case_status": "OPEN",
    "order_final_on": "2025-03-01",
    "removal_ground": "8 U.S.C. 1227(a)(2)",
    "prong": "A",
    "date_of_birth": "1980-01-02",
    "reason": "The subject did not depart and the case agent has to find where to serve the summons in matter C-1",
    "recipients": "officer-1;officer-2",
    "elements": "address_confirmation",
}


@dataclass
class Agency:
    """`folder` holds requests.csv, recipients.csv and certificates/; `package` is where a package would go."""

    folder: Path
    authority: Authority
    people: dict[str, tuple[P256Key, Certificate]] = field(default_factory=dict)

    @property
    def package(self) -> Path:
        return self.folder / "package"

    def write_requests(self, *changes: dict[str, str]) -> None:
        self.write_csv("requests.csv", [REQUEST | change for change in changes])

    def write_csv(self, name: str, rows: list[dict[str, Any]]) -> None:
        with (self.folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def prepare(self, written: requester.Written = AS_NAMED, **particulars: Any):
        said = {
            "agency": "ICE",
            "signatory": Signatory("Sam Canary", "HEAD_OF_AGENCY", "statute"),
            "agreement": "irs_ice_2025",
            "synthetic": True,
            "vouched_by": "the test",
        } | particulars
        return requester.new(
            self.package,
            self.folder / "requests.csv",
            self.folder / "recipients.csv",
            self.folder / "certificates",
            requester.Particulars(**said),
            NOW,
            written,
        )


@pytest.fixture(scope="session")
def authority() -> Authority:
    return make_authority("ICE", rehearsal=True, not_before=BEGIN, not_after=END)


@pytest.fixture
def agency(tmp_path: Path, authority: Authority) -> Agency:
    agency = Agency(tmp_path, authority)
    (tmp_path / "certificates").mkdir()
    for person in ("signatory", "officer-1", "officer-2"):
        key = P256Key.generate()
        both = Purpose.SIGNING | Purpose.SEALING
        certificate = issue(authority, person, "ICE", key.public_key, both, BEGIN, END)
        agency.people[person] = (key, certificate)
        certificate.save(tmp_path / "certificates" / f"{person}.pem")
    agency.write_requests({})
    agency.write_csv(
        "recipients.csv",
        [
            {
                "recipient": person,
                "name": "Olga Canary",
                "agency": "ICE",
                "role": "special agent",
                "matters": "3",
                "office_address": "1 Federal Plaza",
            }
            for person in ("officer-1", "officer-2")
        ],
    )
    return agency
