"""Keeps the exact text of an agreement that was proposed, by its digest, for all that is done under it later."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from comity.agreements.base import Agreement
from comity.agreements.loading import FILES, load_folder
from comity.case.errors import ComityError, Integrity

_INCOMING = ".incoming"
_SETTINGS = "settings.json"
_TEXT = "text"


def keep(place: Path, folder: Path, settings: Mapping[str, Any]) -> Agreement:
    """Copy the agreement in `folder`, with what was set, into `place` under its digest; give it as it was copied.

    What is read is the copy, so that nobody can change the text in between. Raises as `load_folder` and `with_terms`.
    """
    incoming = place / f"{_INCOMING}-{secrets.token_hex(8)}"
    (incoming / _TEXT).mkdir(parents=True)
    try:
        for name in FILES:
            if (folder / name).is_file():
                shutil.copyfile(folder / name, incoming / _TEXT / name)
        said = json.dumps(dict(settings), sort_keys=True)
        (incoming / _SETTINGS).write_text(said, encoding="utf-8")
        agreement = _set(load_folder(incoming / _TEXT), said)
        _put_in_place(incoming, place / agreement.digest)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    return agreement


def kept(place: Path, digest: str) -> Agreement:
    """The agreement of that digest as it was kept in `place`, settings included.

    Raises Integrity `AGREEMENT_MISSING` or `AGREEMENT_TEXT_CHANGED` when its text is gone, or is not the one kept.
    """
    said = json.dumps(kept_settings(place, digest), sort_keys=True)
    agreement = _set(load_folder(place / digest / _TEXT), said)
    if agreement.digest != digest:
        raise Integrity(
            "AGREEMENT_TEXT_CHANGED",
            "The text of the agreement in the home is not the one that was proposed.",
            "Nothing runs under it. Restore the home's folder `agreements` from the backup.",
        )
    return agreement


def kept_settings(place: Path, digest: str) -> dict[str, Any]:
    """What was set of the agreement of that digest, as it was kept in `place`. Raises Integrity `AGREEMENT_MISSING`."""
    try:
        settings = json.loads((place / digest / _SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        settings = None
    if not isinstance(settings, dict):
        raise Integrity(
            "AGREEMENT_MISSING",
            "The text of the agreement that was proposed is not in the home.",
            "Restore the home's folder `agreements` from the backup.",
        )
    return settings


@lru_cache(maxsize=8)
def _set(text: Agreement, settings: str) -> Agreement:
    """`text` as it was set, made once: gates are compiled once for an agreement, and know it by being the same."""
    return text.with_terms(json.loads(settings))


def _put_in_place(incoming: Path, folder: Path) -> None:
    """The same text may be there already, and a batch may be reading it: what is whole stays."""
    if _is_whole(folder):
        return
    shutil.rmtree(folder, ignore_errors=True)
    for path in (*incoming.rglob("*"), incoming):
        _sync(path)
    incoming.rename(folder)
    _sync(folder.parent)


def _is_whole(folder: Path) -> bool:
    try:
        return kept(folder.parent, folder.name).digest == folder.name
    except (ComityError, OSError):
        return False


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
