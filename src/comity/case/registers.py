"""Registers whose entries two officers make: one proposes a version, another approves it, and then it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from comity.case.envelope import Event

AGENCY = "agency"
SAFEGUARDS = "safeguards"
SYSTEM = "system"
QUORUM = "quorum"
AGREEMENT = "agreement"
AUTHORITY = "authority"
SIGNATORY = "signatory"
RECIPIENT = "recipient"
OFFICER = "officer"
PASSKEY = "passkey"
STRIKE = "strike"
RETENTION = "retention"

# A personal endpoint (a mailbox, a telephone, a machine of one's own) can be entered, to say that nothing goes there.
PERSONAL = "personal"
SORTS = ("case_system", "secure_mailbox", PERSONAL)


class Proposal(Event):
    """A version of an entry as somebody proposed it, about `subject`; it counts from its approval on."""

    register: ClassVar[str]
    subject: str

    def grantee(self) -> str:
        """The officer whose own rights it changes, who neither proposes nor approves it; '' if nobody's."""
        return ""


class Dated(Proposal):
    """A version that, once it is approved, binds from its first day on, `binds_from` (ISO)."""

    binds_from: str


@dataclass(frozen=True)
class Entry:
    """One version of an entry, numbered from 1; it binds nobody before `approved_by` is somebody."""

    number: int
    said: Proposal
    proposed_by: str
    proposed_at: str
    approved_by: str = ""
    approved_at: str = ""


Entries = Mapping[tuple[str, str], tuple[Entry, ...]]
"""Every version of every entry, oldest first, by its register and its subject."""


def binding(versions: Sequence[Entry], day: str) -> Dated | None:
    """What a dated entry says on `day` (ISO): of the approved versions whose day has come, the one proposed last.

    A version takes the place of all before it from its day on; when it has lapsed, no earlier one revives.
    """
    approved = [entry.said for entry in versions if entry.approved_by]
    started = [said for said in approved if isinstance(said, Dated) and said.binds_from <= day]
    return started[-1] if started else None
