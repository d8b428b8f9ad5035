"""Step 4: rights, votes and countersignatures; the only maker of a Permit."""

from comity.review.answers import SIGNATORY, compose_answers, count_answers, find_subjects
from comity.review.auditing import Audit, Reader, audit, readers, require_within
from comity.review.knowing import known_wanted, measure_reviewers
from comity.review.permit import Approvers, Permit, ToRelease, enrolled, grant, passkey_of, verify_permit
from comity.review.rights import ROLES, matrix, require
from comity.review.sampling import Draw, draw_on_record, draw_sample, sampling_statement
from comity.review.statements import (
    APPROVER,
    BY_PASSKEY,
    Countersignature,
    Statement,
    assert_statement,
    counted,
    countersign,
    moment_text,
    verify_countersignature,
)
from comity.review.votes import (
    SUPPORTED,
    Case,
    Docket,
    check_votes,
    fold_votes,
    nameable,
    queue,
    read_case,
    require_votes_in,
    seen_by,
)

__all__ = [
    "APPROVER",
    "BY_PASSKEY",
    "ROLES",
    "SIGNATORY",
    "SUPPORTED",
    "Approvers",
    "Audit",
    "Case",
    "Countersignature",
    "Docket",
    "Draw",
    "Permit",
    "Reader",
    "Statement",
    "ToRelease",
    "assert_statement",
    "audit",
    "check_votes",
    "compose_answers",
    "count_answers",
    "counted",
    "countersign",
    "draw_on_record",
    "draw_sample",
    "enrolled",
    "find_subjects",
    "fold_votes",
    "grant",
    "known_wanted",
    "matrix",
    "measure_reviewers",
    "moment_text",
    "nameable",
    "passkey_of",
    "queue",
    "read_case",
    "readers",
    "require",
    "require_votes_in",
    "require_within",
    "sampling_statement",
    "seen_by",
    "verify_countersignature",
    "verify_permit",
]
