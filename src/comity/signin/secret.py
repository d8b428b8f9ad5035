"""The console's own secret: what signs its sessions and keeps its codes, the same for every process on the home."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from comity.case.errors import BadInput

_BYTES = 32


def console_secret(home: Path) -> bytes:
    """The secret in `keys/console.key`, drawn when it is first asked for. Raises BadInput `HOME_INCOMPLETE`."""
    path = home / "keys" / "console.key"
    if not path.exists():
        _draw(path)
    found = path.read_bytes()
    if len(found) != _BYTES:
        raise BadInput("HOME_INCOMPLETE", "The console's key is damaged.", "Restore the home.")
    return found


def _draw(path: Path) -> None:
    draft = path.with_name(f".console-{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        # Of two processes that draw at the same moment, the first gives the key to both.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
