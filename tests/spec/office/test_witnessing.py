"""Nothing is sealed before the quorum of witnesses that the agreement's register names has cosigned the log."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from comity.accounting import Log
from comity.accounting.add_checkpoint import AddCheckpoint
from comity.accounting.checkpoint import verify_log_note
from comity.accounting.policy import parse_policy
from comity.accounting.proof import parse_proof
from comity.case.errors import BadInput, Integrity, Refused, Waiting
from comity.case.registers import QUORUM
from comity.cli import options
from comity.demo.stage import AGREEMENT
from comity.disclosure import Manifest, enclosed
from comity.office import acts, asking, handing, story, witnessing
from comity.office.desk import Office
from comity.office.witnessing import known_to, propose_quorum, quorum_today, require_met, witness_log
from comity.oversight.verify import verify_log
from tests.spec.cli.terminal import Terminal
from tests.witnesses import Running, made, serving
from tests.world import World

NAMES = ("inspector-general", "court", "gao")


@dataclass
class Bench:
    """Three witnesses of the office's log; each answers until it is stopped."""

    world: World
    witnesses: dict[str, Running]
    _open: dict[str, ExitStack] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        for name in names:
            self._open[name] = ExitStack()
            self._open[name].enter_context(serving(self.witnesses[name], self.witnesses[name].port))

    def stop(self, *names: str) -> None:
        for name in names:
            self._open.pop(name).close()

    def close(self) -> None:
        self.stop(*list(self._open))

    def policy(self, threshold: int = 2) -> str:
        lines = "".join(self.witnesses[name].line(name) for name in NAMES)
        return f"# {threshold} of three\n{lines}group oversight {threshold} {' '.join(NAMES)}\nquorum oversight\n"

    def enter(self, policy: str, day: str = "") -> None:
        """The registrar proposes a quorum and counsel approves it."""
        office = self.world.office
        on = day or office.now().date().isoformat()
        number = propose_quorum(office, self.world.actor("registrar"), AGREEMENT, policy.encode(), on)
        acts.approve_entry(office, self.world.actor("counsel"), QUORUM, AGREEMENT, number)


@pytest.fixture
def bench(signed: World) -> Iterator[Bench]:
    """A world that is signed, with a quorum of two of three witnesses."""
    key = signed.office.home.note_key()
    seated = Bench(signed, {name: made(signed.place / name, key) for name in NAMES})
    seated.start(*NAMES)
    seated.enter(seated.policy())
    yield seated
    seated.close()


def refusal(kind: type[Exception], call, *arguments) -> str:
    with pytest.raises(kind) as caught:
        call(*arguments)
    return caught.value.code


def nothing_sealed(world: World) -> bool:
    folder = world.place / "home" / "batches" / world.batch
    return world.office.batch(world.batch).sealed is None and not list(folder.glob("replies*/*"))


def proof_in_a_reply(world: World) -> str:
    state = world.office.batch(world.batch)
    entry = handing.reply_entry(world.office, state, handing.recipients(world.office, state)[0])
    token, _ = enclosed((world.office.vault.folder(world.batch) / entry["file"]).read_bytes())
    return Manifest.read(token, [world.office.home.authority], world.office.now()).intended


def test_in_rehearsal_no_witness_is_asked_unless_the_register_names_one(signed: World) -> None:
    policy = quorum_today(signed.office, AGREEMENT)
    assert (policy.quorum, policy.witnesses, policy.logs) == (None, {}, (signed.office.home.note_key(),))
    assert signed.release() == 40


def test_a_release_carries_the_cosignatures_of_its_quorum(bench: Bench) -> None:
    bench.stop("gao")
    assert bench.world.release() == 40
    policy = parse_policy(bench.policy().encode())
    proof = parse_proof(proof_in_a_reply(bench.world))
    _, note = verify_log_note(proof.note, known_to(bench.world.office, policy))
    names = {one.key.name for one in note.signatures}
    assert names == {bench.world.office.log.origin, "witness.example/inspector-general", "witness.example/court"}
    assert verify_log(bench.world.place / "home").sealed == 1
    assert verify_log(bench.world.place / "home", policy=bench.policy()).sealed == 1


def test_a_release_waits_for_its_quorum_and_goes_on_when_it_is_there(bench: Bench) -> None:
    bench.stop("gao", "court")
    with pytest.raises(Waiting) as caught:
        bench.world.release()
    assert caught.value.code == "QUORUM_NOT_MET"
    assert caught.value.says.count("gives no answer") == 2
    assert "inspector-general" not in caught.value.says
    assert nothing_sealed(bench.world)
    bench.world.reopen()
    assert refusal(Waiting, bench.world.release) == "QUORUM_NOT_MET"
    bench.start("gao")
    assert bench.world.release() == 40
    events = [stored.type for stored in bench.world.office.store.read(f"batch/{bench.world.batch}")]
    assert events.count("disclosure_intended") == 1
    assert verify_log(bench.world.place / "home", policy=bench.policy()).sealed == 1


