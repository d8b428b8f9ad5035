"""The Django application of the accounts."""

from django.apps import AppConfig


class SignInConfig(AppConfig):
    """Registers the tables of the accounts with Django."""

    name = "comity.signin"
    label = "signin"
    default_auto_field = "django.db.models.BigAutoField"
