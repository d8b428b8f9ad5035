"""Signing in to the console: accounts of the office's officers, each one's own, with a second factor."""
