"""A witness answers as c2sp.org/tlog-witness says: it cosigns what extends the last, and keeps what does not."""

from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from socket import create_connection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.accounting.add_checkpoint import AddCheckpoint, parse_add_checkpoint
from comity.accounting.checkpoint import (
    ED25519,
    Checkpoint,
    NoteKey,
    Signer,
    encode64,
    sign_note,
    signature_line,
    verify_note,
)
from comity.accounting.errors import LogError
from comity.accounting.tree import EMPTY_ROOT
from comity.accounting.verifying import note_verifier
from comity.case.errors import BadInput, Refused, Usage
from comity.crypto import Ed25519Key, sign_ed25519
from comity.witness import create_witness, open_witness, trust_log
from comity.witness.home import WATCHED
from tests.spec.cli.terminal import error_of, typed
from tests.spec.witness.conftest import ORIGIN, Logs, request
from tests.witnesses import NOON, Running, made, serving

EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
""".encode()
LEAVES = [b"leaf %d" % number for number in range(12)]


def signed(logs: Logs, size: int, root: bytes) -> str:
    return sign_note(Checkpoint(ORIGIN, size, root).text, [logs.signer])


def test_the_request_of_the_specification_is_read_and_written_alike() -> None:
    asked = parse_add_checkpoint(EXAMPLE)
    assert (asked.old, len(asked.proof)) == (20852014, 4)
    assert asked.body == EXAMPLE


@given(st.binary(max_size=300) | st.binary(max_size=80).map(lambda junk: EXAMPLE[:40] + junk + EXAMPLE[60:]))
def test_any_bytes_are_read_whole_or_refused_with_a_code(body: bytes) -> None:
    try:
        asked = parse_add_checkpoint(body)
    except LogError as error:
        code = error.code
    else:
        code = "ADD_MALFORMED" if asked.body == body else "read as something else"
    assert code == "ADD_MALFORMED"


def test_the_first_checkpoint_is_cosigned_with_both_keys_at_the_hour(witness: Running, logs: Logs) -> None:
    log = logs.log("log", *LEAVES)
    status, lines = witness.add(request(log, 0))
    assert status == 200
    keys = [signer.key for signer in witness.home.signers()]
    note = verify_note(log.note() + lines.decode(), [note_verifier(key) for key in keys])
    assert {one.key.kind: one.timestamp for one in note.signatures} == {0x06: NOON, 0x04: NOON}
    assert all(line.startswith("\u2014 witness.example/w1 ") for line in lines.decode().splitlines())


def test_a_checkpoint_that_extends_the_last_is_cosigned_and_the_same_one_again(witness: Running, logs: Logs) -> None:
    log = logs.log("log", *LEAVES[:5])
    assert witness.add(request(log, 0))[0] == 200
    log.append(LEAVES[5:])
    assert witness.add(request(log, 5))[0] == 200
    assert witness.add(request(log, 12))[0] == 200


def test_another_old_size_than_the_last_is_answered_with_the_last(witness: Running, logs: Logs) -> None:
    log = logs.log("log", *LEAVES)
    witness.add(request(log, 0))
    for old in (0, 3, 11):
        status, kind, body = witness.asked("POST", "/add-checkpoint", request(log, old))
        assert (status, kind, body) == (409, "text/x.tlog.size", b"12\n")


def test_a_witness_that_never_cosigned_has_the_size_nought(witness: Running, logs: Logs) -> None:
    assert witness.add(request(logs.log("log", *LEAVES), 5)) == (409, b"0\n")


def test_a_log_it_does_not_watch_is_unknown(witness: Running, tmp_path) -> None:
    stranger = Logs(tmp_path / "elsewhere")
    stranger.key = type(stranger.key)("other.example", stranger.key.kind, stranger.key.public_key)
    note = sign_note(Checkpoint("other.example", 0, EMPTY_ROOT).text, [Signer(stranger.key, stranger.signer.sign)])
    assert witness.add(AddCheckpoint(0, (), note).body)[0] == 404


def test_a_checkpoint_that_no_trusted_key_signed_is_forbidden(witness: Running, logs: Logs) -> None:
    other, log = Ed25519Key.generate(), logs.log("log", *LEAVES)
    key = type(logs.key)(ORIGIN, logs.key.kind, other.public_bytes)
    unsigned = sign_note(log.checkpoint().text, [Signer(key, lambda content: sign_ed25519(other, content))])
    forged = log.checkpoint().text + "\n" + signature_line(logs.key, bytes(64))
    for note in (unsigned, forged, log.note() + signature_line(logs.key, bytes(64))):
        assert witness.add(AddCheckpoint(0, (), note).body)[0] == 403
    assert not witness.evidence(ORIGIN)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old 00\n\n",
        b"old 0\n\nno checkpoint\n",
        b"old x\n\n%b",
        b"old  0\n\n%b",
        b"OLD 0\n\n%b",
        b"old 13\n\n%b",
        b"old 0\nAAAA\n\n%b",
        b"old 12\n" + b"%b\n" % encode64(bytes(32)).encode() * 64 + b"\n%%b",
    ],
)
def test_a_request_that_is_malformed_or_older_than_its_old_size_is_bad(
    witness: Running, logs: Logs, body: bytes
) -> None:
    note = logs.log("log", *LEAVES).note().encode()
    assert witness.add(body.replace(b"%b", note))[0] == 400


def test_a_proof_that_is_wrong_or_not_due_is_unprocessable(witness: Running, logs: Logs) -> None:
    log = logs.log("log", *LEAVES[:5])
    junk = (bytes(32),)
    assert witness.add(AddCheckpoint(0, junk, log.note()).body)[0] == 422
    assert witness.add(request(log, 0))[0] == 200
    log.append(LEAVES[5:])
    proof = tuple(log.consistency(5, 12))
    for wrong in ((), junk, proof[:-1], proof[::-1], (*proof, bytes(32))):
        assert witness.add(AddCheckpoint(5, wrong, log.note()).body)[0] == 422
    assert witness.add(request(log, 5))[0] == 200


def test_an_empty_log_has_the_root_of_nothing(witness: Running, logs: Logs) -> None:
    assert witness.add(AddCheckpoint(0, (), signed(logs, 0, bytes(32))).body)[0] == 422
    assert witness.add(AddCheckpoint(0, (), signed(logs, 0, EMPTY_ROOT)).body)[0] == 200


def test_two_logs_under_one_key_are_found_out_and_both_histories_are_kept(witness: Running, logs: Logs) -> None:
    true, false = logs.log("true", *LEAVES[:5]), logs.log("false", *LEAVES[:4], b"another leaf")
    assert witness.add(request(true, 0))[0] == 200
    # Asked from nothing, as a log asks that does not know the witness's size, it shows itself already.
    assert witness.add(request(false, 0)) == (409, b"5\n")
    assert witness.add(request(false, 5))[0] == 422
    [kept] = witness.evidence(ORIGIN)
    cosigned, received = ((kept / name).read_text("utf-8") for name in ("cosigned", "received"))
    heads = [true.verified(cosigned), true.verified(parse_add_checkpoint(received.encode()).note)]
    assert [head.size for head in heads] == [5, 5]
    assert heads[0].root == true.checkpoint().root != heads[1].root
    assert any(line.startswith(f"EVIDENCE: the log {ORIGIN} signed two histories") for line in witness.told)


def test_a_fork_that_grew_on_is_refused_and_kept_and_the_true_log_goes_on(witness: Running, logs: Logs) -> None:
    true, false = logs.log("true", *LEAVES[:5]), logs.log("false", *LEAVES[:4], b"another leaf", *LEAVES[5:])
    witness.add(request(true, 0))
    assert witness.add(request(false, 5))[0] == 422
    assert witness.add(request(false, 5))[0] == 422
    assert len(witness.evidence(ORIGIN)) == 1
    true.append(LEAVES[5:8])
    assert witness.add(request(true, 5))[0] == 200


def test_what_was_cosigned_outlives_a_restart(tmp_path, logs: Logs) -> None:
    log = logs.log("log", *LEAVES[:5])
    running = made(tmp_path / "w1", logs.key)
    with serving(running):
        assert running.add(request(log, 0))[0] == 200
    log.append(LEAVES[5:])
    with serving(running):
        assert running.add(request(log, 0)) == (409, b"5\n")
        assert running.add(request(log, 5))[0] == 200


def test_a_cosignature_is_given_only_after_it_is_on_the_disk(witness: Running, logs: Logs, monkeypatch) -> None:
    log = logs.log("log", *LEAVES)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert witness.add(request(log, 0))[0] == 500
    assert witness.add(request(log, 0))[0] == 200


def test_a_state_that_was_tampered_with_is_not_built_upon(witness: Running, logs: Logs) -> None:
    log = logs.log("log", *LEAVES[:5])
    witness.add(request(log, 0))
    path = witness.folder(ORIGIN) / "checkpoint"
    path.write_text(path.read_text("utf-8").replace("\n5\n", "\n4\n"), "utf-8")
    assert witness.add(request(log, 4))[0] == 500


def test_a_clock_that_goes_backwards_cosigns_nothing(witness: Running, logs: Logs) -> None:
    log = logs.log("log", *LEAVES[:5])
    witness.add(request(log, 0))
    log.append(LEAVES[5:])
    witness.now -= 1
    assert witness.add(request(log, 5))[0] == 503
    witness.now += 1
    assert witness.add(request(log, 5))[0] == 200


def test_of_requests_at_one_moment_each_sees_what_the_one_before_left(witness: Running, logs: Logs) -> None:
    log = logs.log("log", *LEAVES[:5])
    witness.add(request(log, 0))
    bodies = []
    for leaf in LEAVES[5:]:
        log.append([leaf])
        bodies.append(request(log, 5))
    with ThreadPoolExecutor(len(bodies)) as pool:
        answers = list(pool.map(witness.add, bodies))
    # Whoever came first moved the size on: for all others the old size is another one by then.
    assert sorted(status for status, _ in answers) == [200] + [409] * (len(bodies) - 1)
    [won] = [number for number, (status, _) in enumerate(answers) if status == 200]
    assert {body for status, body in answers if status == 409} == {b"%d\n" % (6 + won)}


def test_the_checkpoint_cosigned_last_is_served_to_monitors(witness: Running, logs: Logs) -> None:
    path = f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    assert witness.asked("GET", path)[0] == 404
    log = logs.log("log", *LEAVES)
    stranger = Ed25519Key.generate()
    unknown = type(logs.key)("somebody.example", logs.key.kind, stranger.public_bytes)
    note = log.note() + signature_line(unknown, bytes(64))
    _, lines = witness.add(AddCheckpoint(0, (), note).body)
    status, _, served = witness.asked("GET", path)
    assert (status, served.decode()) == (200, log.note() + lines.decode())


@pytest.mark.parametrize("path", ["/", "/checkpoint", "/../witness.toml", "/%2e%2e/checkpoint", "/logs/checkpoint"])
def test_nothing_else_is_served(witness: Running, path: str) -> None:
    assert witness.asked("GET", path)[0] == 404
    assert witness.asked("POST", path, b"old 0\n")[0] == 404


def test_a_request_that_is_too_long_is_not_read(witness: Running) -> None:
    assert witness.add(bytes(300 * 1024))[0] == 413


def test_what_follows_a_question_is_not_taken_for_the_next_one(witness: Running) -> None:
    smuggled = b"GET /nowhere HTTP/1.1\r\nHost: w\r\n\r\n"
    for head in (
        b"GET / HTTP/1.1\r\nHost: w\r\nContent-Length: %d\r\n\r\n" % len(smuggled),
        b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
    ):
        with create_connection(("127.0.0.1", witness.port), timeout=20) as line:
            line.sendall(head + smuggled)
            answered = b"".join(iter(lambda: line.recv(4096), b""))
        assert answered.count(b"HTTP/1.1 ") == 1


def test_a_log_whose_name_no_policy_can_hold_is_not_watched(tmp_path, logs: Logs) -> None:
    home = create_witness(tmp_path / "w2", "witness.example/w2")
    before = (home.directory / WATCHED).read_bytes()
    with pytest.raises(BadInput):
        trust_log(home, NoteKey("log.example/\u007f", ED25519, logs.key.public_key).vkey)
    assert (home.directory / WATCHED).read_bytes() == before


def test_a_witness_has_keys_of_its_own_that_others_cannot_read(tmp_path, logs: Logs) -> None:
    home = create_witness(tmp_path / "witness", "witness.example/court")
    for path in [home.directory, *home.directory.glob("*.key")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077
    assert [signer.key for signer in open_witness(home.directory).signers()] == [s.key for s in home.signers()]
    assert home.watched() == {}
    trust_log(home, logs.key.vkey)
    with pytest.raises(Refused, match="TAKEN"):
        trust_log(home, logs.key.vkey)
    with pytest.raises(BadInput, match="KEY_WRONG_KIND"):
        trust_log(home, home.signers()[1].key.vkey)
    with pytest.raises(BadInput, match="KEY_MALFORMED"):
        trust_log(home, "no key")
    with pytest.raises(Usage, match="WITNESS_EXISTS"):
        create_witness(home.directory, "witness.example/court")
    with pytest.raises(Usage, match="NOT_A_WITNESS"):
        open_witness(tmp_path)


@pytest.mark.parametrize("name", ["", "two words", "a+b", 'a"b', "a\nb", "x" * 256])
def test_a_name_that_no_note_can_bear_is_refused(tmp_path, name: str) -> None:
    with pytest.raises(BadInput, match="NAME_UNFIT"):
        create_witness(tmp_path / "witness", name)


def test_the_commands_make_a_witness_and_show_what_is_to_be_known_of_it(tmp_path, logs: Logs) -> None:
    place = tmp_path / "witness"
    made_ = json.loads(typed("witness", "new", place, "--name", "witness.example/gao", "--json").stdout)
    assert [vkey.split("+")[0] for vkey in made_["vkeys"]] == ["witness.example/gao"] * 2
    assert typed("witness", "watch", place, logs.key.vkey).exit_code == 0
    shown = json.loads(typed("witness", "show", place, "--json").stdout)
    assert shown == made_ | {"logs": [ORIGIN]}
    refused = typed("witness", "new", place, "--name", "witness.example/gao", "--json")
    assert (refused.exit_code, error_of(refused)["code"]) == (2, "WITNESS_EXISTS")


def test_a_port_that_is_taken_is_told_as_such(witness: Running) -> None:
    refused = typed("witness", "serve", witness.home.directory, "--port", witness.port, "--json")
    assert (refused.exit_code, error_of(refused)["code"]) == (2, "ADDRESS_TAKEN")
