"""The console as a site: its settings, its accounts, and the server that it runs on."""

from comity.site.applications import configure

# Before anything of the store is imported, which would set Django up for itself alone.
configure()
