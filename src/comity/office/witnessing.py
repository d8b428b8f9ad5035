"""The witnesses of the log: whom an agreement's quorum names, and asking them before anything is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from comity.accounting.checkpoint import Verifier, lines_of, verify_log_note
from comity.accounting.errors import LogError
from comity.accounting.policy import Policy, parse_policy, quorum_met
from comity.accounting.verifying import note_verifier
from comity.case.batch_events import DisclosureIntended
from comity.case.batch_state import BatchState
from comity.case.envelope import batch_stream
from comity.case.errors import BadInput, Integrity, Waiting
from comity.case.office_events import QuorumProposed
from comity.office.acts import propose_entry
from comity.office.asking import DISAGREEMENTS, Asked, ask
from comity.office.desk import Actor, Office, log_errors

_AT_ONCE = 8


@dataclass(frozen=True)
class Witnessed:
    """A checkpoint note of the log with every cosignature that was had, the policy asked for, and who refused why."""

    note: str
    policy: Policy
    refusals: dict[str, str]
    met: bool

    def names(self) -> list[str]:
        """The policy's names of its witnesses."""
        return [_said(name) for name in self.policy.witnesses]


def propose_quorum(office: Office, actor: Actor, agreement: str, policy: bytes, binds_from: str) -> int:
    """Propose the text of a policy file as the quorum of an agreement from that day (ISO) on; gives its version.

    Raises BadInput `POLICY_MALFORMED`, `WITNESS_WITHOUT_URL` or `POLICY_OF_ANOTHER_LOG`, and as `propose_entry`.
    """
    try:
        parsed, text = parse_policy(policy), policy.decode("utf-8")
    except LogError as error:
        raise BadInput(error.code, error.says, "Write the file as c2sp.org/tlog-policy says.") from None
    except UnicodeDecodeError:
        raise BadInput("FILE_NOT_TEXT", "The policy is not UTF-8.", "Save the file as UTF-8.") from None
    if not all(_asks(parsed.urls.get(name, "")) for name in parsed.witnesses):
        raise BadInput(
            "WITNESS_WITHOUT_URL", "A witness could not be asked.", "Give each witness line an http or https URL."
        )
    if parsed.logs and office.home.note_key() not in parsed.logs:
        raise BadInput("POLICY_OF_ANOTHER_LOG", "The policy names other logs.", "Name this office's log, or none.")
    return propose_entry(office, actor, QuorumProposed(agreement, text, binds_from))


def witness_intent(office: Office, batch: BatchState) -> Witnessed:
    """The log's checkpoint over the intent in force, cosigned by the quorum that bound when it was intended.

    A quorum that is set meanwhile binds the next intent. Raises Waiting `QUORUM_NOT_MET`, Integrity
    `WITNESS_DISAGREES` when too few cosigned and one of the others has cosigned another history.
    """
    found = witness_log(office, quorum_of_intent(office, batch))
    require_met(found)
    return found


def require_met(found: Witnessed) -> None:
    """Raise Waiting `QUORUM_NOT_MET` or Integrity `WITNESS_DISAGREES` unless enough witnesses cosigned."""
    if not found.met:
        raise _unwitnessed(found)


def quorum_of_intent(office: Office, batch: BatchState) -> Policy:
    """The policy that bound when the intent in force was made. Raises Refused `OUT_OF_ORDER` before there is one."""
    then = office.state_at(batch.intent().office_version)
    stream = office.store.read(batch_stream(batch.batch))
    intended = [stored for stored in stream if stored.type == DisclosureIntended.kind()][-1]
    return _policy(office, then.quorum_on(batch.submission().agreement, intended.at[:10]))


def quorum_today(office: Office, agreement: str) -> Policy:
    """The policy of an agreement that binds today."""
    return _policy(office, office.state().quorum_on(agreement, office.now().date().isoformat()))


def witness_log(office: Office, policy: Policy) -> Witnessed:
    """Ask the policy's witnesses for the log's checkpoint, those that have not cosigned it, and publish it with theirs.

    Log and events are brought to agreement first: another process may have changed the log's key, or ended between an
    event and its leaves, and what is cosigned is the newest. Raises Integrity with the log's code.
    """
    office.follow()
    with log_errors():
        note = office.log.note()
        held = _signed(note, known_to(office, policy))
        missing = {name: key for name, key in policy.witnesses.items() if key not in held}
        answers = _ask_all(office, policy, note, {policy.urls[name] for name in missing})
        bare = note[: note.rindex("\n\n") + 2] + lines_of(note, [office.home.note_key(), *policy.witnesses.values()])
        note = bare + "".join(sorted({line for asked in answers.values() for line in _lines(asked, bare)}))
        if any(asked.lines for asked in answers.values()):
            office.log.publish_cosigned(note)
        _, verified = verify_log_note(note, known_to(office, policy))
    why = {_said(name): answers[policy.urls[name]].why for name in missing}
    return Witnessed(note, policy, {name: said for name, said in why.items() if said}, quorum_met(policy, verified))


def known_to(office: Office, policy: Policy) -> list[Verifier]:
    """The log's own verifier and those of every witness of the policy."""
    return [office.home.verifier(), *map(note_verifier, policy.witnesses.values())]


def _said(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def _policy(office: Office, text: str) -> Policy:
    with log_errors():
        policy = parse_policy(text.encode())
    # A quorum may have been set under an earlier key of this log.
    return replace(policy, logs=(office.home.note_key(),))


def _signed(note: str, verifiers: Sequence[Verifier]) -> set[object]:
    _, verified = verify_log_note(note, verifiers)
    return {one.key for one in verified.signatures}


def _ask_all(office: Office, policy: Policy, note: str, urls: set[str]) -> dict[str, Asked]:
    """The answer of the witness at each URL; all are asked at once, for some may be slow to say nothing."""

    def asked(url: str) -> Asked:
        keys = [key for name, key in policy.witnesses.items() if policy.urls[name] == url]
        return ask(url, [note_verifier(key) for key in keys], office.log, note)

    if urls:
        office.progress(f"5 accounting: asking witnesses to cosign the log: {len(urls)}")
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return dict(zip(urls, pool.map(asked, urls), strict=True))


def _lines(asked: Asked, note: str) -> list[str]:
    return [line for line in asked.lines.splitlines(keepends=True) if line not in note]


def _asks(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _unwitnessed(found: Witnessed) -> Waiting | Integrity:
    said = "; ".join(f"{name} {why}" for name, why in sorted(found.refusals.items()))
    if DISAGREEMENTS & set(found.refusals.values()):
        return Integrity(
            "WITNESS_DISAGREES",
            f"Witnesses have seen another log under this office's key: {said}.",
            "Nothing was sealed. Keep everything as it is, and see docs/how-to/witnesses.md.",
        )
    return Waiting(
        "QUORUM_NOT_MET",
        f"Too few witnesses cosigned the log: {said}.",
        "Nothing was sealed. Run `comity release` again when the witnesses answer.",
    )
