"""The registry commands: what is listed, shown, verified and brought up to date."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.spec.cli.terminal import Terminal
from tests.world import World

VOUCHED = ("--synthetic", "--vouched-by", "the tests")
LATER = {
    "taxpayer_id": "NEW-1", "tax_year": "2024", "source_form": "1040", "role": "primary", "given_name": "Ana",
    "family_name": "Silva", "street_line": "12 Oak St", "city": "Millville", "state": "OH", "zip": "44001",
}  # fmt: skip


@pytest.fixture
def office(prepared: World, at: Callable[[World], Terminal]) -> Terminal:
    """An office with a registry, which the test may change."""
    return at(prepared)


def later(office: Terminal) -> Path:
    path = office.world.place / "later.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, LATER)
        writer.writeheader()
        writer.writerow(LATER)
    return path


def test_what_the_index_in_force_holds_is_shown(office: Terminal) -> None:
    shown = office.done("registry", "show")
    [listed] = [row for row in office.done("registry", "list")["rows"] if row["in_force"]]
    assert listed == {name: shown[name] for name in listed}
    assert 0 < shown["persons"] <= shown["spells"] <= shown["rows"]
    assert shown["without_usable_address"] == 0
    assert shown["years"]
    told = office.office("registry", "show", shown["digest"][:12]).stdout
    assert f"{shown['rows']:,}" in told


def test_an_update_is_in_force_and_the_index_before_it_stays(office: Terminal) -> None:
    before = office.done("registry", "show")
    made = office.done("registry", "update", later(office), *VOUCHED, officer="operator")
    after = office.done("registry", "show")
    assert (after["digest"], after["rows"]) == (made["digest"], before["rows"] + 1)
    assert 2024 in after["years"]
    rows = office.done("registry", "list")["rows"]
    assert [row["digest"] for row in rows if row["in_force"]] == [made["digest"]]
    assert before["digest"] in {row["digest"] for row in rows}


def test_an_update_that_nobody_vouches_for_changes_nothing(office: Terminal) -> None:
    refused = office.refused("registry", "update", later(office), officer="operator")
    assert refused == (3, "NOT_VOUCHED_SYNTHETIC")


def test_a_flipped_bit_is_found_by_verification(office: Terminal) -> None:
    shown = office.done("registry", "verify")
    path = office.home / "registry" / shown["digest"] / "registry.duckdb"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    result = office.office("registry", "verify", "--json")
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert (result.exit_code, json.loads(result.stdout)["error"]["code"]) == (6, "REGISTRY_CHANGED")
    assert office.office("registry", "verify").exit_code == 0


def test_sources_that_are_not_named_or_half_named_are_refused(office: Terminal) -> None:
    assert office.refused("registry", "build", *VOUCHED, officer="operator") == (2, "SOURCE_NEEDED")
    half = office.refused("registry", "build", "--table", "records", *VOUCHED, officer="operator")
    assert half == (2, "DATABASE_HALF_NAMED")


def test_a_digest_that_no_index_has_is_said_so(office: Terminal) -> None:
    assert office.refused("registry", "show", "0123") == (5, "REGISTRY_UNKNOWN")
