"""A rehearsal authority and two people whom it certified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from comity.crypto import Authority, Certificate, P256Key, Purpose, issue, make_authority
from comity.crypto.keys import RsaKey

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2025, 6, 1, tzinfo=UTC)
END = datetime(2026, 1, 1, tzinfo=UTC)
BOTH = Purpose.SIGNING | Purpose.SEALING


@dataclass
class Holder:
    key: P256Key
    certificate: Certificate


@pytest.fixture(scope="session")
def authority() -> Authority:
    return make_authority("Agency Authority", rehearsal=True, not_before=BEGIN, not_after=END)


@pytest.fixture(scope="session")
def stranger_authority() -> Authority:
    """Another root under the same name: only the signature tells them apart."""
    return make_authority("Agency Authority", rehearsal=True, not_before=BEGIN, not_after=END)


@pytest.fixture(scope="session")
def holder(authority: Authority) -> Holder:
    return certified(authority, "Ada Signatory")


@pytest.fixture(scope="session")
def other_holder(authority: Authority) -> Holder:
    return certified(authority, "Ben Recipient")


@pytest.fixture(scope="session")
def rsa_key() -> RsaKey:
    """As a recipient's agency may have made it."""
    return RsaKey(rsa.generate_private_key(public_exponent=65537, key_size=2048))


@pytest.fixture(scope="session")
def certify():
    """Makes a holder of a fresh key, certified by an authority for a purpose."""
    return certified


def certified(authority: Authority, name: str, purpose: Purpose = BOTH) -> Holder:
    key = P256Key.generate()
    return Holder(key, issue(authority, name, "Agency", key.public_key, purpose, BEGIN, END))
