"""Keeping chunks, postings and vectors equal to the texts, writing only what changed."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from learningaier.ai.providers import get_embedder
from learningaier.cache import keys
from learningaier.cache.invalidation import invalidate
from learningaier.core.errors import NotFound
from learningaier.knowledge.index.backend import get_vector_index
from learningaier.knowledge.index.jobs import enqueue_delivery
from learningaier.knowledge.index.passages import Made, make_passages, read_vectors
from learningaier.knowledge.index.source import SourceText, digest_passage
from learningaier.knowledge.models import Chunk, Material, VectorState
from learningaier.knowledge.text.chunking import ChunkSpan, split_chunks
from learningaier.knowledge.text.features import ANALYSIS_VERSION
from learningaier.knowledge.text.offsets import to_utf16

logger = logging.getLogger(__name__)

PLACE_FIELDS = ["position", "page", "page_end", "start", "body_start", "end", "start_utf16"]


class IndexingTimeout(Exception):
    """A text has so many passages that indexing it takes longer than it may."""


@dataclass(frozen=True)
class Indexed:
    """What an indexing did: chunks there now, and those written anew."""

    chunks: int
    written: int


@dataclass
class _Plan:
    """The passages of a text, matched with the chunks that are already there."""

    passages: list[ChunkSpan]
    digests: list[bytes]
    starts_utf16: list[int]
    kept: dict[int, int] = field(default_factory=dict)  # position: chunk id
    gone: list[int] = field(default_factory=list)
    is_outdated: bool = False

    @property
    def fresh(self) -> list[int]:
        return [position for position in range(len(self.passages)) if position not in self.kept]


def index_text(
    text: SourceText,
    *,
    is_forced: bool = False,
    on_progress: Callable[[float], None] = lambda _: None,
) -> Indexed:
    """Make the index equal to the text. Running it twice changes nothing.

    `is_forced` writes every chunk again, as is done to a text that an older version has analysed;
    its vectors stay, where the searched text does. `on_progress` hears the share of new chunks that
    are embedded, 0 to 1, and may raise to give up. Answers over this text are fresh from here on.
    Raises: EmbedderError; IndexingTimeout after INDEXING_TIMEOUT_SECONDS.
    """
    on_progress = _with_deadline(on_progress)
    made: dict[bytes, Made] = {}
    passages = split_chunks(text.text, text.pages)
    digests = [digest_passage(text, passage) for passage in passages]
    starts = to_utf16(text.text, [passage.start for passage in passages])
    while True:
        plan = _plan(text.id, passages, digests, starts, is_forced=is_forced)
        _make_missing(text, plan, made, on_progress)
        with transaction.atomic():
            material = _lock_material(text)
            plan = _plan(text.id, passages, digests, starts, is_forced=is_forced)
            if all(plan.digests[position] in made for position in plan.fresh):
                _write(text, material, plan, made)
                forget_answers(text.owner_id, text.note_id)
                break
    return Indexed(len(plan.passages), len(plan.fresh))


def _with_deadline(on_progress: Callable[[float], None]) -> Callable[[float], None]:
    """`on_progress`, which besides gives up an indexing that takes too long."""
    ends_at = time.monotonic() + settings.INDEXING_TIMEOUT_SECONDS

    def tell(share: float) -> None:
        if time.monotonic() > ends_at:
            raise IndexingTimeout
        on_progress(share)

    return tell


def register_text(text: SourceText) -> None:
    """Make a text known that is to be indexed later."""
    with transaction.atomic():
        _lock_material(text)


def remove_text(*, material_id: UUID) -> None:
    """Take a note or document out of the index; documents attached to the note stand alone then."""
    others = Material.objects.filter(note_id=material_id).exclude(pk=material_id)
    others.exclude(translation="").remove()
    others.update(note_id=None)
    material = Material.objects.filter(pk=material_id).first()
    if material is not None:
        Material.objects.filter(pk=material_id).remove()
        forget_answers(material.owner_id, material.note_id)


def forget_answers(owner_id: UUID, *note_ids: UUID | None) -> None:
    """Make the cached answers over these notes, and over the whole library, old.

    Now, lest a process that dies at its commit leave old answers; and at the commit, as whoever
    asks in between is answered from before.
    """
    changed = [keys.library_version(owner_id)]
    changed += [keys.library_version(owner_id, one) for one in note_ids if one is not None]
    invalidate(*changed)
    transaction.on_commit(lambda: invalidate(*changed))


def _plan(
    material_id: UUID,
    passages: list[ChunkSpan],
    digests: list[bytes],
    starts_utf16: list[int],
    *,
    is_forced: bool,
) -> _Plan:
    plan = _Plan(passages, digests, starts_utf16)
    known: dict[bytes, list[int]] = defaultdict(list)
    outdated = Material.objects.outdated().filter(pk=material_id)
    plan.is_outdated = outdated.exists()
    chunks = Chunk.objects.filter(material_id=material_id)
    for chunk_id, digest in chunks.values_list("id", "digest"):
        known[bytes(digest)].append(chunk_id)
    if not is_forced and not plan.is_outdated:
        for position, digest in enumerate(plan.digests):
            if known[digest]:
                plan.kept[position] = known[digest].pop()
    plan.gone = [chunk_id for ids in known.values() for chunk_id in ids]
    return plan


def _make_missing(
    text: SourceText,
    plan: _Plan,
    made: dict[bytes, Made],
    on_progress: Callable[[float], None],
) -> None:
    """Compute what the new chunks need, before any row is locked."""
    missing = [position for position in plan.fresh if plan.digests[position] not in made]
    known = read_vectors(text.id) if plan.is_outdated and missing else {}
    size = get_embedder().traits.batch
    for first in range(0, len(missing), size):
        on_progress(first / len(missing))
        batch = missing[first : first + size]
        passages = [plan.passages[position] for position in batch]
        digests = [plan.digests[position] for position in batch]
        made.update(zip(digests, make_passages(text, passages, known), strict=True))


def _lock_material(text: SourceText) -> Material:
    """One writer at a time for a material; the row is made first, so there is one to lock."""
    attributes = {
        "owner_id": text.owner_id,
        "kind": text.kind,
        "note_id": text.note_id,
        "title": text.title,
        "translation": text.translation,
        "version": text.version,
        "folder_ids": list(text.folder_ids),
        "tags": list(text.tags),
        "language": text.language,
    }
    defaults = {**attributes, "analysis_version": ANALYSIS_VERSION}
    Material.objects.get_or_create(pk=text.id, defaults=defaults)
    material = Material.objects.select_for_update().filter(pk=text.id).first()
    if material is None:
        raise NotFound("It was deleted meanwhile.")
    for name, value in attributes.items():
        setattr(material, name, value)
    material.save()
    return material


def _write(text: SourceText, material: Material, plan: _Plan, made: dict[bytes, Made]) -> None:
    Chunk.objects.filter(pk__in=plan.gone).delete()
    kept = [Chunk(pk=pk, **_span(plan, position)) for position, pk in plan.kept.items()]
    Chunk.objects.bulk_update(kept, PLACE_FIELDS, batch_size=1000)
    fresh = [_chunk(text, plan, position, made[plan.digests[position]]) for position in plan.fresh]
    Chunk.objects.bulk_create(fresh, batch_size=1000)
    _write_postings(fresh, made)
    vectors = {chunk.pk: made[bytes(chunk.digest)].vector for chunk in fresh}
    index, embedder = get_vector_index(), get_embedder()
    if vectors:
        VectorState.note_first(index.key(embedder.name), embedder.dimensions)
        index.add(text.owner_id, embedder.name, vectors)
        enqueue_delivery(text.owner_id)
    material.chunk_count = len(plan.passages)
    material.term_count = material.chunks.aggregate(total=Sum("term_count", default=0))["total"]
    material.analysis_version = ANALYSIS_VERSION
    material.save(update_fields=["chunk_count", "term_count", "analysis_version"])
    logger.info(
        "indexed",
        extra={"material": str(material.pk), "chunks": len(plan.passages), "written": len(fresh)},
    )


def _span(plan: _Plan, position: int) -> dict[str, Any]:
    """Where a passage stands, which may change while its text does not."""
    passage = plan.passages[position]
    return {
        "position": position,
        "page": passage.page,
        "page_end": passage.page_end,
        "start": passage.start,
        "body_start": passage.body_start,
        "end": passage.end,
        "start_utf16": plan.starts_utf16[position],
    }


def _chunk(text: SourceText, plan: _Plan, position: int, made: Made) -> Chunk:
    passage = plan.passages[position]
    return Chunk(
        material_id=text.id,
        owner_id=text.owner_id,
        term_count=made.counts.total(),
        headings=list(passage.headings),
        lead=passage.lead,
        gaps=list(passage.gaps),
        text=text.text[passage.start : passage.end],
        packed_sentences=made.packed_sentences,
        digest=plan.digests[position],
        **_span(plan, position),
    )


def _write_postings(chunks: Sequence[Chunk], made: dict[bytes, Made]) -> None:
    """COPY, which takes a tenth of the time of INSERT for the 100 to 150 postings of a chunk."""
    columns = "owner_id, term, chunk_id, tf, length"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY knowledge_posting ({columns}) FROM STDIN") as copy,
    ):
        for chunk in chunks:
            for term, tf in made[bytes(chunk.digest)].counts.items():
                copy.write_row((chunk.owner_id, term, chunk.pk, tf, chunk.term_count))
