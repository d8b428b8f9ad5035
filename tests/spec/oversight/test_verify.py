"""What an office could do behind its own rules, and verification by a stranger finds in its files alone."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from comity import review
from comity.accounting import entries
from comity.accounting.leaf import HoldLeaf, read_leaf
from comity.case import batch_decisions
from comity.case.batch_events import Countersigned
from comity.case.envelope import batch_stream, envelope, stamp
from comity.case.errors import BadInput, Integrity
from comity.crypto import Certificate, digest, sign_detached
from comity.disclosure import Manifest, enclose, enclosed
from comity.office import acts, handing, intending, outbox, reviewing, story
from comity.oversight.verify import verify_log
from comity.workspace import file_digest
from tests.world import START, World, submission_id


def found_by(world: World) -> str:
    """The code with which verification refuses this world, or ''."""
    try:
        verify_log(world.place / "home")
    except Integrity as error:
        return error.code
    return ""


def folder(world: World, batch: str = "") -> Path:
    return world.place / "home" / "batches" / (batch or world.batch)


def reindex(place: Path, columns: str) -> None:
    """Write the index of the replies anew, with other columns and a name that fits."""
    [old] = place.glob("replies-*.parquet")
    new = place / "new.parquet"
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT {columns} FROM '{old}' ORDER BY recipient) TO '{new}' (FORMAT parquet)")
    old.unlink()
    new.rename(place / f"replies-{file_digest(new)}.parquet")


def refile(place: Path, file: str, content: bytes) -> None:
    """Put other bytes in the place of a sealed file, named by their digest, and let the index name them."""
    (place / file).unlink()
    name = f"replies/{digest(content)}.reply"
    (place / name).write_bytes(content)
    said = f"CASE file WHEN '{file}' THEN '{digest(content)}' ELSE sealed_digest END AS sealed_digest"
    reindex(place, f"* REPLACE ({said}, CASE file WHEN '{file}' THEN '{name}' ELSE file END AS file)")


def remanifested(world: World, key, certificate: Certificate, change: Callable[[Manifest], Manifest]) -> None:
    """Sign another manifest for one reply."""
    entry = handing.reply_entry(world.office, world.office.batch(world.batch), "ICE-R016")
    token, sealed = enclosed((folder(world) / entry["file"]).read_bytes())
    manifest = Manifest.read(token, [world.office.home.authority], world.office.now())
    refile(folder(world), entry["file"], enclose(change(manifest).signed(key, certificate), sealed))


def small(world: World) -> str:
    """A batch of three requests, released."""
    batch = world.receive(world.sent(2, rows="request_id <= 'SMALL-00003'"))
    world.to_signed(batch)
    world.release(batch)
    return batch


def hand_all_over(world: World, batch: str) -> None:
    """Every recipient of the batch fetches and acknowledges, which closes it."""
    for recipient in handing.recipients(world.office, world.office.batch(batch)):
        world.collect(recipient, world.place / f"reply-{recipient}", batch)
        entry = handing.reply_entry(world.office, world.office.batch(batch), recipient)
        certificate = Certificate.load(world.stage.cast.agency / f"{recipient}.pem")
        token = sign_detached(entry["plaintext_digest"].encode(), world.stage.cast.agency_key(recipient), certificate)
        signature = world.place / "signature"
        signature.write_text(token)
        story.acknowledge(world.office, world.actor("transmitter"), batch, recipient, signature)
    assert world.office.batch(batch).closed


def intend_regardless(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Log an intent past every check of the office."""
    monkeypatch.setattr(intending, "permit_for", lambda *_: None)
    monkeypatch.setattr(batch_decisions, "require_no_hold", lambda *_: None)
    world.stage.calendar.move_to(START + timedelta(days=40))
    intending.intend(world.office, world.actor("transmitter"), world.office.batch(world.batch))


def sign_regardless(world: World, officer: str, /, **said: object) -> None:
    """Record a countersignature past every check of the office; `said` changes the statement."""
    office, batch = world.office, world.office.batch(world.batch)
    state = office.state()
    statement = reviewing.statement_for(batch, officer, "approver", state.version, stamp(office.now()))
    statement = dataclasses.replace(statement, **said)
    certificate = Certificate.from_pem(state.officer(officer).certificate.encode())
    signed = review.countersign(statement, world.stage.cast.officer_key(officer), certificate)
    event = Countersigned(officer, statement.form(), signed.alg, signed.signature, signed.credential, "ab" * 32)
    act, stream = office.act(world.actor(officer), "approver", "review sign"), batch_stream(batch.batch)
    office.append([envelope(event, act, stream, batch.version + 1)], {stream: batch.version})


