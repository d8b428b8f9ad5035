"""The whole story on synthetic people."""
