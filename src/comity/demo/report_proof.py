"""The report's proofs: the log, the one reply that was opened, and what a hold stopped."""

from __future__ import annotations

from comity.demo.facts import HoldFacts, LogFacts, ReplyFacts
from comity.markup import Markup, element, join, table


def log_section(log: LogFacts) -> Markup:
    """The log's name, size and root, its signed checkpoint, and what verifying it from its files alone said."""
    verdict = "verified from its files alone" if log.verified else "did not verify"
    said = (
        f"The log {log.origin} holds {log.size:,} entries and {verdict}. Each request that was answered has an entry, "
        "written before its reply was sealed: what was asked and answered and under which rules, as a commitment that "
        "the requester or the person can have opened for that one request, and nobody else can read."
    )
    checks = element("ul", *(element("li", check) for check in log.checked)) if log.checked else Markup()
    root = element("p", "Root of the tree: ", element("code", log.root))
    return join([element("p", said), checks, root, element("p", "Signed checkpoint:"), element("pre", log.checkpoint)])


def reply_section(reply: ReplyFacts) -> Markup:
    """That a reply opens for its recipient, and for no other."""
    own = (
        f"{reply.replies:,} replies were sealed: one for each officer named, and one for the signatory with what was "
        f"returned. {reply.recipient} opened the one sealed to that officer's certificate: {reply.rows:,} rows, each a "
        "request's own id, an answer and reason codes, and nothing else."
        if reply.opened
        else f"The reply to {reply.recipient} could not be opened."
    )
    other = f"{reply.other_recipient} tried the same file with another certificate and was refused: "
    return join([element("p", own), element("p", other, element("code", reply.other_refusal), ".")])


def hold_section(hold: HoldFacts) -> Markup:
    """The order, what was refused under it, and the leaf that a court can check without the office's records."""
    placed = (
        f"A hold on the whole agreement was placed by {hold.placed_by} and confirmed by {hold.confirmed_by} on the "
        f"order of {hold.court}, {hold.docket} (made up for this rehearsal). Under it:"
    )
    refused = table(
        ("What was tried", "Code", "Said"),
        ((refusal.tried, element("code", refusal.code), refusal.says) for refusal in hold.refusals),
        "Refused under the hold",
    )
    leaf = (
        f"Entry {hold.leaf_index:,} of the log says in clear that the hold stands and since when. Whoever has the log "
        "can see that nothing was sealed after it."
    )
    return join([element("p", placed), refused, element("p", leaf), element("pre", hold.leaf)])
