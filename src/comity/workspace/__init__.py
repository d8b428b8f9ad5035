"""One in-memory DuckDB per step, with limits, whose errors never print a value."""

from comity.workspace.workspace import (
    Workspace,
    artefact_name,
    file_digest,
    file_sql,
    identifier,
    quoted,
    require_unchanged,
    workspace,
)

__all__ = [
    "Workspace",
    "artefact_name",
    "file_digest",
    "file_sql",
    "identifier",
    "quoted",
    "require_unchanged",
    "workspace",
]
