"""Step 5, accounting: what is about to be disclosed is written down, entry by entry, before anything is."""

from __future__ import annotations

import secrets
from datetime import date
from importlib.metadata import version
from pathlib import Path

from comity import disclosure
from comity.accounting.bodies import InnerFacts, OuterFacts
from comity.accounting.entries import Sources, make_blinds, make_entries
from comity.case import batch_decisions as decide
from comity.case.artefact import Artefact
from comity.case.batch_events import DisclosureAbandoned, DisclosureIntended
from comity.case.batch_state import BatchState
from comity.case.errors import Refused
from comity.case.office_state import OfficeState
from comity.crypto import canonical, digest
from comity.office.desk import Actor, Office
from comity.office.permitting import addressees, is_rehearsal, permit_for
from comity.office.receiving import SALT_BYTES, agreement_in_force
from comity.office.rechecking import require_still_allowed
from comity.office.reviewing import countersignatures
from comity.workspace import workspace

CHANNEL = "sealed reply, fetched by the recipient"


def intend(office: Office, actor: Actor, batch: BatchState) -> None:
    """Write the entries of every request and the intent; the log has them under a signed checkpoint on return.

    Raises Waiting `SIGNATURES_MISSING` or `ANSWER_HOUR_NOT_REACHED`, Refused `HOLD_ACTIVE` and what else has lapsed,
    and what `review.grant` refuses about the signatures.
    """
    role = office.require(actor, "release", batch)
    state, now = office.state(), office.now()
    decide.require_signatures(batch)
    decide.require_answer_hour(batch, now)
    agreed = agreement_in_force(office, state, batch.submission().agreement)
    require_still_allowed(office, batch, state, agreed)
    permit_for(office, batch, state)
    folder = office.vault.folder(batch.batch)
    sources = _sources(office, batch)
    _require_sealable(office, batch, state, sources)
    outer, inner = outer_facts(batch, state, agreed.digest), _inner(office, actor, batch, state)
    accounting = make_entries(folder, sources, outer, inner, secrets.token_bytes(SALT_BYTES))
    blinds = make_blinds(folder, sources.recipients, secrets.token_bytes(SALT_BYTES))
    event = DisclosureIntended(
        batch.intents + 1,
        sources.answers.named(),
        accounting.named(),
        blinds.named(),
        state.version,
        secrets.token_hex(SALT_BYTES),
    )
    office.record(office.act(actor, role, "release"), [decide.intend(batch, state, event)], state, batch)


def _require_sealable(office: Office, batch: BatchState, state: OfficeState, sources: Sources) -> None:
    # An intent that cannot be sealed would only wait to be abandoned.
    disclosure.require_sealable(
        office.vault.folder(batch.batch),
        sources.answers,
        sources.recipients,
        addressees(office, batch, state),
        office.home.certificate,
        rehearsal=is_rehearsal(state),
        at=office.now(),
    )


def abandon(office: Office, actor: Actor, batch_id: str, reason: str) -> None:
    """Give up the intent in force, with a reason; its leaves stay, and only new answers may follow.

    Nothing was disclosed by it: what lies sealed of it is not handed over. Raises Refused once replies were sealed.
    """
    batch = office.batch(batch_id)
    role = office.require(actor, "abandon", batch)
    state = office.state()
    event = DisclosureAbandoned(batch.intents, reason, state.version)
    office.record(office.act(actor, role, "abandon"), [decide.abandon(batch, event)], state, batch)


def _sources(office: Office, batch: BatchState) -> Sources:
    received, ruled, settled = batch.submission(), batch.ruled, batch.settled
    determined, answers = batch.determined, batch.answers
    if ruled is None or settled is None or determined is None or answers is None:
        raise Refused("OUT_OF_ORDER", "There are no answers to account for yet.", "Run `comity work BATCH`.")
    found = {
        "requests": received.requests,
        "recipients": received.recipients,
        "rulings": ruled.rulings,
        "settled": settled.settled,
        "determinations": determined.determinations,
        "verdicts": answers.verdicts,
        "answers": answers.answers,
    }
    artefacts = {name: office.vault.artefact(batch.batch, named) for name, named in found.items()}
    folder = office.vault.folder(batch.batch)
    pseudonyms = _pseudonyms(folder, artefacts["determinations"], office.home.pseudonym_key)
    screened = decide.withholdings_of(batch)
    withholdings = office.vault.artefact(batch.batch, screened) if screened else None
    listed = office.vault.artefact(batch.batch, answers.listed) if answers.listed else None
    return Sources(**artefacts, pseudonyms=pseudonyms, withholdings=withholdings, listed=listed)


def _pseudonyms(folder: Path, determinations: Artefact, key: bytes) -> Artefact:
    """The keyed pseudonym of the taxpayer that each determination names: HMAC-SHA-256 (RFC 2104), in columns.

    Whoever lacks the key cannot try all numbers of nine digits against it.
    """
    with workspace(folder) as ws:
        ws.view("determinations", determinations)
        return ws.write(
            "pseudonyms",
            f"SELECT row_number, {ws.hmac_sql(key, 'encode(taxpayer_id)')} AS taxpayer FROM determinations",
            "row_number",
        )


def outer_facts(batch: BatchState, state: OfficeState, agreement_digest: str) -> OuterFacts:
    """What the outer bodies of the next intent of `batch` have in common, by the registers `state`."""
    received = batch.submission()
    signatory = state.signatories.get(received.signatory)
    return OuterFacts(
        batch=batch.batch,
        intent=batch.intents + 1,
        submission=received.submission,
        submission_digest=received.package_digest,
        supersedes=received.supersedes or None,
        agency=received.agency,
        signatory_name=signatory.name if signatory else "not registered",
        signatory_office=signatory.office if signatory else "not registered",
        signatory_basis=signatory.basis if signatory else "not registered",
        agreement=received.agreement,
        agreement_version=received.agreement_version,
        agreement_digest=agreement_digest,
        answer_on=date.fromisoformat(received.answer_at[:10]),
        channel=CHANNEL,
    )


def _inner(office: Office, actor: Actor, batch: BatchState, state: OfficeState) -> InnerFacts:
    determined = batch.determined
    if determined is None:
        raise Refused("OUT_OF_ORDER", "There are no answers to account for yet.", "Run `comity work BATCH`.")
    return InnerFacts(
        registry_digest=determined.registry,
        engine=determined.engine,
        code_version=version("comity"),
        office_version=state.version,
        transmitter=actor.officer,
        countersignatures=tuple(digest(canonical(signed.form())) for signed in countersignatures(batch)),
        holds=tuple(sorted(name for name, hold in state.holds.items() if not hold.lifted_at)),
        at=office.now(),
    )
