"""Step 1: the only code that meets a stranger's bytes."""

from comity.intake.cover import Attested, Cover, NamedFile, Signatory
from comity.intake.faults import MEANINGS, Fault, Meaning, UnreadableTable
from comity.intake.package import COVER, PACKED, RECIPIENTS, REQUESTS, SIGNATURE, Package, open_package
from comity.intake.persons import read_persons
from comity.intake.recipients import Recipient, read_recipients, write_recipients
from comity.intake.submission import Submission, Tables, pack_requests, read_submission, read_tables
from comity.intake.written import AS_NAMED, FORMATS, Written

__all__ = [
    "AS_NAMED",
    "COVER",
    "FORMATS",
    "MEANINGS",
    "PACKED",
    "RECIPIENTS",
    "REQUESTS",
    "SIGNATURE",
    "Attested",
    "Cover",
    "Fault",
    "Meaning",
    "NamedFile",
    "Package",
    "Recipient",
    "Signatory",
    "Submission",
    "Tables",
    "UnreadableTable",
    "Written",
    "open_package",
    "pack_requests",
    "read_persons",
    "read_recipients",
    "read_submission",
    "read_tables",
    "write_recipients",
]
