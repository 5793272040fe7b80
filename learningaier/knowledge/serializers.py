"""The shapes of questions, answers and sources in the API."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from learningaier.accounts.models import User
from learningaier.api.serializers import StrictSerializer
from learningaier.core.errors import NotFound
from learningaier.knowledge.answering.drafts import ANSWERED, NOT_FOUND
from learningaier.knowledge.models import Material
from learningaier.knowledge.names import find_named, list_named
from learningaier.knowledge.retrieval.scope import Scope

MAX_QUESTION = 1000  # characters
MAX_FOLDER = 100  # characters; a longer path is named by its id
ANSWER_STATUSES = [ANSWERED, NOT_FOUND]
MAX_SOURCES, DEFAULT_SOURCES = 20, 5


class SpansField(serializers.ListField):
    """A list of spans, each a pair of places."""

    child = serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)


class SourceSerializer(StrictSerializer[Any]):
    """A passage that an answer stands on; `quote` is there word for word, at `start` to `end`."""

    chunk_id = serializers.UUIDField()
    note_id = serializers.UUIDField(allow_null=True)
    document_id = serializers.UUIDField(allow_null=True)
    doc_id = serializers.UUIDField(allow_null=True)
    position = serializers.IntegerField()
    page = serializers.IntegerField(allow_null=True)
    page_end = serializers.IntegerField(
        allow_null=True, help_text="The page on which the quote ends; often the same as `page`."
    )
    start = serializers.IntegerField(
        help_text="Where the quote begins in the note or document, in Unicode code points."
    )
    end = serializers.IntegerField(
        help_text="Where the quote ends in the note or document, in Unicode code points."
    )
    start_utf16 = serializers.IntegerField(help_text="`start` in UTF-16 units, as JavaScript has.")
    end_utf16 = serializers.IntegerField(help_text="`end` in UTF-16 units, as JavaScript has.")
    translation = serializers.CharField(
        allow_null=True,
        help_text="The language of the note's translation that is quoted; null: its own text.",
    )
    version = serializers.IntegerField(
        allow_null=True, help_text="The version of the note that is quoted; null of a document."
    )
    version_link = serializers.CharField(
        allow_null=True, help_text="Where that version can be read for as long as it is kept."
    )
    score = serializers.FloatField()
    preview = serializers.CharField()
    quote = serializers.CharField()
    title = serializers.CharField()


class CitationSerializer(SourceSerializer):
    """A source of an answer; `supports` are the spans of the answer that stand on it."""

    supports = SpansField(
        help_text="Spans of the answer that stand on this source, in code points: `[start, end]`."
    )
    supports_utf16 = SpansField(help_text="The same spans in UTF-16 units, as JavaScript has.")


class HitSerializer(SourceSerializer):
    """A search result; `highlights` are the spans of `preview` that match, in code points."""

    highlights = SpansField(
        help_text="Spans of `preview` that match, in Unicode code points: `[start, end]`."
    )
    highlights_utf16 = SpansField(help_text="The same spans in UTF-16 units, as JavaScript has.")


class MaterialIdField(serializers.UUIDField):
    """The id of a note or a document, or what another program calls it."""

    def __init__(self, kind: str, **options: Any) -> None:
        self.kind = kind
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> UUID:
        """The id. Raises: ValidationError (400) for a text that is neither."""
        owner = self.context["request"].user
        found = list_named(self.kind, owner, data) if isinstance(data, str) else None
        return found[0] if found else super().to_internal_value(data)


class ScopeSerializer(StrictSerializer[Any]):
    """The part of the library that is meant: all that is given has to hold, of lists any item."""

    note_id = MaterialIdField("note", required=False, allow_null=True)
    document_id = MaterialIdField("document", required=False, allow_null=True)
    folder = serializers.CharField(
        max_length=MAX_FOLDER,
        required=False,
        allow_null=True,
        help_text="A folder's id, name or path; what lies below it is meant too.",
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=50), max_length=50, required=False
    )

    def make_scope(self, owner: User) -> Scope:
        """The scope, of the caller's own things. Raises: NotFound (404) for anyone else's."""
        asked: dict[str, Any] = self.validated_data
        note_id, document_id = asked.get("note_id"), asked.get("document_id")
        folder = asked.get("folder")
        materials = Material.objects.owned_by(owner)
        for pk, kind in [(note_id, Material.Kind.NOTE), (document_id, Material.Kind.DOCUMENT)]:
            if pk is not None and not materials.filter(pk=pk, kind=kind).exists():
                words = f"There is no such {kind.value}, or it is not ready yet."
                raise NotFound(words, field=f"{kind.value}_id")
        return Scope(
            owner.pk,
            note_id,
            ids=(document_id,) if document_id else (),
            folders=find_named("folder", owner, folder, field="folder") if folder else None,
            tags=tuple(asked.get("tags", ())),
        )


class QuestionSerializer(ScopeSerializer):
    """A question to the library or to a part of it."""

    question = serializers.CharField(max_length=MAX_QUESTION)
    top_k = serializers.IntegerField(min_value=1, max_value=MAX_SOURCES, default=DEFAULT_SOURCES)


class AnswerSerializer(StrictSerializer[Any]):
    """An answer with its sources, or the word that the library does not hold one."""

    answer = serializers.CharField()
    sources = CitationSerializer(many=True)
    status = serializers.ChoiceField(choices=ANSWER_STATUSES)
    cached = serializers.BooleanField()
    degraded = serializers.BooleanField()
    model = serializers.CharField()


class SearchSerializer(ScopeSerializer):
    """What to search for; `tags` may be repeated."""

    q = serializers.CharField(max_length=MAX_QUESTION)
    limit = serializers.IntegerField(min_value=1, max_value=50, default=10)
