"""Groups that the truth carries: exact intervals, the gap between them, and nothing derived from a name."""

from __future__ import annotations

import math

import pytest

from comity.case.errors import BadInput
from comity.oversight import evaluate_each, trial
from comity.oversight.charts import groups_chart
from comity.oversight.groups import grouping, rate
from comity.oversight.intervals import beta_share, fisher, share_interval

# People of one street, forty in a group; those of the second group whose number divides by three moved away.
REGISTRY = "taxpayer_id,tax_year,source_form,role,given_name,family_name,street_line,city,state,zip\n"
REQUESTS = "request_id,given_name,family_name,street_line,city,state,zip,tax_years\n"
TRUTH = "request_id,taxpayer_id,confirmable,kind,origin\n"
GIVEN = ("Adela", "Boris", "Camille", "Desmond", "Edwina", "Felicia", "Gordon", "Hilda", "Isidor", "Jocelyn")


@pytest.fixture
def files(tmp_path):
    """The files of a set whose truth says an origin: 40 of the north, 40 of the south, 5 of the west, one untold."""
    registry, requests, truth = REGISTRY, REQUESTS, TRUTH
    for number in range(86):
        origin = "north" if number < 40 else "south" if number < 80 else "west" if number < 85 else ""
        name, home = f"{GIVEN[number % 10]},Silverton", f"{10 + number} Oak St,Millville,OH,44001"
        moved = origin == "south" and number % 3 == 0
        registry += f"T{number},2020,1040,primary,{name},{'9' if moved else ''}{home}\n"
        requests += f"R{number},{name},{home},2020\n"
        truth += f"R{number},T{number},true,same,{origin}\n"
    for name, text in (("registry", registry), ("requests", requests), ("truth", truth)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return [tmp_path / f"{name}.csv" for name in ("registry", "requests", "truth")]


def test_recall_is_shown_by_group_with_exact_intervals_and_the_gap_between_them(files):
    [made] = evaluate_each(*files, ["names"], groups=["origin"])
    [origin] = made.groups
    shown = {group.group: (group.requests, group.recall.count, group.recall.of) for group in origin.groups}
    assert shown == {"north": (40, 40, 40), "south": (40, 27, 40), "west": (5, 5, 5), "(not stated)": (1, 1, 1)}
    south = next(group for group in origin.groups if group.group == "south")
    assert (south.recall.share, south.recall.low, south.recall.high) == pytest.approx((0.675, 0.5087, 0.8143), abs=1e-4)
    assert (origin.gap.largest, origin.gap.smallest, origin.gap.within_chance) == ("north", "south", False)
    assert origin.gap.gap == pytest.approx(13 / 40)
    assert "Fisher's exact test" in origin.gap.says


def test_a_group_of_fewer_than_thirty_is_too_small_to_say():
    assert rate(5, 29).share is None
    assert rate(5, 30).share == pytest.approx(1 / 6)
    assert grouping("origin", [("north", 40, 40, 30, 0), ("west", 29, 29, 0, 0)]).gap is None


def test_a_small_difference_lies_within_chance():
    found = grouping("origin", [("north", 100, 100, 90, 0), ("south", 100, 100, 88, 0)])
    assert found.gap.within_chance
    assert "lies within chance" in found.gap.says


def test_the_p_of_the_widest_pair_pays_for_the_pairs_it_was_chosen_from():
    two = grouping("origin", [("a", 100, 100, 90, 0), ("b", 100, 100, 75, 0)])
    three = grouping("origin", [("a", 100, 100, 90, 0), ("b", 100, 100, 75, 0), ("c", 100, 100, 80, 0)])
    assert three.gap.p == pytest.approx(3 * two.gap.p)
    assert "times 3" in three.gap.says


def test_false_confirmations_are_counted_by_group(files):
    files[2].write_text(files[2].read_text("utf-8").replace("R0,T0,true", "R0,,false"), encoding="utf-8")
    [made] = evaluate_each(*files, ["names"], groups=["origin"])
    false = {group.group: group.false_confirmations.count for group in made.groups[0].groups}
    assert false == {"north": 1, "south": 0, "west": 0, "(not stated)": 0}


def test_a_group_that_the_truth_does_not_state_is_refused(files):
    with pytest.raises(BadInput, match="EVALUATION_GROUP_UNKNOWN"):
        evaluate_each(*files, ["names"], groups=["sex"])


@pytest.mark.parametrize("column", ["family_name", "zip", "taxpayer_id", "request_id"])
def test_what_identifies_a_person_is_no_group_even_where_the_truth_has_it(files, column):
    text = files[2].read_text("utf-8").replace("origin", column if column in ("family_name", "zip") else "origin")
    files[2].write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="EVALUATION_GROUP_NOT_ONE"):
        evaluate_each(*files, ["names"], groups=[column])


def test_a_group_is_said_even_if_requests_and_registry_have_a_column_of_that_name(files):
    for path in files[:2]:
        lines = path.read_text("utf-8").splitlines()
        path.write_text("\n".join([lines[0] + ",origin", *(f"{line},elsewhere" for line in lines[1:])]), "utf-8")
    [made] = evaluate_each(*files, ["names"], groups=["origin"])
    assert "elsewhere" not in {group.group for group in made.groups[0].groups}


def test_linkage_never_sees_the_group(files, monkeypatch):
    seen = []
    linked = trial.link_under

    def spied(home, *given):
        seen.extend(path.read_bytes() for path in home.rglob("*") if path.is_file())
        return linked(home, *given)

    monkeypatch.setattr(trial, "link_under", spied)
    evaluate_each(*files, ["names"], groups=["origin"])
    assert any(b"Silverton" in content for content in seen)
    assert not any(word in content for content in seen for word in (b"origin", b"north", b"south"))


def test_other_groups_give_the_same_determinations(files, tmp_path):
    evaluate_each(*files, ["names"], groups=["origin"], record=tmp_path / "one.json")
    swapped = files[2].read_text("utf-8").replace("north", "NORTH").replace("south", "north").replace("NORTH", "south")
    files[2].write_text(swapped, encoding="utf-8")
    evaluate_each(*files, ["names"], groups=["origin"], record=tmp_path / "other.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "other.json").read_bytes()


def test_the_chart_names_its_groups_and_leaves_out_the_small_ones(files):
    drawn = groups_chart(evaluate_each(*files, ["names"], groups=["origin"]))
    assert drawn.startswith("<svg")
    assert "north (40)" in drawn
    assert "west" not in drawn


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (1, 15704, 1.61e-6, 3.55e-4), (81, 263, 0.2527, 0.3676)],
)
def test_intervals_agree_with_published_ones(count, of, low, high):
    assert share_interval(count, of) == pytest.approx((low, high), rel=2e-3)


def test_the_beta_function_is_the_tail_of_the_binomial():
    for count in range(1, 12):
        tail = sum(math.comb(12, k) * 0.3**k * 0.7 ** (12 - k) for k in range(count, 13))
        assert beta_share(0.3, count, 12 - count + 1) == pytest.approx(tail, rel=1e-12)


def test_fishers_test_gives_the_lady_tasting_tea():
    assert fisher(3, 4, 1, 4) == pytest.approx(34 / 70)
    assert fisher(4, 4, 0, 4) == pytest.approx(2 / 70)
