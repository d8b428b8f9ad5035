"""Notes, checkpoints and cosignatures are read and written as the C2SP specifications say, and as nothing else."""

from __future__ import annotations

import pytest

from comity.accounting.checkpoint import (
    COSIGNATURE_V1,
    ED25519,
    ML_DSA_44,
    Checkpoint,
    NoteKey,
    Verifier,
    cosigned_message,
    parse_checkpoint,
    parse_vkey,
    sign_note,
    signature_line,
    verify_log_note,
    verify_note,
)
from comity.accounting.errors import LogError

EXAMPLE_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n\n"
    "\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
EXAMPLE_CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_example_of_the_specification_verifies(keys):
    key = parse_vkey(EXAMPLE_VKEY)
    assert (key.name, key.kind, key.key_id.hex(), key.vkey) == ("example.com/foo", ED25519, "530d903a", EXAMPLE_VKEY)
    note = verify_note(EXAMPLE_NOTE, [Verifier(key, keys.verify_with(key))])
    assert note.text == "This is an example message.\n"
    assert [signed.key for signed in note.signatures] == [key]


@pytest.mark.parametrize(
    "vkey",
    [
        EXAMPLE_VKEY.replace("530d", "530e"),
        EXAMPLE_VKEY.replace("foo", "bar"),
        EXAMPLE_VKEY.replace("530d", "530D"),
        EXAMPLE_VKEY[:-4],
        "example.com/foo+530d903a",
        "a name+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+",
    ],
)
def test_a_verifier_key_whose_parts_do_not_fit_is_refused(vkey):
    with pytest.raises(LogError, match="KEY_MALFORMED"):
        parse_vkey(vkey)


def test_a_changed_text_is_refused(keys):
    key = parse_vkey(EXAMPLE_VKEY)
    with pytest.raises(LogError, match="NOTE_SIGNATURE_WRONG"):
        verify_note(EXAMPLE_NOTE.replace("example m", "Example m"), [Verifier(key, keys.verify_with(key))])


def test_signatures_of_unknown_keys_are_ignored_and_do_not_suffice(keys):
    note = sign_note("text\n", [keys.signer("a.example"), keys.signer("b.example")])
    assert len(verify_note(note, [keys.verifier("b.example")]).signatures) == 1
    with pytest.raises(LogError, match="NOTE_UNSIGNED"):
        verify_note(note, [keys.verifier("c.example")])
    with pytest.raises(LogError, match="NOTE_UNSIGNED"):
        verify_note(note, [])


def test_a_wrong_signature_of_a_known_key_spoils_the_note_whoever_else_signed(keys):
    note = sign_note("text\n", [keys.signer("a.example"), keys.signer("b.example")])
    other = sign_note("other\n", [keys.signer("b.example")])
    spoiled = note[: note.index("\u2014 b.example")] + other[other.index("\u2014") :]
    with pytest.raises(LogError, match="NOTE_SIGNATURE_WRONG"):
        verify_note(spoiled, [keys.verifier("a.example"), keys.verifier("b.example")])


def test_the_text_ends_at_the_last_empty_line(keys):
    note = sign_note("one\n\ntwo\n", [keys.signer("a.example")])
    assert verify_note(note, [keys.verifier("a.example")]).text == "one\n\ntwo\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note[:-1],
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("\u2014", "-"),
        lambda note: note.replace("text", "te\rxt"),
        lambda note: note.replace("text", "te\x00xt"),
        lambda note: note.replace("text", "te\ud800xt"),
        lambda note: note.replace("=\n", "\n"),
        lambda note: note + "\n",
        lambda note: note + "\u2014 a.example AAAA\n",
        lambda note: "",
        lambda note: note + note[note.index("\u2014") :] * 64,
    ],
)
def test_what_is_no_signed_note_is_refused(keys, change):
    note = sign_note("text\n", [keys.signer("a.example")])
    with pytest.raises(LogError, match="NOTE_MALFORMED"):
        verify_note(change(note), [keys.verifier("a.example")])


@pytest.mark.parametrize("text", ["no newline", "tab\t\n", "", "\ud800\n"])
def test_a_text_that_no_note_may_have_is_not_signed(keys, text):
    with pytest.raises(LogError, match="NOTE_MALFORMED"):
        sign_note(text, [keys.signer("a.example")])


