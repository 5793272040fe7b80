from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("documents", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="document",
            index=models.Index(fields=["status"], name="document_status"),
        ),
    ]
