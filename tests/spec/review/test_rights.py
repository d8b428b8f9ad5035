"""Who may do what, and who may not do it in the same batch."""

from __future__ import annotations

import pytest

from comity.case.batch_state import Involvement
from comity.case.errors import Refused
from comity.review.rights import ANYWHEN, RIGHTS, ROLES, matrix, require

NOBODY = Involvement()


def code(**act) -> str:
    with pytest.raises(Refused) as refused:
        require(**act)
    return refused.value.code


def test_an_approver_signs_what_is_ready_for_review():
    assert require("ann", {"approver"}, "sign", "review", NOBODY) == "approver"


@pytest.mark.parametrize("part", ["received", "examined", "operated", "voted", "screened", "transmitted", "lifted"])
def test_nobody_with_another_part_in_the_batch_signs_it(part):
    involved = Involvement(**{part: frozenset({"ann"})})
    assert code(officer="ann", roles={"approver"}, act="sign", state="review", involvement=involved) == "SOD_VIOLATION"


def test_who_signed_answers_that_were_made_anew_may_sign_again():
    signed = Involvement(signed=frozenset({"ann"}))
    assert require("ann", {"approver"}, "sign", "review", involvement=signed) == "approver"


@pytest.mark.parametrize("part", ["received", "examined", "operated", "screened", "signed", "lifted"])
def test_who_releases_is_neither_receiver_nor_examiner_nor_operator_nor_signer_and_lifted_no_hold(part):
    involved = Involvement(**{part: frozenset({"tom"})})
    assert code(officer="tom", roles={"transmitter"}, act="release", state="accounting", involvement=involved) == (
        "SOD_VIOLATION"
    )


def test_all_roles_in_one_hand_do_not_undo_the_separation():
    involved = Involvement(operated=frozenset({"max"}))
    assert code(officer="max", roles=set(ROLES), act="sign", state="review", involvement=involved) == "SOD_VIOLATION"


def test_a_batch_whose_involvement_is_not_known_is_signed_by_nobody():
    assert code(officer="ann", roles={"approver"}, act="sign", state="review") == "SOD_VIOLATION"


def test_an_examiner_sees_no_record_and_a_reviewer_no_narrative():
    assert code(officer="eve", roles={"examiner"}, act="read_records", state="review") == "RIGHT_MISSING"
    assert code(officer="rob", roles={"reviewer"}, act="read_requests", state="review") == "RIGHT_MISSING"


def test_an_auditor_writes_nothing_but_how_the_auditor_signs_in():
    assert {act for act, right in RIGHTS.items() if "auditor" in right.roles} == {
        "copy_answers",
        "copy_records",
        "copy_requests",
        "read",
        "read_audit",
        "read_requests",
        "read_records",
        "read_sign_ins",
        "read_answers",
        "replay",
        "set_up_sign_in",
    }


def test_a_role_is_not_granted_to_oneself():
    act = {"roles": {"registrar", "counsel"}, "state": "office"}
    assert code(officer="reg", act="propose_entry", grantee="reg", **act) == "SELF_GRANT"
    assert code(officer="reg", act="approve_entry", concerns="ann", grantee="reg", **act) == "SELF_GRANT"
    assert require("reg", {"registrar"}, "propose_entry", "office", grantee="ann") == "registrar"


def test_a_hold_is_confirmed_by_another_than_who_placed_it():
    act = {"roles": {"hold_officer"}, "act": "confirm_hold", "state": "office"}
    assert code(officer="hal", concerns="hal", **act) == "SOD_VIOLATION"
    assert code(officer="hal", **act) == "SOD_VIOLATION"
    assert require("lil", concerns="hal", **act) == "hold_officer"


def test_an_entry_of_a_register_is_approved_by_another_than_who_proposed_it():
    act = {"roles": {"registrar", "counsel"}, "act": "approve_entry", "state": "office"}
    assert code(officer="reg", concerns="reg", **act) == "SOD_VIOLATION"
    assert code(officer="reg", **act) == "SOD_VIOLATION"
    assert require("lil", concerns="reg", **act) == "counsel"
    assert (
        code(officer="reg", roles={"registrar"}, act="approve_entry", state="office", concerns="a") == "RIGHT_MISSING"
    )


@pytest.mark.parametrize("state", ANYWHEN)
def test_a_hold_can_be_placed_at_any_moment(state):
    assert require("rob", {"reviewer"}, "place_hold", state)


@pytest.mark.parametrize(
    ("roles", "act", "state", "expected"),
    [
        ({"approver"}, "sing", "review", "RIGHT_MISSING"),
        ({"aprover"}, "sign", "review", "RIGHT_MISSING"),
        (set(), "read", "office", "RIGHT_MISSING"),
        ({"approver"}, "sign", "gates", "NOT_IN_THIS_STATE"),
        ({"approver"}, "sign", "", "NOT_IN_THIS_STATE"),
        ({"transmitter"}, "collect", "disclosure", "NOT_IN_THIS_STATE"),
    ],
)
def test_an_unknown_act_role_or_state_has_no_right(roles, act, state, expected):
    assert code(officer="ann", roles=roles, act=act, state=state, involvement=NOBODY) == expected


def test_nobody_without_a_name_acts():
    assert code(officer="", roles={"approver"}, act="sign", state="review", involvement=NOBODY) == "RIGHT_MISSING"


def test_every_right_names_known_roles_states_and_parts():
    parts = set(Involvement.__dataclass_fields__)
    for right in RIGHTS.values():
        assert set(right.roles) <= set(ROLES)
        assert set(right.states) <= set(ANYWHEN)
        assert set(right.excludes) <= parts


def test_the_matrix_shows_every_right_once_by_role_and_once_by_state():
    printed = matrix()
    assert all(printed.count(f"| `{act}` |") == 2 for act in RIGHTS)
