"""`agreement check` finds every fault it can, and says where it is and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.agreements import find, load, names
from comity.agreements.loading import FOLDERS
from comity.oversight.checking import Checked, check_folder


def spoil(folder: Path, *changes: tuple[str, str, str]) -> Checked:
    for file, old, new in changes:
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return check_folder(folder)


@pytest.mark.parametrize("name", names())
def test_a_shipped_agreement_is_checked_gate_by_gate(name: str) -> None:
    checked = check_folder(FOLDERS / name)
    assert checked.faults == ()
    assert [each.gate for each in checked.gates] == [gate.name for gate in load(name).gates]
    assert sum(each.cases for each in checked.gates) == len(load(name).cases)
    assert all(each.cases >= 2 for each in checked.gates)


def test_faults_in_several_entries_and_files_are_found_at_once(folder: Path) -> None:
    checked = spoil(
        folder,
        ("terms.toml", "value = 30\n", "value = -1\n"),
        ("terms.toml", 'clause = "Policy 6, probing"', 'clause = "Policy 66"'),
        ("gates.toml", 'outcome = "return"', 'outcome = "waive"'),
        ("holds.toml", 'direction = "use"', 'direction = "none"'),
    )
    assert checked.agreement is None
    assert [(fault.file, fault.entry) for fault in checked.faults] == [
        ("terms.toml", "answer_days"),
        ("terms.toml", "asks_limit"),
        ("gates.toml", "G-02 WRONG_ROUTE"),
        ("holds.toml", "dmass-2026-02-05-use"),
    ]
    assert all(fault.mend.endswith(".") for fault in checked.faults)


def test_every_passage_that_cannot_be_read_is_named(folder: Path) -> None:
    checked = spoil(folder, ("law.md", "- Mark: policy", "- Mark: ours"), ("law.md", "- Mark: policy", "- Mark: his"))
    assert len(checked.faults) == 2
    assert all(fault.fault.endswith("lacks its mark, its source or its text") for fault in checked.faults)


def test_every_rule_that_does_not_compile_is_named(folder: Path) -> None:
    checked = spoil(
        folder,
        ("gates.toml", "\"a_class <> 'missing'\"", "\"a_clas <> 'missing'\""),
        ("gates.toml", '"length(purpose) > 0"', '"purpose > 0"'),
    )
    assert [fault.entry for fault in checked.faults] == ["G-21 ADDRESS_MISSING", "G-33 PURPOSE_MISSING"]
    assert checked.gates == ()


def test_a_case_that_gives_something_else_is_a_fault(folder: Path) -> None:
    checked = spoil(folder, ("gates.toml", "+ INTERVAL 90 DAY", "+ INTERVAL 89 DAY"))
    assert {fault.place for fault in checked.faults} == {"cases.toml, G-30 NINETY_DAYS_NOT_RUN"}
    assert all("gives pass, not NINETY_DAYS_NOT_RUN" in fault.fault for fault in checked.faults)


def test_a_case_that_cannot_be_tried_is_a_fault(folder: Path) -> None:
    checked = spoil(
        folder,
        ("cases.toml", "given = { reason_uses = 26 }", 'given = { reason_uses = "no" }'),
        ("cases.toml", 'absent = ["signature_verified"]', 'absent = ["signature"]'),
    )
    assert [fault.fault for fault in checked.faults] == [
        "a case gives a column that is not known",
        "a case gives reason_uses a value of another type",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("terms.toml", "[agreement]", "[[agreement]]"),
        ("terms.toml", 'level = "agreement"', 'level = ["agreement"]'),
        ("terms.toml", 'clause = "Agreement, day and parties"', "clause = 1"),
        ("terms.toml", 'says = "Days from receipt to the answer."', "says = 1"),
        ("gates.toml", "codes = [", "codes = 1\nformer = ["),
        ("gates.toml", 'sufficiency = ["G-20",', 'sufficiency = [["G-20"],'),
        ("gates.toml", "basis   = [{", "basis   = [1, {"),
        ("gates.toml", 'absent  = { n_class = "NAME_MISSING" }', 'absent  = "NAME_MISSING"'),
        ("gates.toml", 'may_be_absent = ["tin", "date_of_birth"]', "may_be_absent = 1"),
        ("gates.toml", 'clause = "26 USC 6103(i)(2)(B)", quote', "clause = {}, quote"),
        ("gates.toml", 'applies = "tin', 'applies = 1\nnote = "tin'),
        ("cases.toml", "[lawful]", "[lawless]"),
        ("cases.toml", "received_on = 2026-01-05", ""),
        ("cases.toml", "given = { signature_verified = false }", "given = 1"),
        ("cases.toml", 'gives = "SIGNATURE_INVALID"', "gives = []"),
        ("holds.toml", "[[order]]", "[order]"),
        ("holds.toml", 'id        = "ddc-2025-11-21"', "id        = 1"),
    ],
)
def test_what_is_of_another_type_is_a_fault_and_no_failure(folder: Path, file: str, old: str, new: str) -> None:
    checked = spoil(folder, (file, old, new))
    assert checked.faults


def test_what_an_agreement_is_found_by_is_what_is_checked(folder: Path) -> None:
    checked = check_folder(folder)
    assert checked.agreement is not None
    assert checked.agreement.digest == find(str(folder)).digest
