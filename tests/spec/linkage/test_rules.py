"""The rule in sentences: each case a drawn registry and request, and what linkage makes of it."""

from __future__ import annotations

from functools import cache

import pytest

from comity.case.tables import REGISTRY
from comity.linkage import REASONS, LinkageTerms, build_index, link

from .address_cases import ADDRESS_CASES
from .drawing import Town, as_artefacts, rows_of, write_csv
from .name_cases import NAME_CASES
from .person_cases import EVIDENCE_CASES, POOLING_CASES, UNIQUENESS_CASES

CASES = [*NAME_CASES, *ADDRESS_CASES, *EVIDENCE_CASES, *UNIQUENESS_CASES, *POOLING_CASES]


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    """All cases in one registry and one batch: (determinations by request, candidates), for the terms asked for."""
    home = tmp_path_factory.mktemp("rules")
    towns = [(Town(number), case) for number, case in enumerate(CASES)]
    records = [row for town, case in towns for row in town.registry(case.registry)]
    requests = [row for town, case in towns for row in town.requests(case.request)]
    index = build_index([write_csv(home / "registry.csv", records, REGISTRY.names())], home / "index")
    asked, settled = as_artefacts(home, requests)

    @cache
    def under(terms):
        made = link(home, asked, settled, index, terms)
        return {row["request_id"]: row for row in rows_of(made.determinations)}, rows_of(made.candidates)

    return under


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_rule(case, linked):
    determinations, _ = linked(LinkageTerms(evidence=case.evidence, namesake_years=case.namesake_years))
    made = determinations[f"R1-{CASES.index(case):03}"]
    assert (made["determination"], made["reason"]) == case.becomes


def test_only_confirmed_and_unclear_name_a_person(linked):
    determinations, _ = linked(LinkageTerms(evidence="names"))
    for row in determinations.values():
        named = row["determination"] in ("confirmed", "unclear")
        assert (row["person"] is not None, row["taxpayer_id"] is not None) == (named, named)


def test_every_named_person_is_among_the_candidates_of_the_request(linked):
    determinations, candidates = linked(LinkageTerms(evidence="names"))
    shown = {(row["request_id"], row["person"]) for row in candidates}
    assert {(key, row["person"]) for key, row in determinations.items() if row["person"]} <= shown


def test_every_reason_is_in_the_one_list(linked):
    determinations, candidates = linked(LinkageTerms(evidence="names"))
    said = {row["reason"] for row in determinations.values()} | {word for row in candidates for word in row["reasons"]}
    assert said <= REASONS.keys()
    assert all(REASONS[row["reason"]].level == row["determination"] for row in determinations.values())


def test_the_sentences_are_all_different():
    assert len({case.says for case in CASES}) == len(CASES)
