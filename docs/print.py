"""Prints the pages that are made from the code: `make docs` writes them, `stale()` names those not current."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from docs.printing.benchmarks import benchmarks_page
from docs.printing.cli import cli_page
from docs.printing.errors import errors_page
from docs.printing.evaluation import evaluation_page
from docs.printing.events import events_page
from docs.printing.formats import formats_page
from docs.printing.gates import gates_page
from docs.printing.layers import readme
from docs.printing.rights import rights_page
from docs.printing.tables import tables_page
from docs.source import ROOT

PRINTED: dict[str, Callable[[], str]] = {
    "README.md": readme,
    "docs/reference/tables.md": tables_page,
    "docs/reference/errors.md": errors_page,
    "docs/reference/events.md": events_page,
    "docs/reference/formats.md": formats_page,
    "docs/reference/gates.md": gates_page,
    "docs/reference/cli.md": cli_page,
    "docs/rights.md": rights_page,
    "docs/evaluation.md": evaluation_page,
    "docs/benchmarks.md": benchmarks_page,
}


def stale() -> Iterator[str]:
    """The pages whose text in the project is not what the code prints now."""
    for name, page in PRINTED.items():
        path = ROOT / name
        if not path.exists() or path.read_text("utf-8") != page():
            yield name


def main() -> None:
    """Write every page that is not current."""
    for name in list(stale()):
        path: Path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PRINTED[name](), "utf-8")
        print(f"printed {name}")


if __name__ == "__main__":
    main()
