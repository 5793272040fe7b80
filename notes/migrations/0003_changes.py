"""The order of changes, for clients that keep copies: a trigger a table, and the rows so far."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # the rows so far are many; the trigger's lock must not wait for them

    dependencies = [
        ("notes", "0002_index_failures"),
        ("sync", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "SELECT track_changes('notes_note')",
            "DROP TRIGGER record_change ON notes_note",
        ),
        migrations.RunSQL("SELECT record_old_rows('notes_note')", migrations.RunSQL.noop),
    ]
