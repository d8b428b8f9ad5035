"""The plain Python engine: slow, quadratic, obvious; the oracle that the SQL is compared with."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from comity.linkage.addresses import flag
from comity.linkage.compare import GENERATION
from comity.linkage.duckdb import work_out
from comity.linkage.edits import edits
from comity.linkage.fetch import fetch_steps
from comity.linkage.plain_addresses import address_reasons, level_of_address
from comity.linkage.plain_names import Lists, compare_name
from comity.linkage.plain_outline import might_agree
from comity.linkage.reasons import (
    ADDRESS_LEVELS,
    AGREEING_ADDRESSES,
    DATED_GIVEN,
    NAME_LEVELS,
    PRESENT_NAMES,
    REASONS,
    SAME_NAMES,
    WHOLE_NAMES,
)
from comity.linkage.spells import BETWEEN
from comity.linkage.standing import ADDRESS_COLUMNS, NAME_COLUMNS

if TYPE_CHECKING:
    from datetime import date

    from comity.linkage.terms import LinkageTerms
    from comity.workspace import Workspace

Row = dict[str, Any]
_SPELLS = """
(SELECT s.spell, k.key_name, a.* FROM registry.spells AS s JOIN registry.addresses AS a USING (address)
    JOIN (SELECT DISTINCT spell, key_name FROM registry.known) AS k USING (spell))
"""


_STATED = "(SELECT asked.*, stated.filed FROM asked LEFT JOIN stated USING (stated))"


class ReferenceEngine:
    """An `Engine` that reads the tables into dictionaries and follows the design's sentences one by one."""

    def narrow(self, ws: Workspace) -> None:
        """Every request against every spell."""
        asked, spells = _table(ws, "asked"), _table(ws, _SPELLS)
        met = [(q, s) for q in asked for s in spells if _neighbours(q, s) and (not s["a_name"] or might_agree(q, s))]
        beside = [(q, {**s, "a_unit": s["a_unit"] or q["a_unit"]}) for q, s in met]
        listed = met + [(q, s) for q, by in beside for s in spells if _neighbours(by, s) and might_agree(by, s)]
        named = [(q, s) for q in asked for s in spells if _same(q["key_name"], s["key_name"])]
        pairs = {(q["row_number"], s["spell"]) for q, s in listed + named}
        _write(ws, "pairs", "row_number INTEGER, spell BIGINT", sorted(pairs))
        # What stands in the index is copied, not decided, so that the copying may be shared.
        work_out(ws, fetch_steps("pairs"), ("fetched", "sites"))

    def compare(self, ws: Workspace) -> None:
        """Every pair by the plain rules."""
        lists = Lists.read(ws)
        asked = {q["row_number"]: q for q in _table(ws, _STATED)}
        spells = _spells(ws)
        rows = [_compared(asked[number], spells[spell], lists) for number, spell in ws.rows("SELECT * FROM pairs")]
        _write(ws, "occupied", "row_number INTEGER", [(row["row_number"],) for row in rows if _own_address(row)])
        rows = [
            row
            for row in rows
            if row["name_level"] != "different"
            and (_agrees(row) or {row["given_reason"], row["family_reason"]} & set(WHOLE_NAMES))
            and not _too_wide(row)
        ]
        _complete(rows, spells)
        _write(ws, "compared", _COMPARED, [tuple(row[name] for name in _COMPARED_NAMES) for row in rows])

    def determine(self, ws: Workspace, terms: LinkageTerms) -> None:
        """Every request by the rule in words."""
        spells = _spells(ws)
        compared = sorted(_table(ws, "compared"), key=lambda row: int(row["row_number"]))
        for row in compared:
            row["listed"] = spells[row["spell"]]
        by_request = {number: list(rows) for number, rows in groupby(compared, lambda row: row["row_number"])}
        occupied = {number for (number,) in ws.rows("SELECT * FROM occupied")}
        rows = [
            _determined(q, by_request.get(q["row_number"], []), terms, occupied=q["row_number"] in occupied)
            for q in _table(ws, "asked")
        ]
        _write(ws, "determined", _DETERMINED, rows)


