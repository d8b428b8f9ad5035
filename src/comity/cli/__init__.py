"""The acts of the office and of the requester's desk from a terminal."""
