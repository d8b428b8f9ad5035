"""The tables of the accounts: who may prove to be which officer, and what was tried. No table holds a right."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

OFFICER = 64


class Account(AbstractBaseUser):
    """The account of one officer: named as the officer is in the register, and there once.

    It opens nothing until `is_active`, which it becomes once a second factor is set up. `epoch` counts how often every
    session of it was ended. Rights come from the register of officers, on every page anew.
    """

    officer: models.CharField[str, str] = models.CharField(max_length=OFFICER, unique=True)
    is_active: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    epoch: models.IntegerField[int, int] = models.IntegerField(default=0)

    USERNAME_FIELD = "officer"
    objects: ClassVar[BaseUserManager[Any]] = BaseUserManager()

    class Meta:
        app_label = "signin"

    def __str__(self) -> str:
        return self.officer

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        # A session ends when the password changes, and when the officer ends every one.
        return salted_hmac("comity.signin", f"{self.epoch} {self.password}", secret, algorithm="sha256").hexdigest()


class Offer(models.Model):
    """The newest one-time code of an officer, as its digest; good until `until`, and gone once used."""

    officer: models.CharField[str, str] = models.CharField(max_length=OFFICER, primary_key=True)
    digest: models.CharField[str, str] = models.CharField(max_length=64)
    until: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        app_label = "signin"

    def __str__(self) -> str:
        return f"{self.officer} until {self.until}"


class Binding(models.Model):
    """An officer's name at the agency's identity provider: issuer and subject, which no two officers share."""

    officer: models.CharField[str, str] = models.CharField(max_length=OFFICER, primary_key=True)
    issuer: models.CharField[str, str] = models.CharField(max_length=200)
    subject: models.CharField[str, str] = models.CharField(max_length=255)

    class Meta:
        app_label = "signin"
        constraints: ClassVar = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_officer_per_subject")]

    def __str__(self) -> str:
        return self.officer


class Noted(models.Model):
    """Something that happened at sign-in: rows are added and never changed. What was typed is in none of them."""

    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now_add=True)
    what: models.CharField[str, str] = models.CharField(max_length=20)
    officer: models.CharField[str, str] = models.CharField(max_length=OFFICER)
    way: models.CharField[str, str] = models.CharField(max_length=20)

    class Meta:
        app_label = "signin"

    def __str__(self) -> str:
        return f"{self.at} {self.what} {self.officer}"
