"""Where events and artefacts are kept."""
