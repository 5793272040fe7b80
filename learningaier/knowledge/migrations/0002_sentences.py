from django.db import migrations, models

from learningaier.ai.embedders import get_sentence_embedder
from learningaier.knowledge.analysis import split_body

BATCH = 500
COUNT = """
UPDATE knowledge_material SET chunk_count = counted.chunks, term_count = counted.terms
FROM (
    SELECT material_id, count(*) AS chunks, sum(length) AS terms
    FROM knowledge_chunk GROUP BY material_id
) AS counted WHERE id = counted.material_id
"""


def analyse_chunks(apps, schema_editor):
    """Give the chunks that are there already their sentences."""
    chunk_model = apps.get_model("knowledge", "Chunk")
    waiting = chunk_model.objects.filter(sentences=b"").order_by("id")
    while batch := list(waiting[:BATCH]):
        for chunk in batch:
            split = split_body(chunk.text[chunk.body - chunk.start :])
            vectors = get_sentence_embedder().embed(split.texts)
            chunk.sentences = split.analyse(vectors).pack()
        chunk_model.objects.bulk_update(batch, ["sentences"])


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="chunk",
            name="sentences",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="material",
            name="chunk_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="material",
            name="term_count",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.RunPython(analyse_chunks, migrations.RunPython.noop),
    ]
