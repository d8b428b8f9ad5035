"""The requester's desk: prepare, check, sign, open a reply, acknowledge it."""

from comity.intake import FORMATS, Fault, Signatory, UnreadableTable, Written
from comity.requester.faulting import beside, require_place, write_faults
from comity.requester.opening import Opened, acknowledge, open_reply, write_answers
from comity.requester.preflight import Checked, Ruling, check
from comity.requester.prepare import RECIPIENT_COLUMNS, Particulars, new
from comity.requester.signing import sign

__all__ = [
    "FORMATS",
    "RECIPIENT_COLUMNS",
    "Checked",
    "Fault",
    "Opened",
    "Particulars",
    "Ruling",
    "Signatory",
    "UnreadableTable",
    "Written",
    "acknowledge",
    "beside",
    "check",
    "new",
    "open_reply",
    "require_place",
    "sign",
    "write_answers",
    "write_faults",
]
