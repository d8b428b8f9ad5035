"""The history of the event tables."""
