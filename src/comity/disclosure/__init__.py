"""Step 6: a permit and a receipt become one sealed reply per recipient."""
