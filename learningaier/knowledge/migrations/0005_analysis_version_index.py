"""The index that finds outdated texts, built while the table is in use."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("knowledge", "0004_analysis_version")]

    operations = [
        AddIndexConcurrently(
            "material",
            models.Index(fields=["analysis_version"], name="material_analysis_version"),
        )
    ]
