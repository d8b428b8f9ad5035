"""The table contract: which columns a request, a registry row or a truth row has, and how text becomes them.

Readers read everything as text; `casting_select` turns the text into the contract's types and `unreadable_select`
names the cells that would not turn. Both are shared by intake, linkage and evaluation, so that a request means the
same thing wherever it is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_LIST = "[]"
_INVISIBLE = "[\\x{00AD}\\x{200B}-\\x{200F}\\x{202A}-\\x{202E}\\x{2060}-\\x{2064}\\x{2066}-\\x{2069}\\x{FEFF}]"
_SPACES = "[\\s\\x{00A0}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}]+"


@dataclass(frozen=True)
class Column:
    """One column: name, DuckDB type, what it says, whether a file must carry it, whether it identifies a person."""

    name: str
    type: str
    says: str
    required: bool = False
    identity: bool = False

    @property
    def is_list(self) -> bool:
        """Whether the cell holds several values, separated by `;` in CSV."""
        return self.type.endswith(_LIST)


@dataclass(frozen=True)
class Table:
    """A named set of columns with the columns that make its key."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def names(self) -> tuple[str, ...]:
        """The column names in the order of the contract."""
        return tuple(column.name for column in self.columns)

    def required(self) -> tuple[str, ...]:
        """The names of the columns that a file must carry."""
        return tuple(column.name for column in self.columns if column.required)

    def projected(self, name: str, columns: Iterable[str]) -> Table:
        """The same contract over some of the columns, in the contract's order."""
        kept = set(columns)
        return Table(name, self.key, tuple(column for column in self.columns if column.name in kept))


_PERSON = (
    Column("given_name", "VARCHAR", "Given name as written", True, True),
    Column("middle_name", "VARCHAR", "Middle name or initial", identity=True),
    Column("family_name", "VARCHAR", "Family name as written", True, True),
    Column("name_suffix", "VARCHAR", "Generational suffix: Jr, Sr, II, III, IV", identity=True),
    Column("street_line", "VARCHAR", "Delivery line: number and street, or box", identity=True),
    Column("unit_line", "VARCHAR", "Apartment, suite or unit, if on a line of its own", identity=True),
    Column("city", "VARCHAR", "City", identity=True),
    Column("state", "VARCHAR", "State, two letters or in full", identity=True),
    Column("zip", "VARCHAR", "ZIP or ZIP+4; text, so that 01234 stays 01234", identity=True),
    Column("country", "VARCHAR", "Country, if not the United States", identity=True),
    Column("address_text", "VARCHAR", "The whole address in one text, in place of its parts", identity=True),
)
_BIRTH = Column("date_of_birth", "DATE", "Birth date", identity=True)
_TIN = Column("tin", "VARCHAR", "Taxpayer identification number; it may only exclude", identity=True)

REQUESTS = Table(
    "requests",
    ("request_id",),
    (
        Column("request_id", "VARCHAR", "1 to 26 of A-Z, 0-9 and -, unique in the submission", True, True),
        *_PERSON,
        Column("tax_years", "INTEGER[]", "Taxable periods asked about, as tax years", True, True),
        _TIN,
        _BIRTH,
        Column("statute", "VARCHAR", "Criminal statute, to the subsection", True),
        Column("purpose", "VARCHAR", "PREP_PROCEEDING, INVESTIGATION or GRAND_JURY", True),
        Column("case_id", "VARCHAR", "The requester's matter", True),
        Column("case_opened_on", "DATE", "Day the matter was opened", True),
        Column("case_status", "VARCHAR", "OPEN or what else it is", True),
        Column("order_final_on", "DATE", "Day the order of removal became administratively final"),
        Column("court_final_on", "DATE", "Day of the court's final order, if judicial review was had"),
        Column("removal_ground", "VARCHAR", "The class of 8 U.S.C. 1227(a) behind the order"),
        Column("prong", "VARCHAR", "Subparagraph of 8 U.S.C. 1253(a)(1), A to D; paragraph of 1326(b), 1 to 4"),
        Column("removed_on", "DATE", "Day of the earlier denial, exclusion, removal or departure, for 8 U.S.C. 1326"),
        Column("reentered_on", "DATE", "Day of the re-entry, of the attempt, or of being found, for 8 U.S.C. 1326"),
        Column("bars", "VARCHAR[]", "Known bars: STAY, DEFERRED_ACTION, ORDER_VACATED, CONSENT_TO_REAPPLY"),
        Column("reason", "VARCHAR", "The specific reason why disclosure is or may be relevant", True),
        Column("recipients", "VARCHAR[]", "Ids of the officers personally and directly engaged", True),
        Column("elements", "VARCHAR[]", "What is asked for; only address_confirmation can be granted", True),
    ),
)

