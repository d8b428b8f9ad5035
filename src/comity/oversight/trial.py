"""The work behind `evaluate`: requests with known truth ruled on, linked as shipped, and judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from comity import agreements
from comity.case.artefact import Artefact
from comity.case.tables import IDENTITY, REQUESTS, TRUTH
from comity.gates import rule, settle
from comity.linkage import EngineChoice, Index, LinkageTerms, build_index
from comity.linkage.under import Under, link_under
from comity.oversight.baseline import begin_record, record_outcomes, write_record
from comity.oversight.evaluation import Evaluation
from comity.oversight.evaluation_files import read_groups, read_records, read_table, regroup_by_tin
from comity.oversight.judging import BY_TAXPAYER, BY_TIN, demand_pairs, figures, make_outcomes, peer_figures
from comity.workspace import Workspace, workspace

AGREEMENT = "irs_ice_2025"
_RECIPIENT = ("recipient", "agency", "role", "certificate")

Peer = Callable[[Path, Artefact, Artefact, Index, LinkageTerms], Artefact]
"""Another method: takes a folder to work in, `requests`, `settled`, the index and the terms, as linkage does; gives an
artefact with `row_number`, `determination`, `reason` and the `taxpayer_id` that it confirms."""


@dataclass(frozen=True)
class Trial:
    """What is tried: the files of a set, the evidence demanded in turn, and what is to be shown beside the figures."""

    registry: Path
    requests: Path
    truth: Path
    evidence: tuple[str, ...]
    received_on: date
    groups: tuple[str, ...] = ()
    by_tin: bool = False
    peer: Peer | None = None
    record: Path | None = None
    engine: EngineChoice = field(default_factory=EngineChoice)


@dataclass(frozen=True)
class _Ready:
    """A trial whose requests were received and ruled on, and whose registry is grouped as it is to be."""

    trial: Trial
    registry: Path
    requests: Artefact
    settled: Artefact


def try_out(home: Path, trial: Trial) -> tuple[Evaluation, ...]:
    """Build the index, return what is insufficient, link the rest and judge it, all in the directory `home`.

    Gives one evaluation for each term of `evidence`, in that order.
    """
    terms = [LinkageTerms(evidence=evidence) for evidence in trial.evidence]
    _look_at_truth(home, trial)
    registry = regroup_by_tin(home, trial.registry).path if trial.by_tin else trial.registry
    index = build_index([registry], home / "registry")
    asked, settled, standardised = receive_and_rule(home, trial.requests, trial.received_on)
    with trial.engine.opened() as engine:
        linked = link_under(home, asked, settled, index, terms, engine, standardised)
    peer = trial.peer(home, asked, settled, index, terms[0]) if trial.peer else None
    return _judge(home, _Ready(trial, registry, asked, settled), terms, linked, peer)


def receive_and_rule(home: Path, requests: Path, received_on: date) -> tuple[Artefact, Artefact, Artefact]:
    """The requests of a set and what the gates of sufficiency made of them: `requests`, `settled`, `standardised`."""
    asked, recipients = receive(home, requests, received_on)
    agreement = agreements.load(AGREEMENT)
    ruled = rule(home, asked, recipients, agreement, {}, (), only=agreement.sufficiency)
    return asked, settle(home, asked, ruled.rulings, ()), ruled.standardised


def _look_at_truth(home: Path, trial: Trial) -> None:
    """Refuse a truth that cannot be read, or lacks a group, before the long work begins."""
    with workspace(home, reads=[trial.truth.absolute()]) as ws:
        _read_truth(ws, trial)


def _read_truth(ws: Workspace, trial: Trial) -> None:
    read_table(ws, trial.truth, TRUTH, "truth")
    read_groups(ws, trial.truth, trial.groups)


def receive(home: Path, requests: Path, received_on: date) -> tuple[Artefact, Artefact]:
    """The requests as intake would leave them, whose legal columns are absent, and nobody as recipient."""
    with workspace(home, reads=[requests.absolute()]) as ws:
        read_table(ws, requests, IDENTITY, "sent", REQUESTS)
        numbered = (
            f"row_number() OVER (ORDER BY request_id)::INTEGER AS row_number, DATE '{received_on}' AS received_on"
        )
        asked = ws.write("requests", f"SELECT {numbered}, * FROM sent", "row_number")
        return asked, ws.write("recipients", _NOBODY, "recipient")


_NOBODY = f"SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in _RECIPIENT)} WHERE FALSE"


def _judge(
    home: Path, ready: _Ready, terms: Sequence[LinkageTerms], linked: Under, peer: Artefact | None
) -> tuple[Evaluation, ...]:
    trial = ready.trial
    with workspace(home, reads=[trial.truth.absolute(), ready.registry.absolute()]) as ws:
        _read_truth(ws, trial)
        ws.view("requests", ready.requests)
        demand_pairs(ws)
        ws.view("settled", ready.settled)
        if trial.by_tin:
            read_records(ws, ready.registry)
            ws.view("grounds", linked.grounds)
        begin_record(ws)
        made = [_figures(ws, trial, *each) for each in zip(terms, linked.determinations, strict=True)]
        if trial.record:
            write_record(ws, trial.record)
        beside = _beside(ws, peer) if peer else None
    return tuple(replace(evaluation, peer=beside) for evaluation in made)


def _figures(ws: Workspace, trial: Trial, terms: LinkageTerms, determinations: Artefact) -> Evaluation:
    ws.view("determinations", determinations)
    make_outcomes(ws, BY_TIN if trial.by_tin else BY_TAXPAYER)
    record_outcomes(ws, terms.evidence)
    return figures(ws, terms, trial.groups, "tin" if trial.by_tin else "taxpayer_id")


def _beside(ws: Workspace, peer: Artefact) -> dict[str, float]:
    ws.view("determinations", peer)
    make_outcomes(ws, BY_TAXPAYER)
    return peer_figures(ws)
