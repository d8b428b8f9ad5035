"""Commands about agreements: read, check and compare them, begin a new one, propose one and put it into force."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.case.errors import Integrity, Usage
from comity.cli.enrolling import FAR, Day
from comity.cli.entering import Number, approve, propose_in
from comity.cli.entering import show as show_register
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting
from comity.cli.speaking import say, say_table

if TYPE_CHECKING:
    from comity.agreements import Agreement, Change
    from comity.oversight.checking import Checked

agreement = group("The law beside the code.")

SHIPPED = "irs_ice_2025"
_COLUMNS = {"digest": "digest", "terms": "settings", "valid_from": "from", "valid_to": "to"}


class Layout(StrEnum):
    """How an agreement is laid out."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    HTML = "html"


Named = Annotated[
    str, typer.Argument(metavar="AGREEMENT", help="The name of an agreement that ships, or the folder of one.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="TERM=VALUE, for a term of level policy; TERM@YYYY-MM-DD=VALUE from a day."),
]


@agreement.command(
    "propose",
    epilog=example(
        "comity agreement propose irs_ice_2025 --set answer_days=0 --home office --as registrar --keys officers"
    ),
)
def propose(
    named: Annotated[str, typer.Argument(metavar="AGREEMENT", help="The name of one that ships, or a folder.")],
    settings: Settings = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day, YYYY-MM-DD; the agreement's own if not given.")
    ] = None,
    until: Day = FAR,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Propose an agreement; it is in force once counsel has approved it. --set evidence=names sets a value of policy.

    So can be set, from a day on, whether a court's reading is followed: --set NAME@2026-09-01=false.

    A folder is checked first. The home keeps the exact text, and everything done under the agreement goes by it.
    """
    from comity import agreements
    from comity.office.proposals import agreement_proposal

    office, actor = acting(home, officer_id, keys)
    first = since.date() if since else agreements.find(named).terms.in_force_from
    proposal = agreement_proposal(office, actor, named, (first, until.date()), _terms(settings or []))
    propose_in(office, actor, proposal, as_json=as_json)


@agreement.command(
    "approve", epilog=example("comity agreement approve irs_ice_2025 1 --home office --as counsel --keys officers")
)
def approve_agreement(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The agreement's own name.")],
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Put into force a version that another officer proposed: exactly the text and the settings of its digest."""
    from comity.case.registers import AGREEMENT

    approve(AGREEMENT, name, number, home, officer_id, keys, as_json=as_json)


@agreement.command("versions", epilog=example("comity agreement versions irs_ice_2025 --home office"))
def versions(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The agreement; every one if not given.")] = "",
    home: HomeDir = HERE,
    as_json: AsJson = False,
) -> None:
    """Show every version that was proposed: digest, settings, days, who proposed and who approved it.

    The text of a version lies in the home: `comity agreement show HOME/agreements/DIGEST/text`.
    """
    from comity.case.registers import AGREEMENT

    show_register("Agreements", AGREEMENT, name, _COLUMNS, home, as_json=as_json)


def _terms(settings: list[str]) -> dict[str, object]:
    terms: dict[str, object] = {}
    for setting in settings:
        name, separator, value = setting.partition("=")
        if not separator:
            raise Usage("SETTING_UNREADABLE", "A setting is written TERM=VALUE.", "For example --set answer_days=0.")
        try:
            terms[name] = json.loads(value)
        except ValueError:
            terms[name] = value
    return terms


@agreement.command("show", epilog=example("comity agreement show irs_ice_2025 --about 1325 --no-cases"))
def show(
    named: Named = SHIPPED,
    layout: Annotated[Layout, typer.Option("--format", help="How it is laid out.")] = Layout.TERMINAL,
    out: Annotated[Path | None, typer.Option("--out", dir_okay=False, help="Write it to this file.")] = None,
    about: Annotated[
        str, typer.Option(metavar="WORDS", help="Only what has these words: a gate (G-30), a code, a section (1325).")
    ] = "",
    cases: Annotated[bool, typer.Option(help="With the cases that each rule is tried on, or without.")] = True,
    as_json: AsJson = False,
) -> None:
    """Show an agreement: each passage of law, and beside it the values, the rules and the cases made of it.

    With --about, the passages and rules that have these words, and what those rules rest on. The HTML is one file that
    needs nothing else: it can be read offline, sent, and printed.
    """
    from comity import agreements

    found = agreements.excerpt(agreements.find(named), about, cases=cases)
    if as_json:
        page = agreements.render_markdown(found)
        facts = {"agreement": found.name, "version": found.version, "digest": found.digest, "page": page}
        say(facts, "", as_json=True)
    elif out:
        out.write_text(_laid_out(found, layout), encoding="utf-8")
        say({}, f"{found.name} is written to {out}.", as_json=False)
    else:
        typer.echo(_laid_out(found, layout), nl=False)


def _laid_out(found: Agreement, layout: Layout) -> str:
    from comity import agreements

    renders = {
        Layout.TERMINAL: agreements.render_terminal,
        Layout.MARKDOWN: agreements.render_markdown,
        Layout.HTML: agreements.render_html,
    }
    return renders[layout](found)


@agreement.command("check", epilog=example("comity agreement check my_agreement"))
def check(named: Named = SHIPPED, as_json: AsJson = False) -> None:
    """Check an agreement: load it, compile its rules, try every case, and see each rule refuse an absence.

    Says what was tried of each gate, and every fault with its file, its entry and what to do. A fault ends with exit
    code 6, and nothing could run under the agreement. Faults that come of others are not looked for: mend what is
    shown, and check again.
    """
    from comity.agreements import folder_of
    from comity.oversight.checking import check_folder

    checked = check_folder(folder_of(named))
    if as_json:
        say(_checked_facts(named, checked), "", as_json=True)
    else:
        rows = [(each.gate, each.cases, each.absences) for each in checked.gates]
        say_table("Tried", ("gate", "cases", "absences refused"), rows, as_json=False, empty="No rule could be tried.")
        for fault in checked.faults:
            say({}, f"{fault.place}: {fault.fault}.\n    {fault.mend}", as_json=False)
        say({}, _summed(named, checked), as_json=False)
    if checked.faults:
        raise typer.Exit(Integrity.exit_code)


def _checked_facts(named: str, checked: Checked) -> dict[str, object]:
    return {
        "agreement": named,
        "digest": checked.agreement.digest if checked.agreement else None,
        "gates": [{"gate": each.gate, "cases": each.cases, "absences": each.absences} for each in checked.gates],
        "faults": [
            {"file": fault.file, "entry": fault.entry, "fault": fault.fault, "next": fault.mend}
            for fault in checked.faults
        ],
    }


def _summed(named: str, checked: Checked) -> str:
    count = len(checked.faults)
    if count or not checked.agreement:
        return f"{named} has {count} {'fault' if count == 1 else 'faults'}: nothing runs under it."
    return f"{named} holds together. Version {checked.agreement.version}, digest {checked.agreement.digest}."


@agreement.command("diff", epilog=example("comity agreement diff irs_ice_2025 --set answer_days=45"))
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A name or a folder.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A name or a folder; OLD itself if not given.")] = "",
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Say in words what changed from one agreement, or version of it, to another; --set puts settings on NEW.

    Passages, values, rules, codes and cases, each with both texts. Whether a rule became stricter or looser cannot be
    told from its words: which part of it changed is said, and the reader judges.
    """
    from comity import agreements

    before, after = agreements.find(old), agreements.find(new or old).with_terms(_terms(settings or []))
    changes = agreements.differences(before, after)
    if as_json:
        digests = {"old": before.digest, "new": after.digest}
        say({**digests, "changes": [_change(change) for change in changes]}, "", as_json=True)
    elif changes:
        say({}, "\n".join(change.sentence() for change in changes), as_json=False)
    else:
        say({}, _unchanged(before, after), as_json=False)


def _change(change: Change) -> dict[str, str]:
    from dataclasses import asdict

    return {**asdict(change), "says": change.sentence()}


def _unchanged(before: Agreement, after: Agreement) -> str:
    if before.digest == after.digest:
        return "Nothing changed: the digests are the same."
    return "No word that binds changed; comments, spacing or order did, and with them the digest."


@agreement.command("new", epilog=example("comity agreement new my_agreement"))
def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder; the agreement is called as it is.")],
    as_json: AsJson = False,
) -> None:
    """Begin an agreement: a folder that loads, with a rule and its cases, whose comments say how it is written."""
    from comity import agreements

    written = agreements.begin(folder)
    sentence = f"{folder} holds {', '.join(path.name for path in written)}.\nNext: comity agreement check {folder}"
    say({"folder": str(folder), "files": [path.name for path in written]}, sentence, as_json=as_json)
