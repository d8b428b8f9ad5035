"""Whom the requests ask about, at which address, and what is true of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.synthetic.nation.numbers import number_sql
from comity.synthetic.nation.places import groups_sql

if TYPE_CHECKING:
    from comity.synthetic.nation.draws import Draws
    from comity.synthetic.nation.places import Map

_ADULTS_PER_HOME = 1.6
_ASKED_OF_ADULTS = 0.6
# A quarter more than needed, and a hundred more than few, so that chance does not leave too few.
_MARGIN, _FEW = 1.25, 100
_ADDRESSES = {"'lived'": 0.76, "'other_year'": 0.12, "'nearby'": 0.04, "'elsewhere'": 0.08}
_NEIGHBOURS = 7


def homes_sql(draws: Draws, nation: Map, count: int) -> str:
    """A SELECT of the households (h) among whose adults `count` subjects are found."""
    enough = max(_MARGIN * count, count + _FEW) / (_ADULTS_PER_HOME * _ASKED_OF_ADULTS)
    rate = min(1.0, enough / nation.homes)
    return (
        f"SELECT h FROM (SELECT range AS h FROM range({nation.homes})) WHERE {draws.happens('asked home', 'h', rate)}"
    )


def subjects_sql(draws: Draws, people: str, count: int, years: range) -> str:
    """A SELECT of `count` adults of the table `people`, with row_number, the stated years and the sort of address."""
    asked = draws.happens("asked", "pid", _ASKED_OF_ADULTS)
    return f"""
SELECT row_number() OVER (ORDER BY {draws.bits("turn", "pid")}, pid) AS row_number, *,
    {_stated(draws, years)}::INTEGER[] AS stated, {draws.one_of("address", "pid", _ADDRESSES)} AS address_kind
FROM {people} WHERE born <= {years[-1]} - 18 AND {asked}
QUALIFY row_number <= {count}
"""


def _stated(draws: Draws, years: range) -> str:
    """Taxable periods: all, the middle one, the first ones or the last ones."""
    listed = list(years)
    middle = len(listed) // 2
    ways = {str(listed): 0.35, f"[{listed[middle]}]": 0.30, str(listed[: middle + 1]): 0.20, str(listed[middle:]): 0.15}
    return draws.one_of("stated", "pid", ways)


def asked_homes_sql(draws: Draws, subjects: str, lived: str, nation: Map) -> str:
    """A SELECT that adds to each of `subjects` the home whose address is sent, and `newest`, the last stated year.

    `lived` says where each person lived in each year.
    """
    elsewhere = draws.below("elsewhere", "pid", nation.homes)
    nearby = f"xor(in_stated, 1 + {draws.below('neighbour', 'pid', _NEIGHBOURS)})"
    return f"""
SELECT s.*, CASE address_kind WHEN 'lived' THEN in_stated WHEN 'other_year' THEN coalesce(in_other, in_stated)
    WHEN 'nearby' THEN {nearby} ELSE {elsewhere} END AS asked_home
FROM {subjects} AS s JOIN (
    SELECT pid, arg_max(l.home, l.tax_year) FILTER (list_contains(q.stated, l.tax_year)) AS in_stated,
        arg_min(l.home, l.tax_year) FILTER (NOT list_contains(q.stated, l.tax_year)) AS in_other
    FROM {lived} AS l JOIN {subjects} AS q USING (pid) GROUP BY pid
) AS living USING (pid)
"""


def truth_sql(asked: str, forms: str, boxes: str) -> str:
    """A SELECT of the TRUTH contract's columns, with `sex` and `race_ethnicity`, for the requests `asked`.

    `forms` holds who is truly on which form at which home; `boxes` is SQL for whether `home` files under a box.
    """
    return f"""
SELECT asked.request_id, CASE WHEN filed THEN {number_sql("asked.pid", "taxpayer")} END AS taxpayer_id,
    coalesce(at_home AND NOT boxed, FALSE) AS confirmable, {_KIND} AS kind,
    CASE WHEN male THEN 'Male' ELSE 'Female' END AS sex, {groups_sql()}[grouped + 1] AS race_ethnicity
FROM (SELECT *, {request_id_sql()} AS request_id FROM {asked}) AS asked
LEFT JOIN (
    SELECT q.pid, bool_or(f.role <> 'dependent') AS filed, bool_or(f.role = 'dependent') AS listed,
        bool_or(f.role <> 'dependent' AND f.home = q.asked_home AND list_contains(q.stated, f.tax_year)) AS at_home,
        bool_or(f.role <> 'dependent' AND f.home = q.asked_home) AS ever_home
    FROM {asked} AS q JOIN {forms} AS f USING (pid) GROUP BY q.pid
) AS own ON own.pid = asked.pid
LEFT JOIN (
    SELECT DISTINCT q.pid, TRUE AS has_namesake FROM {asked} AS q JOIN {forms} AS f
        ON f.home = q.asked_home AND f.given = q.given AND f.family = q.family AND f.pid <> q.pid
    WHERE f.role <> 'dependent' AND list_contains(q.stated, f.tax_year)
) AS namesakes ON namesakes.pid = asked.pid
LEFT JOIN (SELECT row_number, {boxes} AS boxed FROM (SELECT row_number, asked_home AS home FROM {asked})) AS b
    ON b.row_number = asked.row_number
"""


def request_id_sql() -> str:
    """SQL for the id of a request from its row_number."""
    return "'ERO-' || lpad(row_number::VARCHAR, 8, '0')"


_KIND = """CASE WHEN at_home AND boxed THEN 'box_of_record'
    WHEN at_home AND has_namesake THEN 'same_address_with_namesake' WHEN at_home THEN 'same_address'
    WHEN filed AND has_namesake THEN 'namesake_filed_elsewhere' WHEN filed AND ever_home THEN 'other_years_address'
    WHEN filed THEN 'address_not_of_record' WHEN has_namesake AND listed THEN 'namesake_not_taxpayer_listed_dependent'
    WHEN has_namesake THEN 'namesake_not_taxpayer' WHEN listed THEN 'dependent_only' ELSE 'not_in_registry' END"""
