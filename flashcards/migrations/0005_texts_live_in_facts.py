"""What the version before still reads and writes stays in the database, out of the models.

Its columns and the table of its fits go with a later release, when none of it runs any more; the
same release closes `fact` and `study_day` to null.
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

FOREIGN_KEYS = [
    ("flashcards_flashcard", "fact_id", "flashcards_fact"),
    ("flashcards_review", "options_id", "flashcards_schedulingoptions"),
    ("flashcards_review", "change_id", "flashcards_studychange"),
]


def add_foreign_key(table: str, column: str, target: str) -> migrations.RunSQL:
    """A foreign key for new rows; the next migration proves it for the old ones."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_fk FOREIGN KEY ({column}) "
        f"REFERENCES {target} (id) DEFERRABLE INITIALLY DEFERRED NOT VALID",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_fk",
    )


class Migration(migrations.Migration):
    dependencies = [("flashcards", "0004_indexes")]

    operations = [
        migrations.AlterField(
            model_name="flashcard",
            name="note",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="flashcards",
                to="notes.note",
            ),
        ),
        migrations.AlterField(
            model_name="learnerfit",
            name="owner",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                serialize=False,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AddConstraintNotValid(
            model_name="flashcard",
            constraint=models.CheckConstraint(
                condition=models.Q(("flag__lte", 7)), name="card_flag_in_range"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[add_foreign_key(*key) for key in FOREIGN_KEYS],
            state_operations=[
                migrations.RemoveField(
                    model_name="flashcard",
                    name="context",
                ),
                migrations.RemoveField(
                    model_name="flashcard",
                    name="definition",
                ),
                migrations.RemoveField(
                    model_name="flashcard",
                    name="note",
                ),
                migrations.RemoveField(
                    model_name="flashcard",
                    name="source",
                ),
                migrations.RemoveField(
                    model_name="flashcard",
                    name="tags",
                ),
                migrations.RemoveField(
                    model_name="flashcard",
                    name="term",
                ),
                migrations.RemoveField(
                    model_name="review",
                    name="before",
                ),
                migrations.DeleteModel(
                    name="LearnerFit",
                ),
                migrations.AlterField(
                    model_name="flashcard",
                    name="fact",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cards",
                        to="flashcards.fact",
                    ),
                ),
                migrations.AlterField(
                    model_name="review",
                    name="options",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="flashcards.schedulingoptions",
                    ),
                ),
                migrations.AlterField(
                    model_name="review",
                    name="change",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reviews",
                        to="flashcards.studychange",
                    ),
                ),
                migrations.AlterField(
                    model_name="review", name="study_day", field=models.DateField()
                ),
                migrations.AlterField(
                    model_name="review",
                    name="flashcard",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="flashcards.flashcard",
                    ),
                ),
            ],
        ),
    ]
