"""The cover of a submission: who asks under which agreement, what was attested, and which files belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from comity.crypto import canonical
from comity.intake import refusals
from comity.intake.objects import Members, read_object
from comity.intake.written import PACKAGED

TYPE = "comity/submission/2"
# Crockford's base 32 of 128 bits (github.com/ulid/spec).
ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Signatory:
    """The official who signs: name, office held, and the basis (statute or delegation) of the right to sign."""

    name: str = field(repr=False)
    office: str
    basis: str


@dataclass(frozen=True)
class Attested:
    """The sole-use wording attested: its version and the SHA-256 (hex) of its text."""

    version: str
    digest: str


@dataclass(frozen=True)
class NamedFile:
    """A file of the package as the cover names it: SHA-256 (hex) and number of rows."""

    digest: str
    rows: int


@dataclass(frozen=True)
class Cover:
    """What the signatory signs. `supersedes` is None or an earlier submission; `invokes` is the one provision of law
    that the requests rest on; `created_at` is in UTC.
    """

    submission: str
    supersedes: str | None
    agreement: str
    agreement_version: str
    agency: str
    invokes: str
    signatory: Signatory
    attestation: Attested
    format: str
    requests: NamedFile
    recipients: NamedFile
    synthetic: bool
    vouched_by: str = field(repr=False)
    created_at: datetime

    def to_bytes(self) -> bytes:
        """The cover as the RFC 8785 form that is signed; raises CryptoError NOT_CANONICAL."""
        return canonical(
            {
                "type": TYPE,
                "submission": self.submission,
                "supersedes": self.supersedes,
                "agreement": self.agreement,
                "agreement_version": self.agreement_version,
                "agency": self.agency,
                "invokes": self.invokes,
                "signatory": vars(self.signatory),
                "attestation": vars(self.attestation),
                "format": self.format,
                "requests": vars(self.requests),
                "recipients": vars(self.recipients),
                "synthetic": self.synthetic,
                "vouched_by": self.vouched_by,
                "created_at": self.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Cover:
        """The cover in `content`; raises BadInput COVER_MALFORMED with the first place that is not as it must be."""
        cover = read_object(content, refusals.malformed_cover)
        cover.require_names("type", *cls.__dataclass_fields__)
        cover.one_of("type", TYPE)
        signatory = cover.inner("signatory", "name", "office", "basis")
        attestation = cover.inner("attestation", "version", "digest")
        return cls(
            submission=cover.matching("submission", ULID),
            supersedes=None if cover.values["supersedes"] is None else cover.matching("supersedes", ULID),
            agreement=cover.text("agreement"),
            agreement_version=cover.text("agreement_version"),
            agency=cover.text("agency"),
            invokes=cover.text("invokes"),
            signatory=Signatory(signatory.text("name"), signatory.text("office"), signatory.text("basis")),
            attestation=Attested(attestation.text("version"), attestation.matching("digest", _DIGEST)),
            format=cover.one_of("format", *PACKAGED),
            requests=_named_file(cover.inner("requests", "digest", "rows")),
            recipients=_named_file(cover.inner("recipients", "digest", "rows")),
            synthetic=cover.flag("synthetic"),
            vouched_by=cover.text("vouched_by", may_be_empty=True),
            created_at=cover.moment("created_at"),
        )


def _named_file(place: Members) -> NamedFile:
    return NamedFile(place.matching("digest", _DIGEST), place.count("rows"))
