"""Step 5: the tile log, its proofs and receipts; it knows bytes, not people."""
