"""The console: pages for the officers of one office. Every rule it shows is enforced by the acts it calls."""
