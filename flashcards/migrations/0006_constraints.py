from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("flashcards", "0005_texts_live_in_facts")]

    operations = [
        ValidateConstraint(model_name="flashcard", name="card_flag_in_range"),
        migrations.RunSQL(
            [
                "ALTER TABLE flashcards_flashcard VALIDATE CONSTRAINT flashcards_flashcard_fact_id_fk",
                "ALTER TABLE flashcards_review VALIDATE CONSTRAINT flashcards_review_options_id_fk",
                "ALTER TABLE flashcards_review VALIDATE CONSTRAINT flashcards_review_change_id_fk",
            ],
            migrations.RunSQL.noop,
        ),
    ]
