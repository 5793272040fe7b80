"""A path is longer than a name: varchar becomes text, which rewrites no row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notes", "0005_folders")]

    operations = [
        migrations.AlterField(
            model_name="note", name="folder", field=models.TextField(blank=True, editable=False)
        ),
    ]
