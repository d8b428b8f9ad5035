"""The passkey that an officer signs with: made in a browser, vouched for with the registered key, then proposed."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path

from comity.case.errors import BadInput, Refused
from comity.case.office_events import PasskeyProposed
from comity.crypto import Certificate, P256Key, Passkey, sign_detached
from comity.office.desk import Actor, Office, crypto_errors
from comity.oversight.entered import require_true, require_vouched, vouching

_FIELDS = tuple(field.name for field in fields(PasskeyProposed))


def unvouched(officer: str, made: Passkey) -> PasskeyProposed:
    """What a browser made for `officer`, before the officer has vouched for it. Raises as `Passkey.key_fingerprint`."""
    with crypto_errors():
        return PasskeyProposed(officer, key=made.key_fingerprint, vouched="", **asdict(made))


def written(said: PasskeyProposed) -> str:
    """The file of a passkey that is on its way into the register: one JSON object. It holds no secret."""
    return json.dumps({name: getattr(said, name) for name in _FIELDS}, indent=2) + "\n"


def read(path: Path) -> PasskeyProposed:
    """The passkey in a file. Raises BadInput `PASSKEY_FILE_UNREADABLE`."""
    try:
        form = json.loads(path.read_text(encoding="utf-8"))
        fit = set(form) == set(_FIELDS) and all(type(word) is str for word in form.values())
    except (OSError, ValueError, TypeError):
        fit = False
    if not fit:
        raise BadInput(
            "PASSKEY_FILE_UNREADABLE",
            "The file is not one that an officer's account page gave.",
            "Make the passkey there, and give the file as it was saved.",
        )
    return PasskeyProposed(**form)


def vouch(office: Office, actor: Actor, said: PasskeyProposed, key: P256Key) -> PasskeyProposed:
    """The officer vouches, with the registered key, that this is the officer's own passkey; for nobody else's.

    Raises Refused `PASSKEY_OF_ANOTHER`, and BadInput as `crypto.sign_detached`.
    """
    if said.subject != actor.officer:
        raise Refused(
            "PASSKEY_OF_ANOTHER", "The passkey was made by another officer.", "Vouch for your own, and no other."
        )
    certificate = Certificate.from_pem(office.state().officer(actor.officer).certificate.encode())
    with crypto_errors():
        return replace(said, vouched=sign_detached(vouching(said), key, certificate))


def passkey_proposal(office: Office, path: Path) -> PasskeyProposed:
    """The passkey in a file that its officer vouched for, as it is proposed.

    Raises BadInput `PASSKEY_FILE_UNREADABLE`, Refused `OFFICER_UNKNOWN`, Integrity `PASSKEY_NOT_VOUCHED` or
    `ENTRY_UNTRUE`.
    """
    said = read(path)
    office.state().officer(said.subject)
    require_true(said)
    require_vouched(office.state(), said, office.now())
    return said
