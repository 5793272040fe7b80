"""Documents in the index."""

from collections.abc import Callable

from documents.models import Document, DocumentText
from learningaier.knowledge.index.source import SourceText
from learningaier.knowledge.index.writer import Indexed, forget_answers, index_text
from learningaier.knowledge.models import Material
from learningaier.knowledge.text.chunking import Page


def index_document(
    *, document: Document, on_progress: Callable[[float], None] = lambda _: None
) -> Indexed:
    """Bring the index up to a document's text, title and note.

    `on_progress` hears the share of the text that is embedded, 0 to 1.
    Raises: EmbedderError.
    """
    stored = DocumentText.objects.get(document_id=document.pk)
    attached = Material.objects.filter(pk=document.pk).values_list("note_id", flat=True).first()
    indexed = index_text(
        SourceText(
            id=document.pk,
            owner_id=document.owner_id,
            kind=Material.Kind.DOCUMENT,
            title=document.title,
            text=stored.text,
            note_id=document.note_id,
            pages=[Page(number, start, end) for number, start, end in stored.pages if number],
        ),
        on_progress=on_progress,
    )
    if attached is not None and attached != document.note_id:
        # Answers over the note that it was attached to must not cite it any more.
        forget_answers(document.owner_id, attached)
    return indexed


def index_again(*, document: Document) -> None:
    """Bring the index up to a ready document whose title or note has changed.

    A document that is changed meanwhile stays due, as its newer title is not indexed by this.
    """
    index_document(document=document)
    seen = Document.objects.filter(pk=document.pk, updated_at=document.updated_at)
    seen.update(is_index_due=False)


def reanalyse_document(material: Material) -> None:
    """Index a ready document as it is stored; once more if it is changed meanwhile."""
    ready = Document.objects.filter(pk=material.pk, status=Document.Status.READY)
    while (document := ready.first()) is not None:
        index_document(document=document)
        if not ready.exclude(updated_at=document.updated_at).exists():
            return
