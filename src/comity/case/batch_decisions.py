"""The commands on a batch: pure functions from (state, office, command) to events, or a refusal.

Rights are judged before, by `review.rights`; these functions judge the law's order of things. A hold is read in every
function that brings a disclosure nearer (P5); the caller appends at the office version that was read, so that a hold
placed in between makes the append fail rather than slip through.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar

from comity.case import batch_events as e
from comity.case.assignment import holds
from comity.case.batch_state import BatchState
from comity.case.envelope import Event
from comity.case.errors import BadInput, Refused, Waiting
from comity.case.holds import Hold, binding, require_applied, require_no_hold
from comity.case.homes import require_people_fit, require_witnesses
from comity.case.office_state import OfficeState
from comity.case.outcomes import CONFIRMED_BY_RULE, NO_DISCLOSURE, NOT_SAME, PASS, RETURN, RETURNED, SAME, VOTED
from comity.case.withholding import NO_SCREEN
from comity.case.wording import require_printable

APPROVERS = 2

Stage = TypeVar("Stage")


def receive(batch: BatchState, office: OfficeState, received: e.SubmissionReceived) -> e.SubmissionReceived:
    """A submission becomes a batch, once, under an agreement in force and no hold, about whom the home takes."""
    office.agreement(received.agreement)
    require_no_hold(office.holds.values(), received.agreement)
    if batch.received is not None:
        raise BadInput(
            "REPLAY", "A submission with this id was received before.", "Send a new submission under a new id."
        )
    require_people_fit(office.kind, synthetic=received.synthetic, vouched_by=received.vouched_by)
    return received


def rule(batch: BatchState, ruled: e.RequestsRuled) -> e.RequestsRuled:
    """The gates rule once on a batch that was received."""
    _require(batch.received, "intake")
    _require_not(batch.ruled, "gates")
    return ruled


def settle_ruling(batch: BatchState, waiting: Collection[int], settled: e.RulingSettled) -> e.RulingSettled:
    """An examiner settles one waiting request, once, with a reason."""
    _require(batch.ruled, "gates")
    if batch.settled is not None or settled.row_number in batch.examined or settled.row_number not in waiting:
        raise Refused("RULING_NOT_OPEN", "This request does not wait for an examiner.", "See `comity review queue`.")
    if settled.ruling not in (PASS, RETURN):
        raise BadInput("RULING_UNKNOWN", "A waiting request passes or is returned.", "Say `pass` or `return`.")
    if not settled.reason.strip():
        raise BadInput("REASON_NEEDED", "A settled ruling states its reason.", "Give the reason in a sentence.")
    require_printable(settled.reason)
    return settled


def settle(batch: BatchState, settled: e.RulingsSettled) -> e.RulingsSettled:
    """All rulings stand."""
    _require(batch.ruled, "gates")
    _require_not(batch.settled, "gates")
    return settled


def determine(batch: BatchState, office: OfficeState, determined: e.RequestsDetermined) -> e.RequestsDetermined:
    """The requests that passed were compared, under no hold and the rules that ruled on them, with the registry."""
    received = _require(batch.received, "intake")
    _require(batch.settled, "gates")
    require_own_rules(batch, office)
    _require_not(batch.determined, "linkage")
    require_no_hold(office.holds.values(), received.agreement)
    return determined


def mix_known(batch: BatchState, mixed: e.KnownCasesMixed) -> e.KnownCasesMixed:
    """The answers of the known cases are written down once, before the determination that opens the votes."""
    _require(batch.settled, "gates")
    _require_not(batch.determined, "linkage")
    _require_not(batch.known, "linkage")
    return mixed


def require_own_rules(batch: BatchState, office: OfficeState) -> None:
    """Refuse `AGREEMENT_CHANGED` where the agreement in force is another than the batch was ruled by.

    Without this a batch could be ruled by strict terms, compared by lax ones, and released under the strict again.
    """
    ruled = _require(batch.ruled, "gates")
    if office.agreement(batch.submission().agreement).digest != ruled.agreement_digest:
        raise Refused(
            "AGREEMENT_CHANGED",
            "The agreement in force has other terms than the ones this batch was ruled on by.",
            "Have those terms proposed and approved again, or have the requester submit anew.",
        )


def vote(batch: BatchState, row_number: int, verdict: str, person: str) -> e.VoteCast:
    """One blind vote: `same` with the person it names, or `not_same` with none.

    Whether a record stands behind a yes (P2) is judged on the candidates by `review`, when the vote is cast and again
    when the answers are composed.
    """
    _require(batch.determined, "linkage")
    _require_not(batch.answers, "review")
    if (verdict, bool(person)) not in ((SAME, True), (NOT_SAME, False)):
        raise BadInput("VERDICT_UNKNOWN", "A vote is `same` with a person or `not_same` without.", "Vote again.")
    return e.VoteCast(row_number, verdict, person)


def require_in_hand(batch: BatchState, officer: str, rows: Collection[int]) -> None:
    """Refuse `NOT_ASSIGNED` where the office did not give each of the cases `rows` to the officer: nobody picks one."""
    if not all(holds(batch.assigned, officer, row) for row in rows):
        raise Refused(
            "NOT_ASSIGNED",
            "This case is not in your hands: it was given to somebody else, or its time ran out.",
            "Take the next case: `comity review next`.",
        )


def put_back(batch: BatchState, officer: str, row_number: int) -> e.CasePutBack:
    """A reviewer gives the case in hand back, unjudged; another gets it, the same reviewer never again."""
    require_in_hand(batch, officer, [row_number])
    return e.CasePutBack(row_number)


def forgo(batch: BatchState, reason: str) -> e.DisclosureForgone:
    """Nothing of this batch is to be confirmed: the way on where its sample shows too many errors, or is not read."""
    _require(batch.determined, "linkage")
    _require_not(batch.intended, "accounting")
    if batch.forgone:
        raise Refused("DONE_BEFORE", "This batch was closed with noes already.", "Go on with `comity work`.")
    if not reason.strip():
        raise BadInput("REASON_NEEDED", "Forgoing a disclosure states its reason.", "Give the reason in a sentence.")
    require_printable(reason)
    return e.DisclosureForgone(reason)


def demands_screen(batch: BatchState) -> bool:
    """Whether answers to this batch wait for a screen of the subjects (26 U.S.C. 6103(i)(6)): its agreement says so,
    and something may be confirmed.

    It is judged on the determinations alone, so that a batch waits whatever the screen will say.
    """
    determined = batch.determined
    if determined is None or batch.forgone or determined.terms["screen"] == NO_SCREEN:
        return False
    return any(determined.counts.get(word) for word in (CONFIRMED_BY_RULE, *VOTED))


def require_screened(batch: BatchState) -> None:
    """Refuse Waiting `SCREEN_OUTSTANDING` while the subjects as they stand now were not screened."""
    if demands_screen(batch) and batch.screened is None:
        raise Waiting(
            "SCREEN_OUTSTANDING",
            "The tax-investigation screen of this batch's subjects is not in, or votes came after it.",
            "Have a screener look them up: `comity screen show`, then `comity screen enter`.",
        )


def withholdings_of(batch: BatchState) -> e.Named | None:
    """What the screen said that the answers rest on; None where they rest on none."""
    return batch.screened.withholdings if batch.screened and demands_screen(batch) else None


def require_screening(batch: BatchState) -> None:
    """Refuse to screen where there is nothing to screen (`NO_SCREEN`) or a disclosure is intended."""
    _require(batch.determined, "linkage")
    if batch.intended is not None or batch.sealed is not None:
        raise Refused("INTENT_IN_FORCE", "A disclosure of this batch is intended already.", "Abandon it first.")
    if not demands_screen(batch):
        raise Refused(
            "NO_SCREEN",
            "Nobody is screened in this batch: its agreement asks for none, or nothing in it can be confirmed.",
            "Go on with `comity work`.",
        )


def screen(batch: BatchState, screened: e.SubjectsScreened) -> e.SubjectsScreened:
    """The subjects were screened; a later screen takes the place of an earlier one until a disclosure is intended."""
    require_screening(batch)
    if screened.withholdings["rows"] != batch.submission().requests["rows"]:
        raise Refused(
            "SCREEN_NOT_OF_BATCH",
            "The screen does not have one row for each request of the batch.",
            "Nothing was recorded. Enter it again.",
        )
    return screened


def make_answers(batch: BatchState, office: OfficeState, made: e.AnswersMade) -> e.AnswersMade:
    """Every request has its answer, by every hold that names persons; signatures on earlier answers are void."""
    _require(batch.determined, "linkage")
    if batch.intended is not None or batch.sealed is not None:
        raise Refused("INTENT_IN_FORCE", "A disclosure of this batch is intended already.", "Abandon it first.")
    require_screened(batch)
    require_applied(office.holds.values(), batch.submission().agreement, made.holds)
    asked = batch.submission().requests["rows"]
    if made.answers["rows"] != asked or made.verdicts["rows"] > asked:
        raise Refused(
            "ANSWERS_NOT_OF_BATCH",
            "There is not one answer for each request: what was not asked, a known case too, has none.",
            "Nothing was answered. Run the step again.",
        )
    return made


def countersign(batch: BatchState, signed: e.Countersigned, lapsed: Collection[str] = ()) -> e.Countersigned:
    """One officer signs the answers in force; never the same officer twice, never other answers.

    `lapsed` are the officers whose signatures have lost their force: another officer's takes the place of each.
    """
    answers = _require(batch.answers, "review")
    if batch.intended is not None or batch.sealed is not None:
        raise Refused("INTENT_IN_FORCE", "A disclosure of this batch is intended already.", "There is nothing to sign.")
    require_screened(batch)
    signers = [earlier.officer for earlier in batch.countersigned]
    if len(set(signers) - set(lapsed)) >= APPROVERS:
        raise Refused("DONE_BEFORE", "Two officers have signed these answers.", "Go on with `comity release`.")
    if signed.officer in signers:
        raise Refused("SAME_OFFICER", "This officer has signed these answers.", "A second person has to sign.")
    if signed.statement.get("digest") != answers.answers["digest"]:
        raise Refused(
            "ANSWERS_CHANGED",
            "The signature covers other answers than the batch's.",
            "Read the answers and sign again.",
        )
    return signed


def require_answer_hour(batch: BatchState, now: datetime) -> None:
    """Refuse Waiting `ANSWER_HOUR_NOT_REACHED` before the hour that intake fixed (P6)."""
    received = _require(batch.received, "intake")
    if now < datetime.fromisoformat(received.answer_at):
        raise Waiting(
            "ANSWER_HOUR_NOT_REACHED",
            f"The hour of the answer was fixed at intake: {received.answer_at}.",
            "Release it then; an earlier answer would tell how hard the look-up was.",
        )


def require_not_held(batch: BatchState, office: OfficeState) -> None:
    """Refuse `HOLD_ACTIVE` while a hold stops the agreement, or one names persons and came after the answers (P5)."""
    holds, agreement = office.holds.values(), batch.submission().agreement
    require_no_hold(holds, agreement)
    require_applied(holds, agreement, _require(batch.answers, "review").holds)


def holds_over(batch: BatchState, office: OfficeState) -> tuple[Hold, ...]:
    """The holds under which nothing leaves a batch as it stands, oldest first: those on the whole agreement, and those
    about persons that are later than its answers.
    """
    applied = batch.answers.holds if batch.answers else None
    over = binding(office.holds.values(), batch.submission().agreement)
    return tuple(hold for hold in over if not hold.persons or (applied is not None and hold.hold not in applied))


def require_still_allowed(batch: BatchState, office: OfficeState, today: str) -> None:
    """Read again, when it matters, what may have lapsed since intake: holds, rules, term of the agreement, signatory.

    In a live home also that witnesses are asked, whatever is released.

    `today` is an ISO date. Version, term and signatory are not asked for where nothing is disclosed: their lapse is a
    reason to return, and what goes back is the signatory's own, or a no that tells nothing.
    What the agreement itself demands, its gates say again (`gates.require_still_passing`). Raises Refused
    `HOLD_ACTIVE`, `QUORUM_NEEDED`, `AGREEMENT_CHANGED`, `AGREEMENT_NOT_IN_FORCE`, `SIGNATORY_NOT_AUTHORISED`.
    """
    received = batch.submission()
    require_not_held(batch, office)
    require_witnesses(office.kind, office.quorum_on(received.agreement, today))
    activated = office.agreement(received.agreement)
    require_own_rules(batch, office)
    if discloses_nothing(batch):
        return
    if activated.version != received.agreement_version or not activated.valid_from <= today <= activated.valid_to:
        raise Refused(
            "AGREEMENT_NOT_IN_FORCE",
            "The agreement of this batch is no longer in force in the version it was made under.",
            "Have counsel decide; nothing leaves meanwhile.",
        )
    signatory = office.signatories.get(received.signatory)
    if signatory is None or not signatory.valid_from <= today <= signatory.valid_to:
        raise Refused(
            "SIGNATORY_NOT_AUTHORISED",
            "The signatory's authority has lapsed since the submission was received.",
            "Have the requester submit anew under a signatory in force.",
        )


def discloses_nothing(batch: BatchState) -> bool:
    """Whether the answers in force say nothing of a record: every request came back, or counsel closed it with noes.

    The counts are compared with the rows before sealing.
    """
    answered = {answer for answer, number in _require(batch.answers, "review").counts.items() if number}
    return answered == {RETURNED} or (batch.forgone and answered <= {RETURNED, NO_DISCLOSURE})


def require_signatures(batch: BatchState) -> None:
    """Refuse Waiting `SIGNATURES_MISSING` until two officers have signed the answers (P4)."""
    if len(batch.countersigned) < APPROVERS:
        raise Waiting(
            "SIGNATURES_MISSING",
            f"{len(batch.countersigned)} of {APPROVERS} countersignatures are there.",
            "Have a disclosure approver sign with `comity review sign`.",
        )


def intend(batch: BatchState, office: OfficeState, intended: e.DisclosureIntended) -> e.DisclosureIntended:
    """A disclosure is about to happen: two signatures, no hold, no other intent in force."""
    _require(batch.received, "intake")
    answers = _require(batch.answers, "review")
    require_not_held(batch, office)
    _require_not(batch.intended, "accounting")
    require_screened(batch)
    require_signatures(batch)
    if intended.intent != batch.intents + 1 or intended.answers["digest"] != answers.answers["digest"]:
        raise Refused("ANSWERS_CHANGED", "The intent names other answers than the batch's.", "Begin the release again.")
    return intended


def abandon(batch: BatchState, abandoned: e.DisclosureAbandoned) -> e.DisclosureAbandoned:
    """An intent that was not sealed is given up; after that only new answers may follow."""
    intended = _require(batch.intended, "accounting")
    _require_not(batch.sealed, "disclosure")
    if abandoned.intent != intended.intent or not abandoned.reason.strip():
        raise BadInput("REASON_NEEDED", "An intent is abandoned by its number and a reason.", "Give both.")
    require_printable(abandoned.reason)
    return abandoned


def seal(batch: BatchState, office: OfficeState, sealed: e.RepliesSealed) -> e.RepliesSealed:
    """The replies of the intent in force were sealed, under no hold."""
    _require(batch.received, "intake")
    intended = _require(batch.intended, "accounting")
    require_not_held(batch, office)
    _require_not(batch.sealed, "disclosure")
    if sealed.intent != intended.intent:
        raise Refused("INTENT_NOT_IN_FORCE", "Another intent is in force.", "Begin the release again.")
    return sealed


def hand_over(batch: BatchState, office: OfficeState, handed: e.ReplyHandedOver) -> list[e.ReplyHandedOver]:
    """A sealed reply leaves, under no hold; fetched again, it is the same disclosure and no second event."""
    _require(batch.received, "intake")
    _require(batch.sealed, "disclosure")
    require_not_held(batch, office)
    return [] if handed.recipient in batch.handed_over else [handed]


def acknowledge(
    batch: BatchState, acknowledged: e.ReplyAcknowledged, recipients: Collection[str], salt: str
) -> list[Event]:
    """The recipient says what was opened; the last of the batch's `recipients` to do so closes the batch."""
    if acknowledged.recipient not in batch.handed_over:
        raise Refused("NOT_HANDED_OVER", "This reply has not been handed over.", "Collect it first.")
    if acknowledged.recipient in batch.acknowledged:
        return []
    closes = {*batch.acknowledged, acknowledged.recipient} >= set(recipients)
    return [acknowledged, e.BatchClosed(salt)] if closes else [acknowledged]


def _require(stage: Stage | None, step: str) -> Stage:
    if stage is None:
        raise Refused(
            "OUT_OF_ORDER", f"The step {step!r} has not been done for this batch.", "Run `comity work BATCH`."
        )
    return stage


def _require_not(stage: object | None, step: str) -> None:
    if stage is not None:
        raise Refused("DONE_BEFORE", f"The step {step!r} is done for this batch.", "Go on with the next step.")
