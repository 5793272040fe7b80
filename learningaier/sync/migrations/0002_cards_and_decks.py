"""The order of changes of cards and decks, too: the triggers, and the rows so far."""

from django.db import migrations

TABLES = ["flashcards_deck", "flashcards_flashcard"]


class Migration(migrations.Migration):
    atomic = False  # the rows so far are many; the triggers' locks must not wait for them

    dependencies = [
        ("sync", "0001_initial"),
        ("flashcards", "0001_squashed_0002_learnerfit"),
    ]

    operations = [
        *(
            migrations.RunSQL(
                f"SELECT track_changes('{table}')", f"DROP TRIGGER record_change ON {table}"
            )
            for table in TABLES
        ),
        *(
            migrations.RunSQL(f"SELECT record_old_rows('{table}')", migrations.RunSQL.noop)
            for table in TABLES
        ),
    ]
