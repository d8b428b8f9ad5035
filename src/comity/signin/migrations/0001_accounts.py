"""The first tables of the accounts."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Accounts, one-time codes, names at an identity provider, and what happened at sign-in."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("officer", models.CharField(max_length=64, unique=True)),
                ("is_active", models.BooleanField(default=False)),
                ("epoch", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("officer", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Binding",
            fields=[
                ("officer", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("issuer", models.CharField(max_length=200)),
                ("subject", models.CharField(max_length=255)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "subject"), name="one_officer_per_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Noted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("what", models.CharField(max_length=20)),
                ("officer", models.CharField(max_length=64)),
                ("way", models.CharField(max_length=20)),
            ],
        ),
    ]
