"""Accountings to persons, embargoes and contests, verified: by whom, of what, and whether they ended as they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from comity.accounting.segments import read_segments
from comity.agreements import kept
from comity.case import office_events as e
from comity.case.artefact import Artefact
from comity.case.batch_events import RecallOrdered
from comity.case.batch_state import BatchState
from comity.case.contests import open_contests
from comity.case.embargoes import days_of, embargo_on
from comity.case.envelope import OFFICE, Envelope, opened
from comity.case.office_state import OfficeState
from comity.linkage.about import STANDARD
from comity.oversight.accounts import Found, read_batch, tables_of
from comity.oversight.artefacts import named_artefact, reading
from comity.oversight.disclosures import Disclosure
from comity.oversight.looks import require_look
from comity.oversight.pruned import Removals, digests_gone, records_gone
from comity.oversight.registers import Opened, Registers
from comity.oversight.told import Essence, require_told
from comity.oversight.walk import Walk, inconsistent

_TOLD = frozenset({"person_accounted", "embargo_placed", "contest_received", "contest_looked_up", "contest_closed"})

Disclosures = Mapping[str, Sequence[Disclosure]]


@dataclass(frozen=True)
class Counted:
    """How many accountings there are, embargoes in force on the day `told_until` (ISO), entries that these keep back,
    contests, and contests that are open.

    `accounted_otherwise` are the numbers of accountings that another version of the standard made, and that today's
    would make otherwise."""

    accountings: int
    embargoes: int
    embargoed: int
    contests: int
    open_contests: int
    told_until: str
    accounted_otherwise: tuple[int, ...]


def verify_accountings(walk: Walk, registers: Registers, disclosures: Disclosures, removals: Removals) -> Counted:
    """Verify what the opened events of the office tell of accountings, embargoes and contests, and count them.

    `disclosures` are the verified intents by batch. In a batch whose records are among the `removals`, whom it is about
    is looked for in what names them alone. Raises Integrity ACCOUNTING_DIFFERS, ARTEFACT_CHANGED,
    EMBARGO_WITHOUT_LEAF, EMBARGO_WITHOUT_EVENT, EMBARGO_TOO_LONG, EMBARGO_MISCOUNTED,
    CONTEST_MISDATED, CONTEST_NOT_LOOKED_UP, CONTEST_CLOSED_EARLY or NUMBER_NOT_NEXT.
    """
    told = [(index, leaf.office_version, tuple(vars(leaf).values())) for index, leaf in walk.embargoes]
    require_told("embargo", told, registers, _placed)
    otherwise: list[int] = []
    for known in registers.opened:
        for stored in known.segment.envelopes:
            if stored.type in _TOLD:
                office = registers.at(stored.version - 1, stored.at) or OfficeState()
                _require_next(office, stored)
                if not _verify(walk, office, stored, disclosures, removals):
                    otherwise.append(stored.body["accounting"])
    return _counted(walk, registers.opened[-1].after, disclosures, _last_day(walk, registers), tuple(otherwise))


def _placed(known: Opened) -> Iterator[Essence]:
    for stored in known.segment.envelopes:
        if stored.type == "embargo_placed":
            said = known.after.embargoes[stored.body["embargo"]]
            yield (
                *(said.embargo, said.agreement, said.scope, said.basis, said.covered, said.ends_on),
                *(stored.at, stored.version),
            )


def _require_next(office: OfficeState, stored: Envelope) -> None:
    """None is told under the number of another, which would so be counted and seen no more."""
    following = {
        "person_accounted": ("accounting", office.accountings + 1),
        "embargo_placed": ("embargo", len(office.embargoes) + 1),
        "contest_received": ("contest", len(office.contests) + 1),
    }
    if stored.type in following:
        name, number = following[stored.type]
        if stored.body[name] != number:
            raise inconsistent("NUMBER_NOT_NEXT", f"Event {stored.version} of the office is not the next of its kind.")


def _verify(walk: Walk, office: OfficeState, stored: Envelope, disclosures: Disclosures, removals: Removals) -> bool:
    """Gives False for an accounting that is as it was made, and that today's standard would make otherwise."""
    match opened(stored, e.OFFICE_EVENTS):
        case e.PersonAccounted() as event:
            return _require_accounted(walk, office, stored, event, disclosures, removals)
        case e.EmbargoPlaced() as event:
            _require_bounded(walk, office, stored, event, disclosures)
        case e.ContestReceived() as event:
            _require_answer_by(walk, office, stored, event, disclosures)
        case e.ContestLookedUp() as event:
            contest, intents = office.contests[event.contest], disclosures.get(office.contests[event.contest].batch, ())
            require_look(walk, contest, stored, intents[-1].state if intents else None)
        case e.ContestClosed() as event:
            _require_ended(walk, office, stored, event)
    return True


