"""Deleted notes stay for a while: in the trash, where the order of changes calls them deleted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notes", "0003_changes")]

    operations = [
        migrations.AddField(
            model_name="note",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(
            "SELECT track_changes('notes_note', has_trash => true)",
            "SELECT track_changes('notes_note')",
        ),
    ]
