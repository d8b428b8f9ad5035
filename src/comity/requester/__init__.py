"""The requester's desk: prepare, check, sign, open a reply, acknowledge it."""

from comity.intake import FORMATS, Fault, Signatory, UnreadableTable, Written
from comity.requester.disposing import Notice, certify_disposal, read_notice
from comity.requester.faulting import beside, drop_faults, require_place, write_faults
from comity.requester.opening import Asked, Opened, acknowledge, asked_in, open_reply, write_answers
from comity.requester.preflight import Checked, Ruling, check
from comity.requester.prepare import RECIPIENT_COLUMNS, Particulars, new
from comity.requester.signing import sign

__all__ = [
    "FORMATS",
    "RECIPIENT_COLUMNS",
    "Asked",
    "Checked",
    "Fault",
    "Notice",
    "Opened",
    "Particulars",
    "Ruling",
    "Signatory",
    "UnreadableTable",
    "Written",
    "acknowledge",
    "asked_in",
    "beside",
    "certify_disposal",
    "check",
    "drop_faults",
    "new",
    "open_reply",
    "read_notice",
    "require_place",
    "sign",
    "write_answers",
    "write_faults",
]
