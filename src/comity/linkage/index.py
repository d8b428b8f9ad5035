"""The registry index: an immutable file of spells, built aside, verified, renamed, and pinned by a batch."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from comity.case.errors import BadInput, Integrity
from comity.linkage.persons import resolve_persons
from comity.linkage.sources import read_registry
from comity.linkage.spells import write_spells
from comity.linkage.standing import joins_sql, stand
from comity.standard import VERSION, load_lists
from comity.workspace import Workspace, file_digest, quoted, workspace

INDEX_FILE = "registry.duckdb"
MANIFEST_FILE = "registry.json"
MEMORY_LIMIT = "8GB"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Index:
    """A registry that batches can be linked against.

    `digest` is the hex SHA-256 of the file at `path`; `rows` were read from the sources and make `spells` rows in the
    file, standardised under the rule-set `standard`.
    """

    digest: str
    path: Path = field(compare=False, repr=False)
    rows: int
    spells: int
    standard: str = VERSION


def build_index(sources: Sequence[Path], into: Path, progress: Progress | None = None) -> Index:
    """Build the index of the registry `sources` (CSV or Parquet, REGISTRY contract) in the new directory `into`.

    `progress` is called with the name of each stage. The index and its manifest are written aside, read back and
    renamed together, so `into` is whole or absent. Raises BadInput `REGISTRY_*` (see `sources`), `REGISTRY_EMPTY`, or
    `REGISTRY_EXISTS` when `into` is there already: an index is never changed.
    """
    tell = progress or (lambda _stage: None)
    if into.exists():
        raise BadInput("REGISTRY_EXISTS", "There is a registry in that place already.", "Build into a new directory.")
    into.parent.mkdir(parents=True, exist_ok=True)
    draft = into.parent / f".{into.name}-{uuid.uuid4().hex}.draft"
    draft.mkdir()
    try:
        rows, spells = _build(sources, draft, tell)
        tell("verify")
        built = Index(file_digest(draft / INDEX_FILE), into / INDEX_FILE, rows, spells)
        _write_manifest(draft / MANIFEST_FILE, built)
        draft.rename(into)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return built


def _build(sources: Sequence[Path], draft: Path, tell: Progress) -> tuple[int, int]:
    with workspace(draft, reads=[path.absolute() for path in sources], memory_limit=MEMORY_LIMIT) as ws:
        tell("read")
        rows = read_registry(ws, sources, "source_rows")
        if not rows:
            raise BadInput("REGISTRY_EMPTY", "The registry sources hold no row.", "Name the sources that hold records.")
        tell("standardise")
        load_lists(ws.con)
        stand(ws.con, "source_rows", "registry")
        tell("resolve")
        _enter(ws)
        resolve_persons(ws.con, "entries", "identity_parts")
        tell("write")
        ws.con.execute(f"ATTACH {quoted(draft / INDEX_FILE)} AS registry")
        write_spells(ws.con)
        ws.con.execute("DETACH registry")
    with suppress(FileNotFoundError):
        shutil.rmtree(draft / ".spill")
    return rows, _verified_spells(draft)


def _enter(ws: Workspace) -> None:
    """`entries`: the source rows with the ids of their place and name; `name_facts`: what each name is."""
    ws.con.execute(f"""
CREATE OR REPLACE TEMP TABLE entries AS
SELECT r.taxpayer_id, r.tax_year, r.source_form, r.role, r.date_of_birth AS born,
    nullif(regexp_replace(r.tin, '[^0-9A-Za-z]', '', 'g'), '') AS tin,
    place.place, place.address_id, named.name, named.name_id
FROM source_rows AS r {joins_sql("r", "registry")}
""")
    ws.con.execute("DROP TABLE source_rows")
    ws.con.execute("""
CREATE OR REPLACE TEMP VIEW name_facts AS
SELECT name, n_given, n_middle, n_family, n_suffix FROM registry_names WHERE name_id = name
""")


def _verified_spells(draft: Path) -> int:
    with workspace(draft, reads=[draft]) as ws:
        ws.con.execute(f"ATTACH {quoted(draft / INDEX_FILE)} AS registry (READ_ONLY)")
        spells, keyless = ws.rows(
            "SELECT count(*), count(*) FILTER (person IS NULL OR role IS NULL OR len(filed) = 0) FROM registry.spells"
        )[0]
    shutil.rmtree(draft / ".spill", ignore_errors=True)
    if keyless or not spells:
        raise Integrity("REGISTRY_NOT_WHOLE", "The index that was written is not whole.", "Build it again.")
    return int(spells)


def _write_manifest(path: Path, built: Index) -> None:
    facts = {"digest": built.digest, "rows": built.rows, "spells": built.spells, "standard": built.standard}
    with path.open("w", encoding="utf-8") as file:
        json.dump(facts, file, sort_keys=True, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def open_index(path: Path) -> Index:
    """The index in the directory `path`, as its manifest says.

    The bytes are compared with the digest when a batch is linked. Raises BadInput `REGISTRY_UNKNOWN` when there is
    none, and Integrity `REGISTRY_OTHER_STANDARD` when it was standardised under another version of the rule-set.
    """
    try:
        facts = json.loads((path / MANIFEST_FILE).read_text(encoding="utf-8"))
        index = Index(facts["digest"], path / INDEX_FILE, facts["rows"], facts["spells"], facts["standard"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            "REGISTRY_UNKNOWN", "There is no registry in that place.", "Run `registry build` first."
        ) from None
    if index.standard != VERSION:
        raise Integrity(
            "REGISTRY_OTHER_STANDARD",
            "The registry was standardised under another version of the rules than the requests would be.",
            "Build the registry again from its sources.",
        )
    return index
