"""A home: the folder of an office, with its keys and settings. Only rehearsal homes can be made or opened."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from comity.accounting.checkpoint import ED25519, NoteKey, Signer, Verifier
from comity.accounting.durable import sync
from comity.accounting.verifying import note_verifier
from comity.case.errors import BadInput, Refused, Usage
from comity.crypto import (
    Authority,
    Certificate,
    CryptoError,
    Ed25519Key,
    P256Key,
    Purpose,
    issue,
    sign_ed25519,
)
from comity.office.rehearsal import years_after

REHEARSAL = "rehearsal"
SETTINGS = "comity.toml"
ORIGIN = "comity.example"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SECRET_BYTES = 32
NEXT_LOG_KEY = "log.next.key"
PRIVATE_KEYS = ("office.key", "log.key", "sampling.key", "pseudonym.key")


@dataclass(frozen=True)
class Home:
    """The folder of an office and what is read from it: name, keys, the office's own certificate."""

    directory: Path
    kind: str
    name: str
    office_key: P256Key = field(repr=False)
    certificate: Certificate = field(repr=False)
    authority: Certificate = field(repr=False)
    log_key: Ed25519Key = field(repr=False)
    sampling_key: Ed25519Key = field(repr=False)
    pseudonym_key: bytes = field(repr=False)

    @property
    def log_directory(self) -> Path:
        """Where the log lies, as a web server may publish it."""
        return self.directory / "log"

    def registry(self, digest: str) -> Path:
        """The folder of the registry index of that digest."""
        return self.directory / "registry" / digest

    @property
    def ledger_key(self) -> bytes:
        """The key of the ledger of asks, drawn from that of the pseudonyms so that neither tells the other's values."""
        return hmac.digest(self.pseudonym_key, b"comity ledger of asks", "sha256")

    @property
    def agreements(self) -> Path:
        """Where the text of each agreement that was proposed lies, by its digest."""
        return self.directory / "agreements"

    def note_key(self) -> NoteKey:
        """The log's key as signed notes name it."""
        return self.named(self.log_key)

    def named(self, key: Ed25519Key) -> NoteKey:
        """A key of this log, in force or not, as signed notes name it."""
        return NoteKey(f"{ORIGIN}/{self.name}", ED25519, key.public_bytes)

    def signer(self, key: Ed25519Key | None = None) -> Signer:
        """What signs checkpoints: the log's key, unless another is named."""
        signing = key or self.log_key
        return Signer(self.named(signing), lambda content: sign_ed25519(signing, content))

    def verifier(self) -> Verifier:
        """What verifies the log's own checkpoints."""
        return note_verifier(self.note_key())


def take_up_next_key(home: Home) -> Home:
    """Let the key that was made to follow be the log's; gives the home as it is then. The one before is gone for good.

    Raises as `open_home`, and BadInput `HOME_INCOMPLETE` where there is none.
    """
    keys = home.directory / "keys"
    try:
        (keys / NEXT_LOG_KEY).replace(keys / "log.key")
        sync(keys)
    except OSError:
        raise BadInput(
            "HOME_INCOMPLETE", "The log's next key is missing.", f"Put {NEXT_LOG_KEY} back into keys/."
        ) from None
    return open_home(home.directory)


def next_log_key(home: Home) -> Ed25519Key | None:
    """The key that was made to follow the log's, if there is one."""
    path = home.directory / "keys" / NEXT_LOG_KEY
    return Ed25519Key.load(path) if path.exists() else None


def create_home(directory: Path, name: str, authority: Authority, now: datetime) -> Home:
    """Make a rehearsal home in an empty or new `directory`, readable by its owner alone.

    `authority` issues the office's certificate; it has to be a rehearsal authority. Raises Usage `HOME_EXISTS`,
    Refused `NOT_A_REHEARSAL_AUTHORITY`.
    """
    if directory.exists() and any(directory.iterdir()):
        raise Usage("HOME_EXISTS", "The folder is not empty.", "Name a new folder; a home is never written over.")
    if not NAME.fullmatch(name):
        raise Usage("NAME_UNFIT", "The name of a home is 1 to 40 of a-z, 0-9 and '-'.", "Give such a name.")
    if not authority.certificate.rehearsal:
        raise Refused(
            "NOT_A_REHEARSAL_AUTHORITY",
            "A rehearsal home takes its certificates from a rehearsal authority.",
            "Make one with `comity rehearsal authority DIR`.",
        )
    _write_for_the_owner_alone()
    _make(directory, name, authority, now)
    return open_home(directory)


def _write_for_the_owner_alone() -> None:
    """Whatever a process writes that made or opened a home, its database and replies among it, others cannot read."""
    os.umask(0o077)


def _make(directory: Path, name: str, authority: Authority, now: datetime) -> None:
    keys = directory / "keys"
    for folder in (directory, keys, directory / "registry", directory / "batches"):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    office = P256Key.generate()
    office.save(keys / "office.key")
    certificate = issue(
        authority, name, name, office.public_key, Purpose.SIGNING | Purpose.SEALING, now, years_after(now)
    )
    certificate.save(keys / "office.pem")
    authority.certificate.save(keys / "authority.pem")
    for own in ("log", "sampling"):
        Ed25519Key.generate().save(keys / f"{own}.key")
    (keys / "pseudonym.key").write_bytes(secrets.token_bytes(_SECRET_BYTES))
    # Written last: a folder without it is not a home, so a home is never half made.
    (directory / SETTINGS).write_text(settings_text(name), encoding="utf-8")


def settings_text(name: str) -> str:
    """The settings of the home of that name, as they are written when it is made and stay."""
    return f'kind = "{REHEARSAL}"\nname = "{name}"\n'


def open_home(directory: Path) -> Home:
    """The home in `directory`. Raises Usage `NOT_A_HOME`, Refused `NOT_A_REHEARSAL_HOME`, BadInput for its keys."""
    settings = _settings(directory)
    _write_for_the_owner_alone()
    if settings.get("kind") != REHEARSAL:
        raise Refused(
            "NOT_A_REHEARSAL_HOME",
            "This version opens rehearsal homes only.",
            "Real people's records have no place here yet (P10).",
        )
    keys = directory / "keys"
    try:
        return Home(
            directory,
            REHEARSAL,
            str(settings["name"]),
            P256Key.load(keys / "office.key"),
            Certificate.load(keys / "office.pem"),
            Certificate.load(keys / "authority.pem"),
            Ed25519Key.load(keys / "log.key"),
            Ed25519Key.load(keys / "sampling.key"),
            (keys / "pseudonym.key").read_bytes(),
        )
    except CryptoError as error:
        raise BadInput(error.code, error.says, error.next) from None
    except (OSError, KeyError):
        raise BadInput("HOME_INCOMPLETE", "A key or a setting of the home is missing.", "Restore the home.") from None


def _settings(directory: Path) -> dict[str, object]:
    try:
        return tomllib.loads((directory / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Usage(
            "NOT_A_HOME", "There is no home in this folder.", "Make one with `comity init DIR`, or give --home DIR."
        ) from None
