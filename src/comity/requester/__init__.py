"""The requester's desk: prepare, check, sign, open a reply."""