def _require_accounted(
    walk: Walk,
    office: OfficeState,
    stored: Envelope,
    event: e.PersonAccounted,
    disclosures: Disclosures,
    removals: Removals,
) -> bool:
    """The entries are those that are about whom the artefact `subject` names, in every batch released by then.

    Gives whether they are what today's standard finds. One that was made by another version may differ, for that may
    have read a name otherwise: it holds by its own list, and is said to differ.
    """
    accounted, subject = (named_artefact(walk.folder(OFFICE), named) for named in (event.accounted, event.subject))
    with reading(walk.folder(OFFICE)) as ws:
        ws.view("accounted", accounted)
        listed = [tuple(row) for row in ws.rows("SELECT batch, row_number, embargo FROM accounted ORDER BY ALL")]
    counted = [sum(not embargo for *_, embargo in listed), sum(bool(embargo) for *_, embargo in listed)]
    looked_at, released = set(event.looked_at), _released(walk, disclosures, stored.at)
    before = {batch for batch, (at, _) in released.items() if at < stored.at}
    if counted != [event.entries, event.embargoed] or not before <= looked_at <= released.keys():
        raise _differs(stored)
    found = {batch: _about(walk, office, released[batch][1].state, subject, stored.at, removals) for batch in looked_at}
    if event.standard == STANDARD and not _as_found(found, listed, removals, stored.at):
        raise _differs(stored)
    return _as_found(found, listed, removals, stored.at)


def _as_found(
    found: Mapping[str, Sequence[Found]], listed: Sequence[tuple[Any, ...]], removals: Removals, at: str
) -> bool:
    """What was listed is what is found. Where a batch's records were removed after `at`, it may be more: whom an answer
    was about without naming them is not seen any more."""
    places = {batch: sorted(one.place for one in ones) for batch, ones in found.items()}
    later = {batch for batch in found if records_gone(removals[batch]) and not records_gone(removals[batch], at)}
    exact = sorted(place for batch in found.keys() - later for place in places[batch])
    return exact == [one for one in listed if one[0] not in later] and all(
        set(places[batch]) <= set(listed) for batch in later
    )


def _about(
    walk: Walk, office: OfficeState, state: BatchState, subject: Artefact, at: str, removals: Removals
) -> list[Found]:
    folder = walk.folder(state.batch)
    tables = tables_of(state, digests_gone(removals[state.batch]))
    artefacts = {name: named_artefact(folder, named) for name, named in tables.items()}
    return read_batch(state, folder, artefacts, subject, office.embargoes.values(), at[:10])


def _differs(stored: Envelope) -> Exception:
    return inconsistent(
        "ACCOUNTING_DIFFERS", f"The accounting of event {stored.version} is not of what was asked and answered."
    )


def _released(walk: Walk, disclosures: Disclosures, until: str) -> dict[str, tuple[str, Disclosure]]:
    """By batch, when its replies were sealed, at `until` (ISO, UTC) or before, and the intent that they are of."""
    return {
        batch: (leaf.at, intent)
        for batch, leaves in walk.batches.items()
        for _, leaf in leaves.outcomes
        if leaf.outcome == "sealed" and leaf.at <= until
        for intent in disclosures[batch]
        if intent.intended.intent == leaf.intent
    }


