"""The manifest: signed by the office, readable without opening the seal, and refused when anything is changed."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from comity.case.errors import Integrity, Refused
from comity.crypto import canonical, sign
from comity.disclosure import Manifest, enclose, enclosed

from .released import AT

GOLDEN = Path(__file__).parent / "golden" / "manifest.json"
MANIFEST = Manifest(
    submission="01J0000000000000000000000A",
    submission_digest="cd" * 32,
    agreement="irs-ice-2025",
    version="1",
    rules_digest="ab" * 32,
    recipient="R1",
    certificate="12" * 32,
    rows=3,
    plaintext_digest="34" * 32,
    content_digest="56" * 32,
    use="Only for the matters named in the request.",
    destroy_by="2027-03-02",
    intended="c2sp.org/tlog-proof@v1\nindex 4\n",
    orders=(),
    rehearsal=True,
)


def roots(people):
    return [people.authority.certificate]


def signed(people):
    return MANIFEST.signed(people.key("office"), people.certificate("office"))


def test_what_is_signed_is_the_golden_file(people):
    assert canonical(dataclasses.asdict(MANIFEST) | {"orders": []}) == GOLDEN.read_bytes()


def test_it_reads_back_as_it_was_signed(people):
    assert Manifest.read(signed(people), roots(people), AT) == MANIFEST


def test_it_is_believed_only_under_the_authority_of_the_office(people):
    with pytest.raises(Integrity, match="CERTIFICATE_UNTRUSTED"):
        Manifest.read(signed(people), [people.certificate("R1")], AT)


def test_a_changed_one_is_refused(people):
    head, _, end = signed(people).split(".")
    other = sign(b"{}", people.key("office"), people.certificate("office")).split(".")[1]
    with pytest.raises(Integrity, match="SIGNATURE_INVALID"):
        Manifest.read(f"{head}.{other}.{end}", roots(people), AT)


@pytest.mark.parametrize("content", [b"{}", b"[]", b"words", b"{"])
def test_another_form_is_no_manifest_though_the_office_signed_it(people, content):
    token = sign(content, people.key("office"), people.certificate("office"))
    with pytest.raises(Integrity, match="MANIFEST_MALFORMED"):
        Manifest.read(token, roots(people), AT)


@pytest.mark.parametrize("change", [{"rows": "3"}, {"orders": "x"}, {"rehearsal": 1}, {"type": "comity/cover/v1"}])
def test_a_field_of_another_type_is_refused(people, change):
    form = json.loads(canonical(dataclasses.asdict(MANIFEST) | {"orders": []} | change))
    token = sign(canonical(form), people.key("office"), people.certificate("office"))
    with pytest.raises(Integrity, match="MANIFEST_MALFORMED"):
        Manifest.read(token, roots(people), AT)


def test_a_key_that_is_not_the_offices_signs_none(people):
    with pytest.raises(Refused, match="KEY_NOT_OF_CERTIFICATE"):
        MANIFEST.signed(people.key("R1"), people.certificate("office"))


def test_file_and_parts_are_the_same(people):
    token = signed(people)
    assert enclosed(enclose(token, b"sealed\nbytes")) == (token, b"sealed\nbytes")
    for content in (b"", b"no line", b"\xff\nsealed"):
        with pytest.raises(Integrity, match="MANIFEST_MALFORMED"):
            enclosed(content)
