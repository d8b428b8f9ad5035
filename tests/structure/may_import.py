"""The import-linter contract "who may import whom": one table, the one of the design, that leaves no package out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

ROOT = "comity."


def parse(lines: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The table: a package or module (without `comity.`) and what it may import.

    A line is `importer: imported, imported`; an empty right side allows nothing of ours.
    """
    table = {}
    for line in lines:
        importer, _, imported = line.partition(":")
        table[importer.strip()] = tuple(word.strip() for word in imported.split(",") if word.strip())
    return table


def row_of(module: str, table: dict[str, tuple[str, ...]]) -> str | None:
    """The longest name of the table that `module` (without `comity.`) lies in."""
    rows = [row for row in table if within(module, row)]
    return max(rows, key=len, default=None)


def within(module: str, package: str) -> bool:
    """Whether `module` is `package` or lies in it."""
    return f"{module}.".startswith(f"{package}.")


def violations(graph: ImportGraph, table: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """A sentence for every import of our own that the table does not allow, and for every package without a row."""
    for importer in sorted(graph.modules):
        if not importer.startswith(ROOT):
            continue
        row = row_of(importer.removeprefix(ROOT), table)
        if row is None:
            yield f"{importer} has no row in the table"
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            if imported.startswith(ROOT) and not _allowed(importer, imported, table[row]):
                yield f"{importer} may not import {imported}"


def _allowed(importer: str, imported: str, row: tuple[str, ...]) -> bool:
    own_package = importer.removeprefix(ROOT).split(".")[0]
    name = imported.removeprefix(ROOT)
    return within(name, own_package) or any(within(name, allowed) for allowed in row)


class MayImport(Contract):
    """Every module of `comity` imports, besides its own package, only what its row of `table` names."""

    type_name = "may_import"
    table = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Compare every direct import with the table."""
        broken = list(violations(graph, parse(self.table)))
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each violation."""
        for sentence in check.metadata["broken"]:
            output.print_error(f"- {sentence}", bold=False)
