import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgvector.django
import pgvector.django.halfvec
from django.conf import settings
from django.db import migrations, models

# Django can't give a primary key an INCLUDE list, so this one table is written in SQL. The key leads
# with owner and term and carries the figures: BM25 reads nothing else. The order of bytes suffices.
POSTINGS = """
CREATE TABLE knowledge_posting (
    owner_id uuid NOT NULL REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    term text COLLATE "C" NOT NULL,
    chunk_id bigint NOT NULL REFERENCES knowledge_chunk (id) DEFERRABLE INITIALLY DEFERRED,
    tf integer NOT NULL CHECK (tf > 0),
    length integer NOT NULL CHECK (length > 0),
    PRIMARY KEY (owner_id, term, chunk_id) INCLUDE (tf, length)
);
CREATE INDEX posting_chunk ON knowledge_posting (chunk_id);
"""
# Whatever deletes a chunk (a note, a document, an account, the admin), its vector in a remote index
# has to go too. Rows with a vector need nothing: it is in them.
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


class Migration(migrations.Migration):
    replaces = [
        ("knowledge", "0001_initial"),
        ("knowledge", "0002_sentences"),
        ("knowledge", "0003_vectors_elsewhere"),
        ("knowledge", "0004_language"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgvector.django.VectorExtension(),
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
        migrations.CreateModel(
            name="Material",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("note", "Note"), ("document", "Document")], max_length=8
                    ),
                ),
                ("note_id", models.UUIDField(db_index=True, null=True)),
                ("title", models.CharField(max_length=300)),
                ("folder", models.CharField(blank=True, max_length=100)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("language", models.CharField(default="english", max_length=16)),
                ("chunk_count", models.PositiveIntegerField(default=0)),
                ("term_count", models.PositiveBigIntegerField(default=0)),
                ("indexed_at", models.DateTimeField(auto_now=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Chunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("page", models.PositiveIntegerField(null=True)),
                ("start", models.PositiveIntegerField()),
                ("body_start", models.PositiveIntegerField(db_column="body")),
                ("end", models.PositiveIntegerField()),
                ("term_count", models.PositiveIntegerField(db_column="length")),
                (
                    "headings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("text", models.TextField()),
                ("packed_sentences", models.BinaryField(db_column="sentences")),
                ("digest", models.BinaryField(max_length=16)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "material",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="knowledge.material",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Posting",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "owner",
                                "term",
                                "chunk",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("term", models.TextField()),
                        ("tf", models.PositiveIntegerField()),
                        ("length", models.PositiveIntegerField()),
                        (
                            "chunk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="knowledge.chunk",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
            ],
            database_operations=[migrations.RunSQL(POSTINGS, "DROP TABLE knowledge_posting")],
        ),
        migrations.CreateModel(
            name="Embedding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("embedder", models.CharField(max_length=200)),
                ("vector", pgvector.django.halfvec.HalfVectorField(null=True)),
                (
                    "chunk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="embeddings",
                        to="knowledge.chunk",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "embedder"], name="embedding_owner_embedder")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("chunk", "embedder"), name="embedding_chunk_embedder"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="material",
            index=models.Index(fields=["owner", "kind"], name="material_owner_kind"),
        ),
        migrations.AddIndex(
            model_name="chunk",
            index=models.Index(fields=["material", "position"], name="chunk_material_position"),
        ),
        migrations.RunSQL(TRIGGER, NO_TRIGGER),
    ]