def _require_bounded(
    walk: Walk, office: OfficeState, stored: Envelope, event: e.EmbargoPlaced, disclosures: Disclosures
) -> None:
    """An embargo ends within the days that its agreement allows, and covers as many entries as it says."""
    day = date.fromisoformat(stored.at[:10])
    agreed = kept(walk.directory / "agreements", office.agreement(event.agreement).digest).on(day)
    if days_of(stored.at[:10], event.ends_on) > agreed.terms.embargo_days:
        raise inconsistent("EMBARGO_TOO_LONG", f"Embargo {event.embargo} ends later than its agreement allows.")
    covered = [
        (at, intent.rows)
        for batch, (at, intent) in _released(walk, disclosures, stored.at).items()
        if intent.state.submission().agreement == event.agreement and event.batch in ("", batch)
    ]
    least = sum(rows for at, rows in covered if at < stored.at)
    if not least <= event.covered <= sum(rows for _, rows in covered):
        raise inconsistent("EMBARGO_MISCOUNTED", f"Embargo {event.embargo} covers other entries than it says.")


def _require_answer_by(
    walk: Walk, office: OfficeState, stored: Envelope, event: e.ContestReceived, disclosures: Disclosures
) -> None:
    """A contest is of what was disclosed, and is to be closed on the day that its agreement gives."""
    contested, day = disclosures.get(event.batch, ()), date.fromisoformat(stored.at[:10])
    given = ""
    if contested:
        agreement = office.agreement(contested[-1].state.submission().agreement)
        terms = kept(walk.directory / "agreements", agreement.digest).on(day).terms
        given = (day + timedelta(days=terms.contest_days)).isoformat()
    if event.answer_by != given:
        raise inconsistent("CONTEST_MISDATED", f"Contest {event.contest} is of nothing disclosed, or due another day.")


def _require_ended(walk: Walk, office: OfficeState, stored: Envelope, event: e.ContestClosed) -> None:
    """A contest was looked up before it was closed, and the recall that closed it names the contested answer."""
    contest = office.contests[event.contest]
    recalled = not event.recall or any(
        closing.type == RecallOrdered.kind()
        and closing.body["recall"] == event.recall
        and contest.row_number in closing.body["row_numbers"]
        and closing.at <= stored.at
        for segment in read_segments(walk.folder(contest.batch))
        for closing in segment.envelopes
    )
    if not contest.looked_up or contest.closed_at or not recalled or bool(event.recall) == bool(event.finding.strip()):
        raise inconsistent(
            "CONTEST_CLOSED_EARLY", f"Contest {event.contest} was closed without a look-up, a recall or a finding."
        )


def _counted(
    walk: Walk, office: OfficeState, disclosures: Disclosures, day: str, otherwise: tuple[int, ...]
) -> Counted:
    late = [leaf for _, leaf in walk.embargoes if leaf.office_version > office.version]
    binding = sum(leaf.end_date >= day for _, leaf in walk.embargoes)
    embargoed = sum(
        intent.rows
        for batch, (_, intent) in _released(walk, disclosures, "~").items()
        if embargo_on(office.embargoes.values(), intent.state.submission().agreement, batch, day)
    )
    # What is not opened yet tells its number alone.
    embargoed += sum(leaf.covered for leaf in late if leaf.end_date >= day)
    contests = office.contests.values()
    return Counted(office.accountings, binding, embargoed, len(contests), len(open_contests(contests)), day, otherwise)


def _last_day(walk: Walk, registers: Registers) -> str:
    """The last day of which anything in the log tells."""
    told = [leaf.at for leaves in walk.batches.values() for _, leaf in leaves.outcomes]
    told += [leaf.at for _, leaf in walk.holds]
    told += [leaf.at for _, leaf in walk.embargoes]
    told += [registers.opened[-1].segment.envelopes[-1].at]
    return max(told)[:10]
