"""Commands for people who judge: examiners settle, reviewers vote, approvers sign."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.case.errors import Usage
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, Batch, HomeDir, Keys, acting, office_at, officer_key
from comity.cli.speaking import say, say_table, tell

if TYPE_CHECKING:
    from comity.office.ruling import Waits

review = group("What waits for people: settle, vote, sign.")

Many = Annotated[Path | None, typer.Option("--file", help="Many at once: NDJSON, one object a line.")]
Row = Annotated[int | None, typer.Argument(metavar="ROW", help="The request's row number in the batch.")]


@review.command("queue", epilog=example("comity review queue BATCH --home office"))
def queue(
    batch: Batch,
    why: Annotated[
        int | None, typer.Option(help="Show why this request waits for an examiner, and what was counted. Examiners.")
    ] = None,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """What waits for people in a batch: rulings for an examiner, cases for reviewers, answers for approvers."""
    from comity.office import reading, ruling

    if why is not None:
        return _say_waiting(ruling.show_waiting(*acting(home, officer_id, keys), batch, why), as_json=as_json)
    waiting = reading.waiting(office_at(home), batch, officer_id)
    rows = [(item.row_number or "", item.waits_for, item.because) for item in waiting]
    return say_table(
        f"Waiting in {batch}", ("row", "waits for", "because"), rows, as_json=as_json, empty="Nothing waits for people."
    )


def _say_waiting(found: Waits, *, as_json: bool) -> None:
    asked = {name: value for name, value in found.request.items() if value is not None}
    if as_json:
        said = [{"code": code, "says": says, "next": following} for code, says, following in found.said]
        return say({"request": asked, "said": said, "counted": found.counted}, "", as_json=True)
    rows: list[tuple[str, str, Any]] = [("said", code, says) for code, says, _ in found.said]
    rows += [("asked", name, value) for name, value in asked.items()]
    rows += [("counted", name, value) for name, value in found.counted.items()]
    return say_table(
        f"Request {found.row_number} waits for an examiner", ("what", "field", "value"), rows, as_json=False
    )


@review.command(
    "settle",
    epilog=example(
        "comity review settle BATCH 7 pass --reason 'The stay was lifted.' --home office --as examiner --keys officers"
    ),
)
def settle(
    batch: Batch,
    row: Row = None,
    ruling: Annotated[str, typer.Argument(metavar="RULING", help="pass or return")] = "",
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")] = "",
    many: Many = None,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Settle requests that wait for an examiner. In a file: {"row": 7, "ruling": "pass", "reason": "..."}."""
    from comity.office import ruling as step

    lines = _lines(many, ("row", "ruling", "reason"), (row, ruling, reason))
    office, actor = acting(home, officer_id, keys)
    step.settle(office, actor, batch, {int(number): (str(word), str(why)) for number, word, why in lines})
    say({"settled": len(lines)}, f"{len(lines)} requests are settled. Next: comity work {batch}", as_json=as_json)


Case = Annotated[str, typer.Argument(metavar="CASE", help="The case in your hands, as `comity review next` names it.")]


