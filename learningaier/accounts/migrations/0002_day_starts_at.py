import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="day_starts_at",
            field=models.PositiveSmallIntegerField(
                db_default=4,
                default=4,
                help_text="the hour at which a study day begins",
                validators=[django.core.validators.MaxValueValidator(23)],
            ),
        ),
    ]
