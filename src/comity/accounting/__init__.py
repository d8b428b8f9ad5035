"""Step 5: the tile log, its proofs and receipts; it knows bytes, not people."""

from comity.accounting.audit import Audit, audit
from comity.accounting.errors import LogError
from comity.accounting.log import Log
from comity.accounting.receipts import Receipt, make_receipt, read_receipt, verify_receipt

__all__ = ["Audit", "Log", "LogError", "Receipt", "audit", "make_receipt", "read_receipt", "verify_receipt"]
