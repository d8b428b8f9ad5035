"""Step 1: the only code that meets a stranger's bytes."""

from comity.intake.cover import Attested, Cover, NamedFile, Signatory
from comity.intake.package import Package, open_package
from comity.intake.recipients import Recipient
from comity.intake.refusals import Fault, UnreadableTable
from comity.intake.submission import Submission, Tables, read_submission, read_tables

__all__ = [
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
    "open_package",
    "read_submission",
    "read_tables",
]
