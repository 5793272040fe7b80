"""Rows keep the id that they had in the program they came from, one an owner."""

from django.db import migrations, models


def once_an_owner(model: str, name: str) -> migrations.RunSQL:
    """The constraint, as an index that is built while others write."""
    return migrations.RunSQL(
        f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON flashcards_{model} (owner_id, external_id) "
        "WHERE NOT (external_id = '')",
        f"DROP INDEX {name}",
        state_operations=[
            migrations.AddConstraint(
                model_name=model,
                constraint=models.UniqueConstraint(
                    condition=models.Q(("external_id", ""), _negated=True),
                    fields=("owner", "external_id"),
                    name=name,
                ),
            )
        ],
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("flashcards", "0010_counts_and_search")]

    operations = [
        migrations.AddField(
            model_name="deck",
            name="external_id",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=128
            ),
        ),
        migrations.AddField(
            model_name="flashcard",
            name="external_id",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=128
            ),
        ),
        once_an_owner("deck", "deck_external_id_once"),
        once_an_owner("flashcard", "card_external_id_once"),
    ]
