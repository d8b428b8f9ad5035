"""A home: the folder of an office, with its keys and settings; of a rehearsal, or live for real people's records."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from comity.accounting.checkpoint import ED25519, NoteKey, Signer, Verifier
from comity.accounting.durable import sync
from comity.accounting.verifying import note_verifier
from comity.case.errors import BadInput, Integrity, Usage
from comity.case.homes import KINDS, LIVE, REHEARSAL, require_certificate_fits
from comity.crypto import Certificate, CryptoError, Ed25519Key, P256Key, sign_ed25519

SETTINGS = "comity.toml"
ORIGIN = "comity.example"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SECRET_BYTES = 32
NEXT_LOG_KEY = "log.next.key"
PRIVATE_KEYS = ("office.key", "log.key", "sampling.key", "pseudonym.key")


@dataclass(frozen=True)
class Seat:
    """What an office is founded on: its key, the certificate of that key, and of the authority that issued it."""

    key: P256Key = field(repr=False)
    certificate: Certificate = field(repr=False)
    authority: Certificate = field(repr=False)


@dataclass(frozen=True)
class Home:
    """The folder of an office and what is read from it: kind (`case.homes`), name, keys, the office's certificate."""

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


def create_home(directory: Path, kind: str, name: str, seat: Seat) -> Home:
    """Make a home of `kind` in an empty or new `directory`, readable by its owner alone.

    Raises Usage `HOME_EXISTS` or `NAME_UNFIT`, Refused for certificates that say REHEARSAL in a live home, or do not in
    a rehearsal (`case.homes.require_certificate_fits`).
    """
    if directory.exists() and any(directory.iterdir()):
        raise Usage("HOME_EXISTS", "The folder is not empty.", "Name a new folder; a home is never written over.")
    if not NAME.fullmatch(name):
        raise Usage("NAME_UNFIT", "The name of a home is 1 to 40 of a-z, 0-9 and '-'.", "Give such a name.")
    for certificate in (seat.authority, seat.certificate):
        require_certificate_fits(kind, rehearsal=certificate.rehearsal)
    _write_for_the_owner_alone()
    _make(directory, kind, name, seat)
    return open_home(directory)


def _write_for_the_owner_alone() -> None:
    """Whatever a process writes that made or opened a home, its database and replies among it, others cannot read."""
    os.umask(0o077)


def _make(directory: Path, kind: str, name: str, seat: Seat) -> None:
    keys = directory / "keys"
    for folder in (directory, keys, directory / "registry", directory / "batches"):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    seat.key.save(keys / "office.key")
    seat.certificate.save(keys / "office.pem")
    seat.authority.save(keys / "authority.pem")
    for own in ("log", "sampling"):
        Ed25519Key.generate().save(keys / f"{own}.key")
    (keys / "pseudonym.key").write_bytes(secrets.token_bytes(_SECRET_BYTES))
    # Written last: a folder without it is not a home, so a home is never half made.
    (directory / SETTINGS).write_text(settings_text(kind, name), encoding="utf-8")


def settings_text(kind: str, name: str) -> str:
    """The settings of the home of that kind and name, as they are written when it is made and stay."""
    return f'kind = "{kind}"\nname = "{name}"\n'


def open_home(directory: Path) -> Home:
    """The home in `directory`.

    Raises Usage `NOT_A_HOME`, BadInput for its keys, Integrity `HOME_KIND_UNKNOWN`, and `HOME_KIND_DIFFERS` where its
    certificates are not of the kind that it says it is.
    """
    kind = kind_of(directory)
    _write_for_the_owner_alone()
    keys = directory / "keys"
    try:
        home = Home(
            directory,
            kind,
            str(_settings(directory)["name"]),
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
    if {kind} != {kind_by(certificate) for certificate in (home.certificate, home.authority)}:
        raise kind_differs()
    return home


def kind_of(directory: Path) -> str:
    """Which kind of home is in `directory`, by its settings alone.

    Raises Usage `NOT_A_HOME`, Integrity `HOME_KIND_UNKNOWN`.
    """
    kind = _settings(directory).get("kind")
    if kind not in KINDS:
        raise Integrity(
            "HOME_KIND_UNKNOWN",
            "The settings of this home say neither rehearsal nor live.",
            f"Put its {SETTINGS} back as it was made.",
        )
    return str(kind)


def lies_in_live_home(place: Path) -> bool:
    """Whether a file or folder is, or lies in, a live home. Raises as `kind_of`."""
    whole = place.resolve()
    return any((folder / SETTINGS).exists() and kind_of(folder) == LIVE for folder in (whole, *whole.parents))


def kind_by(certificate: Certificate) -> str:
    """The kind of the home whose office has that certificate."""
    return REHEARSAL if certificate.rehearsal else LIVE


def kind_differs() -> Integrity:
    """HOME_KIND_DIFFERS: settings, certificates and events do not tell of one kind."""
    return Integrity(
        "HOME_KIND_DIFFERS",
        "The settings of this home say another kind than its certificates or its events.",
        f"Put its {SETTINGS} back as it was made: a home never changes its kind.",
    )


def _settings(directory: Path) -> dict[str, object]:
    try:
        return tomllib.loads((directory / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Usage(
            "NOT_A_HOME", "There is no home in this folder.", "Make one with `comity init DIR`, or give --home DIR."
        ) from None
