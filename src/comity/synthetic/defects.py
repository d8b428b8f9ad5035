"""Named defects of the requester's own paper: what each changes in a proper request, and which rows have which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from comity.synthetic.chance import chance, one_of, text, whole
from comity.synthetic.recipients import UNKNOWN, strangers

DEFECTIVE_SHARE = 0.18
TWICE_DEFECTIVE_SHARE = 0.012
REPEATED_ROWS = 24

_NO_ADDRESS = {"street_line": "NULL", "unit_line": "NULL", "city": "NULL", "state": "NULL", "zip": "NULL"}
_NO_NAME = {"given_name": "NULL", "middle_name": "NULL", "family_name": "NULL"}
_BOILERPLATE = "The information is relevant to an ongoing investigation."


@dataclass(frozen=True)
class Defect:
    """A defect: its name, the columns it changes (SQL over a proper request), and whether it spoils name or address.

    A request whose name or address is spoiled asks about nobody in particular, so it is no longer confirmable.
    """

    name: str
    changes: Mapping[str, str]
    spoils_identity: bool = False


def identity_defects(seed: int) -> tuple[Defect, ...]:
    """Defects of name and address: the classes of insufficient address, a blank name, a number in place of both."""
    number = one_of(seed, "any address", "row_number", ("N/A", "UNKNOWN", "XXX", "SAME", "123 MAIN ST"))
    custody = ("PINE HOLLOW DETENTION CENTER", "IN CUSTODY", "GRANITE COUNTY JAIL", "ICE PROCESSING CENTER")
    changes: dict[str, dict[str, str]] = {
        "name_missing": _NO_NAME,
        "name_placeholder": {"given_name": "'UNKNOWN'", "middle_name": "NULL", "family_name": "'UNKNOWN'"},
        "address_missing": _NO_ADDRESS,
        "address_blank": {**_NO_ADDRESS, "street_line": "' - '"},
        "address_failed_to_provide": {**_NO_ADDRESS, "street_line": "'FAILED TO PROVIDE'", "zip": "zip"},
        "address_unknown": {**_NO_ADDRESS, "street_line": "'UNKNOWN ADDRESS'", "zip": "zip"},
        "address_does_not_care": {**_NO_ADDRESS, "street_line": "'DON''T CARE 12345'"},
        "address_zip_only": {**_NO_ADDRESS, "street_line": "zip", "zip": "zip"},
        "address_town_only": {"street_line": "NULL", "unit_line": "NULL", "zip": "NULL"},
        "address_placeholder": {"street_line": number, "unit_line": "NULL"},
        "address_homeless": {"street_line": "'HOMELESS'", "unit_line": "NULL"},
        "address_po_box": {
            "street_line": f"'PO BOX ' || (100 + {whole(seed, 'box', 'row_number', '9000')})",
            "unit_line": "NULL",
        },
        "address_general_delivery": {"street_line": "'GENERAL DELIVERY'", "unit_line": "NULL"},
        "address_detention": {"street_line": one_of(seed, "custody", "row_number", custody), "unit_line": "NULL"},
        "identifier_only": {**_NO_NAME, **_NO_ADDRESS, "tin": "coalesce(tin_known, '900-70-0000')"},
    }
    return tuple(Defect(name, columns, spoils_identity=True) for name, columns in changes.items())


def paper_defects(seed: int, received_on: date) -> tuple[Defect, ...]:
    """Defects of the particulars; name and address are as they were, though a minor's birth date is sent for some."""
    young = f"DATE '{received_on}' - {whole(seed, 'young order', 'row_number', '91')}"
    other, contractor = strangers()
    changes: dict[str, dict[str, str]] = {
        "order_missing": {"order_final_on": "NULL", "court_final_on": "NULL", "reason": _NO_ORDER_YET},
        "ninety_days_not_run": {"order_final_on": young, "court_final_on": "NULL", "prong": "'A'"},
        "ground_of_inadmissibility": {"removal_ground": "'8 USC 1182(a)(6)(A)(i)'"},
        "statute_civil_entry": {"statute": "'8 USC 1325(b)'"},
        "statute_not_criminal": {"statute": "'8 USC 1229a'"},
        "statute_without_subsection": {"statute": "'8 USC 1253'"},
        "statute_missing": {"statute": "NULL"},
        "purpose_civil": {"purpose": "'CIVIL_REMOVAL'", "reason": _CIVIL_REASON},
        "period_missing": {"tax_years": "[]::INTEGER[]"},
        "period_future": {"tax_years": f"[{received_on.year + 1}]::INTEGER[]"},
        "subject_minor": {
            "date_of_birth": f"DATE '{received_on}' - 2200 - {whole(seed, 'minor', 'row_number', '4000')}",
        },
        "reason_missing": {"reason": "NULL"},
        "reason_boilerplate": {"reason": text(_BOILERPLATE)},
        "recipient_missing": {"recipients": "[]::VARCHAR[]"},
        "recipient_unknown": {"recipients": f"[{text(UNKNOWN)}]"},
        "recipient_of_other_agency": {"recipients": f"[{text(other.id)}]"},
        "recipient_contractor": {"recipients": f"[{text(contractor.id)}]"},
        "asks_new_address": {"elements": "['new_address']", "reason": _NEW_ADDRESS_REASON},
        "asks_wages_too": {"elements": "['address_confirmation', 'wages']"},
    }
    return tuple(Defect(name, columns) for name, columns in changes.items())


_NO_ORDER_YET = (
    "'Removal proceedings in ' || case_id || ' are still before the immigration judge; the address would show where"
    " notices were received.'"
)
_CIVIL_REASON = (
    "'An arrest team is to be sent to the subject of ' || case_id || ' to carry out removal; the address is needed to"
    " plan the visit.'"
)
_NEW_ADDRESS_REASON = (
    "'Mail to this address in ' || case_id || ' came back; the address on the latest return is asked for instead.'"
)


def chosen(seed: int, defects: Sequence[Sequence[Defect]]) -> str:
    """SQL for the sorted names of a row's defects: mostly none, else one of either kind, a few times one of both."""
    identity, paper = ([defect.name for defect in kind] for kind in defects)
    drawn = chance(seed, "defective", "row_number")
    first = one_of(seed, "which defect", "row_number", [*identity, *paper])
    one_each = (
        one_of(seed, "identity defect", "row_number", identity),
        one_of(seed, "paper defect", "row_number", paper),
    )
    return f"""CASE WHEN {drawn} < {TWICE_DEFECTIVE_SHARE} THEN list_sort([{", ".join(one_each)}])
        WHEN {drawn} < {DEFECTIVE_SHARE} THEN [{first}] ELSE []::VARCHAR[] END"""


def changed(column: str, defects: Sequence[Defect]) -> str:
    """SQL for `column` as the row's `defects` list leaves it."""
    cases = " ".join(
        f"WHEN list_contains(defects, '{defect.name}') THEN {defect.changes[column]}"
        for defect in defects
        if column in defect.changes
    )
    return f'CASE {cases} ELSE "{column}" END' if cases else f'"{column}"'
