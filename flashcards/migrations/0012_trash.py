"""Deleted decks stay for a while: in the trash, where the order of changes calls them deleted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is built while others write

    dependencies = [("flashcards", "0011_external_ids"), ("sync", "0002_cards_and_decks")]

    operations = [
        migrations.AddField(
            model_name="deck",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY deck_name_once ON flashcards_deck (owner_id, name_key) "
            "WHERE deleted_at IS NULL",
            "DROP INDEX deck_name_once",
            state_operations=[
                migrations.AddConstraint(
                    model_name="deck",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("owner", "name_key"),
                        name="deck_name_once",
                    ),
                )
            ],
        ),
        migrations.RemoveConstraint(model_name="deck", name="deck_name_once_an_owner"),
        migrations.RunSQL(
            "SELECT track_changes('flashcards_deck', has_trash => true)",
            "SELECT track_changes('flashcards_deck')",
        ),
    ]
