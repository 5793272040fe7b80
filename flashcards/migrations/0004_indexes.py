"""Indexes, built beside the service that runs."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def unique_concurrently(name: str, table: str, columns: str) -> migrations.RunSQL:
    """A unique index that locks nobody out."""
    return migrations.RunSQL(
        f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns})",
        f"DROP INDEX CONCURRENTLY {name}",
    )


# card_once_a_fact and review_card_in_order serve as the indexes of the foreign keys.
UNUSED = "flashcards_review_flashcard_id_ec524681"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("flashcards", "0003_carry_cards"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                fields=["owner", "deck", "due_day", "id"],
                include=("is_suspended", "buried_until"),
                name="card_deck_due_day",
            ),
        ),
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                condition=models.Q(("due_day__isnull", False)),
                fields=["owner", "due_day"],
                include=("deck", "is_suspended"),
                name="card_owner_due_day",
            ),
        ),
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                condition=models.Q(("due_day", None), models.Q(("status", "new"), _negated=True)),
                fields=["owner", "due"],
                name="card_owner_timed",
            ),
        ),
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                condition=models.Q(("is_suspended", False), ("status", "new")),
                fields=["owner", "deck", "created_at", "ordinal", "id"],
                name="card_deck_new",
            ),
        ),
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                condition=models.Q(("has_siblings", True), ("last_day__isnull", False)),
                fields=["owner", "last_day"],
                include=("fact",),
                name="card_sibling_seen",
            ),
        ),
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                condition=models.Q(("buried_until__isnull", False)),
                fields=["owner", "buried_until"],
                name="card_owner_buried",
            ),
        ),
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                condition=models.Q(("is_leech", True)),
                fields=["owner", "-created_at"],
                name="card_owner_leeches",
            ),
        ),
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                condition=models.Q(("is_suspended", True)),
                fields=["owner", "-created_at"],
                name="card_owner_suspended",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                unique_concurrently("card_once_a_fact", "flashcards_flashcard", "fact_id, ordinal")
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="flashcard",
                    constraint=models.UniqueConstraint(
                        fields=("fact", "ordinal"), name="card_once_a_fact"
                    ),
                ),
            ],
        ),
        AddIndexConcurrently(
            model_name="review",
            index=models.Index(
                condition=models.Q(("undone_at__isnull", True)),
                fields=["owner", "-study_day"],
                include=("rating", "state", "flashcard"),
                name="review_owner_study_day",
            ),
        ),
        AddIndexConcurrently(
            model_name="review",
            index=models.Index(fields=["flashcard", "reviewed_at"], name="review_card_in_order"),
        ),
        AddIndexConcurrently(
            model_name="review", index=models.Index(fields=["change"], name="review_change")
        ),
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {UNUSED}", migrations.RunSQL.noop),
    ]
