"""Artefacts beside the log, found by the events that name them and read without a trace in their folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from comity.case.artefact import Artefact
from comity.oversight.walk import inconsistent
from comity.workspace import Workspace, artefact_name, file_digest, workspace


def named_artefact(folder: Path, named: Mapping[str, Any]) -> Artefact:
    """The artefact that an event names as {kind, digest, rows}. Raises Integrity ARTEFACT_MISSING or
    ARTEFACT_CHANGED."""
    path = folder / artefact_name(named["kind"], named["digest"])
    if not path.exists():
        raise inconsistent("ARTEFACT_MISSING", f"The {named['kind']} artefact of a batch is gone: {path.name}.")
    if file_digest(path) != named["digest"]:
        raise inconsistent("ARTEFACT_CHANGED", f"The {named['kind']} artefact of a batch is not the one it names.")
    return Artefact(named["kind"], named["digest"], path, named["rows"])


@contextmanager
def reading(folder: Path) -> Iterator[Workspace]:
    """A workspace that reads the artefacts in `folder`; what it writes or spills goes to a place that is removed."""
    with tempfile.TemporaryDirectory() as scratch, workspace(Path(scratch), reads=[folder]) as ws:
        yield ws


def same_rows(scratch: Path, folder: Path, again: Artefact, recorded: Artefact) -> bool:
    """Whether `again`, made in the folder `scratch`, has the rows of `recorded`, which lies in `folder`."""
    with workspace(scratch, reads=[folder]) as ws:
        ws.view("again", again)
        ws.view("recorded", recorded)
        differ = ws.rows("SELECT count(*) FROM (FROM again EXCEPT ALL FROM recorded)")[0][0]
    return not differ and again.rows == recorded.rows
