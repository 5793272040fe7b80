from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("flashcards", "0005_texts_live_in_facts")]

    operations = [ValidateConstraint(model_name="flashcard", name="card_flag_in_range")]
