"""P3, P4: a permit or a receipt that was forged, in every way Python offers, discloses nothing."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from comity.accounting import Receipt
from comity.accounting.leaf import StageLeaf
from comity.case.errors import ComityError
from comity.review import Countersignature, Permit, Statement, ToRelease

from ..spec.disclosure.released import People, Release


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Release:
    return Release(tmp_path_factory.mktemp("forged") / "batch", People())


@pytest.fixture
def refused(release):
    """Sealing with forged evidence is refused, and not one file is written."""

    def check(**forged) -> str:
        with pytest.raises(ComityError) as error:
            release.seal(**forged)
        assert not (release.directory / "replies").exists()
        return error.value.code

    return check


def blank(kind, **fields):
    """An instance that no constructor made."""
    made = object.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


def test_a_permit_that_nobody_made_is_refused(refused, release):
    assert refused(permit=blank(Permit)) == "PERMIT_FORGED"
    assert refused(permit=blank(Permit, release=release.release)) == "PERMIT_FORGED"
    assert refused(permit=blank(Permit, release=release.release, countersignatures=())) == "SIGNATURES_MISSING"
    assert refused(permit=None) == "PERMIT_FORGED"


def test_a_permit_made_by_its_constructor_needs_its_signatures_all_the_same(refused, release):
    assert refused(permit=Permit(release.release, ())) == "SIGNATURES_MISSING"


def test_a_permit_with_signatures_that_nobody_made_is_refused(refused, release):
    signed = release.permit.countersignatures[0]
    unsigned = blank(
        Countersignature, statement=signed.statement, alg="ES256", signature="", credential=signed.credential
    )
    forged = Permit(release.release, (signed, unsigned))
    assert refused(permit=forged) == "SIGNATURE_MALFORMED"
    assert refused(permit=Permit(release.release, (signed, blank(Countersignature)))) == "PERMIT_FORGED"
    empty = blank(Countersignature, statement=blank(Statement), alg="ES256", signature="", credential="")
    assert refused(permit=Permit(release.release, (signed, empty))) == "PERMIT_FORGED"


def test_a_permit_replaced_for_other_answers_is_refused(refused, release):
    other = dataclasses.replace(release.release, digest="ff" * 32)
    forged = dataclasses.replace(release.permit, release=other)
    assert refused(permit=forged) == "PERMIT_FORGED"
    assert refused(permit=forged, release=other) == "ANSWERS_CHANGED"


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda permit: pickle.loads(pickle.dumps(permit))])
def test_a_permit_that_was_copied_and_written_to_is_refused(refused, release, duplicate):
    forged = duplicate(release.permit)
    object.__setattr__(forged, "countersignatures", (release.permit.countersignatures[0],) * 2)
    assert refused(permit=forged) == "SAME_OFFICER"
    forged = duplicate(release.permit)
    object.__setattr__(forged, "release", dataclasses.replace(release.release, submission="01J0000000000000000000000Z"))
    assert refused(permit=forged) == "PERMIT_FORGED"
    assert refused(permit=forged, release=forged.release) == "SIGNATURE_OF_ANOTHER_BATCH"


class Agreeable(ToRelease):
    """A release that equals whatever it is compared with."""

    def __eq__(self, other):
        return True

    __hash__ = None


def test_a_permit_of_a_class_of_ones_own_is_refused(refused, release):
    class Signed(Permit):
        """A permit that shows the real signatures whatever it was made of."""

        @property
        def countersignatures(self):
            return release.permit.countersignatures

    assert refused(permit=blank(Signed, release=release.release)) == "PERMIT_FORGED"
    agreeable = Agreeable(**{**dataclasses.asdict(release.release), "digest": "ff" * 32})
    assert refused(permit=Permit(agreeable, release.permit.countersignatures)) == "PERMIT_FORGED"


def test_a_word_that_equals_every_other_word_signs_nothing(refused, release):
    class Word(str):
        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    signed = release.permit.countersignatures
    posing = dataclasses.replace(signed[1], statement=dataclasses.replace(signed[1].statement, digest=Word("x")))
    assert refused(permit=Permit(release.release, (signed[0], posing))) == "PERMIT_FORGED"


def test_a_permit_changed_in_memory_is_refused(refused, release):
    forged = copy.deepcopy(release.permit)
    object.__setattr__(forged.countersignatures[1].statement, "officer", "dot")
    assert refused(permit=forged) == "SIGNATURE_INVALID"


def test_an_approver_who_took_part_elsewhere_signs_nothing(refused, release):
    forged = Permit(release.release, (release.signed("ann"), release.signed("cyd")))
    assert refused(permit=forged) == "SIGNER_INVOLVED"


def test_a_receipt_that_nobody_made_is_refused(refused):
    assert refused(receipt=blank(Receipt)) in {"RECEIPT_FORGED", "RECEIPT_MALFORMED"}
    assert refused(receipt=None) == "RECEIPT_FORGED"


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda receipt: pickle.loads(pickle.dumps(receipt))])
@pytest.mark.parametrize(
    ("field", "value"),
    [("start", 1), ("end", 3), ("right", ()), ("left", (bytes(32),)), ("note", ""), ("intended", "")],
)
def test_a_receipt_that_was_copied_and_written_to_is_refused(refused, release, duplicate, field, value):
    forged = duplicate(release.receipt)
    object.__setattr__(forged, field, value)
    assert refused(receipt=forged)
    assert refused(receipt=dataclasses.replace(release.receipt, **{field: value}))


def test_a_receipt_of_a_class_of_ones_own_is_refused(refused, release):
    class Logged(Receipt):
        pass

    assert refused(receipt=Logged(**dataclasses.asdict(release.receipt))) == "RECEIPT_FORGED"


def test_the_receipt_of_another_log_is_refused(refused, release, tmp_path):
    other = Release(tmp_path / "other", release.people)
    assert refused(receipt=other.receipt)


def test_the_receipt_of_another_intent_is_refused(refused, release):
    assert refused(intended_leaf=StageLeaf("intended", "batch-2", "ef" * 32).encode()) == "PROOF_FAILS"
