"""Decoys that happen to be real are left out: whoever the registry lists there, in any year and role, may be meant."""

from __future__ import annotations

import pytest

from comity.oversight.decoy_kinds import MOVED
from comity.oversight.decoys import try_decoys_of_set

COLUMNS = "given_name,middle_name,family_name,street_line,city,state,zip,tax_years,date_of_birth"
TOWN = "Millville,OH,44001"
ANA = f"Ana,Elena,Barlowe,100 Eastwood Ln,{TOWN}"
MARIA = f"Maria,Luisa,Dunmore,200 Eastwood Ln,{TOWN}"
RECORDS = (
    f"T1,2020,1040,primary,{ANA},1980-05-17",
    f"T2,2020,1040,primary,{MARIA},1975-03-02",
    *(f"T{3 + house},2020,1040,primary,Zoe,,Quist,{house} Eastlake Ln,{TOWN}," for house in (1, 3, 5)),
)
REQUESTS = (f"R1,{ANA},2020,1980-05-17", f"R2,{MARIA},2020,1975-03-02")
# The house next door is two or four numbers further on.
NEXT_DOOR = ("102 Eastwood Ln", "104 Eastwood Ln")


# Somebody who may be meant by the decoys of R1, by kind: first the very name, then others that it may be.
REAL = (
    (
        "T8,2019,1040,dependent,Ana,Luisa,Barlowe,100 Eastwood Ln",
        "T9,2019,1040,dependent,Ana Maria,,Barlowe,100 Eastwood Ln",
        *(f"T1,2019,W2,primary,Ana,Elena,Barlowe,{home}" for home in NEXT_DOOR),
        "T1,2019,W2,primary,Ana,Elena,Barlowe,100 Westwood Ln",
        "T1,2019,W2,primary,Ana,Elena,Barlowe,100 Eastlake Ln",
    ),
    (
        "T8,2019,1040,dependent,Ana,L.,Barlowe,100 Eastwood Lane Apt 2",
        "T9,2019,1040,dependent,Ana Maria,Teresa,Barlowe,100 Eastwood",
        *(f"T1,2019,W2,primary,Nita,,Castellane,{home}" for home in NEXT_DOOR),
        "T1,2019,W2,primary,Nita,,Castellane,100 Westwood Ln",
        "T1,2019,W2,primary,Nita,,Castellane,100 Eastlake Ln",
    ),
    (
        "T8,2019,1040,dependent,Ana,,Barlowe,100 Eastwood Ln",
        *(f"T9,2019,W2,spouse,Ana,E,Farnham,{home} Unit 3" for home in NEXT_DOOR),
        "T9,2019,W2,spouse,Ana,,Farnham,100 Westwood Ln",
        "T9,2019,W2,spouse,Ana,,Farnham,100 N Eastlake Ln",
    ),
)
NEW = ("twin", "shared_beginning", *MOVED)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """How many decoys of each new kind are made of two people, with further rows of the registry."""

    def count(*further):
        place = tmp_path_factory.mktemp("real")
        registry = "taxpayer_id,tax_year,source_form,role," + COLUMNS.replace("tax_years,", "")
        records = (*RECORDS, *(f"{row},{TOWN}," for row in further))
        (place / "registry.csv").write_text("\n".join((registry, *records)), encoding="utf-8")
        (place / "requests.csv").write_text("\n".join((f"request_id,{COLUMNS}", *REQUESTS)), encoding="utf-8")
        found = try_decoys_of_set(place / "registry.csv", place / "requests.csv", "names", seed=1)
        assert found.confirmed == len(REQUESTS)
        return {decoy.kind: decoy.made for decoy in found.kinds if decoy.kind in NEW}

    return count


def test_where_nobody_else_is_listed_every_kind_is_made(made):
    assert made() == dict.fromkeys(NEW, len(REQUESTS))


@pytest.mark.parametrize("further", REAL)
def test_what_is_real_is_no_decoy(made, further):
    assert made(*further) == dict.fromkeys(NEW, len(REQUESTS) - 1)


def test_a_street_of_one_home_may_be_another_misspelt(made):
    assert made("T9,2019,W2,spouse,Ana,,Farnham,100 Eastlode Ln")["near_street"] == len(REQUESTS)
