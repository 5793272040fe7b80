"""The shapes of conversations and messages in the API."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from chat.models import MAX_TITLE, Conversation, Message
from documents.models import Document
from learningaier.api.ids import ExternalIdField, find_own_id
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer
from learningaier.core.errors import NotFound
from learningaier.knowledge.names import find_named
from learningaier.knowledge.serializers import ANSWER_STATUSES, CitationSerializer
from learningaier.knowledge.text.offsets import spans_to_utf16
from notes.models import Note

MAX_MESSAGE = 5000  # characters
MAX_IDS = 100
ScopeType = Conversation.ScopeType


class ConversationScopeSerializer(StrictSerializer[Any]):
    """What a conversation is about.

    `ids` are ids of notes and documents, ids or names of folders, or tags.
    """

    type = serializers.ChoiceField(choices=ScopeType.choices, default=ScopeType.ALL)
    ids = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=MAX_IDS, default=list
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises: ValidationError; NotFound for a note or document that is not the caller's."""
        if attrs["type"] == ScopeType.ALL:
            return {**attrs, "ids": []}
        if not attrs["ids"]:
            raise serializers.ValidationError({"ids": ["Name at least one."]})
        if attrs["type"] == ScopeType.DOC:
            attrs["ids"] = self._find(attrs["ids"])
        if attrs["type"] == ScopeType.FOLDER:
            for name in attrs["ids"]:
                find_named("folder", self.context["request"].user, name, field="scope.ids")
        return attrs

    def _find(self, ids: list[str]) -> list[str]:
        user, field, found = self.context["request"].user, serializers.UUIDField(), {}
        for text in ids:
            own = [find_own_id(model, user, text) for model in (Note, Document)]
            found[next(filter(None, own), None) or field.run_validation(text)] = text
        wanted: set[UUID] = set(found)
        for model in (Note, Document):
            owned = model.objects.owned_by(user).filter(pk__in=wanted)
            wanted -= set(owned.values_list("pk", flat=True))
        if wanted:
            raise NotFound("There is no such note or document.", field="scope.ids")
        return [str(pk) for pk in found]


class StartSerializer(StrictSerializer[Any]):
    """What a new conversation is about, and its title."""

    scope = ConversationScopeSerializer(required=False)
    title = serializers.CharField(
        max_length=MAX_TITLE, required=False, allow_blank=True, allow_null=True
    )
    external_id = ExternalIdField()


class StartedSerializer(StrictSerializer[Any]):
    """The conversation that was started."""

    conversation_id = serializers.UUIDField()


class MessageTextSerializer(StrictSerializer[Any]):
    """A question of at most MAX_MESSAGE characters."""

    message = serializers.CharField(max_length=MAX_MESSAGE)


class WrittenSerializer(StrictSerializer[Any]):
    """An answer in a conversation."""

    answer = serializers.CharField()
    sources = CitationSerializer(many=True)
    status = serializers.ChoiceField(choices=ANSWER_STATUSES)
    degraded = serializers.BooleanField()
    model = serializers.CharField()
    message_id = serializers.UUIDField()


class KeptSourceSerializer(CitationSerializer):
    """A source as it was; `is_available`: its note or document is still there."""

    is_available = serializers.BooleanField()


class MessageSerializer(StrictModelSerializer[Message]):
    """A message; `status`: of an answer, writing, answered, not_found, interrupted or failed."""

    status = serializers.CharField(source="state", read_only=True)
    sources = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = ["id", "role", "content", "created_at", "sources", "status", "degraded", "model"]

    @extend_schema_field(KeptSourceSerializer(many=True))
    def get_sources(self, message: Message) -> list[dict[str, Any]]:
        """The stored sources; `present` in the context are the ids of what is still there."""
        present: set[str] = self.context["present"]
        return [
            {
                **complete_source(source, message.content),
                "is_available": (source["document_id"] or source["note_id"]) in present,
            }
            for source in message.sources
        ]


def complete_source(source: dict[str, Any], answer: str) -> dict[str, Any]:
    """A stored source with the fields that earlier versions did not keep.

    The text may have changed since, so its places in UTF-16 units are those in code points.
    """
    return {
        "page_end": source["page"],
        "start_utf16": source["start"],
        "end_utf16": source["end"],
        "supports_utf16": spans_to_utf16(answer, source["supports"]),
        "translation": None,
        "version": None,
        "version_link": None,
        **source,
    }


class ConversationSerializer(StrictModelSerializer[Conversation]):
    """A conversation in the list."""

    title = serializers.CharField(source="shown_title", read_only=True)
    scope = serializers.SerializerMethodField()
    message_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Conversation
        fields = [
            "id",
            "title",
            "scope",
            "created_at",
            "updated_at",
            "message_count",
            "external_id",
        ]

    @extend_schema_field(ConversationScopeSerializer)
    def get_scope(self, conversation: Conversation) -> dict[str, Any]:
        """As it was asked for."""
        return {"type": conversation.scope_type, "ids": conversation.scope_ids}


class HistorySerializer(ConversationSerializer):
    """A conversation with its messages, the oldest first."""

    messages = serializers.SerializerMethodField()

    class Meta(ConversationSerializer.Meta):
        fields = [*ConversationSerializer.Meta.fields, "messages"]

    @extend_schema_field(MessageSerializer(many=True))
    def get_messages(self, conversation: Conversation) -> Any:
        """Every message of the conversation, the oldest first."""
        messages = list(conversation.messages.all())
        for message in messages:
            message.conversation = conversation
        present = find_present(messages)
        return MessageSerializer(messages, many=True, context={"present": present}).data


def find_present(messages: list[Message]) -> set[str]:
    """The ids of the notes and documents among the messages' sources that are still there."""
    cited = [source for message in messages for source in message.sources]
    notes = {source["note_id"] for source in cited if not source["document_id"]}
    documents = {source["document_id"] for source in cited if source["document_id"]}
    found = [
        *Note.objects.filter(pk__in=notes).values_list("pk", flat=True),
        *Document.objects.filter(pk__in=documents).values_list("pk", flat=True),
    ]
    return {str(pk) for pk in found}
