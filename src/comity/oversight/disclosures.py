"""One intent of a batch, verified: its entries, its answers, its two signatures, and what was sealed of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from comity.accounting.commitments import commit_sql
from comity.accounting.reading import read_leaves
from comity.agreements import load
from comity.case.artefact import Artefact
from comity.case.batch_decisions import APPROVERS
from comity.case.batch_state import BatchState
from comity.case.errors import Integrity
from comity.crypto import Certificate, digest
from comity.disclosure import Heading, rebuild_replies
from comity.review import Countersignature, Statement, compose_answers
from comity.review.statements import verify_countersignature
from comity.workspace import artefact_name, file_digest, workspace

Entries = Callable[[int, int], Iterator[bytes]]

_ENTRY_DIFFERS = f"""
SELECT count(*) FROM accounting WHERE leaf IS DISTINCT FROM encode(
    '{{"inner":"' || {commit_sql("inner_salt", "inner_body")} || '","outer":"'
    || {commit_sql("outer_salt", "outer_body")} || '","type":"request/1"}}')"""
_ANSWER_DIFFERS = """
SELECT count(*) FROM accounting FULL JOIN answers USING (row_number)
WHERE accounting.request_id IS DISTINCT FROM answers.request_id
    OR json_extract_string(outer_body, '$.answer') IS DISTINCT FROM answer"""


@dataclass(frozen=True)
class Disclosure:
    """An intent that holds: its number, the index of its leaf, its entries, and the batch as it stood then."""

    number: int
    index: int
    rows: int
    agreement: str
    state: BatchState


def verify_intent(folder: Path, state: BatchState, index: int, entries: Entries, authority: Certificate) -> Disclosure:
    """Verify the intent in force in `state`, whose leaf stands at `index`, by the artefacts in `folder`.

    Every artefact that an event names is the one it names; the leaves before `index` are the intent's entries, and open
    to bodies about exactly the answers; the answers follow from rulings, determinations and votes; two officers under
    `authority` signed them. Raises Integrity.
    """
    intended = state.intended
    if intended is None:
        raise _inconsistent("INTENT_MISSING", f"The leaf {index} intends what no event does.")
    found = {named["kind"]: _artefact(folder, named) for named in state.named}
    rows = found["accounting"].rows
    with workspace(folder) as ws:
        ws.view("accounting", found["accounting"])
        if any(ours != theirs for ours, theirs in zip_longest(read_leaves(ws), entries(index - rows, index))):
            raise _inconsistent("ENTRY_DIFFERS", f"The entries before leaf {index} are not those of its accounting.")
    _require_same_rows(folder, found)
    _require_recomposed(folder, found)
    _require_two_signatures(state, authority)
    return Disclosure(intended.intent, index, rows, state.submission().agreement, state)


def _artefact(folder: Path, named: Mapping[str, Any]) -> Artefact:
    path = folder / artefact_name(named["kind"], named["digest"])
    if not path.exists() or file_digest(path) != named["digest"]:
        raise _inconsistent("ARTEFACT_CHANGED", f"The {named['kind']} artefact of a batch is not the one it names.")
    return Artefact(named["kind"], named["digest"], path, named["rows"])


def _require_same_rows(folder: Path, found: Mapping[str, Artefact]) -> None:
    with workspace(folder) as ws:
        ws.view("accounting", found["accounting"])
        ws.view("answers", found["answers"])
        for sql in (_ENTRY_DIFFERS, _ANSWER_DIFFERS):
            if ws.rows(sql)[0][0]:
                raise _inconsistent("ENTRY_DIFFERS", "An entry does not open to a body about its answer.")


def _require_recomposed(folder: Path, found: Mapping[str, Artefact]) -> None:
    """The answers follow again from what came before them."""
    names = ("requests", "settled", "candidates", "determinations", "verdicts")
    with tempfile.TemporaryDirectory() as scratch:
        again = compose_answers(Path(scratch), *(found[name] for name in names))
        with workspace(Path(scratch), reads=[folder]) as ws:
            ws.view("again", again)
            ws.view("answers", found["answers"])
            differ = ws.rows("SELECT count(*) FROM (FROM again EXCEPT ALL FROM answers)")[0][0]
    if differ or again.rows != found["answers"].rows:
        raise _inconsistent("ANSWERS_DIFFER", "The answers do not follow from rulings, determinations and votes.")


def _require_two_signatures(state: BatchState, authority: Certificate) -> None:
    signers = set()
    for signed in state.countersigned:
        statement = Statement.read(signed.statement)
        whole = Countersignature(statement, signed.alg, signed.signature, signed.credential)
        signers.add(verify_countersignature(whole, [authority], statement.moment()).fingerprint)
        if state.answers is None or statement.digest != state.answers.answers["digest"]:
            raise _inconsistent("ANSWERS_CHANGED", "A countersignature covers other answers than the batch's.")
    if len(signers) < APPROVERS:
        raise _inconsistent("SIGNATURES_MISSING", "An intent stands in the log without two countersignatures.")


def verify_sealed(folder: Path, intent: Disclosure) -> None:
    """Rebuild every reply of a sealed intent from answers and blinds, and compare it with what was sealed.

    Raises Integrity `REPLY_DIFFERS`, naming the recipient.
    """
    intended = intent.state.intended
    if intended is None:
        raise _inconsistent("INTENT_MISSING", "A sealing stands in the log without an intent in force.")
    answers, blinds = _artefact(folder, intended.answers), _artefact(folder, intended.blinds)
    index = _sealed_index(folder)
    for reply in rebuild_replies(folder, answers, blinds, _heading(intent.state)):
        plaintext_digest, sealed_digest, file = index.pop(reply.recipient, ("", "", ""))
        sealed = folder / file
        same = digest(reply.plaintext()) == plaintext_digest and sealed.is_file()
        if not same or file_digest(sealed) != sealed_digest:
            raise _inconsistent("REPLY_DIFFERS", f"The reply of {reply.recipient} is not what was answered.")
    if index:
        raise _inconsistent("REPLY_DIFFERS", "A reply was sealed for somebody to whom nothing was answered.")


def _heading(state: BatchState) -> Heading:
    received = state.submission()
    return Heading(
        received.submission,
        received.package_digest,
        received.agreement,
        received.agreement_version,
        load(received.agreement).codes,
        rehearsal=True,
    )


def _sealed_index(folder: Path) -> dict[str, tuple[str, str, str]]:
    """The index of the replies: recipient to digests of plaintext and sealed file, and the file's name."""
    files = sorted(folder.glob("replies-*.parquet"))
    if len(files) != 1 or artefact_name("replies", file_digest(files[0])) != files[0].name:
        raise _inconsistent("ARTEFACT_CHANGED", "The index of the replies is missing or not the one it names.")
    with workspace(folder) as ws:
        ws.view("replies", Artefact("replies", file_digest(files[0]), files[0], 0))
        rows = ws.rows("SELECT recipient, plaintext_digest, sealed_digest, file FROM replies")
    return {recipient: (plaintext, sealed, file) for recipient, plaintext, sealed, file in rows}


def _inconsistent(code: str, says: str) -> Integrity:
    return Integrity(code, says, "Do not rely on this log; keep it as evidence.")
