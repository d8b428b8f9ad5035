"""Who may do what, when: one allow-list of role, state and act, and the separation of duties within a batch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from comity.case.batch_state import STEPS, Involvement
from comity.case.envelope import OFFICE
from comity.case.errors import Refused

ROLES = {
    "examiner": "Intake examiner: settles rulings that wait; sees no record of the custodian",
    "operator": "Match operator: receives submissions, builds registries, runs the steps",
    "reviewer": "Match reviewer: votes blind on unclear cases; sees no narrative of the requester",
    "screener": "Tax-investigation screener: says whom an answer would expose; has no other part in the batch",
    "approver": "Disclosure approver: signs the answers",
    "transmitter": "Transmitter: releases what two approvers signed, and hands replies over",
    "hold_officer": "Hold officer: places and confirms court orders, and lifts them together with counsel",
    "counsel": "Counsel: approves what enters the registers, agreements too; confirms orders; accounts to persons",
    "registrar": "Registry steward: proposes agreements, and whatever else enters the registers",
    "auditor": "Auditor: reads everything, writes nothing",
}

ANYWHEN = (OFFICE, *STEPS)
_WITHIN = tuple(step for step in STEPS if step != "intake")
# The segment that ends in the intent is opened in a batch's receipt: nobody's look is to stand in it.
_BESIDE_THE_INTENT = tuple(step for step in _WITHIN if step != "accounting")
_WORKED = ("examined", "operated")
# Who lets a batch go had no part in it, nor in the lift of a hold that stood over it.
_UNRELATED = ("received", *_WORKED, "screened", "signed", "lifted")
_READ_REQUESTS = ("examiner", "approver", "counsel", "auditor")
_READ_RECORDS = ("operator", "approver", "counsel", "auditor")
_READ_ANSWERS = ("approver", "auditor")
_WRITERS = tuple(role for role in ROLES if role != "auditor")


@dataclass(frozen=True)
class Right:
    """An act, the roles that may do it, the states it is done in, and the parts in a batch that rule it out.

    A state is `office` (no batch is concerned) or the step of a batch that comes next (`case.batch_state.STEPS`).
    `excludes` names fields of `Involvement`: whoever had such a part in the batch may not do this act in it.
    """

    act: str
    roles: tuple[str, ...]
    states: tuple[str, ...]
    excludes: tuple[str, ...] = ()


# Separation of duties: SoD-1 to SoD-7 of the law file, section 8c; P4 of the design. Placing a hold is open to every
# officer who may write at all, because an order binds from the moment anybody has read it.
RIGHTS = {
    right.act: right
    for right in (
        Right("receive", ("examiner", "operator"), (OFFICE, "intake")),
        Right("settle", ("examiner",), ("gates",), ("operated", "voted", "signed", "transmitted")),
        Right(
            "link",
            ("operator",),
            ("gates", "linkage", "review", "accounting"),
            ("examined", "screened", "signed", "transmitted"),
        ),
        Right(
            "vote",
            ("reviewer",),
            ("review",),
            ("received", *_WORKED, "explained", "screened", "signed", "transmitted"),
        ),
        Right(
            "screen",
            ("screener",),
            ("review", "accounting"),
            ("received", *_WORKED, "voted", "signed", "transmitted", "lifted"),
        ),
        Right("forgo", ("counsel",), ("review", "accounting")),
        Right(
            "sign",
            ("approver",),
            ("review", "accounting"),
            ("received", *_WORKED, "voted", "screened", "transmitted", "lifted"),
        ),
        Right("release", ("transmitter",), ("review", "accounting", "disclosure"), _UNRELATED),
        Right("abandon", ("transmitter", "counsel"), ("accounting", "disclosure")),
        Right("collect", ("transmitter",), ("oversight",), _UNRELATED),
        Right("acknowledge", ("transmitter", "operator"), ("oversight",)),
        Right("recall", ("counsel",), ("oversight",)),
        Right("notify_recall", ("transmitter",), ("oversight",)),
        Right("certify_disposal", ("transmitter", "operator"), ("oversight",)),
        Right("prune", ("operator",), (OFFICE, "oversight")),
        Right("place_hold", _WRITERS, ANYWHEN),
        Right("confirm_hold", ("hold_officer", "counsel"), ANYWHEN),
        Right("propose_lift", ("hold_officer", "counsel"), (OFFICE,)),
        Right("confirm_lift", ("hold_officer", "counsel"), (OFFICE,)),
        Right("propose_entry", ("registrar",), (OFFICE,)),
        Right("approve_entry", ("counsel",), (OFFICE,)),
        Right("account", ("counsel",), (OFFICE,)),
        Right("place_embargo", ("counsel",), (OFFICE,)),
        Right("receive_contest", ("counsel",), (OFFICE,)),
        Right("look_up_contest", ("counsel",), (OFFICE,)),
        Right("close_contest", ("counsel",), (OFFICE,)),
        # Whoever has a role signs in to the console as nobody else, an auditor too.
        Right("set_up_sign_in", tuple(ROLES), (OFFICE,)),
        Right("bar_sign_in", ("registrar", "counsel"), (OFFICE,)),
        Right("build_registry", ("operator",), (OFFICE,)),
        Right("catch_up_log", ("operator",), (OFFICE,)),
        Right("propose_log_key", ("registrar",), (OFFICE,)),
        Right("change_log_key", ("counsel",), (OFFICE,)),
        Right("back_up_home", ("operator",), (OFFICE,)),
        Right("resume_home", ("registrar",), (OFFICE,)),
        Right("read", tuple(ROLES), ANYWHEN),
        Right("read_sign_ins", ("registrar", "counsel", "auditor"), (OFFICE,)),
        # Whoever may look at one request at a time may have the file, and the log says who has.
        Right("copy_requests", _READ_REQUESTS, _BESIDE_THE_INTENT),
        Right("copy_records", _READ_RECORDS, _BESIDE_THE_INTENT),
        Right("copy_answers", _READ_ANSWERS, _BESIDE_THE_INTENT),
        Right("read_audit", ("operator", "approver", "counsel", "auditor"), _WITHIN),
        Right("read_requests", _READ_REQUESTS, _WITHIN),
        Right("replay", ("approver", "counsel", "auditor"), _WITHIN),
        # Reviewers see the records of the cases that they vote on, and never what the rule made of any other.
        Right("read_records", _READ_RECORDS, _BESIDE_THE_INTENT),
        # SoD-8. Nobody else sees the answers beside the determinations: who is confirmed and not answered so may be
        # withheld. An auditor reads everything.
        Right("read_withholdings", ("screener", "approver"), _BESIDE_THE_INTENT),
        Right("read_answers", _READ_ANSWERS, _BESIDE_THE_INTENT),
    )
}

# The second half of an act of two officers, and what the first did, who is named to `require` as `concerns`.
_SECOND_HALF = {
    "confirm_hold": "placed it",
    "confirm_lift": "proposed it, or has the role of who did",
    "approve_entry": "proposed it",
    "change_log_key": "proposed it",
}
# What nobody does to himself, who is named as `concerns` as well.
_TO_ANOTHER = {"bar_sign_in": "is barred"}


def require(
    officer: str,
    roles: Iterable[str],
    act: str,
    state: str,
    involvement: Involvement | None = None,
    concerns: str = "",
    grantee: str = "",
) -> str:
    """Let `officer`, who holds `roles`, do `act` in `state`; give the role in which the officer acts.

    Takes who did what so far in the batch (`involvement`; none for an act of the office), whom the act `concerns` (who
    placed the hold or proposed the entry) and whose own rights it changes (`grantee`). Raises Refused: RIGHT_MISSING,
    NOT_IN_THIS_STATE, SOD_VIOLATION, SELF_GRANT. An unknown act, state or role has no right.
    """
    right = RIGHTS.get(act)
    role = next((role for role in right.roles if role in frozenset(roles)), None) if right else None
    if not officer or right is None or role is None:
        raise Refused(
            "RIGHT_MISSING",
            f"The act {act!r} is not among the rights of the roles held.",
            "Ask an officer whose role allows it; `docs/rights.md` lists them.",
        )
    _require_state(right, state)
    _require_separate(right, officer, involvement)
    _require_other_officer(act, officer, concerns)
    if officer == grantee:
        raise Refused("SELF_GRANT", "Nobody has a part in a grant to themselves.", "Ask two other officers to do it.")
    return role


def _require_state(right: Right, state: str) -> None:
    if state not in right.states:
        raise Refused(
            "NOT_IN_THIS_STATE",
            f"The act {right.act!r} has no place at the step {state!r}.",
            f"It belongs to: {', '.join(right.states)}.",
        )


def _require_separate(right: Right, officer: str, involvement: Involvement | None) -> None:
    if involvement is None:
        if right.excludes:
            raise _separated("who did what in this batch is not known")
        return
    for part in right.excludes:
        if officer in getattr(involvement, part):
            raise _separated(f"the officer has {part} in this batch")


def _require_other_officer(act: str, officer: str, concerns: str) -> None:
    if act not in _SECOND_HALF | _TO_ANOTHER:
        return
    if not concerns or officer == concerns:
        raise Refused("SOD_VIOLATION", "This act takes two different officers.", "Ask another officer to do it.")


def _separated(why: str) -> Refused:
    return Refused("SOD_VIOLATION", f"Duties are separated: {why}.", "Ask an officer who had no part in it.")


def matrix() -> str:
    """The allow-list as two Markdown tables: role by act, and act by state with the parts that rule it out."""
    head = ["| act | " + " | ".join(ROLES) + " |", "|---" * (len(ROLES) + 1) + "|"]
    marks = [
        f"| `{right.act}` | " + " | ".join("x" if role in right.roles else " " for role in ROLES) + " |"
        for right in RIGHTS.values()
    ]
    states = ["", "| act | when | not by whoever |", "|---|---|---|"]
    rows = [
        f"| `{right.act}` | {'always' if right.states == ANYWHEN else ', '.join(right.states)} | {_ruled_out(right)} |"
        for right in RIGHTS.values()
    ]
    return "\n".join([*head, *marks, *states, *rows]) + "\n"


def _ruled_out(right: Right) -> str:
    if right.excludes:
        return f"in this batch: {', '.join(right.excludes)}"
    return (_SECOND_HALF | _TO_ANOTHER).get(right.act, "-")
