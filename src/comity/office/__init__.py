"""The acts of the office: the seven steps in order, the other commands, and reading models."""
