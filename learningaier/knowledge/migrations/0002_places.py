"""Where chunks end, their places in UTF-16 units, and what their first segments belong to."""

import django.contrib.postgres.fields
from django.db import migrations, models

# What lies between two chunks is white space, so characters beyond U+FFFF stand in chunks.
COUNT_UTF16 = r"""
UPDATE knowledge_chunk AS chunk SET page_end = chunk.page, start_utf16 = chunk.start + counted.before
FROM (
    SELECT id, coalesce(sum(
        char_length(text) - char_length(regexp_replace(text, '[\U00010000-\U0010FFFF]', '', 'g'))
    ) OVER (
        PARTITION BY material_id ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0) AS before
    FROM knowledge_chunk
) AS counted
WHERE counted.id = chunk.id
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_squashed_0004_language")]

    operations = [
        migrations.AddField("chunk", "page_end", models.PositiveIntegerField(null=True)),
        migrations.AddField(
            "chunk",
            "gaps",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveIntegerField(), blank=True, null=True, size=None
            ),
        ),
        migrations.AddField(
            "chunk", "lead", models.TextField(blank=True, db_default="", default="")
        ),
        migrations.AddField("chunk", "start_utf16", models.PositiveIntegerField(null=True)),
        migrations.RunSQL(COUNT_UTF16, migrations.RunSQL.noop),
    ]
