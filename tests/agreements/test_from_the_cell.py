"""From a cell of the requester's file to the code said: what intake takes out of a text, and what is left for gates."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from comity import gates
from comity.agreements import REQUEST, Agreement, names
from comity.case.errors import BadInput
from comity.case.tables import REQUESTS
from comity.intake.requests import load_requests, write_requests
from comity.workspace import workspace
from tests.agreements.demanding import SOURCES, readings
from tests.agreements.shipped import AGREEMENTS

Trick = Callable[[str], str]
LOOKALIKES = str.maketrans("AEOTaeoi", "АЕОТаеоі")
# Nothing that a reader of the cell could see: the cell says what it said.
UNSEEN: Mapping[str, Trick] = {
    "a zero-width space inside": lambda cell: f"{cell[:1]}\u200b{cell[1:]}",
    "right to left from here": lambda cell: f"\u202e{cell}",
    "a soft hyphen inside": lambda cell: f"{cell[:1]}\u00ad{cell[1:]}",
    "spaces of every kind around": lambda cell: f" \u00a0{cell}\u3000",
}
# Nothing at all: the cell is absent.
EMPTY: Mapping[str, Trick] = {
    "spaces": lambda cell: " \u00a0\u2003 ",
    "signs that cannot be seen": lambda cell: "\u200b\u202e\ufeff",
}
# Something else, in the end.
FIRST = gates.Earlier(bytes(gates.KEY_BYTES))
OTHER: Mapping[str, Trick] = {
    "a number": lambda cell: "12",
    "letters of another script": lambda cell: cell.translate(LOOKALIKES),
    "full-width signs": lambda cell: "".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in cell),
}
# What is said of the cells that say something else, or nothing; of a pair that is not here, nothing is.
SAID: Mapping[str, Mapping[tuple[str, str], set[str]]] = {
    "irs_ice_2025": {
        ("given_name", "a number"): {"NAME_INSUFFICIENT"},
        # What is left is a single name, and the same for both.
        ("family_name", "nothing"): {"PROBING_SUSPECTED"},
        ("family_name", "a number"): {"NAME_INSUFFICIENT", "PROBING_SUSPECTED"},
        ("street_line", "nothing"): {"ADDRESS_INCOMPLETE"},
        ("street_line", "a number"): {"ADDRESS_ZIP_ONLY", "IDENTIFIER_CANNOT_SUBSTITUTE"},
        ("bars", "a number"): {"ORDER_NOT_FINAL_OR_STAYED"},
        ("case_id", "nothing"): {"NO_OPEN_MATTER"},
        ("case_id", "full-width signs"): {"NO_OPEN_MATTER"},
        ("reason", "nothing"): {"REASON_MISSING"},
        ("reason", "a number"): {"REASON_MISSING"},
        ("reason", "full-width signs"): {"REASON_MISSING"},
        **{
            (column, trick): {absent if trick == "nothing" else other}
            for column, absent, other in (
                ("statute", "STATUTE_MISSING", "STATUTE_NOT_DESIGNATED"),
                ("purpose", "PURPOSE_MISSING", "PURPOSE_NOT_CRIMINAL"),
                ("case_status", "NO_OPEN_MATTER", "NO_OPEN_MATTER"),
                ("removal_ground", "REMOVAL_GROUND_MISSING", "STATUTE_ELEMENT_NOT_MET"),
                ("prong", "PRONG_NOT_STATED", "PRONG_NOT_STATED"),
                ("elements", "ELEMENT_MISSING", "ELEMENT_OUT_OF_SCOPE"),
            )
            for trick in ("nothing", "a number", "letters of another script", "full-width signs")
        },
    }
}
UNREADABLE = [
    (c.name, cell) for c in REQUESTS.columns if not c.type.startswith("VARCHAR") for cell in ("soon", "1\u0662")
]


def columns(agreement: Agreement) -> list[str]:
    """The text columns of a request that any gate reads, as such or in what is derived of them."""
    read = {
        source
        for gate in agreement.gates
        if gate.scope == REQUEST
        for reading in readings(agreement, gate)
        for source in SOURCES.get(reading.column, (reading.column,))
    }
    return [
        c.name for c in REQUESTS.columns if c.name in read and c.type.startswith("VARCHAR") and c.name != "recipients"
    ]


def cells(agreement: Agreement, number: int) -> dict[str, str]:
    """The lawful request as the cells of a file, about a person and for a reason of its own."""
    letters = "".join(chr(97 + int(digit)) for digit in f"{number:03d}")
    whole = {name: agreement.lawful.get(name, "") for name in REQUESTS.names()}
    whole |= {
        "request_id": f"A-{number}",
        "family_name": f"Del{letters}",
        "street_line": f"{100 + number} North Street",
        "case_id": f"M-{number}",
    }
    whole |= {"reason": f"The address of the witness {letters} is wanted"}
    return {name: ";".join(map(str, v)) if isinstance(v, list) else str(v) for name, v in whole.items()}


def codes(directory: Path, agreement: Agreement, rows: list[dict[str, str]]) -> list[set[str]]:
    """The codes said of each row of a file, the whole way from its cells."""
    file = directory / "requests.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, REQUESTS.names())
        writer.writeheader()
        writer.writerows(rows)
    with workspace(directory, reads=[file]) as ws:
        requests = write_requests(ws, load_requests(ws, file), agreement.lawful["received_on"])
        listed = "SELECT 'R-1' AS recipient, 'ICE' AS agency, 'Agent' AS role, '1' AS certificate"
        recipients = ws.write("recipients", listed, "recipient")
    facts = {name: agreement.lawful[name] for name in gates.FACTS}
    ruled = gates.rule(directory, requests, recipients, agreement, facts, [("R-1", "ICE", "1", "Agent", True)], FIRST)
    with workspace(directory) as ws:
        ws.view("rulings", ruled.rulings)
        said = dict(ws.rows("SELECT row_number, list(DISTINCT code) FROM rulings GROUP BY row_number"))
    return [set(said.get(number, ())) for number in range(1, len(rows) + 1)]


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=names())
def test_a_text_is_what_its_reader_sees(tmp_path: Path, agreement: Agreement) -> None:
    tricks = {"": lambda cell: cell, "nothing": lambda cell: "", **UNSEEN, **EMPTY, **OTHER}
    tried = [(column, name) for column in columns(agreement) for name in tricks]
    rows = [cells(agreement, number) for number in range(1, len(tried) + 1)]
    for row, (column, name) in zip(rows, tried, strict=True):
        row[column] = tricks[name](row[column])
    said = dict(zip(tried, codes(tmp_path, agreement, rows), strict=True))
    assert {at: codes for at, codes in said.items() if at[1] in UNSEEN and codes != said[at[0], ""]} == {}
    assert {at: codes for at, codes in said.items() if at[1] in EMPTY and codes != said[at[0], "nothing"]} == {}
    assert {at: codes for at, codes in said.items() if at[1] in ("", "nothing", *OTHER) and codes} == SAID[
        agreement.name
    ]


@pytest.mark.parametrize(("column", "cell"), UNREADABLE)
def test_a_day_or_a_number_that_cannot_be_read_reaches_no_gate(tmp_path: Path, column: str, cell: str) -> None:
    with pytest.raises(BadInput, match="VALUE_UNREADABLE"):
        codes(tmp_path, AGREEMENTS[0], [cells(AGREEMENTS[0], 1) | {column: cell}])
