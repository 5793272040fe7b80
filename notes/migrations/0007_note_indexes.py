"""Indexes of notes, without a lock that a running service would wait for."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("notes", "0006_paths")]

    operations = [
        RemoveIndexConcurrently(model_name="note", name="note_owner_folder"),
        AddIndexConcurrently(
            model_name="note",
            index=models.Index(fields=["owner", "title_key"], name="note_owner_title"),
        ),
        AddIndexConcurrently(
            model_name="note", index=models.Index(fields=["in_folder"], name="note_in_folder")
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY note_external_id_once ON notes_note "
            "(owner_id, external_id) WHERE NOT (external_id = '')",
            "DROP INDEX note_external_id_once",
            state_operations=[
                migrations.AddConstraint(
                    model_name="note",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("owner", "external_id"),
                        name="note_external_id_once",
                    ),
                )
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE notes_note VALIDATE CONSTRAINT notes_note_in_folder_id_fk",
            migrations.RunSQL.noop,
        ),
    ]
