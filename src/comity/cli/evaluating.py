"""The command that measures linkage against a truth, prints its figures, and compares them with an earlier run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.case.errors import Refused, Usage
from comity.cli.figures import Sheet, change_sheets, sheets
from comity.cli.options import DUCKDB, THIS_MACHINE, AsJson, EngineName, Master
from comity.cli.showing import heading, markdown_table, sheet, table
from comity.cli.speaking import say, say_error, visible

if TYPE_CHECKING:
    from comity.oversight import Evaluation
    from comity.oversight.baseline import Change
    from comity.oversight.trial import Peer

PEERS = ("splink",)

Requests = Annotated[
    Path, typer.Option(exists=True, dir_okay=False, help="Requests: CSV or Parquet; identity columns suffice.")
]
Truth = Annotated[
    Path,
    typer.Option(
        exists=True, dir_okay=False, help="Truth: request_id, taxpayer_id, confirmable, kind; groups if you like."
    ),
]


def evaluate(
    registry: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Registry source: CSV or Parquet.")],
    requests: Requests,
    truth: Truth,
    evidence: Annotated[
        list[str] | None,
        typer.Option(help="names, third_identifier, date_of_birth or all; may be repeated. Without: date_of_birth."),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(help="A column of the truth: recall and false confirmations by it; may be repeated."),
    ] = None,
    group_by_tin: Annotated[
        bool, typer.Option("--group-by-tin", help="Group the registry by TIN, as a tax agency has it.")
    ] = False,
    against: Annotated[str, typer.Option(help="Another method on the same requests: splink.")] = "",
    kinds: Annotated[bool, typer.Option("--kinds", help="Every kind, not only those with a wrong one.")] = False,
    record: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write every request's determination here, as a baseline.")
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="An earlier record; exit 3 when wrong persons rose."),
    ] = None,
    engine: EngineName = DUCKDB,
    master: Master = THIS_MACHINE,
    chart: Annotated[Path | None, typer.Option(dir_okay=False, help="Draw the groups here, as SVG.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown tables.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure matching on a set with truth: recall, wrong persons, wrong addresses, by reason, kind and group."""
    from comity.linkage import EngineChoice
    from comity.oversight import evaluate_each
    from comity.oversight.baseline import compare_runs

    if chart and not group:
        raise Usage("NOTHING_TO_DRAW", "A chart shows groups, and none is named.", "Name a column: --group COLUMN.")
    with tempfile.TemporaryDirectory() as place:
        kept = Path(place) / "record.json"
        found = evaluate_each(
            registry,
            requests,
            truth,
            _terms(evidence),
            groups=group or (),
            by_tin=group_by_tin,
            peer=_peer(against),
            record=kept,
            engine=EngineChoice(engine, master),
        )
        changes = compare_runs(Path(place), baseline, kept) if baseline else ()
        if record:
            record.write_bytes(kept.read_bytes())
    if chart:
        _draw(found, chart)
    _end(found, changes, sheets(found, every_kind=kinds, peer=against), as_json=as_json, markdown=markdown)


def _terms(evidence: Sequence[str] | None) -> tuple[str, ...]:
    from comity.linkage.terms import EVIDENCE

    asked = evidence or ["date_of_birth"]
    return EVIDENCE if "all" in asked else tuple(dict.fromkeys(asked))


def _peer(against: str) -> Peer | None:
    if not against:
        return None
    if against not in PEERS:
        raise Usage("PEER_UNKNOWN", "There is no other method of that name.", f"Take one of: {', '.join(PEERS)}.")
    from comity.bench import peer

    peer.require_peer()
    return peer.determine


def _draw(found: Sequence[Evaluation], chart: Path) -> None:
    from comity.oversight.charts import groups_chart

    chart.write_text(groups_chart(found), encoding="utf-8")


def _end(
    found: Sequence[Evaluation],
    changes: Sequence[Change],
    tables: Iterable[Sheet],
    *,
    as_json: bool,
    markdown: bool,
) -> None:
    """Print the figures and what changed; then exit 3 if more wrong persons are confirmed than in the baseline."""
    risen = _risen(changes)
    if as_json:
        facts: dict[str, Any] = (
            found[0].as_dict() if len(found) == 1 else {"runs": [evaluation.as_dict() for evaluation in found]}
        )
        facts |= {"changes": [asdict(change) for change in changes]} if changes else {}
        facts |= {"error": {"code": risen.code, "says": risen.says, "next": risen.next}} if risen else {}
        say(facts, "", as_json=True)
    else:
        _print([*tables, *change_sheets(changes)], markdown=markdown)
        if risen:
            say_error(risen, as_json=False)
    if risen:
        raise typer.Exit(risen.exit_code)


def _risen(changes: Sequence[Change]) -> Refused | None:
    from comity.oversight.baseline import require_no_more_wrong

    try:
        require_no_more_wrong(changes)
    except Refused as risen:
        return risen
    return None


def _print(tables: Iterable[Sheet], *, markdown: bool) -> None:
    console = sheet()
    for made in tables:
        if markdown:
            parts = (f"## {visible(made.heading)}", markdown_table(made.head, made.rows, made.words), made.note)
            typer.echo("\n\n".join(part for part in parts if part) + "\n")
            continue
        console.print(heading(made.heading))
        if made.rows:
            console.print(table(made.head, made.rows, made.words))
        if made.note:
            console.print(visible(made.note), markup=False, style="dim")
