"""An update gives, row for row, the index that would be built from the merged sources."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from comity.case.errors import BadInput, Integrity, Usage
from comity.linkage import build_index, open_index
from comity.linkage.update import update_index

KEY = ("taxpayer_id", "tax_year", "source_form", "role")
TABLES = ("towns", "filings", "addresses", "spells", "known")

CELLS = {
    "taxpayer_id": st.sampled_from(["T1", "T2", "T3"]),
    "tax_year": st.sampled_from(["2019", "2020"]),
    "source_form": st.sampled_from(["1040", "W2"]),
    "role": st.sampled_from(["primary", "spouse"]),
    "given_name": st.sampled_from(["Ana", "ANA", "Anne", "Jose", ""]),
    "middle_name": st.sampled_from(["", "", "J"]),
    "family_name": st.sampled_from(["Silva", "silva", "Costa"]),
    "name_suffix": st.sampled_from(["", "", "Jr"]),
    "street_line": st.sampled_from(["12 Oak St", "12 Oak Street", "7 Elm Rd", "PO Box 12", ""]),
    "city": st.sampled_from(["Millville", "MILLVILLE", "Fairview", ""]),
    "state": st.just("OH"),
    "zip": st.sampled_from(["44001", "44001-1234", "44007", ""]),
    "date_of_birth": st.sampled_from(["", "1970-01-02", "1999-03-04"]),
    "tin": st.sampled_from(["", "900-11-0001", "900110002"]),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), max_size=8)
KEYS = st.lists(st.fixed_dictionaries({name: CELLS[name] for name in KEY}), max_size=2)
DELTAS = st.lists(st.tuples(ROWS, KEYS), min_size=1, max_size=2)
STAYS = dict.fromkeys(CELLS, "Stay") | {"tax_year": "2018", "source_form": "W2", "role": "primary", "zip": "44003"}
STAYING = STAYS | {"date_of_birth": "1980-01-01", "tin": "", "street_line": "9 Oak St"}


def written(path: Path, rows, columns=tuple(CELLS)) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def key_of(row):
    return tuple(row[name] for name in KEY)


def merged(rows, delta, withdrawn):
    gone = {key_of(row) for row in (*delta, *withdrawn)}
    return [row for row in rows if key_of(row) not in gone] + delta


def held(index):
    """Every row of every table, in the order of the file, and what the manifest counts."""
    with duckdb.connect(index.path, read_only=True) as con:
        tables = {table: con.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    return tables, (index.rows, index.spells, index.persons, index.addresses, index.unplaced, index.years, index.forms)


# Every example builds several indexes: a failing one is shown as it was found.
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(ROWS, DELTAS)
def test_updates_give_what_a_rebuild_from_the_merged_sources_gives(rows, deltas):
    with TemporaryDirectory() as folder:
        home, rows = Path(folder), [*rows, STAYING]
        index, place = build_index([written(home / "rows.csv", rows)], home / "0"), home / "0"
        for number, (delta, withdrawn) in enumerate(deltas, start=1):
            delta = [*delta, STAYING | {"taxpayer_id": "T1"}]
            new = [written(home / "new.csv", delta)]
            gone = [written(home / "gone.csv", withdrawn, KEY)]
            index, place = update_index(place, new, home / f"{number}", gone), home / f"{number}"
            rows = merged(rows, delta, withdrawn)
        assert held(open_index(place)) == held(index)
        assert held(index) == held(build_index([written(home / "merged.csv", rows)], home / "rebuilt"))


@pytest.fixture
def built(tmp_path):
    build_index([written(tmp_path / "rows.csv", [STAYING])], tmp_path / "before")
    return tmp_path / "before"


def test_the_index_that_was_updated_is_not_touched(built, tmp_path):
    before = held(open_index(built))
    later = STAYING | {"tax_year": "2019"}
    after = update_index(built, [written(tmp_path / "new.csv", [later])], tmp_path / "after")
    assert held(open_index(built)) == before
    assert (after.rows, after.spells, after.years) == (2, 1, (2018, 2019))


def test_an_update_with_nothing_is_refused(built, tmp_path):
    with pytest.raises(Usage, match="REGISTRY_NO_DELTA"):
        update_index(built, [], tmp_path / "after")


def test_a_registry_of_which_every_row_is_withdrawn_is_refused_and_nothing_is_left(built, tmp_path):
    gone = written(tmp_path / "gone.csv", [STAYING], KEY)
    with pytest.raises(BadInput, match="REGISTRY_EMPTY"):
        update_index(built, [], tmp_path / "after", [gone])
    assert not list(tmp_path.glob("*after*"))


@pytest.mark.parametrize("pattern", ["*.duckdb", "rows/**/*.parquet"])
def test_an_index_or_kept_row_that_was_changed_is_not_updated(built, tmp_path, pattern):
    [path] = built.glob(pattern)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(Integrity, match="REGISTRY_CHANGED"):
        update_index(built, [written(tmp_path / "new.csv", [STAYING])], tmp_path / "after")
