"""Materials lie in folders by their ids, and know of which text of a note they are.

`folder` stays in the database for the version before, which still reads it.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0002_places")]

    operations = [
        migrations.AlterField(
            model_name="material",
            name="folder",
            field=models.CharField(blank=True, db_default="", max_length=100),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="material", name="folder")]
        ),
        migrations.AddField(
            model_name="material",
            name="folder_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="material",
            name="translation",
            field=models.CharField(blank=True, db_default="", max_length=16),
        ),
        migrations.AddField(
            model_name="material",
            name="version",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
