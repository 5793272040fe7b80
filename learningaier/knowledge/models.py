"""What is known of a learner's texts: materials, their chunks, the postings and the vectors."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.functions import Now
from pgvector.django import HalfVectorField

from learningaier.core.ownership import OwnedQuerySet
from learningaier.knowledge.text.chunking import compose_searched
from learningaier.knowledge.text.features import ANALYSIS_VERSION


class MaterialQuerySet(OwnedQuerySet["Material"]):
    """Materials, narrowed to an owner's, and those that an older version has analysed."""

    def outdated(self) -> Self:
        """Materials whose chunks are not as this version would make them."""
        return self.filter(analysis_version__lt=ANALYSIS_VERSION)

    def remove(self) -> int:
        """Delete them with all that the index holds of them. Returns: how many rows went.

        Locked first, as a writer locks them: 1. A lists the chunks to delete. 2. B adds a chunk.
        3. A deletes the material, which B's chunk still needs.
        """
        with transaction.atomic():
            ids = list(self.select_for_update().order_by("pk").values_list("pk", flat=True))
            return Material.objects.filter(pk__in=ids).delete()[0]


class ChunkQuerySet(OwnedQuerySet["Chunk"]):
    """Chunks, narrowed to an owner's."""


class Material(models.Model):
    """A text that answers may cite: a note, or the extracted text of a document.

    It has the id of the note or document that it stands for; a translation of a note has an id of
    its own. `note_id` is the note itself, or the note that a document is attached to, so that a
    question about a note reaches both. `translation`: the language of a translation, empty for the
    text itself. `version`: the number of the note's text. `folder_ids`: of the note's folder and
    those above it.
    `language`: whose rules stem its words, as Snowball names it. `chunk_count`, `term_count`: of
    all its chunks, for BM25. `analysis_version`: of the rules that its chunks were made by; 0 where
    those are older than the column.
    """

    class Kind(models.TextChoices):
        NOTE = "note"
        DOCUMENT = "document"

    id = models.UUIDField(primary_key=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    note_id = models.UUIDField(null=True, db_index=True)
    title = models.CharField(max_length=300)
    translation = models.CharField(max_length=16, blank=True, db_default="")
    version = models.PositiveIntegerField(null=True)
    folder_ids = ArrayField(models.UUIDField(), default=list, db_default=[], blank=True)
    tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    language = models.CharField(max_length=16, default="english")
    chunk_count = models.PositiveIntegerField(default=0)
    term_count = models.PositiveBigIntegerField(default=0)
    analysis_version = models.PositiveSmallIntegerField(default=0, db_default=0)
    indexed_at = models.DateTimeField(auto_now=True)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "kind"], name="material_owner_kind"),
            models.Index(fields=["analysis_version"], name="material_analysis_version"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Chunk(models.Model):
    """A passage of a material: `text` is the material's stored text from `start` to `end`.

    `start` and `end` count characters (Unicode code points) of the whole text, `body_start`
    is where the text after the opening headings begins. `term_count` counts its index terms.
    `headings` are the titles above the passage, the outermost first. `packed_sentences` is its
    packed `Analysis`.
    """

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="chunks")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    page = models.PositiveIntegerField(null=True)
    page_end = models.PositiveIntegerField(null=True)
    start = models.PositiveIntegerField()
    body_start = models.PositiveIntegerField(db_column="body")
    end = models.PositiveIntegerField()
    term_count = models.PositiveIntegerField(db_column="length")
    start_utf16 = models.PositiveIntegerField(null=True)
    headings = ArrayField(models.TextField(), default=list)
    lead = models.TextField(default="", db_default="", blank=True)
    gaps = ArrayField(models.PositiveIntegerField(), null=True, blank=True)
    text = models.TextField()
    packed_sentences = models.BinaryField(db_column="sentences")
    digest = models.BinaryField(max_length=16)

    objects = ChunkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["material", "position"], name="chunk_material_position")]

    def __str__(self) -> str:
        return f"chunk {self.pk}"

    @property
    def searched(self) -> str:
        """The text under its title and headings, as it is embedded."""
        body = self.text[self.body_start - self.start :]
        return compose_searched(self.material.title, self.headings, body)

    @property
    def public_id(self) -> uuid.UUID:
        """The id that the API shows: the same for the same passage of the same material."""
        return uuid.uuid5(self.material_id, bytes(self.digest).hex())


class Posting(models.Model):
    """A term's occurrences in a chunk: `tf` of them, in a chunk of `length` terms.

    The primary key leads with owner and term and carries the figures, so that BM25 reads the index
    alone.
    """

    pk = models.CompositePrimaryKey("owner", "term", "chunk")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    term = models.TextField()
    chunk = models.ForeignKey(Chunk, on_delete=models.CASCADE, related_name="+")
    tf = models.PositiveIntegerField()
    length = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.term} in chunk {self.chunk_id}"


class Embedding(models.Model):
    """A chunk's vector by one embedder; rows of several embedders may stand side by side.

    Apart from the chunk's text, so that a scan of an owner's vectors reads nothing else. Without a
    vector it is elsewhere (Pinecone); a trigger of the database notes when such a row goes.
    """

    chunk = models.ForeignKey(Chunk, on_delete=models.CASCADE, related_name="embeddings")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    embedder = models.CharField(max_length=200)
    vector = HalfVectorField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chunk", "embedder"], name="embedding_chunk_embedder")
        ]
        indexes = [models.Index(fields=["owner", "embedder"], name="embedding_owner_embedder")]

    def __str__(self) -> str:
        return f"{self.embedder} of chunk {self.chunk_id}"


class PendingVector(models.Model):
    """A vector on its way to Pinecone, or (without one) to be forgotten there.

    No foreign keys: it outlives its chunk and its owner.
    """

    owner_id = models.UUIDField(db_index=True)
    chunk_id = models.BigIntegerField()
    embedder = models.CharField(max_length=200)
    vector = HalfVectorField(null=True)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    def __str__(self) -> str:
        return f"{self.embedder} of chunk {self.chunk_id}"


class VectorState(models.Model):
    """The one row that says whose vectors are searched: written first, changed by `reindex`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    embedder = models.CharField(max_length=200)
    dimensions = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.embedder

    @staticmethod
    def note_first(embedder: str, dimensions: int) -> None:
        """Write the row, unless it is there."""
        row = VectorState(id=1, embedder=embedder, dimensions=dimensions)
        VectorState.objects.bulk_create([row], ignore_conflicts=True)
