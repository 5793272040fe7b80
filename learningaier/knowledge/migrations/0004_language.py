from django.db import migrations, models

NAME = "UPDATE knowledge_material SET language = 'english' WHERE language = 'en'"


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_vectors_elsewhere")]

    operations = [
        migrations.AlterField(
            model_name="material",
            name="language",
            field=models.CharField(default="english", max_length=16),
        ),
        migrations.RunSQL(NAME, migrations.RunSQL.noop),
    ]
