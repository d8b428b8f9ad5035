"""A new agreement begins as a folder that loads, passes its check, and teaches."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.agreements import begin, load_folder
from comity.agreements.loading import FILES
from comity.case.errors import Usage
from comity.oversight.checking import check_folder


def test_what_is_begun_loads_and_passes_its_check(tmp_path: Path) -> None:
    written = begin(tmp_path / "my_agreement")
    checked = check_folder(tmp_path / "my_agreement")
    assert checked.faults == ()
    assert [each.gate for each in checked.gates] == ["A-01 NO_OPEN_MATTER"]
    assert checked.gates[0].absences > 0
    assert [path.name for path in written] == list(FILES)


def test_it_is_called_as_its_folder_is_and_every_file_has_comments(tmp_path: Path) -> None:
    written = begin(tmp_path / "my_agreement")
    assert load_folder(tmp_path / "my_agreement").name == "my_agreement"
    for path in written:
        lines = path.read_text("utf-8").splitlines()
        assert lines[0].startswith("# ")
        assert "{name}" not in "".join(lines)


def test_an_empty_folder_that_is_there_will_do(tmp_path: Path) -> None:
    (tmp_path / "my_agreement").mkdir()
    assert begin(tmp_path / "my_agreement")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    begin(tmp_path / "my_agreement")
    with pytest.raises(Usage, match="FOLDER_NOT_EMPTY"):
        begin(tmp_path / "my_agreement")


@pytest.mark.parametrize("name", ["irs_ice_2025", "My", "2025", "a-b", "a" * 61, 'a"b'])
def test_a_name_that_no_agreement_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Usage, match="AGREEMENT_NAME_UNFIT"):
        begin(tmp_path / name)
