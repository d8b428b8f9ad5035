"""Prints the drawing of the layers into the README, from the contract that holds them."""

from __future__ import annotations

import re
import textwrap

from docs.source import ROOT, project

CONTRACT = "Who may import whom"
BEGIN = "<!-- layers: printed from the import contract by `make docs` -->"
END = "<!-- end of layers -->"


def readme() -> str:
    """The README with the drawing of today's contract between its two marks."""
    text = (ROOT / "README.md").read_text("utf-8")
    section = f"{BEGIN}\n\n```text\n{layers()}\n```\n\n{END}"
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: section, text, flags=re.DOTALL)


def layers() -> str:
    """The packages in rows, each importing only from rows below it, with what each may import."""
    rows = _rows()
    width = max(map(len, rows))
    return "\n\n".join("\n".join(_line(name, rows[name], width) for name in level) for level in _levels(rows))


def _line(name: str, imported: list[str], width: int) -> str:
    margin = " " * (width + 5)
    words = textwrap.fill(" · ".join(imported), 100, initial_indent=margin, subsequent_indent=margin)
    return f"{name:<{width}}  {'◀─' if imported else '──'} {words.strip()}".rstrip()


def _rows() -> dict[str, list[str]]:
    """Each package with what it may import; the rows of single modules count to their package."""
    contracts = project()["tool"]["importlinter"]["contracts"]
    lines = next(contract["table"] for contract in contracts if contract["name"] == CONTRACT)
    rows: dict[str, list[str]] = {}
    for line in lines:
        importer, _, imported = line.partition(":")
        names = [name.strip() for name in imported.split(",") if name.strip()]
        known = rows.setdefault(importer.split(".")[0].strip(), [])
        known += [name for name in names if name not in known]
    return rows


def _levels(rows: dict[str, list[str]]) -> list[list[str]]:
    """The packages by height, the highest first: one more than the highest of what they may import."""
    height: dict[str, int] = {}
    while len(height) < len(rows):
        for name, imported in rows.items():
            below = [height.get(other.split(".")[0], -1) for other in imported]
            if -1 not in below:
                height[name] = 1 + max(below, default=-1)
    return [[name for name in rows if height[name] == level] for level in range(max(height.values()), -1, -1)]
