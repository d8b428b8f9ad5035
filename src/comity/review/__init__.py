"""Step 4: rights, votes and countersignatures; the only maker of a Permit."""

from comity.review.answers import SIGNATORY, compose_answers, count_answers
from comity.review.permit import Approvers, Permit, ToRelease, grant, verify_permit
from comity.review.rights import ROLES, matrix, require
from comity.review.statements import Countersignature, Statement, counted, countersign, moment_text
from comity.review.votes import Case, check_votes, fold_votes, nameable, queue, read_case, require_votes_in, seen_by

__all__ = [
    "ROLES",
    "SIGNATORY",
    "Approvers",
    "Case",
    "Countersignature",
    "Permit",
    "Statement",
    "ToRelease",
    "check_votes",
    "compose_answers",
    "count_answers",
    "counted",
    "countersign",
    "fold_votes",
    "grant",
    "matrix",
    "moment_text",
    "nameable",
    "queue",
    "read_case",
    "require",
    "require_votes_in",
    "seen_by",
    "verify_permit",
]
