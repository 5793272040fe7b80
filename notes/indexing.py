"""Notes in the index: their own text, and each translation beside it."""

import uuid
from uuid import UUID

from learningaier.knowledge.index.source import SourceText
from learningaier.knowledge.index.writer import Indexed, forget_answers, index_text
from learningaier.knowledge.models import Material
from notes.models import Note


def describe_texts(note: Note) -> list[SourceText]:
    """The note's texts as the index wants them, its own first."""
    folder_ids = [one.pk for one in note.in_folder.lineage()] if note.in_folder else []
    texts = {"": note.content, **note.translations}
    return [
        SourceText(
            id=_material_id(note.pk, language),
            owner_id=note.owner_id,
            kind=Material.Kind.NOTE,
            title=note.title,
            text=text,
            note_id=note.pk,
            translation=language,
            version=note.version or None,
            folder_ids=folder_ids,
            tags=note.tags,
        )
        for language, text in texts.items()
    ]


def _material_id(note_id: UUID, language: str) -> UUID:
    return uuid.uuid5(note_id, language) if language else note_id


def index_note(*, note: Note, is_forced: bool = False) -> Indexed:
    """Bring the index up to the note as it is stored now.

    A note that is changed meanwhile stays pending, as its newer text is not indexed by this.
    """
    texts = describe_texts(note)
    indexed = [index_text(text, is_forced=is_forced) for text in texts]
    _remove_translations(note, [text.id for text in texts])
    seen = Note.objects.filter(pk=note.pk, updated_at=note.updated_at)
    seen.update(index_status=Note.IndexStatus.INDEXED, index_error_code="")
    note.refresh_from_db(fields=["index_status", "index_error_code"])
    return Indexed(sum(one.chunks for one in indexed), sum(one.written for one in indexed))


def _remove_translations(note: Note, kept: list[UUID]) -> None:
    """Take translations out of the index that the note has no more."""
    known = Material.objects.filter(note_id=note.pk).exclude(translation="").exclude(pk__in=kept)
    if known.remove():
        forget_answers(note.owner_id, note.pk)


def index_note_again(material: Material) -> None:
    """Index a material's note as it is stored; once more if it is changed meanwhile."""
    while (note := Note.objects.filter(pk=material.note_id).first()) is not None:
        seen_at = note.updated_at
        index_note(note=note)
        if not Note.objects.filter(pk=note.pk).exclude(updated_at=seen_at).exists():
            return