def test_an_index_that_names_another_certificate_is_found(sealed: World) -> None:
    reindex(folder(sealed), "* REPLACE (repeat('0', 64) AS certificate)")
    assert found_by(sealed) == "CERTIFICATE_DIFFERS"


def test_replies_sealed_to_somebody_else_are_found_though_the_index_names_them(sealed: World) -> None:
    entry = handing.reply_entry(sealed.office, sealed.office.batch(sealed.batch), "ICE-R016")
    refile(folder(sealed), entry["file"], b"sealed to somebody else")
    assert found_by(sealed) == "MANIFEST_MALFORMED"


def test_a_file_outside_the_folder_of_replies_is_no_reply(sealed: World) -> None:
    entry = handing.reply_entry(sealed.office, sealed.office.batch(sealed.batch), "ICE-R016")
    (folder(sealed) / "other").write_bytes((folder(sealed) / entry["file"]).read_bytes())
    reindex(folder(sealed), f"* REPLACE (CASE file WHEN '{entry['file']}' THEN 'other' ELSE file END AS file)")
    assert found_by(sealed) == "REPLY_CHANGED"


@pytest.mark.parametrize("name", ["recipient", "certificate", "plaintext_digest", "content_digest", "submission"])
def test_a_manifest_of_the_office_about_something_else_is_found(sealed: World, name: str) -> None:
    home = sealed.office.home
    changed = {name: "0" * 64}
    remanifested(sealed, home.office_key, home.certificate, lambda said: dataclasses.replace(said, **changed))
    assert found_by(sealed) == "MANIFEST_DIFFERS"


def test_a_manifest_that_an_officer_signed_is_not_the_offices(sealed: World) -> None:
    certificate = Certificate.from_pem(sealed.office.state().officer("approver-1").certificate.encode())
    remanifested(sealed, sealed.stage.cast.officer_key("approver-1"), certificate, lambda said: said)
    assert found_by(sealed) == "MANIFEST_OF_ANOTHER"


def test_in_a_closed_batch_only_the_index_that_the_event_names_is_believed(prepared: World) -> None:
    batch = small(prepared)
    hand_all_over(prepared, batch)
    assert found_by(prepared) == ""
    reindex(folder(prepared, batch), "*, 1 AS more")
    assert found_by(prepared) == "ARTEFACT_MISSING"


