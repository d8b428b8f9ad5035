"""The requester's desk: prepare, check, sign, open a reply, acknowledge it."""

from comity.intake import Fault, Signatory, UnreadableTable
from comity.requester.opening import Opened, acknowledge, open_reply, write_answers
from comity.requester.preflight import Checked, Ruling, check
from comity.requester.prepare import RECIPIENT_COLUMNS, Particulars, new
from comity.requester.signing import sign

__all__ = [
    "RECIPIENT_COLUMNS",
    "Checked",
    "Fault",
    "Opened",
    "Particulars",
    "Ruling",
    "Signatory",
    "UnreadableTable",
    "acknowledge",
    "check",
    "new",
    "open_reply",
    "sign",
    "write_answers",
]
