"""The seven steps, in order. Each is one call; what a step is made of stands in the module it names.

    requester ──package──▶ 1 intake ─▶ 2 gates ─▶ 3 linkage ─▶ 4 review ─▶ 5 accounting ─▶ 6 disclosure ──replies──▶
                                                                  7 oversight reads everything, writes nothing

`work` carries a batch through 2 to 4 as far as it goes without people and raises Waiting where they are needed;
`release` does 5 and 6. A step run again before its event starts anew; after its event it does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.case.batch_decisions import require_signatures
from comity.linkage import EngineChoice
from comity.office import determining, handing, intending, receiving, reviewing, ruling, screening, witnessing
from comity.office.desk import Actor, Office
from comity.office.locks import alone


def receive(office: Office, actor: Actor, package: Path) -> str:
    """1 intake: open a submission, verify its signature, read it into one table. Gives the batch's id."""
    office.progress("1 intake: verifying the signature and reading the requests")
    return receiving.receive(office, actor, package)


def work(office: Office, actor: Actor, batch_id: str, engine: EngineChoice | None = None) -> None:
    """2 gates, 3 linkage, 4 review: on to where people are needed. Raises Waiting; returns when two have signed.

    `engine` is what links, DuckDB unless said otherwise.
    """
    with alone_with(office, batch_id):
        gates(office, actor, batch_id)
        linkage(office, actor, batch_id, engine)
        review(office, actor, batch_id)


def gates(office: Office, actor: Actor, batch_id: str) -> None:
    """2 gates: rule on every request; wait for an examiner where a ruling asks for one."""
    if office.batch(batch_id).ruled is None:
        office.progress("2 gates: ruling on every request, clause by clause")
        ruling.rule(office, actor, office.batch(batch_id))
    if office.batch(batch_id).settled is None:
        ruling.settle_all(office, actor, office.batch(batch_id))


def linkage(office: Office, actor: Actor, batch_id: str, engine: EngineChoice | None = None) -> None:
    """3 linkage: candidates for the requests that passed, compared and determined."""
    if office.batch(batch_id).determined is None:
        office.progress("3 linkage: comparing the requests that passed with the records")
        determining.determine(office, actor, office.batch(batch_id), engine or EngineChoice())


def review(office: Office, actor: Actor, batch_id: str) -> None:
    """4 review: people weigh the unclear ones; then every request has its answer, and two sign exactly that."""
    if reviewing.needs_answers(office, office.batch(batch_id)):
        reviewing.answer(office, actor, office.batch(batch_id))
        office.progress("4 review: every request has its answer")
    require_signatures(office.batch(batch_id))


def screen(office: Office, actor: Actor, batch_id: str, list_: Iterable[bytes]) -> int:
    """4 review: the screener's word on everybody whom the answers would confirm. Gives how many that are."""
    with alone_with(office, batch_id):
        return screening.enter_screen(office, actor, batch_id, list_)


def release(office: Office, actor: Actor, batch_id: str) -> int:
    """5 accounting, 6 disclosure: log what is about to be disclosed, then seal. Gives the number of replies."""
    with alone_with(office, batch_id):
        accounting(office, actor, batch_id)
        return disclosure(office, actor, batch_id)


@contextmanager
def alone_with(office: Office, batch_id: str) -> Iterator[None]:
    """Work on a batch as the only one, what an unfinished step left swept first. Raises Waiting `BUSY`.

    Without the lock, the sweep of one worker takes the artefact that another is about to name.
    """
    office.batch(batch_id)
    with alone(office.home.directory, f"batch-{batch_id}", wait=False):
        office.vault.sweep(batch_id, office.batch(batch_id).named)
        yield


def accounting(office: Office, actor: Actor, batch_id: str) -> None:
    """5 accounting: write the intent down, log an entry per request, under a signed checkpoint."""
    if office.batch(batch_id).intended is None:
        office.progress("5 accounting: logging what is about to be disclosed")
        intending.intend(office, actor, office.batch(batch_id))


def abandon(office: Office, actor: Actor, batch_id: str, reason: str) -> None:
    """5 accounting: give up an intent that was not sealed; after it, 4 review begins again."""
    intending.abandon(office, actor, batch_id, reason)


def disclosure(office: Office, actor: Actor, batch_id: str) -> int:
    """6 disclosure: once the witnesses cosigned the log, permit and receipt become sealed replies, into the vault.

    Raises Waiting `QUORUM_NOT_MET`: run it again when the witnesses are back.
    """
    if office.batch(batch_id).sealed is None:
        office.progress("6 disclosure: sealing one reply per recipient")
        witnessed = witnessing.witness_intent(office, office.batch(batch_id))
        handing.seal(office, actor, office.batch(batch_id), witnessed)
    sealed = office.batch(batch_id).sealed
    return int(sealed.replies["rows"]) if sealed else 0


def collect(office: Office, actor: Actor, batch_id: str, recipient: str, out: Path) -> None:
    """6 disclosure: hand one sealed reply over; holds are read in the transaction that records it."""
    handing.collect(office, actor, office.batch(batch_id), recipient, out)


def acknowledge(office: Office, actor: Actor, batch_id: str, recipient: str, signature: Path) -> None:
    """6 disclosure: file the recipient's signature over what was opened."""
    handing.acknowledge(office, actor, office.batch(batch_id), recipient, signature)
