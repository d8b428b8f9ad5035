"""Whom a request is about, for an accounting: the person's own record, or the person's own name, and no third one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from comity.case.errors import Integrity
from comity.case.tables import IDENTITY
from comity.linkage.about import SUBJECT, About, about
from comity.linkage.spells import RECORD
from comity.workspace import workspace

ADA = {
    "given_name": "Ada", "family_name": "Quill", "date_of_birth": "1980-02-03", "street_line": "12 Larkspur Lane",
    "city": "Fairhollow", "state": "OH", "zip": "43999",
}  # fmt: skip
NUMBER = "900-11-2222"
REQUESTS = {column.name: column.type for column in IDENTITY.columns} | {
    "row_number": "INTEGER", "statute": "VARCHAR", "purpose": "VARCHAR"
}  # fmt: skip
CANDIDATES = {"row_number": "INTEGER", "person": "VARCHAR", "taxpayer_id": "VARCHAR"} | {
    f"record_{name}": "DATE" if name == "date_of_birth" else "VARCHAR" for name in RECORD
}
SUBJECTS = dict.fromkeys(SUBJECT, "VARCHAR") | {"row_number": "INTEGER", "date_of_birth": "DATE"}
VOTED = {"row_number": "INTEGER", "verdict": "VARCHAR", "person": "VARCHAR"}
FOUND = {"row_number": "INTEGER", "person": "VARCHAR"}
ANSWERED = {"row_number": "INTEGER", "answer": "VARCHAR", "recipients": "VARCHAR[]"}


def asked(**changed: Any) -> dict[str, Any]:
    """A request that names Ada at her address, changed."""
    return ADA | {"tax_years": [2023], "statute": "8 USC 1326", "purpose": "INVESTIGATION"} | changed


def record(person: str = "A", number: str = NUMBER, **changed: Any) -> dict[str, Any]:
    """A record of Ada's, or of somebody else where it is changed."""
    cells = {f"record_{name}": cell for name, cell in (ADA | changed).items()}
    return {"person": person, "taxpayer_id": number, **cells}


def found(
    place: Path,
    request: dict[str, Any],
    records: list[dict[str, Any]],
    *,
    person: str | None = "A",
    answer: str = "CONFIRMED",
    voted: str = "",
    given: list[dict[str, Any]] | None = None,
) -> list[About]:
    """What is about the person in `given` (Ada) of a batch of one request, answered about `person`, or as `voted`."""
    subjects = [{"salt": "s", "row_number": at, **row} for at, row in enumerate(given or [ADA], 1)]
    one = {"row_number": 1}
    with workspace(place) as ws:
        for name, columns, rows in (
            ("subject", SUBJECTS, subjects),
            ("requests", REQUESTS, [one | request]),
            ("candidates", CANDIDATES, [one | each for each in records]),
            ("determinations", FOUND, [one | {"person": person}]),
            ("verdicts", VOTED, [one | {"verdict": "same", "person": voted}] if voted else []),
            ("answers", ANSWERED, [one | {"answer": answer, "recipients": ["agent-1"]}]),
        ):
            fields = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            whole = [{column: row.get(column) for column in columns} for row in rows]
            ws.con.execute(
                f"CREATE TEMP TABLE {name} AS SELECT unnest(CAST(?::JSON AS STRUCT({fields})[]), recursive := true)",
                [json.dumps(whole)],
            )
        return about(ws)


def told(place: Path, *given: Any, **named: Any) -> list[tuple[bool, bool]]:
    """(named, disclosed) of every request that is about the person."""
    return [(one.named, one.disclosed) for one in found(place, *given, **named)]


def test_a_request_that_names_the_person_and_found_the_record_is_told_with_its_ground(tmp_path: Path) -> None:
    [one] = found(tmp_path, asked(), [record()])
    assert (one.named, one.disclosed, one.statute, one.tax_years) == (True, True, "8 USC 1326", (2023,))


def test_a_record_that_went_out_for_somebody_without_a_birth_date_is_told_without_the_ground(tmp_path: Path) -> None:
    """It may have been asked about a son of the same name: that he is investigated is not the mother's to read."""
    [one] = found(tmp_path, asked(date_of_birth=None), [record()])
    assert (one.named, one.disclosed) == (False, True)
    assert (one.statute, one.purpose) == ("", "")


def test_a_record_that_went_out_for_a_namesake_with_another_birth_date_is_told_without_the_ground(
    tmp_path: Path,
) -> None:
    [one] = found(tmp_path, asked(date_of_birth="2001-09-09"), [record()])
    assert (one.named, one.disclosed, one.statute) == (False, True, "")


