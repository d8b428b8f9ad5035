"""The folder of a witness: its name, its two keys, and the logs it watches."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from comity.accounting.checkpoint import COSIGNATURE_V1, LOG_KINDS, ML_DSA_44, NoteKey, Signer, Verifier, parse_vkey
from comity.accounting.durable import Staging
from comity.accounting.errors import LogError
from comity.accounting.policy import parse_policy
from comity.accounting.verifying import note_verifier
from comity.case.errors import BadInput, Refused, Usage
from comity.crypto import Ed25519Key, MlDsa44Key, sign_ed25519, sign_ml_dsa_44

SETTINGS = "witness.toml"
WATCHED = "logs.policy"
_ED25519 = "ed25519.key"
_ML_DSA = "ml-dsa-44.key"
_AS_IT_IS = "Copy the log's key as its operator published it."


@dataclass(frozen=True)
class WitnessHome:
    """A witness's folder and what is read from it."""

    directory: Path
    name: str
    ed25519: Ed25519Key = field(repr=False)
    ml_dsa: MlDsa44Key = field(repr=False)

    def signers(self) -> tuple[Signer, Signer]:
        """What cosigns: ML-DSA-44, which is the one to rely on, and Ed25519 for whoever cannot verify it yet."""
        return (
            Signer(
                NoteKey(self.name, ML_DSA_44, self.ml_dsa.public_bytes),
                lambda content: sign_ml_dsa_44(self.ml_dsa, content),
            ),
            Signer(
                NoteKey(self.name, COSIGNATURE_V1, self.ed25519.public_bytes),
                lambda content: sign_ed25519(self.ed25519, content),
            ),
        )

    def watched(self) -> dict[str, list[Verifier]]:
        """The trusted keys of the logs it watches, by origin, as they stand in the folder now."""
        logs: dict[str, list[Verifier]] = {}
        for key in parse_policy((self.directory / WATCHED).read_bytes()).logs:
            logs.setdefault(key.name, []).append(note_verifier(key))
        return logs


def create_witness(directory: Path, name: str) -> WitnessHome:
    """Make a witness of that key name in an empty or new folder, readable by its owner alone; it watches no log yet.

    Raises Usage `WITNESS_EXISTS`, BadInput `NAME_UNFIT`.
    """
    if directory.exists() and any(directory.iterdir()):
        raise Usage("WITNESS_EXISTS", "The folder is not empty.", "Name a new folder; a key is never written over.")
    if not name.isascii() or not name.isprintable() or not 0 < len(name) < 256 or set(name) & set(' +"\\'):
        raise BadInput(
            "NAME_UNFIT",
            "The name of a witness is up to 255 plain characters without blanks, quotes and '+'.",
            "Take a name of your own domain, such as witness.example/inspector-general.",
        )
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    Ed25519Key.generate().save(directory / _ED25519)
    MlDsa44Key.generate().save(directory / _ML_DSA)
    # Settings last: a folder without them is no witness, so a witness is never half made.
    _write(directory, WATCHED, "quorum none\n")
    _write(directory, SETTINGS, f'name = "{name}"\n')
    return open_witness(directory)


def open_witness(directory: Path) -> WitnessHome:
    """The witness in `directory`. Raises Usage `NOT_A_WITNESS`, `CryptoError` for its keys."""
    try:
        name = str(tomllib.loads((directory / SETTINGS).read_text(encoding="utf-8"))["name"])
        os.umask(0o077)
        return WitnessHome(directory, name, Ed25519Key.load(directory / _ED25519), MlDsa44Key.load(directory / _ML_DSA))
    except (OSError, ValueError, KeyError):
        raise Usage(
            "NOT_A_WITNESS", "There is no witness in this folder.", "Make one with `comity witness new DIR`."
        ) from None


def trust_log(home: WitnessHome, vkey: str) -> NoteKey:
    """Watch the log of that verifier key from now on.

    Raises BadInput for a key of another form, or of a name that no policy file can hold; Refused `TAKEN`.
    """
    try:
        key = parse_vkey(vkey)
    except LogError as error:
        raise BadInput(error.code, error.says, _AS_IT_IS) from None
    if key.kind not in LOG_KINDS:
        raise BadInput("KEY_WRONG_KIND", "The key is a witness's, not a log's.", "Give the key of the log.")
    known = (home.directory / WATCHED).read_text(encoding="utf-8")
    if any(key.public_key == verifier.key.public_key for keys in home.watched().values() for verifier in keys):
        raise Refused("TAKEN", "This log is watched already.", "There is nothing to do.")
    text = f"log {vkey}\n{known}"
    try:
        parse_policy(text.encode())
    except LogError:
        raise BadInput("NAME_UNFIT", "The name of the log is not one that a policy file can hold.", _AS_IT_IS) from None
    _write(home.directory, WATCHED, text)
    return key


def distrust_key(home: WitnessHome, vkey: str) -> NoteKey:
    """Cosign nothing any more that only this key signed; what was cosigned is kept. Raises Refused `NOT_WATCHED`."""
    lines = (home.directory / WATCHED).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.split() != ["log", vkey]]
    if len(kept) == len(lines):
        raise Refused("NOT_WATCHED", "This witness does not trust that key.", "See `comity witness show`.")
    _write(home.directory, WATCHED, "".join(kept))
    return parse_vkey(vkey)


def _write(directory: Path, name: str, text: str) -> None:
    staging = Staging(directory)
    staging.write(name, text.encode())
    staging.publish()
