"""Step 1: the only code that meets a stranger's bytes."""
