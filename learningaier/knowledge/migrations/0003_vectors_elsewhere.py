import django.db.models.functions.datetime
import pgvector.django.halfvec
from django.db import migrations, models

# Whatever deletes a chunk (a note, a document, an account, the admin), its vector in Pinecone has to
# go too. Rows with a vector need nothing: it is in them.
TRIGGER = """
CREATE FUNCTION knowledge_note_gone_vectors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO knowledge_pendingvector (owner_id, chunk_id, embedder)
    SELECT owner_id, chunk_id, embedder FROM gone WHERE vector IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER note_gone_vectors AFTER DELETE ON knowledge_embedding
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION knowledge_note_gone_vectors();
"""
NO_TRIGGER = """
DROP TRIGGER note_gone_vectors ON knowledge_embedding;
DROP FUNCTION knowledge_note_gone_vectors();
"""
# One embedder has filled the table until now.
STATE = """
INSERT INTO knowledge_vectorstate (id, embedder, dimensions)
SELECT 1, embedder, vector_dims(vector) FROM knowledge_embedding LIMIT 1
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0002_sentences")]

    operations = [
        migrations.CreateModel(
            name="PendingVector",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner_id", models.UUIDField(db_index=True)),
                ("chunk_id", models.BigIntegerField()),
                ("embedder", models.CharField(max_length=200)),
                ("vector", pgvector.django.halfvec.HalfVectorField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), db_index=True
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VectorState",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("embedder", models.CharField(max_length=200)),
                ("dimensions", models.PositiveIntegerField()),
            ],
        ),
        migrations.AlterField(
            model_name="embedding",
            name="embedder",
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name="embedding",
            name="vector",
            field=pgvector.django.halfvec.HalfVectorField(null=True),
        ),
        migrations.AlterField(
            model_name="embedding",
            name="chunk",
            field=models.ForeignKey(
                on_delete=models.deletion.CASCADE,
                related_name="embeddings",
                to="knowledge.chunk",
            ),
        ),
        migrations.RunSQL(STATE, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, NO_TRIGGER),
    ]
