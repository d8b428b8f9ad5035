"""Where events and artefacts are kept: an append-only event store and the vault."""

from comity.store.database import connect, database_url
from comity.store.vault import Vault

__all__ = ["Vault", "connect", "database_url"]