def test_a_release_that_waits_shows_the_code_and_exits_as_waiting(bench: Bench, monkeypatch) -> None:
    monkeypatch.setattr(options, "now", bench.world.stage.calendar)
    bench.stop("gao", "court")
    terminal = Terminal(bench.world)
    said = terminal.office("release", bench.world.batch, "--json", officer="transmitter")
    assert (said.exit_code, "QUORUM_NOT_MET" in said.output) == (4, True)
    assert terminal.office("log", "witness", AGREEMENT).exit_code == 4
    bench.start("court")
    shown = terminal.office("log", "witness", AGREEMENT)
    assert shown.exit_code == 0
    assert shown.output.count("cosigned") == 2
    assert terminal.done("release", bench.world.batch, officer="transmitter")["replies"] == 40
    shown = terminal.done("quorum", "show", AGREEMENT)["rows"]
    assert [(row["policy"], row["approved by"]) for row in shown] == [(bench.policy(), "counsel")]


def test_cosignatures_are_published_with_the_checkpoint_and_not_asked_for_again(bench: Bench) -> None:
    office = bench.world.office
    found = witness_log(office, quorum_today(office, AGREEMENT))
    assert (found.met, found.refusals) == (True, {})
    assert office.log.note() == found.note
    bench.stop(*NAMES)
    again = witness_log(office, quorum_today(office, AGREEMENT))
    assert (again.met, again.note) == (True, found.note)


def test_a_quorum_that_is_loosened_meanwhile_binds_the_next_intent_only(bench: Bench) -> None:
    bench.stop("gao", "court")
    assert refusal(Waiting, bench.world.release) == "QUORUM_NOT_MET"
    bench.enter("quorum none\n")
    assert refusal(Waiting, bench.world.release) == "QUORUM_NOT_MET"
    story.abandon(bench.world.office, bench.world.actor("transmitter"), bench.world.batch, "The witnesses are gone.")
    bench.world.to_signed()
    assert bench.world.release() == 40
    assert verify_log(bench.world.place / "home").sealed == 1
    assert refusal(Integrity, verify_log, bench.world.place / "home", "", print, bench.policy()) == "QUORUM_NOT_MET"


def test_a_cosignature_changed_under_the_published_checkpoint_is_found(bench: Bench) -> None:
    bench.world.release()
    office = bench.world.office
    found = witness_log(office, quorum_today(office, AGREEMENT))
    assert verify_log(bench.world.place / "home").sealed == 1
    changed = found.note[:-3000] + ("A" if found.note[-3000] != "A" else "B") + found.note[-2999:]
    (office.home.log_directory / "checkpoint").write_text(changed, "utf-8")
    assert refusal(Integrity, verify_log, bench.world.place / "home") == "NOTE_SIGNATURE_WRONG"


def test_an_office_that_seals_without_its_quorum_is_found_out(bench: Bench, monkeypatch) -> None:
    bench.stop(*NAMES)
    loose = parse_policy(b"quorum none\n")
    monkeypatch.setattr(witnessing, "quorum_of_intent", lambda *_: loose)
    assert bench.world.release() == 40
    assert refusal(Integrity, verify_log, bench.world.place / "home") == "QUORUM_NOT_MET"


def test_a_witness_that_saw_another_history_stops_the_release(bench: Bench) -> None:
    office = bench.world.office
    witness_log(office, quorum_today(office, AGREEMENT))
    # The same key signs another history, and two witnesses are shown that one first.
    size = office.log.checkpoint().size
    other = bench.world.place / "other"
    shutil.copytree(office.home.log_directory, other)
    fork = Log(other, office.home.verifier(), office.home.signer())
    fork.append([b"a leaf that the office does not have"])
    for name in ("court", "gao"):
        body = AddCheckpoint(size, tuple(fork.consistency(size, size + 1)), fork.note()).body
        assert bench.witnesses[name].add(body)[0] == 200
    with pytest.raises(Integrity) as caught:
        bench.world.release()
    assert caught.value.code == "WITNESS_DISAGREES"
    assert nothing_sealed(bench.world)
    assert all(bench.witnesses[name].evidence(office.log.origin) for name in ("court", "gao"))
    assert not bench.witnesses["inspector-general"].evidence(office.log.origin)


def test_a_home_restored_whole_to_an_earlier_day_is_noticed_by_the_witnesses(bench: Bench) -> None:
    world = bench.world
    world.office.store.close()
    shutil.copytree(world.place / "home", world.place / "earlier")
    world.reopen()
    assert world.release() == 40
    witness_log(world.office, quorum_today(world.office, AGREEMENT))
    world.office.store.close()
    shutil.rmtree(world.place / "home")
    (world.place / "earlier").rename(world.place / "home")
    world.reopen()
    assert refusal(Integrity, witness_and_require, world) == "WITNESS_DISAGREES"


def witness_and_require(world: World) -> None:
    require_met(witness_log(world.office, quorum_today(world.office, AGREEMENT)))


