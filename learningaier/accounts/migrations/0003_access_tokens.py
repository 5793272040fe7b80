"""Personal access tokens, signing out everywhere, and what a profile may say of language and model."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_day_starts_at"),
        ("sync", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="llm_model",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="of LLM_MODELS; empty: LLM_MODEL",
                max_length=128,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="preferred_language",
            field=models.CharField(
                db_default="en", default="en", help_text="of the interface", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="signed_out_at",
            field=models.DateTimeField(
                editable=False, help_text="tokens and sessions from before have ended", null=True
            ),
        ),
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=100)),
                (
                    "scope",
                    models.CharField(
                        choices=[("read", "read"), ("review", "review"), ("write", "write")],
                        max_length=6,
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(editable=False, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["owner", "-created_at", "-id"], name="access_token_newest")
                ],
            },
        ),
        migrations.RunSQL(
            "SELECT track_changes('accounts_accesstoken')",
            "DROP TRIGGER record_change ON accounts_accesstoken",
        ),
    ]
