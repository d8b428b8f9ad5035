"""Sealing: each named recipient gets the rows that name them, nobody else's, and only on whole evidence."""

from __future__ import annotations

import dataclasses

import pytest

from comity.accounting import make_receipt
from comity.accounting.checkpoint import COSIGNATURE_V1, NoteKey
from comity.accounting.leaf import StageLeaf
from comity.accounting.policy import parse_policy
from comity.case.errors import ComityError, Waiting
from comity.crypto import CryptoError, digest
from comity.crypto.open import open_sealed
from comity.disclosure import Manifest, Reply, enclosed, heading, rebuild_replies, seal_context
from comity.disclosure.manifest import LEAD
from comity.workspace import file_digest, workspace

from .released import ACCOUNTING, ANSWERS, AT, CODES, Release, accounted, written


def index_of(release, replies):
    with workspace(release.directory) as ws:
        ws.view("replies", replies)
        rows = ws.rows("SELECT recipient, certificate, plaintext_digest, sealed_digest, rows, file FROM replies")
    return {row[0]: row[1:] for row in rows}


def opened(release, replies, recipient, key=None):
    content = (release.directory / index_of(release, replies)[recipient][4]).read_bytes()
    manifest = Manifest.read(enclosed(content)[0], [release.people.authority.certificate], AT)
    said = heading(release.release, CODES, rehearsal=True)
    context = seal_context(said, recipient)
    plaintext = open_sealed(enclosed(content)[1], release.people.key(key or recipient), context=context)
    return manifest, Reply.read(plaintext)


def test_each_recipient_reads_the_rows_that_name_them_and_the_signatory_the_returned_ones(sealed):
    release, replies = sealed
    assert list(index_of(release, replies)) == ["R1", "R2", "signatory"]
    assert list(opened(release, replies, "R1")[1].answers()) == [("A-1", "CONFIRMED", ()), ("A-2", "NO_DISCLOSURE", ())]
    assert list(opened(release, replies, "R2")[1].answers()) == [("A-2", "NO_DISCLOSURE", ()), ("A-3", "CONFIRMED", ())]
    assert list(opened(release, replies, "signatory")[1].answers()) == [
        ("A-4", "RETURNED", ("ADDRESS_INSUFFICIENT", "STATUTE_UNKNOWN"))
    ]


def test_another_recipient_cannot_open_it(sealed):
    release, replies = sealed
    with pytest.raises(CryptoError, match="SEAL_NOT_OPENED"):
        opened(release, replies, "R1", key="R2")


def test_files_are_named_by_the_digest_that_the_index_names(sealed):
    release, replies = sealed
    for _, _, sealed_digest, _, file in index_of(release, replies).values():
        assert file == f"replies/{sealed_digest}.reply"
        assert file_digest(release.directory / file) == sealed_digest


def test_the_manifest_says_what_is_in_the_seal_and_how_it_may_be_used(sealed):
    release, replies = sealed
    manifest, reply = opened(release, replies, "R2")
    assert (manifest.recipient, manifest.rows, manifest.rehearsal) == ("R2", 2, True)
    assert manifest.says == LEAD
    assert manifest.use == release.notice.use
    assert manifest.destroy_by == release.notice.destroy_by
    assert manifest.intended == release.receipt.intended
    assert reply.heading.rehearsal
    assert b"REHEARSAL" in reply.plaintext()


def test_the_plaintext_is_rebuilt_from_answers_and_blinds_alone(sealed):
    release, replies = sealed
    index = index_of(release, replies)
    rebuilt = rebuild_replies(
        release.directory,
        release.tables.answers,
        release.tables.blinds,
        heading(release.release, CODES, rehearsal=True),
    )
    assert {reply.recipient: digest(reply.plaintext()) for reply in rebuilt} == {
        recipient: entry[1] for recipient, entry in index.items()
    }


