"""Two runs side by side: what was newly confirmed or lost, by ids and reasons alone, and when that is refused."""

from __future__ import annotations

import json

import pytest

from comity.case.errors import BadInput, Refused
from comity.oversight.baseline import compare_runs, require_no_more_wrong


def row(request, determination="confirmed", reason="all_agree", **said):
    """A line of a record."""
    wrong = {"wrong_person": False, "wrong_address": False}
    return {"evidence": "names", "request_id": request, "determination": determination, "reason": reason} | wrong | said


@pytest.fixture
def compare(tmp_path):
    """Compare an earlier list of lines with a later one."""

    def compared(earlier, later):
        for name, rows in (("earlier", earlier), ("later", later)):
            (tmp_path / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
        return compare_runs(tmp_path, tmp_path / "earlier.json", tmp_path / "later.json")

    return compared


def test_newly_confirmed_and_lost_requests_are_named_with_their_reasons(compare):
    before = [row("A"), row("B", "unclear", "name_blank"), row("C", "unclear", "name_blank"), row("D")]
    now = [row("A"), row("B"), row("C"), row("D", "returned", "NAME_MISSING")]
    [change] = compare(before, now)
    assert [(m.before, m.now, m.requests) for m in change.confirmed] == [
        ("unclear, name_blank", "confirmed, all_agree", ("B", "C"))
    ]
    assert [(m.now, m.requests) for m in change.lost] == [("returned, NAME_MISSING", ("D",))]
    require_no_more_wrong([change])


def test_one_more_wrong_person_is_refused(compare):
    changes = compare([row("A"), row("B", wrong_person=True)], [row("A", wrong_person=True), row("B")])
    require_no_more_wrong(changes)
    [change] = compare([row("A"), row("B")], [row("A", wrong_person=True), row("B")])
    assert (change.newly_wrong, change.wrong_before, change.wrong_now) == (("A",), 0, 1)
    with pytest.raises(Refused, match="WRONG_PERSONS_ROSE"):
        require_no_more_wrong([change])


def test_a_record_of_other_requests_is_no_baseline(compare):
    with pytest.raises(BadInput, match="BASELINE_OF_OTHER_REQUESTS"):
        compare([row("A")], [row("A"), row("B")])
    with pytest.raises(BadInput, match="BASELINE_OF_OTHER_REQUESTS"):
        compare([row("A", evidence="date_of_birth")], [row("A")])


@pytest.mark.parametrize("text", ["", "[]", "Silverton, Ana", '[{"name": "Silverton"}]'])
def test_what_is_no_record_is_refused_without_being_shown(tmp_path, text):
    (tmp_path / "earlier.json").write_text(text, encoding="utf-8")
    (tmp_path / "later.json").write_text(json.dumps([row("A")]), encoding="utf-8")
    with pytest.raises(BadInput, match="BASELINE_UNREADABLE") as refused:
        compare_runs(tmp_path, tmp_path / "earlier.json", tmp_path / "later.json")
    assert "Silverton" not in str(refused.value)
    assert refused.value.__cause__ is refused.value.__context__ is None
