"""What is computed of passages before they are written: vectors, sentences, counts of terms."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from learningaier.ai.embedders import Vectors
from learningaier.ai.providers import get_embedder, get_sentence_embedder
from learningaier.knowledge.index.backend import get_vector_index
from learningaier.knowledge.index.source import SourceText, compose_passage
from learningaier.knowledge.models import Embedding
from learningaier.knowledge.text.chunking import ChunkSpan
from learningaier.knowledge.text.features import split_body


@dataclass(frozen=True)
class Made:
    """What is computed of a passage: its vector, its packed sentences, its terms' numbers."""

    vector: Vectors
    packed_sentences: bytes
    counts: Counter[str]


def make_passages(
    text: SourceText, passages: Sequence[ChunkSpan], known: Mapping[str, Vectors]
) -> Iterator[Made]:
    """Compute what these passages need. `known`: vectors of searched texts, which stay as they are.

    Raises: EmbedderError.
    """
    indexed = [compose_passage(text, passage) for passage in passages]
    splits = [
        split_body(text.text[passage.body_start : passage.end], passage.lead, passage.gaps)
        for passage in passages
    ]
    sentences = get_sentence_embedder().embed([one for split in splits for one in split.texts])
    at = 0
    for searched, vector, split in zip(indexed, _embed(indexed, known), splits, strict=True):
        found = split.find_terms(text.language)
        analysis = split.analyse(found, sentences[at : at + len(split.segments)])
        at += len(split.segments)
        yield Made(vector, analysis.pack(), split.count_terms(found, searched, text.language))


def read_vectors(material_id: UUID) -> dict[str, Vectors]:
    """The stored vectors of a material's passages by what they were made of."""
    key = get_vector_index().key(get_embedder().name)
    stored = Embedding.objects.filter(chunk__material_id=material_id, embedder=key)
    rows = stored.exclude(vector=None).select_related("chunk__material")
    return {row.chunk.searched: np.asarray(row.vector, np.float32) for row in rows}


def _embed(indexed: Sequence[str], known: Mapping[str, Vectors]) -> list[Vectors]:
    missing = [searched for searched in indexed if searched not in known]
    fresh = iter(get_embedder().embed(missing)) if missing else iter(())
    return [known[searched] if searched in known else next(fresh) for searched in indexed]
