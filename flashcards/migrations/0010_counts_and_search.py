"""Indexes for a deck's counts, for the search in texts and tags, and for the most difficult cards.

`fact_keys` makes of a fact what it is found by: its tags, and each two and three letters that
stand together, as hashes with the owner in them, so that the one index serves each owner alone.
"""

import django.db.models.functions.comparison
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

FACT_KEYS = """
CREATE FUNCTION fact_keys(owner uuid, tags varchar[], body text) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(
    SELECT hashtextextended(owner::text || 't' || tag, 0) FROM unnest(tags) AS tag
    UNION
    SELECT hashtextextended(owner::text || 'g' || gram, 0) FROM (
      SELECT letter || lead(letter) OVER text AS two,
             letter || lead(letter) OVER text || lead(letter, 2) OVER text AS three
      FROM unnest(string_to_array(body, NULL)) WITH ORDINALITY AS letters(letter, place)
      WINDOW text AS (ORDER BY place)
    ) AS found, LATERAL (VALUES (two), (three)) AS grams(gram)
    WHERE gram IS NOT NULL
  )
$$
"""
INDEX = """
CREATE INDEX CONCURRENTLY fact_by_keys ON flashcards_fact
USING gin (fact_keys(owner_id, tags, search_text))
"""
# To gather statistics would compute the keys of thousands of facts at each ANALYZE.
NO_STATISTICS = "ALTER INDEX fact_by_keys ALTER COLUMN 1 SET STATISTICS 0"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("flashcards", "0009_plans_set_options"),
    ]

    operations = [
        migrations.RunSQL(FACT_KEYS, "DROP FUNCTION fact_keys"),
        migrations.RunSQL(INDEX, "DROP INDEX CONCURRENTLY fact_by_keys"),
        migrations.RunSQL(NO_STATISTICS, migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                fields=["owner", "deck", "due_day", "id"],
                include=("is_suspended", "buried_until", "status", "due"),
                name="card_deck_days",
            ),
        ),
        RemoveIndexConcurrently(model_name="flashcard", name="card_deck_due_day"),
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                condition=models.Q(("status__in", ["learning", "relearning"])),
                fields=["owner", "deck"],
                name="card_deck_in_steps",
            ),
        ),
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                "owner",
                django.db.models.functions.comparison.Coalesce("difficulty", models.Value(0.0)),
                "id",
                name="card_owner_difficulty",
            ),
        ),
        AddIndexConcurrently(
            model_name="flashcard",
            index=models.Index(
                condition=models.Q(("status", "new")),
                fields=["owner", "deck", "created_at", "ordinal", "id"],
                include=("is_suspended", "buried_until", "due_day"),
                name="card_deck_unseen",
            ),
        ),
        RemoveIndexConcurrently(model_name="flashcard", name="card_deck_new"),
    ]
