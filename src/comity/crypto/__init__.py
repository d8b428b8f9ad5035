"""Keys, signatures, seals and certificates."""
