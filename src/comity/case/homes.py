"""The two kinds of home, and what each takes: made-up people in a rehearsal, real ones in a live home (P10)."""

from __future__ import annotations

from comity.case.errors import Refused

REHEARSAL = "rehearsal"
LIVE = "live"
KINDS = (REHEARSAL, LIVE)


def require_people_fit(kind: str, *, synthetic: bool, vouched_by: str) -> None:
    """Records or requests that say whether they are `synthetic`, and who vouches for that, belong in a home of `kind`.

    Raises Refused `NOT_VOUCHED_SYNTHETIC` in a rehearsal, for what nobody vouches to be made up; and in any other home
    `SYNTHETIC_IN_LIVE_HOME`, for what says so: made-up people are never answered as if they were real.
    """
    if kind == REHEARSAL and not (synthetic and vouched_by.strip()):
        raise Refused(
            "NOT_VOUCHED_SYNTHETIC",
            "A rehearsal home takes only what says that it is synthetic and names who vouches for it.",
            "Use made-up people, and say so: --synthetic --vouched-by NAME.",
        )
    if kind != REHEARSAL and (synthetic or vouched_by):
        raise Refused(
            "SYNTHETIC_IN_LIVE_HOME",
            "A live home takes nothing that says it is synthetic.",
            "Rehearse in a rehearsal home; here give the agency's own records and requests, without --synthetic.",
        )


def require_certificate_fits(kind: str, *, rehearsal: bool) -> None:
    """A certificate, which says whether it is of a `rehearsal`, belongs in a home of `kind`.

    Raises Refused `LIVE_IN_REHEARSAL_HOME` or `REHEARSAL_IN_LIVE_HOME`.
    """
    if kind == REHEARSAL and not rehearsal:
        raise Refused(
            "LIVE_IN_REHEARSAL_HOME",
            "A rehearsal home takes certificates of a rehearsal only, and this one is of a real authority.",
            "Rehearse with made-up certificates: `comity rehearsal certificate`.",
        )
    if kind != REHEARSAL and rehearsal:
        raise Refused(
            "REHEARSAL_IN_LIVE_HOME",
            "A live home takes no certificate that says REHEARSAL.",
            "Use one that the agency's own authority issued.",
        )


def asks_nobody(policy: str) -> bool:
    """Whether a witness policy (c2sp.org/tlog-policy) asks for no witness at all."""
    return any(line.split()[:2] == ["quorum", "none"] for line in policy.split("\n"))


def require_witnesses(kind: str, policy: str) -> None:
    """A live home goes by a policy that demands a witness. Raises Refused `QUORUM_NEEDED`."""
    if kind != REHEARSAL and asks_nobody(policy):
        raise Refused(
            "QUORUM_NEEDED",
            "A live home releases nothing before its agreement demands at least one witness of the log.",
            "Propose a policy that names one, `comity quorum set`, and have it approved: docs/how-to/witnesses.md.",
        )
