"""A file for an officer: written in full beside its place, for nobody else to read, before the act is recorded."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from comity.case.errors import BadInput


@contextmanager
def written_beside(out: Path, content: BinaryIO) -> Iterator[Path]:
    """A file with `content` in the folder of `out`, ready to be renamed; gone afterwards if it was not.

    What cannot be written is not recorded as handed over. Raises BadInput `OUT_NOT_WRITABLE`.
    """
    draft = out.with_name(f".{secrets.token_hex(8)}.draft")
    try:
        if out.is_dir():
            raise IsADirectoryError
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(content, file)
    except OSError:
        draft.unlink(missing_ok=True)
        raise BadInput(
            "OUT_NOT_WRITABLE", "The file cannot be written to that place.", "Name a file in a folder of yours: --out."
        ) from None
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def require_new(out: Path) -> None:
    """Raises BadInput `FILE_EXISTS` where something is at `out` already."""
    if out.exists():
        raise BadInput("FILE_EXISTS", "The file is there already.", "Name a new one: --out FILE.")
