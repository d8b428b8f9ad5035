"""What changed between two versions is said entry by entry, with both texts."""

from __future__ import annotations

from pathlib import Path

from comity.agreements import differences, load, load_folder

SHIPPED = load("irs_ice_2025")


def said(folder: Path, file: str, old: str, new: str) -> list[str]:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return [change.sentence() for change in differences(SHIPPED, load_folder(folder))]


def test_nothing_changed_is_no_change(folder: Path) -> None:
    assert differences(SHIPPED, load_folder(folder)) == ()
    assert said(folder, "gates.toml", "# The person", "# Who is asked about") == []


def test_a_setting_is_a_value_that_changed() -> None:
    changes = differences(SHIPPED, SHIPPED.with_terms({"answer_days": 45}))
    assert [change.sentence() for change in changes] == ["The value answer_days changes in what it is: from 30 to 45"]


def test_a_passage_says_both_its_texts(folder: Path) -> None:
    sentences = said(
        folder, "law.md", "A request names the requester's matter", "A request numbers the requester's matter"
    )
    assert len(sentences) == 1
    assert sentences[0].startswith(
        "The passage Policy 16, an open matter changes in its text:\n    from  A request names"
    )
    assert "\n    to    A request numbers" in sentences[0]


def test_a_passage_that_bears_another_number_is_told(folder: Path) -> None:
    text = (folder / "law.md").read_text("utf-8")
    first, second = text.index("## 1. "), text.index("## 2. ")
    third = text.index("## 3. ")
    swapped = text[second:third].replace("## 2. ", "## 1. ", 1) + text[first:second].replace("## 1. ", "## 2. ", 1)
    (folder / "law.md").write_text(text[:first] + swapped + text[third:], "utf-8")
    sentences = [change.sentence() for change in differences(SHIPPED, load_folder(folder))]
    names = [passage.clause for passage in SHIPPED.law[:2]]
    assert sentences == [
        f"The passage {names[0]} changes in its number: from 1 to 2",
        f"The passage {names[1]} changes in its number: from 2 to 1",
    ]


def test_a_rule_says_which_part_of_it_changed(folder: Path) -> None:
    sentences = said(folder, "gates.toml", "+ INTERVAL 90 DAY", "+ INTERVAL 120 DAY")
    assert len(sentences) == 1
    assert "The gate G-30 NINETY_DAYS_NOT_RUN 2025-04-07 changes in what must hold:" in sentences[0]
    assert "INTERVAL 90 DAY\n" in sentences[0]
    assert sentences[0].endswith("INTERVAL 120 DAY")


def test_a_bound_a_duty_and_a_case_are_told(folder: Path) -> None:
    assert said(folder, "terms.toml", "least = 1\nmost = 1000\n", "least = 1\nmost = 10\n") == [
        "The value asks_limit changes in its bounds: from least 1, most 1000 to least 1, most 10"
    ]
    assert any("whose duty it is" in told for told in said(folder, "law.md", "- Duty: Counsel", "- Duty: Registrar"))
    assert "The case “one that does not, at all” of G-03 SIGNATURE_INVALID is new: SIGNATURE_INVALID" in said(
        folder, "cases.toml", 'what = "one that does not"', 'what = "one that does not, at all"'
    )


def test_new_and_dropped_entries_are_told_with_what_they_rest_on(folder: Path) -> None:
    rest = 'level = "policy"\nclause = "Policy 12, holds"\nsays = "Late."\nnext = "Wait."\n\n'
    new = f'[[office_code]]\ncode = "LATE"\n{rest}'
    rules = folder / "gates.toml"
    rules.write_text(rules.read_text("utf-8").replace('  "HOLD_ACTIVE",\n', '  "LATE",\n  "HOLD_ACTIVE",\n'), "utf-8")
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("[[office_code]]", f"{new}[[office_code]]", 1), "utf-8")
    there, back = differences(SHIPPED, load_folder(folder)), differences(load_folder(folder), SHIPPED)
    assert [(change.kind, change.what) for change in there] == [
        ("list of reply codes", "changed"),
        ("reply code", "new"),
    ]
    assert there[1].sentence() == "The reply code LATE is new: Late. (policy, Policy 12, holds)"
    assert back[1].sentence() == "The reply code LATE is dropped; it was: Late. (policy, Policy 12, holds)"
