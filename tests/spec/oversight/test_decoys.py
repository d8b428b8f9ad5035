"""Decoys: requests about nobody, made from confirmed ones, whose confirmations are counted and never called a rate."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from comity.case.errors import BadInput
from comity.linkage import LinkageTerms, build_index, link
from comity.oversight import decoy_kinds, decoys
from comity.oversight.decoy_kinds import KINDS, MOVED
from comity.oversight.decoys import Tripwire, try_decoys, try_decoys_of_set
from comity.oversight.trial import receive
from comity.workspace import workspace

# Given names in families of near ones, as siblings and cousins bear them.
GIVEN = (
    "Maria",
    "Mario",
    "Marian",
    "Marina",
    "Martin",
    "Marvin",
    "Jon",
    "Joan",
    "John",
    "Jean",
    "Dean",
    "Dana",
    "Diana",
    "Dina",
    "Eric",
    "Erica",
    "Carol",
    "Carl",
    "Karl",
    "Karen",
    "Karin",
    "Alan",
    "Allen",
    "Ellen",
    "Helen",
    "Helena",
    "Jose",
    "Josef",
    "Joseph",
    "Julia",
    "Julian",
    "Juliana",
    "Ana",
    "Anna",
    "Anne",
    "Nina",
    "Nora",
    "Noah",
    "Lena",
    "Leon",
)
FAMILY = ("Abbotson", "Barlowe", "Castellane", "Dunmore", "Eastlake", "Farnham", "Goodspeed", "Hollister", "Ingleby")
# Second names with an initial of their own, but for two that begin alike and more.
MIDDLE = ("Ana", "B", "Celia", "D", "Elena", "F", "Luisa", "H", "Luz", "Paul", "Pierre", "M")
# Streets that are told apart by a few letters, by a letter that is a word, or by a compass word.
STREETS = (
    "Riverside Dr",
    "Riverview Dr",
    "Avenue M",
    "Avenue N",
    "Willow St",
    "Wilson St",
    "Eastwood Ln",
    "Westwood Ln",
    "N Oak St Unit 7",
    "Oak St Apt 4B",
)
PEOPLE = 360

# The most alarms that the shipped rule has made of the set below, by evidence and kind. Lower them when the rule gets
# stricter; a rule that needs them raised confirms people who were not asked about.
CEILINGS = {
    "names": {**dict.fromkeys(KINDS, 0), "near_given_name": 6},
    "third_identifier": {**dict.fromkeys(KINDS, 0), "near_given_name": 6},
    "date_of_birth": dict.fromkeys(KINDS, 0),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A registry of people with near names, and a true request about each; every other one carries a birth date."""
    registry = "taxpayer_id,tax_year,source_form,role,given_name,middle_name,family_name,street_line,city,state,zip,"
    registry += "date_of_birth\n"
    requests = "request_id,given_name,middle_name,family_name,street_line,city,state,zip,tax_years,date_of_birth\n"
    for number in range(PEOPLE):
        name = f"{GIVEN[number * 7 % len(GIVEN)]},{MIDDLE[number % len(MIDDLE)]},{FAMILY[number % len(FAMILY)]}"
        home = f"{100 + number} {STREETS[number % len(STREETS)]},Millville,OH,44001"
        born = f"{1950 + number % 50}-0{1 + number % 9}-1{number % 10}"
        registry += f"T{number},2020,1040,primary,{name},{home},{born}\n"
        requests += f"R{number},{name},{home},2020,{born if number % 2 else ''}\n"
    place = tmp_path_factory.mktemp("near")
    for kind, text in (("registry", registry), ("requests", requests)):
        (place / f"{kind}.csv").write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def tried(place):
    """The decoys of that set under an evidence, by a seed; registry and requests are read and determined once."""
    index = build_index([place / "registry.csv"], place / "index")
    asked, _ = receive(place, place / "requests.csv", date(2026, 1, 1))
    with workspace(place) as ws:
        ws.view("requests", asked)
        settled = ws.write("settled", "SELECT row_number, 'pass' AS ruling FROM requests", "row_number")

    @cache
    def determined(terms):
        return link(place, asked, settled, index, terms).determinations

    def found(evidence, seed=1):
        terms = LinkageTerms(evidence)
        return try_decoys(place, asked, determined(terms), index, terms, seed)

    return found


def _over(found: Tripwire) -> dict[str, int]:
    """The kinds that made more alarms than was ever seen of the shipped rule."""
    return {kind: count for kind, count in found.alarms().items() if count > CEILINGS[found.evidence][kind]}


@pytest.mark.parametrize("evidence", CEILINGS)
def test_no_more_alarms_than_recorded(tried, evidence, report_figures):
    found = tried(evidence)
    shown = ", ".join(f"{d.kind} {d.alarms} of {d.made}" for d in found.kinds)
    report_figures(f"decoys {evidence:16} {shown}, from {found.confirmed} confirmed")
    assert _over(found) == {}
    assert min(decoy.made for decoy in found.kinds) > found.confirmed // 3


@pytest.fixture
def grown_lax(monkeypatch):
    """Lets linkage determine by a SELECT from what it found: `determinations` and `candidates`."""
    strict = decoys.link

    def lax(sql):
        def linked(home, requests, settled, index, terms):
            found = strict(home, requests, settled, index, terms)
            with decoys.workspace(home) as ws:
                ws.view("determinations", found.determinations)
                ws.view("candidates", found.candidates)
                return type(found)(found.candidates, ws.write("determinations", sql, "row_number"))

        monkeypatch.setattr(decoys, "link", linked)

    return lax


def test_a_rule_grown_lax_trips_it(tried, grown_lax):
    grown_lax("SELECT * REPLACE (replace(determination, 'unclear', 'confirmed') AS determination) FROM determinations")
    assert set(_over(tried("names"))) == set(KINDS) - set(MOVED)


def test_a_rule_that_takes_any_address_trips_it(tried, grown_lax):
    grown_lax("""
SELECT d.* REPLACE (CASE WHEN c.person IS NULL THEN d.determination ELSE 'confirmed' END AS determination,
    coalesce(d.person, c.person) AS person)
FROM determinations AS d
LEFT JOIN (SELECT row_number, min(person) AS person FROM candidates GROUP BY row_number) AS c USING (row_number)
""")
    assert set(_over(tried("names"))) >= set(MOVED)


def test_a_home_written_anew_is_read_as_it_was(tried, monkeypatch):
    monkeypatch.setitem(decoy_kinds.MOVED, "next_door", "SELECT * FROM homes")
    monkeypatch.setattr(decoys, "leave_out_real", lambda ws, homes: None)
    found = tried("names")
    assert found.alarms()["next_door"] == found.confirmed


def test_the_same_seed_makes_the_same_decoys_and_another_seed_others(tried):
    first, again, other = (tried("names", seed) for seed in (3, 3, 4))
    assert first == again
    assert [d.kind for d in first.kinds] == list(KINDS)
    assert first != other


def test_the_sentence_beside_the_counts_claims_no_rate():
    assert "not an error rate" in decoys.SAYS


def test_without_a_confirmed_request_there_is_nothing_to_make_decoys_from(place, tmp_path):
    elsewhere = (place / "requests.csv").read_text("utf-8").replace("Millville,OH,44001", "Elmira,NY,14901")
    (tmp_path / "requests.csv").write_text(elsewhere, encoding="utf-8")
    with pytest.raises(BadInput, match="NOTHING_CONFIRMED"):
        try_decoys_of_set(place / "registry.csv", tmp_path / "requests.csv", "names", seed=1)
