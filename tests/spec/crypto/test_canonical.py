"""What is signed and logged has one form and one digest."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.crypto import CryptoError, canonical, digest

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)


def test_keys_are_sorted_and_nothing_is_padded():
    assert canonical({"b": [1, True, None], "a": "é\n"}) == '{"a":"é\\n","b":[1,true,null]}'.encode()


def test_keys_are_sorted_by_utf_16_as_rfc_8785_has_it():
    assert canonical({"\U0001f600": 1, "\ufb33": 2}) == '{"\U0001f600":1,"\ufb33":2}'.encode()


@settings(max_examples=50, deadline=None)
@given(json_values)
def test_the_form_reads_back_as_the_same_value_and_is_its_own_form(value):
    form = canonical(value)
    assert json.loads(form) == value
    assert canonical(json.loads(form)) == form


@pytest.mark.parametrize(
    "value", [{"CANARY": float("nan")}, 2**53, {"CANARY"}, "\ud800CANARY", {"\ud800": 1}, {1: "CANARY"}]
)
def test_what_has_no_canonical_form_is_refused_without_being_shown(value):
    with pytest.raises(CryptoError) as refusal:
        canonical(value)
    assert refusal.value.code == "NOT_CANONICAL"
    assert "CANARY" not in str(refusal.value)
    assert refusal.value.__context__ is None


def test_a_digest_is_the_one_of_the_standard():
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
