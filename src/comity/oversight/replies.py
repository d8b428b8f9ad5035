"""What was sealed of an intent, verified: each reply rebuilt, its manifest read, its certificate the named one."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from comity.accounting.leaf import OutcomeLeaf
from comity.agreements import kept
from comity.case.artefact import Artefact
from comity.case.batch_events import RepliesSealed, SubmissionReceived
from comity.case.batch_state import BatchState
from comity.case.homes import REHEARSAL
from comity.crypto import Certificate, digest, verify
from comity.disclosure import Heading, Manifest, Reply, enclosed, rebuild_replies
from comity.oversight.artefacts import named_artefact, reading
from comity.oversight.disclosures import Disclosure
from comity.oversight.walk import Walk, inconsistent
from comity.oversight.witnessed import require_witnessed
from comity.review import SIGNATORY
from comity.workspace import artefact_name, file_digest


@dataclass(frozen=True)
class _Entry:
    """A line of the index of the replies."""

    certificate: str
    plaintext_digest: str
    sealed_digest: str
    rows: int
    file: str


def verify_replies(walk: Walk, intent: Disclosure, leaf: OutcomeLeaf, state: BatchState) -> None:
    """Verify the replies that `leaf` says were sealed of `intent`; `state` is the batch after all opened events.

    Each reply follows again from answers and blinds, lies in the file that the index names, under a manifest that the
    office signed, for the certificate that the submission names; the index is the one the events name, where these are
    opened. Raises Integrity, see `_verify_reply`, ARTEFACT_CHANGED, REPLY_UNASKED or HANDED_OVER_DIFFERS.
    """
    folder = walk.folder(leaf.batch)
    index = _sealed_index(folder, state.sealed)
    _require_handed_over_as_sealed(state, index)
    received = intent.state.submission()
    certificates = _named_certificates(folder, received)
    proofs: set[str] = set()
    answers = named_artefact(folder, intent.intended.answers)
    blinds = named_artefact(folder, intent.intended.blinds)
    with tempfile.TemporaryDirectory() as scratch:
        for reply in rebuild_replies(Path(scratch), answers, blinds, _heading(walk, received, _rules(intent))):
            entry = index.pop(reply.recipient, None)
            proofs.add(_verify_reply(walk, leaf, reply, entry, certificates.get(reply.recipient, "")))
    if index:
        raise inconsistent("REPLY_UNASKED", "A reply was sealed for somebody to whom nothing was answered.")
    for proof in proofs:
        require_witnessed(walk, intent, proof)


def _verify_reply(walk: Walk, leaf: OutcomeLeaf, reply: Reply, entry: _Entry | None, certificate: str) -> str:
    """Gives the tlog-proof that the reply carries.

    Raises Integrity REPLY_DIFFERS, CERTIFICATE_DIFFERS, REPLY_CHANGED, or as `_verify_manifest`.
    """
    plaintext_digest = digest(reply.plaintext())
    if entry is None or (entry.plaintext_digest, entry.rows) != (plaintext_digest, reply.rows):
        raise inconsistent("REPLY_DIFFERS", f"A sealed reply of batch {leaf.batch} is not what was answered.")
    if not certificate or entry.certificate != certificate:
        raise inconsistent(
            "CERTIFICATE_DIFFERS", f"A reply of batch {leaf.batch} is for another certificate than was named."
        )
    path = walk.folder(leaf.batch) / "replies" / f"{entry.sealed_digest}.reply"
    named = entry.file == f"replies/{path.name}" and path.is_file()
    if not named or file_digest(path) != entry.sealed_digest:
        raise inconsistent("REPLY_CHANGED", f"A sealed file of batch {leaf.batch} is not the one its index names.")
    return _verify_manifest(walk, datetime.fromisoformat(leaf.at), path.read_bytes(), reply, certificate)


def _verify_manifest(walk: Walk, at: datetime, content: bytes, reply: Reply, certificate: str) -> str:
    """Gives the manifest's tlog-proof.

    Raises Integrity MANIFEST_OF_ANOTHER, MANIFEST_DIFFERS, or as `Manifest.read` and `enclosed`.
    """
    token, sealed = enclosed(content)
    said = Manifest.read(token, [walk.authority()], at)
    # Officers hold certificates of the same authority; only the office's own speaks for it.
    if verify(token, [walk.authority()], at).certificate.fingerprint != walk.certificate().fingerprint:
        raise inconsistent("MANIFEST_OF_ANOTHER", "The manifest of a reply is signed by somebody else than the office.")
    head = Heading(said.submission, said.submission_digest, said.agreement, said.version, (), said.rehearsal)
    ours = reply.heading
    asked = Heading(ours.submission, ours.submission_digest, ours.agreement, ours.version, (), ours.rehearsal)
    about = (said.recipient, said.certificate, said.rows, said.plaintext_digest, said.content_digest)
    true = (reply.recipient, certificate, reply.rows, digest(reply.plaintext()), digest(sealed))
    if head != asked or about != true:
        raise inconsistent("MANIFEST_DIFFERS", "The manifest of a reply is not about that reply.")
    return said.intended


def _require_handed_over_as_sealed(state: BatchState, index: Mapping[str, _Entry]) -> None:
    given = {who: handed.sealed_digest for who, handed in state.handed_over.items()}
    opened = {who: said.plaintext_digest for who, said in state.acknowledged.items()}
    sealed = {who: entry.sealed_digest for who, entry in index.items()}
    plain = {who: entry.plaintext_digest for who, entry in index.items()}
    if not (given.items() <= sealed.items() and opened.items() <= plain.items()):
        raise inconsistent("HANDED_OVER_DIFFERS", "What was handed over or acknowledged is not what was sealed.")


def _named_certificates(folder: Path, received: SubmissionReceived) -> dict[str, str]:
    """Recipient to fingerprint, as the submission names them; the signatory by what signed it."""
    with reading(folder) as ws:
        ws.view("recipients", named_artefact(folder, received.recipients))
        named = dict(ws.rows("SELECT recipient, certificate FROM recipients"))
    return named | {SIGNATORY: Certificate.from_pem(received.certificate.encode()).fingerprint}


def _rules(intent: Disclosure) -> str:
    """The digest of the agreement under which the batch was ruled on."""
    if intent.state.ruled is None:
        raise inconsistent("RULES_MISSING", "An answer was given to a batch on which nobody ruled.")
    return intent.state.ruled.agreement_digest


def _heading(walk: Walk, received: SubmissionReceived, rules: str) -> Heading:
    return Heading(
        received.submission,
        received.package_digest,
        received.agreement,
        received.agreement_version,
        kept(walk.directory / "agreements", rules).codes,
        rehearsal=walk.genesis.home_kind == REHEARSAL,
    )


def _sealed_index(folder: Path, sealed: RepliesSealed | None) -> dict[str, _Entry]:
    """The index of the replies by recipient: the one that `sealed` names, or the only one that is there."""
    artefact = _only_index(folder) if sealed is None else named_artefact(folder, sealed.replies)
    with reading(folder) as ws:
        ws.view("replies", artefact)
        columns = ", ".join(_Entry.__dataclass_fields__)
        return {who: _Entry(*line) for who, *line in ws.rows(f"SELECT recipient, {columns} FROM replies")}


def _only_index(folder: Path) -> Artefact:
    files = sorted(folder.glob("replies-*.parquet"))
    if len(files) != 1 or artefact_name("replies", file_digest(files[0])) != files[0].name:
        raise inconsistent("ARTEFACT_CHANGED", "The index of the replies is missing or not the one it names.")
    return Artefact("replies", file_digest(files[0]), files[0], 0)
