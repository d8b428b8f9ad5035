"""An artefact: one table a step made, known by the digest of its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Artefact:
    """A table in a file that an event can name.

    Takes `kind` (requests, rulings, ...), `digest` (hex SHA-256 of the file), `path` and `rows`. It exists in law only
    when an event names its digest; until then the file is swept. `path` is no part of what it is.
    """

    kind: str
    digest: str
    path: Path = field(compare=False, repr=False)
    rows: int

    def named(self) -> dict[str, object]:
        """How an event names it: kind, digest and rows."""
        return {"kind": self.kind, "digest": self.digest, "rows": self.rows}
