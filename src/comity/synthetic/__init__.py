"""Synthetic people: populations, registries and submissions for rehearsal."""
