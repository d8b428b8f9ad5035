"""Step 1: the only code that meets a stranger's bytes."""

from comity.intake.cover import Attested, Cover, NamedFile, Signatory
from comity.intake.package import COVER, RECIPIENTS, REQUESTS, SIGNATURE, Package, open_package
from comity.intake.recipients import Recipient, read_recipients, write_recipients
from comity.intake.refusals import Fault, UnreadableTable
from comity.intake.submission import Submission, Tables, count_requests, read_submission, read_tables

__all__ = [
    "COVER",
    "RECIPIENTS",
    "REQUESTS",
    "SIGNATURE",
    "Attested",
    "Cover",
    "Fault",
    "NamedFile",
    "Package",
    "Recipient",
    "Signatory",
    "Submission",
    "Tables",
    "UnreadableTable",
    "count_requests",
    "open_package",
    "read_recipients",
    "read_submission",
    "read_tables",
    "write_recipients",
]
