"""Commands about agreements: check, compare, begin, and lay out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docs.source import ROOT
from tests.spec.cli.terminal import error_of, typed

EXAMPLE = ROOT / "examples" / "benefit_match"


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """The folder of an agreement that was just begun."""
    assert typed("agreement", "new", tmp_path / "mine").exit_code == 0
    return tmp_path / "mine"


def test_what_was_begun_is_checked_and_shown_by_its_folder(begun: Path) -> None:
    checked = typed("agreement", "check", begun)
    assert checked.exit_code == 0
    assert "A-01 NO_OPEN_MATTER" in checked.stdout
    assert "holds together" in checked.stdout
    assert "A title for mine" in typed("agreement", "show", begun).stdout
    said = json.loads(typed("agreement", "check", begun, "--json").stdout)
    assert (said["faults"], [gate["gate"] for gate in said["gates"]]) == ([], ["A-01 NO_OPEN_MATTER"])


def test_a_fault_is_told_with_its_place_and_ends_with_six(begun: Path) -> None:
    terms = begun / "terms.toml"
    terms.write_text(terms.read_text("utf-8").replace("value = 14", "value = 1400"), "utf-8")
    checked = typed("agreement", "check", begun)
    assert checked.exit_code == 6
    assert "terms.toml, answer_days: the value is not one that this term can have" in checked.stdout
    assert "has 1 fault: nothing runs under it" in checked.stdout
    said = json.loads(typed("agreement", "check", begun, "--json").stdout)
    assert [(fault["file"], fault["entry"]) for fault in said["faults"]] == [("terms.toml", "answer_days")]
    assert said["faults"][0]["next"]


def test_a_folder_that_lacks_a_file_is_a_fault_as_well(begun: Path) -> None:
    (begun / "holds.toml").unlink()
    assert typed("agreement", "check", begun).exit_code == 6
    assert error_of(typed("agreement", "check", begun / "nowhere", "--json"))["code"] == "AGREEMENT_UNKNOWN"


def test_versions_are_compared_in_words_and_as_an_object(begun: Path) -> None:
    assert "the digests are the same" in typed("agreement", "diff", begun, begun).stdout
    changed = "The value answer_days changes in what it is: from 14 to 21"
    assert typed("agreement", "diff", begun, "--set", "answer_days=21").stdout.strip() == changed
    (change,) = json.loads(typed("agreement", "diff", begun, "--set", "answer_days=21", "--json").stdout)["changes"]
    assert (change["kind"], change["name"], change["old"], change["new"]) == ("value", "answer_days", "14", "21")
    rules = begun / "gates.toml"
    before = typed("agreement", "diff", EXAMPLE, begun).stdout
    assert "The gate A-01 NO_OPEN_MATTER 2026-01-01 is new:" in before
    rules.write_text(rules.read_text("utf-8") + "# A remark.\n", "utf-8")
    assert typed("agreement", "diff", EXAMPLE, begun).stdout == before


def test_a_remark_changes_the_digest_and_no_word_that_binds(begun: Path, tmp_path: Path) -> None:
    typed("agreement", "new", tmp_path / "copy" / "mine")
    with (begun / "gates.toml").open("a", encoding="utf-8") as file:
        file.write("# A remark.\n")
    assert "No word that binds changed" in typed("agreement", "diff", tmp_path / "copy" / "mine", begun).stdout


def test_an_agreement_is_laid_out_as_a_page_in_a_file(tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert typed("agreement", "show", EXAMPLE, "--format", "html", "--out", out).exit_code == 0
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert typed("agreement", "show", EXAMPLE, "--format", "html").stdout == out.read_text("utf-8")
    assert typed("agreement", "show", "--format", "paper").exit_code == 2
