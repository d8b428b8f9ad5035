"""What a backup is: the files of a home but for its private keys, and a signed manifest that names each by its digest.

`log/`, `batches/` and `agreements/` lie in it as they do in a home, so that the log of a backup is verified as any
other. The manifest is written last: a folder without one is no backup.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from comity.accounting.segments import read_segments
from comity.case.errors import BadInput, Integrity
from comity.crypto import Certificate, CryptoError, P256Key, canonical, digest, sign, verify
from comity.office.outbox import OFFICE_FOLDER
from comity.workspace import file_digest

MANIFEST = "manifest.json"
SIGNATURE = "manifest.jws"
STORE = "database"
CERTIFICATES = ("office.pem", "authority.pem")
_TYPE = "comity-backup/1"


@dataclass(frozen=True)
class Backup:
    """What a manifest says: the home's name, when it was copied, its log then, and each file's digest by its path.

    `lacking` are the registries that were built in the home and did not lie in it any more; `root` is in hex.
    """

    name: str
    made_at: str
    version: str
    log_key: str
    size: int
    root: str
    events: int
    lacking: tuple[str, ...]
    files: Mapping[str, str] = field(repr=False)

    def encode(self) -> bytes:
        """The bytes of the manifest."""
        return canonical({"type": _TYPE, **asdict(self), "lacking": list(self.lacking)})

    @property
    def digest(self) -> str:
        """The digest of the manifest, by which events name the backup."""
        return digest(self.encode())


def write_manifest(backup: Backup, folder: Path, key: P256Key, certificate: Certificate) -> None:
    """Sign the manifest as the office and write both, after everything else in the folder is on the disk."""
    (folder / SIGNATURE).write_text(sign(_statement(backup.encode()), key, certificate), encoding="ascii")
    os.sync()
    draft = folder / f".{MANIFEST}"
    draft.write_bytes(backup.encode())
    draft.rename(folder / MANIFEST)
    os.sync()


def read_backup(folder: Path) -> Backup:
    """The backup in `folder`, every file of it read and none beside it, under the signature of the office that its own
    log begins with.

    Raises BadInput `BACKUP_UNREADABLE`, Integrity `BACKUP_CHANGED` or `BACKUP_SIGNATURE_WRONG`.
    """
    content = _content(folder)
    backup = _parsed(content)
    _require_files(folder, backup)
    _require_signed(folder, backup, content)
    return backup


def _content(folder: Path) -> bytes:
    try:
        return (folder / MANIFEST).read_bytes()
    except OSError:
        raise _unreadable() from None


def _parsed(content: bytes) -> Backup:
    try:
        said = json.loads(content)
        kind, lacking = said.pop("type"), tuple(said.pop("lacking"))
        backup = Backup(**said, lacking=lacking)
        exact = kind == _TYPE and backup.encode() == content
    except (ValueError, TypeError, KeyError, AttributeError, CryptoError):
        exact = False
    if not exact:
        raise _unreadable()
    return backup


def _require_files(folder: Path, backup: Backup) -> None:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() or path.is_symlink()}
    beside = found - {MANIFEST, SIGNATURE} ^ backup.files.keys()
    if beside:
        raise _changed(f"{len(beside)} files of the backup are missing, or are in it and not in its manifest.")
    for name, named in backup.files.items():
        if (folder / name).is_symlink() or file_digest(folder / name) != named:
            raise _changed(f"The file {name} of the backup is not the one that was copied.")


def _require_signed(folder: Path, backup: Backup, content: bytes) -> None:
    """The office that the first entry of the log names signed the manifest."""
    try:
        token = (folder / SIGNATURE).read_text(encoding="ascii")
        genesis = read_segments(folder / "batches" / OFFICE_FOLDER)[0].envelopes[0].body
        own, root = (Certificate.from_pem(str(genesis[name]).encode()) for name in ("certificate", "authority"))
        signed = verify(token, [root], datetime.fromisoformat(backup.made_at))
        held = signed.certificate.fingerprint == own.fingerprint and signed.payload == _statement(content)
    except (OSError, ValueError, IndexError, KeyError, CryptoError):
        held = False
    if not held:
        raise Integrity(
            "BACKUP_SIGNATURE_WRONG", "The office did not sign this manifest.", "Do not restore it; take another."
        )


def _statement(content: bytes) -> bytes:
    return canonical({"type": _TYPE, "manifest": digest(content)})


def _unreadable() -> BadInput:
    return BadInput(
        "BACKUP_UNREADABLE",
        "The folder holds no backup, or one that was not finished.",
        "Name the folder that `comity home backup` wrote.",
    )


def _changed(says: str) -> Integrity:
    return Integrity("BACKUP_CHANGED", says, "Do not restore it; take another backup.")
