"""The tables of the event store. Rows are inserted and never updated or deleted, but for the one head and the feed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StoredEvent(models.Model):
    """One event; `position` is its place in the office's one order, `version` its place in its stream."""

    position: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    stream: models.CharField[str, str] = models.CharField(max_length=80)
    version: models.IntegerField[int, int] = models.IntegerField()
    type: models.CharField[str, str] = models.CharField(max_length=40)
    schema: models.SmallIntegerField[int, int] = models.SmallIntegerField()
    at: models.CharField[str, str] = models.CharField(max_length=40)
    actor: models.CharField[str, str] = models.CharField(max_length=80)
    role: models.CharField[str, str] = models.CharField(max_length=40)
    command: models.CharField[str, str] = models.CharField(max_length=40)
    body: models.TextField[str, str] = models.TextField()

    class Meta:
        app_label = "store"
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "version"], name="one_event_per_version")]

    def __str__(self) -> str:
        return f"{self.stream}@{self.version} {self.type}"


class Head(models.Model):
    """The one row that every append locks, so that positions are given in the order of commits."""

    id: models.SmallIntegerField[int, int] = models.SmallIntegerField(primary_key=True)

    class Meta:
        app_label = "store"

    def __str__(self) -> str:
        return "head"


class Fed(models.Model):
    """The outbox: which leaves of the log belong to the event at `position`, and how far the office is closed then."""

    position: models.BigIntegerField[int, int] = models.BigIntegerField(primary_key=True)
    first_leaf: models.BigIntegerField[int, int] = models.BigIntegerField()
    leaves: models.IntegerField[int, int] = models.IntegerField()
    office_closed: models.IntegerField[int, int] = models.IntegerField()

    class Meta:
        app_label = "store"

    def __str__(self) -> str:
        return f"{self.position}: {self.leaves} leaves from {self.first_leaf}"
