"""Step 7: verify, evaluate, report; it reads everything and writes nothing."""
