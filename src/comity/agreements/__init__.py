"""The agreements: law, terms, gates, cases and holds, a folder each."""
