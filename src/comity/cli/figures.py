"""The tables of an evaluation: what each shows and in what order, for a terminal or a Markdown page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from comity.cli.showing import counted, percent

if TYPE_CHECKING:
    from comity.oversight import Evaluation
    from comity.oversight.baseline import Change, Moved
    from comity.oversight.groups import Grouping, Rate

FIRST_IDS = 8


class Sheet(NamedTuple):
    """One table: its heading, its columns, its rows, how many columns are words, and a sentence below it."""

    heading: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    words: int = 1
    note: str = ""


def sheets(found: Sequence[Evaluation], *, every_kind: bool, peer: str = "") -> Iterator[Sheet]:
    """The tables of evaluations of one set under several terms; `peer` names the method beside them."""
    yield _outcome(found, peer)
    yield _reasons(found)
    if found[0].returned_by_code:
        rows = [(code, counted(count)) for code, count in found[0].returned_by_code.items()]
        yield Sheet("Returned before any look-up, by code", ("code", "requests"), rows)
    yield from _kinds(found, every_kind=every_kind)
    for evaluation in found:
        yield from (_groups(evaluation, grouping) for grouping in evaluation.groups)


def _outcome(found: Sequence[Evaluation], peer: str) -> Sheet:
    first = found[0]
    heading = (
        f"{counted(first.requests)} requests, {counted(first.confirmable)} of them confirmable; "
        f"registry grouped by {'TIN' if first.grouped_by == 'tin' else 'person'}"
    )
    columns = [_figures(evaluation) for evaluation in found]
    head = ["", *(evaluation.evidence for evaluation in found)]
    if first.peer:
        columns.append(_peer(first.peer))
        head.append(peer)
    return Sheet(heading, head, [(name, *(column.get(name, "") for column in columns)) for name in columns[0]])


def _figures(evaluation: Evaluation) -> dict[str, str]:
    from comity.oversight import avoidable

    apart = evaluation.no_house_number
    return {
        "recall": percent(evaluation.recall),
        "recall where a birth date was sent": percent(evaluation.dated.recall),
        "confirmed": counted(evaluation.confirmed),
        "wrong person": counted(evaluation.wrong_person),
        "wrong address": counted(evaluation.wrong_address),
        "wrong and avoidable": counted(sum(avoidable(evaluation).values())),
        "to review": f"{counted(evaluation.review)} ({percent(evaluation.review_share)})",
        "returned": f"{counted(evaluation.insufficient)} ({percent(evaluation.returned_share)})",
        "no house number at source": counted(apart["requests"]),
        "  of them returned": counted(apart["insufficient"]),
        "  of them confirmed": counted(apart["confirmed"]),
    }


def _peer(peer: Mapping[str, float]) -> dict[str, str]:
    counts = ("confirmed", "wrong_person", "wrong_address")
    return {"recall": percent(peer["recall"])} | {name.replace("_", " "): counted(int(peer[name])) for name in counts}


def _reasons(found: Sequence[Evaluation]) -> Sheet:
    from comity.linkage import REASONS

    met = dict.fromkeys((d, reason) for e in found for d, reasons in e.reasons.items() for reason in reasons)
    order = list(dict.fromkeys(determination for determination, _ in met))
    rows, above = [], ""
    for determination, reason in sorted(met, key=lambda pair: order.index(pair[0])):
        counts = (counted(e.reasons.get(determination, {}).get(reason, 0)) for e in found)
        rows.append(("" if determination == above else determination, REASONS[reason].says, *counts))
        above = determination
    head = ("determination", "because", *(evaluation.evidence for evaluation in found))
    return Sheet("Determinations, with their reasons", head, rows, words=2)


def _kinds(found: Sequence[Evaluation], *, every_kind: bool) -> Iterator[Sheet]:
    head = ("kind", "asked", "right", "of", "returned", "review", "wrong\nperson", "wrong\naddress")
    for evaluation in found:
        rows = [
            (
                f"{kind.kind}{' *' if kind.unavoidable else ''}",
                *map(counted, (kind.requests, kind.right, kind.confirmable, kind.insufficient, kind.review)),
                *map(counted, (kind.wrong_person, kind.wrong_address)),
            )
            for kind in evaluation.kinds
            if every_kind or kind.wrong_person or kind.wrong_address
        ]
        if rows:
            which = "By kind" if every_kind else "Kinds with a wrong confirmation"
            note = "Right of the confirmable. * No rule can tell these from true requests."
            yield Sheet(f"{which}, evidence {evaluation.evidence}", head, rows, note=note)


def _groups(evaluation: Evaluation, grouping: Grouping) -> Sheet:
    head = (grouping.column, "requests", "confirmable", "recall", "from – to", "false", "from – to")
    rows = [
        (
            group.group,
            counted(group.requests),
            counted(group.recall.of),
            *_said(group.recall),
            counted(group.false_confirmations.count),
            _said(group.false_confirmations)[1],
        )
        for group in grouping.groups
    ]
    says = grouping.gap.says if grouping.gap else "Fewer than two groups are large enough to say."
    note = f"{says} {_BELOW}"
    return Sheet(f"By {grouping.column}, evidence {evaluation.evidence}", head, rows, note=note)


_BELOW = (
    "From – to: the exact interval (Clopper and Pearson, 95 %). False: confirmed for a wrong person or address, of all "
    "requests of the group. A dash: fewer than 30, too small to say."
)


def _said(rate: Rate) -> tuple[str, str]:
    if rate.share is None or rate.low is None or rate.high is None:
        return "–", "–"
    # A bound of a rare thing needs the third decimal to be told from nothing.
    places = 1 if rate.share > 0.01 else 3
    return percent(rate.share), f"{100 * rate.low:.{places}f} – {100 * rate.high:.{places}f} %"


def change_sheets(changes: Sequence[Change]) -> Iterator[Sheet]:
    """The tables of what changed since a baseline: requests by their ids alone."""
    for change in changes:
        rows = [*_moves("now confirmed", change.confirmed), *_moves("now lost", change.lost)]
        rows += [_listed("now wrong", "", "", change.newly_wrong)] if change.newly_wrong else []
        rows += [_listed("no longer wrong", "", "", change.no_longer_wrong)] if change.no_longer_wrong else []
        wrong = f"Wrong persons: {counted(change.wrong_before)} before, {counted(change.wrong_now)} now."
        note = wrong if rows else f"No request changed between confirmed and not. {wrong}"
        head = ("", "before", "now", "ids", "requests")
        yield Sheet(f"Since the baseline, evidence {change.evidence}", head, rows, words=4, note=note)


def _moves(what: str, moved: Sequence[Moved]) -> list[Sequence[object]]:
    return [_listed(what, move.before, move.now, move.requests) for move in moved]


def _listed(what: str, before: str, now: str, ids: Sequence[str]) -> Sequence[object]:
    more = " …" if len(ids) > FIRST_IDS else ""
    return what, before, now, ", ".join(ids[:FIRST_IDS]) + more, counted(len(ids))
