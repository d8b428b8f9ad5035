"""The Django application of the store."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Registers the event tables with Django."""

    name = "comity.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
