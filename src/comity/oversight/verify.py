"""Verification of an office by somebody who trusts none of it, from its files alone: log/, batches/, agreements/.

In this order, so that each step stands on the one before: (1) the log's files hash to its signed checkpoint; (2) every
leaf is of a known form, and the first says whose log it is; (3) every stage and office leaf opens to its segment of
events, every entry of the registers was proposed and approved by two officers with the right, every hold has its
leaf, and in a live home every agreement came into force together with the court orders that it lists; (4) every
batch's events fold, and each artefact they name is the one they name; (5) every intent stands after exactly its
entries, and the entries are of the answers; (6) two approvers by the registers of that hour signed those answers; (7)
what was sealed was intended, rebuilds, lies under the office's own manifest for the named certificate, and was
witnessed by the quorum of its agreement, which in a live home demands a witness; and nothing was intended, sealed or
handed over under a hold, or while the rules, the signatory or the agency that asked no longer stood, by the registers
of that hour; and everybody who acted on a batch, in whatever part, held the role for it then and no part that rules it
out, and the hour of the answer was the one that the agreement gives. (8) Every accounting to a person is of
the right entries, every embargo stands in clear, and every contest that is closed was looked up, and a recall that
closed one exists. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from comity.accounting.checkpoint import parse_vkey
from comity.accounting.errors import LogError
from comity.accounting.leaf import StageLeaf
from comity.accounting.segments import Segment, read_segments
from comity.agreements import kept, kept_settings
from comity.case.batch_state import BatchState, fold_batch
from comity.case.envelope import batch_stream
from comity.case.errors import BadInput, ComityError, Integrity
from comity.case.homes import require_people_fit
from comity.case.office_events import AgreementProposed
from comity.case.retention import RECORDS
from comity.crypto import CryptoError
from comity.oversight.accountings import verify_accountings
from comity.oversight.activating import require_orders_in_force
from comity.oversight.artefacts import named_artefact
from comity.oversight.disclosures import Disclosure, verify_intent
from comity.oversight.duties import require_duties_kept
from comity.oversight.holds import require_holds_told
from comity.oversight.log_keys import NEXT
from comity.oversight.outcomes import verify_outcomes
from comity.oversight.pruned import Removal, digests_gone, removals_in, verify_removals
from comity.oversight.registers import Registers, open_registers
from comity.oversight.walk import KEEP, BatchLeaves, Walk, inconsistent, read_walk
from comity.oversight.witnessed import require_cosignatures_true


@dataclass(frozen=True)
class Gone:
    """Files of a class of a batch that were removed at that hour (ISO, UTC), under that version of the policy."""

    batch: str
    subject: str
    at: str
    policy: int


@dataclass(frozen=True)
class Verification:
    """What was checked and found to hold; `root` is in hex, `key` the verifier key that signed, which the verifier gave
    (`key_given`) or the log itself names.
    """

    origin: str
    key: str
    key_given: bool
    size: int
    root: str
    batches: int
    requests: int
    intents: int
    sealed: int
    holds: int
    office_events: int
    accountings: int
    embargoes: int
    embargoed: int
    contests: int
    open_contests: int
    told_until: str
    accounted_otherwise: tuple[int, ...]
    pruned: tuple[Gone, ...]
    not_removed: int

    def facts(self) -> dict[str, object]:
        """The figures, for JSON."""
        return asdict(self) | {"verified": True, "warnings": [code for code, _ in self.warnings()]}

    def warnings(self) -> tuple[tuple[str, str], ...]:
        """What holds, and is still for people to look at: codes, each with a sentence."""
        warnings = []
        if self.accounted_otherwise:
            numbers = ", ".join(map(str, self.accounted_otherwise))
            says = (
                f"The accountings {numbers} were made by another version of the standard, and today's finds other "
                "entries; have counsel account to these persons again."
            )
            warnings.append(("ACCOUNTED_OTHERWISE", says))
        if self.not_removed:
            says = f"{self.not_removed} files are said to be removed and lie there still; run `comity home prune`."
            warnings.append(("NOT_REMOVED", says))
        return tuple(warnings)

    def _whose(self) -> str:
        if self.key_given:
            return f"It is the log of the key that you gave, {self.key}."
        return (
            f"No key was given, so its own was taken, {self.key}: its files agree with each other. Whose log it is "
            "shows --key, with the key as the office gave it to you."
        )

    def _pruned(self) -> str:
        """What was removed, and what therefore was not derived again."""
        if not self.pruned:
            return ""
        records = sum(one.subject == RECORDS for one in self.pruned)
        return (
            f"\nOf {len({one.batch for one in self.pruned})} batches files were removed under the retention policy. "
            f"Of {records} the records are gone: their answers and audits were not derived again, all else was."
            + "".join(f"\n  {one.batch}: {one.subject}, {one.at[:10]}, version {one.policy}" for one in self.pruned)
        )

    def sentence(self) -> str:
        """The figures, for people."""
        return (
            f"Verified: {self.origin}, {self.size:,} leaves, root {self.root[:16]}.\n{self._whose()}\n"
            f"{self.batches} batches, {self.intents} intents with {self.requests:,} entries, {self.sealed} sealed, "
            f"{self.holds} leaves about holds, {self.office_events} events of the office opened.\n"
            f"{self.accountings} accountings to persons; {self.embargoes} embargoes in force on {self.told_until}, "
            f"over {self.embargoed:,} entries; {self.contests} contests, {self.open_contests} of them open.\n"
            "Every leaf opens to what lies beside it; every answer follows from its gates, records and votes; none was "
            "disclosed under a hold, without two approvers, or for an agency that did not stand at that hour."
            + self._pruned()
            + "".join(f"\n{code}: {says}" for code, says in self.warnings())
        )


def verify_log(
    directory: Path, key: str = "", progress: Callable[[str], None] = lambda _: None, policy: str | None = None
) -> Verification:
    """Verify the log in `directory/log` with the segments and artefacts in `directory/batches`, under the texts in
    `directory/agreements`.

    `key` is the log's verifier key as it was handed to the verifier; without one the key that the log itself names is
    taken, which shows the files to be consistent, not whose they are. One that is not in force any more is refused,
    `LOG_KEY_CHANGED` or `LOG_KEY_COMPROMISED`. `policy` is the verifier's own witness policy
    (the text of a c2sp.org/tlog-policy), for every release; without one, each release is held to the quorum that the
    office had set for its agreement. Raises Integrity with the code of the first thing that does not hold, and its
    place; BadInput `LOG_NOT_THERE` or `KEY_MALFORMED` for what the verifier gave, which says nothing of the log.
    """
    _require_log(directory)
    _require_key(key)
    try:
        return _verified(directory, key, policy, progress)
    except (ComityError, LogError, CryptoError) as error:
        raise Integrity(error.code, error.says, NEXT.get(error.code, KEEP)) from None


def _require_log(directory: Path) -> None:
    if not (directory / "log").is_dir():
        raise BadInput(
            "LOG_NOT_THERE",
            "There is no log/ in this folder.",
            "Name the home or the copy that holds log/, batches/ and agreements/.",
        )


def _require_key(key: str) -> None:
    try:
        if key:
            parse_vkey(key)
    except LogError as error:
        raise BadInput(
            error.code, error.says, "Give the key of the log as it was handed to you, whole and in quotes."
        ) from None


def _verified(directory: Path, key: str, policy: str | None, progress: Callable[[str], None]) -> Verification:
    progress("hashing every entry of the log again")
    walk = read_walk(directory, key, policy)
    progress("opening the office's segments and every batch")
    registers = open_registers(walk)
    require_holds_told(walk, registers)
    require_orders_in_force(directory / "agreements", registers)
    require_cosignatures_true(walk, registers)
    verified = {name: _verify_batch(walk, registers, name, leaves) for name, leaves in walk.batches.items()}
    disclosures = {name: batch.intents for name, batch in verified.items()}
    removals = {name: batch.removals for name, batch in verified.items()}
    if sum(intent.rows for found in disclosures.values() for intent in found) != walk.requests:
        raise inconsistent("ENTRY_WITHOUT_INTENT", "Entries stand in the log that belong to no intent.")
    _require_texts_kept(directory / "agreements", registers)
    accounted = verify_accountings(walk, registers, disclosures, removals)
    outcomes = [leaf for leaves in walk.batches.values() for _, leaf in leaves.outcomes]
    return Verification(
        walk.origin,
        walk.terms[-1].vkey,
        bool(key),
        walk.size,
        walk.root,
        len(disclosures),
        walk.requests,
        sum(map(len, disclosures.values())),
        sum(outcome.outcome == "sealed" for outcome in outcomes),
        len(walk.holds),
        registers.version,
        **vars(accounted),
        pruned=tuple(
            Gone(one.batch, one.said.subject, one.at, one.said.policy) for told in removals.values() for one in told
        ),
        not_removed=sum(batch.not_removed for batch in verified.values()),
    )


def _require_texts_kept(place: Path, registers: Registers) -> None:
    """Every agreement in the folder is the one that its name, a digest, says; and each that was proposed is there."""
    for folder in sorted(place.glob("[0-9a-f]*")):
        kept(place, folder.name)
    for entry in chain.from_iterable(registers.opened[-1].after.entries.values()):
        if isinstance(entry.said, AgreementProposed):
            _require_as_proposed(place, entry.said)


def _require_as_proposed(place: Path, said: AgreementProposed) -> None:
    text = kept(place, said.digest)
    if (text.name, text.version, kept_settings(place, said.digest)) != (said.subject, said.version, dict(said.terms)):
        raise inconsistent(
            "AGREEMENT_TEXT_CHANGED", "An agreement was proposed as another than the text that was kept."
        )


@dataclass(frozen=True)
class _Batch:
    """What a verified batch tells: its intents, what was removed of it, and how many such files lie there still."""

    intents: list[Disclosure]
    removals: Sequence[Removal]
    not_removed: int


def _verify_batch(walk: Walk, registers: Registers, batch: str, leaves: BatchLeaves) -> _Batch:
    """Steps (3) to (7) for one batch."""
    segments = read_segments(walk.folder(batch))
    removals = removals_in(batch, segments)
    gone = digests_gone(removals)
    if not segments or len(leaves.stages) != len(segments):
        raise inconsistent("SEGMENT_MISSING", f"Batch {batch} has not one segment for each of its stages.")
    state, intents = BatchState(batch), []
    for (index, leaf), segment in zip(leaves.stages, segments, strict=True):
        _require_opens(batch, state, index, leaf, segment)
        state = fold_batch(batch, segment.envelopes, state)
        if leaf.stage == "intended":
            intents.append(verify_intent(walk, registers, state, segment.envelopes[-1], index, gone))
    received = state.submission()
    require_people_fit(walk.genesis.home_kind, synthetic=received.synthetic, vouched_by=received.vouched_by)
    for named in state.named:
        if named["digest"] not in gone:
            named_artefact(walk.folder(batch), named)
    envelopes = [stored for segment in segments for stored in segment.envelopes]
    verify_outcomes(walk, registers, leaves, intents, envelopes, state)
    require_duties_kept(walk, registers, batch, leaves, envelopes)
    left = verify_removals(walk, registers, batch, segments) if removals else 0
    return _Batch(intents, removals, left)


def _require_opens(batch: str, state: BatchState, index: int, leaf: StageLeaf, segment: Segment) -> None:
    in_line = segment.first == state.version + 1
    own = all(stored.stream == batch_stream(batch) for stored in segment.envelopes)
    if not (in_line and own and segment.commits_to(leaf.events)):
        raise inconsistent("SEGMENT_DIFFERS", f"The leaf {index} does not open to its segment.")