def test_an_outcome_that_no_opened_event_tells_is_found(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = outbox._outcome_leaf
    monkeypatch.setattr(
        outbox, "_outcome_leaf", lambda stored: dataclasses.replace(read_leaf(made(stored)), office_version=1).encode()
    )
    hand_all_over(prepared, small(prepared))
    assert found_by(prepared) == "OUTCOME_DIFFERS"


def test_a_reply_that_was_handed_over_under_a_hold_is_found(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = small(prepared)
    prepared.hold()
    monkeypatch.setattr(batch_decisions, "require_no_hold", lambda *_: None)
    hand_all_over(prepared, batch)
    assert found_by(prepared) == "HANDED_OVER_UNDER_HOLD"


def test_an_intent_under_a_hold_is_found(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    signed.hold()
    intend_regardless(signed, monkeypatch)
    assert found_by(signed) == "INTENDED_UNDER_HOLD"


def test_a_sealing_under_a_hold_is_found(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    story.accounting(signed.office, signed.actor("transmitter"), signed.batch)
    signed.hold()
    monkeypatch.setattr(batch_decisions, "require_no_hold", lambda *_: None)
    signed.release()
    assert found_by(signed) == "SEALED_UNDER_HOLD"


def test_a_hold_without_its_leaf_is_found(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = outbox._leaves
    monkeypatch.setattr(outbox, "_leaves", lambda *given: [] if given[-1].type.startswith("hold_") else made(*given))
    signed.hold()
    intend_regardless(signed, monkeypatch)
    assert found_by(signed) == "HOLD_WITHOUT_LEAF"


@pytest.mark.parametrize("change", [{}, {"hold": "H2"}, {"office_version": 1}, {"order_digest": "00" * 32}])
def test_a_leaf_of_a_hold_that_no_event_placed_is_found(
    signed: World, monkeypatch: pytest.MonkeyPatch, change: dict[str, object]
) -> None:
    made = outbox._hold_leaf

    def twice(*given):
        leaf = read_leaf(made(*given))
        assert isinstance(leaf, HoldLeaf)
        return [leaf.encode(), dataclasses.replace(leaf, **change).encode()]

    leaves = outbox._leaves
    monkeypatch.setattr(
        outbox,
        "_leaves",
        lambda *given: twice(given[0], given[-1]) if given[-1].type == "hold_placed" else leaves(*given),
    )
    signed.hold(agreement="*")
    intend_regardless(signed, monkeypatch)
    assert found_by(signed) == "HOLD_WITHOUT_EVENT"


def test_a_confirmed_hold_verifies(sealed: World) -> None:
    sealed.hold()
    acts.confirm_hold(sealed.office, sealed.actor("counsel"), "H1")
    for days in (1, 2):
        sealed.stage.calendar.move_to(START + timedelta(days=40 + days))
        sealed.granted("operator", ("auditor", "examiner")[days - 1])
    assert verify_log(sealed.place / "home").holds == 2


def test_signers_who_are_no_approvers_are_found(answered: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for officer in ("counsel", "reviewer-1"):
        sign_regardless(answered, officer)
    intend_regardless(answered, monkeypatch)
    assert found_by(answered) == "SIGNER_UNKNOWN"


def test_a_signer_with_another_part_in_the_batch_is_found(answered: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answered.granted("operator", "approver")
    for officer in ("approver-1", "operator"):
        sign_regardless(answered, officer)
    intend_regardless(answered, monkeypatch)
    assert found_by(answered) == "SIGNER_INVOLVED"


def test_the_role_counts_as_it_was_at_the_intent(answered: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for officer in ("approver-1", "hold-officer"):
        sign_regardless(answered, officer)
    intend_regardless(answered, monkeypatch)
    answered.granted("hold-officer", "approver")
    assert found_by(answered) == "SIGNER_UNKNOWN"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"submission": submission_id(9)}, "SIGNATURE_OF_ANOTHER_BATCH"),
        ({"agreement": "another"}, "SIGNATURE_OF_ANOTHER_BATCH"),
        ({"officer": "nobody"}, "SIGNER_UNKNOWN"),
        ({"role": "nothing"}, "SIGNER_UNKNOWN"),
        ({"rows": 1}, "ANSWERS_CHANGED"),
    ],
)
def test_a_signature_that_says_something_else_is_found(
    answered: World, monkeypatch: pytest.MonkeyPatch, said: dict[str, object], code: str
) -> None:
    for officer in ("approver-1", "approver-2"):
        sign_regardless(answered, officer, **said)
    intend_regardless(answered, monkeypatch)
    assert found_by(answered) == code


def test_an_intent_whose_registers_are_not_opened_before_it_is_found(
    answered: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_closing_segment", lambda *_: [])
    for officer in ("approver-1", "approver-2"):
        sign_regardless(answered, officer)
    intend_regardless(answered, monkeypatch)
    assert found_by(answered) == "REGISTERS_MISSING"


def test_entries_about_other_recipients_than_the_answers_are_found(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = entries.outer_sql
    monkeypatch.setattr(entries, "outer_sql", lambda facts: told(facts).replace("coalesce(people, [])", "[]"))
    intend_regardless(signed, monkeypatch)
    assert found_by(signed) == "ACCOUNTING_DIFFERS"


def test_a_folder_without_a_log_is_no_evidence_against_one(sealed: World) -> None:
    with pytest.raises(BadInput, match="LOG_NOT_THERE"):
        verify_log(sealed.place)


def test_a_key_that_was_copied_wrong_says_nothing_of_the_log(sealed: World) -> None:
    with pytest.raises(BadInput, match="KEY_MALFORMED"):
        verify_log(sealed.place / "home", "wrong")


def test_a_read_only_copy_verifies_and_nothing_is_written(sealed: World) -> None:
    home = sealed.place / "home"
    kept = [home / "log", home / "batches"]
    places = [path for top in kept for path in (top, *top.rglob("*"))]
    before = {path: path.stat().st_mtime_ns for path in places}
    for path in places:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        assert found_by(sealed) == ""
        assert {path: path.stat().st_mtime_ns for top in kept for path in (top, *top.rglob("*"))} == before
    finally:
        for path in places:
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert os.access(home / "log", os.W_OK)
