"""The words for what was found and what is said: determinations, answers, verdicts."""

from __future__ import annotations

CONFIRMED = "CONFIRMED"
NO_DISCLOSURE = "NO_DISCLOSURE"
RETURNED = "RETURNED"
ANSWERS = (RETURNED, CONFIRMED, NO_DISCLOSURE)

DETERMINATIONS = {
    "confirmed": "One person, of record at the submitted address in a stated year, with the evidence demanded",
    "unclear": "One person and no veto, but evidence is missing or one-sided; people decide",
    "ambiguous": "Several people fit; people decide",
    "name_differs": "Somebody is of record at the address, under another name",
    "address_differs": "The name is of record, at another address or in another year",
    "not_found": "Nothing of record resembles the request",
    "discriminator_differs": "The birth date conflicts, or the TIN conflicts with every row",
}
CONFIRMED_BY_RULE = "confirmed"
VOTED = ("unclear", "ambiguous")
VOTED_SQL = "(" + ", ".join(f"'{word}'" for word in VOTED) + ")"

SAME = "same"
NOT_SAME = "not_same"
UNDECIDED = "undecided"
VERDICTS = (SAME, NOT_SAME, UNDECIDED)

# Why a case is voted on: the rule left it to people, or they read the rule's work again.
CLERICAL = "clerical"
AUDIT = "audit"

PASS = "pass"  # noqa: S105 -- a ruling, not a secret
RETURN = "return"

ANSWER_SAYS = {
    CONFIRMED: "A record for a stated period shows this name at this address. It does not say where anyone lives now. "
    "It is a lead, not proof: verify independently.",
    NO_DISCLOSURE: "Nothing is disclosed.",
    RETURNED: "The request goes back; the codes say which of its own particulars are missing or defective.",
}
