"""Step 4: rights, votes and countersignatures; the only maker of a Permit."""
