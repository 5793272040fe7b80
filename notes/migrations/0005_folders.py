"""Folders, versions, links; texts in several languages. The rows are carried by 0008."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

OWNER = {"on_delete": django.db.models.deletion.CASCADE, "related_name": "+"}
ID = models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


def in_folder(**options: object) -> models.ForeignKey:
    """The foreign key; its constraint is added for new rows first, its index in 0007."""
    return models.ForeignKey(
        blank=True,
        null=True,
        db_index=False,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="notes",
        to="notes.folder",
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("notes", "0004_trash"),
        ("sync", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Folder",
            fields=[
                ("id", ID),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "external_id",
                    models.CharField(
                        blank=True, db_default="", default="", editable=False, max_length=128
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("name_key", models.CharField(editable=False, max_length=300)),
                ("sort_order", models.FloatField(db_default=0.0, default=0.0)),
                ("owner", models.ForeignKey(to=settings.AUTH_USER_MODEL, **OWNER)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="notes.folder",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "parent", "name_key"),
                        name="folder_name_once_a_parent",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("owner", "external_id"),
                        name="folder_external_id_once",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["owner", "-created_at", "-id"], name="folder_owner_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteLink",
            fields=[
                ("id", ID),
                ("title", models.CharField(max_length=300)),
                ("title_key", models.CharField(max_length=900)),
                ("position", models.PositiveSmallIntegerField()),
                ("owner", models.ForeignKey(to=settings.AUTH_USER_MODEL, db_index=False, **OWNER)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="notes.note",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="backlinks",
                        to="notes.note",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "title_key"), name="link_once_a_note")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("target__isnull", True)),
                        fields=["owner", "title_key"],
                        name="link_unresolved",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=300)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("manual", "Manual"),
                            ("auto", "Auto"),
                            ("restore", "Restore"),
                            ("import", "Import"),
                        ],
                        max_length=7,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("prefix", models.PositiveIntegerField(default=0)),
                ("suffix", models.PositiveIntegerField(default=0)),
                ("middle", models.TextField()),
                ("size", models.PositiveIntegerField()),
                ("is_cited", models.BooleanField(default=False)),
                ("owner", models.ForeignKey(to=settings.AUTH_USER_MODEL, **OWNER)),
                (
                    "note",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="notes.note",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("note", "number"), name="version_once_a_note")
                ],
            },
        ),
        migrations.AddField(
            model_name="note",
            name="external_id",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=128
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="is_language_told",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="note",
            name="is_processing",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="note",
            name="primary_language",
            field=models.CharField(db_default="en", default="en", max_length=16),
        ),
        migrations.AddField(
            model_name="note",
            name="reading_time_seconds",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="note",
            name="sort_order",
            field=models.FloatField(db_default=0.0, default=0.0),
        ),
        migrations.AddField(
            model_name="note",
            name="source_document_id",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="note",
            name="title_key",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=900),
        ),
        migrations.AddField(
            model_name="note",
            name="translations",
            field=models.JSONField(
                blank=True, db_default=models.Value({}, models.JSONField()), default=dict
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="version",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="note", name="in_folder", field=in_folder(db_constraint=False)
        ),
        migrations.RunSQL(
            "ALTER TABLE notes_note ADD CONSTRAINT notes_note_in_folder_id_fk FOREIGN KEY "
            "(in_folder_id) REFERENCES notes_folder (id) DEFERRABLE INITIALLY DEFERRED NOT VALID",
            "ALTER TABLE notes_note DROP CONSTRAINT notes_note_in_folder_id_fk",
            state_operations=[
                migrations.AlterField(model_name="note", name="in_folder", field=in_folder())
            ],
        ),
        migrations.RunSQL("SELECT track_changes('notes_folder')", migrations.RunSQL.noop),
    ]
