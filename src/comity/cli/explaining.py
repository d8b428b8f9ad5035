"""The command that explains one comparison in words, to the terminal of whoever may see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.case.errors import Usage
from comity.cli.options import (
    HERE,
    OWN_KEYS,
    As,
    AsJson,
    HomeDir,
    Keys,
    SetEvidence,
    SetRegistry,
    SetRequests,
    acting,
)
from comity.cli.showing import heading, sheet, table
from comity.cli.speaking import say, visible

if TYPE_CHECKING:
    from comity.linkage.explain import Explanation, Weighed
    from comity.oversight.explaining import Explained

_SENT = (
    "given_name", "middle_name", "family_name", "name_suffix", "street_line", "unit_line", "city", "state", "zip",
    "country", "address_text", "tax_years", "date_of_birth",
)  # fmt: skip
_STANDARD = {
    "n_given": "given name", "n_middle": "middle name", "n_family": "family name", "n_suffix": "suffix",
    "a_street": "street", "a_unit": "unit", "a_city": "city", "a_state": "state", "a_zip": "ZIP",
}  # fmt: skip
_DEMANDS = {
    "names": "names may confirm; a soft one needs support",
    "third_identifier": "a middle name or a birth date has to agree",
    "date_of_birth": "the birth date has to agree",
}


def explain(
    which: Annotated[str, typer.Argument(metavar="BATCH|REQUEST_ID", help="A batch, or a request of --requests.")],
    row: Annotated[int | None, typer.Argument(metavar="ROW", help="The request's row number in the batch.")] = None,
    registry: SetRegistry = None,
    requests: SetRequests = None,
    evidence: SetEvidence = "date_of_birth",
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Show one comparison in words: the request step by step, each candidate, the rule, and what was missing."""
    if registry and requests:
        from comity.oversight.explaining import explain_request

        found = explain_request(registry, requests, which, evidence)
    elif registry or requests or row is None:
        raise Usage(
            "EXPLAIN_WHAT",
            "It is not said which request to explain.",
            "Give BATCH and ROW in an office, or --registry, --requests and a REQUEST_ID of an evaluation set.",
        )
    else:
        from comity.office.explaining import explain_row

        office, actor = acting(home, officer_id, keys)
        found = explain_row(office, actor, which, row)
    show_explained(found, as_json=as_json)


def show_explained(found: Explained, *, as_json: bool) -> None:
    """Say one comparison, as JSON or as a sheet for people."""
    if as_json:
        say(asdict(found), "", as_json=True)
    else:
        _print(found)


def _print(found: Explained) -> None:
    console = sheet()
    if found.explanation is None:
        console.print(heading(f"{found.request_id}: returned, and never looked up"))
        console.print(table(("code", "says"), zip(found.returned, found.says, strict=True), words=2))
        return
    explanation = found.explanation
    console.print(heading(f"{found.request_id}: {explanation.determination}"))
    console.print(f"{visible(explanation.rule)} ({explanation.reason}; evidence: {_demand(explanation)})", markup=False)
    for sentence in _after(found, explanation):
        console.print(sentence, markup=False)
    console.print(heading("The request as sent"))
    console.print(table(("", ""), _sent(explanation.request), words=2))
    console.print(heading("Standardised: the steps that changed something"))
    console.print(table(("", "step", "gave"), _steps(explanation), words=3))
    console.print(heading("In standard form"))
    standard = explanation.standing.standard
    console.print(" · ".join(f"{says} {visible(standard[c])}" for c, says in _STANDARD.items() if c in standard))
    for number, records in groupby(explanation.candidates, lambda candidate: candidate.number):
        console.print(heading(f"Candidate {number}"))
        for candidate in records:
            _print_record(console, candidate)
    if not explanation.candidates:
        console.print(heading("No candidate: no record has the address or the name."))


def _demand(explanation: Explanation) -> str:
    return _DEMANDS.get(explanation.evidence, explanation.evidence)


def _after(found: Explained, explanation: Explanation) -> Iterator[str]:
    """What would have changed the outcome, and whether the batch recorded another one."""
    for missing in explanation.missing:
        evidence = missing.evidence[0].upper() + missing.evidence[1:]
        yield f"{evidence} would make this confirmed, for candidate {missing.candidate}."
    if explanation.determination != "confirmed" and not explanation.missing:
        yield "No single piece of evidence that the request lacks would make this confirmed."
    determined = f"{explanation.determination}, {explanation.reason}"
    if found.recorded and found.recorded != determined:
        yield f"On record is: {found.recorded}. The rules of this version say otherwise."


def _sent(request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _SENT:
        if request.get(name):
            value = request[name]
            yield name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _steps(explanation: Explanation) -> Iterator[tuple[str, str, str]]:
    above = ""
    for step in explanation.standing.steps:
        yield "" if step.about == above else step.about, step.says, " · ".join(step.became)
        above = step.about


def _print_record(console: Any, candidate: Weighed) -> None:  # noqa: ANN401 -- Rich is imported where it is used
    console.print(visible(", ".join(str(value) for value in candidate.record.values() if value)), markup=False)
    levels = f"name {candidate.name_level}, address {candidate.address_level}, birth date {candidate.birth_level}"
    console.print(f"  Levels: {levels}.", markup=False)
    for sentence in candidate.says:
        console.print(f"  {visible(sentence)}", markup=False)
