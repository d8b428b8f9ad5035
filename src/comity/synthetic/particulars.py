"""The legal particulars of a proper request under 8 U.S.C. 1253(a)(1), drawn for each person asked about."""

from __future__ import annotations

from datetime import date

from comity.synthetic.chance import chance, one_of, text, text_list, whole

STATUTE = "8 USC 1253(a)(1)"
GROUNDS = ("8 USC 1227(a)(1)(B)", "8 USC 1227(a)(1)(C)(i)", "8 USC 1227(a)(1)(A)", "8 USC 1227(a)(2)(A)(ii)")
PURPOSES = ("INVESTIGATION", "INVESTIGATION", "PREP_PROCEEDING", "GRAND_JURY")

_BIRTH_DATE_SENT = 0.5
_NUMBER_SENT = 0.04
_SECOND_RECIPIENT = 0.06
_COURT_REVIEW = 0.12

# Each sentence says which fact of the case the address would go to.
_REASONS = {
    "A": (
        "Whether the order of {order}, sent by mail, reached this address shows wilfulness in {matter}.",
        "The subject claims to have moved before the order of {order}; {matter}, opened {opened}, tests it.",
        "Notices under the order of {order} were left at this address; {matter} must show whose it was.",
        "A landlord's statement of {opened} puts the subject here after {order}; {matter} checks it.",
        "The warning after the order of {order} was sent to this address; {matter}, opened {opened}, relies on it.",
    ),
    "B": (
        "Appointments for travel documents since {order} were sent to this address and missed; {matter} asks why.",
        "The travel document form under the order of {order} came back from here unsigned; {matter} asks why.",
    ),
    "C": ("Witnesses say that departure under the order of {order} was obstructed here; {matter}, opened {opened}.",),
    "D": (
        "The letter to report for removal under the order of {order} went to this address, as {matter} must show.",
        "A stranger signed here for the call-in letter under the order of {order}; {matter}, opened {opened}.",
    ),
}
_PROCEEDINGS = {
    "INVESTIGATION": "the criminal investigation",
    "PREP_PROCEEDING": "preparation of the criminal proceeding",
    "GRAND_JURY": "the grand jury proceeding",
}


def particulars(seed: int, received_on: date, people: str) -> str:
    """A SELECT over the table `people` that adds a proper case to each row (it reads row_number and what is known).

    Adds `order_final_on`, `court_final_on`, `case_opened_on`, `case_id`, `statute`, `prong`, `removal_ground`,
    `purpose`, `case_status`, `tax_years`, `reason`, `date_of_birth` (half the rows), `tin` (few) and
    `second` (whether a second officer is engaged). Every date passes the ninety days of 8 U.S.C. 1253(a)(1)(A).
    """
    return f"""
        SELECT *, {_reason(seed)} AS reason FROM (
            SELECT *, last_final + 91 + {whole(seed, "opened", "row_number", "since_final - 91")} AS case_opened_on
            FROM (
                SELECT *, coalesce(court_final_on, order_final_on) AS last_final,
                       DATE '{received_on}' - coalesce(court_final_on, order_final_on) AS since_final
                FROM (SELECT *, {_court_date(seed, received_on)} AS court_final_on
                      FROM ({_drawn(seed, received_on, people)}))
            )
        )
    """


def _drawn(seed: int, received_on: date, people: str) -> str:
    key = "row_number"
    return f"""
        SELECT *, DATE '{received_on}' - 120 - {whole(seed, "order", key, "1400")} AS order_final_on,
               'CASE-' || printf('%07d', {whole(seed, "case", key, "90")} + row_number * 97) AS case_id,
               {text(STATUTE)} AS statute, {_prong(seed)} AS prong, 'OPEN' AS case_status,
               {one_of(seed, "ground", key, GROUNDS)} AS removal_ground,
               {one_of(seed, "purpose", key, PURPOSES)} AS purpose, {_years(seed)} AS tax_years,
               CASE WHEN {chance(seed, "birth sent", key)} < {_BIRTH_DATE_SENT} THEN born_as_written END
                   AS date_of_birth,
               CASE WHEN {chance(seed, "tin sent", key)} < {_NUMBER_SENT} THEN tin_known END AS tin,
               {chance(seed, "second", key)} < {_SECOND_RECIPIENT} AS second
        FROM {people}
    """


def _court_date(seed: int, received_on: date) -> str:
    # At least 95 days are left to the day of receipt, whatever is drawn.
    room = f"DATE '{received_on}' - order_final_on - 95"
    later = f"order_final_on + {whole(seed, 'court date', 'row_number', room)}"
    return f"CASE WHEN {chance(seed, 'court', 'row_number')} < {_COURT_REVIEW} THEN {later} END"


def _prong(seed: int) -> str:
    return one_of(seed, "prong", "row_number", ["A"] * 44 + ["B"] * 3 + ["C"] + ["D"] * 2)


def _years(seed: int) -> str:
    drawn = chance(seed, "years", "row_number")
    return f"""CASE WHEN {drawn} < 0.35 THEN [2019, 2020, 2021] WHEN {drawn} < 0.65 THEN [2020]
        WHEN {drawn} < 0.85 THEN [2019, 2020] ELSE [2020, 2021] END::INTEGER[]"""


def _reason(seed: int) -> str:
    cases = " ".join(
        f"WHEN '{prong}' THEN {one_of(seed, 'reason', 'row_number', texts)}" for prong, texts in _REASONS.items()
    )
    said = f"CASE prong {cases} END"
    proceedings = f"map({text_list(list(_PROCEEDINGS))}, {text_list(list(_PROCEEDINGS.values()))})[purpose]"
    facts = {
        "{order}": "order_final_on::VARCHAR",
        "{opened}": "case_opened_on::VARCHAR",
        "{matter}": f"concat({proceedings}, ' ', case_id)",
    }
    for mark, fact in facts.items():
        said = f"replace({said}, '{mark}', {fact})"
    return said
