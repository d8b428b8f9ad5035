"""Step 3: candidates for each request, compared and determined by rule."""
