"""The address of a request against an address of record: the reasons that set them apart, and the level they make."""

from __future__ import annotations

from comity.linkage.reasons import ADDRESS_LEVELS, worst_level_sql


def address_reasons_sql(q: str, r: str) -> str:
    """SQL: the list of reasons that set the standardised address of `q` apart from that of `r`; empty when equal."""
    street = f"{q}.a_name IS DISTINCT FROM {r}.a_name"
    cells = [
        ("form_differs", f"{q}.a_kind IS DISTINCT FROM {r}.a_kind"),
        ("number_differs", f"({q}.a_number = {r}.a_number) IS NOT TRUE"),
        *_both_and_one_sided(
            "directional", f"nullif(concat({q}.a_pre, {q}.a_post), '')", f"nullif(concat({r}.a_pre, {r}.a_post), '')"
        ),
        *_both_and_one_sided("unit", f"{q}.a_unit", f"{r}.a_unit"),
        ("street_type_differs", f"{q}.a_suffix <> {r}.a_suffix AND NOT {_type_misspelt(q, r)}"),
        ("street_type_one_sided", f"({q}.a_suffix IS NULL) <> ({r}.a_suffix IS NULL) AND NOT {_type_misspelt(q, r)}"),
        ("street_figures_differ", f"{street} AND {_figures(q)} IS DISTINCT FROM {_figures(r)}"),
        ("street_slip", f"{street} AND {_near_street(q, r)}"),
        ("street_differs", f"{street} AND NOT coalesce({_near_street(q, r)}, FALSE)"),
        *_place(q, r),
    ]
    listed = ", ".join(f"CASE WHEN {test} THEN '{reason}' END" for reason, test in cells)
    return f"list_filter([{listed}], lambda reason: reason IS NOT NULL)"


def address_level_sql(reasons: str) -> str:
    """SQL: equal, slip, one_sided or different, from the list of reasons in the column `reasons`."""
    return worst_level_sql(reasons, "address", ADDRESS_LEVELS)


def _both_and_one_sided(part: str, q: str, r: str) -> list[tuple[str, str]]:
    return [(f"{part}_differs", f"{q} <> {r}"), (f"{part}_one_sided", f"({q} IS NULL) <> ({r} IS NULL)")]


def _figures(side: str) -> str:
    return f"regexp_extract_all({side}.a_name, '[0-9]+')"


def _slip(a: str, b: str) -> str:
    """SQL: within one, two or three edits by length; the shortest names allow none."""
    shorter = f"least(length({a}), length({b}))"
    return (
        f"levenshtein({a}, {b}) <= CASE WHEN {shorter} < 4 THEN 0 WHEN {shorter} < 7 THEN 1 "
        f"WHEN {shorter} < 11 THEN 2 ELSE 3 END"
    )


def _type_misspelt(q: str, r: str) -> str:
    """SQL: one side's street type was not read as one because of a slip, and stands at the end of its street name."""
    whole = _slip(_street(q), _street(r))
    one_sided = f"({q}.a_suffix IS NULL) <> ({r}.a_suffix IS NULL)"
    longer = f"(length({q}.a_name) > length({r}.a_name)) = ({q}.a_suffix IS NULL)"
    return f"coalesce({one_sided} AND {longer} AND contains(greatest({_tail(q)}, {_tail(r)}), ' ') AND {whole}, FALSE)"


def _tail(side: str) -> str:
    return f"CASE WHEN {side}.a_suffix IS NULL THEN {side}.a_name ELSE '' END"


def _street(side: str) -> str:
    return f"concat_ws(' ', {side}.a_name, {side}.a_suffix)"


def _near_street(q: str, r: str) -> str:
    joined = _slip(f"replace({q}.a_name, ' ', '')", f"replace({r}.a_name, ' ', '')")
    return f"(({joined}) OR {_type_misspelt(q, r)})"


def _place(q: str, r: str) -> list[tuple[str, str]]:
    """ZIP or city must agree; the other may be absent or a slip, but may not name another place."""
    zips, cities = f"({q}.a_zip = {r}.a_zip)", f"({q}.a_city = {r}.a_city)"
    near_zip = f"levenshtein({q}.a_zip, {r}.a_zip) = 1"
    near_city = (
        f"levenshtein({q}.a_city, {r}.a_city) <= "
        f"CASE WHEN least(length({q}.a_city), length({r}.a_city)) < 6 THEN 1 ELSE 2 END"
    )
    states = f"({q}.a_state = {r}.a_state)"
    agree = (
        f"({zips} AND {cities}) OR ({zips} AND coalesce({near_city}, TRUE) AND coalesce({states}, TRUE))"
        f" OR ({cities} AND {states} AND coalesce({near_zip}, TRUE))"
    )
    return [
        ("city_slip", f"{zips} AND NOT {cities} AND {near_city}"),
        ("zip_slip", f"NOT {zips} AND {cities} AND {near_zip}"),
        ("place_differs", f"NOT coalesce({agree}, FALSE)"),
    ]