def test_the_example_checkpoint_is_read_and_written_back():
    head = parse_checkpoint(EXAMPLE_CHECKPOINT)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert head.text == EXAMPLE_CHECKPOINT
    assert parse_checkpoint(EXAMPLE_CHECKPOINT + "more\n").extensions == ("more",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n5\n",
        EXAMPLE_CHECKPOINT[:-1],
        EXAMPLE_CHECKPOINT + "\n",
        EXAMPLE_CHECKPOINT.replace("20852163", "020852163"),
        EXAMPLE_CHECKPOINT.replace("20852163", "-1"),
        EXAMPLE_CHECKPOINT.replace("20852163", "9" * 40),
        EXAMPLE_CHECKPOINT.replace("20852163", "\u0661"),
        EXAMPLE_CHECKPOINT.replace("CsUY", ""),
        EXAMPLE_CHECKPOINT.replace("q2I=", "q2J="),
        "\n" + EXAMPLE_CHECKPOINT,
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(LogError, match="CHECKPOINT_MALFORMED"):
        parse_checkpoint(text)


def test_a_cosignature_signs_the_time_and_the_text():
    key = NoteKey("witness.example.com/w1", COSIGNATURE_V1, bytes(32))
    expected = "cosignature/v1\ntime 1679315147\n" + EXAMPLE_CHECKPOINT
    assert cosigned_message(key, 1679315147, EXAMPLE_CHECKPOINT) == expected.encode()


def test_an_ml_dsa_cosignature_signs_names_time_range_and_root():
    key = NoteKey("w.example", ML_DSA_44, bytes(1312))
    head = Checkpoint("log.example", 258, b"\x07" * 32)
    expected = b"subtree/v1\n\x00\x09w.example" + bytes(7) + b"\x01" + b"\x0blog.example" + bytes(8)
    assert cosigned_message(key, 1, head.text) == expected + bytes(6) + b"\x01\x02" + b"\x07" * 32


def test_a_witness_is_known_by_its_cosignature_and_its_time(keys):
    note = keys.cosign(sign_note(EXAMPLE_CHECKPOINT, [keys.signer("example.com/behind-the-sofa")]), "w.example", 12)
    verified = verify_note(note, [keys.verifier("w.example", COSIGNATURE_V1)])
    assert [(signed.key.name, signed.timestamp) for signed in verified.signatures] == [("w.example", 12)]


def test_a_cosignature_moved_to_another_time_is_refused(keys):
    key = keys.key("w.example", COSIGNATURE_V1)
    signature = keys.private("w.example").sign(cosigned_message(key, 12, EXAMPLE_CHECKPOINT))
    for at in (13, 2**63):
        note = EXAMPLE_CHECKPOINT + "\n" + signature_line(key, at.to_bytes(8, "big") + signature)
        with pytest.raises(LogError, match="NOTE_SIGNATURE_WRONG"):
            verify_note(note, [keys.verifier("w.example", COSIGNATURE_V1)])


def test_a_cosignature_of_a_time_that_no_clock_shows_is_refused(keys):
    note = keys.cosign(sign_note(EXAMPLE_CHECKPOINT, [keys.signer("a.example")]), "w.example", 2**63)
    with pytest.raises(LogError, match="NOTE_SIGNATURE_WRONG"):
        verify_note(note, [keys.verifier("w.example", COSIGNATURE_V1)])


def test_a_checkpoint_counts_only_under_a_key_of_its_origin(keys):
    stranger = sign_note(EXAMPLE_CHECKPOINT, [keys.signer("stranger.example")])
    with pytest.raises(LogError, match="CHECKPOINT_NOT_THE_LOGS"):
        verify_log_note(stranger, [keys.verifier("stranger.example")])
    origin = "example.com/behind-the-sofa"
    cosigned = keys.cosign(stranger, origin)
    with pytest.raises(LogError, match="CHECKPOINT_NOT_THE_LOGS"):
        verify_log_note(cosigned, [keys.verifier("stranger.example"), keys.verifier(origin, COSIGNATURE_V1)])