def test_a_cosignature_by_a_key_that_the_policy_does_not_name_counts_for_nothing(bench: Bench, tmp_path: Path) -> None:
    office = bench.world.office
    with serving(made(tmp_path / "stranger", office.home.note_key())) as stranger:
        # The policy knows the court's key at an address where somebody else answers.
        policy = bench.policy(3).replace(bench.witnesses["court"].url, stranger.url)
        bench.enter(policy)
        found = witness_log(office, quorum_today(office, AGREEMENT))
    assert not found.met
    assert found.refusals == {"court": "answers with a signature that is not its own"}


def test_a_checkpoint_of_another_log_is_found_whoever_cosigned_it(bench: Bench, monkeypatch) -> None:
    world, made_receipt = bench.world, handing.make_receipt

    def of_a_fork(_, start, end, index, __):
        """A sound receipt, cosigned by everybody, of a log that went on differently after the intent."""
        office = world.office
        shutil.copytree(office.home.log_directory, world.place / "fork")
        fork = Log(world.place / "fork", office.home.verifier(), office.home.signer())
        fork.append([b"a leaf that the office does not have"])
        with pytest.MonkeyPatch.context() as patch:
            # An honest office would find, before it asks, that its events do not make this log.
            patch.setattr(Office, "follow", lambda _: 0)
            found = witness_log(replace(office, log=fork), quorum_today(office, AGREEMENT))
        assert found.met
        return made_receipt(fork, start, end, index, found.note)

    monkeypatch.setattr(handing, "make_receipt", of_a_fork)
    assert world.release() == 40
    assert refusal(Integrity, verify_log, world.place / "home") == "CHECKPOINT_DIFFERS"


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ("quorum nobody\n", "POLICY_MALFORMED"),
        ("{court}group g any court\n", "POLICY_MALFORMED"),
        ("{bare}quorum court\n", "WITNESS_WITHOUT_URL"),
        ("{ftp}quorum court\n", "WITNESS_WITHOUT_URL"),
        ("log {other}\nquorum none\n", "POLICY_OF_ANOTHER_LOG"),
    ],
)
def test_a_policy_that_could_not_be_kept_is_not_proposed(bench: Bench, policy: str, code: str) -> None:
    court = bench.witnesses["court"].line("court")
    bare, _, url = court.rpartition(" ")
    text = policy.format(
        court=court,
        bare=f"{bare}\n",
        ftp=f"{bare} {url.replace('http', 'ftp')}",
        other="example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    )
    assert refusal(BadInput, bench.enter, text) == code


def test_a_cosignature_that_says_no_time_counts_for_nothing(bench: Bench) -> None:
    office = bench.world.office
    bench.witnesses["court"].now = 0
    found = witness_log(office, quorum_today(office, AGREEMENT))
    assert (found.met, found.refusals) == (True, {"court": "answers without a time"})
    assert "witness.example/court" not in office.log.note()


def test_what_is_no_witness_or_answers_without_end_gives_no_answer(bench: Bench) -> None:
    class Babbler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(409)
            self.end_headers()
            self.wfile.write(b"9" * 200_000)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    office = bench.world.office
    with HTTPServer(("127.0.0.1", 0), Babbler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        babbling = f"http://127.0.0.1:{server.server_port}"
        bench.enter(bench.policy().replace(bench.witnesses["court"].url, babbling))
        found = witness_log(office, quorum_today(office, AGREEMENT))
        server.shutdown()
        thread.join()
    assert (found.met, found.refusals) == (True, {"court": "gives no answer"})


def test_a_witness_that_lets_its_answer_trickle_is_cut_off(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_WHOLE_PATIENCE_SECONDS", 1)
    released = Event()

    class Trickler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _ in range(200):
                if released.wait(0.1):
                    break
                with suppress(OSError):
                    self.wfile.write(b"x")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    office = bench.world.office
    with HTTPServer(("127.0.0.1", 0), Trickler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        trickling = f"http://127.0.0.1:{server.server_port}"
        bench.enter(bench.policy().replace(bench.witnesses["court"].url, trickling))
        found = witness_log(office, quorum_today(office, AGREEMENT))
        released.set()
        server.shutdown()
        thread.join()
    assert (found.met, found.refusals) == (True, {"court": "gives no answer"})


def test_a_log_that_grew_while_it_was_asked_about_is_not_published_under_the_older_checkpoint(bench: Bench) -> None:
    office = bench.world.office
    note = office.log.note()
    bench.world.hold()
    newer = office.log.note()
    office.log.publish_cosigned(note)
    assert office.log.note() == newer


def test_a_quorum_is_of_an_agreement_that_is_in_force_and_kept_by_two(bench: Bench) -> None:
    office, registrar = bench.world.office, bench.world.actor("registrar")
    today = office.now().date().isoformat()
    assert refusal(BadInput, propose_quorum, office, registrar, "other", b"quorum none\n", today) == "AGREEMENT_UNKNOWN"
    number = propose_quorum(office, registrar, AGREEMENT, b"quorum none\n", today)
    assert quorum_today(office, AGREEMENT).quorum == b"oversight"
    assert refusal(Refused, acts.approve_entry, office, registrar, QUORUM, AGREEMENT, number) == "RIGHT_MISSING"