def test_a_yes_and_a_no_are_of_one_size(tmp_path, people):
    yes = Release(tmp_path / "yes", people, [(1, "A-1", "CONFIRMED", [], ["R1"])])
    no = Release(tmp_path / "no", people, [(1, "A-1", "NO_DISCLOSURE", [], ["R1"])])
    sizes = [(one.directory / index_of(one, one.seal())["R1"][4]).stat().st_size for one in (yes, no)]
    assert sizes[0] == sizes[1]


def refused(release, **changes) -> str:
    with pytest.raises(ComityError) as error:
        release.seal(**changes)
    assert not (release.directory / "replies").exists()
    return error.value.code


def test_nothing_is_sealed_on_one_signature(release):
    permit = dataclasses.replace(release.permit, countersignatures=release.permit.countersignatures[:1])
    with pytest.raises(Waiting, match="SIGNATURES_MISSING"):
        release.seal(permit=permit)


def test_nothing_is_sealed_when_the_answers_changed_after_they_were_signed(release, people, tmp_path):
    other = Release(tmp_path / "other", people, [*ANSWERS[:1], (2, "A-2", "CONFIRMED", [], ["R1", "R2"]), *ANSWERS[2:]])
    changed = dataclasses.replace(
        other.tables.answers, path=other.tables.answers.path.rename(release.directory / other.tables.answers.path.name)
    )
    assert refused(release, answers=changed) == "ANSWERS_CHANGED"
    posing = dataclasses.replace(changed, digest=release.tables.answers.digest)
    assert refused(release, answers=posing) == "ARTEFACT_CHANGED"


@pytest.mark.parametrize(
    "rows",
    [
        ANSWERS[:3],
        [*ANSWERS, (5, "A-5", "CONFIRMED", [], ["R1"])],
        [*ANSWERS[:3], (4, "B-4", "RETURNED", [], [])],
        [*ANSWERS[:3], (4, "A-4", "CONFIRMED", [], [])],
        [*ANSWERS[:3], (4, "A-4", "RETURNED", ["ADDRESS_INSUFFICIENT"], [])],
        [(1, "A-1", "CONFIRMED", [], ["R2"]), *ANSWERS[1:]],
        [(1, "A-1", "CONFIRMED", [], []), *ANSWERS[1:]],
        [*ANSWERS[:2], ANSWERS[1], ANSWERS[3]],
    ],
)
def test_nothing_is_sealed_when_the_accounting_is_of_other_rows(release, rows):
    accounting = written(release.directory, "accounting", ACCOUNTING, [accounted(*row) for row in rows])
    assert refused(release, accounting=accounting) == "ACCOUNTING_DIFFERS"


@pytest.mark.parametrize(
    ("place", "code"), [(2, "ACCOUNTING_DIFFERS"), (3, "RECEIPT_FAILS"), (4, "RECEIPT_FAILS"), (5, "RECEIPT_FAILS")]
)
def test_nothing_is_sealed_when_a_body_or_a_salt_is_not_the_one_that_its_leaf_commits_to(release, place, code):
    rows = [list(accounted(*row)) for row in ANSWERS]
    value = rows[0][place]
    rows[0][place] = value.replace("A-1", "A-9").replace("inner", "other") if isinstance(value, str) else value[::-1]
    accounting = written(release.directory, "accounting", ACCOUNTING, [tuple(row) for row in rows])
    assert refused(release, accounting=accounting) == code


def test_nothing_is_sealed_when_the_leaves_are_not_the_logged_ones(release):
    rows = [accounted(*row, inner="another determination") for row in ANSWERS]
    assert refused(release, accounting=written(release.directory, "accounting", ACCOUNTING, rows)) == "RECEIPT_FAILS"


def test_nothing_is_sealed_before_the_witnesses_cosigned(release):
    witness = NoteKey("witness.example", COSIGNATURE_V1, bytes(32)).vkey
    policy = parse_policy(f"witness w {witness}\nquorum w\n".encode())
    with pytest.raises(Waiting, match="QUORUM_NOT_MET"):
        release.seal(policy=policy)


