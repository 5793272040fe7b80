"""The order of changes, for clients that keep copies: a trigger a table, and the rows so far."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # the rows so far are many; the trigger's lock must not wait for them

    dependencies = [
        ("documents", "0003_warnings"),
        ("sync", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "SELECT track_changes('documents_document', columns => 'title, status, note_id')",
            "DROP TRIGGER record_change ON documents_document",
        ),
        migrations.RunSQL("SELECT record_old_rows('documents_document')", migrations.RunSQL.noop),
    ]