@review.command("next", epilog=example("comity review next BATCH --home office --as reviewer-1 --keys officers"))
def next_(
    batch: Batch,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Take the next case: the one you have not finished, or another; it is yours alone for half an hour."""
    from comity.office import assigning

    found = assigning.next_case(*acting(home, officer_id, keys), batch)
    if found is None:
        return say({"case": None}, "No case waits for you.", as_json=as_json)
    case = found.case
    title = f"Case {found.ticket}: " + (
        f"{case.determination}, {case.reason}" if case.determination else "audit, read without the rule"
    )
    asked = {name: value for name, value in case.request.items() if value is not None}
    if as_json:
        shown = {"request": asked, "candidates": list(case.candidates), "nameable": list(case.nameable)}
        return say({"case": found.ticket, "because": title} | shown, "", as_json=True)
    rows = [("asked", name, value) for name, value in asked.items()]
    for candidate in case.candidates:
        rows += [(str(candidate["person"]), name, value) for name, value in candidate.items() if value is not None]
    return say_table(title, ("whose", "field", "value"), rows, as_json=False)


@review.command(
    "vote",
    epilog=example("comity review vote BATCH CASE same --person P1 --home office --as reviewer-1 --keys officers"),
)
def vote(
    batch: Batch,
    case: Case,
    verdict: Annotated[str, typer.Argument(metavar="VERDICT", help="same or not_same")],
    person: Annotated[str, typer.Option(help="The candidate a `same` names.")] = "",
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Vote, blind, on the case in your hands."""
    from comity.office import assigning

    office, actor = acting(home, officer_id, keys)
    row = assigning.row_in_hand(office, actor, batch, case)
    assigning.vote(office, actor, batch, [(row, verdict, person)])
    say({"votes": 1}, f"Your vote is cast. Next: comity review next {batch}", as_json=as_json)


@review.command(
    "put-back", epilog=example("comity review put-back BATCH CASE --home office --as reviewer-1 --keys officers")
)
def put_back(
    batch: Batch,
    case: Case,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Give the case in your hands to somebody else, unjudged; you do not get it again."""
    from comity.office import assigning

    office, actor = acting(home, officer_id, keys)
    assigning.put_back(office, actor, batch, assigning.row_in_hand(office, actor, batch, case))
    say({"put_back": 1}, f"It goes to somebody else. Next: comity review next {batch}", as_json=as_json)


@review.command("audit", epilog=example("comity review audit BATCH --home office --as counsel --keys officers"))
def audit(
    batch: Batch,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """How often the rule was wrong in a batch, by the sample that reviewers read; the bounds tighten as they do."""
    from comity.office import reviewing

    office, actor = acting(home, officer_id, keys)
    found = reviewing.audit(office, actor, batch)
    readers = [(who.officer, who.votes, who.against) for who in reviewing.readers(office, actor, batch)]
    measured = reviewing.measured(office, actor, batch)
    wrong, of = found.wrong_at_most
    if as_json:
        named = [dict(zip(("officer", "votes", "against"), who, strict=True)) for who in readers]
        facts = {"may_leave": of, "wrong_at_most": wrong, "readers": named, "known": [asdict(who) for who in measured]}
        return say(found.form() | facts, "", as_json=True)
    rows = [
        (name, f"{part.of:,}", f"{part.drawn:,}", f"{part.read:,}", f"{part.found:,}", f"{part.at_most:,}")
        for name, part in (("confirmed, found wrong", found.confirmed), ("noes, found missed", found.noes))
    ]
    say_table(f"Audit of {batch}", ("of the rule's", "all", "drawn", "read", "found", "at most"), rows, as_json=False)
    say_table("Readers", ("officer", "votes on settled cases", "outvoted"), readers, as_json=False, empty="No votes.")
    errors = [(who.officer, who.cases, who.wrong, who.interval()) for who in measured]
    columns = ("officer", "known cases", "wrong", "share, 95 %")
    say_table("Cases with a known answer", columns, errors, as_json=False, empty="None was judged.")
    return tell(
        f"Of {of:,} confirmations that may leave no more than {wrong:,} are wrong, with 95 % confidence, as far as two"
        " readers of the same record can see."
    )


@review.command(
    "forgo", epilog=example("comity review forgo BATCH --reason 'The audit found too many errors.' --as counsel")
)
def forgo(
    batch: Batch,
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Close a batch with noes: nothing in it is confirmed, and every request gets its answer on its day."""
    from comity.office import reviewing

    reviewing.forgo(*acting(home, officer_id, keys), batch, reason)
    say({"batch": batch, "forgone": True}, f"Nothing is confirmed. Next: comity work {batch}", as_json=as_json)


@review.command("sign", epilog=example("comity review sign BATCH --home office --as approver-1 --keys officers"))
def sign(
    batch: Batch,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Countersign the answers of a batch with your own key. Two approvers have to."""
    from comity.office import reviewing

    key = officer_key(officer_id, keys)
    office, actor = acting(home, officer_id, keys)
    statement = reviewing.sign(office, actor, batch, key)
    counts = ", ".join(f"{number:,} {answer}" for answer, number in statement.counts)
    say(statement.form(), f"Signed: {statement.rows:,} answers ({counts}), digest {statement.digest}", as_json=as_json)


def _lines(many: Path | None, names: tuple[str, ...], one: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    if many is None:
        if one[0] is None or not one[1]:
            raise Usage("ROW_NEEDED", "Say which request and what you decide.", "Give ROW and the word, or --file.")
        return [one]
    try:
        rows = [json.loads(line) for line in many.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [(int(row[names[0]]), row[names[1]], row.get(names[2], "")) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Usage(
            "FILE_UNREADABLE", "The file cannot be read.", f"Give one JSON object a line: {', '.join(names)}."
        ) from None
