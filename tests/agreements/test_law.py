"""The law beside the code: every value and rule rests on a clause, every quote on its passage, or nothing loads."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from comity.agreements import Agreement, load, load_folder, names
from comity.agreements.law import POLICY, REPORTED, VERBATIM
from comity.case.errors import BadInput, ComityError, Integrity, Refused

AGREEMENTS = [load(name) for name in names()]
ALLOWED = {"statute": {VERBATIM}, "agreement": {VERBATIM, REPORTED}, "court": {VERBATIM, REPORTED}, "policy": {POLICY}}
SNAPSHOT = "2023-04-20"


def bases(agreement: Agreement) -> list[tuple[str, str, str]]:
    found = [basis for gate in agreement.gates for basis in gate.basis]
    found += [value.basis for value in agreement.values]
    found += [order.basis for order in agreement.orders]
    return [(basis.level, basis.clause, basis.quote) for basis in found]


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=names())
def test_every_quote_stands_in_a_passage_that_can_bear_its_level(agreement: Agreement) -> None:
    for level, clause, quote in bases(agreement):
        passage = agreement.passage(clause)
        assert passage.mark in ALLOWED[level]
        assert " ".join(quote.split()) in " ".join(passage.text.split())
        assert quote or level == "policy"


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=names())
def test_every_clause_has_a_rule_a_value_or_a_named_officers_duty(agreement: Agreement) -> None:
    cited = {clause for _, clause, _ in bases(agreement)} | {code.basis.clause for code in agreement.office_codes}
    assert [p.clause for p in agreement.law if p.clause not in cited and not p.duty] == []


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=names())
def test_every_code_has_its_sentences_and_its_place_in_the_reply(agreement: Agreement) -> None:
    assert {"HOLD_ACTIVE", "NOT_SETTLED_IN_TIME"} <= set(agreement.codes)
    for code in agreement.codes:
        says, following = agreement.sentence(code)
        assert says.endswith(".")
        assert following.endswith(".")
        assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", code)


def test_verbatim_passages_are_the_code_of_one_day() -> None:
    for passage in load("irs_ice_2025").law:
        assert (passage.text_of == SNAPSHOT) == (passage.mark == VERBATIM)
        assert ("USC" in passage.clause) == (passage.mark == VERBATIM)


def test_the_shipped_terms_are_those_of_the_design() -> None:
    terms = load("irs_ice_2025").terms
    assert terms.address_of_record == ("1040", "W2", "1099")
    assert (terms.evidence, terms.namesake_years) == ("date_of_birth", "any")
    assert set(load("irs_ice_2025").coded["statute"]) == {
        *("8 USC 1253(a)(1)", "8 USC 1325(a)", "8 USC 1325(c)", "8 USC 1325(d)", "8 USC 1326(a)", "8 USC 1326(b)"),
        *("8 USC 1325(b)", "8 USC 1253", "8 USC 1253(a)", "8 USC 1325", "8 USC 1326"),
    }


def test_the_agreement_is_stopped_by_two_courts_from_the_start() -> None:
    orders = [(order.court, order.ordered_on, order.direction) for order in load("irs_ice_2025").orders]
    assert orders == [
        ("D.D.C.", date(2025, 11, 21), "disclose"),
        ("D. Mass.", date(2026, 2, 5), "disclose"),
        ("D. Mass.", date(2026, 2, 5), "use"),
    ]


def test_an_unknown_agreement_is_refused_by_name() -> None:
    for name in ("irs_ice_2024", "../irs_ice_2025", ""):
        with pytest.raises(BadInput, match="AGREEMENT_UNKNOWN"):
            load(name)


def test_the_digest_covers_every_file(folder: Path) -> None:
    before = load_folder(folder).digest
    digests = {before}
    for name in ("law.md", "terms.toml", "gates.toml", "cases.toml", "holds.toml"):
        (folder / name).write_text((folder / name).read_text("utf-8") + "\n", "utf-8")
        digests.add(load_folder(folder).digest)
    assert len(digests) == 6
    assert before == load("irs_ice_2025").digest


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("gates.toml", "within a period of 90 days", "within a period of 60 days", "quote is not in the passage"),
        ("gates.toml", 'clause = "8 USC 1253(a)(1)(A)"', 'clause = "8 USC 1253(a)(9)"', "not in law.md"),
        ("gates.toml", 'level = "court"', 'level = "statute"', "cites a passage marked reported"),
        ("gates.toml", 'level = "statute"', 'level = "policy"', "cites a passage marked verbatim"),
        ("gates.toml", 'level = "statute"', 'level = "custom"', "none of statute"),
        ("gates.toml", ', quote = "if the request is in writing"', "", "quotes nothing"),
        ("gates.toml", "basis   = [{", "grounds = [{", "is missing"),
        ("gates.toml", 'outcome = "return"', 'outcome = "waive"', "neither return nor review"),
        ("gates.toml", 'outcome = "return"', 'outcome = "return"\nunles = "TRUE"', "not a key that is known"),
        ("gates.toml", 'scope   = "request"', 'scope   = "person"', "neither request nor submission"),
        ("gates.toml", 'needs   = "office"', 'needs   = "nothing"', "other than the office"),
        ("gates.toml", 'says    = "There is no name', 'says    = " "\nnote = "There is no name', "not a key"),
        ("gates.toml", "from    = 2025-04-07", 'from    = "2025-04-07"', "not a day"),
        ("gates.toml", '  "SUBJECT_MINOR",\n', "", "list of the codes"),
        ("gates.toml", '  "SUBJECT_MINOR",\n', '  "SUBJECT_MINOR",\n  "OTHER",\n', "list of the codes"),
        ("gates.toml", 'prong = "PRONG_NOT_STATED"', 'prong = "PRONG_ABSENT"', "no gate's own code"),
        ("gates.toml", 'code    = "NAME_INSUFFICIENT"', 'code    = "NAME_MISSING"', "share id, code and day"),
        ("terms.toml", 'clause = "Policy 6, probing"', "", "clause is missing"),
        ("terms.toml", "[evidence]", "[evidence_demanded]", "is missing"),
        ("terms.toml", 'value = "date_of_birth"', 'value = "none"', "not one that this term can have"),
        ("terms.toml", "[in_force_from]", "colour = 1\n[in_force_from]", "not a key"),
        ("terms.toml", "value = 30\n", "value = true\n", "not one that this term can have"),
        ("terms.toml", "value = 30\n", "value = -1\n", "not one that this term can have"),
        ("terms.toml", '["(A)"]', '["(B)"]', "not one that this term can have"),
        ("terms.toml", '["(A)"]', '["--"]', "not one that this term can have"),
        ("terms.toml", "[in_force_from]", "[in_force_from", "no TOML"),
        ("law.md", "- Mark: policy", "- Mark: ours", "lacks its mark"),
        ("law.md", "- Text of: 2023-04-20\n", "", "does not say of which day"),
        ("law.md", "## 3. ", "## 4. ", "not numbered"),
        ("law.md", "## 2. 26 USC 6103(b)(6)", "## 2. 26 USC 6103(a)", "same clause"),
        ("law.md", "- Duty: Disclosure Approver", "- Note: Disclosure Approver", "neither a rule nor"),
        ("cases.toml", '[["G-39 SUBJECT_MINOR"]]', '[["G-39 SUBJECT"]]', "not a key"),
        ("cases.toml", 'gives = "SIGNATURE_INVALID"', 'gives = "NAME_MISSING"', "never says"),
        ("holds.toml", 'direction = "use"', 'direction = "none"', "neither disclose nor use"),
    ],
)
def test_a_folder_that_does_not_hold_together_does_not_load(spoilt, file: str, old: str, new: str, fault: str) -> None:
    with pytest.raises(Integrity, match="AGREEMENT_INVALID") as caught:
        spoilt(file, old, new)
    assert fault in str(caught.value)


def test_no_gates_is_no_agreement(folder: Path) -> None:
    (folder / "gates.toml").write_text("codes = []\ngate = []\n")
    with pytest.raises(Integrity, match="AGREEMENT_INVALID"):
        load_folder(folder)


def test_a_gate_without_a_case_does_not_load(folder: Path) -> None:
    text = (folder / "cases.toml").read_text("utf-8")
    (folder / "cases.toml").write_text(text[: text.index('[["G-39 SUBJECT_MINOR"]]')], "utf-8")
    with pytest.raises(Integrity, match="G-39 SUBJECT_MINOR is missing"):
        load_folder(folder)


@pytest.mark.parametrize("name", ["law.md", "holds.toml"])
def test_a_missing_or_a_further_file_does_not_load(folder: Path, name: str) -> None:
    (folder / name).rename(folder / f"old-{name}")
    with pytest.raises(Integrity, match="AGREEMENT_INVALID"):
        load_folder(folder)


def test_counsel_may_set_policy_values_and_the_digest_tells() -> None:
    shipped = load("irs_ice_2025")
    narrowed = shipped.with_terms({"address_of_record": ["1040"], "answer_days": 45})
    assert narrowed.terms.address_of_record == ("1040",)
    assert narrowed.terms.answer_days == 45
    assert shipped.terms.answer_days != 45
    assert narrowed.digest != shipped.digest
    assert narrowed.digest == shipped.with_terms({"answer_days": 45, "address_of_record": ["1040"]}).digest
    assert shipped.with_terms({}) is shipped


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"statutes": {"8 USC 1326": ["8 USC 1326"]}}, "TERM_NOT_POLICY"),
        ({"attestations": {"1": "Anything."}}, "TERM_NOT_POLICY"),
        ({"colour": 1}, "TERM_UNKNOWN"),
        ({"evidence": "none"}, "AGREEMENT_INVALID"),
        ({"asks_limit": True}, "AGREEMENT_INVALID"),
    ],
)
def test_counsel_may_not_set_what_the_law_says(settings: dict[str, object], code: str) -> None:
    with pytest.raises(ComityError) as caught:
        load("irs_ice_2025").with_terms(settings)
    assert caught.value.code == code


def test_what_the_law_says_is_refused_and_not_only_invalid() -> None:
    with pytest.raises(Refused):
        load("irs_ice_2025").with_terms({"purposes": {"ANY": ["any"]}})


def test_the_attestation_is_the_reported_wording_and_has_a_digest() -> None:
    agreement = load("irs_ice_2025")
    wording = agreement.attestation()
    assert (wording.version, len(wording.digest)) == ("1", 64)
    assert "only be used by officers and employees of ICE solely for" in wording.text
    assert agreement.attestation("1") == wording
    with pytest.raises(BadInput, match="ATTESTATION_UNKNOWN"):
        agreement.attestation("2")


def test_an_unknown_code_or_clause_is_refused() -> None:
    with pytest.raises(BadInput, match="CODE_UNKNOWN"):
        load("irs_ice_2025").sentence("FINE")
    with pytest.raises(BadInput, match="CLAUSE_UNKNOWN"):
        load("irs_ice_2025").passage("Magna Carta")
