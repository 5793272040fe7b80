"""By which rules a text was analysed; 0 for what is there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_folders")]

    operations = [
        migrations.AddField(
            "material",
            "analysis_version",
            models.PositiveSmallIntegerField(db_default=0, default=0),
        )
    ]
