"""Where events and artefacts are kept: an append-only event store and the vault."""

from comity.store.database import configure, connect, database_url
from comity.store.vault import Vault

# Django's models can only be imported once Django is set up, so the package sees to it before anything of it is.
configure()

__all__ = ["Vault", "connect", "database_url"]
