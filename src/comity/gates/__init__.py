"""Step 2: the gates of an agreement, compiled into one SQL pass over the requests."""