def test_another_stage_than_the_intent_is_no_evidence(release):
    closed = StageLeaf("closed", release.release.submission, "ef" * 32).encode()
    (index, _) = release.log.append([closed])
    receipt = make_receipt(release.log, 0, 4, index)
    assert refused(release, receipt=receipt, intended_leaf=closed) == "RECEIPT_FORGED"


def test_the_intent_of_another_batch_is_no_evidence(release):
    other = StageLeaf("intended", "01J0000000000000000000000B", "ef" * 32).encode()
    (index, _) = release.log.append([other])
    receipt = make_receipt(release.log, 0, 4, index)
    assert refused(release, receipt=receipt, intended_leaf=other) == "RECEIPT_FORGED"


def test_a_recipient_without_a_registered_certificate_gets_nothing_and_nobody_else_does(release):
    certificates = dict(release.addressees.certificates)
    del certificates["R2"]
    assert refused(release, addressees=dataclasses.replace(release.addressees, certificates=certificates)) == (
        "RECIPIENT_UNKNOWN"
    )


@pytest.mark.parametrize("recipient", ["R1", "signatory"])
def test_a_certificate_that_the_submission_did_not_name_is_refused(release, people, recipient):
    certificates = {**release.addressees.certificates, recipient: people.certificate("stranger")}
    addressees = dataclasses.replace(release.addressees, certificates=certificates)
    assert refused(release, addressees=addressees) == "RECIPIENT_CERTIFICATE_DIFFERS"


def test_signatures_whose_certificates_have_ended_count_as_absent(release):
    with pytest.raises(Waiting) as error:
        release.seal(at=AT.replace(year=2031))
    assert error.value.code == "SIGNATURES_MISSING"


def test_no_root_no_reply(release):
    assert refused(release, addressees=dataclasses.replace(release.addressees, roots=())) == "CERTIFICATE_UNTRUSTED"


def test_rehearsal_certificates_serve_no_live_release(release):
    live = dataclasses.replace(release.notice, rehearsal=False)
    assert refused(release, notice=live) == "REHEARSAL_MIXED"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([(1, "A-1", "CONFIRMED", [], [])], "RECIPIENT_UNFIT"),
        ([(1, "A-1", "CONFIRMED", [], ["signatory"])], "RECIPIENT_UNFIT"),
        ([(1, "A-1", "CONFIRMED", ["ADDRESS_INSUFFICIENT"], ["R1"])], "ANSWERS_UNSOUND"),
        ([(1, "A-1", "RETURNED", [], [])], "ANSWERS_UNSOUND"),
        ([(1, "A-1", "RETURNED", ["ADDRESS_INSUFFICIENT"], ["R1"])], "RECIPIENT_UNFIT"),
        ([(1, "A-1", "Confirmed", [], ["R1"])], "ANSWERS_UNSOUND"),
        ([(1, "a 1", "CONFIRMED", [], ["R1"])], "ANSWERS_UNSOUND"),
        ([(1, "A-1", "CONFIRMED", [], ["R1"]), (2, "A-1", "CONFIRMED", [], ["R2"])], "ANSWERS_UNSOUND"),
        ([(1, "A-1", "RETURNED", ["NO_SUCH_CODE"], [])], "CODE_UNKNOWN"),
    ],
)
def test_answers_out_of_their_form_are_not_sealed_even_when_signed_and_logged(tmp_path, people, rows, code):
    assert refused(Release(tmp_path / "batch", people, rows)) == code


@pytest.mark.parametrize(
    "blinds",
    [
        [("R1", b"1" * 32), ("R2", b"2" * 32)],
        [("R1", b"1" * 32), ("R2", b"2" * 32), ("signatory", b"3" * 31)],
        [("R1", b"1" * 32), ("R2", b"1" * 32), ("signatory", b"3" * 32)],
        [("R1", b"1" * 32), ("R1", b"2" * 32), ("R2", b"4" * 32), ("signatory", b"3" * 32)],
    ],
)
def test_every_recipient_has_one_blind_of_their_own(release, blinds):
    table = written(release.directory, "blinds", "recipient VARCHAR, blind BLOB", blinds)
    assert refused(release, blinds=table) == "BLIND_MISSING"
