"""The order of changes, for clients that keep copies: a trigger a table, and the rows so far."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # the rows so far are many; the trigger's lock must not wait for them

    dependencies = [
        ("chat", "0001_initial"),
        ("sync", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "SELECT track_changes('chat_conversation')",
            "DROP TRIGGER record_change ON chat_conversation",
        ),
        migrations.RunSQL("SELECT record_old_rows('chat_conversation')", migrations.RunSQL.noop),
    ]
