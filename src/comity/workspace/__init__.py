"""One in-memory DuckDB per step, with limits, whose errors never print a value."""
