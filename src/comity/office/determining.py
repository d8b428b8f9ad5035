"""Step 3, linkage: the requests that passed are compared with the custodian's records."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date

from comity import linkage, review
from comity.agreements import Agreement
from comity.case import batch_decisions as decide
from comity.case.artefact import Artefact
from comity.case.batch_events import KnownCasesMixed, RequestsDetermined, RequestsRuled
from comity.case.batch_state import BatchState
from comity.case.envelope import Event
from comity.case.errors import Refused
from comity.case.holds import require_no_hold
from comity.linkage import EngineChoice
from comity.office.desk import Actor, Office
from comity.office.receiving import SALT_BYTES, agreement_in_force
from comity.office.stores import kept_registry
from comity.oversight.known_cases import make_known
from comity.standard import VERSION as STANDARD_VERSION
from comity.workspace import workspace

_PURPOSE = b"comity known cases v1\n"


def determine(office: Office, actor: Actor, batch: BatchState, engine: EngineChoice) -> None:
    """Link the requests of the batch that passed, under the terms in force, with the registry in force, on `engine`."""
    role = office.require(actor, "link", batch)
    state = office.state()
    received = batch.submission()
    require_no_hold(state.holds.values(), received.agreement)
    if state.registry is None or batch.settled is None or batch.ruled is None:
        raise Refused("REGISTRY_MISSING", "No registry has been built here.", "Build one: `comity registry build`.")
    agreement = agreement_in_force(office, state, received.agreement).on(date.fromisoformat(received.received_on))
    agreed, terms = agreement.terms, terms_under(agreement)
    vault, folder = office.vault, office.vault.folder(batch.batch)
    with engine.opened() as opened:
        linked = linkage.link(
            folder,
            vault.artefact(batch.batch, received.requests),
            vault.artefact(batch.batch, batch.settled.settled),
            linkage.open_index(kept_registry(office.home, state.registry.digest)),
            terms,
            opened,
            standardised=_standardised(office, batch.batch, batch.ruled),
        )
    with workspace(folder) as ws:
        ws.view("determinations", linked.determinations)
        counts = dict(ws.rows("SELECT determination, count(*) FROM determinations GROUP BY ALL ORDER BY ALL"))
    signature = office.home.sampling_key.raw.sign(review.sampling_statement(batch.batch, linked.determinations))
    draw = review.Draw(signature, agreed.audit_confirmed, agreed.audit_noes)
    sample = review.draw_sample(folder, linked.determinations, draw)
    event = RequestsDetermined(
        linked.candidates.named(),
        linked.determinations.named(),
        sample.named(),
        signature.hex(),
        state.registry.digest,
        worked_out_by(engine.name),
        agreed.determining(),
        counts,
        secrets.token_hex(SALT_BYTES),
    )
    known = _known_cases(office, batch, linked.determinations, sample, signature, agreement)
    events: list[Event] = [decide.mix_known(batch, known)] if known else []
    office.record(office.act(actor, role, "work"), [*events, decide.determine(batch, state, event)], state, batch)


def worked_out_by(engine: str) -> str:
    """What determinations are on record to rest on: the `engine` by name, and the versions of standard and rule."""
    return f"{engine}, standard {STANDARD_VERSION}, rule {linkage.VERSION}"


def _known_cases(
    office: Office,
    batch: BatchState,
    determinations: Artefact,
    sample: Artefact,
    signature: bytes,
    agreement: Agreement,
) -> KnownCasesMixed | None:
    """Known cases for the reviewers of the batch, drawn by the office's signature, so that nobody chooses them."""
    folder, registry = office.vault.folder(batch.batch), office.state().registry
    wanted = review.known_wanted(folder, determinations, agreement.terms.known_cases)
    if not wanted or registry is None:
        return None
    made = make_known(
        office.home.directory,
        folder,
        office.vault.artefact(batch.batch, batch.submission().requests),
        determinations,
        sample,
        linkage.open_index(kept_registry(office.home, registry.digest)),
        terms_under(agreement),
        hashlib.sha256(_PURPOSE + signature).hexdigest(),
        wanted,
    )
    return KnownCasesMixed(made.known.named(), made.candidates.named()) if made else None


def terms_under(agreement: Agreement) -> linkage.LinkageTerms:
    """The terms that linkage takes from an agreement."""
    agreed = agreement.terms
    return linkage.LinkageTerms(agreed.evidence, agreed.address_of_record, agreed.namesake_years)


def terms_on_record(determined: RequestsDetermined) -> linkage.LinkageTerms:
    """The terms under which a batch was determined."""
    terms = determined.terms
    return linkage.LinkageTerms(terms["evidence"], tuple(terms["forms"]), terms["namesake_years"])


def _standardised(office: Office, batch: str, ruled: RequestsRuled) -> Artefact | None:
    """What gates made of names and addresses; nothing if the code has another standard since: linkage makes it anew."""
    return office.vault.artefact(batch, ruled.standardised) if ruled.standard == STANDARD_VERSION else None
