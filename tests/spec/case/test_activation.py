"""With an agreement the court orders that it lists come into force, in a live home alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.case.activation import orders_in_force
from comity.case.errors import Refused
from comity.case.holds import Hold, Lift
from comity.case.homes import asks_nobody, require_people_fit
from comity.case.office_events import HoldPlaced, OfficeOpened
from comity.case.office_state import OfficeState

ORDER = HoldPlaced("agreed.one", "agreed", "disclose", "D. Example", "26-cv-1", "2026-02-01", "digest", "Stop.")
USE = replace(ORDER, hold="agreed.two", direction="use")
LIVE = OfficeState(version=1, opened=OfficeOpened("live", "office", "", "", "", "", ""))
HOLD = Hold("agreed.one", "agreed", "disclose", "D. Example", "26-cv-1", "2026-02-01", "digest", "Stop.", "c", "then")
LIFTED = replace(HOLD, lift=Lift(1, "D. Example", "o", "2026-03-01", "d", "a", "counsel", "then", "b", "later"))


def test_a_live_home_places_every_order_and_a_rehearsal_none() -> None:
    assert orders_in_force(LIVE, [ORDER, USE]) == [ORDER, USE]
    assert orders_in_force(OfficeState(), [ORDER, USE]) == []


@pytest.mark.parametrize("hold", [HOLD, LIFTED])
def test_an_order_that_was_placed_is_not_placed_again(hold: Hold) -> None:
    assert orders_in_force(replace(LIVE, holds={hold.hold: hold}), [ORDER, USE]) == [USE]


@pytest.mark.parametrize("change", [{"agreement": "another"}, {"docket": "26-cv-2"}, {"order_digest": "other"}])
def test_a_hold_of_that_id_that_is_another_order_is_in_the_way(change: dict[str, str]) -> None:
    other = replace(HOLD, **change)
    with pytest.raises(Refused, match="HOLD_ID_TAKEN"):
        orders_in_force(replace(LIVE, holds={other.hold: other}), [ORDER])


def test_two_orders_of_one_id_are_not_one_hold() -> None:
    with pytest.raises(Refused, match="HOLD_ID_TAKEN"):
        orders_in_force(LIVE, [ORDER, replace(USE, hold=ORDER.hold)])


@pytest.mark.parametrize("policy", ["quorum none\n", " quorum\tnone", "# x\nquorum  none"])
def test_a_policy_without_a_witness_is_known(policy: str) -> None:
    assert asks_nobody(policy)
    assert not asks_nobody("# quorum none\nwitness w key\nquorum w\n")


@pytest.mark.parametrize("kind", ["live", "", "something"])
def test_a_home_of_no_known_kind_takes_no_made_up_people(kind: str) -> None:
    with pytest.raises(Refused, match="SYNTHETIC_IN_LIVE_HOME"):
        require_people_fit(kind, synthetic=True, vouched_by="somebody")