_COMPARED = (
    "row_number INTEGER, spell BIGINT, person VARCHAR, taxpayer_id VARCHAR, "
    "is_taxpayer BOOLEAN, in_stated_year BOOLEAN, is_minor BOOLEAN, tin_conflicts BOOLEAN, "
    "birth_level VARCHAR, address_flags INTEGER, address_level VARCHAR, address_rank INTEGER, name_level VARCHAR, "
    "name_rank INTEGER, given_level VARCHAR, given_reason VARCHAR, family_level VARCHAR, middle_level VARCHAR, "
    "suffix_level VARCHAR, family_reason VARCHAR"
)
_COMPARED_NAMES = tuple(column.split()[0] for column in _COMPARED.split(", "))
_DETERMINED = (
    "row_number INTEGER, request_id VARCHAR, determination VARCHAR, reason VARCHAR, person VARCHAR, "
    "taxpayer_id VARCHAR, candidates INTEGER"
)


def _table(ws: Workspace, source: str) -> list[Row]:
    return ws.records(f"SELECT * FROM {source}")


def _write(ws: Workspace, name: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
    if rows:
        unnested = ", ".join(f"unnest(?::{column.split()[1]}[])" for column in columns.split(", "))
        ws.con.execute(f"INSERT INTO {name} SELECT {unnested}", [list(column) for column in zip(*rows, strict=True)])


def _spells(ws: Workspace) -> dict[int, Row]:
    """Whoever was fetched, with the address, the names, the TINs and the years and forms, by the spell."""
    names: dict[int, list[Row]] = {}
    for name in _table(ws, "registry.known"):
        names.setdefault(name["spell"], []).append({part: name[part] for part in NAME_COLUMNS})
    rows = _table(ws, "(SELECT * FROM fetched JOIN sites USING (address) JOIN filings USING (filing))")
    return {
        row["spell"]: row | {"names": names[row["spell"]], "tins": row["tins"].split(BETWEEN) if row["tins"] else []}
        for row in rows
    }


def _same(a: object, b: object) -> bool:
    """Equal and present: an absent value meets nothing."""
    return a is not None and a == b


def _neighbours(a: Row, b: Row) -> bool:
    """Two addresses of one ZIP and number, or of one town, number and beginning of the street."""
    return any(_same(a[key], b[key]) for key in ("key_place", "key_town"))


def _compared(q: Row, s: Row, lists: Lists) -> Row:
    address = address_reasons(q, s)
    level = level_of_address(address)
    row = {name: s[name] for name in ("spell", "person", "taxpayer_id")}
    row |= compare_name(q, s["names"], lists)
    return row | {
        "row_number": q["row_number"],
        "is_taxpayer": s["role"] in ("primary", "spouse"),
        "in_stated_year": bool(set(q["filed"] or []) & set(s["filed"])),
        "is_minor": _is_minor(s["born"], q["of_age_on"]),
        "tin_conflicts": q["tin"] is not None and bool(s["tins"]) and q["tin"] not in s["tins"],
        "birth_level": _birth(q["born"], s["born"], row),
        "address_flags": sum(map(flag, address)),
        "address_level": level,
        "address_rank": ADDRESS_LEVELS.index(level),
        "name_rank": NAME_LEVELS.index(row["name_level"]),
    }


def _complete(rows: list[Row], spells: dict[int, Row]) -> None:
    """Mark the spells of another year that show what the same person's record of a stated year lacks."""
    own = [row for row in rows if row["is_taxpayer"]]
    stated = [row for row in own if row["in_stated_year"]]
    for row in [row for row in own if not row["in_stated_year"] and row["address_level"] in ("equal", "slip")]:
        full = spells[row["spell"]]
        beside = [other for other in stated if all(other[key] == row[key] for key in ("row_number", "person"))]
        if any(_is_completed(spells[other["spell"]], full) for other in beside):
            row["address_flags"] += flag("record_completed")
            row |= {"in_stated_year": True, "address_level": "slip", "address_rank": ADDRESS_LEVELS.index("slip")}


def _is_completed(lacking: Row, full: Row) -> bool:
    """Whether the number or the street is missing, and all that is there is the same."""
    if lacking["a_kind"] != "street" or full["a_kind"] != "street":
        return False
    lacks = (lacking["a_number"] is None) != (lacking["a_name"] is None)
    parts = ("a_number", "a_pre", "a_name", "a_suffix", "a_post")
    shown = all(lacking[part] in (None, full[part]) for part in parts)
    return lacks and shown and _same(lacking["a_zip"], full["a_zip"]) and bool(lacking["a_unit"] == full["a_unit"])


def _too_wide(row: Row) -> bool:
    """Whether a family name with more than a slip has not everything else to say that it is the same person."""
    if row["family_reason"] != "family_wide_slip":
        return False
    return row["given_level"] not in SAME_NAMES or row["middle_level"] != "agrees" or row["birth_level"] != "agrees"


def _birth(a: date | None, b: date | None, name: Row) -> str:
    if a is None or b is None:
        return "absent"
    if a == b:
        return "agrees"
    swapped = (a.year, a.month, a.day) == (b.year, b.day, b.month)
    one_figure = a.year == b.year and edits(str(a), str(b)) == 1
    beside = abs((a - b).days) == 1
    return "slip" if swapped or one_figure or beside or _year_slip(a, b, name) else "conflicts"


def _year_slip(a: date, b: date, name: Row) -> bool:
    """One figure of the year, less than a generation apart, where the full name and the day, not a first, agree."""
    full = name["name_level"] in SAME_NAMES and name["middle_level"] == "agrees"
    same_day = (a.month, a.day) == (b.month, b.day) and a.day != 1
    return full and same_day and edits(str(a), str(b)) == 1 and abs(a.year - b.year) < GENERATION


def _is_minor(born: date | None, day: date | None) -> bool:
    if born is None or day is None:
        return False
    day_of_age = (born.month, born.day) if (born.month, born.day) != (2, 29) else (2, 28)
    return (born.year + 18, *day_of_age) > (day.year, day.month, day.day)


def _determined(q: Row, rows: list[Row], terms: LinkageTerms, *, occupied: bool) -> tuple[Any, ...]:
    standing = [row for row in rows if _stands(row)]
    foremost = min(standing, key=_order) if standing else None
    reason = _judge(foremost, rows, standing, terms) if foremost else _otherwise(rows, occupied=occupied)
    determination = REASONS[reason].level
    named = foremost if determination in ("confirmed", "unclear") else None
    shown = {row["person"] for row in rows if _shown(row)}
    person, taxpayer = (named["person"], named["taxpayer_id"]) if named else (None, None)
    return q["row_number"], q["request_id"], determination, reason, person, taxpayer, len(shown)


def _agrees(row: Row) -> bool:
    return row["address_level"] in AGREEING_ADDRESSES


def _present(row: Row) -> bool:
    return row["name_level"] in PRESENT_NAMES


def _conflicts(row: Row, *levels: str) -> bool:
    return any(row[level] == "conflicts" for level in levels)


def _own_address(row: Row) -> bool:
    return row["is_taxpayer"] and row["in_stated_year"] and _agrees(row)


def _stands(row: Row) -> bool:
    excluded = row["birth_level"] == "conflicts" or row["tin_conflicts"]
    return _own_address(row) and not excluded


def _tier(row: Row) -> int:
    if not _present(row):
        return 2
    return 1 if _conflicts(row, "middle_level", "suffix_level") else 0


def _order(row: Row) -> tuple[Any, ...]:
    dated = row["birth_level"] != "agrees"
    return _tier(row), row["name_rank"], dated, row["address_rank"], row["person"], row["spell"]


def _shown(row: Row) -> bool:
    elsewhere = _present(row) and row["is_taxpayer"] and row["birth_level"] != "conflicts"
    return _agrees(row) or elsewhere


def _has_rival(first: Row, rows: list[Row], standing: list[Row], terms: LinkageTerms) -> bool:
    fitting = [row for row in rows if _fits(first, row, terms)]
    fitting += [row for row in standing if _tier(row) == _tier(first)]
    fitting = [row for row in fitting if row["person"] != first["person"] and not _dated_alone(first, row)]
    mine = [row for row in rows if row["person"] == first["person"]]
    own = {row["person"] for row in fitting for known in mine if _is_own(known, row, rows)}
    return any(row["person"] not in own for row in fitting)


def _fits(first: Row, row: Row, terms: LinkageTerms) -> bool:
    apart = address_reasons(first["listed"], row["listed"], misspelt=False)
    beside = level_of_address(apart) in AGREEING_ADDRESSES
    ruled_out = _conflicts(row, "birth_level", "middle_level", "suffix_level")
    in_time = terms.namesake_years == "any" or row["in_stated_year"]
    return in_time and (_agrees(row) or beside) and _present(row) and not ruled_out


def _dated_alone(first: Row, other: Row) -> bool:
    dated = first["birth_level"] == "agrees" and other["birth_level"] in ("absent", "slip")
    return dated and bool(first["name_rank"] <= other["name_rank"])


def _is_own(first: Row, other: Row, rows: list[Row]) -> bool:
    x, y = first["listed"], other["listed"]
    dated = x["born"] is not None and y["born"] is not None
    if dated and x["born"] != y["born"]:
        return False
    if x["taxpayer_id"] == y["taxpayer_id"] or set(x["tins"]) & set(y["tins"]):
        return True
    if dated and (_givens(x) & _givens(y) or _whole_names(x) & _whole_names(y)):
        return True
    named = bool(_full_names(x) & _full_names(y))
    placed = all(x[part] == y[part] for part in ADDRESS_COLUMNS)
    return named and placed and not (_returns(first, rows) & _returns(other, rows))


def _givens(spell: Row) -> set[str]:
    return {name["n_given"] for name in spell["names"] if name["n_given"]}


def _whole_names(spell: Row) -> set[tuple[str, str]]:
    """The given and family names of the person, however spaced, double family names in either order."""
    names = [(name["n_given"], name["n_family"]) for name in spell["names"]]
    return {(given.replace(" ", ""), "".join(sorted(family.split()))) for given, family in names if given and family}


def _full_names(spell: Row) -> set[tuple[str | None, ...]]:
    """Every name of the person that has a given, a middle and a family name, with its suffix."""
    names = [tuple(name[part] for part in NAME_COLUMNS) for name in spell["names"]]
    return {name for name in names if all(name[:3])}


def _returns(of: Row, rows: list[Row]) -> set[str]:
    """The years in which this person filed a return, as `2020 1040`."""
    listed = [row["listed"] for row in rows if row["person"] == of["person"] and row["is_taxpayer"]]
    return {filed for spell in listed for filed in spell["filed"] if filed.endswith(" 1040")}


def _judge(first: Row, rows: list[Row], standing: list[Row], terms: LinkageTerms) -> str:
    middle, birth = first["middle_level"] == "agrees", first["birth_level"] == "agrees"
    dated = first["birth_level"] in {"agrees", "slip"}
    stops = (
        ("name_blank", first["name_level"] == "blank" or (first["name_level"] == "single" and not birth)),
        ("several_fit", _has_rival(first, rows, standing, terms)),
        ("name_single", first["name_level"] == "single"),
        ("name_initial", first["name_level"] == "initial"),
        ("suffix_conflicts", first["suffix_level"] == "conflicts"),
        ("suffix_one_sided", first["suffix_level"] == "one_sided" and not birth),
        ("middle_conflicts", first["middle_level"] == "conflicts"),
        ("birth_date_slip", first["birth_level"] == "slip" and first["name_level"] not in SAME_NAMES),
        ("address_one_sided", first["address_level"] == "one_sided"),
        ("record_of_minor", first["is_minor"]),
        ("soft_name_unsupported", not _supported(first, middle=middle, birth=birth)),
        ("third_identifier_missing", terms.evidence == "third_identifier" and not (middle or dated)),
        ("birth_date_missing", terms.evidence == "date_of_birth" and not dated),
    )
    return next((reason for reason, stopped in stops if stopped), "all_agree")


def _supported(row: Row, *, middle: bool, birth: bool) -> bool:
    given, family = row["given_level"] == "soft", row["family_level"] == "soft"
    if given and family:
        return middle and birth
    if given:
        return middle or (birth and row["given_reason"] in DATED_GIVEN)
    return not family or middle or birth


def _otherwise(rows: list[Row], *, occupied: bool) -> str:
    """`occupied`: whether somebody, of whatever name, is of record at the address in a stated year."""
    named = [row for row in rows if _present(row)]
    unopposed = [row for row in named if row["birth_level"] != "conflicts" and row["is_taxpayer"]]
    finds = (
        ("birth_date_conflicts", any(_own_address(row) and row["birth_level"] == "conflicts" for row in named)),
        ("tin_conflicts", any(_own_address(row) and row["tin_conflicts"] for row in named)),
        ("other_year", any(_agrees(row) for row in unopposed)),
        ("dependent_only", any(_agrees(row) and not row["is_taxpayer"] for row in named)),
        ("other_address", bool(unopposed)),
        ("other_name", occupied),
    )
    return next((reason for reason, found in finds if found), "nothing_found")
