"""The first tables of the event store."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The event table, its head and its feed."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Fed",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first_leaf", models.BigIntegerField()),
                ("leaves", models.IntegerField()),
                ("office_closed", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="StoredEvent",
            fields=[
                ("position", models.BigAutoField(primary_key=True, serialize=False)),
                ("stream", models.CharField(max_length=80)),
                ("version", models.IntegerField()),
                ("type", models.CharField(max_length=40)),
                ("schema", models.SmallIntegerField()),
                ("at", models.CharField(max_length=40)),
                ("actor", models.CharField(max_length=80)),
                ("role", models.CharField(max_length=40)),
                ("command", models.CharField(max_length=40)),
                ("body", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("stream", "version"), name="one_event_per_version")],
            },
        ),
    ]