@pytest.mark.parametrize(
    "changed",
    [
        {"date_of_birth": "2001-09-09"},
        {"street_line": "99 Other Road"},
        {"date_of_birth": None},
        {"given_name": "Ida"},
        {"name_suffix": "Jr"},
        {"tin": "900-99-9999", "street_line": "99 Other Road"},
    ],
)
def test_a_request_about_a_namesake_that_confirmed_nothing_is_not_told(tmp_path: Path, changed: dict[str, Any]) -> None:
    given = [ADA | {"name_suffix": "Sr"}] if "name_suffix" in changed else [ADA | {"tin": NUMBER}]
    assert told(tmp_path, asked(**changed), [], person=None, answer="NO_DISCLOSURE", given=given) == []


@pytest.mark.parametrize(
    ("of", "number"),
    [
        ({"given_name": "Tobias", "date_of_birth": "1979-11-02"}, NUMBER),  # a spouse on one return
        ({"date_of_birth": "2001-09-09"}, NUMBER),  # a child of the same name on one number
        ({"given_name": "Ida"}, "900-33-4444"),  # a twin at the same address
        ({"street_line": "99 Other Road"}, "900-33-4444"),  # a namesake born on the same day
        ({"middle_name": "Zoe"}, NUMBER),  # with another middle name than the person gave
    ],
)
def test_the_record_of_a_third_person_is_nobodys_to_be_told_about(
    tmp_path: Path, of: dict[str, Any], number: str
) -> None:
    # Where the number is another one, the person gave none, so that it is not the number alone that tells them apart.
    given = [ADA | {"middle_name": "May"} | ({"taxpayer_id": NUMBER} if number == NUMBER else {})]
    sent = asked(given_name="Tobias", date_of_birth="1979-11-02")
    assert told(tmp_path, sent, [record("B", number, **of)], person="B", given=given) == []


def test_a_yes_about_somebody_else_is_a_no_to_the_person_whom_the_request_named(tmp_path: Path) -> None:
    other = record("B", "900-33-4444", street_line="99 Other Road")
    assert told(tmp_path, asked(), [other], person="B") == [(True, False)]


def test_of_several_candidates_only_the_one_who_was_confirmed_counts(tmp_path: Path) -> None:
    other = record("B", "900-33-4444", date_of_birth="2001-09-09")
    sent = asked(date_of_birth=None)
    assert told(tmp_path, sent, [record(), other], person=None, voted="B") == []
    assert told(tmp_path, sent, [record(), other], person=None, voted="A") == [(False, True)]
    assert told(tmp_path, sent, [record(), other], person=None, answer="NO_DISCLOSURE") == []


def test_a_number_that_the_person_gave_and_the_record_has_not_excludes_it(tmp_path: Path) -> None:
    given = [ADA | {"taxpayer_id": "900-55-6666"}]
    assert told(tmp_path, asked(date_of_birth=None), [record()], given=given) == []


def test_a_record_without_a_birth_date_takes_number_and_address_both(tmp_path: Path) -> None:
    sent, numbered = asked(date_of_birth=None), [ADA | {"tin": NUMBER.replace("-", "")}]
    undated = record(date_of_birth=None)
    assert told(tmp_path, sent, [undated], given=numbered) == [(False, True)]
    assert told(tmp_path, sent, [undated]) == []
    elsewhere = record(date_of_birth=None, street_line="99 Other Road")
    assert told(tmp_path, sent, [elsewhere], given=numbered) == []


def test_a_record_at_an_address_that_the_person_did_not_give_is_found_by_the_number(tmp_path: Path) -> None:
    elsewhere = record(street_line="99 Other Road")
    sent = asked(street_line="99 Other Road")
    assert told(tmp_path, sent, [elsewhere], given=[ADA | {"taxpayer_id": NUMBER}]) == [(False, True)]
    assert told(tmp_path, sent, [elsewhere]) == []
    both = [ADA, ADA | {"street_line": "99 Other Rd"}]
    assert told(tmp_path, sent, [elsewhere], given=both) == [(True, True)]


def test_a_request_that_came_back_is_told_where_it_named_the_person(tmp_path: Path) -> None:
    assert told(tmp_path, asked(), [], person=None, answer="RETURNED") == [(True, False)]


def test_what_is_not_one_person_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Integrity, match="SUBJECT_UNFIT"):
        found(tmp_path, asked(), [], given=[ADA, ADA | {"date_of_birth": "1990-01-01"}])
