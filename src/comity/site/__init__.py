"""The console as a site: its settings, and the server that a rehearsal runs it on."""
