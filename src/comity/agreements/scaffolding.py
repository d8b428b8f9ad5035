"""Begins a new agreement: a folder that loads, with one rule and its cases, whose comments teach the format."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from comity.agreements.loading import FILES, NAME, names
from comity.case.errors import Usage


def begin(folder: Path) -> tuple[Path, ...]:
    """Write the files of a new agreement into `folder`, which is new or empty, and give their paths.

    The agreement is called as the folder is. Raises Usage `FOLDER_NOT_EMPTY`, or `AGREEMENT_NAME_UNFIT` for a name that
    is no name of an agreement, or is that of one that ships.
    """
    name = folder.resolve().name
    if not NAME.fullmatch(name) or name in names():
        raise Usage(
            "AGREEMENT_NAME_UNFIT",
            "The folder's name is not one that a new agreement can have.",
            "Use up to 60 of a-z, 0-9 and _, a letter first, and no name of an agreement that ships.",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Usage("FOLDER_NOT_EMPTY", "The folder is not empty.", "Name a new folder; nothing is written over.")
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_written(folder / file, name) for file in FILES)


def _written(path: Path, name: str) -> Path:
    text = (files("comity.agreements") / "scaffold" / "blank" / path.name).read_text(encoding="utf-8")
    path.write_text(text.replace("{name}", name), encoding="utf-8")
    return path