IDENTITY = REQUESTS.projected("identity", [column.name for column in REQUESTS.columns if column.identity])

REGISTRY = Table(
    "registry",
    ("taxpayer_id", "tax_year", "source_form", "role"),
    (
        Column("taxpayer_id", "VARCHAR", "The custodian's own grouping; it may join two people or split one", True),
        Column("tax_year", "INTEGER", "Tax year of the form", True),
        Column("source_form", "VARCHAR", "1040, W2 or 1099", True),
        Column("role", "VARCHAR", "primary, spouse or dependent", True),
        *_PERSON,
        _BIRTH,
        _TIN,
    ),
)

TRUTH = Table(
    "truth",
    ("request_id",),
    (
        Column("request_id", "VARCHAR", "The request", True),
        Column("taxpayer_id", "VARCHAR", "The person asked about, if in the registry", True),
        Column("confirmable", "BOOLEAN", "Whether the submitted address is of record in a stated year", True),
        Column("kind", "VARCHAR", "How the row was made", True),
    ),
)


def as_text(name: str, type_name: str) -> str:
    """SQL that reads column `name` of DuckDB type `type_name` as text, lists joined by `;`."""
    if type_name.endswith(_LIST):
        return f"array_to_string(\"{name}\", ';')"
    return f'CAST("{name}" AS VARCHAR)'


def present_text(expression: str) -> str:
    """SQL for the visible text of `expression`: invisible characters removed, spaces squeezed, blank is absent."""
    visible = f"regexp_replace(regexp_replace({expression}, '{_INVISIBLE}', '', 'g'), '{_SPACES}', ' ', 'g')"
    # Nearly every cell is plain already, and looking is much cheaper than replacing.
    plain = f"regexp_full_match({expression}, '[!-~]+( [!-~]+)*')"
    return f"CASE WHEN {plain} THEN {expression} ELSE nullif(trim({visible}), '') END"


def cell_sql(column: Column) -> str:
    """SQL that casts the text column of that name to the contract; absent if it cannot be read."""
    text = present_text(f'"{column.name}"')
    if column.is_list:
        return _list_sql(text, column.type.removesuffix(_LIST))
    if column.type == "VARCHAR":
        return text
    if column.type == "DATE":
        return f"CASE WHEN regexp_full_match({text}, '\\d{{4}}-\\d{{2}}-\\d{{2}}') THEN TRY_CAST({text} AS DATE) END"
    return f"TRY_CAST({text} AS {column.type})"


def _list_sql(text: str, item: str) -> str:
    words = f"list_filter(list_transform(string_split({text}, ';'), lambda w: trim(w)), lambda w: w <> '')"
    if item == "VARCHAR":
        return words
    cast = f"list_transform({words}, lambda w: TRY_CAST(w AS {item}))"
    return f"CASE WHEN list_position({cast}, NULL) IS NULL THEN {cast} END"


def casting_select(table: Table, present: Iterable[str], source: str) -> str:
    """A SELECT that turns the text columns of `source` into the contract of `table`.

    `present` names the columns the source has; the others come out NULL of their type. A column in `present` that the
    contract does not know is left behind.
    """
    there = set(present)
    cells = (
        f'{cell_sql(c)} AS "{c.name}"' if c.name in there else f'NULL::{c.type} AS "{c.name}"' for c in table.columns
    )
    return f"SELECT {', '.join(cells)} FROM {source}"


def unreadable_select(table: Table, present: Iterable[str], source: str, row: str) -> str:
    """A SELECT of (row, column name) for every cell of `source` that has text which its type cannot read.

    `row` is an SQL expression for the row's number.
    """
    there = set(present)
    selects = [
        f"SELECT {row} AS row_number, '{c.name}' AS column_name FROM {source} "
        f"WHERE {present_text(_quoted(c.name))} IS NOT NULL AND {cell_sql(c)} IS NULL"
        for c in table.columns
        if c.name in there and c.type != "VARCHAR" and c.type != "VARCHAR[]"
    ]
    return " UNION ALL ".join(selects) or "SELECT 0 AS row_number, '' AS column_name WHERE FALSE"


def _quoted(name: str) -> str:
    return f'"{name}"'
