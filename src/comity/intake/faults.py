"""The places of a table that cannot be read: each with a code, what the code means, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comity.case.errors import BadInput

NAMED_FAULTS = 10
LISTED_FAULTS = 100
# As many as anybody works through; more would fill the memory.
ALL_FAULTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be read: `line` of the file (Parquet: the row), `column`, `code`.

    The line is that of an editor: the first is 1, and a line break within a cell counts. The column is a name of the
    contract, for NIEM the path (RFC 6901) of the value, or empty when it is the line that is at fault; a name that is
    not the contract's is said by its place, as in `#3`.
    """

    line: int
    column: str
    code: str

    def __str__(self) -> str:
        return f"line {self.line}{f', {self.column}' if self.column else ''} ({self.code})"


@dataclass(frozen=True)
class Meaning:
    """What a code says of a place, and what can be done there."""

    code: str
    says: str
    next: str


MEANINGS = {
    meaning.code: meaning
    for meaning in (
        Meaning(
            "ENCODING_INVALID",
            "The line holds bytes that are no text in the encoding named, UTF-8 if none was.",
            "Name the encoding it was written in: --encoding utf-16 for a spreadsheet's Unicode text, "
            "--encoding windows-1252 for its older CSV.",
        ),
        Meaning(
            "CONTROL_CHARACTER",
            "The place holds a character that no text has, as files have that were read in another encoding.",
            "Name the encoding it was written in with --encoding, or take the character out.",
        ),
        Meaning(
            "ROW_WIDTH",
            "The row has more or fewer cells than the header line has names.",
            "Put a cell that holds the delimiter or a quote in quotes, and double the quotes in it.",
        ),
        Meaning(
            "CELL_UNREADABLE",
            "From this line on the cells cannot be told apart: a quote does not end, or a line is too long.",
            "Close the quote; within a quoted cell, write a quote twice.",
        ),
        Meaning("CELL_TOO_LONG", "The cell has more than 10,000 characters.", "Shorten it."),
        Meaning("LINE_BLANK", "The line is blank, where each is to hold an object.", "Take the line out."),
        Meaning(
            "LINE_TOO_LONG", "The line, or the object, has more than a million characters.", "Shorten what it holds."
        ),
        Meaning(
            "JSON_INVALID",
            "What stands here is no JSON object as RFC 8259 has it.",
            "Write one object, without comments, further commas, NaN or Infinity.",
        ),
        Meaning(
            "MEMBER_UNKNOWN",
            "The member's name is none of the contract at this place.",
            "Leave out what was not asked for; the reference of formats lists the names.",
        ),
        Meaning("MEMBER_REPEATED", "The member is given twice.", "Keep the one that is meant."),
        Meaning(
            "VALUE_TYPE",
            "The value is of another type than the contract has: texts and dates are strings, several values an array, "
            "years whole numbers.",
            "Write it so; an item of a list holds no semicolon.",
        ),
        Meaning(
            "VALUE_UNREADABLE",
            "The cell's text cannot be read as the type of its column.",
            "Write dates as 2023-06-30 and years as 2023; an item of a list holds no semicolon.",
        ),
        Meaning("REQUEST_ID_MISSING", "The request has no id.", "Give it one of its own."),
        Meaning("REQUEST_ID_FORM", "The id is not 1 to 26 of A-Z, 0-9 and hyphen.", "Write it so."),
        Meaning(
            "REQUEST_ID_IDENTIFIES",
            "The id has the shape of a number that names a person.",
            "Give the request an id that means nothing outside the submission.",
        ),
        Meaning("REQUEST_ID_REPEATED", "The id is another request's too.", "Give each request an id of its own."),
        Meaning(
            "NIEM_CONTEXT",
            "The document does not bind the prefixes nc, j and comity to the published namespaces.",
            "Write the @context as the reference of formats shows it, before the requests.",
        ),
    )
}


class UnreadableTable(BadInput):
    """A table some of whose lines cannot be read.

    `faults` are the first of them, `count` is how many there are; `listed_in` is the file that lists them all, if one
    was written.
    """

    def __init__(self, faults: Sequence[Fault], count: int) -> None:
        self.faults = tuple(faults)
        self.count = count
        self.listed_in = ""
        super().__init__(faults[0].code, self._named(), MEANINGS[faults[0].code].next)

    def listed(self, path: str, first: int) -> UnreadableTable:
        """The same refusal, which says that `path` lists every fault and names the `first` of them itself."""
        told = UnreadableTable(self.faults, self.count)
        told.faults, told.listed_in = self.faults[:first], path
        whole = "all" if self.count == len(self.faults) else f"the first {len(self.faults):,}"
        shown = "".join(f"\n  {fault}" for fault in told.faults)
        told.says = f"{self.count:,} place(s) of the requests cannot be read; {path} lists {whole}.{shown}"
        codes = {fault.code for fault in self.faults}
        told.next = self.next if len(codes) == 1 else f"Work through {path}; it says of each place what to do."
        return told

    def _named(self) -> str:
        named = "; ".join(str(fault) for fault in self.faults[:NAMED_FAULTS])
        more = f"; and {self.count - NAMED_FAULTS} more" if self.count > NAMED_FAULTS else ""
        return f"{self.count} place(s) of the requests cannot be read: {named}{more}."


class Found:
    """The faults found so far: all are counted, the first `listed` are kept."""

    def __init__(self, listed: int) -> None:
        self.listed = listed
        self.faults: list[Fault] = []
        self.count = 0

    def add(self, line: int, column: str, code: str) -> None:
        """One more."""
        self.count += 1
        if len(self.faults) < self.listed:
            self.faults.append(Fault(line, column, code))

    def require_none(self) -> None:
        """Raise UnreadableTable if there is any."""
        if self.count:
            raise UnreadableTable(self.faults, self.count)
